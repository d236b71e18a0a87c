"""`emoji-mock run`: a program, unmodified, whose calls to the vendor reach a fake; all others go their usual way."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from emoji_mock._support.terminal import occupy_standard_files
from emoji_mock.cli.output import print_error
from emoji_mock.cli.parsing.help_text import examples
from emoji_mock.cli.serving.command_line import PRINT_ENV, URL, VERDICT, split
from emoji_mock.cli.serving.ending import describe_left, explain_no_call
from emoji_mock.cli.serving.line_writer import LineWriter
from emoji_mock.cli.serving.making import DEFAULTS, warn_if_open, warn_of_password
from emoji_mock.cli.serving.own_fake import OwnFake
from emoji_mock.cli.serving.reporter import Reporter, summary
from emoji_mock.config.serve_settings import ServeSettings, add_flags
from emoji_mock.config.setting import Place
from emoji_mock.config.settings import settings_in
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.programs.access import fake_access, may_run_java
from emoji_mock.programs.environment import changes
from emoji_mock.programs.left_behind import processes_with
from emoji_mock.programs.notice_texts import describe_notices
from emoji_mock.programs.process import SIGNALLED, CommandError, Signals, start, wait
from emoji_mock.programs.shells import DEFAULT_SHELL, SHELLS, render
from emoji_mock.programs.trusted_listeners import TrustedListeners

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from emoji_mock.cli.serving.joined_fake import JoinedFake
    from emoji_mock.fake.accounting.ledger import Ledger

CANNOT_RUN = 125
"""The exit status where `run` itself fails, as with `env` and `timeout`."""
_DEFAULTS = DEFAULTS | {"port": 0, "tls_port": 0, "proxy_port": 0}
_STDOUT = 1
_OF_LISTENERS = frozenset({"host", "tls_port", "proxy_port", "ca_dir", "offline"})
"""The settings that a run has also where it joins a fake."""
_OF_SERVERS = frozenset({"workers"})
"""The settings that a run has not: its program has one server."""
_HOSTS = ("127.0.0.1", "localhost", "0.0.0.0", "::")
"""Where programs reach a listener at 127.0.0.1."""


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = (
        "Run a program whose calls to the vendor reach a fake, while all others go their usual way. What `run` itself"
        " prints goes to stderr."
    )
    parser.epilog = examples(
        "emoji-mock run -- python my_program.py",
        "emoji-mock run --verdict -- pytest",
        then=(
            "Exit status: that of COMMAND, 128+n where the signal n killed it, 127 where it was not found, 126 where it"
            " cannot be executed; 1 where --verdict counts a finding and COMMAND ended with 0; 125 the fake could not"
            " start, 2 the command line is wrong."
        ),
    )
    parser.set_defaults(run=run, split=split)
    parser.add_argument("command", nargs="*", metavar="COMMAND", help="the program and its arguments")
    parser.add_argument(
        VERDICT,
        nargs="?",
        const=True,
        choices=("strict",),
        metavar="strict",
        help="judge the calls at the end; `=strict` counts wasteful and risky findings, too",
    )
    parser.add_argument(
        PRINT_ENV,
        nargs="?",
        const=DEFAULT_SHELL,
        choices=SHELLS,
        help=f"print the environment, close stdout, and serve until stopped (default: {DEFAULT_SHELL})",
    )
    parser.add_argument(URL, help="join the fake that runs at URL, which counts the calls of all its callers")
    add_flags(parser, _DEFAULTS, _OF_SERVERS)


def run(chosen: Namespace) -> int:
    """Run the command beside a fake, and return its exit status."""
    occupy_standard_files()
    if problem := _misused(chosen):
        return print_error("run", problem, 2)
    lines = LineWriter()
    try:
        with Signals() as signals:
            return _Run(chosen, lines, signals).status()
    except CommandError as error:
        return print_error("run", redact(str(error)), error.status)
    except (ValueError, ImportError) as error:
        return print_error("run", redact(getattr(error, "shown", "") or str(error)), CANNOT_RUN)
    finally:
        lines.close()


def _misused(chosen: Namespace) -> str:
    if chosen.command and chosen.print_env:
        return f"{PRINT_ENV} runs no command: leave out one of both"
    if not chosen.command and not chosen.print_env:
        return "name a command: emoji-mock run -- COMMAND ARGUMENT"
    if chosen.url is None:
        return ""
    flags = [
        setting.serve_flags[0]
        for setting in settings_in(Place.SERVE)
        if setting.name not in _OF_LISTENERS | _OF_SERVERS and getattr(chosen, setting.name) is not None
    ]
    return f"{', '.join(flags)}: belongs to the start of a fake, which {URL} joins: set it there" if flags else ""


class _Run:
    """One run: a fake, its listeners, the command, and what is said at the end."""

    def __init__(self, chosen: Namespace, lines: LineWriter, signals: Signals) -> None:
        self._chosen, self._lines, self._signals = chosen, lines, signals
        self._settings = ServeSettings(chosen, _DEFAULTS)
        self._reporter = Reporter("run", lines, verbose=self._settings.values["verbose"], to_stderr=True)

    def status(self) -> int:
        """Start the fake, run the command to its end, and return the exit status."""
        with ExitStack() as stack:
            trusted = stack.enter_context(self._trusted())
            warn_if_open("run", self._settings.values["host"], trusted.proxy_url)
            warn_of_password("run", self._settings)
            fake = self._fake(trusted, stack)
            java = may_run_java(os.environ, *self._chosen.command[:1])
            changed = changes(os.environ, fake_access(fake.url, fake.port, trusted, java=java))
            if number := self._signals.arrived():
                return SIGNALLED + number
            status = self._print_and_wait(changed) if self._chosen.print_env else self._run_command(changed)
            try:
                used = fake.end()
                self._report(used, trusted)
                judged = self._judge(fake, used)  # also where the command failed: the verdict may say why
            except ValueError as error:  # the fake that was joined has ended
                self._reporter.print_message(redact(str(error)))
                judged = CANNOT_RUN
            return status or judged

    def _fake(self, trusted: TrustedListeners, stack: ExitStack) -> OwnFake | JoinedFake:
        if self._chosen.url is None:
            return OwnFake(self._settings, self._reporter, trusted.listeners, stack)
        from emoji_mock.cli.serving.joined_fake import JoinedFake  # noqa: PLC0415 - few runs join one

        return JoinedFake(self._chosen.url, trusted, stack)

    def _trusted(self) -> TrustedListeners:
        values = self._settings.values
        if values["host"] not in _HOSTS:
            raise ValueError(f"--host {values['host']}: programs reach the fake at 127.0.0.1: leave it out, or 0.0.0.0")
        return TrustedListeners(
            host=values["host"],
            tls_port=values["tls_port"],
            proxy_port=values["proxy_port"],
            ca_dir=values.get("ca_dir"),
            offline=values["offline"],
        )

    def _run_command(self, changed: Mapping[str, str]) -> int:
        process = start(self._chosen.command, os.environ | changed)
        self._signals.attach(process)
        status = wait(process)
        self._signals.detach()
        if left := processes_with("EMOJI_MOCK_PROXY", changed["EMOJI_MOCK_PROXY"]):
            self._reporter.print_message(describe_left(left))
        return status

    def _print_and_wait(self, changed: Mapping[str, str]) -> int:
        """Print the environment, and close stdout, so that its reader goes on; then serve until a signal comes."""
        text = render({**changed, "EMOJI_MOCK_PID": str(os.getpid())}, self._chosen.print_env)
        with open(_STDOUT, "wb", closefd=False) as out:
            out.write(os.fsencode(f"{text}\n"))
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, _STDOUT)
        os.close(nothing)
        self._signals.wait()
        return 0

    def _report(self, used: Ledger, trusted: TrustedListeners) -> None:
        notices = trusted.listeners.notices.counts()
        for text in describe_notices(notices):
            self._reporter.print_message(redact(text))
        self._reporter.print_message(summary(used))
        if not used.calls and self._chosen.command:
            text = explain_no_call(self._chosen.command, os.environ, explained=bool(notices))
            self._reporter.print_message(redact(text))

    def _judge(self, fake: OwnFake | JoinedFake, used: Ledger) -> int:
        if not self._chosen.verdict or not used.calls:
            return 0
        from emoji_mock.cli.serving.verdict_table import print_verdict  # noqa: PLC0415 - loads rich

        is_strict = self._chosen.verdict == "strict"
        verdict = fake.verdict()
        against = verdict.against(strict=is_strict)
        self._lines.close()  # the verdict is printed by this thread, behind what the other one writes
        print_verdict(verdict, against, strict="" if is_strict else "--verdict=strict", stderr=True)
        return 1 if against else 0
