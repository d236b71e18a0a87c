"""Check that a wheel holds the files of this checkout, byte for byte, and nothing else: `check_wheel.py dist/*.whl`.

The whole suite runs from the checkout, and only a part of it from the wheel: equal files pass it, too.
"""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

PLACES = {"emoji_mock/": "emoji_mock/", "pytest_plugin/": "", "fixtures/": "emoji_mock/fixtures/"}
"""For each folder of the checkout, where the wheel has its files."""
FOR_TESTS = "fixtures/recordings"


def in_checkout() -> dict[str, bytes]:
    """Return the files that git knows, by their names in a wheel."""
    wanted = ["git", "ls-files", *PLACES, f":!{FOR_TESTS}"]
    names = subprocess.run(wanted, check=True, capture_output=True, text=True).stdout.splitlines()
    folders = {name: name.partition("/")[0] + "/" for name in names}
    return {PLACES[folders[name]] + name.removeprefix(folders[name]): Path(name).read_bytes() for name in names}


def in_wheel(path: str) -> dict[str, bytes]:
    """Return the files of a wheel, without its metadata."""
    with ZipFile(path) as wheel:
        names = [name for name in wheel.namelist() if ".dist-info/" not in name and not name.endswith("/")]
        return {name: wheel.read(name) for name in names}


def main() -> None:
    """Exit with status 1 and the names that differ, or print how many files are equal."""
    ours, theirs = in_checkout(), in_wheel(sys.argv[1])
    different = [name for name in sorted(ours.keys() | theirs.keys()) if ours.get(name) != theirs.get(name)]
    if different:
        sys.exit(f"missing, different or not of the checkout: {', '.join(different)}")
    print(f"the wheel holds the {len(ours)} files of the checkout")


if __name__ == "__main__":
    main()
