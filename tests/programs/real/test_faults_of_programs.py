"""Faults, as programs of several languages meet them: in plain HTTP, by TLS without a proxy, and through the proxy."""

import json
import shutil
import subprocess

import pytest
from real_programs import HERE, run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # many programs start
SECONDS = {"stall": 60, "drip": 0.5}
MET = {
    "reset": ("ConnectionError", "the connection ended", "IOException", "exit 56"),
    "empty_reply": ("ConnectionError", "the connection ended", "IOException", "exit 52"),
    "garbage": ("ConnectionError", "HPE_INVALID_CONSTANT", "ProtocolException", "exit 1"),
    "truncated_body": ("ChunkedEncodingError", "the connection ended", "IOException", "exit 18"),
    "stall": ("ReadTimeout", "TimeoutError", "HttpTimeoutException", "exit 28"),
    "drip": ("200 True", "200 true", "200 true", "exit 0"),
    "bad_gateway": ("502 True", "502 true", "502 true", "exit 0"),
}
"""What requests, fetch, java.net.http and curl meet."""
NAMES = ("requests", "fetch", "java.net.http", "curl")
# Two names for one thing: Node has either for a reset; requests has the second, a kind of the first, behind any proxy; Java names a timeout behind
# a proxy by whether it has closed the tunnel by then (PlainTunnelingConnection.close sets `connected` to false), whatever had run out.
SAME = {
    "ECONNRESET": "the connection ended",
    "UND_ERR_SOCKET": "the connection ended",
    "ProxyError": "ConnectionError",
    "HttpConnectTimeoutException": "HttpTimeoutException",
}


def test_a_fault_is_the_same_on_every_way(tmp_path):
    """A program meets the same exception or exit status without TLS, with it, and through the proxy."""
    folder = shutil.copytree(HERE / "faults", tmp_path / "faults")
    if shutil.which("javac"):
        command = ["javac", "-J-XX:TieredStopAtLevel=1", "-proc:none", "Faults.java"]
        subprocess.run(command, cwd=folder, check=True)
    ended = run(["drive.py", json.dumps({kind: SECONDS.get(kind) for kind in MET})], folder)
    assert ended.returncode == 0, ended.stderr
    met = json.loads(ended.stdout)
    expected = {way: {kind: MET[kind][NAMES.index(way.partition(",")[0])] for kind in MET} for way in met}
    assert {way: {kind: SAME.get(one, one) for kind, one in found.items()} for way, found in met.items()} == expected
    assert {"requests, plain", "requests, tls", "requests, proxy"} <= set(met)
    absent = [name for name in NAMES if f"{name}, plain" not in met]
    if absent:
        pytest.skip(f"not installed: what {', '.join(absent)} needs")
