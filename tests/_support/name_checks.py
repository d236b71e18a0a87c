"""Check the names in a piece of code on a page: what has the form of a name of ours must be one."""

import re
from difflib import get_close_matches
from functools import cache

import known_names as known

from emoji_mock._support import validation
from emoji_mock.contract.catalogue import UnknownCodeError, find_all

_ALIKE = 0.84
"""The share of two names that is equal from which on one is taken for the other, misspelt."""
_FEW = 16
"""So many names are all listed where none is near."""
_PLACEHOLDER = re.compile(r"[…{}<>*$]|^(?!EMOJI_)[A-Z_]+$|^\.\.\.$")
_FLAG = re.compile(r"(?<![\w-])--[a-z][\w-]*")
_PLUGIN_FLAG = re.compile(r"(?<![\w-])--(?:no-)?emoji-[a-z][\w-]*")
_IMPORT = re.compile(r"\bfrom (emoji_mock(?:\.\w+)*) import ([\w, ]+)")
_PATH = re.compile(r"(?<![\w./-])(?:emoji_mock|pytest_plugin|tests|fixtures|docs|\.ci|\.github)/[\w./-]*\w/?")
_ROUTE = re.compile(r"(?:\b(GET|HEAD|POST|PUT|PATCH|DELETE) )?[\w:/.{}$-]*?(/_mock/[a-z_]+(?:/[\w{}]+)*)")
_METRIC = re.compile(r"(?<![\w.])emoji_mock_[a-z_]+(?![\w.(])")
_OURS = re.compile(r"(?<![\w./-])_?emoji_[a-z_]+\b(?![./(]|_mock)")
_DOTTED = re.compile(r"(?<![\w./-])(?:pytest_)?emoji_mock(?:\.[A-Za-z_]\w*)+")
_EXTRA = re.compile(r"\bemoji-mock\[([\w,-]+)\]")
_COMMAND = re.compile(r"(?<![\w/.-])emoji-mock((?: +[a-z]+)*)([^|;&\n]*)")
_FAMILY = re.compile(rf"(?<![\w./])(?:{'|'.join(sorted(known.FAMILIES))})(?:\.[A-Z][A-Za-z]*)+(?![\w…*]|\.[…*])")
_VARIABLE = re.compile(r"\bEMOJI_MOCK_[A-Z_]+\b")
_MARK = re.compile(r"\bpytest\.mark\.emoji\(([^)]*)\)")
_WORD = re.compile(r"(?<![\w./:-])(?:--)?[A-Za-z][\w-]*(?:\.[\w-]+)*")
_LONG = 6
"""So many characters has a word that is compared with all names."""
_ROOTS = ("emoji_mock", "pytest_plugin", "fixtures")
_MEMBER = re.compile(r"\b(emoji_api|emoji_server|emoji_client|emoji_respx)\.([a-z]\w*)")


def _is_code(text):
    try:
        return bool(find_all(text))
    except UnknownCodeError:
        return False


def _is_explained(text):
    return _is_code(text) or text in {*known.MODELS, *known.FAULTS, *known.FINDINGS, "faults", "findings"}


_PLACES = (
    ("code", _is_code, known.CODES | known.ENDINGS, r"""\.(?:fails|errors)\(["']([^"']+)"""),
    ("code", _is_code, known.CODES | known.ENDINGS, r"""(?<![\w."])"?code"?\s*[=:]\s*["']([^"']+)"""),
    ("code", _is_code, known.CODES | known.ENDINGS, r"emoji-mock\.test/(?:failed|error)/([\w.-]+?)(?:\.(?:png|jpe?g|bmp|webp|wav|mp3|mp4|mov|avi))?(?![\w.-])"),
    ("code", _is_explained, known.CODES | known.ENDINGS, r"emoji-mock explain ([\w.-]+)"),
    ("code", _is_code, known.CODES | known.ENDINGS, r"(?<![\w/])(?:failed|error)/([A-Z][\w.-]*\w)"),
    ("model", known.MODELS.__contains__, known.MODELS, r"""(?<![\w."])"?model"?\s*[=:]\s*["'](?!my-)([^"']+)"""),
    ("fault", known.FAULTS.__contains__, known.FAULTS, r"""\.faults\(["']([^"']+)|--fault[ =]([\w-]+)|(?<![\w."])"?fault"?\s*[=:]\s*["']([^"']+)"""),
    ("endpoint", known.ENDPOINTS.__contains__, known.ENDPOINTS, r"""(?<![\w."])"?endpoint"?\s*[=:]\s*["']([^"']+)"""),
    ("finding", known.FINDINGS.__contains__, known.FINDINGS, r"--ignore[ =]([\w-]+)|ignore=[\[{(][\"']([\w-]+)"),
    ("scenario", known.SCENARIOS.__contains__, known.SCENARIOS, r"""(?:scenario ?= ?["']|--(?:emoji-)?scenario[ =]|emoji_scenario = )([a-z][\w-]*)(?![\w./-])"""),
)  # fmt: skip
"""A kind of name, whether a text is one, all names of the kind, and a pattern for the places where one is expected."""


def problems(text, pytest_names, *, is_span=True):
    """Return what is wrong with each name in a piece of code, as `_problems` finds it first."""
    found = {}
    for name, problem in _problems(text, pytest_names, is_span=is_span):
        found.setdefault(name, problem)
    return found.items()


def _problems(text, pytest_names, *, is_span):
    """Yield what is wrong with a piece of code: a name, what it is not, and the nearest right one.

    `pytest_names` are those of `known_names.pytest_names`; a span is a piece within a sentence, not a block.
    """
    flags, fixtures = pytest_names
    yield from _commands(text)
    yield from _paths(text)
    for method, path in _ROUTE.findall(text):
        yield from _route(method, path)
    yield from _missing("metric", _metrics_in(text, fixtures), known.metrics())
    yield from _missing("option of emoji-mock or pytest", _PLUGIN_FLAG.findall(text), known.flags() | flags)
    yield from _dotted(text)
    for module, given in _IMPORT.findall(text):
        yield from _dotted(" ".join(f"{module}.{one.split()[0]}" for one in given.split(",") if one.strip()))
    for given in _EXTRA.findall(text):
        yield from _missing("extra", given.split(","), known.EXTRAS)
    for given in _MARK.findall(text):
        yield from _missing("argument of the mark", re.findall(r"(\w+)\s*=", given), known.MARK)
    for fixture, name in _MEMBER.findall(text):
        yield from _missing(f"attribute of {fixture}", [name], known.members(fixture))
    yield from _missing("environment variable", _VARIABLE.findall(text), known.variables())
    yield from _expected(text)
    if is_span:
        yield from _bare(text, flags, fixtures)


def _dotted(text):
    for name in _DOTTED.findall(text):
        there = known.resolve(name)
        if there is not None:
            yield _unknown("Python name", name, there)


def _expected(text):
    """Yield the problems with names where only a name of one kind can be."""
    for name in _FAMILY.findall(text):
        if not _is_code(name):
            yield _unknown("code", name, known.CODES)
    for kind, is_one, names, pattern in _PLACES:
        for found in re.findall(pattern, text):
            name = found if isinstance(found, str) else "".join(found)
            if name and not _PLACEHOLDER.search(name) and not is_one(name):
                yield _unknown(kind, name, names)


def _missing(kind, given, names):
    for name in given:
        if name not in names and not _PLACEHOLDER.search(name):
            yield _unknown(kind, name, names)


def _unknown(kind, name, names):
    return name, f"`{name}` is no {kind} that there is{nearest(name, names)}"


def nearest(name, names):
    """Return the nearest of `names` in words, or ""."""
    if near := validation.nearest(name, names):
        return f"; the nearest: `{near[0]}`"
    return f"; choose from {', '.join(sorted(names))}" if len(names) <= _FEW else ""


def _commands(text):
    """Yield the problems with each `emoji-mock VERB --flag …`."""
    for match in _COMMAND.finditer(text):
        verb, given = (), match[1].split()
        while given and (*verb, given[0]) in known.verbs():
            verb = (*verb, given.pop(0))
        words = known.verbs()
        inner = [one[-1] for one in words if one[:-1] == verb and one]
        is_whole = text.lstrip("$ ").startswith("emoji-mock")
        if given and inner and (is_whole or get_close_matches(given[0], inner, n=1, cutoff=_ALIKE)):
            yield _unknown(
                "verb of `emoji-mock`", " ".join((*verb, given[0])), [" ".join((*verb, one)) for one in inner]
            )
        if verb or text.startswith("emoji-mock --"):
            own = re.split(r" -- |\s#|`", match[2], maxsplit=1)[0]
            name = " ".join(("emoji-mock", *verb))
            yield from _missing(f"option of `{name}`", _FLAG.findall(own), known.flags_of(verb))


def _paths(text):
    for path in _PATH.findall(text):
        if "://" not in text and not (known.HOME / path).exists() and not _PLACEHOLDER.search(text):
            yield _unknown("path of the repository", path, _files())


@cache
def _files():
    folders = ("emoji_mock", "pytest_plugin", "tests", "fixtures", "docs", ".ci", ".github")
    return [str(path.relative_to(known.HOME)) for folder in folders for path in (known.HOME / folder).rglob("*.*")]


def _route(method, path):
    path = path.rstrip("/")
    routes = known.routes()
    found = [one for one in routes if re.fullmatch(re.sub(r"\{\w+\}", r"[\\w.{}$-]+", one), path)]
    if not found:
        yield _unknown("route of the control API", path, routes)
    elif method and method != "HEAD" and not any(method in routes[one] for one in found):
        yield f"{method} {path}", f"`{path}` takes no {method}, but {', '.join(sorted(routes[found[0]]))}"


def _metrics_in(text, fixtures):
    return [name for name in _METRIC.findall(text) if name not in fixtures | known.words()]


def _bare(text, flags, fixtures):
    """Yield the problems with a span that are a flag, a name of the plugin's, or nearly a name."""
    if text.startswith("--"):
        yield from _missing("option of emoji-mock or pytest", _FLAG.findall(text), known.flags() | flags)
    names = fixtures | known.INI
    for name in _OURS.findall(text):
        if name not in names | known.words() and name not in known.metrics():
            yield _unknown("fixture, mark or ini key", name, names)
    names = known.public() | fixtures | set(_ROOTS)
    for word in _WORD.findall(text):
        yield from _near_miss(word, known.flags() | flags if word.startswith("--") else names)


def _near_miss(word, names):
    """Yield a word that is no name, and that nothing in the code is called, if it is nearly a name."""
    if len(word) >= _LONG and word not in names and word not in known.words():
        near = get_close_matches(word, names, n=1, cutoff=_ALIKE)
        if near:
            yield word, f"`{word}` is no name that there is; the nearest: `{near[0]}`"
