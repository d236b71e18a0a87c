"""List every text that a user of emoji-mock can meet: errors, warnings, verdicts, help texts.

    python .ci/list_messages.py [--sorted] [FOLDER ...]

A text is a string of at least two words in the code that is no docstring. It is listed with what is done with it:
the exception that is raised, the function that is called, the name that is assigned or the function that returns it.
The vendor's own messages in `emoji_mock/contract/` are not listed: they are copied byte for byte.
"""

from __future__ import annotations

import argparse
import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
_FOLDERS = ("emoji_mock", "pytest_plugin")
_VENDOR = ROOT / "emoji_mock/contract"
_WORDS = re.compile(r"[A-Za-z`'{}.,:;]{2,}.*\s+\S*[A-Za-z]{2,}", re.DOTALL)


class Text(NamedTuple):
    """A text, its place, and what is done with it; `{…}` stands for a value that is filled in."""

    path: Path
    line: int
    use: str
    text: str


def texts(folders: tuple[str, ...] = _FOLDERS) -> Iterator[Text]:
    """Yield the texts of the modules in `folders`."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not path.is_relative_to(_VENDOR):
                yield from _texts_of(path)


def _texts_of(path: Path) -> Iterator[Text]:
    tree = ast.parse(path.read_text("utf-8"))
    pending: list[tuple[ast.AST, str]] = [(tree, "")]
    while pending:
        node, use = pending.pop(0)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if (text := _text(node)) is not None:
            if _WORDS.search(text):
                yield Text(path.relative_to(ROOT), getattr(node, "lineno", 0), use, text)
            continue
        pending[:0] = [(child, _use(node) or use) for child in ast.iter_child_nodes(node)]


def _text(node: ast.AST) -> str | None:
    """Return the text of a string or an f-string."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or f"{{{ast.unparse(part.value)}}}" for part in node.values if _shown(part))
    return None


def _shown(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant | ast.FormattedValue)


def _use(node: ast.AST) -> str:
    match node:
        case ast.Raise(exc=ast.Call(func=raised)):
            return f"raise {ast.unparse(raised)}"
        case ast.Call(func=function) if not isinstance(function, ast.Call):
            return f"{ast.unparse(function)}()"
        case ast.Assign(targets=[target, *_]) | ast.AnnAssign(target=target):
            return f"{ast.unparse(target)} ="
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return f"in {name}"
    return ""


def main() -> None:
    """Print the texts in the order of the files, or sorted, so that texts of one kind stand together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sorted", action="store_true", help="sort by text")
    parser.add_argument("folders", nargs="*", default=_FOLDERS, metavar="FOLDER")
    chosen = parser.parse_args()
    found = list(texts(tuple(chosen.folders)))
    for one in sorted(found, key=lambda text: text.text.lower()) if chosen.sorted else found:
        print(f"{one.path}:{one.line}: {one.use}: {one.text!r}")
    print(f"{len(found)} texts")


if __name__ == "__main__":
    main()
