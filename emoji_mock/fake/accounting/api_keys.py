"""API keys: the namespace and the fingerprint of a key. No key is kept, not even in memory."""

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import unquote_plus

from emoji_mock.contract.row import Row
from emoji_mock.contract.rows import gateway

_MOCK_KEY = re.compile(r"sk-mock-([A-Za-z0-9._-]{1,64})")
# Plain, percent-encoded, or escaped in JSON.
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
"""Keys that always get the same refusal; every other key is valid."""


class Caller(NamedTuple):
    """The caller by its key: namespace, fingerprint, and for a reserved key the row that refuses it."""

    namespace: str
    fingerprint: str
    refused_as: Row | None


# By Python's keyed hash of the key, so that the cache holds no key.
_callers: dict[int, Caller] = {}
_CALLERS = 1024
_LEAST = 8
"""Shorter values in a query are not hidden: they may be anything, even if one was used as a key."""

NOBODY = Caller("", "", None)
"""The caller of a request without a valid key."""


def fingerprint(key: str) -> str:
    """Return what may be stored and shown of a key: the start of its SHA-256."""
    return f"key:{sha256(key.encode()).hexdigest()[:12]}"


def as_fingerprint(key: str) -> str:
    """Return the fingerprint of `key`, or `key` itself if it is a fingerprint."""
    return key if _FINGERPRINT.fullmatch(key) else fingerprint(key)


def identify(key: str) -> Caller:
    """Return the caller: `sk-mock-<name>` selects the namespace `<name>`, any other key a namespace of its own."""
    caller = _callers.get(hash(key))
    if caller is None:
        digest = fingerprint(key)
        named = _MOCK_KEY.fullmatch(key)
        caller = Caller(named[1] if named else digest, digest, RESERVED.get(key))
        if len(_callers) >= _CALLERS:
            _callers.clear()
        _callers[hash(key)] = caller
    return caller


def is_namespace(name: str) -> bool:
    """Return whether some key selects the namespace `name`."""
    return _NAMESPACE.fullmatch(name) is not None


def hide_used_keys(target: str) -> str:
    """Return a request target in whose query every value that was used as an API key is replaced by its fingerprint."""
    path, mark, query = target.partition("?")
    if not mark:
        return target
    return path + mark + "&".join([_hidden(pair) for pair in query.split("&")])


def _hidden(pair: str) -> str:
    name, equals, value = pair.partition("=")
    decoded = unquote_plus(value)
    is_key = len(decoded) >= _LEAST and hash(decoded) in _callers
    return f"{name}{equals}{fingerprint(decoded)}" if is_key else pair


def redact(text: str) -> str:
    """Return `text` with everything that looks like a key replaced by its fingerprint."""
    return _ANY_KEY.sub(lambda found: fingerprint(found[0]), text)
