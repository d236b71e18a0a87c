"""`emoji-mock serve`: options from the command line, then the file, then the defaults; and what is printed."""

import ipaddress
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from threading import Thread

from emoji_mock import __version__
from emoji_mock.assembly import Fake
from emoji_mock.cli.serve_settings import Settings, watching
from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT, MODEL, RATIO
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.options import Options
from emoji_mock.fake.rules.magic_urls import HOST
from emoji_mock.server.run import bind
from emoji_mock.server.run import serve as run


def serve(chosen: Namespace) -> int:
    """Serve until told to stop, and return the exit status."""
    try:
        settings = Settings(chosen)
        fake = _fake(settings)
    except ValueError as error:
        return _fail(getattr(error, "shown", "") or str(error))
    except OSError as error:
        return _fail(f"cannot keep uploads in {error.filename}: {error.strerror or error}")
    host, port = settings.chosen.get("host", "127.0.0.1"), settings.chosen.get("port", 8000)
    try:
        listener = bind(host, port)
    except (OSError, UnicodeError) as error:
        hint = "; --port 0 takes any free one" if "in use" in str(error) else ""
        return _fail(f"cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}{hint}")
    _say_if_open(host)
    port = listener.getsockname()[1]
    with watching(settings, fake, _say):
        run(fake, listener, lambda: print(_banner(_base(host, port)), flush=True))
    with suppress(OSError):  # whoever read our output may be gone
        print(_summary(fake), flush=True)
    return 0


def _fake(settings: Settings) -> Fake:
    chosen, options = settings.chosen, settings.options()
    listener = _Printer().put if chosen.get("verbose") else None
    fake = _replay(chosen["replay"], options, listener) if chosen.get("replay") else Fake(options, listener=listener)
    fake.play(settings.scenario(), lasting=True)
    return fake


def _replay(folder: Path, options: Options, listener: Callable[[Entry], None] | None) -> Fake:
    from emoji_mock.conformance.recordings.folder import load  # noqa: PLC0415 - only a replay needs it
    from emoji_mock.conformance.recordings.replay import Replay  # noqa: PLC0415

    return Replay(load(Path(folder)), options, listener=listener)


def _fail(problem: str) -> int:
    _say(redact(problem))
    return 1


def _say(text: str) -> None:
    print(f"emoji-mock serve: {text}", file=sys.stderr, flush=True)


def _say_if_open(host: str) -> None:
    try:
        inside = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        warning = f"emoji-mock serve: warning: {host} lets other machines in; anyone who reaches it can steer the fake."
        print(warning, file=sys.stderr)


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

           In the picture's URL, say failed/FacePose or error/RateQuota instead of passed/640x800.

Base URL:  {base}{API_PREFIX}   as the official SDK wants it (DASHSCOPE_HTTP_BASE_URL)
           {base}          where a program adds {API_PREFIX} itself
Manual:    {base}/docs

Ctrl-C stops it."""


def _summary(fake: Fake) -> str:
    total = Ledger()
    for ledger in fake.store.ledgers().values():
        total.add(ledger)
    told = f"emoji-mock stopped. Calls: {total.calls}."
    told += f" Images the vendor would have billed: {total.images}, {total.cost} CNY."
    if total.lost:
        told += f" Of them lost by the network: {total.lost}."
    if total.wasted:
        told += f" Of them wasted on retries of billed answers: {total.wasted}, {total.cost_wasted} CNY."
    if total.videos:
        told += f" Videos, whose price is not known: {total.videos}."
    return told


class _Printer:
    """Prints a line for every call from a thread of its own, so that a slow or closed terminal holds nobody up."""

    def __init__(self) -> None:
        self._waiting: Queue[Entry] = Queue(maxsize=10_000)
        Thread(target=self._print_all, daemon=True).start()

    def put(self, entry: Entry) -> None:
        """Print `entry` soon, unless too many wait already."""
        with suppress(Full):
            self._waiting.put_nowait(entry)

    def _print_all(self) -> None:
        with suppress(OSError, ValueError):  # nobody reads any more
            while True:
                print(_line(self._waiting.get()), flush=True)


def _line(entry: Entry) -> str:
    at = time.strftime("%H:%M:%S", time.localtime(entry.at))
    ending = f"{entry.outcome} {entry.fault or entry.code}".rstrip()
    what = entry.image_url or f"{entry.method} {entry.target}"
    return f"{at}  {entry.status or '—':>3}  {ending:36}  {entry.namespace or '(no key)'}  {ascii(what)[1:-1]}"
