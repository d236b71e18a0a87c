"""The key and the address: where they are found, what may be shown of a key, and which key may go where."""

from __future__ import annotations

import ipaddress
import os
import re
import warnings
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from emoji_mock._support import active_fakes
from emoji_mock.client.errors import ApiKeyError, RequestError
from emoji_mock.contract.endpoint import API_PREFIX, HOME
from emoji_mock.contract.hosts import is_vendor_host

if TYPE_CHECKING:
    from collections.abc import Mapping

MOCK = "sk-mock-"
_LONGEST = 4096
_WHERE = (
    "give api_key=…, set DASHSCOPE_API_KEY, or write it into ~/.dashscope/api_key"
    " (DASHSCOPE_API_KEY_FILE_PATH names another file); against the fake any key does, such as sk-mock-me"
)


class MockTargetWarning(UserWarning):
    """A key that looks real is sent to a mock."""


class Key:
    """An API key that shows its fingerprint only, and cannot be pickled."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        value = value.strip()
        if not value or len(value) > _LONGEST or not (value.isascii() and value.isprintable()) or " " in value:
            raise ApiKeyError(f"the key is empty, or holds what no key holds (blanks, control characters); {_WHERE}")
        self._value = value

    def __repr__(self) -> str:
        return f"Key({sha256(self._value.encode()).hexdigest()[:12]})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a key is not pickled: let the other process find its own, in DASHSCOPE_API_KEY")

    @property
    def is_mock(self) -> bool:
        """Whether it is one of the fake's keys."""
        return self._value.startswith(MOCK)

    def header(self) -> str:
        """Return what goes on the wire, and nowhere else."""
        return f"Bearer {self._value}"

    def scrub(self, text: str) -> str:
        """Return `text` without the key, should a server have echoed it, as it stands or in the escapes of JSON."""
        text = text.replace(self._value, "[key]")
        if "\\" not in text:
            return text
        return re.sub("".join(map(_spellings, self._value)), "[key]", text)


def _spellings(letter: str) -> str:
    """Return a pattern of what JSON, and JSON in a string of JSON, may write for `letter`."""
    return rf"(?:\\{{0,4}}{re.escape(letter)}|\\{{1,4}}u00(?i:{ord(letter):02x}))"


def resolve_api_key(given: str | None, environment: Mapping[str, str] = os.environ) -> Key:
    """Return the key from the argument, the environment, or the file of the official SDK. Raises ApiKeyError."""
    if given is not None:
        return Key(given)
    if named := environment.get("DASHSCOPE_API_KEY"):
        return Key(named)
    elsewhere = environment.get("DASHSCOPE_API_KEY_FILE_PATH")
    path = Path(elsewhere).expanduser() if elsewhere else Path.home() / ".dashscope" / "api_key"
    try:
        with path.open(encoding="utf-8") as file:
            return Key(file.read(_LONGEST + 2))
    except (OSError, ValueError) as error:
        if elsewhere or path.exists():
            raise ApiKeyError(f"{path}: {getattr(error, 'strerror', None) or 'no text'}; {_WHERE}") from None
        raise ApiKeyError(f"no API key; {_WHERE}") from None


def resolve_base_url(given: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Return the address, /api/v1 included: the argument's, the environment's, or the vendor's. Raises RequestError."""
    for name in ("base_url", "DASHSCOPE_HTTP_BASE_URL", "DASHSCOPE_BASE_URL"):
        if address := given if name == "base_url" else environment.get(name):
            return _with_prefix(name, address.strip())
    return HOME + API_PREFIX


def _with_prefix(name: str, address: str) -> str:
    try:
        parts = urlsplit(address)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = False
    if not good or "@" in address or "?" in address or "#" in address or not address.isprintable() or " " in address:
        raise RequestError(f"{name} is no address like {HOME} or http://127.0.0.1:8000 (no user, no query)")
    address = address.rstrip("/")
    return address if address.endswith(API_PREFIX) else address + API_PREFIX


def is_loopback(url: str) -> bool:
    """Say whether `url` leads to this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_private(url: str) -> bool:
    """Say whether nobody can read on its way what goes to `url`: by https, or by http within this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))


def check_key_transport(key: Key, base_url: str) -> None:
    """Refuse to send a key in the clear, and warn of a real one that goes to a mock. Raises ApiKeyError."""
    if not key.is_mock and not is_private(base_url):  # a mock key is no secret: the fake may run in another container
        raise ApiKeyError(
            f"{base_url} would carry the key in the clear: say https, or a loopback address such as 127.0.0.1"
        )
    if is_loopback(base_url) and not key.is_mock:
        warnings.warn(
            f"a key that looks real goes to {base_url}, a mock by its address; {MOCK}<name> does there as well",
            MockTargetWarning,
            stacklevel=3,
        )


def check_mock_key_target(key: Key, base_url: str) -> None:
    """Refuse to send a mock key to the real vendor, unless a fake answers in its place. Raises ApiKeyError."""
    host = urlsplit(base_url).hostname or ""
    if key.is_mock and is_vendor_host(host) and not active_fakes.is_active():
        raise ApiKeyError(
            f"a {MOCK}… key is for the fake, and {host} is the real vendor: give base_url='http://127.0.0.1:8000'"
            " (`emoji-mock serve`), use the fixture emoji_api, or give the vendor's key"
        )
