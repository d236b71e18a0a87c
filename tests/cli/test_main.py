"""The command, run in this process, and in one of its own where signals, streams or its end matter."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import run_command
from helpers import body, call, raw_call, read_answer
from servers import running

COMMAND = [sys.executable, "-m", "emoji_mock"]


def run_process(*arguments, **environment):
    """Run the command in a process of its own to its end."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, timeout=30, env=os.environ | environment, check=False
    )


class Server:
    """A running `emoji-mock serve`, read line by line."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.banner = ""
        while "Ctrl-C stops it." not in self.banner:
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read()
            self.banner += line
        port = re.search(r"http://127.0.0.1:(\d+)", self.banner)[1]
        self.address = ("127.0.0.1", int(port))

    def ask(self, message):
        """Send one message and return the answer."""
        with socket.create_connection(self.address, timeout=10) as connection:
            connection.sendall(message)
            return read_answer(connection)

    def stop(self, number=signal.SIGTERM):
        """Stop the server and return its exit status, and what else it printed."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err

    def close(self):
        """Leave nothing behind, whatever the test did."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


@pytest.fixture
def serve():
    """Start servers, and see to it that they end."""
    servers = []

    def start(*arguments):
        servers.append(Server(*arguments))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.mark.slow
def test_serve_answers_and_stops_cleanly(serve):
    """It prints an address, both base URLs and the manual; Ctrl-C and SIGTERM end it with 0."""
    for number in (signal.SIGINT, signal.SIGTERM):
        server = serve()
        base = f"http://127.0.0.1:{server.address[1]}"
        assert f"{base}/api/v1 " in server.banner
        assert re.search(rf"{base} ", server.banner)
        assert f"{base}/docs" in server.banner
        assert f" answers for emoji-detect-v1 and 11 other models at {base}\n" in server.banner
        with socket.create_connection(server.address) as connection:
            connection.sendall(raw_call())
            assert b"bbox_face" in read_answer(connection)[2]
        status, out, err = server.stop(number)
        assert (status, err) == (0, "")
        assert out.strip() == "emoji-mock stopped. Calls: 1. Images the vendor would have billed: 1, 0.004 CNY."


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl; CI installs it")
def test_serve_prints_a_curl_command_that_works(serve):
    """The command that the banner prints returns boxes when it is pasted into a shell."""
    server = serve()
    curl = shlex.split(re.search("curl .*", server.banner)[0])
    answer = json.loads(subprocess.run(curl, capture_output=True, text=True, check=True).stdout)
    assert "bbox_face" in answer["output"]


@pytest.mark.slow
def test_serve_stops_while_clients_are_stuck(serve):
    """A client that never finishes does not keep the server from stopping."""
    server = serve()
    with socket.create_connection(server.address) as one, socket.create_connection(server.address) as other:
        one.sendall(raw_call()[:-5])
        other.sendall(raw_call(b"", transfer_encoding="chunked"))
        assert server.stop()[0] == 0


@pytest.mark.slow
def test_sigterm_waits_for_answers_in_progress(serve, tmp_path):
    """A slow answer is completed, a stall is not; the summary counts the call."""
    rules = {
        "latency = 4": True,
        'fault = "drip"\nseconds = 4': True,
        'fault = "stall_in_body"\nseconds = 30': False,
    }
    callers = []
    for number, rule in enumerate(rules):  # at the same time, because each takes four seconds
        path = tmp_path / f"{number}.toml"
        path.write_text(f"[[rules]]\n{rule}\n")
        server = serve("--config", str(path))
        callers.append((server, socket.create_connection(server.address, timeout=10)))
    for _, caller in callers:
        caller.sendall(raw_call())
    time.sleep(0.3)
    for server, _ in callers:
        server.process.send_signal(signal.SIGTERM)
    for (server, caller), whole in zip(callers, rules.values(), strict=True):
        with caller:
            _, headers, content = read_answer(caller)
        assert (len(content) == int(headers["content-length"])) is whole
        out, _ = server.process.communicate(timeout=20)
        assert "Calls: 1. Images the vendor would have billed: 1," in out


@pytest.mark.slow
def test_serve_listens_for_tls_and_as_a_proxy(serve, tmp_path):
    """The banner names ports and files; both kinds of port are in a file, too; the files go with the server."""
    path = tmp_path / "mock.toml"
    path.write_text('tls_port = 0\nca_dir = "authority"\n')
    server = serve("--config", str(path), "--proxy-port", "0")
    authority = Path(re.search(r"CA: +(\S+ca\.pem) ", server.banner)[1])
    context = ssl.create_default_context(cafile=authority)
    assert (tmp_path / "authority" / "emoji-mock-ca.pem").read_bytes() == authority.read_bytes()
    assert re.search(
        rf"Proxy: +http://127.0.0.1:\d+ .*SSL_CERT_FILE={authority.with_name('bundle.pem')}", server.banner
    )
    address = ("127.0.0.1", int(re.search(r"TLS: +port (\d+) ", server.banner)[1]))
    with (
        socket.create_connection(address) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as secure,
    ):
        secure.sendall(raw_call())
        assert read_answer(secure)[0] == 200
    assert server.stop()[0] == 0
    assert not authority.parent.exists()


@pytest.mark.slow
def test_options_come_from_flags_then_file_then_defaults(serve, tmp_path):
    """A flag takes precedence over the file, and the file's rules apply."""
    path = tmp_path / "mock.toml"
    path.write_text('seed = 1\nfailed_as = 200\n[[rules]]\noutcome = "failed"\ncode = "Value"\n')
    server = serve("--config", str(path), "--failed-as", "400", "--verbose")
    status, _, content = server.ask(raw_call(key="sk-mock-alice"))
    assert (status, json.loads(content)["code"]) == (400, "InvalidFile.Value")
    out = server.stop()[1]
    assert re.search(r"400  error InvalidFile.Value +alice  https://example.com/me.png", out)


def test_the_line_of_a_fault_is_aligned():
    """A fault has no status; the other columns are aligned."""
    from emoji_mock import Fake, Rule
    from emoji_mock.cli.serving.reporter import line_of

    fake = Fake()
    fake.store.add_rule(Rule(fault="reset", times=1))
    for _ in range(2):
        fake.answer(call())
    fault, passed = [line_of(entry)[8:] for entry in fake.store.journal().entries]
    assert fault == "    —  fault reset                           test  https://example.com/me.png"
    assert passed == "  200  passed                                test  https://example.com/me.png"


def eventually(check):
    """Return what `check` returns, once that is true, or after five seconds."""
    deadline = time.monotonic() + 5
    while not (found := check()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


@pytest.mark.slow
def test_a_changed_file_is_reloaded_unless_it_is_invalid(serve, tmp_path):
    """Rules, latency and scenario follow the files, on the same socket; after a mistake the former rules apply."""
    path, scenario = tmp_path / "mock.toml", tmp_path / "mine.toml"
    path.write_text('port = 1\nscenario = "mine.toml"\n')
    scenario.write_text('description = "x"\n[[rules]]\noutcome = "failed"\ncode = "Value"\n')
    server = serve("--config", str(path))

    def code():
        answer = json.loads(server.ask(raw_call())[2])
        return answer.get("code") or answer["output"].get("code")

    assert code() == "InvalidFile.Value"
    scenario.write_text('description = "x"\n[[rules]]\noutcome = "failed"\ncode = "FacePose"\n')
    assert eventually(lambda: code() == "InvalidFile.FacePose")
    path.write_text('port = 2\nseed = 7\nscenario = "retired-model"\n')
    assert eventually(lambda: code() == "AccessDenied")
    lines = [server.process.stderr.readline() for _ in range(2)]
    assert lines == [
        "emoji-mock serve: reloaded: 1 rule\n",
        "emoji-mock serve: reloaded: 1 rule; `seed` needs a restart\n",
    ]
    path.write_text('scenario = "retired-model"\nlatency = -1\n')
    line = server.process.stderr.readline()
    while "latency" not in line:
        line = server.process.stderr.readline()
    assert line == f"emoji-mock serve: {path}:2:11: latency: must be a number from 0 on\n"
    assert [server.process.stderr.readline() for _ in range(3)] == [
        "   2 | latency = -1\n", "     |           ^^\n", "not reloaded: the former rules stay in force\n",
    ]  # fmt: skip
    assert code() == "AccessDenied"


def test_scenarios_are_listed_and_shown():
    """Name and purpose of each; the file of one, unchanged."""
    lines = run_command("scenario", "list", COLUMNS="200").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [
        "flaky-monday", "free-tier-ends", "happy", "retired-model", "slow-network",
    ]  # fmt: skip
    assert lines[3] == "retired-model   The model is offline: every call is refused with 403 AccessDenied."
    assert 'code = "access-denied"' in run_command("scenario", "show", "retired-model").stdout


def test_scenario_files_are_checked(tmp_path):
    """A valid file gives a line; an invalid one its line with carets, and exit status 1."""
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text('description = "x"\n[[rules]]\nfault = "reset"\n')
    bad.write_text('description = "x"\n[[rules]]\nfault = "rest"\n')
    done = run_command("scenario", "check", str(good))
    assert (done.returncode, done.stdout) == (0, f"{good}: good is valid: 1 rule\n")
    done = run_command("scenario", "check", str(bad), str(good))
    assert (done.returncode, done.stdout) == (1, f"{good}: good is valid: 1 rule\n")
    assert done.stderr.splitlines() == [
        f"{bad}:3:9: rules[0].fault: unknown value 'rest'; did you mean reset? Choose from refused, close, reset, empty_reply, garbage, stall, truncated_body, stall_in_body, drip, malformed_json, bad_gateway, gateway_timeout",
        '   3 | fault = "rest"',
        "     |         ^^^^^^",
    ]


@pytest.mark.slow
def test_limits_come_from_flags_and_file_and_the_bill_lists_waste(serve, tmp_path):
    """A flag takes precedence over the file, limit by limit; the bill at the end lists what was wasted."""
    path = tmp_path / "mock.toml"
    path.write_text("[limits]\nimages = 1\nspend = 0.008\n")
    server = serve("--config", str(path), "--limit", "images=9")
    answers = [server.ask(raw_call()) for _ in range(3)]
    assert [status for status, _, _ in answers] == [200, 200, 400]
    assert json.loads(answers[2][2])["code"] == "Arrearage"
    assert server.stop()[1].strip() == (
        "emoji-mock stopped. Calls: 3. Images the vendor would have billed: 2, 0.008 CNY."
        " Of them wasted on retries of billed answers: 1, 0.004 CNY."
    )


@pytest.mark.slow
def test_the_bill_lists_lost_answers(serve):
    """Answers that were billed and lost are counted."""
    server = serve("--fault", "malformed_json")
    server.ask(raw_call())
    assert server.stop()[1].strip().endswith("billed: 1, 0.004 CNY. Of them lost by the network: 1.")


@pytest.mark.slow
def test_two_servers_with_one_seed_give_the_same_answers(serve):
    """A seed repeats request ids and boxes in another process."""
    answers = []
    for _ in range(2):
        server = serve("--seed", "5")
        answers.append(server.ask(raw_call())[2])
        server.stop()
    assert answers[0] == answers[1]


def test_a_port_in_use_is_reported_in_one_line():
    """The line has address and port, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_process("serve", "--port", str(port))
    assert done.returncode == 1
    assert (
        done.stderr
        == f"emoji-mock serve: cannot listen on 127.0.0.1 port {port}: Address already in use; --port 0 takes any free one\n"
    )


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ["serve", "--prot", "1"],
            2,
            "emoji-mock serve: unknown option '--prot'; did you mean --port? (see `emoji-mock serve --help`)",
        ),
        (
            ["serve", "--port", "x"],
            2,
            "emoji-mock serve: argument --port: must be a whole number from 0 to 65535, not 'x'",
        ),
        (
            ["serve", "--failed-as", "500"],
            2,
            "emoji-mock serve: argument --failed-as: must be 200 or 400, not '500' (see `emoji-mock serve --help`)",
        ),
        (
            ["serve", "--failed-as", "x"],
            2,
            "emoji-mock serve: argument --failed-as: must be 200 or 400, not 'x' (see `emoji-mock serve --help`)",
        ),
        (
            ["serve", "--journal-size", "0"],
            2,
            "emoji-mock serve: argument --journal-size: must be a whole number from 1 to 10000000, not '0'",
        ),
        (
            ["serve", "--seed", str(2**70)],
            2,
            "emoji-mock serve: argument --seed: must be a whole number of 64 bits, not '1180591620717411303424'",
        ),
        (["serve", "--seed", "x"], 2, "emoji-mock serve: argument --seed: must be a whole number of 64 bits, not 'x'"),
        (
            ["serve", "--limit", "rsp=1"],
            2,
            "emoji-mock serve: argument --limit: unknown limit 'rsp'; did you mean rps? Choose from rps, burst, ",
        ),
        (
            ["serve", "--limit", "rps=0"],
            2,
            "emoji-mock serve: argument --limit: rps: must be a whole number from 1 on, not 0",
        ),
        (
            ["serve", "--fault", "rest"],
            2,
            "emoji-mock serve: argument --fault: unknown fault 'rest'; did you mean reset? Choose from refused, close, ",
        ),
        (
            ["serve", "--fault", "reset=x"],
            2,
            "emoji-mock serve: argument --fault: the chance must be a number such as 0.05, not 'x'",
        ),
        (
            ["serve", "--fault", "reset=7"],
            2,
            "emoji-mock serve: argument --fault: chance: must be more than 0 and at most 1, not 7.0",
        ),
        (["serve", "--latency", "fast"], 2, "emoji-mock serve: argument --latency: must be seconds, or a distribution"),
        (["serve", "--scenario", "no.toml"], 1, "emoji-mock serve: no.toml: No such file or directory"),
        (["scenario", "list", "x"], 2, "emoji-mock scenario list: unexpected argument 'x'; leave it out (see"),
        (["serve", "--config", "/nowhere.toml"], 1, "emoji-mock serve: /nowhere.toml: No such file or directory"),
        (
            ["serve", "--upload-dir", "~nosuchuser/x"],
            1,
            "emoji-mock serve: upload_dir: '~nosuchuser/x': the home folder of this user is not known",
        ),
        (["serve", "--host", "256.1.1.1"], 1, "emoji-mock serve: cannot listen on 256.1.1.1 port 8000: "),
        (
            ["serve", "--scenario", "hapy"],
            2,
            "emoji-mock serve: argument --scenario: unknown scenario 'hapy'; did you mean happy? Choose from ",
        ),
        (["scenario", "show", "sunday"], 1, "emoji-mock scenario show: unknown scenario 'sunday'; choose from "),
        (["scenario", "check"], 2, "emoji-mock scenario check: the following arguments are required: FILE"),
        (["explain", "FacePoze"], 1, "emoji-mock explain: unknown code 'FacePoze'; did you mean FacePose, "),
        ([], 2, "emoji-mock: the following arguments are required: VERB"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_reported_in_one_line(arguments, status, said):
    """Only that line is printed, and the exit status is not 0."""
    done = run_command(*arguments)
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def test_the_process_ends_with_the_status_of_the_verb():
    """`python -m emoji_mock` hands on what `main` returns, or argparse's status, and prints no traceback."""
    for arguments, status in ((["explain", "FacePoze"], 1), ([], 2), (["--version"], 0)):
        done = run_process(*arguments)
        assert (done.returncode, "Traceback" in done.stderr) == (status, False)


# Since Python 3.13 argparse writes the metavar of an option once.
_BASE_URL_SPELLING = "--base-url, --url URL" if sys.version_info >= (3, 13) else "--base-url URL, --url URL"


@pytest.mark.parametrize(
    ("verb", "output"),
    [
        ("serve", "Exit status: 0 it was stopped, 1 it could not start (a port in use, an invalid file, a store that cannot be used), 2 the command line is wrong, 130 interrupted while it waited for its store."),
        ("report", f"{_BASE_URL_SPELLING} address of the server (default: EMOJI_MOCK_URL, which `emoji-mock run` sets, or http://127.0.0.1:8000)"),
        ("run", "1 where --verdict counts a finding and COMMAND ended with 0; 125 the fake could not start"),
        ("report", "2 there is no verdict, for example without a call."),
    ],
)  # fmt: skip
def test_help_lists_exit_statuses_and_addresses(verb, output):
    """For scripts."""
    assert output in " ".join(run_command(verb, "--help").stdout.split())


def test_catalogue_lists_every_code():
    """A row for each, readable at 80 columns."""
    done = run_command("catalogue", COLUMNS="80")
    assert done.returncode == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "InvalidFile.FacePose" in done.stdout
    assert "model-not-exist" in done.stdout


def test_on_a_narrow_terminal_no_word_is_cut():
    """Codes, addresses and exact answers are not broken, and prose is wrapped between words."""
    listed = run_command("catalogue", COLUMNS="60").stdout
    assert max(map(len, listed.splitlines())) <= 60
    assert "IncorrectNumberOfFilesInPOSTRequest" in listed
    assert re.search(
        r"InvalidFile.BodyProportion +D +\n +the face takes too much or too little of +\n +the picture", listed
    )
    output = run_command("explain", "FullFace", COLUMNS="60").stdout
    assert "  When     the face is cut or covered (inferred: also a hand\n           near it).\n" in output
    assert "           https://emoji-mock.test/failed/InvalidFile.FullFace.png\n" in output
    assert (
        '           {"output":{"code":"InvalidFile.FullFace","message":"The pose of the detected face is invalid, please'
        in output
    )
    scenarios = run_command("scenario", "list", COLUMNS="60").stdout
    assert "happy           Nothing goes wrong: every picture gets what\n                it would" in scenarios


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_unprintable_characters_are_escaped(encoding):
    """No locale ends a command with a traceback; JSON stays valid and has the same content."""
    done = run_process("explain", "invalid-api-key", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    whole, escaped = (
        subprocess.run([*COMMAND, "catalogue", "--json"], capture_output=True, check=True, env=os.environ | more).stdout
        for more in ({"PYTHONIOENCODING": "utf-8"}, {"PYTHONIOENCODING": encoding})
    )
    assert whole != escaped
    assert json.loads(escaped.decode(encoding)) == json.loads(whole)
    assert run_process("catalogue", PYTHONIOENCODING=encoding).returncode == 0


def test_escapes_are_valid_json_beyond_the_first_plane():
    """Two surrogates, as JSON has it, not Python's eight digits."""
    from emoji_mock.cli.main import _escaped

    assert _escaped(UnicodeEncodeError("ascii", "a😀é", 1, 3, "")) == ("\\ud83d\\ude00\\u00e9", 3)


def test_catalogue_as_json_holds_everything():
    """For programs: name, code, outcome, status, message, body, billing, provenance and how to provoke it."""
    rows = json.loads(run_command("catalogue", "--json").stdout)
    assert len(rows) == 97
    assert set(rows[0]) == {
        "name", "code", "outcome", "status", "message", "billed", "when", "body", "known", "sources", "date", "note", "provoke",
    }  # fmt: skip


def test_explain_prints_everything_about_a_code():
    """When it occurs, the exact answer, whether it is billed, its source, and how to provoke it."""
    out = run_command("explain", "RateQuota", COLUMNS="200").stdout
    for output in (
        "Throttling.RateQuota",
        "over the requests per second",
        "HTTP 429, error, not billed",
        '{"code":"Throttling.RateQuota","message":"Requests rate limit exceeded, please try again later.","request_id":"',
        "documented and observed, 2026-11-22",
        "help.aliyun.com/zh/model-studio/error-code",
        "the key sk-mock-throttled",
        "https://emoji-mock.test/error/Throttling.RateQuota.png",
    ):
        assert output in out


def test_explain_shows_every_row_of_a_code():
    """InvalidApiKey has two messages."""
    out = run_command("explain", "InvalidApiKey").stdout
    assert "No API-key provided." in out
    assert "Invalid API-key provided." in out


def test_a_reader_that_leaves_early_is_no_error():
    """`emoji-mock catalogue --json | head` ends quietly."""
    done = subprocess.run(
        f"{shlex.join(COMMAND)} catalogue --json | head -c 10", shell=True, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


def test_report_judges_the_callers_of_a_server(tmp_path):
    """The exit status says whether a finding counts; it prints a table, or JSON as in the control API."""
    with running() as live:  # a fresh one, whose exchanges are numbered from 1
        url = live.url
        nothing = [run_command("report", "--base-url", url, *more) for more in ([], ["--namespace", "me"], ["--json"])]
        none = "emoji-mock report: there is no call to judge; call the server first"
        assert [(output.returncode, output.stderr) for output in nothing] == [
            (2, f"{none}\n"),
            (2, f"{none}, or check the namespace\n"),
            (2, f"{none}\n"),
        ]
        assert [nothing[0].stdout, json.loads(nothing[2].stdout)] == ["", {"exchanges": 0, "findings": []}]
        failed = body("https://emoji-mock.test/failed/Value.png")
        for key in ("sk-mock-a", "sk-mock-a", "sk-mock-throttled"):
            live.send(raw_call(failed, key=key))
        output = run_command("report", "--url", f"{url}/api/v1/", COLUMNS="120")
        assert output.returncode == 1
        assert re.search(
            r"wrong +gave-up +https://emoji-mock.test/failed/Value.png: gave up after one attempt", output.stdout
        )
        assert re.search(r"wasteful +paid-twice", output.stdout)
        assert "#3 (namespace throttled)" in output.stdout
        assert "3 exchanges judged: 1 of 2 findings speaks against the callers" in output.stdout
        mine = ["report", "--url", url, "--namespace", "sk-mock-a"]
        assert run_command(*mine, "--html", str(tmp_path / "calls.html")).returncode == 0
        assert "<title>emoji-mock</title>" in (tmp_path / "calls.html").read_text("utf-8")
        refused = run_command(*mine, "--html", str(tmp_path / "none" / "calls.html"))
        assert (refused.returncode, refused.stderr) == (
            2,
            f"emoji-mock report: --html: {tmp_path}/none/calls.html: No such file or directory\n",
        )
        stricter = ([], ["--strict"], ["--strict", "--ignore", "paid-twice"])
        assert [run_command(*mine, *more).returncode for more in stricter] == [0, 1, 0]
        said = json.loads(run_command(*mine, "--json").stdout)
        assert (said["exchanges"], [finding["name"] for finding in said["findings"]]) == (2, ["paid-twice"])


def test_report_within_run_judges_the_callers_of_its_fake(live):
    """Without an address the one that `emoji-mock run` sets is judged, and another one only if it is given."""
    live.send(raw_call(body("https://emoji-mock.test/passed/640x800.png")))
    output = run_command("report", EMOJI_MOCK_URL=live.url)
    assert (output.returncode, output.stdout) == (0, "1 exchange judged: nothing found.\n")
    given = run_command("report", "--url", "http://127.0.0.1:9", EMOJI_MOCK_URL=live.url)
    assert given.stderr.startswith("emoji-mock report: cannot reach http://127.0.0.1:9: ")
    wrong = run_command("report", EMOJI_MOCK_URL="localhost")
    assert wrong.stderr == (
        "emoji-mock report: EMOJI_MOCK_URL localhost: not an address such as http://127.0.0.1:8000\n"
    )


def test_report_explains_why_there_is_no_verdict(live):
    """No server, another server, an invalid address, an unknown finding: exit status 2 and one line."""
    import http.server
    import threading

    class Strange(http.server.BaseHTTPRequestHandler):
        """Answers with a redirect, and with a document that is deeper than anyone needs."""

        def do_GET(self):
            """Answer."""
            if self.path.startswith("/deep"):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"findings":' + b"[" * 400_000)
            else:
                self.send_response(302 if self.path.startswith("/moved") else 501)
                self.send_header("location", "/deep")
                self.end_headers()

        def log_message(self, *_):
            """Print nothing."""

    other = http.server.HTTPServer(("127.0.0.1", 0), Strange)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    url = live.url
    cases = [
        (["--url", "localhost:8000"], "--base-url localhost:8000: not an address such as http://127.0.0.1:8000"),
        (["--url", "http://127.0.0.1:9"], "cannot reach http://127.0.0.1:9: "),
        (["--url", f"http://127.0.0.1:{other.server_port}"], "answers 501 to /_mock/verdict"),
        (["--url", f"http://127.0.0.1:{other.server_port}/moved"], "answers 302 to /_mock/verdict"),
        (["--url", f"http://127.0.0.1:{other.server_port}/deep"], "something other than a verdict"),
        (["--url", url, "--ignore", "gave_up"], "ignore: unknown finding 'gave_up'; did you mean gave-up?"),
        (["--url", "http://[::1"], "--base-url http://[::1: not an address"),
        (["--url", "http://127.0.0.1:99999"], "cannot reach http://127.0.0.1:99999"),
    ]
    for arguments, expected in cases:
        output = run_command("report", *arguments)
        assert (output.returncode, output.stdout, output.stderr.count("\n")) == (2, "", 1), arguments
        assert output.stderr.startswith("emoji-mock report: ")
        assert expected in output.stderr
    other.shutdown()
    other.server_close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize("arguments", [["catalogue", "--json"], ["catalogue"], ["explain", "Throttling"]])
def test_a_closed_output_is_no_traceback(arguments):
    """A verb whose standard output is closed prints nothing."""
    ended = subprocess.run(
        ["bash", "-c", f"{shlex.join([*COMMAND, *arguments])} >&-"], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in ended.stderr


UNWRITABLE = {
    "full": ">/dev/full",
    "both full": ">/dev/full 2>/dev/full",
    "closed": ">&-",
    "all closed": "<&- >&- 2>&-",
    "a reader that ends": "| head -n 1 >/dev/null",
}


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, which Linux has")  # noqa: PTH110
@pytest.mark.parametrize("redirection", UNWRITABLE.values(), ids=UNWRITABLE)
def test_output_that_cannot_be_written_does_not_end_the_server(tmp_path, redirection):
    """It answers, prints no traceback, and ends with 0 when it is told to."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    status = tmp_path / "status"
    command = f"{{ {shlex.join(COMMAND)} serve --verbose --port {port} & echo $! >{tmp_path}/pid; wait $!; echo $? >{status}; }}"
    with subprocess.Popen(["bash", "-c", f"{command} {redirection}"], stderr=subprocess.PIPE, text=True) as shell:
        health = b"GET /api/v1//x HTTP/1.1\r\nhost: localhost\r\n\r\n"

        def answered():
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                    connection.sendall(health)
                    return read_answer(connection)[0]
            except ConnectionRefusedError:
                return None

        deadline = time.monotonic() + 20
        while answered() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert [answered() for _ in range(3)] == [401] * 3
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)
        said = shell.communicate(timeout=20)[1]
    assert status.read_text() == "0\n"
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP on Windows")
def test_the_end_of_the_terminal_ends_the_server_with_its_summary(serve):
    """SIGHUP is answered as SIGTERM is."""
    status, out, _ = serve().stop(signal.SIGHUP)
    assert (status, out.strip()) == (
        0,
        "emoji-mock stopped. Calls: 0. Images the vendor would have billed: 0, 0.000 CNY.",
    )


@pytest.mark.slow
def test_a_path_that_the_vendor_has_not_is_explained_on_the_terminal(serve):
    """The answer is the gateway's, an empty 404 or the words for another service's path; a line says once what is wrong."""
    server = serve()
    answers = [server.ask(raw_call(target="/api/v1//services/x")) for _ in range(2)]
    assert [(status, content) for status, _, content in answers] == [(404, b"")] * 2
    other = "/api/v1/services/aigc/video-generation/video-synthesis"
    assert server.ask(raw_call(target=other))[0] == 400
    assert server.stop()[2].splitlines() == [
        "emoji-mock serve: 404 for /api/v1//services/x: the path has an empty segment; end the base URL without a slash",
        (
            f"emoji-mock serve: 400 for {other}: this path is another service's, which serves none of these models;"
            " VideoSynthesis of the official SDK calls /services/aigc/image2video/video-synthesis with task='image2video'"
        ),
    ]
