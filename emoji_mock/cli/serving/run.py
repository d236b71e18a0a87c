"""`emoji-mock run`: a program, unmodified, whose calls to the vendor reach a fake; all others go their usual way."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from emoji_mock._support.terminal import occupy_standard_files
from emoji_mock.cli.output import print_error
from emoji_mock.cli.serving.command_line import split
from emoji_mock.cli.serving.line_writer import LineWriter
from emoji_mock.cli.serving.making import make_fake
from emoji_mock.cli.serving.reporter import Reporter, summary, total_of
from emoji_mock.config.serve_settings import ServeSettings, add_flags, watching
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.programs.access import fake_access, may_run_java
from emoji_mock.programs.environment import changes
from emoji_mock.programs.process import CommandError, Signals, start, wait
from emoji_mock.programs.server_thread import ServerThread
from emoji_mock.programs.trusted_listeners import TrustedListeners
from emoji_mock.server.access import KnownHosts
from emoji_mock.server.run import listen, quieten, url_at

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

CANNOT_RUN = 125
"""The exit status where `run` itself fails, as with `env` and `timeout`."""
_DEFAULTS = {"port": 0, "tls_port": 0, "proxy_port": 0}


def describe(parser: ArgumentParser) -> None:
    """Add description and arguments."""
    parser.description = "Run a program whose calls to the vendor reach a fake, while all others go their usual way."
    parser.epilog = (
        "Exit status: that of COMMAND, 128+n where the signal n killed it, 127 where it was not found, 126 where it"
        " cannot be executed; 125 the fake could not start, 2 the command line is wrong."
    )
    parser.set_defaults(run=run, split=split)
    add_flags(parser, _DEFAULTS)
    parser.add_argument("command", nargs="*", metavar=("COMMAND", "ARGUMENT"), help="the program and its arguments")


def run(chosen: Namespace) -> int:
    """Run the command beside a fake, and return its exit status."""
    occupy_standard_files()
    lines = LineWriter()
    try:
        with Signals() as signals, ExitStack() as stack:
            settings = ServeSettings(chosen, _DEFAULTS)
            values = settings.values
            reporter = Reporter("run", lines, verbose=values["verbose"], to_stderr=True)
            fake = make_fake(settings, reporter)
            host = values["host"]
            listener = stack.enter_context(listen(host, values["port"], "--port"))
            trusted = stack.enter_context(
                TrustedListeners(
                    host=host,
                    tls_port=values["tls_port"],
                    proxy_port=values["proxy_port"],
                    ca_dir=values.get("ca_dir"),
                    offline=values["offline"],
                )
            )
            hosts = KnownHosts.of_listener(host, values.get("allow_host", ()))
            quieten()
            server = ServerThread(fake, listener, hosts)
            stack.callback(server.stop)
            server.run(server.server.listen(trusted.listeners))
            stack.enter_context(watching(settings, fake, reporter.print_message))
            stack.enter_context(reporter.listening())
            java = may_run_java(os.environ, chosen.command[0])
            access = fake_access(url_at(host, server.port), server.port, trusted, java=java)
            process = start(chosen.command, os.environ | changes(os.environ, access))
            signals.attach(process)
            status = wait(process)
            reporter.print_message(summary(total_of(fake)))
            lines.close()
            return status
    except CommandError as error:
        return print_error("run", redact(str(error)), error.status)
    except (ValueError, ImportError) as error:
        return print_error("run", redact(getattr(error, "shown", "") or str(error)), CANNOT_RUN)
