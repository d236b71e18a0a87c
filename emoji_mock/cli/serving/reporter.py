"""What is printed about calls while a fake serves, and the bill at its end."""

from __future__ import annotations

import time
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from emoji_mock._support.terminal import plain
from emoji_mock.contract.routes import describe_other_service, describe_unknown_path
from emoji_mock.fake.listeners import LISTENERS

if TYPE_CHECKING:
    from collections.abc import Generator

    from emoji_mock.cli.serving.line_writer import LineWriter
    from emoji_mock.fake.accounting.journal import Entry, StoredCall
    from emoji_mock.fake.accounting.ledger import Ledger

_EXPLAINED = 20
"""How many different problems with paths are explained."""


def summary(total: Ledger) -> str:
    """Return how many calls there were, and what they would have cost."""
    text = f"Calls: {total.calls}."
    text += f" Images the vendor would have billed: {total.images}, {total.cost - total.cost_videos} CNY."
    if total.lost:
        text += f" Of them lost by the network: {total.lost}."
    if total.wasted:
        text += f" Of them wasted on retries of billed answers: {total.wasted}, {total.cost_wasted} CNY."
    if total.videos:
        text += f" Videos: {total.videos}, of which {total.seconds} s would be billed, {total.cost_videos} CNY."
    return text


def used_between(before: Ledger, after: Ledger) -> Ledger:
    """Return what was used between two states of a ledger; all of the later one if it was reset meanwhile."""
    used = after.copy()
    used.add(before, times=-1)
    return after if used.is_negative else used


class Reporter:
    """Print a line for every call, and an explanation of a path that the vendor does not have.

    The lines of calls go to stdout, or to stderr where stdout is another program's.
    """

    def __init__(self, verb: str, lines: LineWriter, *, verbose: bool, to_stderr: bool = False) -> None:
        self._verb, self._lines, self._verbose, self._to_stderr = verb, lines, verbose, to_stderr
        self._explained: set[str] = set()

    @contextmanager
    def listening(self) -> Generator[None]:
        """Report the calls of this process."""
        LISTENERS.append(self.report)
        try:
            yield
        finally:
            LISTENERS.remove(self.report)

    def report(self, stored: StoredCall) -> None:
        """Print the line of a call, and what is wrong with its path, unless that was explained before."""
        call = stored.call
        if self._verbose:  # to build an entry takes a tenth of an answer
            self._lines.put(line_of(stored.entry()), error=self._to_stderr)
        if call.status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST) and not call.endpoint:
            target = stored.entry().target
            problem = describe_unknown_path(target) or describe_other_service(target)
            if problem and problem not in self._explained and len(self._explained) < _EXPLAINED:
                self._explained.add(problem)
                self.print_message(f"{call.status} for {ascii(target[:200])[1:-1]}: {problem}")

    def print_message(self, text: str) -> None:
        """Print a message on stderr."""
        self._lines.put(f"emoji-mock {self._verb}: {plain(text)}", error=True)


def line_of(entry: Entry) -> str:
    """Return the line of a call: time, status, outcome, namespace, image."""
    at = time.strftime("%H:%M:%S", time.localtime(entry.at))
    ending = f"{entry.outcome} {entry.fault or entry.code}".rstrip()
    what = entry.image_url or f"{entry.method} {entry.target}"
    return plain(f"{at}  {entry.status or '—':>3}  {ending:36}  {entry.namespace or '(no key)'}  {ascii(what)[1:-1]}")
