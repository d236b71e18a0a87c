"""Several processes that serve one port: a scrape of any of them shows all."""

import json
import os
import subprocess
import sys

import pytest
from metric_samples import families_of, one_sample, samples_of

from emoji_mock.server.metrics import measuring
from emoji_mock.server.metrics.measuring import FOLDER_VARIABLE, prepare_workers

# Answers as many calls as its argument says, and then each line of its input by the page.
WORKER = """
import json, sys
from emoji_mock import Fake, Request
from emoji_mock.server.metrics.measuring import measuring

fake = Fake()
with measuring(fake) as scrape:
    for _ in range(int(sys.argv[1])):
        fake.answer(Request("GET", "/api/v1/tasks/none", (("authorization", "Bearer sk-mock-me"),), b""))
    print("ready", flush=True)
    for _ in sys.stdin:
        content, media_type = scrape("")
        print(json.dumps([content.decode(), media_type]), flush=True)
"""


def start(calls):
    """Start a worker that answers this many calls first."""
    command = [sys.executable, "-c", WORKER, str(calls)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def page_of(worker):
    """Let a worker return its page."""
    worker.stdin.write("\n")
    worker.stdin.flush()
    content, media_type = json.loads(worker.stdout.readline())
    return content.encode(), media_type


def test_any_worker_shows_what_all_have_counted():
    """Also one that was killed, whose process alone is no longer there; state is shown once; the folder ends with all."""
    with prepare_workers() as folder:
        first, second = workers = [start(2), start(3)]
        try:
            assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 2
            for page in map(page_of, workers):
                assert samples_of(page, "calls_total") == {"- task - - done": 5}
                assert samples_of(page, "answer_seconds_count") == {"task": 5}
                assert (one_sample(page, "store_up"), one_sample(page, "info")) == (1, 1)
                assert pids_of(page) == {str(worker.pid) for worker in workers}
            first.kill()
            first.wait()
            page = page_of(second)
            assert samples_of(page, "calls_total") == {"- task - - done": 5}
            assert pids_of(page) == {str(second.pid)}
        finally:
            for worker in workers:
                worker.kill()
                worker.communicate()
        assert folder.is_dir()
    assert not folder.exists()


def pids_of(page):
    """Return the label `pid` of each process."""
    (family,) = (family for family in families_of(page) if family.name == "process_resident_memory_bytes")
    return {sample.labels["pid"] for sample in family.samples}


def test_the_variable_is_as_before_when_the_workers_have_ended(monkeypatch):
    """It may have been set for other programs; inside it names our folder."""
    monkeypatch.setenv(FOLDER_VARIABLE, "/theirs")
    with prepare_workers() as folder:
        assert os.environ[FOLDER_VARIABLE] == str(folder)
    assert os.environ[FOLDER_VARIABLE] == "/theirs"
    monkeypatch.delenv(FOLDER_VARIABLE)
    with prepare_workers():
        pass
    assert FOLDER_VARIABLE not in os.environ


def test_workers_without_a_temporary_folder_are_told_what_to_do(monkeypatch):
    """A read-only file system: one line, which names the variable."""

    def refuse(**_):
        raise FileNotFoundError(2, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(measuring, "TemporaryDirectory", refuse)
    with (
        pytest.raises(ValueError, match=r"needs a temporary folder: No usable .*; set TMPDIR") as raised,
        prepare_workers(),
    ):
        pass
    assert "\n" not in str(raised.value)
