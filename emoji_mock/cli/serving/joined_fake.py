"""The fake that runs already and that `run --url` joins."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from emoji_mock._support.deadlines import DeadlinePassedError, run_within
from emoji_mock.cli.serving.command_line import URL
from emoji_mock.cli.serving.control_api import ControlApi, UnreachableError
from emoji_mock.cli.serving.reporter import used_between
from emoji_mock.fake.accounting.ledger import Charge, Ledger
from emoji_mock.programs.relay_thread import RelayThread
from emoji_mock.verdict.findings import VerdictDocument
from emoji_mock.verdict.verdict import Verdict

if TYPE_CHECKING:
    from contextlib import ExitStack
    from typing import TypeVar

    from emoji_mock.programs.trusted_listeners import TrustedListeners

    T = TypeVar("T")

_DEADLINE = 30
"""For each document, in seconds."""


class _Model(msgspec.Struct):
    images: int = 0
    seconds: dict[str, float] = {}


class _Total(msgspec.Struct):
    """The part of a ledger that a summary has. A server of another version may leave out what it does not count."""

    passed: int = 0
    failed: int = 0
    errors: int = 0
    done: int = 0
    faults: int = 0
    images_lost: int = 0
    images_wasted: int = 0
    videos: int = 0
    models: dict[str, _Model] = {}


class _Accounts(msgspec.Struct):
    total: _Total


class JoinedFake:
    """The fake at `url`, reached through listeners of this process. Raises ValueError. It is left with `stack`."""

    def __init__(self, url: str, trusted: TrustedListeners, stack: ExitStack) -> None:
        _check(url)
        context = ssl.create_default_context() if url.lower().startswith("https") else None
        if context is not None:  # the fake may show a certificate of the authority that --ca-dir keeps
            context.load_verify_locations(trusted.files.certificate)
        self._server = ControlApi(url, URL, context)
        self._before = self._ledger()
        self.url = self._server.base
        self.port: int = urlsplit(trusted.proxy_url).port or 0
        self._thread = RelayThread(self.url, context, trusted.listeners)
        stack.callback(self._thread.stop)

    def end(self) -> Ledger:
        """Return what was used since the start, by all callers of the server."""
        self._thread.stop()
        return used_between(self._before, self._ledger())

    def verdict(self) -> Verdict:
        """Return how the server judges its callers."""
        found = self._read("/_mock/verdict", VerdictDocument, "verdict")
        return Verdict(found.findings, judged=found.exchanges)

    def _ledger(self) -> Ledger:
        total = msgspec.structs.asdict(self._read("/_mock/ledger", _Accounts, "ledger").total)
        models: dict[str, _Model] = total.pop("models")
        ledger = Ledger(**{name.removeprefix("images_"): count for name, count in total.items()})
        for name, used in models.items():
            if used.images:
                ledger.images_of[name] = used.images
            for tier, seconds in used.seconds.items():
                ledger.charge(Charge(name, tier, seconds))
        return ledger

    def _read(self, path: str, kind: type[T], what: str) -> T:
        try:
            return run_within(_DEADLINE, lambda: self._server.read(path, kind, what))
        except UnreachableError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                hint = "give the --ca-dir that it was started with, or its authority in SSL_CERT_FILE"
                raise ValueError(f"{self._server.url} shows a certificate that is not trusted: {hint}") from None
            raise ValueError(str(error)) from None
        except DeadlinePassedError:
            raise ValueError(f"{self._server.url} sent no {what} within {_DEADLINE} s") from None


def _check(url: str) -> None:
    """Raise ValueError where bytes cannot just be passed on to `url`."""
    try:
        parts = urlsplit(url)
        path, is_wrong_port = parts.path.rstrip("/").removesuffix("/api/v1"), parts.port == 0
    except ValueError as error:
        raise ValueError(f"{URL}: {error}") from None
    if "@" in parts.netloc:
        raise ValueError(f"{URL}: leave out user and password: emoji-mock asks for none")
    if path or parts.query or parts.fragment or is_wrong_port:
        raise ValueError(f"{URL} {url}: not the root of a server, such as http://127.0.0.1:8000")
