"""What the contract is held against: the fake in the process, a server at a URL, or the live service."""

from __future__ import annotations

import ipaddress
import os
import time
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emoji_mock.assembly import Fake
from emoji_mock.conformance.cases.case import Filled
from emoji_mock.conformance.targets.target import NoAnswerError, TargetError
from emoji_mock.contract.catalogue import find
from emoji_mock.contract.endpoint import API_PREFIX, HOME
from emoji_mock.contract.exchange import Fault
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emoji_mock.conformance.cases.case import Case
    from emoji_mock.conformance.targets.target import Target
    from emoji_mock.contract.exchange import Request, Response

_MOCK_KEY, _MOCK_BAD_KEY, _MOCK_OTHER = "sk-mock-conformance", "sk-mock-invalid", "sk-mock-conformance-other"
_MOCK = "sk-mock-"
_BAD_KEY = f"sk-{'0' * 32}"


class FakeTarget:
    """The fake in the process; no socket is opened, and its clock is put forward where a case wants it."""

    name, live = "the fake", False
    secrets: Mapping[str, str] = {}

    def __init__(self, fake: Fake | None = None) -> None:
        self._fake = fake or Fake()
        self._told = self._fake.clock
        self._ahead = 0.0
        self._run = token_hex(4)
        self._fake.clock = self._now

    def _now(self) -> float:
        return self._told() + self._ahead

    def fill(self, case: Case) -> Filled:
        """Return mock keys, and the URL that steers to the ending."""
        return Filled(key=_mock_key(case, self._run), bad_key=_MOCK_BAD_KEY, picture=case.picture)

    def send(self, request: Request) -> Response:
        """Return the fake's answer. Raises NoAnswerError where a rule lets the network misbehave."""
        reply = self._fake.answer(request)
        if isinstance(reply, Fault):
            raise NoAnswerError(f"a fault: {reply.kind}")
        return reply

    def wait(self, seconds: float) -> None:
        """Put the fake's clock forward."""
        self._ahead += seconds

    def close(self) -> None:
        """Give the fake its own clock back."""
        self._fake.clock = self._told


class ServerTarget:
    """A server at a URL; a host of the vendor's is the live service, which gets a real key and real pictures only."""

    def __init__(self, url: str, *, key: str = "", pictures: Mapping[str, str] | None = None) -> None:
        self._root = _root(url)
        host = urlsplit(self._root).hostname or ""
        # Whoever takes a real key elsewhere, on this machine too, may stand before the vendor, and spend money there.
        self.live = is_vendor_host(host) or not (key.startswith(_MOCK) or not key)
        self.name = f"the live service ({host})" if self.live else self._root
        self._pictures = dict(pictures or {})
        self._key = self._checked(key or (os.environ.get("DASHSCOPE_API_KEY", "") if self.live else _MOCK_KEY), host)
        secrets = dict.fromkeys(self._pictures.values(), "<picture>")
        self.secrets: Mapping[str, str] = secrets if self._key.startswith(_MOCK) else secrets | {self._key: "<key>"}
        from emoji_mock.conformance.targets.wire import Wire  # noqa: PLC0415 - needs httpx2, an extra

        self._wire = Wire(self._root, live=self.live, from_environment=self.live and not _is_loopback(host))
        self._run = token_hex(4)

    def _checked(self, key: str, host: str) -> str:
        if self.live and not key:
            raise TargetError("the live service needs a key: set DASHSCOPE_API_KEY.")
        if self.live and key.startswith(_MOCK):
            raise TargetError("a mock key (sk-mock-…) is nothing for the live service: set DASHSCOPE_API_KEY.")
        if not key.isascii() or not key.isprintable() or " " in key:
            raise TargetError("the key holds characters that no key has.")
        if not key.startswith(_MOCK) and self._root.startswith("http:") and not _is_loopback(host):
            raise TargetError(f"a real key does not go over plain http to {host}: use https, or a key sk-mock-….")
        return key

    def fill(self, case: Case) -> Filled | str:
        """Return the keys and the picture; a live service is asked only what means something to it."""
        picture = self._pictures.get(case.shows, "") if case.shows else ""
        if case.waits:
            return "needs a clock that can be put forward: the fake in the process has one"
        if not self.live:
            key = _mock_key(case, self._run) if self._key == _MOCK_KEY else self._key
            return Filled(key=key, bad_key=_MOCK_BAD_KEY, picture=picture or case.picture)
        if not case.live:
            return "makes a video, whose price is not known" if case.makes_video else "means something to a fake only"
        if case.shows and not picture:
            return f"needs a picture: --picture {case.shows.rpartition('.')[2]}=URL"
        return Filled(key=self._key, bad_key=_BAD_KEY, picture=picture)

    def send(self, request: Request) -> Response:
        """Return the server's answer. Raises NoAnswerError and TargetError."""
        return self._wire.send(request)

    def wait(self, seconds: float) -> None:
        """Let real time pass."""
        time.sleep(seconds)

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()


def _mock_key(case: Case, run: str) -> str:
    """Return an account of its own for a case that leaves tasks behind, or lists those that there are."""
    name = case.name.replace("/", "-")
    return f"{_MOCK_KEY}-{run}-{name}"[:64] if case.before or case.lists else _MOCK_KEY


def is_live(text: str) -> bool:
    """Say whether the target that `text` names is the live service. Raises TargetError."""
    return text == "live" or (text != "fake" and is_vendor_host(urlsplit(_root(text)).hostname or ""))


def target_for(text: str, *, key: str = "", pictures: Mapping[str, str] | None = None) -> Target:
    """Return the target that `text` names: `fake`, `live`, or a URL. Raises TargetError."""
    if text == "fake":
        return FakeTarget()
    return ServerTarget(HOME if text == "live" else text, key=key, pictures=pictures)


def pictures_from(words: Iterable[str]) -> dict[str, str]:
    """Return the pictures in words like `passed=URL` and `FacePose=URL`, by what is seen in them. Raises ValueError."""
    pictures: dict[str, str] = {}
    for word in words:
        name, mark, url = word.partition("=")
        if not mark or not url.startswith(("http://", "https://", "oss://")):
            raise ValueError(f"--picture takes NAME=URL, such as passed=https://…, not {word[:40]!r}")
        pictures["passed" if name == "passed" else find(name, Outcome.FAILED).name] = url
    return pictures


def _root(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise TargetError(f"the target's URL cannot be read: {error}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise TargetError("the target is `fake`, `live`, or a URL such as http://127.0.0.1:8000.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise TargetError("the target's URL is scheme, host, port and path alone: no user, no query.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    shown = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    return shown + parts.path.rstrip("/").removesuffix(API_PREFIX)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
