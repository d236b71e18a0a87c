"""The proxy that the user's environment names already, by which other hosts are then reached."""

from __future__ import annotations

from base64 import b64encode
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlsplit

from emoji_mock.fake.network.addresses import authority_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class UpstreamProxy:
    """A proxy for HTTP at `host` and `port`; `credentials` is the header that it wants, never shown."""

    def __init__(self, host: str, port: int, credentials: str = "") -> None:
        self.host, self.port = host, port
        self._credentials = credentials

    def __repr__(self) -> str:
        return f"UpstreamProxy({self})"

    def __str__(self) -> str:
        return authority_of(self.host, self.port)

    def headers(self) -> list[tuple[str, str]]:
        """Return the headers that a request to this proxy has in addition."""
        return [("Proxy-Authorization", self._credentials)] if self._credentials else []


class UserProxies:
    """The proxies of `environ`: for http, for https, and for which hosts not. Raises ValueError for one not served."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._by_scheme = {scheme: _find(environ, scheme) for scheme in ("http", "https")}
        self._exceptions = _value(environ, "no_proxy")[1].replace(",", " ").split()

    def find(self, scheme: str, host: str, port: int) -> UpstreamProxy | None:
        """Return the proxy by which `host` is reached, None for none."""
        proxy = self._by_scheme[scheme]
        return None if proxy is None or any(_matches(one, host, port) for one in self._exceptions) else proxy


def _value(environ: Mapping[str, str], name: str) -> tuple[str, str]:
    """Return the name and the value of a variable; the one in lower case is the stronger, even if it is empty."""
    shown = name if name in environ else name.upper()
    return shown, environ.get(shown, "").strip()


def _find(environ: Mapping[str, str], scheme: str) -> UpstreamProxy | None:
    name, value = _value(environ, f"{scheme}_proxy")
    if name not in environ:
        name, value = _value(environ, "all_proxy")
    if not value:
        return None
    remedy = f"set {name} to http://host:port, or leave it out of the environment (env -u {name} emoji-mock ...)"
    begin = value.partition("://")
    if begin[1] and begin[0].lower() != "http":
        kind = begin[0].lower() if begin[0].isalnum() else "another kind"
        raise ValueError(f"{name}: names a proxy by {kind}, by which emoji-mock cannot reach other hosts; {remedy}")
    try:
        parts = urlsplit(value if begin[1] else f"http://{value}")
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        raise ValueError(f"{name}: names no proxy; {remedy}") from None
    if not host:
        raise ValueError(f"{name}: names no proxy; {remedy}")
    credentials = ""
    if parts.username is not None:
        pair = unquote_to_bytes(parts.username) + b":" + unquote_to_bytes(parts.password or "")
        credentials = f"Basic {b64encode(pair).decode()}"
    return UpstreamProxy(host, port, credentials)


def _matches(entry: str, host: str, port: int) -> bool:
    """Return whether an entry of NO_PROXY means `host`, as curl and Go read it."""
    if entry == "*":
        return True
    try:
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        name, _, number = entry.rpartition(":") if entry.rpartition(":")[2].isdigit() else (entry, "", "")
    name = name.strip("[]").lower().removeprefix("*").removeprefix(".").rstrip(".")
    return bool(name) and number in ("", str(port)) and (host == name or host.endswith(f".{name}"))
