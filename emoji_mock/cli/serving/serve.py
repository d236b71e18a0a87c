"""`emoji-mock serve`: the fake on a socket, and what is printed around it."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from emoji_mock import __version__
from emoji_mock._support.terminal import occupy_standard_files
from emoji_mock.cli.output import print_error
from emoji_mock.cli.parsing.help_text import examples
from emoji_mock.cli.serving.line_writer import LineWriter
from emoji_mock.cli.serving.making import (
    DEFAULTS,
    engine_of,
    make_fake,
    make_options,
    reading_store,
    warn_if_open,
    warn_of_password,
)
from emoji_mock.cli.serving.reporter import Reporter, summary
from emoji_mock.config.serve_settings import ServeSettings, add_flags, watching
from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT, HOME, MODEL, RATIO
from emoji_mock.contract.models import MODELS
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.accounting.ledger import total_of
from emoji_mock.fake.rules.magic_urls import HOST
from emoji_mock.server.access import KnownHosts
from emoji_mock.server.metrics.measuring import measuring, prepare_workers
from emoji_mock.server.run import listen, url_at
from emoji_mock.server.run import serve as run

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Mapping
    from typing import Any

    from emoji_mock.assembly import Fake
    from emoji_mock.programs.trusted_listeners import TrustedListeners
    from emoji_mock.server.control.probes import Scrape


_INTERRUPTED = 130


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Start the fake on a socket."
    parser.epilog = examples(
        "emoji-mock serve",
        "emoji-mock serve --port 8001 --seed 7 --fault reset=0.05 --limit rps=1",
        then=(
            "Exit status: 0 it was stopped, 1 it could not start (a port in use, an invalid file, a store that cannot"
            " be used), 2 the command line is wrong, 130 interrupted while it waited for its store."
        ),
    )
    parser.set_defaults(run=serve)
    add_flags(parser, DEFAULTS)


def serve(chosen: Namespace) -> int:
    """Serve until a signal stops the server, and return the exit status."""
    occupy_standard_files()
    lines = LineWriter()
    try:
        settings = ServeSettings(chosen, DEFAULTS)
        _check_workers(settings.values)
        reporter = Reporter("serve", lines, verbose=settings.values["verbose"])
        fake = make_fake(settings, reporter)
    except ValueError as error:
        return _fail(getattr(error, "shown", "") or str(error))
    except KeyboardInterrupt:  # the store may let one wait
        return print_error("serve", "interrupted", _INTERRUPTED)
    with ExitStack() as stack:
        try:
            served = _Served(settings, fake, stack)
        except (ValueError, ImportError) as error:
            return _fail(str(error))
        stack.enter_context(watching(settings, fake, reporter.print_message))
        if problem := served.run(reporter, lines):
            return _fail(problem)
    lines.put(f"emoji-mock stopped. {_bill(fake)}")
    lines.close()
    return 0


class _Served:
    """The sockets of a server, and what answers there. Raises ValueError, which says what to do, and ImportError."""

    def __init__(self, settings: ServeSettings, fake: Fake, stack: ExitStack) -> None:
        values, host = settings.values, settings.values["host"]
        self._settings, self._fake, self._stack = settings, fake, stack
        engine = engine_of(fake)
        self._address = engine.address if engine else None
        self._listener = stack.enter_context(listen(host, values["port"], "--port"))
        self._trusted = _open_trusted(stack, values)
        self._listeners = self._trusted.listeners if self._trusted else None
        self._hosts = KnownHosts.of_listener(host, values.get("allow_host", ()))
        self._page, self._workers = not values["no_page"], values["workers"]
        self._scrape: Scrape | None = None
        self._folders = [self._trusted.files.folder] if self._trusted else []
        if values["metrics"] and self._workers > 1:
            self._folders.append(stack.enter_context(prepare_workers()))
        elif values["metrics"]:
            self._scrape = stack.enter_context(measuring(fake, engine))
        warn_if_open("serve", host, self._trusted.proxy_url if self._trusted else "")
        warn_of_password("serve", settings)

    def run(self, reporter: Reporter, lines: LineWriter) -> str:
        """Answer until a signal stops the server; return "", or why no worker can start."""

        def started() -> None:
            url = url_at(self._settings.values["host"], self._listener.getsockname()[1])
            store = f"{self._address}   keys {self._address.prefix}:*" if self._address else ""
            workers = f", {self._workers} workers" if self._workers > 1 else ""
            lines.put(_banner(url, self._trusted, page=self._page, store=store + workers))

        if self._workers > 1:
            return self._run_workers(started, lines)
        self._stack.enter_context(reporter.listening())
        run(self._fake, self._listener, self._hosts, started, self._listeners, page=self._page, scrape=self._scrape)
        return ""

    def _run_workers(self, started: Callable[[], None], lines: LineWriter) -> str:
        from emoji_mock.cli.serving.workers.supervisor import Supervisor  # noqa: PLC0415 - few servers have several
        from emoji_mock.cli.serving.workers.worker import Job  # noqa: PLC0415 - likewise

        assert self._address is not None  # noqa: S101 - checked at the start
        values = self._settings.values
        job = Job(
            address=self._address,
            options=make_options(self._settings),
            listener=self._listener,
            hosts=self._hosts,
            vendor_listeners=self._listeners,
            page=self._page,
            verbose=values["verbose"],
            metrics=values["metrics"],
            folders=tuple(self._folders),
        )
        return Supervisor(self._workers, job, lines, started).run(self._close)

    def _close(self) -> None:
        self._listener.close()
        if self._listeners is not None:
            self._listeners.close_sockets()


def _check_workers(values: Mapping[str, Any]) -> None:
    """Raise ValueError where there cannot be several processes."""
    if values["workers"] == 1:
        return
    if "store" not in values:
        raise ValueError(f"--workers {values['workers']}: add a store that they share: --store valkey://HOST:6379/0")
    if sys.platform == "win32":
        raise ValueError(f"--workers {values['workers']}: Windows has one process: leave it out")


def _bill(fake: Fake) -> str:
    try:
        with reading_store():
            text = summary(total_of(fake.store.ledgers().values()))
    except ValueError as error:
        return f"The bill is in the store: {error}"
    return f"All replicas of the store: {text}" if fake.suspends else text


def _fail(problem: str) -> int:
    return print_error("serve", redact(problem), 1)


def _open_trusted(stack: ExitStack, values: Mapping[str, Any]) -> TrustedListeners | None:
    """Open the listeners for TLS and as a proxy, if there shall be any. Raises ValueError, which says what to do."""
    if "tls_port" not in values and "proxy_port" not in values:
        return None
    from emoji_mock.programs.trusted_listeners import TrustedListeners  # noqa: PLC0415 - loads what makes certificates

    trusted = TrustedListeners(
        host=values["host"],
        tls_port=values.get("tls_port"),
        proxy_port=values.get("proxy_port"),
        ca_dir=values.get("ca_dir"),
        offline=values["offline"],
    )
    return stack.enter_context(trusted)


def _banner(base: str, trusted: TrustedListeners | None, *, page: bool, store: str) -> str:
    body = f'{{"model":"{MODEL}","input":{{"image_url":"https://{HOST}/passed/640x800.png"}},"parameters":{{"ratio":"{RATIO}"}}}}'
    curl = (
        f"curl -s {base}{API_PREFIX}{FACE_DETECT} -H 'Authorization: Bearer sk-mock-me'"
        f" -H 'Content-Type: application/json' -d '{body}'"
    )
    shown = f"Page:      {base}/   calls as they happen, pictures, money, rules\n" if page else ""
    if store:
        shown = f"Store:     {store}\n{shown}"
    return f"""emoji-mock {__version__} answers for {MODEL} and {len(MODELS) - 1} other models at {base}

Try it:    {curl}

           In the image's URL, put failed/FacePose or error/RateQuota in place of passed/640x800.

Base URL:  {base}{API_PREFIX}   for the official SDK (DASHSCOPE_HTTP_BASE_URL)
           {base}          for a program that adds {API_PREFIX} itself
{shown}Manual:    {base}/docs

{_banner_of_trusted(trusted) if trusted else ""}Ctrl-C stops it."""


def _banner_of_trusted(trusted: TrustedListeners) -> str:
    lines = [f"CA:        {trusted.files.certificate}   certificate for the vendor's hosts alone"]
    if trusted.tls_port:
        lines.append(f"TLS:       port {trusted.tls_port}   for {HOME}")
    if trusted.proxy_url:
        lines.append(f"Proxy:     {trusted.proxy_url}   HTTPS_PROXY, with SSL_CERT_FILE={trusted.files.bundle}")
    return "\n".join([*lines, "", ""])
