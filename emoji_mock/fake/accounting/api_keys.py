"""API keys: what one stands for, without ever keeping it."""

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import unquote_plus

from emoji_mock.contract.row import Row
from emoji_mock.contract.rows import gateway

_MOCK_KEY = re.compile(r"sk-mock-([A-Za-z0-9._-]{1,64})")
# As it stands, percent-encoded, or escaped in JSON.
_ANY_KEY = re.compile(r"(?<![A-Za-z0-9])sk(?:-|%2d|\\u002d)[A-Za-z0-9._%\\-]{4,}", re.IGNORECASE)
_NAMESPACE = re.compile(r"[A-Za-z0-9._-]{1,64}|key:[0-9a-f]{12}")
_FINGERPRINT = re.compile(r"key:[0-9a-f]{12}")

RESERVED: dict[str, Row] = {
    "sk-mock-invalid": gateway.INVALID_KEY,
    "sk-mock-arrears": gateway.ARREARS,
    "sk-mock-unpurchased": gateway.UNPURCHASED,
    "sk-mock-exhausted": gateway.EXHAUSTED,
    "sk-mock-throttled": gateway.THROTTLED,
    "sk-mock-retired": gateway.ACCESS_DENIED,
}
"""Keys that always get the same answer; every other key is good."""


class Caller(NamedTuple):
    """Who calls: the namespace that the key selects, the key's fingerprint, and what a reserved key always gets."""

    namespace: str
    fingerprint: str
    fate: Row | None


# Looked up by Python's keyed hash, so that not even this holds a key.
_callers: dict[int, Caller] = {}
_CALLERS = 1024
_LEAST = 8
"""A word that is shorter may be anything, though somebody has used it as a key."""

NOBODY = Caller("", "", None)
"""A caller without a usable key."""


def fingerprint(key: str) -> str:
    """Return what may be stored and shown of a key."""
    return f"key:{sha256(key.encode()).hexdigest()[:12]}"


def as_fingerprint(key: str) -> str:
    """Return the fingerprint of `key`, which may be one already."""
    return key if _FINGERPRINT.fullmatch(key) else fingerprint(key)


def identify(key: str) -> Caller:
    """Return whom `key` stands for: `sk-mock-<name>` selects namespace `<name>`, any other key one of its own."""
    known = _callers.get(hash(key))
    if known is None:
        mark = fingerprint(key)
        named = _MOCK_KEY.fullmatch(key)
        known = Caller(named[1] if named else mark, mark, RESERVED.get(key))
        if len(_callers) >= _CALLERS:
            _callers.clear()
        _callers[hash(key)] = known
    return known


def is_namespace(name: str) -> bool:
    """Say whether there is a key that stands for namespace `name`."""
    return _NAMESPACE.fullmatch(name) is not None


def hide_known(target: str) -> str:
    """Return a request target with every key in its query that has been used as one replaced by its fingerprint."""
    path, mark, query = target.partition("?")
    if not mark:
        return target
    return path + mark + "&".join([_hidden(pair) for pair in query.split("&")])


def _hidden(pair: str) -> str:
    name, equals, value = pair.partition("=")
    given = unquote_plus(value)
    is_key = len(given) >= _LEAST and hash(given) in _callers
    return f"{name}{equals}{fingerprint(given)}" if is_key else pair


def redact(text: str) -> str:
    """Return `text` with everything that looks like a key replaced by its fingerprint."""
    return _ANY_KEY.sub(lambda found: fingerprint(found[0]), text)
