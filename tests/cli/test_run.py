"""`emoji-mock run`: in this process where it can be, and in one of its own where it is stopped, killed or read."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from unittest import mock

import pytest
from command import DETECT, detect, run_command
from servers import running

from emoji_mock import Fake
from emoji_mock.cli.serving.command_line import split
from emoji_mock.cli.serving.control_api import UnreachableError
from emoji_mock.cli.serving.ending import describe_left, explain_no_call
from emoji_mock.programs.left_behind import LeftProcess

COMMAND = [sys.executable, "-m", "emoji_mock", "run"]
NO_CALL = "true made no call to the vendor. If it should have: what ignores HTTPS_PROXY and is neither Node nor Python"


@pytest.mark.parametrize(
    ("words", "own", "command"),
    [
        ("-- node app.js --port 3", "", "node app.js --port 3"),
        ("node app.js --port 3", "", "node app.js --port 3"),
        ("--port 0 node -v", "--port 0", "node -v"),
        ("--po 0 -v node", "--po 0 -v", "node"),
        ("--port=0 --verdict node", "--port=0 --verdict", "node"),
        ("--verdict=strict -- strict", "--verdict=strict", "strict"),
        ("--print-env fish", "--print-env fish", ""),
        ("--print-env -- node", "--print-env", "node"),
        ("--print-env node", "--print-env", "node"),
        ("--url http://x -- a -- b", "--url http://x", "a -- b"),
        ("--offline --fault reset=1 --fault stall curl", "--offline --fault reset=1 --fault stall", "curl"),
        ("--unknown node", "--unknown", "node"),
    ],
)
def test_the_command_begins_behind_the_options(words, own, command):
    """`--` divides, and where there is none the first word that belongs to no option begins the command."""
    assert split(words.split()) == (own.split(), command.split())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a command: emoji-mock run -- COMMAND ARGUMENT"),
        (["--print-env", "--", "true"], "--print-env runs no command: leave out one of both"),
        (["--verdict", "strict", "--", "true"], "--verdict strict: write --verdict=strict"),
        (["--verdict=lax", "true"], "argument --verdict: unknown value 'lax'; choose from strict"),
        (["--port", "70000", "true"], "argument --port: must be a whole number from 0 to 65535, not '70000'"),
        (["--sceanrio", "x", "true"], "unknown option '--sceanrio'; did you mean --scenario?"),
        (
            ["--url", "http://127.0.0.1:1", "--seed", "3", "-v", "true"],
            "--seed, --verbose: belongs to the start of a fake, which --url joins: set it there",
        ),
    ],
)
def test_a_wrong_command_line_is_reported(arguments, message):
    """It is one sentence, and the status is 2."""
    done = run_command("run", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(f"emoji-mock run: {message}")
    assert done.stderr.count("\n") == 1


def test_the_status_and_the_output_of_the_command_go_through(capfd):
    """Its stdout is its own, the summary is on stderr, and that it called nobody is said."""
    done = run_command("run", "--", "sh", "-c", "echo out; exit 3")
    assert (done.returncode, done.stdout) == (3, "")
    assert capfd.readouterr().out == "out\n"
    lines = done.stderr.splitlines()
    assert lines[0] == "emoji-mock run: Calls: 0. Images the vendor would have billed: 0, 0.000 CNY."
    assert lines[1].startswith("emoji-mock run: sh made no call to the vendor. If it should have:")


def test_a_command_that_cannot_be_started_has_the_status_of_a_shell(tmp_path):
    """127 where there is none, and 126 where it cannot be executed; nothing else is printed."""
    done = run_command("run", "no-such-command")
    assert (done.returncode, done.stderr) == (127, "emoji-mock run: no-such-command: command not found\n")
    done = run_command("run", "--", str(tmp_path))
    assert (done.returncode, done.stderr) == (126, f"emoji-mock run: {tmp_path}: is a directory\n")


def test_calls_are_answered_billed_and_judged(capfd):
    """With `--verbose` each call is a line on stderr; the verdict counts where the command ended with 0."""
    done = run_command(
        "run", "-v", "--verdict=strict", *detect("passed/640x800.png?1", "passed/640x800.png?1", "error/RateQuota")
    )
    assert capfd.readouterr().out == "200\n200\n429\n"
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert [line[10:13] for line in lines[:3]] == ["200", "200", "429"]
    assert lines[3] == (
        "emoji-mock run: Calls: 3. Images the vendor would have billed: 2, 0.008 CNY."
        " Of them wasted on retries of billed answers: 1, 0.004 CNY."
    )
    assert "paid-twice" in done.stderr
    assert "3 exchanges judged: " in done.stderr


def test_a_verdict_leaves_the_status_of_a_failed_command(capfd):
    """Wasteful findings count with `strict` alone; what failed by itself keeps its status, and is judged, too."""
    done = run_command("run", "--verdict", *detect("passed/640x800.png?1", "passed/640x800.png?1"))
    assert done.returncode == 0
    assert "0 of 1 finding speak against the callers; with --verdict=strict," in " ".join(done.stderr.split())
    failing = DETECT + "sys.exit(5)"
    done = run_command(
        "run", "--verdict=strict", sys.executable, "-c", failing, "passed/640x800.png?1", "passed/640x800.png?1"
    )
    assert done.returncode == 5
    assert "1 of 1 finding speaks against the callers." in " ".join(done.stderr.split())
    assert capfd.readouterr().out == "200\n" * 4


def test_the_options_of_serve_hold(capfd, tmp_path):
    """A fault, and a file with rules, change what the command gets."""
    assert run_command("run", "--fault", "bad_gateway", *detect("passed/640x800.png")).returncode == 0
    config = tmp_path / "fake.toml"
    config.write_text('[[rules]]\noutcome = "error"\ncode = "RateQuota"\n')
    assert run_command("run", "--config", str(config), *detect("passed/640x800.png?1")).returncode == 0
    assert capfd.readouterr().out == "502\n429\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--host", "192.0.2.1"], "--host 192.0.2.1: programs reach the fake at 127.0.0.1: leave it out, or 0.0.0.0"),
        (["--config", "/no/such/file"], "/no/such/file: "),
        (["--url", "http://127.0.0.1:1"], "cannot reach http://127.0.0.1:1: "),
        (["--url", "127.0.0.1:1"], "--url 127.0.0.1:1: not "),
        (["--url", "http://u:secret@127.0.0.1:1"], "--url: leave out user and password: emoji-mock asks for none"),
        (["--url", "http://127.0.0.1:1/x"], "--url http://127.0.0.1:1/x: not the root of a server"),
        (["--url", "http://127.0.0.1:99999"], "--url: Port out of range 0-65535"),
        (["--url", "http://[::1"], "--url: Invalid IPv6 URL"),
    ],
)
def test_what_cannot_start_is_125(arguments, message):
    """One sentence says what is wrong, and the command is not run."""
    done = run_command("run", *arguments, "--", "sh", "-c", "exit 9")
    assert done.returncode == 125
    assert done.stderr.startswith(f"emoji-mock run: {message}")
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr


@pytest.mark.parametrize("flag", ["--port", "--tls-port", "--proxy-port"])
def test_a_taken_port_is_125(flag):
    """The port is named, and how to get a free one."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_command("run", flag, str(port), "true")
    assert (done.returncode, done.stderr) == (
        125,
        f"emoji-mock run: cannot listen on 127.0.0.1 port {port}: Address already in use; {flag} 0 takes any free one\n",
    )


def test_without_the_extra_its_install_line_is_printed():
    """The exact line is what to type."""
    hidden = dict.fromkeys(["trustme", "cryptography", "emoji_mock.server.tls.certificates"])
    with mock.patch.dict(sys.modules, hidden):
        done = run_command("run", "true")
    assert done.returncode == 125
    assert (
        done.stderr
        == "emoji-mock run: answering https:// needs trustme and cryptography: pip install 'emoji-mock[tls]'\n"
    )


def test_a_fake_that_runs_is_joined(capfd):
    """Its answers come through TLS, only what was used since the start is billed, and it judges its callers."""
    fake = Fake()
    with running(fake) as live:
        run_command("run", "--url", live.url, "--", *detect("passed/640x800.png?0"))
        done = run_command(
            "run", "--url", live.url, "--verdict=strict", *detect("passed/640x800.png?1", "passed/640x800.png?1")
        )
        environment = run_command("run", "--url", live.url, "--", "sh", "-c", "echo $EMOJI_MOCK_URL").stderr
    assert capfd.readouterr().out == f"200\n200\n200\n{live.url}\n"
    assert done.returncode == 1
    assert done.stderr.startswith(
        "emoji-mock run: Calls: 2. Images the vendor would have billed: 2, 0.008 CNY."
        " Of them wasted on retries of billed answers: 1, 0.004 CNY.\n"
    )
    assert "paid-twice" in done.stderr
    assert "emoji-mock run: Calls: 0. " in environment


def test_a_joined_server_that_is_no_fake_is_reported():
    """A server without a ledger is named, and the command is not run."""
    error = UnreachableError("http://127.0.0.1:1 answers 404 to /_mock/ledger: it is not emoji-mock")
    with mock.patch("emoji_mock.cli.serving.control_api.ControlApi.read", side_effect=error):
        done = run_command("run", "--url", "http://127.0.0.1:1", "true")
    assert (done.returncode, done.stderr) == (125, f"emoji-mock run: {error}\n")


class Process:
    """An `emoji-mock run` in a process of its own."""

    def __init__(self, *arguments, **environment):
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DASHSCOPE_")}
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean | environment,
            start_new_session=True,
        )

    def close(self):
        """Leave nothing behind, whatever the test did."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def process():
    """Start runs, and see to it that they end."""
    started = []

    def begin(*arguments, **environment):
        started.append(Process(*arguments, **environment))
        return started[-1].process

    yield begin
    for one in started:
        one.close()


def call_with(environment):
    """Run a client to its end with the environment of a run."""
    command = detect("passed/640x800.png?1")
    environment = os.environ | environment
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=30)


@pytest.mark.slow
def test_the_environment_is_printed_and_served_until_a_signal(process):
    """Stdout is closed behind it, so that `$(… &)` goes on; the user's own key is not in it."""
    one = process("--print-env", "json", DASHSCOPE_API_KEY="sk-0123456789abcdef", NODE_OPTIONS="--no-warnings")
    printed = one.stdout.read()
    assert "sk-0123456789abcdef" not in printed
    environment = json.loads(printed)
    assert environment["NODE_OPTIONS"].startswith("--no-warnings --require ")
    assert "DASHSCOPE_API_KEY" not in environment
    assert environment["EMOJI_MOCK_PID"] == str(one.pid)
    assert Path(environment["EMOJI_MOCK_CA"]).exists()
    client = call_with(environment)
    assert (client.returncode, client.stdout) == (0, "200\n")
    one.send_signal(signal.SIGTERM)
    assert one.stderr.read() == "emoji-mock run: Calls: 1. Images the vendor would have billed: 1, 0.004 CNY.\n"
    assert one.wait(10) == 0
    assert not Path(environment["EMOJI_MOCK_CA"]).exists()


def is_refused(environment):
    """Return whether a later call with the environment of a run is refused, and thus reaches nobody."""
    client = call_with(environment)
    return "Connection refused" in client.stderr and client.stdout == ""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_process_left_behind_is_named_and_reaches_nobody(process):
    """It runs on behind its parent; that is said, and its calls are refused, never sent to the vendor."""
    one = process("--", "sh", "-c", "sleep 60 >&- 2>&- & env -0; echo")
    environment = dict(line.split("=", 1) for line in one.stdout.read().strip().split("\0") if "=" in line)
    error = one.stderr.read()
    assert one.wait(10) == 0
    first = error.splitlines()[0]
    assert first.startswith("emoji-mock run: sleep (process ")
    assert first.endswith(") still runs, and gets no answers from now on: its calls are refused.")
    assert is_refused(environment)


@pytest.mark.slow
def test_the_calls_of_a_program_whose_run_was_killed_are_refused(process):
    """Behind SIGKILL nothing is sent to the vendor."""
    one = process("--", "sh", "-c", "env -0; echo; read line")
    environment = dict(line.split("=", 1) for line in one.stdout.readline().strip().split("\0") if "=" in line)
    one.kill()
    one.wait(10)
    assert is_refused(environment)
    shutil.rmtree(Path(environment["EMOJI_MOCK_CA"]).parent)  # what was killed could not


@pytest.mark.slow
def test_a_signal_ends_the_command_and_the_summary_is_printed(process):
    """SIGTERM is the command's; its status is 128+n, and `run` ends in order."""
    one = process("--", "sh", "-c", "echo ready; read line")
    assert one.stdout.readline() == "ready\n"
    one.terminate()
    assert one.wait(10) == 143
    assert one.stderr.read().startswith("emoji-mock run: Calls: 0.")


def test_preload_prints_paths():
    """The file for Node and the folder for Python exist."""
    node, python = (Path(run_command("preload", name).stdout.strip()) for name in ("node", "python"))
    assert node.name == "node.cjs"
    assert node.is_file()
    assert (python / "sitecustomize.py").is_file()
    assert run_command("preload", "ruby").returncode == 2


@pytest.mark.parametrize(
    ("command", "environ", "explained", "text"),
    [
        ("true", {}, True, "true made no call to the vendor."),
        ("/bin/true", {}, False, NO_CALL),
        (
            "true",
            {"DASHSCOPE_HTTP_BASE_URL": "http://u:secret@localhost:9/api/v1"},
            False,
            "true made no call to the vendor. DASHSCOPE_HTTP_BASE_URL is set to another server, localhost: unset it.",
        ),
        ("true", {"DASHSCOPE_HTTP_BASE_URL": "https://dashscope.aliyuncs.com/api/v1"}, False, NO_CALL),
        (
            "sudo",
            {},
            False,
            (
                "sudo made no call to the vendor. sudo gives programs another environment: put `emoji-mock run --` behind"
                " it, not before."
            ),
        ),
    ],
)
def test_a_command_without_a_call_is_explained(command, environ, explained, text):
    """The likely cause is named: another base URL, an environment of its own, a program that ignores proxies."""
    assert explain_no_call([command], environ, explained=explained).startswith(text)


def test_several_processes_left_behind_are_named():
    """One sentence names them all."""
    left = [LeftProcess(3, "node"), LeftProcess(4, "sh")]
    assert describe_left(left) == (
        "node (process 3), sh (process 4) still run, and get no answers from now on: their calls are refused."
    )
