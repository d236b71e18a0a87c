"""The command-line tool, in a process of its own: it finds the fake through the environment."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).with_name("portrait_tool.py")
ME = "https://example.com/me.png"


def run_tool(picture):
    """Run the tool as a person would."""
    return subprocess.run([sys.executable, TOOL, picture], capture_output=True, text=True, check=False)


def test_a_face_is_printed(emoji_server):
    """A passed picture is printed with its face; the journal has the User-Agent of urllib."""
    emoji_server.passes(face=(212, 194, 460, 441))

    assert run_tool(ME).stdout == "passed: [212, 194, 460, 441]\n"

    assert emoji_server.calls[-1].client.startswith("Python-urllib/")


def test_a_failed_picture_is_printed(emoji_server):
    """A failed picture is printed with its code, and is billed."""
    emoji_server.fails("FacePose")

    assert run_tool(ME).stdout == "failed: InvalidFile.FacePose\n"

    assert emoji_server.ledger.images == 1


def test_a_busy_service_is_asked_again(emoji_server):
    """Two refusals for haste are waited out."""
    emoji_server.errors("RateQuota", times=2)

    assert run_tool(ME).returncode == 0

    emoji_server.assert_called(times=3, image_url="*/me.png")


def test_an_error_ends_the_tool(emoji_server):
    """An error goes to stderr and sets the exit code."""
    emoji_server.errors("Arrearage")

    ended = run_tool(ME)

    assert ended.stderr == "error: Arrearage\n"
    assert ended.returncode == 1
    emoji_server.assert_called(times=1)
