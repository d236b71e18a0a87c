"""The fake that `run` starts for a program, in a thread of this process."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from emoji_mock._support.event_loops import settle
from emoji_mock.cli.serving.making import engine_of, make_fake, reading_store
from emoji_mock.cli.serving.reporter import used_between
from emoji_mock.config.serve_settings import watching
from emoji_mock.fake.accounting.ledger import total_of
from emoji_mock.programs.server_thread import ServerThread
from emoji_mock.server.access import KnownHosts
from emoji_mock.server.metrics.measuring import measuring
from emoji_mock.server.run import listen, quieten, url_at

if TYPE_CHECKING:
    from contextlib import ExitStack

    from emoji_mock.cli.serving.reporter import Reporter
    from emoji_mock.config.serve_settings import ServeSettings
    from emoji_mock.fake.accounting.ledger import Ledger
    from emoji_mock.server.vendor_listeners import VendorListeners
    from emoji_mock.verdict.verdict import Verdict


class OwnFake:
    """A fake of `settings`, on its own port and at `listeners`, until `stack` ends. Raises ValueError, ImportError."""

    def __init__(
        self, settings: ServeSettings, reporter: Reporter, listeners: VendorListeners, stack: ExitStack
    ) -> None:
        host = settings.values["host"]
        self._fake = make_fake(settings, reporter)
        self._before, self._last = self._total(), self._latest()
        listener = stack.enter_context(listen(host, settings.values["port"], "--port"))
        quieten()
        is_measured = settings.values["metrics"]
        self._thread = ServerThread(
            self._fake,
            listener,
            KnownHosts.of_listener(host, settings.values.get("allow_host", ())),
            page=not settings.values["no_page"],
            scrape=stack.enter_context(measuring(self._fake, engine_of(self._fake))) if is_measured else None,
        )
        stack.callback(self._thread.stop)
        self._thread.run(self._thread.server.listen(listeners))
        self.port = self._thread.port
        self.url = url_at(host, self.port)
        stack.enter_context(watching(settings, self._fake, reporter.print_message))
        stack.enter_context(reporter.listening())

    def end(self) -> Ledger:
        """Stop, when the program has ended, and return what it used; in a shared store, with all other callers."""
        self._thread.run(settle())
        self._thread.stop()
        return used_between(self._before, self._total())

    def verdict(self) -> Verdict:
        """Judge the calls since the start."""
        from emoji_mock.verdict.verdict import judge  # noqa: PLC0415 - only where it was asked for

        with reading_store():
            return judge(self._fake.store.journal(after=self._last, limit=sys.maxsize).entries)

    def _latest(self) -> int:
        with reading_store():
            return self._fake.store.latest_calls(limit=1).last

    def _total(self) -> Ledger:
        with reading_store():
            return total_of(self._fake.store.ledgers().values())
