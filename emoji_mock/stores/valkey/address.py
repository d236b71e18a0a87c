"""The address of a shared store: its URL, its password and the prefix of its keys. Pure; it imports no client.

No text of an address holds the password, and no error quotes a part of a URL that might be one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from emoji_mock._support.validation import unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSWORD_VARIABLE = "EMOJI_MOCK_STORE_PASSWORD"  # noqa: S105 - a name
DEFAULT_PREFIX = "emoji-mock"
DEFAULT_PORT = 6379
CONNECT_SECONDS = 5.0
"""How long the engine may take to accept a connection."""
REPLY_SECONDS = 5.0
"""How long it may take to reply."""
SCHEMES = ("valkey", "valkeys", "redis", "rediss", "unix")
_TLS_SCHEMES = ("valkeys", "rediss")
_KEYS = ("db", "ssl_ca_certs")
_PREFIX = re.compile(r"[A-Za-z0-9._-]{1,64}")
_WORD = re.compile(r"-?[A-Za-z0-9_]{1,40}")
"""What may be quoted from behind the host."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_MOST_PORT = 65_535
_MOST_DATABASE = 2**31 - 1
_EXAMPLE = "valkey://127.0.0.1:6379/0"
_ESCAPES = "write % / ? # @ : in a user or password as %25 %2F %3F %23 %40 %3A"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAddress:
    """Where a shared store is: `host` and `port`, or the path of a Unix socket in `socket_path`.

    `str` and `repr` give its URL without the password.
    """

    scheme: str = "valkey"
    host: str = ""
    port: int = DEFAULT_PORT
    socket_path: str = ""
    database: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    """The file with the certificate authorities that TLS trusts; without one, those of the system."""
    prefix: str = DEFAULT_PREFIX

    @classmethod
    def parse(cls, url: str) -> StoreAddress:
        """Return the address at `url`, in one of SCHEMES. Raises ValueError, which never holds the password."""
        parts = _split(url)
        user, password = _user_and_password(parts)
        scheme, is_socket = parts.scheme, parts.scheme == "unix"
        if is_socket and (parts.hostname or not parts.path.strip("/")):
            raise ValueError("the path of a Unix socket must be absolute, as unix:///run/valkey.sock?db=0")
        where = _Place() if is_socket else _host_and_port(parts)
        number = "" if is_socket else parts.path.removeprefix("/")
        query = _query(parts)
        if number and "db" in query:
            raise ValueError("the database is given twice, in the path and as `db`; leave one out")
        if "ssl_ca_certs" in query and scheme not in _TLS_SCHEMES:
            raise ValueError("ssl_ca_certs is for TLS only; use valkeys:// or leave it out")
        return cls(
            scheme=scheme,
            host=where.host,
            port=where.port,
            socket_path=unquote(parts.path) if is_socket else "",
            database=_database(number or query.get("db", "0")),
            user=user,
            password=password,
            ca_file=query.get("ssl_ca_certs", ""),
        )

    @property
    def is_tls(self) -> bool:
        """Whether the connection is by TLS."""
        return self.scheme in _TLS_SCHEMES

    def with_password(self, from_file: str, environ: Mapping[str, str]) -> StoreAddress:
        """Return the address with its own password, else that of the file, else that of the environment."""
        return replace(self, password=self.password or from_file or environ.get(PASSWORD_VARIABLE, ""))

    def with_prefix(self, prefix: str) -> StoreAddress:
        """Return the address with the keys' `prefix`. Raises ValueError."""
        return replace(self, prefix=read_prefix(prefix))

    def __str__(self) -> str:
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        options = f"?ssl_ca_certs={quote(self.ca_file)}" if self.ca_file else ""
        if self.socket_path:
            return f"unix://{user}{quote(self.socket_path)}?db={self.database}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{user}{host}:{self.port}/{self.database}{options}"

    def __repr__(self) -> str:
        return f"StoreAddress({str(self)!r}, prefix={self.prefix!r})"


def read_prefix(text: str) -> str:
    """Return `text`, the prefix of a store's keys. Raises ValueError."""
    if not _PREFIX.fullmatch(text):
        shown = text if len(text) <= 64 else f"{text[:64]}…"  # noqa: PLR2004 - as long as a prefix may be
        raise ValueError(f"must be 1 to 64 letters, digits, dots, hyphens and underscores, not {shown!r}")
    return text


class _Place(NamedTuple):
    host: str = ""
    port: int = DEFAULT_PORT


def _split(url: str) -> SplitResult:
    """Return the parts of `url`, none of which can hold a piece of the password, apart from its own place."""
    if any(letter.isspace() or not letter.isprintable() for letter in url):
        raise ValueError(f"must be one URL such as {_EXAMPLE}, without blanks and control characters")
    found = _SCHEME.match(url)
    if found is None:
        raise ValueError(f"must be a URL such as {_EXAMPLE}")
    if found[1].lower() not in SCHEMES:
        raise ValueError(unknown("scheme", found[1], SCHEMES))
    try:
        parts = urlsplit(url)
        is_whole = parts.hostname is not None or parts.scheme == "unix"
    except ValueError:  # its message quotes what may hold the password
        is_whole = False
        parts = SplitResult("", "", "", "", "")
    if "@" in parts.path + parts.query + parts.fragment:
        raise ValueError(f"has an @ after the host; {_ESCAPES}")
    if "#" in url:
        raise ValueError(f"has a #, which has no meaning here; {_ESCAPES}")
    if not is_whole:
        raise ValueError(f"names no host; write it like {_EXAMPLE}")
    return parts


def _user_and_password(parts: SplitResult) -> tuple[str, str]:
    try:
        return unquote(parts.username or "", errors="strict"), unquote(parts.password or "", errors="strict")
    except UnicodeDecodeError:
        raise ValueError(f"its user and password must be UTF-8; {_ESCAPES}") from None


def _host_and_port(parts: SplitResult) -> _Place:
    host = parts.hostname or ""
    if "," in host or "," in parts.netloc.rpartition("@")[2]:
        raise ValueError(f"must name one host, as {_EXAMPLE}")
    try:
        port = DEFAULT_PORT if parts.port is None else parts.port
    except ValueError:  # as above
        port = 0
    if not 1 <= port <= _MOST_PORT:
        raise ValueError(f"its port must be a number from 1 to {_MOST_PORT}; {_ESCAPES}")
    return _Place(unquote(host), port)


def _query(parts: SplitResult) -> dict[str, str]:
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    names = [name for name, _ in pairs]
    for name in names:
        if name not in _KEYS:
            shown = f" {name!r}" if _WORD.fullmatch(name) else ""
            raise ValueError(f"unknown key{shown} after the `?`; choose from {', '.join(_KEYS)}")
        if names.count(name) > 1:
            raise ValueError(f"{name} is given twice after the `?`; leave one out")
    return dict(pairs)


def _database(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 10 and int(text) <= _MOST_DATABASE):  # noqa: PLR2004 - digits
        shown = f", not {text!r}" if _WORD.fullmatch(text) else ""
        raise ValueError(f"its database must be a whole number from 0 to {_MOST_DATABASE}, as in {_EXAMPLE}{shown}")
    return int(text)
