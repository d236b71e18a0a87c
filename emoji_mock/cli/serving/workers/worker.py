"""A process that answers on the sockets of its parent; what it prints goes there, so that every line stays whole."""

from __future__ import annotations

import os
import shutil
import signal
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from enum import Enum
from multiprocessing import parent_process
from threading import Thread
from typing import TYPE_CHECKING

from emoji_mock._support.terminal import occupy_standard_files
from emoji_mock.cli.serving.line_writer import LineWriter
from emoji_mock.cli.serving.making import engine_of, make_shared_fake
from emoji_mock.cli.serving.reporter import Reporter
from emoji_mock.server.metrics.measuring import measuring
from emoji_mock.server.run import serve

if TYPE_CHECKING:
    import socket
    from multiprocessing.connection import Connection
    from pathlib import Path

    from emoji_mock.fake.options import Options
    from emoji_mock.server.access import KnownHosts
    from emoji_mock.server.vendor_listeners import VendorListeners
    from emoji_mock.stores.valkey.address import StoreAddress


class Sent(Enum):
    """What a message from a worker is; its text follows."""

    READY = 0
    """The worker answers from now on."""
    REFUSED = 1
    """It cannot start, and ends."""
    LINE = 2
    """A line for stdout."""
    PROBLEM = 3
    """A line for stderr."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """What a worker needs, as it is sent there: sockets and listeners are its own copies."""

    address: StoreAddress
    options: Options
    listener: socket.socket
    hosts: KnownHosts
    vendor_listeners: VendorListeners | None
    page: bool
    verbose: bool
    metrics: bool
    folders: tuple[Path, ...]
    """The temporary folders of the parent: a worker removes them where the parent was killed."""


def work(job: Job, parent: Connection) -> None:
    """Answer until SIGTERM, or the end of the parent."""
    _leave_the_terminal()
    Thread(target=_end_with_the_parent, args=(job.folders,), name="emoji-mock-parent", daemon=True).start()
    occupy_standard_files()

    def send(text: str, error: bool) -> None:  # noqa: FBT001 - as LineWriter calls it
        with suppress(OSError):  # the parent was killed
            parent.send((Sent.PROBLEM if error else Sent.LINE, text))

    try:
        fake = make_shared_fake(job.address, job.options, lambda _: None)  # the parent has reported
    except ValueError as error:
        parent.send((Sent.REFUSED, str(error)))
        return
    lines = LineWriter(send)
    with ExitStack() as stack:
        stack.callback(lines.close)
        stack.enter_context(Reporter("serve", lines, verbose=job.verbose).listening())
        scrape = stack.enter_context(measuring(fake, engine_of(fake))) if job.metrics else None
        serve(
            fake,
            job.listener,
            job.hosts,
            lambda: parent.send((Sent.READY, "")),
            job.vendor_listeners,
            page=job.page,
            scrape=scrape,
        )


def _leave_the_terminal() -> None:
    """Get no signal of the terminal: Ctrl-C would come from it and from the parent, and twice ends without grace."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # also of one that has come since the process was started
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _end_with_the_parent(folders: tuple[Path, ...]) -> None:
    parent = parent_process()
    if parent is None:
        return
    parent.join()
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    os.kill(os.getpid(), signal.SIGTERM)
