"""API keys: the namespace and the fingerprint of a key. No key is kept, not even in memory."""

import re
from typing import NamedTuple

from emoji_mock.contract.row import Row
from emoji_mock.contract.rows import gateway
from emoji_mock.fake.accounting.used_keys import UsedKeys, fingerprint

_MOCK_KEY = re.compile(r"sk-mock-([A-Za-z0-9._-]{1,64})")
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
_used = UsedKeys(on_forget=_callers.clear)

NOBODY = Caller("", "", None)
"""The caller of a request without a valid key."""


def as_fingerprint(key: str) -> str:
    """Return the fingerprint of `key`, or `key` itself if it is a fingerprint."""
    return key if _FINGERPRINT.fullmatch(key) else fingerprint(key)


def identify(key: str) -> Caller:
    """Return the caller: `sk-mock-<name>` selects the namespace `<name>`, any other key a namespace of its own."""
    caller = _callers.get(hash(key))
    if caller is None:
        digest = fingerprint(key)
        _used.add(key)
        named = _MOCK_KEY.fullmatch(key)
        caller = Caller(named[1] if named else digest, digest, RESERVED.get(key))
        if len(_callers) >= _CALLERS:
            _callers.clear()
        _callers[hash(key)] = caller
    return caller


def key_of(authorization: str) -> str:
    """Return the key in an Authorization header, whatever its scheme. It must be kept nowhere."""
    scheme, _, rest = authorization.strip().partition(" ")
    return rest.lstrip() or scheme


def note_key(authorization: str) -> None:
    """Recognise the key in an Authorization header of any scheme as a used one."""
    key = key_of(authorization)
    for used in (key, key.rpartition(" ")[2]):
        _used.add(used)


def age() -> int:
    """Return how often the set of recognised keys has changed."""
    return _used.age


def is_recognised(key: str) -> bool:
    """Return whether `redact` replaces `key` wherever it stands in a text."""
    return _used.recognises(key)


def is_namespace(name: str) -> bool:
    """Return whether some key selects the namespace `name`."""
    return _NAMESPACE.fullmatch(name) is not None


def may_hold_key(text: str) -> bool:
    """Return whether `redact` may change `text`: a fast test that errs on the safe side."""
    return _used.may_hold_key(text)


def redact(text: str, *, is_cut: bool = False) -> str:
    """Return `text` with all keys replaced by their fingerprints: what looks like one, and what was used as one.

    Neither escapes (percent-encoding, JSON, HTML) nor the case of letters hide a key. A cut text may end in a part of
    a key.
    """
    return _used.hide(text, is_cut=is_cut)
