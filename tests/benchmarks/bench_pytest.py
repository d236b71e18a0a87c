"""The figures of pytest: the plugin unused, `emoji_server` in a test, and a project of 500 faked tests beside respx."""

import os
import statistics
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import ENVIRONMENT, Goal, in_turns, ratio

HERE = str(Path(__file__).parent)
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
TESTS = 500
FILES = 10
PROJECT = """
import httpx
import pytest

from detection import ANSWER, HEADERS, URL, body_for


@pytest.fixture(scope="session")
def client():
    with httpx.Client(headers=HEADERS) as client:
        yield client


@pytest.mark.parametrize("number", range({tests}))
def test_detects_a_face(client, {fixture}, number):
    {prepare}
    answer = client.post(URL, json=body_for(number))
    assert answer.status_code == 200
    assert len(answer.json()["output"]["bbox_face"]) == 4
    {judge}
"""
OURS = {"fixture": "emoji_api", "prepare": "", "judge": "assert len(emoji_api.calls) == 1"}
THEIRS = {
    "fixture": "respx_mock",
    "prepare": "route = respx_mock.post(URL).respond(200, json=ANSWER)",
    "judge": "assert route.call_count == 1",
}


def run(folder, *arguments):
    """Run pytest in `folder` with no plugins but those named; return its CPU seconds, children included, and its seconds."""
    environment = ENVIRONMENT | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), HERE, *filter(None, [ENVIRONMENT.get("PYTHONPATH")])])
    began = time.perf_counter()
    process = subprocess.Popen(
        [*PYTEST, *arguments, str(folder)], stdout=subprocess.PIPE, text=True, env=environment, cwd=folder
    )
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(output[-2000:])
    return used.ru_utime + used.ru_stime, time.perf_counter() - began


def collecting(report, plan):
    """Measure what the unused plugin adds to collecting one file, against an empty plugin.

    Both are loaded with `-p`, so that pytest reads the installed entry points in neither run.
    """
    with TemporaryDirectory() as folder:
        Path(folder, "test_one.py").write_text("def test_one(): pass\n")
        Path(folder, "empty_plugin.py").write_text("")
        measures = {
            name: partial(run, folder, "--collect-only", "-p", name) for name in ("pytest_emoji_mock", "empty_plugin")
        }
        in_turns(measures, 1)
        figures = in_turns(measures, plan.turns(25, 25)[1])
    pairs = zip(figures["pytest_emoji_mock"], figures["empty_plugin"], strict=True)
    added = statistics.median(one - other for (one, _), (other, _) in pairs) * 1e3
    report.heading("pytest")
    report.row("pytest --collect-only, CPU that the unused plugin adds", added, "ms", Goal(5, unit="ms"), digits=1)


def server_fixture(report, plan):
    """Measure what `emoji_server` adds to a test, once the session's server runs."""
    tests = 200
    text = f"import pytest\n@pytest.mark.parametrize('n', range({tests}))\ndef test_one(n%s): pass\n"
    with TemporaryDirectory() as folder:
        for name, fixture in (("with", ", emoji_server"), ("without", "")):
            Path(folder, name).mkdir()
            Path(folder, name, "test_one.py").write_text(text % fixture)
        measures = {name: partial(run, Path(folder, name), "-p", "pytest_emoji_mock") for name in ("with", "without")}
        in_turns(measures, 1)
        figures = in_turns(measures, plan.turns(5, 5)[1])
    pairs = zip(figures["with"], figures["without"], strict=True)
    added = statistics.median(one - other for (one, _), (other, _) in pairs) * 1e3 / tests
    report.row("a test with emoji_server, CPU against one without", added, "ms", Goal(5, unit="ms"))


def project(report, plan):
    """Measure `pytest -n auto` of a project of faked tests, against the same tests on respx."""
    plugins = {"emoji_api": ("pytest_emoji_mock", OURS), "respx": ("respx.plugin", THEIRS)}
    with TemporaryDirectory() as folder:
        measures = {}
        for name, (plugin, words) in plugins.items():
            place = Path(folder, name)
            place.mkdir()
            for number in range(FILES):
                place.joinpath(f"test_{number}.py").write_text(PROJECT.format(tests=TESTS // FILES, **words))
            measures[name] = partial(run, place, "-p", "xdist", "-n", "auto", "-p", plugin)
        in_turns(measures, 1)
        figures = in_turns(measures, plan.turns(11, 11)[1])
    report.heading(f"pytest -n auto, {TESTS} tests of httpx, {os.cpu_count()} cores")
    ours, theirs = figures["emoji_api"], figures["respx"]
    for which, what, goal in ((0, "CPU", Goal(1)), (1, "duration", None)):
        one, other = [figure[which] for figure in ours], [figure[which] for figure in theirs]
        report.row(f"{what}, emoji_api", statistics.median(one), "s")
        report.row(f"{what}, respx", statistics.median(other), "s")
        report.row(f"{what}, against respx", ratio(one, other), goal=goal)
