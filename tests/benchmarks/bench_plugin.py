"""Benchmark the interceptors and the pytest plugin; print ratios, each the median of rounds measured in turn.

`python tests/benchmarks/bench_plugin.py` prints each ratio beside its goal.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import msgspec
import respx

import emoji_mock
from emoji_mock.interceptors.httpx import transport

URL = "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect"
BODY = {
    "model": "emoji-detect-v1",
    "input": {"image_url": "https://example.com/me.png"},
    "parameters": {"ratio": "1:1"},
}
ANSWER = {
    "output": {"bbox_face": [212, 194, 460, 441], "ext_bbox_face": [63, 30, 609, 575]},
    "usage": {"image_count": 1},
    "request_id": "33da8e6b-1309-9a44-be83-352165959608",
}
HEADERS = {"Authorization": "Bearer sk-mock-bench"}
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def timed(work, number):
    """Return the seconds that one call of `work` takes."""
    began = time.perf_counter()
    for _ in range(number):
        work()
    return (time.perf_counter() - began) / number


def against(one, other, *, number, rounds=15):
    """Return the median of the ratios one/other and the median seconds of `one`, measured in turn."""
    pairs = [(timed(one, number), timed(other, number)) for _ in range(rounds)]
    return statistics.median(a / b for a, b in pairs), statistics.median(a for a, _ in pairs)


def row(what, measured, goal):
    """Print one line of the report."""
    ratio, seconds = measured
    print(f"{what:62} {ratio:6.2f} x {seconds * 1e6:9.0f} µs   {goal}")


def entering():
    """Measure entering and leaving `intercept()`, against a bare respx mock."""

    def ours():
        with emoji_mock.intercept(emoji_mock.Fake()):
            pass

    def theirs():
        with respx.mock():
            pass

    row("entering and leaving emoji_api, against respx.mock", against(ours, theirs, number=20), "goal: at most 0.5 x")


def faked_call():
    """Measure a faked httpx call, against a static respx route."""
    client = httpx.Client(headers=HEADERS)

    def call():
        client.post(URL, json=BODY)

    pairs = []
    for _ in range(15):
        with emoji_mock.intercept(emoji_mock.Fake()):
            ours = timed(call, 100)
        with respx.mock() as router:
            router.post(URL).respond(200, json=ANSWER)
            pairs.append((ours, timed(call, 100)))
    ratio = statistics.median(one / other for one, other in pairs)
    measured = (ratio, statistics.median(one for one, _ in pairs))
    row("a faked httpx call, against a static respx route", measured, "goal: at most 0.8 x")


def mock_transport():
    """Measure a call through MockTransport, against a bare handler that parses and builds the same JSON."""
    encode = msgspec.json.encode

    def handler(request):
        json.loads(request.content)
        return httpx.Response(200, headers={"content-type": "application/json"}, content=encode(ANSWER))

    vendors = emoji_mock.Fake().answer(emoji_mock.Request("GET", "/")).headers

    def handler_with_headers(request):
        json.loads(request.content)
        return httpx.Response(200, headers=vendors, content=encode(ANSWER))

    ours = httpx.Client(transport=transport(emoji_mock.Fake()), headers=HEADERS)
    for what, other, goal in (
        ("through MockTransport, against a bare handler", handler, "goal: at most 1.15 x"),
        ("through MockTransport, against one with the vendor's headers", handler_with_headers, ""),
    ):
        bare = httpx.Client(transport=httpx.MockTransport(other), headers=HEADERS)
        row(
            what,
            against(lambda: ours.post(URL, json=BODY), lambda bare=bare: bare.post(URL, json=BODY), number=100),
            goal,
        )


def collecting():
    """Measure what the unused plugin adds to `pytest --collect-only` of one file, against an empty plugin.

    Both are loaded with `-p`, so that pytest reads the installed entry points in neither run.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_one.py").write_text("def test_one(): pass\n")
        Path(folder, "empty_plugin.py").write_text("")
        command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
        environment = ENVIRONMENT | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": folder}

        def run(*arguments):
            subprocess.run([*command, *arguments, folder], check=True, capture_output=True, env=environment, cwd=folder)

        pairs = [
            (timed(lambda: run("-p", "pytest_emoji_mock"), 1), timed(lambda: run("-p", "empty_plugin"), 1))
            for _ in range(25)
        ]
    added = statistics.median(one - other for one, other in pairs)
    print(
        f"{'the plugin, unused, adds to pytest --collect-only':62} {added * 1e3:8.1f} ms                goal: at most 5 ms"
    )


def server_fixture():
    """Measure what `emoji_server` adds to a test, once the session's server runs."""
    text = "import pytest\n@pytest.mark.parametrize('n', range(200))\ndef test_one(n{}): pass\n"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_emoji_mock"]
    environment = ENVIRONMENT | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, fixture in (("with", ", emoji_server"), ("without", "")):
            Path(folder, "test_one.py").write_text(text.format(fixture))
            runs = []
            for _ in range(3):
                done = subprocess.run(
                    [*command, folder], check=True, capture_output=True, text=True, env=environment, cwd=folder
                )
                runs.append(float(done.stdout.rsplit(" in ", 1)[1].split("s")[0]))
            took[name] = statistics.median(runs)
    added = (took["with"] - took["without"]) / 200
    print(
        f"{'a test with emoji_server, against one without':62} {added * 1e3:8.1f} ms                goal: at most 5 ms"
    )


if __name__ == "__main__":
    for measure in (entering, faked_call, mock_transport, collecting, server_fixture):
        measure()
