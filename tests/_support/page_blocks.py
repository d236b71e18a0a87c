"""The blocks of code on a page, and what the comments before them say."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
_TOP = (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
PAGES = [page for page in (*_TOP, *sorted((ROOT / "docs").rglob("*.md"))) if page.exists()]

COMMANDS = ("console", "sh")
"""Languages of commands that are run."""
DOCUMENTS = ("http", "json", "toml", "yaml")
"""Languages of documents that are checked by their kind."""
SOURCES = ("css", "dockerfile", "go", "html", "ini", "java", "javascript", "make", "typescript", "xml")
"""Languages of files that commands of the page use; so they need a title."""
TEXT = "text"
"""What is no code: a drawing, an output that stands alone."""

KINDS = ("jar", "module", "npm", "program")
"""What a page may need."""

_COMMENT = re.compile(r"<!--\s*(.*?)\s*-->\s*\Z", re.DOTALL)
_TITLE = re.compile(r'title="([^"]*)"')
_MARKDOWN = MarkdownIt("commonmark").enable("table")


class PageError(Exception):
    """A mistake on a page, with the line where it is."""

    def __init__(self, line, problem):
        super().__init__(problem)
        self.line, self.problem = line, problem


class Block(NamedTuple):
    """A fenced block: the line of its fence, its language, its title, its text, and what the comment before it says."""

    line: int
    language: str
    title: str
    text: str
    background: bool = False
    status: int = 0
    not_run: str = ""

    @property
    def use(self):
        """Return what is done with it: `run`, `checked`, `written` (to a file), `shown` (as text) or `not run`."""
        if self.not_run:
            return "not run"
        if self.language in (*COMMANDS, "python") and not self.title:
            return "run"
        if self.title:
            return "written"
        return "shown" if self.language == TEXT else "checked"


def _read_comment(comment, line):
    """Return what a comment before a block says, as fields of `Block`."""
    name, _, value = (part.strip() for part in comment.partition(":"))
    match name:
        case "background":
            return {"background": True}
        case "exit status":
            if not value.isdecimal():
                raise PageError(line, f"`exit status: {value}` is no number")
            return {"status": int(value)}
        case "not run":
            if not value:
                raise PageError(line, "`not run` needs a reason: <!-- not run: REASON -->")
            return {"not_run": value}
    raise PageError(line, f"unknown comment `{name}`; choose from background, exit status: N, not run: REASON")


def _check(block):
    """Raise a `PageError` if there is no rule for a block."""
    place = f"a block of {block.language}"
    if block.not_run:
        return
    if block.use == "run" and not re.search(r"^\s*[^#\s]", block.text, re.MULTILINE):
        raise PageError(block.line, f"{place} in which nothing runs")
    if not block.language:
        raise PageError(block.line, "a block without a language; `text` is for what is no code")
    if block.language == TEXT and re.search(r"^\$ |^\s*(emoji-mock|pip|pytest) ", block.text, re.MULTILINE):
        raise PageError(block.line, "a block of text with a command; `console` and `sh` are for commands")
    if Path(block.title).is_absolute() or ".." in Path(block.title).parts:
        raise PageError(block.line, f"the title `{block.title}` is outside the page's folder")
    if block.language == "console" and "\n$ " in block.text and not block.text.startswith("$ "):
        raise PageError(block.line, "an output before the first command: a line that begins with `$ `")
    if block.title and block.language == "console":
        raise PageError(block.line, "a session with a title; files of commands are `sh`")
    if block.language in SOURCES and not block.title:
        raise PageError(block.line, f'{place} without title="NAME", so no command can use it')
    if not block.title and block.language not in (*COMMANDS, *DOCUMENTS, "python", TEXT):
        raise PageError(block.line, f"{place}, for which there is no rule; give it a title, or say <!-- not run: … -->")


def _read_fence(token, comments):
    line = token.map[0] + 1
    language, _, rest = token.info.strip().partition(" ")
    title = _TITLE.search(rest)
    if rest and not title:
        raise PageError(line, f'`{rest}` is not title="NAME"')
    if title and not title[1]:
        raise PageError(line, "an empty title")
    comment = comments.get(token.map[0])
    fields = {} if comment is None else _read_comment(comment, line)
    block = Block(line, language, title[1] if title else "", token.content, **fields)
    _check(block)
    return block


def read_blocks(text):
    """Return the blocks of a page in their order; a mistake is a `PageError`."""
    tokens = _MARKDOWN.parse(text)
    found = [(token.map[1], _COMMENT.search(token.content)) for token in tokens if token.type == "html_block"]
    comments = {end: comment[1] for end, comment in found if comment}
    fences = {token.map[0] for token in tokens if token.type == "fence"}
    for end, comment in comments.items():
        if end not in fences and re.match(r"(background|exit status|not run)\b", comment):
            raise PageError(end, f"no block begins on the line after the comment `{comment}`")
    for token in tokens:
        if token.type == "html_block" and re.search(r"^ *(```|~~~)", token.content, re.MULTILINE):
            raise PageError(token.map[0] + 1, "a block within HTML; put a blank line between them, or take it out")
        if token.type == "code_block":
            raise PageError(token.map[0] + 1, "an indented block of code; put it between ``` and a language")
    return [_read_fence(token, comments) for token in tokens if token.type == "fence"]


def read_needs(text):
    """Return what a page needs, by the comment `<!-- needs: KIND:NAME … -->`; an unknown kind is a `PageError`."""
    needs = [need for found in re.findall(r"^<!--\s*needs:(.*?)-->", text, re.MULTILINE) for need in found.split()]
    for need in needs:
        if need.partition(":")[0] not in KINDS:
            line = text[: text.index(need)].count("\n") + 1
            raise PageError(line, f"the need `{need}` has no known kind; choose from {', '.join(KINDS)}")
    return needs


def name_of(page):
    """Return the path of a page in the repository."""
    return page.relative_to(ROOT).as_posix()


def blocks_of_pages():
    """Yield each block of every page, after the path of its page."""
    for page in PAGES:
        for block in read_blocks(page.read_text("utf-8")):
            yield name_of(page), block


def count_blocks():
    """Return how many blocks of all pages there are of each language and use."""
    return Counter((block.language, block.use) for _, block in blocks_of_pages())
