"""A server at a URL as a target; the vendor's hosts are the live service."""

from __future__ import annotations

import ipaddress
import os
import time
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emoji_mock._support.encodings.secret_search import SecretSearch
from emoji_mock.conformance.cases.placeholders import Bindings
from emoji_mock.conformance.targets.target import MockKeys, TargetError
from emoji_mock.contract.endpoint import API_PREFIX
from emoji_mock.contract.hosts import is_vendor_host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.contract.exchange import Request, Response

_MOCK_PREFIX = "sk-mock-"
_BAD_LIVE_KEY = f"sk-{'0' * 32}"


class ServerTarget:
    """A server at `url`. Needs httpx2. Raises TargetError for a URL or key that cannot be used.

    `pictures` are the URLs of real pictures by what they show: `passed` or a code. A live target gets no others.
    """

    def __init__(self, url: str, *, key: str = "", pictures: Mapping[str, str] | None = None) -> None:
        self._root = parse_root(url)
        host = urlsplit(self._root).hostname or ""
        # Any server that takes a real key, on loopback too, may be a proxy of the vendor's, and cost money.
        self.live = is_vendor_host(host) or not (key.startswith(_MOCK_PREFIX) or not key)
        self._pictures = dict(pictures or {})
        default = os.environ.get("DASHSCOPE_API_KEY", "") if self.live else MockKeys.KEY
        self._key = self._checked(key or default, host)
        secrets = dict.fromkeys(self._pictures.values(), "<picture>")
        is_mock = self._key.startswith(_MOCK_PREFIX)
        self.secrets: Mapping[str, str] = secrets if is_mock else secrets | {self._key: "<key>"}
        self.name = SecretSearch(self.secrets).hide(f"the live service ({host})" if self.live else self._root)
        from emoji_mock.conformance.targets.wire import Wire  # noqa: PLC0415 - needs httpx2, an extra

        self._wire = Wire(self._root, live=self.live, from_environment=self.live and not _is_loopback(host))
        self._keys = MockKeys(token_hex(4))

    def _checked(self, key: str, host: str) -> str:
        if self.live and not key:
            raise TargetError("the live service needs a key; set DASHSCOPE_API_KEY")
        if self.live and key.startswith(_MOCK_PREFIX):
            raise TargetError("the key for the live service must be a real one, not sk-mock-…; set DASHSCOPE_API_KEY")
        if not key.isascii() or not key.isprintable() or " " in key:
            raise TargetError("the key must have visible ASCII characters only")
        if not key.startswith(_MOCK_PREFIX) and self._root.startswith("http:") and not _is_loopback(host):
            raise TargetError(f"a real key is not sent over plain http to {host}; use https, or a key sk-mock-…")
        return key

    def bind(self, case: Case) -> Bindings | str:
        """Return keys and picture, or why `case` is skipped: a live service gets only what is meant for it."""
        if case.wait_seconds:
            return "needs a clock that can be moved: only the fake in the process has one"
        picture = self._pictures.get(case.picture_name, "") if case.picture_name else ""
        if not self.live:
            key = self._keys.key_for(case) if self._key == MockKeys.KEY else self._key
            return Bindings(key=key, bad_key=MockKeys.BAD_KEY, picture=picture or case.picture)
        if not case.live:
            return "makes a video, which costs more than images" if case.makes_video else "applies to a fake only"
        if case.picture_name and not picture:
            return f"needs a picture: --picture {case.picture_name.rpartition('.')[2]}=URL"
        return Bindings(key=self._key, bad_key=_BAD_LIVE_KEY, picture=picture)

    def send(self, request: Request) -> Response:
        """Return the server's answer. Raises NoAnswerError and TargetError."""
        try:
            return self._wire.send(request)
        except TargetError as error:  # it names the address
            raise TargetError(SecretSearch(self.secrets).hide(str(error)), unreachable=error.unreachable) from None

    def wait(self, seconds: float) -> None:
        """Sleep for `seconds`."""
        time.sleep(seconds)

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()


def parse_root(url: str) -> str:
    """Return scheme, host, port and path of a target's URL, without `/api/v1`. Raises TargetError."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TargetError(f"the target must be a URL such as http://127.0.0.1:8000: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TargetError("the target must be fake, live, or a URL such as http://127.0.0.1:8000")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise TargetError("the target must be a URL without user and query")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    return origin + parts.path.rstrip("/").removesuffix(API_PREFIX)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
