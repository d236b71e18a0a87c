"""`emoji-mock serve`: the fake on a socket, and what is printed around it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from emoji_mock import __version__
from emoji_mock._support.terminal import occupy_standard_files
from emoji_mock.cli.output import print_error
from emoji_mock.cli.serving.line_writer import LineWriter
from emoji_mock.cli.serving.making import DEFAULTS, make_fake, warn_if_open
from emoji_mock.cli.serving.reporter import Reporter, summary
from emoji_mock.config.serve_settings import ServeSettings, add_flags, watching
from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT, HOME, MODEL, RATIO
from emoji_mock.contract.models import MODELS
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.accounting.ledger import total_of
from emoji_mock.fake.rules.magic_urls import HOST
from emoji_mock.server.access import KnownHosts
from emoji_mock.server.metrics.measuring import measuring
from emoji_mock.server.run import listen, url_at
from emoji_mock.server.run import serve as run

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping
    from typing import Any

    from emoji_mock.programs.trusted_listeners import TrustedListeners


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Start the fake on a socket."
    parser.epilog = (
        "Exit status: 0 it was stopped, 1 it could not start (a port in use, an invalid file), 2 the command line is"
        " wrong."
    )
    parser.set_defaults(run=serve)
    add_flags(parser, DEFAULTS)


def serve(chosen: Namespace) -> int:
    """Serve until a signal stops the server, and return the exit status."""
    occupy_standard_files()
    lines = LineWriter()
    try:
        settings = ServeSettings(chosen, DEFAULTS)
        reporter = Reporter("serve", lines, verbose=settings.values["verbose"])
        fake = make_fake(settings, reporter)
    except ValueError as error:
        return _fail(getattr(error, "shown", "") or str(error))
    host = settings.values["host"]
    with ExitStack() as stack:
        try:
            listener = stack.enter_context(listen(host, settings.values["port"], "--port"))
            trusted = _open_trusted(stack, settings.values)
            scrape = stack.enter_context(measuring(fake)) if settings.values["metrics"] else None
        except (ValueError, ImportError) as error:
            return _fail(str(error))
        warn_if_open("serve", host, trusted.proxy_url if trusted else "")
        hosts = KnownHosts.of_listener(host, settings.values.get("allow_host", ()))
        page = not settings.values["no_page"]
        banner = _banner(url_at(host, listener.getsockname()[1]), trusted, page=page)
        stack.enter_context(watching(settings, fake, reporter.print_message))
        stack.enter_context(reporter.listening())
        listeners = trusted.listeners if trusted else None
        run(fake, listener, hosts, lambda: lines.put(banner), listeners, page=page, scrape=scrape)
    lines.put(f"emoji-mock stopped. {summary(total_of(fake.store.ledgers().values()))}")
    lines.close()
    return 0


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


def _banner(base: str, trusted: TrustedListeners | None, *, page: bool) -> str:
    body = f'{{"model":"{MODEL}","input":{{"image_url":"https://{HOST}/passed/640x800.png"}},"parameters":{{"ratio":"{RATIO}"}}}}'
    curl = (
        f"curl -s {base}{API_PREFIX}{FACE_DETECT} -H 'Authorization: Bearer sk-mock-me'"
        f" -H 'Content-Type: application/json' -d '{body}'"
    )
    shown = f"Page:      {base}/   calls as they happen, pictures, money, rules\n" if page else ""
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
