"""Other spellings of a request that mean the same: differences that no server may react to."""

import json
from functools import lru_cache
from itertools import islice, permutations, product
from math import factorial
from typing import Any, TypeVar, cast

from hypothesis import strategies as st

from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT, HOME, MEDIA_TYPE, VIDEO_SYNTHESIS
from emoji_mock.contract.exchange import Headers, Request

_LONGEST = 100_000  # in bytes; a longer body is not changed

# Extra keys: some that the official SDK sends, and unknown ones. No name of the contract: it could correct a mistake.
_MORE_KEYS = ("resources", "task_group", "task", "function", "Model", "", "模型")
_MORE_VALUES: tuple[Any, ...] = (
    None, "face-detect", True, 0, -1.5e300, 2**64, "", 'é\n"图', [], {}, [[None]], {"model": {"input": "parameters"}},
)  # fmt: skip
_MORE_HEADERS = (("accept", "*/*"), ("user-agent", "curl/8.9"), ("accept-encoding", "gzip"), ("x-empty", ""))

# One choice for each part of the request, so that examples shrink quickly.
_UNCHANGED = st.booleans().map(lambda changed: not changed)
_NAMES = st.sampled_from((str.lower, str.title, str.upper))
_KINDS = st.sampled_from(
    (MEDIA_TYPE, f"{MEDIA_TYPE}; charset=utf-8", f"{MEDIA_TYPE};charset=UTF-8", MEDIA_TYPE.title())
)
_SCHEMES = st.sampled_from(("Bearer ", "bearer "))
_HEADERS = st.lists(st.sampled_from(_MORE_HEADERS), unique=True, max_size=2)
_KEYS = st.dictionaries(st.sampled_from(_MORE_KEYS), st.sampled_from(_MORE_VALUES), max_size=2)
_LAYOUTS = st.sampled_from(((None, (",", ":")), (None, (", ", ": ")), (2, (" ,", " : "))))
_ASCII = st.booleans()
# In JSON, a slash and an "m" occur only inside strings, and an "m" never follows an escaping backslash.
_SLASHES = st.sampled_from(("/", "\\/"))
_LETTERS = st.sampled_from(("m", "\\u006d"))
_SPACES = st.sampled_from(("", " ", "\r\n\t"))

T = TypeVar("T")


@st.composite
def respelled(draw: st.DrawFn, request: Request, *, absolute_form: bool = True) -> Request:
    """Draw other spellings of `request`: its target, the case and order of headers, JSON layout, ignored keys.

    `absolute_form` allows targets with scheme and host, which few HTTP clients can send.
    """
    method, target, headers, body = request
    if not draw(_UNCHANGED):
        target = draw(_targets(target, request.header("host"), absolute_form))
    if not draw(_UNCHANGED):
        headers = _headers(draw, headers)
    if body and not draw(_UNCHANGED):
        body = _body(draw, body)
    return Request(method, target, headers, body)


@lru_cache
def _targets(target: str, host: str, absolute_form: bool) -> st.SearchStrategy[str]:  # noqa: FBT001 - private
    origin = f"https://{host}" if host else HOME
    origins = ("", origin) if absolute_form else ("",)
    paths: tuple[str, ...] = (target,)
    path = target.removeprefix(API_PREFIX).removesuffix("/")
    if path in (FACE_DETECT, VIDEO_SYNTHESIS):
        paths = tuple(map("".join, product((API_PREFIX, ""), (path,), ("", "/"), ("", "?trace=1"))))
    return st.sampled_from(tuple(map("".join, product(origins, paths))))


def _headers(draw: st.DrawFn, headers: Headers) -> Headers:
    spell, kind, scheme = draw(_NAMES), draw(_KINDS), draw(_SCHEMES)
    spelled = [
        (spell(name), kind if value == MEDIA_TYPE else value.replace("Bearer ", scheme))
        for name, value in (*headers, *draw(_HEADERS))
    ]
    return tuple(_shuffled(draw, spelled))


def _body(draw: st.DrawFn, body: bytes) -> bytes:
    try:
        document = json.loads(body) if len(body) < _LONGEST else None
    except ValueError:
        return body
    if document is None:
        return body
    if isinstance(document, dict):
        document = _extended(draw, cast("dict[str, Any]", document))
    indent, separators = draw(_LAYOUTS)
    text = json.dumps(document, ensure_ascii=draw(_ASCII), indent=indent, separators=separators)
    text = text.replace("/", draw(_SLASHES)).replace("m", draw(_LETTERS))
    return f"{draw(_SPACES)}{text}{draw(_SPACES)}".encode()


def _extended(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    for name, value in document.items():
        if isinstance(value, dict):
            document[name] = cast("dict[str, Any]", value) | draw(_KEYS)
    return dict(_shuffled(draw, list((document | draw(_KEYS)).items())))


def _shuffled(draw: st.DrawFn, items: list[T]) -> tuple[T, ...]:
    # A single choice among at most 720; `st.permutations` makes one for each item.
    return next(islice(permutations(items), draw(_permutation_numbers(len(items))), None))


@lru_cache
def _permutation_numbers(length: int) -> st.SearchStrategy[int]:
    return st.integers(0, factorial(length) - 1)
