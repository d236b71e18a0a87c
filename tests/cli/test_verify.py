"""`emoji-mock verify` and `emoji-mock record` against servers, in this process and once as commands."""

import json
import os
import re
import socket
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import pytest
from command import run_command
from servers import running

from emoji_mock import Fake, Limits, Options
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.recordings.folder import load
from emoji_mock.conformance.recordings.replay import Replay
from emoji_mock.conformance.report.terminal import print_report
from emoji_mock.conformance.runner import Runner
from emoji_mock.conformance.targets.fake import FakeTarget

KEY = "sk-0123456789abcdef0123456789abcdef"


run = partial(run_command, COLUMNS="160")


@pytest.fixture
def serve():
    """Start servers with options, each in a thread, and see to it that they end."""
    with ExitStack() as servers:
        yield lambda fake=None, **options: servers.enter_context(running(fake or Fake(Options(**options)))).url


@pytest.mark.slow
def test_the_fake_conforms_in_the_process_and_over_http(serve):
    """Every case conforms, and the exit status is 0."""
    command = [sys.executable, "-m", "emoji_mock", "verify", "--target", "fake"]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    over_http = run_command("verify", "--target", serve(), "--model", "wan2.2-*")
    pair = [case for case in CASES if case.model.startswith("wan2.2-")]
    timed = sum(case.wait_seconds > 0 for case in pair)
    for done, output in (
        (process, f"{len(CASES)} cases conform"),
        (over_http, f"{len(pair) - timed} cases conform, {timed} skipped"),
    ):
        assert (done.returncode, done.stderr) == (0, "")
        assert re.search(rf"conforms: {output}\.\n\d+ calls, nothing spent\.\n$", done.stdout)


@pytest.mark.slow
def test_drift_is_reported(serve, tmp_path):
    """Exit status 1, each difference in a table, in JSON, and on a page."""
    url = serve(failed_as=400)
    done = run("verify", "--target", url, "--only", "failed/*Pose")
    assert done.returncode == 1
    assert re.search(
        r"drifted  failed/InvalidFile.FacePose  emoji-detect-v1: documented \(detect, 2026-11-22\)", done.stdout
    )
    assert re.search(r"status \(breaking\) +status +200 +as the contract +400", done.stdout)
    output = run("verify", "--target", url, "--model", "emoji-*", "--json", "--html", str(tmp_path / "report.html"))
    assert (output.returncode, json.loads(output.stdout)["counts"]["drifted"]) == (1, 11)
    assert "<b>11</b>drifted" in (tmp_path / "report.html").read_text()


def test_the_models_can_be_chosen():
    """By name, or by a pattern; the report of several models has a line for each."""
    done = run("verify", "--model", "emo-detect-v1", "--model", "wan2.2-*", "--only", "*/*/as-documented")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "  wan2.2-s2v         conforms: 1 case conforms\n"
        "  emo-detect-v1      conforms: 1 case conforms\n"
        "  wan2.2-s2v-detect  conforms: 1 case conforms\n"
        "the fake conforms: 3 cases conform.\n"
        "3 calls, nothing spent.\n"
    )
    one = run("verify", "--model", "emoji-v1", "--only", "accepted/*").stdout
    assert one == "the fake conforms: 4 cases conform.\n4 calls, nothing spent.\n"


def test_control_characters_are_not_printed(capsys):
    """Text from a server and file names of recordings are untrusted."""

    class Hostile(Fake):
        def answer(self, request):
            text = "\x1b[2J\x9b31m"
            return super().answer(request)._replace(body=json.dumps({"code": text, text: text}).encode())

    report = Runner(FakeTarget(Hostile())).run([case for case in CASES if case.name.startswith("auth/")])
    print_report(replace(report, strays=("stray\x1b[2J",)))
    output = capsys.readouterr().out
    assert "stray�[2J" in output
    assert {"\x1b", "\x9b"} & set(output) == set()


@pytest.mark.slow
def test_a_retired_model_is_not_drift(serve):
    """Exit status 4 means that the account or model is not served."""
    done = run("verify", "--target", serve(retired=True))
    assert done.returncode == 4
    assert "this account or model is not served: 403 AccessDenied, Access denied." in done.stdout


@pytest.mark.slow
def test_recordings_can_be_served_and_judged(serve, tmp_path):
    """`record`, a server that replays and `verify --recordings` work together."""
    out = tmp_path / "recordings"
    done = run("record", "--target", serve(failed_as=400), "--out", str(out), "--only", "failed/*")
    assert done.returncode == 0
    assert done.stdout.startswith("10 exchanges of http://127.0.0.1:")
    judged = run("verify", "--recordings", str(out))
    assert judged.returncode == 1
    assert "10 drifted" in judged.stdout
    again = run("record", "--target", "fake", "--out", str(out), "--only", "failed/*")
    assert (again.returncode, "contains recordings already: name another folder, or add --force" in again.stderr) == (
        2,
        True,
    )
    replayed = run("verify", "--target", serve(Replay(load(out))), "--model", "emoji-*")
    assert replayed.returncode == 1
    assert "220 cases conform, 10 drifted" in replayed.stdout


def test_the_configuration_file_can_name_recordings(tmp_path):
    """A flag of `serve` is a key of its file, too; a folder without recordings is reported in one line."""
    (tmp_path / "mock.toml").write_text('replay = "/nowhere"\n')
    done = run("serve", "--config", str(tmp_path / "mock.toml"), "--port", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("emoji-mock serve: /nowhere: contains 0 recordings")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["verify", "--target", "live"], 2, "emoji-mock verify: the live service may cost money: allow it with --live-ok, and --budget N"),
        (["record", "--target", "https://dashscope.aliyuncs.com", "--out", "x"], 2, "emoji-mock record: the live service may cost money"),
        (["verify", "--target", "live", "--live-ok"], 2, "emoji-mock verify: the live service needs a key: set DASHSCOPE_API_KEY, or write it into ~/.dashscope/api_key"),
        (["verify", "--target", "live", "--live-ok", "--key", "sk-mock-a"], 2, "emoji-mock verify: the key for the live service must be a real one"),
        (["verify", "--target", "http://10.0.0.1", "--key", KEY], 2, "emoji-mock verify: a real key is not sent over plain http"),
        (["verify", "--target", "https://proxy.example.com", "--key", KEY], 2, "emoji-mock verify: with a real key, https://proxy.example.com may lead to the live service"),
        (["verify", "--target", "nonsense"], 2, "emoji-mock verify: the target must be fake, live, or a URL"),
        (["verify", "--only", "zzz"], 2, "emoji-mock verify: --only 'zzz' matches no case"),
        (["verify", "--model", "emo-detect-v2"], 2, "emoji-mock verify: --model: unknown model 'emo-detect-v2'; did you mean emo-detect-v1?"),
        (["record", "--out", "x", "--model", "zzz*"], 2, "emoji-mock record: --model: unknown model 'zzz*'; choose from emoji-detect-v1, emo-detect-v1"),
        (["verify", "--model", "emo-v1", "--only", "auth/*"], 2, "emoji-mock verify: --only 'auth/*' matches no case of emo-v1; write it like"),
        (["verify", "--recordings", "/nowhere"], 2, "emoji-mock verify: /nowhere: contains 0 recordings"),
        (["verify", "--recordings", "x", "--target", "live"], 2, "emoji-mock verify: --recordings and --target cannot be used together"),
        (["verify", "--budget", "-1"], 2, "emoji-mock verify: argument --budget: must be a whole number from 0 on, not '-1'"),
        (["verify", "--picture", "passed", "--target", "http://127.0.0.1:1"], 2, "emoji-mock verify: --picture must be NAME=URL"),
        (["verify", "--html", "/nowhere/x.html", "--only", "auth/basic"], 2, "emoji-mock verify: --html /nowhere/x.html: there is no directory /nowhere"),
        (["verify", "--target", "http://127.0.0.1:1", "--key", KEY], 2, "emoji-mock verify: with a real key, http://127.0.0.1:1 may lead to the live service, and may cost money: allow it with --live-ok, and --budget N for the images that it may bill; or use a key sk-mock-…"),
        (["record"], 2, "emoji-mock record: the following arguments are required: --out"),
    ],
    ids=lambda value: " ".join(value).replace(KEY, "KEY") if isinstance(value, list) else "",
)  # fmt: skip
def test_a_mistake_is_reported_in_one_line(arguments, status, said):
    """Only that line is printed, without the key, and the exit status is not 0."""
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert KEY not in done.stderr


def test_a_difference_of_many_cases_is_printed_once_with_five_of_them(tmp_path):
    """The difference first, then some of the cases; the page lists all of them, folded."""
    out, page = tmp_path / "recordings", tmp_path / "report.html"
    assert run("record", "--out", str(out), "--model", "emoji-detect-v1", "--only", "a*/*").returncode == 0
    for path in out.rglob("*.json"):
        path.write_text(path.read_text().replace('"code":', '"trace": 1,\n        "code":'))
    (out / "gone.json").write_text((out / "auth" / "basic.json").read_text().replace("auth/basic", "auth/gone"))
    done = run("verify", "--recordings", str(out), "--html", str(page))
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    assert done.returncode == 1
    output = next(number for number, line in enumerate(lines) if line.startswith("drifted  ") and "cases" in line)
    named = [line for line in lines[output:] if line.startswith("  a")]
    difference = next(number for number, line in enumerate(lines) if "trace" in line)
    assert output < difference < lines.index(named[0])
    assert len(named) == 5
    assert lines[lines.index(named[4]) + 1].startswith("  … and ")
    assert "stray  auth/gone: recorded, but no longer a case of the contract" in done.stdout
    text = page.read_text()
    assert re.search(r"trace.*<details><summary>\d+ cases</summary><ul><li><code>auth/", text)
    assert "<code>auth/gone</code>" in text
    assert json.loads(run("verify", "--recordings", str(out), "--json").stdout)["strays"] == ["auth/gone"]


@pytest.fixture
def interrupted_at_the_fourth(monkeypatch):
    """Interrupt each run at its fourth case, as Ctrl-C does."""
    run_case = Runner._run_case

    def interrupted(self, case):
        if len(self._results) == 3:
            raise KeyboardInterrupt
        return run_case(self, case)

    monkeypatch.setattr(Runner, "_run_case", interrupted)


@pytest.mark.usefixtures("interrupted_at_the_fourth")
def test_an_interrupted_run_prints_findings_and_bill(tmp_path):
    """Ctrl-C: no traceback but the report so far, on the terminal, in JSON and in the files; exit status 130."""
    done = run("verify")
    assert (done.returncode, done.stderr) == (130, "")
    assert done.stdout == "the fake conforms: 3 cases conform.\nStopped before the end: 3 calls, nothing spent.\n"
    done = run("verify", "--json")
    assert (done.returncode, json.loads(done.stdout)["stopped"]) == (130, True)
    done = run("record", "--out", str(tmp_path))
    assert (done.returncode, done.stdout[:26]) == (130, "3 exchanges of the fake wr")


def test_the_live_service_is_called_with_the_key_of_the_sdks_file(tmp_path):
    """As by the client; a mock key in it is refused before anything is sent."""
    (tmp_path / "key").write_text("sk-mock-me\n")
    done = run("verify", "--target", "live", "--live-ok", DASHSCOPE_API_KEY_FILE_PATH=str(tmp_path / "key"))
    assert (done.returncode, done.stderr) == (
        2,
        "emoji-mock verify: the key for the live service must be a real one, not sk-mock-…; set DASHSCOPE_API_KEY\n",
    )


def test_an_unreachable_target_has_its_own_status():
    """Exit status 3: nothing could be judged."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    done = run("verify", "--target", f"http://127.0.0.1:{port}")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"emoji-mock verify: no connection to http://127.0.0.1:{port}")


def test_help_lists_the_exit_statuses():
    """For scripts."""
    output = " ".join(run("verify", "--help").stdout.split())
    assert "0 it conforms, 1 it has drifted, 2 the command line is wrong, 3 no answer" in output
    assert "4 the account or model is not served" in output


@pytest.mark.slow
def test_the_contract_runs_with_pytest(live, tmp_path):
    """`pytest --pyargs emoji_mock.conformance --emoji-target URL`: a test for each case, with its name and provenance."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        *PYARGS,
        "--emoji-target",
        live.url,
        "-v",
        "-k",
        "[auth/ or [wan2.2-",
    ]  # with plugins as installed
    environment = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=tmp_path, env=environment, check=False
    )
    chosen = [case for case in CASES if case.name.startswith(("auth/", "wan2.2-"))]
    timed = sum(case.wait_seconds > 0 for case in chosen)
    assert f"{len(chosen) - timed} passed, {timed} skipped" in done.stdout
    assert "test_promise[auth/no-header:documented+observed] PASSED" in done.stdout


@pytest.mark.slow
def test_pytest_separates_drift_from_guesses(serve, pyargs):
    """Drift fails, with the difference three ways; a wrong guess is an expected failure."""
    status, output = pyargs("--emoji-target", serve(failed_as=400), "-rx", "-k", "[failed/ or [data-url/")
    assert status == 1
    assert "10 failed, 4 passed" in output
    assert "1 xfailed" in output
    assert "status (breaking) at status: contract: 200, fake: as the contract, target: 400" in output
    assert "the contract can be tightened: data-url/too-small" in output


@pytest.mark.parametrize(
    ("way", "warning"),
    [
        (["--key-file", "{file}"], False),
        (["--key-file", "-"], False),
        (["--key-env", "MINE"], False),
        (["--key", KEY], True),
    ],
    ids=["file", "stdin", "environment", "command line"],
)
def test_a_key_need_not_stand_in_the_process_list(tmp_path, way, warning):
    """A key comes from a file, standard input or a variable; on the command line it causes a warning."""
    (tmp_path / "key").write_text(f"{KEY}\n")
    way = [word.replace("{file}", str(tmp_path / "key")) for word in way]
    target = ["--target", "http://127.0.0.1:1", "--only", "auth/no-header"]
    refused = run("verify", *target, *way, input=KEY, MINE=KEY)
    assert refused.stderr.startswith(
        "emoji-mock verify: with a real key, http://127.0.0.1:1 may lead to the live service"
    )
    done = run("verify", *target, *way, "--live-ok", input=KEY, MINE=KEY)
    assert done.returncode == 3
    assert ("emoji-mock verify: warning: --key shows the key to everyone" in done.stderr) is warning
    assert KEY not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("way", "problem"),
    [
        (["--key-file", "/nowhere/key"], "cannot read the API key from /nowhere/key: No such file or directory"),
        (["--key-file", "~nobody-of-this-name/key"], "the home folder of this user is not known"),
        (["--key-file", "-"], "the API key is empty"),
        (["--key-env", "MINE"], "--key-env MINE: set this environment variable to the key"),
        (["--key-env", "MINE", "--key", KEY], "argument --key: not allowed with argument --key-env"),
        (["--kye", KEY], "unknown option '--kye'; did you mean --key?"),
    ],
)
def test_a_key_that_cannot_be_read_is_reported(way, problem):
    """One line, without a key, and exit status 2."""
    done = run("verify", "--target", "http://127.0.0.1:1", *way, input="")
    assert (done.returncode, done.stderr.count("\n"), KEY in done.stderr) == (2, 1, False)
    assert problem in done.stderr


@pytest.mark.slow
def test_pytest_calls_the_live_service_only_with_its_flag_and_a_key(pyargs):
    """Without --emoji-live every live test is skipped; with it and without a key the run says what is missing."""
    asked = ["--emoji-target", "live", "-k", "auth"]
    assert "10 skipped" in pyargs(*asked)[1]
    _, output = pyargs(*asked, "--emoji-live")
    assert "the live service needs a key; set DASHSCOPE_API_KEY" in output
    assert "passed" not in output


@pytest.mark.slow
def test_pytest_says_once_that_nothing_can_be_judged(pyargs):
    """An unreachable or invalid target: one message, not one for each case."""
    status, output = pyargs("--emoji-target", "http://127.0.0.1:9")
    assert status == 1
    assert "\nno connection to http://127.0.0.1:9: " in output
    assert "1 error in " in output
    assert "During handling" not in output
    status, output = pyargs("--emoji-target", "localhost:9")
    assert status == 2
    assert "\n--emoji-target: the target must be fake, live, or a URL such as http://127.0.0.1:8000\n" in output
    assert "test_contract.py:" not in output


@pytest.mark.slow
def test_a_server_that_throttles_is_not_judged(serve, pyargs):
    """Without an answer a case cannot be judged: exit status 3, and with pytest a failure."""
    url = serve(limits=Limits(rps=1))
    output = run("verify", "--target", url, "--only", "passed/*")
    assert output.returncode == 3
    assert "Throttling.RateQuota: run it again" in output.stdout
    status, output = pyargs("--emoji-target", url, "-k", "passed or auth")
    assert status == 1
    assert "undecided: passed/" in output


@pytest.mark.slow
def test_an_invalid_budget_is_refused_by_pytest(pyargs):
    """With the message of the command."""
    _, output = pyargs("--emoji-budget", "two", "-k", "auth/basic")
    assert "--emoji-budget: must be a number from 0 on, not 'two'" in output
    assert "invalid literal" not in output


NOT_PASSED_ON = ("DASHSCOPE_API_KEY", "PYTEST_XDIST_WORKER")
PYARGS = ["-p", "no:cacheprovider", "--pyargs", "emoji_mock.conformance"]


@pytest.fixture
def pyargs(pytester, monkeypatch):
    """Run the package's own tests from an empty folder, with no plugin but ours, inside this process; return status and stdout."""
    for name in NOT_PASSED_ON:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(*arguments):
        done = pytester.runpytest_inprocess("-p", "pytest_emoji_mock", *PYARGS, *arguments)
        return done.ret, done.stdout.str()

    return run
