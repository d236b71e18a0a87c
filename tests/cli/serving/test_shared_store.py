"""What `serve` and `run` say of a shared store: what excludes it, what it needs, and what a run has used there."""

from argparse import ArgumentParser
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from unittest import mock

import pytest
from command import detect, run_command
from store_helpers import new_prefix, running_valkey

from emoji_mock.cli.serving import making, serve
from emoji_mock.config.serve_settings import ServeSettings, add_flags

NOTHING = "the store at valkey://127.0.0.1:1/0 cannot be reached: nothing listens there; start the server or correct"


@pytest.fixture
def store():
    """The flags of an empty store."""
    return [f"--store=valkey://127.0.0.1:{running_valkey().port}", f"--store-prefix={new_prefix()}"]


def address_of(*flags):
    """Return the address that the flags of `serve` name."""
    parser = ArgumentParser(exit_on_error=False)
    add_flags(parser)
    return making.store_address(ServeSettings(parser.parse_args(flags)))


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        ("--store valkey://127.0.0.1:1", NOTHING),
        ("--store valkey://127.0.0.1:1 --workers 2", NOTHING),
        ("--store valkey://me:hunter2@127.0.0.1:1", "the store at valkey://me@127.0.0.1:1/0 cannot be reached"),
        ("--store ftp://h", "store: unknown scheme 'ftp'; choose from valkey, valkeys, redis, rediss, unix"),
        ("--store valkey://h --store-prefix a,b", "store_prefix: must be 1 to 64 letters"),
        ("--store valkey://h --store-prefix a --store-prefix b", "--store-prefix is given 2 times; leave only one"),
        ("--store valkey://h --upload-dir up", "--upload-dir and --store: with a shared store, uploads are in it"),
        ("--store valkey://h --replay up", "--replay and --store: recordings are played by a server with a memory of"),
        ("--store-prefix a", "store_prefix: belongs to a shared store: add --store valkey://HOST:6379/0, or leave it"),
        ("--workers 2", "--workers 2: add a store that they share: --store valkey://HOST:6379/0"),
    ],
)
def test_a_store_that_cannot_be_is_one_line(flags, problem):
    """The exit status is 1, and the line says what to do; it holds no password."""
    done = run_command("serve", *flags.split())
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"emoji-mock serve: {problem}")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


def test_ctrl_c_ends_the_wait_for_a_store():
    """By one line, as it ends a call of `detect`."""
    with mock.patch.object(serve, "make_fake", side_effect=KeyboardInterrupt):
        done = run_command("serve", "--store", "valkey://127.0.0.1:1")
    assert (done.returncode, done.stderr) == (130, "emoji-mock serve: interrupted\n")


def test_without_the_extra_it_is_named(monkeypatch):
    """With the command that installs it."""
    monkeypatch.setattr(making, "find_spec", lambda _: None)
    done = run_command("serve", "--store", "valkey://127.0.0.1:1")
    said = "emoji-mock serve: --store needs the client of Valkey: pip install 'emoji-mock[valkey]'\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_a_password_comes_from_the_url_a_file_or_the_environment(tmp_path, monkeypatch):
    """The first of them holds; the environment is read at the start."""
    path = tmp_path / "password"
    path.write_text("of the file\n")
    monkeypatch.setenv("EMOJI_MOCK_STORE_PASSWORD", "of the environment")
    assert address_of("--store=valkey://:own@h", f"--store-password-file={path}").password == "own"
    assert address_of("--store=valkey://h", f"--store-password-file={path}").password == "of the file"
    assert address_of("--store=valkey://h", "--store-prefix=a").password == "of the environment"
    assert address_of("--store=valkey://h", "--store-prefix=a").prefix == "a"
    assert address_of() is None


def test_a_password_on_the_command_line_is_warned_of(tmp_path, capfd):
    """Whoever lists the processes of the machine sees it; one in a file or in TOML is seen by its readers alone."""
    config = tmp_path / "mock.toml"
    config.write_text('store = "valkey://:hunter2@h"')
    parser = ArgumentParser()
    add_flags(parser)
    for flags in (["--config", str(config)], ["--store", "valkey://h"], ["--store", "valkey://:hunter2@h"]):
        making.warn_of_password("serve", ServeSettings(parser.parse_args(flags)))
    said = (
        "emoji-mock serve: warning: other users of this machine see the password in --store: put it into"
        " --store-password-file FILE or EMOJI_MOCK_STORE_PASSWORD.\n"
    )
    assert capfd.readouterr().err == said


def test_a_run_says_what_was_used_since_its_start(store):
    """The next run of the same store begins at zero, and judges no call of the one before."""
    flags = [*store, "--verdict=strict", "--"]
    first = run_command("run", *flags, *detect("passed/640x800.png", "passed/640x800.png"))
    assert "Calls: 2. Images the vendor would have billed: 2, 0.008 CNY." in first.stderr
    assert first.returncode == 1
    second = run_command("run", *flags, *detect("passed/800x800.png"))
    assert "Calls: 1. Images the vendor would have billed: 1, 0.004 CNY." in second.stderr
    assert (second.returncode, "nothing found" in second.stderr) == (0, True)


@contextmanager
def answering(status):
    """Serve a page with this status for every path, and yield its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(status)

        def log_message(self, *_):
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (404, "it is not emoji-mock, too old for a verdict, or started without one"),
        (500, "check which program listens there"),
        (503, "a balancer without a replica that is ready, or no emoji-mock"),
    ],
)
def test_a_report_of_a_server_without_a_verdict_says_why(status, hint):
    """A server whose store is away names it; what answers 503 without that is another program."""
    with answering(status) as url:
        done = run_command("report", "--url", url)
    assert (done.returncode, done.stderr) == (
        2,
        f"emoji-mock report: {url} answers {status} to /_mock/verdict: {hint}\n",
    )


def test_a_run_has_one_server():
    """`--workers` is for `serve`; a file that both read may hold it."""
    done = run_command("run", "--workers", "2", "--", "true")
    assert done.returncode == 2
    assert "unknown option '--workers' (see" in done.stderr
