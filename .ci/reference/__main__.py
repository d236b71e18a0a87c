"""Write the pages of docs/reference that are generated from the code, or with `--check` compare them with it.

`python .ci/reference` writes them; `tests/reference/test_generated.py` checks that they are current.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import catalogue
import command
import control
import faults
import findings
import limits
import models
import plugin
import rules
import scenarios
import schemas
import settings
from layout import NOTICE

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
SECTIONS = (catalogue, command, control, faults, findings, limits, models, plugin, rules, scenarios, schemas, settings)
"""The modules whose `pages()` returns texts by their paths in the folder."""
_SHOWN = 12


def generated() -> dict[Path, str]:
    """Return the text of every generated file."""
    return {FOLDER / path: text for section in SECTIONS for path, text in section.pages().items()}


def stale(wanted: dict[Path, str]) -> Iterator[Path]:
    """Yield the generated files in the folder that nothing generates any more."""
    for path in sorted(FOLDER.rglob("*.*")):
        is_ours = path.parent.name == "schemas" or (path.suffix == ".md" and path.read_text("utf-8").startswith(NOTICE))
        if is_ours and path not in wanted:
            yield path


def _difference(path: Path, text: str) -> str:
    """Return what a file lacks, in a few lines, or "" if it is current."""
    there = path.read_text("utf-8") if path.exists() else ""
    if there == text:
        return ""
    lines = difflib.unified_diff(there.splitlines(), text.splitlines(), "as it is", "as generated", "", "", 0, "")
    return "\n".join([str(path.relative_to(FOLDER.parents[1])), *list(lines)[:_SHOWN]])


def main() -> int:
    """Run the command; the exit status is 1 if `--check` finds a page that is not current."""
    parser = argparse.ArgumentParser(prog="python .ci/reference", description="Write the generated pages.")
    parser.add_argument("--check", action="store_true", help="write nothing; list what is not current")
    check = parser.parse_args().check
    wanted = generated()
    differences = {path: found for path, text in wanted.items() if (found := _difference(path, text))}
    extra = list(stale(wanted))
    if check:
        for found in (*differences.values(), *(f"{path} is generated no more" for path in extra)):
            print(found)
        if differences or extra:
            print("The pages are not those of the code: run `python .ci/reference` and commit what it writes.")
        return 1 if differences or extra else 0
    for path in differences:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], "utf-8", newline="\n")
    for path in extra:
        path.unlink()
    print(f"{len(wanted)} files, {len(differences)} written, {len(extra)} removed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
