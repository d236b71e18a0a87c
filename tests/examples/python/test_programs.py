"""Each program in a process of its own, unmodified: three ways to lead its calls to a fake."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TURNED = "https://emoji-mock.test/failed/FacePose.png"
ME = "https://emoji-mock.test/passed/640x800.png"

pytestmark = pytest.mark.parametrize("program", ["portrait_aiohttp.py", "portrait_httpx.py", "portrait_requests.py"])


def run(*command, env=None):
    """Run a command in the folder of the programs."""
    return subprocess.run(command, cwd=HERE, env=env, capture_output=True, text=True, check=False)


def test_the_host_of_production(emoji_server, program):
    """With the environment of the fixture, a program calls the vendor's host, and the fake answers."""
    ended = run(sys.executable, program, TURNED, ME, env=emoji_server.env())

    assert (ended.returncode, ended.stdout) == (0, f"{ME}\n"), ended.stderr
    assert [call.host for call in emoji_server.calls] == ["dashscope.aliyuncs.com"] * 2
    emoji_server.assert_resilient(strict=True)


def test_a_base_url(emoji_server, program):
    """The fixture sets DASHSCOPE_HTTP_BASE_URL, which the programs read: nothing else is needed."""
    emoji_server.fails("NoHuman")

    ended = run(sys.executable, program, "https://example.com/cat.png")

    assert (ended.returncode, ended.stdout) == (1, "no suitable picture\n"), ended.stderr
    assert emoji_server.calls[0].host == emoji_server.url.removeprefix("http://")
    assert emoji_server.ledger.images == 1


def test_emoji_mock_run(program):
    """`emoji-mock run` starts a fake for one program, judges its calls, and says what they would have cost."""
    ended = run(
        sys.executable, "-m", "emoji_mock", "run", "--verdict=strict", "--", sys.executable, program, TURNED, ME
    )

    assert (ended.returncode, ended.stdout) == (0, f"{ME}\n"), ended.stderr
    assert "emoji-mock run: Calls: 2. Images the vendor would have billed: 2, 0.008 CNY." in ended.stderr
