"""`emoji-mock serve`: the fake on a socket, and what is printed around it."""

from __future__ import annotations

import ipaddress
import time
from contextlib import suppress
from queue import Full, Queue
from threading import Thread
from typing import TYPE_CHECKING

from emoji_mock import __version__
from emoji_mock.assembly import Fake
from emoji_mock.cli.output import print_error
from emoji_mock.config.serve_settings import ServeSettings, add_flags, watching
from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT, MODEL, RATIO
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.rules.magic_urls import HOST
from emoji_mock.server.run import bind
from emoji_mock.server.run import serve as run

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable
    from pathlib import Path

    from emoji_mock.conformance.recordings.recording import RecordingError
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.options import Options


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Start the fake on a socket."
    parser.epilog = (
        "Exit status: 0 it was stopped, 1 it could not start (a port in use, an invalid file), 2 the command line is"
        " wrong."
    )
    parser.set_defaults(run=serve)
    add_flags(parser)


def serve(chosen: Namespace) -> int:
    """Serve until a signal stops the server, and return the exit status."""
    try:
        settings = ServeSettings(chosen)
        fake = _fake(settings)
    except ValueError as error:
        return _fail(getattr(error, "shown", "") or str(error))
    except OSError as error:
        return _fail(f"cannot keep uploads in {error.filename}: {error.strerror or error}")
    host, port = settings.values["host"], settings.values["port"]
    try:
        listener = bind(host, port)
    except (OSError, UnicodeError) as error:
        hint = "; --port 0 takes any free one" if "in use" in str(error) else ""
        return _fail(f"cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}{hint}")
    _warn_if_open(host)
    port = listener.getsockname()[1]
    with watching(settings, fake, _print_message):
        run(fake, listener, lambda: print(_banner(_base(host, port)), flush=True))
    with suppress(OSError):  # the process that reads our output may have ended
        print(_summary(fake), flush=True)
    return 0


def _fake(settings: ServeSettings) -> Fake:
    values, options = settings.values, settings.options()
    listener = _Printer().put if values["verbose"] else None
    fake = _replay(values["replay"], options, listener) if "replay" in values else Fake(options, listener=listener)
    fake.play(settings.scenario(), lasting=True)
    return fake


def _replay(folder: Path, options: Options, listener: Callable[[Entry], None] | None) -> Fake:
    from emoji_mock.conformance.recordings.folder import load  # noqa: PLC0415 - needed for a replay only
    from emoji_mock.conformance.recordings.replay import Replay  # noqa: PLC0415

    def leave_out(error: RecordingError) -> None:
        _print_message(redact(f"left out: {error}"))

    return Replay(load(folder, leave_out), options, listener=listener, report=_print_message)


def _fail(problem: str) -> int:
    return print_error("serve", redact(problem), 1)


def _print_message(text: str) -> None:
    print_error("serve", text)


def _warn_if_open(host: str) -> None:
    try:
        is_local = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        print_error("serve", f"warning: other machines can reach {host}, and change the answers of the fake.")


def _base(host: str, port: int) -> str:
    shown = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _banner(base: str) -> str:
    body = f'{{"model":"{MODEL}","input":{{"image_url":"https://{HOST}/passed/640x800.png"}},"parameters":{{"ratio":"{RATIO}"}}}}'
    curl = (
        f"curl -s {base}{API_PREFIX}{FACE_DETECT} -H 'Authorization: Bearer sk-mock-me'"
        f" -H 'Content-Type: application/json' -d '{body}'"
    )
    return f"""emoji-mock {__version__} answers for {MODEL} at {base}

Try it:    {curl}

           In the image's URL, put failed/FacePose or error/RateQuota in place of passed/640x800.

Base URL:  {base}{API_PREFIX}   for the official SDK (DASHSCOPE_HTTP_BASE_URL)
           {base}          for a program that adds {API_PREFIX} itself
Manual:    {base}/docs

Ctrl-C stops it."""


def _summary(fake: Fake) -> str:
    total = Ledger()
    for ledger in fake.store.ledgers().values():
        total.add(ledger)
    text = f"emoji-mock stopped. Calls: {total.calls}."
    text += f" Images the vendor would have billed: {total.images}, {total.cost} CNY."
    if total.lost:
        text += f" Of them lost by the network: {total.lost}."
    if total.wasted:
        text += f" Of them wasted on retries of billed answers: {total.wasted}, {total.cost_wasted} CNY."
    if total.videos:
        text += f" Videos, whose price is not known: {total.videos}."
    return text


class _Printer:
    """Print a line for every call in a thread of its own, so that a slow or closed terminal delays no call."""

    def __init__(self) -> None:
        self._waiting: Queue[Entry] = Queue(maxsize=10_000)
        Thread(target=self._print_all, daemon=True).start()

    def put(self, entry: Entry) -> None:
        """Queue `entry` for printing; drop it if 10,000 are waiting."""
        with suppress(Full):
            self._waiting.put_nowait(entry)

    def _print_all(self) -> None:
        with suppress(OSError, ValueError):  # the terminal is closed
            while True:
                print(_line(self._waiting.get()), flush=True)


def _line(entry: Entry) -> str:
    at = time.strftime("%H:%M:%S", time.localtime(entry.at))
    ending = f"{entry.outcome} {entry.fault or entry.code}".rstrip()
    what = entry.image_url or f"{entry.method} {entry.target}"
    return f"{at}  {entry.status or '—':>3}  {ending:36}  {entry.namespace or '(no key)'}  {ascii(what)[1:-1]}"
