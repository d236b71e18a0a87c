"""The pieces of code in a page's sentences and in the texts of the code, each with its line."""

import ast
import re

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_SPAN = re.compile(r"`([^`\n]+)`")
_NOT_NAMES = re.compile(r"<!-- not names: (.*?) -->")


def spans_of_page(text):
    """Yield the line and the text of each piece of code within a sentence or a table."""
    lines = text.splitlines()
    for token in _MARKDOWN.parse(text):
        if token.type != "inline" or token.map is None:
            continue
        at = token.map[0]
        for child in token.children:
            if child.type == "code_inline":
                first = child.content.split("\n")[0].split()[:1]
                at = next((n for n in range(at, token.map[1]) if first and first[0] in lines[n]), at)
                yield at + 1, child.content.replace("\n", " ")


def names_of_others(text):
    """Return what a page says are no names of ours: `<!-- not names: this, that -->`."""
    return {name.strip() for found in _NOT_NAMES.findall(text) for name in found.split(",")}


def spans_of_code(text):
    """Yield the line and the text of each piece of code in the texts of a module: messages, help texts, descriptions."""
    tree = ast.parse(text)
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            whole = "".join(part.value if isinstance(part, ast.Constant) else "{…}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | docs:
            whole = node.value
        else:
            continue
        for span in _SPAN.findall(whole):
            yield node.lineno, span
        for path in re.findall(r"\bdocs/[\w/-]+\.md", whole):
            yield node.lineno, path
