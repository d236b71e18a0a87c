"""Find known secrets in text and bytes, however they are encoded.

A secret is encoded in all ways that a server may echo it in (base64, hexadecimal and others, reversed), and the text is
decoded in those that mix with other text (escapes, line ends, separators, compression). What is found is compared.
"""

from __future__ import annotations

import re
import zlib
from base64 import b32encode, b64decode, b64encode
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

from emoji_mock._support.encodings.escapes import Replacement, TextView, lower_ascii, replace_all, unescape_ascii

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SHORTEST = 8
"""Shorter secrets would be found by chance."""
_SHORTEST_LOOSE = 12
"""The same without a secret's punctuation."""
_INFLATED = 1024 * 1024
"""How many bytes of compressed data are searched."""
_LAYERS = 4
"""How often data may be compressed."""
_LINE_ENDS = re.compile(r"=?[\r\n\0]+[ \t]*")
_SEPARATORS = re.compile(r"(?:0x|[^a-z0-9])+")
_NEAR_BASE64 = (re.compile(r"[A-Za-z0-9+/]{0,4}\Z"), re.compile(r"[A-Za-z0-9+/=]{0,4}"))
"""The characters around an encoded secret hold some of its bits."""
_COMPRESSED_TEXT = re.compile(r"(?:H4sI|eJ|eA|eN|QlpoO|/Td6WF)[A-Za-z0-9+/=]{16,}")
_STANDARD = str.maketrans("-_", "+/")


class SecretSearch:
    """Searches for secrets, each of which has a word to replace it."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = {secret: word for secret, word in words.items() if len(secret) >= _SHORTEST and secret.isascii()}
        self._plain: dict[str, str] = {}
        self._base64: dict[str, str] = {}
        self._loose: dict[str, str] = {}
        for secret, word in self._words.items():
            self._plain |= dict.fromkeys((secret.lower(), secret[::-1].lower()), word)
            self._base64 |= dict.fromkeys(_base64_parts(secret), word)
            self._loose |= dict.fromkeys(_loose_forms(secret), word)

    def hide(self, text: str) -> str:
        """Return `text` with every secret in it, in any encoding, replaced by its word."""
        return replace_all(text, self._find(text))

    def holds(self, text: str) -> bool:
        """Return whether `text` holds a secret in any encoding."""
        return next(self._find(text), None) is not None

    def inside(self, data: bytes) -> bool:
        """Return whether compressed `data` holds a secret."""
        return any(self.holds(inflated.decode("latin-1")) for inflated in _inflated(data))

    def _find(self, text: str) -> Iterator[Replacement]:
        if not self._words:
            return
        view = unescape_ascii(text)
        yield from self._find_in(view)
        joined = view.without(_LINE_ENDS)
        if joined is not view:
            yield from self._find_in(joined)
        loose = _lower(joined).without(_SEPARATORS)
        yield from _matches(loose, self._loose)
        for found in _COMPRESSED_TEXT.finditer(joined.text.translate(_STANDARD)):
            if self.inside(_decoded(found[0])):
                yield Replacement(*joined.span(*found.span()), next(iter(self._words.values())))

    def _find_in(self, view: TextView) -> Iterator[Replacement]:
        yield from _matches(_lower(view), self._plain)
        yield from _matches(view._replace(text=view.text.translate(_STANDARD)), self._base64, _extended)


def _matches(
    view: TextView, words: Mapping[str, str], extend: Callable[[str, int, int], tuple[int, int]] | None = None
) -> Iterator[Replacement]:
    """Yield the places in the original of each of `words` in `view`."""
    for needle, word in words.items():
        start = view.text.find(needle)
        while start >= 0:
            end = start + len(needle)
            yield Replacement(*view.span(*(extend(view.text, start, end) if extend else (start, end))), word)
            start = view.text.find(needle, end)


def _extended(text: str, start: int, end: int) -> tuple[int, int]:
    before, after = _NEAR_BASE64
    found, following = before.search(text, max(0, start - 4), start), after.match(text, end)
    return found.start() if found else start, following.end() if following else end


def _lower(view: TextView) -> TextView:
    return view._replace(text=lower_ascii(view.text))


def _base64_parts(secret: str) -> Iterator[str]:
    """Yield what stands in base64 of any text with `secret`, for the three places at which it may begin."""
    once = list(_aligned(secret.encode(), b64encode, 6, 3))
    forms = [secret, secret[::-1], secret.encode().hex(), secret.encode().hex().upper(), *once]
    encoded = [form.encode() for form in forms]
    encoded += [secret.encode("utf-16-le"), secret.encode("utf-16-be")]
    for data in encoded:
        yield from _aligned(data, b64encode, 6, 3)
    yield from (part[::-1] for part in once)


def _loose_forms(secret: str) -> Iterator[str]:
    """Yield `secret` in the forms that are found without punctuation, in lower case."""
    for text in (secret, secret[::-1]):
        if len(bare := _SEPARATORS.sub("", text.lower())) >= _SHORTEST_LOOSE:
            yield bare
        for data in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be"), b64encode(text.encode())):
            yield data.hex()
        yield from ("".join(f"{letter:{form}}" for letter in text.encode()) for form in ("d", "03d", "o", "03o", "08b"))
        yield from (part.lower() for part in _aligned(text.encode(), b32encode, 5, 5))
    yield secret.encode().hex()[::-1]


def _aligned(data: bytes, encode: Callable[[bytes], bytes], bits: int, places: int) -> Iterator[str]:
    """Yield the characters that depend on `data` alone, for each of `places` at which it may begin."""
    for before in range(places):
        encoded = encode(bytes(before) + data).decode()
        yield encoded[-(-8 * before // bits) : 8 * (before + len(data)) // bits]


def _decoded(text: str) -> bytes:
    bare = text.rstrip("=")
    try:
        return b64decode(bare[: len(bare) - (len(bare) % 4 == 1)] + "==")
    except ValueError:
        return b""


def _inflated(data: bytes) -> Iterator[bytes]:
    """Yield what `data` is when decompressed, once and again."""
    waiting = [data]
    for _ in range(_LAYERS):
        waiting = [inner for outer in waiting for inner in _decompressed(outer)]
        yield from waiting


def _decompressed(data: bytes) -> list[bytes]:
    """Return the beginnings of `data` in each compression that can read it."""
    decompressions, errors = _decompressions()
    found: list[bytes] = []
    for decompress in decompressions:
        with suppress(*errors):
            found.append(decompress(data))
    return [inflated for inflated in found if len(inflated) >= _SHORTEST]


@cache
def _decompressions() -> tuple[list[Callable[[bytes], bytes]], tuple[type[Exception], ...]]:
    """Return functions that decompress a beginning of data, and what they raise for other data."""
    functions: list[Callable[[bytes], bytes]] = [
        lambda data: zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(data, _INFLATED),  # gzip and zlib
        lambda data: zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, _INFLATED),
    ]
    errors: list[type[Exception]] = [zlib.error, OSError, ValueError, EOFError]
    with suppress(ImportError):  # Python can be built without it, and so without lzma
        import bz2  # noqa: PLC0415 - needed for compressed data only

        functions.append(lambda data: bz2.BZ2Decompressor().decompress(data, _INFLATED))
    with suppress(ImportError):
        import lzma  # noqa: PLC0415 - likewise

        functions.append(lambda data: lzma.LZMADecompressor(memlimit=64 * 1024 * 1024).decompress(data, _INFLATED))
        errors.append(lzma.LZMAError)
    return functions, tuple(errors)
