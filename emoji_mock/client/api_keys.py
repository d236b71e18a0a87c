"""The API key: where it is found, how it stays secret, and which key may be sent where."""

from __future__ import annotations

import os
import re
import warnings
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from emoji_mock._support import active_fakes
from emoji_mock._support.encodings.secret_search import SecretSearch
from emoji_mock.client.base_url import is_confidential, is_loopback
from emoji_mock.client.errors import ApiKeyError
from emoji_mock.contract.hosts import is_vendor_host

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

MOCK_PREFIX = "sk-mock-"
_MAX_LENGTH = 4096
_ADVICE = (
    "pass api_key=…, set DASHSCOPE_API_KEY, or write the key to ~/.dashscope/api_key (or to the file that"
    " DASHSCOPE_API_KEY_FILE_PATH names); the fake accepts any key, such as sk-mock-me"
)


class MockTargetWarning(UserWarning):
    """A key that looks real is sent to a mock server."""


class Key:
    """An API key. Its repr is a fingerprint, and it cannot be pickled. Raises ApiKeyError for an invalid one."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        value = value.strip()
        if not value or len(value) > _MAX_LENGTH or not (value.isascii() and value.isprintable()) or " " in value:
            raise ApiKeyError(
                f"the API key is empty, too long, or has blanks, control or non-ASCII characters; {_ADVICE}"
            )
        self._value = value

    def __repr__(self) -> str:
        return f"Key({sha256(self._value.encode()).hexdigest()[:12]})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("an API key cannot be pickled; set DASHSCOPE_API_KEY in the other process")

    @property
    def is_mock(self) -> bool:
        """Whether it is a key for the fake."""
        return self._value.startswith(MOCK_PREFIX)

    def reveal(self) -> str:
        """Return the key itself. It must not be stored or logged."""
        return self._value

    def header(self) -> str:
        """Return the value of the Authorization header. It must not be stored or logged."""
        return f"Bearer {self._value}"

    def redact(self, text: str) -> str:
        """Return `text` with the key replaced by `[key]`, however a server may have encoded it."""
        text = text.replace(self._value, "[key]")
        if "\\" in text:  # SecretSearch does not look for keys that are very short
            text = re.sub("".join(map(_json_spellings, self._value)), "[key]", text)
        return SecretSearch({self._value: "[key]"}).hide(text)


def _json_spellings(character: str) -> str:
    """Return a pattern of the spellings of `character` in JSON, and in JSON inside a JSON string."""
    return rf"(?:\\{{0,4}}{re.escape(character)}|\\{{1,4}}u00(?i:{ord(character):02x}))"


def resolve_api_key(api_key: str | None, environment: Mapping[str, str] = os.environ) -> Key:
    """Return the key from the argument, the environment, or the official SDK's file. Raises ApiKeyError."""
    if api_key is not None:
        return Key(api_key)
    if value := environment.get("DASHSCOPE_API_KEY"):
        return Key(value)
    named = environment.get("DASHSCOPE_API_KEY_FILE_PATH")
    if named:
        return read_key_file(named)
    path = _sdk_file()
    if path is None:
        raise ApiKeyError(f"no API key; {_ADVICE}")
    return read_key_file(path)


def _sdk_file() -> Path | None:
    """Return the official SDK's file if there is one; a user may have no home folder, or one that cannot be entered."""
    try:
        path = Path.home() / ".dashscope" / "api_key"
        return path if path.exists() else None
    except (RuntimeError, OSError):
        return None


def read_key_file(name: str | PathLike[str]) -> Key:
    """Return the key in a file; `~` is the user's home folder. Raises ApiKeyError."""
    try:
        with Path(name).expanduser().open(encoding="utf-8") as file:
            return Key(file.read(_MAX_LENGTH + 2))
    except (OSError, ValueError, RuntimeError) as error:
        no_home = "the home folder of this user is not known" if isinstance(error, RuntimeError) else "not UTF-8 text"
        reason = getattr(error, "strerror", None) or no_home
        raise ApiKeyError(f"cannot read the API key from {name}: {reason}; {_ADVICE}") from None


def check_key_transport(key: Key, base_url: str) -> None:
    """Reject a real key over plain http, and warn if one is sent to a mock server. Raises ApiKeyError."""
    # A mock key is not secret: the fake may run in another container.
    if not key.is_mock and not is_confidential(base_url):
        raise ApiKeyError(
            f"the API key would be sent unencrypted to {base_url}; use https, or a loopback address such as 127.0.0.1"
        )
    if is_loopback(base_url) and not key.is_mock:
        warnings.warn(
            f"a key that looks real is sent to {base_url}, a mock server by its address;"
            f" a key such as {MOCK_PREFIX}<name> works there as well",
            MockTargetWarning,
            stacklevel=3,
        )


def check_mock_key_target(key: Key, base_url: str) -> None:
    """Reject a mock key for the real vendor, unless a fake intercepts the call. Raises ApiKeyError."""
    host = urlsplit(base_url).hostname or ""
    if key.is_mock and is_vendor_host(host) and not active_fakes.is_active():
        raise ApiKeyError(
            f"a {MOCK_PREFIX}… key is for the fake, but {host} is the real vendor;"
            " pass base_url='http://127.0.0.1:8000' (`emoji-mock serve`), use the fixture emoji_api, or pass a real key"
        )
