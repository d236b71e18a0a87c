"""Reduce the parts of a request to a form that is equal for every spelling of the same content."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NoReturn, cast
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from emoji_mock.fake.checks.image import decode_data_url
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.network.addresses import USUAL_PORTS

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_QUERY_FIELDS = 1000
"""A query of more fields is compared as it is written."""
_DIGITS = 1000
"""The longest number, in characters, that is compared by its value; a longer one is compared as it is written."""
_PICTURE_FIELDS = frozenset({"image_url"})
_OBJECT, _LIST, _NUMBER, _PICTURE = "object", "list", "number", "picture"


def canonical_media_type(value: str) -> str:
    """Return a media type in lower case without its parameters, which decide nothing here (RFC 9110, 8.3)."""
    return value.partition(";")[0].strip().lower()


def canonical_query(query: str) -> tuple[tuple[str, str], ...]:
    """Return the decoded fields of a query by name; those of one name keep their order, and empty ones are dropped."""
    try:
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=_QUERY_FIELDS)
    except ValueError:
        return ((query, ""),)
    return tuple(sorted(fields, key=lambda field: field[0]))


def canonical_json(body: bytes) -> Hashable:
    """Return the content of JSON, without regard to order, blanks, escapes and spelling of numbers. Raises ValueError.

    A RecursionError means that it is nested too deeply.
    """
    document = json.loads(body.decode(), parse_int=_number, parse_float=_number, parse_constant=_reject)
    return _frozen(document)


def differences(one: Hashable, other: Hashable, place: str = "") -> Iterator[str]:
    """Yield the places where two results of `canonical_json` differ, such as `input.image_url`."""
    if one == other:
        return
    ours, theirs = _fields(one), _fields(other)
    if ours is None or theirs is None:
        yield place or "the body"
        return
    for name in dict.fromkeys((*ours, *theirs)):
        inner = f"{place}.{name}" if place else name
        if name in ours and name in theirs:
            yield from differences(ours[name], theirs[name], inner)
        else:
            yield inner


def _fields(value: Hashable) -> dict[str, Hashable] | None:
    if isinstance(value, tuple) and value[0] == _OBJECT:
        return dict(cast("tuple[tuple[str, Hashable], ...]", value[1]))
    return None


def _frozen(value: Any, name: str = "") -> Hashable:  # noqa: ANN401 - any JSON
    """Return a hashable form of `value`, the field `name` of an object; each type is marked, as 1 equals True."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return _OBJECT, tuple([(name, _frozen(fields[name], name)) for name in sorted(fields)])
    if isinstance(value, list):
        return _LIST, tuple([_frozen(one) for one in cast("list[object]", value)])
    if isinstance(value, str) and name in _PICTURE_FIELDS:
        return _picture(value)
    return (_NUMBER, value) if isinstance(value, Decimal) else value


def _number(text: str) -> Decimal | tuple[str, str]:
    try:
        return Decimal(text) if len(text) <= _DIGITS else (_NUMBER, text)
    except InvalidOperation:  # an exponent beyond all bounds
        return _NUMBER, text


def _reject(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _picture(url: str) -> Hashable:
    """Return what names the same picture: the bytes of a `data:` URL, or a normal form of another (RFC 3986, 6.2)."""
    scheme = url.partition(":")[0].lower()
    if scheme == "data":
        try:
            return _PICTURE, blake2b(decode_data_url(url), digest_size=16).digest()
        except Refused:
            return url
    if scheme not in USUAL_PORTS:
        return url
    try:
        parts = urlsplit(url)
        port = "" if parts.port is None or str(parts.port) == USUAL_PORTS[scheme] else f":{parts.port}"
    except ValueError:
        return url
    user, at, _ = parts.netloc.rpartition("@")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    path, query = (_ESCAPE.sub(_normal_escape, part) for part in (parts.path or "/", parts.query))
    return urlunsplit((scheme, f"{user}{at}{host}{port}", path, query, ""))


def _normal_escape(escape: re.Match[str]) -> str:
    letter = chr(int(escape[1], 16))
    return letter if _UNRESERVED.fullmatch(letter) else escape[0].upper()
