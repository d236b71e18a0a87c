"""Recognise API keys in texts: those that look like a key, and those that were used before, of which none is kept.

Of a used key only Python's keyed hashes, its fingerprint, its length and its first two letters are kept.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from emoji_mock._support.encodings.escapes import Replacement, lower_ascii, replace_all, unescape_ascii
from emoji_mock._support.fork_safety import Locked
from emoji_mock.contract.endpoint import HOME, MEDIA_TYPE, MODELS, STORAGE_HOST
from emoji_mock.contract.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_KEY = re.compile(r"(?<![a-z0-9])sk-[a-z0-9._%-]{4,}")
_SHORTEST = 8
"""Shorter keys are not recognised: they may be anything. It is also the length of the beginnings that are hashed."""
_ANYWHERE = 12
"""Keys of this length are recognised inside of words, too."""
_KEYS = 4096
"""How many used keys are recognised; beyond that the older half is forgotten. Each takes some 300 bytes."""
_LENGTHS = 16
"""How many keys with the same beginning, and different lengths, are recognised: each is a hash to compute."""
_LETTERS = 64
"""How many beginnings of two letters are searched for; beyond that every place is tried."""
_CUT = "key:…"
"""What is shown of a key that is cut."""


def fingerprint(key: str) -> str:
    """Return what may be stored and shown of a key: the start of its SHA-256."""
    return f"key:{sha256(key.encode(errors='replace')).hexdigest()[:12]}"


class UsedKeys(Locked):
    """Replaces API keys in texts by their fingerprints, in any case of letters and through escapes.

    `on_forget` is called when keys are forgotten to make room: whoever remembers what was added must add it again.
    """

    def __init__(self, on_forget: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._on_forget = on_forget
        self.age = 0
        """How often the set of keys has changed."""
        self._fingerprints: dict[int, tuple[str, str, int]] = {}
        self._lengths: dict[int, tuple[int, ...]] = {}
        self._letters: set[str] = {"sk"}
        self._start: re.Pattern[str] | None = re.compile("sk")

    def add(self, key: str) -> None:
        """Recognise `key` from now on, unless it is too short or a word of the vendor's."""
        lower = lower_ascii(key)
        if len(lower) < _SHORTEST or lower in _VOCABULARY or self._knows(lower):
            return
        with self._lock:  # of two keys that are added at once both are indexed
            if len(self._fingerprints) >= _KEYS:
                self._forget()
            start = hash(lower[:_SHORTEST])
            self._fingerprints[hash(lower)] = (fingerprint(key), lower[:2], start)
            self._add_length(start, len(lower))
            self._index(lower[:2])
            self.age += 1

    def recognises(self, key: str) -> bool:
        """Return whether `hide` finds `key` wherever it stands in a text."""
        return len(key) >= _ANYWHERE and self._knows(lower_ascii(key))

    def _knows(self, lower: str) -> bool:
        return hash(lower) in self._fingerprints and len(lower) in self._lengths.get(hash(lower[:_SHORTEST]), ())

    def _add_length(self, start: int, length: int) -> None:
        others = [other for other in self._lengths.get(start, ()) if other != length]
        self._lengths[start] = (*others[-_LENGTHS + 1 :], length)  # the oldest gives way
        if len(others) >= _LENGTHS:
            self._on_forget()

    def may_hold_key(self, text: str) -> bool:
        """Return whether `text` may hold a key: a fast test that errs on the safe side."""
        if "%" in text or "\\" in text or ("&" in text and ";" in text):
            return True
        lower = text.lower()
        if self._start is not None:
            for letters in self._letters:
                if letters in lower:
                    break
            else:
                return False
        return next(self._find(text, is_cut=True), None) is not None

    def hide(self, text: str, *, is_cut: bool = False) -> str:
        """Return `text` with every key in it replaced by its fingerprint; a cut text may end in a part of one."""
        view = unescape_ascii(text)
        found = self._find(view.text, is_cut=is_cut)
        return replace_all(text, (Replacement(*view.span(start, end), word) for start, end, word in found))

    def _find(self, text: str, *, is_cut: bool) -> Iterator[Replacement]:
        lower = lower_ascii(text)
        yield from self._find_used(lower, is_cut=is_cut)
        for found in _KEY.finditer(lower):
            yield Replacement(found.start(), found.end(), fingerprint(text[found.start() : found.end()]))

    def _find_used(self, lower: str, *, is_cut: bool) -> Iterator[Replacement]:
        if not self._fingerprints:
            return
        starts = range(len(lower)) if self._start is None else (found.start() for found in self._start.finditer(lower))
        lengths = self._lengths
        for start in starts:
            for length in lengths.get(hash(lower[start : start + _SHORTEST]), ()):
                if is_cut and start + length > len(lower):
                    yield Replacement(start, len(lower), _CUT)
                used = self._fingerprints.get(hash(lower[start : start + length]))
                if used is not None and (length >= _ANYWHERE or _is_word(lower, start, start + length)):
                    yield Replacement(start, start + length, used[0])

    def _index(self, letters: str) -> None:
        if letters not in self._letters:
            self._letters = {*self._letters, letters}
            few = len(self._letters) <= _LETTERS
            # A lookahead finds overlapping beginnings, too.
            self._start = re.compile(f"(?={'|'.join(map(re.escape, sorted(self._letters)))})") if few else None

    def _forget(self) -> None:
        """Forget the older half of the keys."""
        kept = dict(list(self._fingerprints.items())[_KEYS // 2 :])
        starts = {start for _, _, start in kept.values()}
        self._lengths = {start: lengths for start, lengths in self._lengths.items() if start in starts}
        self._letters = {"sk"}
        self._start = re.compile("sk")
        self._fingerprints = kept
        for _, letters, _ in kept.values():
            self._index(letters)
        self._on_forget()


def _is_word(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


_VOCABULARY = " ".join((HOME, STORAGE_HOST, MEDIA_TYPE, *MODELS, *(route.full_path for route in ROUTES.values())))
"""Words of almost every request. A key that is a part of them is not searched for."""
