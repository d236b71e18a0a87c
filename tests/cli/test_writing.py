"""What the verbs write: whole or not at all, never through a link, and with one sentence if it cannot be written."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from command import run_command

from emoji_mock.conformance.recordings.folder import load


def run_with_full_disk(room, *arguments):
    """Run the command where no file may have more than `room` bytes."""
    code = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)),) * 2);"
        " runpy.run_module('emoji_mock', run_name='__main__')"
    )
    command = [sys.executable, "-c", code, str(room), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_recording_is_written_whole_or_not_at_all(tmp_path):
    """With a full disk one sentence names the file, the next what was written; the folder can be replayed and filled."""
    out = tmp_path / "recordings"
    for room, written in ((10, set()), (1250, {"about.json", "auth/no-header.json"})):
        done = run_with_full_disk(room, "record", "--out", out, "--only", "a*")
        assert (done.returncode, done.stdout) == (2, "")
        first, *more = done.stderr.splitlines()
        assert first.startswith(f"emoji-mock record: {out}/")
        assert first.endswith(".json: File too large")
        files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        assert written <= set(files)
        assert [name for name, content in files.items() if not content.endswith(b"}\n")] == []
        assert bool(more) == bool(written)
    assert re.fullmatch(
        r"emoji-mock record: \d+ exchanges of the fake written to .*recordings\. \d+ calls, .*", more[0]
    )
    assert load(out)


def test_a_run_that_was_not_answered_leaves_a_folder_that_can_be_used(tmp_path):
    """`record` to a server that is away, then to one that answers, needs no --force."""
    out = tmp_path / "recordings"
    assert run_command("record", "--target", "http://127.0.0.1:9", "--out", str(out)).returncode == 3
    assert run_command("record", "--out", str(out), "--only", "auth/basic").returncode == 0


def test_recordings_are_never_written_through_a_link(tmp_path):
    """`--force` replaces a link by the file, and refuses a folder that leads elsewhere."""
    out, victim = tmp_path / "recordings", tmp_path / "victim"
    victim.write_text("before")
    (out / "auth").mkdir(parents=True)
    for name in ("about.json", "auth/basic.json"):
        (out / name).symlink_to(victim)
    done = run_command("record", "--out", str(out), "--only", "auth/b*", "--force")
    assert (done.returncode, victim.read_text()) == (0, "before")
    assert not any(path.is_symlink() for path in out.rglob("*"))
    (out / "model").symlink_to(tmp_path)
    done = run_command("record", "--out", str(out), "--only", "model/*", "--force")
    assert (done.returncode, done.stderr) == (
        2,
        f"emoji-mock record: {out}/model: is a link or a file where a folder belongs\n",
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["recordings", "victim"]


def test_the_page_is_written_whole_and_never_through_a_link(tmp_path):
    """With a full disk the former page stays; the report is printed all the same."""
    page, victim = tmp_path / "page.html", tmp_path / "victim"
    victim.write_text("before")
    page.symlink_to(victim)
    assert run_command("verify", "--only", "auth/basic", "--html", str(page)).returncode == 0
    assert (victim.read_text(), page.read_bytes()[:15]) == ("before", b"<!doctype html>")
    former = page.read_bytes()
    done = run_with_full_disk(100, "verify", "--only", "auth/b*", "--html", page)
    assert (done.returncode, done.stderr) == (2, f"emoji-mock verify: {page}: File too large\n")
    assert "the fake conforms" in done.stdout
    assert (page.read_bytes(), len(list(tmp_path.iterdir()))) == (former, 2)


def test_the_page_can_go_to_an_open_stream():
    """`--html /dev/stdout`, as a shell redirects or pipes it."""
    command = [sys.executable, "-m", "emoji_mock", "verify", "--only", "auth/basic", "--html", "/dev/stdout"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("</html>\n")


@pytest.mark.parametrize("verb", [("verify", "--only", "auth/basic"), ("catalogue",), ("scenario", "list")])
def test_output_that_cannot_be_written_is_one_sentence(verb):
    """Without a traceback, and with a status of its own."""
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "emoji_mock", *verb]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (74, "emoji-mock: cannot write the output: No space left on device\n")
