"""Print how many blocks of code the pages have, by language and by what the suite does with them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "_support"))

from page_blocks import PAGES, blocks_of_pages, count_blocks

USES = ("run", "written", "checked", "shown", "not run")


def main():
    """Print the table, and the reason of each block that is not run."""
    counts = count_blocks()
    print(f"{'language':12}" + "".join(f"{use:>9}" for use in USES))
    for language in sorted({language for language, _ in counts}):
        print(f"{language:12}" + "".join(f"{counts[language, use] or '':>9}" for use in USES))
    total = [sum(count for (_, each), count in counts.items() if each == use) for use in USES]
    print(f"{'all':12}" + "".join(f"{count:>9}" for count in total))
    print(f"{counts.total()} blocks on {len(PAGES)} pages; not run are:")
    for page, block in blocks_of_pages():
        if block.not_run:
            print(f"  {page}:{block.line}: {block.not_run}")


if __name__ == "__main__":
    main()
