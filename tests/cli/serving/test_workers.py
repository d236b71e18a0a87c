"""`serve --workers`: several processes on one port, one memory, one banner, one bill; none of them is left behind."""

import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from store_helpers import new_prefix, running_valkey

from emoji_mock import Options
from emoji_mock.cli.serving.workers import supervisor
from emoji_mock.cli.serving.workers.supervisor import Supervisor
from emoji_mock.cli.serving.workers.worker import Job
from emoji_mock.server.access import KnownHosts
from emoji_mock.server.run import bind
from emoji_mock.stores.valkey.address import StoreAddress

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
BODY = b'{"model":"emoji-detect-v1","input":{"image_url":"https://emoji-mock.test/passed/640x800.png"},"parameters":{"ratio":"1:1"}}'
PATH = "/api/v1/services/aigc/image2video/face-detect"
HEADERS = {"Authorization": "Bearer sk-mock-me", "Content-Type": "application/json"}
LINE = re.compile(
    r"\d\d:\d\d:\d\d  (200  passed|200  failed InvalidFile\.FacePose|429  error Throttling\.RateQuota) +me  https://\S+\n"
)


class Server:
    """A server of two workers in a process group of its own, and what it has printed."""

    def __init__(self, process):
        self.process = process
        self.banner = "".join(self.lines("Ctrl-C stops it."))
        self.port = int(re.search(r"models at http://127\.0\.0\.1:(\d+)", self.banner)[1])

    def lines(self, text="", most=1000):
        """Return the lines that are printed up to one with `text`, at most so many."""
        lines = []
        while len(lines) < most and not (lines and text and text in lines[-1]):
            lines.append(self.process.stdout.readline())
            assert lines[-1], f"the server has ended: {''.join(lines)}"
        return lines

    def children(self):
        """Return the processes that it has started."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(word) for word in path.read_text().split()]

    def workers(self):
        """Return those of them that answer."""
        return [one for one in self.children() if "spawn_main" in Path(f"/proc/{one}/cmdline").read_text()]

    def connect(self):
        """Return a connection."""
        return closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10))

    def read(self, path):
        """Return a document of the control API."""
        with self.connect() as connection:
            connection.request("GET", path)
            return json.loads(connection.getresponse().read())


def call(connection):
    """Send a detection and return the status."""
    connection.request("POST", PATH, BODY, HEADERS)
    answer = connection.getresponse()
    answer.read()
    return answer.status


@contextmanager
def serving(folder, *flags):
    """Start a server of two workers, whose temporary folders are in `folder`."""
    store = f"valkey://127.0.0.1:{running_valkey().port}"
    shared = ["--store", store, "--store-prefix", new_prefix(), "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "emoji_mock", "serve", "--port", "0", *shared, *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        yield Server(process)
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def wait_until(is_so):
    """Wait until `is_so()`, for some seconds."""
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_gone(pid):
    """Return whether a process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True


def test_workers_answer_as_one_server(tmp_path):
    """Their lines are whole, a reload reaches all once, one that dies is replaced, and Ctrl-C ends all: one bill."""
    config = tmp_path / "mock.toml"
    config.write_text('verbose = true\n[[rules]]\noutcome = "failed"\ncode = "FacePose"\ntimes = 1\n')
    with ExitStack() as opened, serving(tmp_path, "--config", str(config)) as server:
        assert f"Store:     valkey://127.0.0.1:{running_valkey().port}/0   keys " in server.banner
        assert ", 2 workers\n" in server.banner
        connections = [opened.enter_context(server.connect()) for _ in range(20)]
        assert [call(one) for one in connections] == [200] * 20
        lines = server.lines(most=20)
        assert [line for line in lines if not LINE.fullmatch(line)] == []
        assert sum("failed InvalidFile.FacePose" in line for line in lines) == 1
        total = server.read("/_mock/ledger")["total"]
        assert (total["passed"], total["failed"]) == (19, 1)

        config.write_text('verbose = true\n[[rules]]\noutcome = "error"\ncode = "RateQuota"\n')
        assert server.lines("reloaded")[-1] == "emoji-mock serve: reloaded: 1 rule\n"
        assert [call(one) for one in connections] == [429] * 20
        config.write_text("verbose = true\n")
        lines = server.lines("reloaded: 0 rules")
        assert sum("reloaded" in line for line in lines) == 1

        first, second = server.workers()
        os.kill(first, signal.SIGKILL)
        said = f"emoji-mock serve: worker {first} was ended by SIGKILL; another one starts in 0.25 s\n"
        assert server.lines("another one")[-1] == said
        wait_until(lambda: len(server.workers()) == 2)
        assert second in server.workers()
        with server.connect() as connection:
            assert call(connection) == 200

        started = server.children()
        os.killpg(server.process.pid, signal.SIGINT)
        text = server.process.stdout.read()
        assert server.process.wait(10) == 0
        billed = "Calls: 41. Images the vendor would have billed: 21, 0.084 CNY."
        assert text.count(f"emoji-mock stopped. All replicas of the store: {billed}") == 1
        assert "Traceback" not in text
        assert "answers for" not in text
        wait_until(lambda: all(map(is_gone, started)))
        assert [one.name for one in tmp_path.iterdir()] == ["mock.toml"]


def test_nothing_is_left_where_the_parent_is_killed(tmp_path):
    """Workers end with it, and remove its temporary folders; before, they answer at the other listeners, too."""
    with serving(tmp_path, "--tls-port", "0", "--proxy-port", "0", "--metrics") as server:
        tls = int(re.search(r"TLS: +port (\d+)", server.banner)[1])
        context = ssl.create_default_context(cafile=re.search(r"CA: +(\S+)", server.banner)[1])
        for _ in range(4):
            with closing(http.client.HTTPSConnection("127.0.0.1", tls, timeout=10, context=context)) as connection:
                assert call(connection) == 200
        started = server.children()
        assert len(list(tmp_path.iterdir())) == 2
        server.process.kill()
        server.process.wait(10)
        wait_until(lambda: all(map(is_gone, started)) and not list(tmp_path.iterdir()))


@pytest.fixture
def job():
    """What workers need that cannot start: nothing listens at the address of their store."""
    with bind("127.0.0.1", 0) as listener:
        yield Job(
            address=StoreAddress(host="127.0.0.1", port=1),
            options=Options(),
            listener=listener,
            hosts=KnownHosts(),
            vendor_listeners=None,
            page=False,
            verbose=False,
            metrics=False,
            folders=(),
        )


class Lines:
    """The lines that a supervisor prints."""

    def __init__(self):
        self.texts = []

    def put(self, text, *, error=False):
        """Keep a line, which is one of an error."""
        assert error
        self.texts.append(text)


class EndsAtOnce:
    """Ends the process that it is sent to."""

    def __reduce__(self):
        return os._exit, (7,)


def test_a_worker_that_is_refused_at_the_start_ends_all(job):
    """The reason is returned; nobody tries again, and nobody has said that it answers."""
    lines, started, closed = Lines(), [], []
    problem = Supervisor(1, job, lines, lambda: started.append(1)).run(lambda: closed.append(1))
    assert problem.startswith("the store at valkey://127.0.0.1:1/0 cannot be reached: nothing listens there")
    assert (lines.texts, started, closed) == ([], [], [1])


def test_workers_that_end_at_once_are_given_up(monkeypatch):
    """After some attempts, each after a longer pause than the one before."""
    monkeypatch.setattr(supervisor, "work", print)  # a process that imports nothing of ours
    monkeypatch.setattr(supervisor, "_FIRST_PAUSE", 0.001)
    lines = Lines()
    problem = Supervisor(1, EndsAtOnce(), lines, list).run(list)
    assert problem == "no worker can start: of 5 in a row the last one ended with status 7"
    said = r"worker \d+ ended with status 7; another one starts in (.*) s$"
    assert [re.search(said, text)[1] for text in lines.texts] == ["0.001", "0.002", "0.004", "0.008"]
