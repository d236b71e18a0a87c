"""The report of a run: `--emoji-report FILE`."""

import re

import msgspec
import pytest
from helpers import body, call
from pytest_emoji_mock import _run_report

from emoji_mock import Fake

TESTS = """
def test_passes(emoji_api):
    assert code() is None
def test_fails(emoji_api):
    emoji_api.fails("FacePose")
    assert code() == "InvalidFile.FacePose"
"""


def accounts_in(path):
    """Return the tests whose calls a report lists, the newest first."""
    return re.findall(r'<td class="account">([^<]*)</td>', path.read_text("utf-8"))


def test_a_run_writes_its_calls_by_test(project):
    """The account of a call is the test that made it; a relative path begins where pytest was started."""
    output = project.output_of(TESTS, "--emoji-report=calls.html", passed=2)
    path = project.pytester.path / "calls.html"
    assert f"emoji-mock: report of 2 calls in {path}" in output
    assert accounts_in(path) == ["test_it.py::test_fails", "test_it.py::test_passes"]
    assert "<title>2 faked calls of a test run</title>" in path.read_text("utf-8")


def test_pictures_that_tests_sent_are_in_it(project):
    """That of a `data:` URL, which a fake otherwise forgets."""
    project.output_of(
        """
        from base64 import b64encode
        from emoji_mock.media.portraits import Portrait, draw
        def test_it(emoji_api):
            detect("data:image/png;base64," + b64encode(draw(Portrait(size=(400, 400))).encoded()).decode())
        """,
        "--emoji-report=calls.html",
        passed=1,
    )
    assert '<image href="data:image/jpeg;base64,' in (project.pytester.path / "calls.html").read_text("utf-8")


def test_a_report_that_cannot_be_written_fails_the_run(project):
    """The last lines say why."""
    result = project.run(TESTS, "--emoji-report=none/calls.html")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["emoji-mock: --emoji-report: *none/calls.html: No such file or directory"])


def test_a_test_of_many_calls_keeps_the_newest(monkeypatch):
    """While the test still runs, too: no more calls are held than a report has."""
    monkeypatch.setattr(_run_report, "CALLS", 2)
    report, fake = _run_report.RunReport(), Fake()
    monkeypatch.setattr("emoji_mock.fake.listeners.LISTENERS", [report.put])
    report.begin("test_it.py::test_it")
    for name in ("a", "b", "c"):
        fake.answer(call(body(f"https://example.com/{name}.png")))
    kept = msgspec.msgpack.decode(report.encoded(), type=_run_report.CollectedCalls).calls
    assert [one.image_url for one in kept] == ["https://example.com/b.png", "https://example.com/c.png"]


@pytest.mark.slow
def test_workers_send_their_calls(project):
    """The controller of pytest-xdist writes one report."""
    project.output_of(TESTS, "-p", "xdist", "-n", "2", "--emoji-report=calls.html", process=True, passed=2)
    assert sorted(accounts_in(project.pytester.path / "calls.html")) == [
        "test_it.py::test_fails",
        "test_it.py::test_passes",
    ]
