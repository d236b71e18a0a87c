"""`emoji-mock serve`: options from the command line, then the file, then the defaults; and what is printed."""

import ipaddress
import sys
import time
from argparse import Namespace
from contextlib import suppress
from queue import Full, Queue
from threading import Thread
from typing import Any

from emoji_mock import __version__
from emoji_mock.contract.endpoint import API_PREFIX, FACE_DETECT, MODEL, RATIO
from emoji_mock.doors.server.run import bind
from emoji_mock.doors.server.run import serve as run
from emoji_mock.fake.journal import Entry
from emoji_mock.fake.keys import redact
from emoji_mock.fake.ledger import Ledger
from emoji_mock.fake.options import Options
from emoji_mock.fake.service import Fake
from emoji_mock.fake.steering import HOST


def serve(chosen: Namespace) -> int:
    """Serve until told to stop, and return the exit status."""
    try:
        settings = _settings(chosen)
        fake = _fake(settings)
    except ValueError as error:
        return _fail(str(error))
    host, port = settings.get("host", "127.0.0.1"), settings.get("port", 8000)
    try:
        listener = bind(host, port)
    except (OSError, UnicodeError) as error:
        hint = "; --port 0 takes any free one" if "in use" in str(error) else ""
        return _fail(f"cannot listen on {host} port {port}: {getattr(error, 'strerror', None) or error}{hint}")
    _say_if_open(host)
    port = listener.getsockname()[1]
    run(fake, listener, lambda: print(_banner(_base(host, port)), flush=True))
    with suppress(OSError):  # whoever read our output may be gone
        print(_summary(fake), flush=True)
    return 0


def _settings(chosen: Namespace) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if chosen.config is not None:
        import msgspec  # noqa: PLC0415 - only a file needs the reader

        from emoji_mock.config import load  # noqa: PLC0415

        settings = {
            name: value for name, value in msgspec.structs.asdict(load(chosen.config)).items() if value is not None
        }
    return settings | {name: value for name, value in vars(chosen).items() if value is not None}


def _fake(settings: dict[str, Any]) -> Fake:
    wanted = {name: settings[name] for name in Options.__dataclass_fields__ if name in settings}
    fake = Fake(Options(**wanted), listener=_Printer().put if settings.get("verbose") else None)
    fake.store.replace_rules(settings.get("rules", []))
    return fake


def _fail(problem: str) -> int:
    print(f"emoji-mock serve: {redact(problem)}", file=sys.stderr)
    return 1


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
    calls = total.images + total.errors
    return f"emoji-mock stopped. Calls: {calls}. Images the vendor would have billed: {total.images}, {total.cost} CNY."


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
    ending = f"{entry.outcome} {entry.code}".rstrip()
    what = entry.image_url or f"{entry.method} {entry.target}"
    return f"{at}  {entry.status}  {ending:36}  {entry.namespace or '(no key)'}  {ascii(what)[1:-1]}"
