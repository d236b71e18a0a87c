"""`emoji-mock serve --replay`: recordings on the socket, after what the user says now."""

import json
import re
import subprocess
import sys

import httpx2
import pytest
from command import run_command
from helpers import PATH, body

URL = "https://emoji-mock.test/passed/640x800.png"


@pytest.fixture
def folder(tmp_path):
    """A folder with one recording, whose face is at a place of its own."""
    out = tmp_path / "recordings"
    assert run_command("record", "--out", str(out), "--only", "passed/as-documented").returncode == 0
    path = out / "passed" / "as-documented.json"
    document = json.loads(path.read_text())
    document["response"]["body"]["json"]["output"]["bbox_face"] = [1, 2, 3, 4]
    path.write_text(json.dumps(document))
    return out


@pytest.fixture
def serve(tmp_path):
    """Start servers that write their stderr into a file, and see to it that they end."""
    servers = []

    def start(*arguments):
        with (tmp_path / "stderr").open("w") as stderr:
            command = [sys.executable, "-m", "emoji_mock", "serve", "--port", "0", *arguments]
            servers.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True))
        return re.search(r"at (http://\S+)$", servers[-1].stdout.readline())[1]

    yield start
    for server in servers:
        server.terminate()
        server.communicate(timeout=20)


def ask(url, data, method="POST", **headers):
    """Send JSON, and return the status and the document of the answer."""
    named = {"Content-Type": "application/json", "Authorization": "Bearer sk-mock-me"} | headers
    answer = httpx2.request(method, url, content=data, headers=named, timeout=20)
    return answer.status_code, answer.json()


def detect(base, url=URL, **headers):
    """Return the face of a detection, or the status of its refusal."""
    status, document = ask(base + PATH, body(url), **headers)
    return document["output"]["bbox_face"] if status == 200 else status


@pytest.mark.slow
def test_what_the_user_says_now_comes_first(serve, folder, tmp_path):
    """Rules and limits of the control API, `--retired` and a scenario come before the recording, which fits any spelling."""
    base = serve("--replay", str(folder))
    assert detect(base, **{"Content-Type": "Application/JSON; charset=UTF-8"}) == [1, 2, 3, 4]
    ask(f"{base}/_mock/rules", b'{"outcome": "error", "code": "RateQuota", "times": 1}')
    assert [detect(base), detect(base)] == [429, [1, 2, 3, 4]]
    ask(f"{base}/_mock/limits", b'{"images": 3}', "PUT")
    assert [detect(base), detect(base)] == [[1, 2, 3, 4], 403]
    assert ask(f"{base}/_mock/ledger", None, "GET")[1]["total"]["images_billed"] == 3
    for flags in (("--retired",), ("--scenario", "retired-model"), ("--limit", "images=0")):
        assert detect(serve("--replay", str(folder), *flags)) == 403
    assert (tmp_path / "stderr").read_text() == ""


@pytest.mark.slow
def test_files_and_requests_that_cannot_be_used_are_said_once(serve, folder, tmp_path):
    """A file that is empty, half, foreign or no file is left out; a request that no recording fits names the nearest."""
    good = (folder / "passed" / "as-documented.json").read_bytes()
    for name, content in {"empty": b"", "half": good[:700], "package": b'{"name": "x"}', "text": b"\xff"}.items():
        (folder / f"{name}.json").write_bytes(content)
    (folder / "folder.json").mkdir()
    (folder / "link.json").symlink_to("nowhere")
    base = serve("--replay", str(folder))
    others = [f"https://emoji-mock.test/passed/{side}x800.png" for side in (650, 660)]
    assert detect(base) == [1, 2, 3, 4]
    assert all(len(detect(base, url)) == 4 for url in others * 2)
    lines = (tmp_path / "stderr").read_text().splitlines()
    assert [line.partition(":")[2].partition(".json")[0] for line in lines[:-1]] == [
        f" left out: {folder}/{name}" for name in ("empty", "folder", "half", "link", "package", "text")
    ]
    assert lines[-1].endswith(
        "face-detect: the nearest, passed/as-documented, differs in input.image_url. The fake answers itself."
    )
