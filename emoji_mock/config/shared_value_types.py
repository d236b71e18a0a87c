"""The types of the settings that replicas share: a store's URL, its prefix and password, and the key that signs.

A wrong value is a problem of the start, like a port in use, not of the command line: flags take any text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.config.value_types import BadValueError, PathName, ValueType

if TYPE_CHECKING:
    from pathlib import Path

    from emoji_mock.stores.valkey.address import StoreAddress

_SECRET_BYTES = 4096  # of a file with a key or a password are read


class StoreUrl(ValueType):
    """The URL of a shared store."""

    expected = "a URL such as valkey://127.0.0.1:6379/0"
    is_single = True

    def check(self, value: Any) -> StoreAddress:  # noqa: ANN401 - text, or the address that was read from it
        """Return the address."""
        from emoji_mock.stores.valkey.address import StoreAddress  # noqa: PLC0415

        try:
            return StoreAddress.parse(value)
        except ValueError as error:
            raise BadValueError(str(error)) from None


class StorePrefix(ValueType):
    """The prefix of the keys of a shared store."""

    is_single = True

    def check(self, value: Any) -> str:  # noqa: ANN401 - text
        """Return the prefix."""
        from emoji_mock.stores.valkey.address import read_prefix  # noqa: PLC0415

        try:
            return read_prefix(value)
        except ValueError as error:
            raise BadValueError(str(error)) from None


class SecretFile(PathName):
    """The path of a file with a secret; the value is what is in it."""

    what = "secret"

    def __init__(self) -> None:
        super().__init__(expand_home=True)

    def check(self, value: Any) -> Any:  # noqa: ANN401 - the path, or the secret that was read from it
        """Return the secret."""
        from emoji_mock._support.files import read  # noqa: PLC0415

        path = super().check(value)
        try:
            return self.secret_in(read(path, _SECRET_BYTES))
        except OSError as error:
            problem = f"{error.strerror or error}; name a file that holds the {self.what}"
        except ValueError as error:
            problem = str(error)
        raise BadValueError(f"{path}: {problem}")

    def secret_in(self, content: bytes) -> object:
        """Return the secret in a file. Raises ValueError."""
        return content

    def relative_to(self, folder: Path, value: Any) -> Path:  # noqa: ANN401 - text, or a path
        """Return the path, from `folder` if it is relative."""
        return folder / super().check(value)


class PasswordFile(SecretFile):
    """The path of a file with a password; the value is the password, without the line end behind it."""

    what = "password"
    is_single = True

    def secret_in(self, content: bytes) -> str:
        """Return the password. Raises ValueError."""
        password = content.decode("utf-8", "replace").rstrip("\r\n")
        if not (password and password.isprintable() and len(content) < _SECRET_BYTES) or "\ufffd" in password:
            raise ValueError(f"must hold the password: one line of UTF-8 text, of at most {_SECRET_BYTES} bytes")
        return password


class KeyFile(SecretFile):
    """The path of a file with a key; the value is the key, without spaces and line ends around it."""

    what = "key"

    def secret_in(self, content: bytes) -> bytes:
        """Return the key. Raises ValueError."""
        from emoji_mock.fake.options import POLICY_KEY_BYTES  # noqa: PLC0415

        key = content.strip()
        if len(key) < POLICY_KEY_BYTES:
            raise ValueError(f"the key must have at least {POLICY_KEY_BYTES} bytes, not {len(key)}")
        return key
