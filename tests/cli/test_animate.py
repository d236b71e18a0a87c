"""`emoji-mock animate`, in this process against a server, and once as a command."""

import io
import json
import re

import pytest
from helpers import picture, run_on_terminal
from recording_files import wav

from emoji_mock import Options
from emoji_mock.cli.main import main

MOCK = "https://emoji-mock.test"
PASSED, FACE_POSE = f"{MOCK}/passed/640x800.png", f"{MOCK}/failed/FacePose.png"
MOTION = ["--driven", "mengwa_kaixin"]
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"


pytestmark = pytest.mark.usefixtures("nothing_from_outside")


@pytest.fixture
def at_once(live, monkeypatch):
    """A server whose videos take no time."""
    monkeypatch.setattr(live.fake, "options", Options(time_scale=0))
    return live


@pytest.fixture
def animate(at_once, capsys, tmp_path):
    """Run the verb against a server; returns status, output and what went to stderr."""

    def go(*arguments, base_url=at_once.url, out=tmp_path / "me.mp4"):
        address = [] if base_url is None else ["--base-url", base_url]
        status = main(["animate", *address, "--out", str(out), *map(str, arguments)])
        return (status, *capsys.readouterr())

    return go


@pytest.fixture
def portrait(tmp_path):
    """A file."""
    path = tmp_path / "me.png"
    path.write_bytes(picture())
    return path


def test_a_portrait_becomes_a_video(animate, portrait, tmp_path):
    """Boxes, task, file and bill in four lines; no progress bar without a terminal."""
    status, out, err = animate(portrait, *MOTION)
    assert (status, err) == (0, "")
    found, task, file, bill = out.splitlines()
    assert re.fullmatch(r".*me\.png: passed, face \d+,\d+,\d+,\d+, ext \d+,\d+,\d+,\d+", found)
    assert re.fullmatch(rf"task {UUID}: SUCCEEDED after 0 s", task)
    assert re.fullmatch(r".*me\.mp4: 1 s of mengwa_kaixin, \d+ kB", file)
    assert bill == "The vendor would have billed: 1 image, 0.004 CNY, and 1 video, 0.08 CNY."
    assert (tmp_path / "me.mp4").read_bytes()[4:8] == b"ftyp"


def test_json(animate, portrait, tmp_path):
    """One object, whatever was reached; it does not contain the signed link."""
    status, out, _ = animate("--json", portrait, *MOTION)
    result = json.loads(out)
    assert (status, result["outcome"], result["driven_id"], result["images"]) == (0, "done", "mengwa_kaixin", 1)
    assert (result["task"]["status"], result["video"]["path"]) == ("SUCCEEDED", str(tmp_path / "me.mp4"))
    assert (result["video"]["seconds"], result["video"]["bytes"]) == (1, (tmp_path / "me.mp4").stat().st_size)
    assert "Signature" not in out
    status, out, _ = animate("--json", FACE_POSE, *MOTION)
    failed = json.loads(out)
    assert (status, failed["outcome"], failed["code"], failed["images"]) == (1, "failed", "InvalidFile.FacePose", 1)
    assert "task" not in failed
    status, out, _ = animate("--json", f"{MOCK}/error/Arrearage.png", *MOTION)
    error = json.loads(out)
    assert (status, error["outcome"], error["kind"], error["billed"]) == (3, "error", "BillingError", False)


def test_a_figure_speaks(animate, portrait, tmp_path):
    """wan2.2-s2v takes audio; the bill has the price of the resolution."""
    song = tmp_path / "song.wav"
    song.write_bytes(wav())
    flags = ["--model", "wan2.2-s2v", "--audio", song, "--resolution", "720P"]
    status, out, err = animate(portrait, *flags)
    assert (status, err) == (0, "")
    found, task, file, bill = out.splitlines()
    assert found.endswith("me.png: passed, humanoid")
    assert re.fullmatch(rf"task {UUID}: SUCCEEDED after 0 s", task)
    assert re.search(r"me\.mp4: 2(\.0)? s, \d+ kB", file)
    assert bill == "The vendor would have billed: 1 image, 0.004 CNY, and 1 video, 1.80 CNY."
    status, out, _ = animate("--json", portrait, *flags)
    result = json.loads(out)
    assert (status, result["outcome"], result["model"], result["resolution"]) == (0, "done", "wan2.2-s2v", "720P")
    assert (result["humanoid"], "driven_id" in result) == (True, False)


def test_a_figure_that_fails(animate):
    """The model gives no reason, and the command says so."""
    status, out, err = animate(FACE_POSE, "--model", "wan2.2-s2v", "--audio", "https://example.com/a.wav")
    assert (status, err) == (1, "")
    assert out.startswith(f"{FACE_POSE}: failed, wan2.2-s2v-detect gives no reason\n")


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (["--model", "wan2.2-s2v"], "give IMAGE and --audio AUDIO, or --task ID"),
        (["--model", "animate-anyone-gen2"], "give IMAGE and --template-id ID, or --task ID"),
        (["--model", "wan2.2-s2v", *MOTION], "wan2.2-s2v takes no --driven; it takes --audio, --resolution"),
        (["--audio", "a.wav"], "emoji-v1 takes no --audio; it takes --driven"),
        ([*MOTION, "--ratio", "3:4"], "emoji-v1 takes no --ratio 3:4"),
        (["--model", "wan2.2-s2v", "--audio", "missing.wav"], "--audio: 'missing.wav' does not exist"),
        (
            ["--model", "wan2.2-s2v", "--audio", "https://a/b.wav", "--resolution", "4K"],
            "--resolution: wan2.2-s2v takes '480P' or '720P', not '4K'",
        ),
        (
            ["--model", "liveportrait", "--audio", "https://a/b.wav", "--eye-move-freq", "7"],
            "--eye-move-freq: liveportrait takes a number from 0 to 1, not 7.0",
        ),
        (
            ["--model", "liveportrait", "--audio", "https://a/b.wav", "--paste-back", "maybe"],
            "--paste-back: liveportrait takes True or False, not 'maybe'",
        ),
    ],
)
def test_what_a_model_does_not_take_is_refused(animate, live, arguments, result):
    """Before anything is sent, and billed; status 2."""
    before = live.fake.store.journal().total
    status, out, err = animate(PASSED, *arguments)
    assert (status, out, result in err) == (2, "", True), err
    assert live.fake.store.journal().total == before


def test_parameters_are_read_by_their_type(animate, live):
    """Numbers, switches and texts are sent as such."""
    flags = ["--model", "liveportrait", "--audio", "https://a/b.wav", "--eye-move-freq", "0.25", "--video-fps", "30"]
    status, _, err = animate(PASSED, *flags, "--paste-back", "false", "--template-id", "calm")
    assert (status, err) == (0, "")
    sent = next(
        body
        for each in live.fake.store.journal().entries
        if (body := json.loads(each.request_body or "{}")).get("model") == "liveportrait"
    )
    assert sent["parameters"] == {"template_id": "calm", "eye_move_freq": 0.25, "video_fps": 30, "paste_back": False}


def test_an_image_that_fails(animate, tmp_path):
    """It prints the reason and the bill; no task, no file; status 1."""
    status, out, err = animate(FACE_POSE, *MOTION)
    assert (status, err) == (1, "")
    assert f"{FACE_POSE}: failed, InvalidFile.FacePose\nThe pose of the detected face is invalid" in out
    assert out.endswith("The vendor would have billed: 1 image, 0.004 CNY.\n")
    assert list(tmp_path.iterdir()) == []


def test_a_task_that_fails(animate, at_once, tmp_path):
    """It prints the vendor's reason on stderr; status 1."""
    from emoji_mock import Rule

    at_once.fake.store.add_rule(Rule(outcome="failed", code="FacePose", model="emoji-v1"))
    status, out, err = animate(PASSED, *MOTION)
    assert status == 1
    assert re.search(rf"task {UUID}: FAILED", out)
    assert out.endswith("The vendor would have billed: 1 image, 0.004 CNY.\n")
    assert err.startswith("emoji-mock animate: InvalidFile.FacePose: The pose of the detected face")
    assert "not lost" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_video_is_not_lost(animate, live, monkeypatch, tmp_path):
    """After the longest wait it prints a command that fetches the video later, at no further cost."""
    monkeypatch.setattr(live.fake, "options", Options(time_scale=1))
    status, out, err = animate(PASSED, *MOTION, "--patience", "1")
    assert (status, "RUNNING" in out) == (3, True)
    again = re.search(rf"The video is not lost: emoji-mock (animate --task {UUID} --out .* --base-url .*)\n", err)
    ledger = dict(live.fake.store.ledgers())
    now = live.fake.clock()
    monkeypatch.setattr(live.fake, "clock", lambda: now + 301)
    assert main(again[1].split(" ")) == 0
    assert (tmp_path / "me.mp4").exists()
    assert {name: each.images for name, each in live.fake.store.ledgers().items()} == {
        name: each.images for name, each in ledger.items()
    }


@pytest.mark.parametrize(
    ("base_url", "arguments", "result"),
    [
        (None, [PASSED, *MOTION], "is the real vendor, which bills image and video. Start `emoji-mock serve` and use"),
        ("http://127.0.0.1:9", [PASSED, *MOTION, "--live"], "is not the vendor's address: leave one of them out."),
        (None, [PASSED, *MOTION, "--live"], "--live spends money, and there is no terminal to confirm it on: use --yes."),
        ("http://127.0.0.1:9", [PASSED], "give IMAGE and --driven MOTION, or --task ID"),
        ("http://127.0.0.1:9", [*MOTION], "give IMAGE and --driven MOTION, or --task ID"),
        ("http://127.0.0.1:9", [PASSED, "--task", "x"], "leave IMAGE and --driven out."),
        ("http://127.0.0.1:9", [PASSED, "--driven", "kaixin"], "--driven: unknown motion 'kaixin'; did you mean "),
    ],
)  # fmt: skip
def test_unconfirmed_cost_and_contradictions_are_refused(animate, monkeypatch, base_url, arguments, result):
    """Before anything is sent; status 2."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, out, err = animate(*arguments, base_url=base_url)
    assert (status, out) == (2, "")
    assert result in err


def test_an_unusable_output_file_is_refused(animate, portrait, tmp_path):
    """A directory, a missing directory, the image itself: refused before anything is sent."""
    for out, result in (
        (tmp_path, "is a directory: name a file in it, such as"),
        (tmp_path / "no" / "me.mp4", "there is no directory"),
        (portrait, "is the image itself"),
    ):
        status, _, err = animate(portrait, *MOTION, out=out)
        assert (status, result in err) == (2, True)


class Terminal(io.StringIO):
    """Standard input that is a terminal, with typed text."""

    def isatty(self):
        """Return True: this is a terminal."""
        return True


@pytest.mark.parametrize(("typed", "status"), [("y\n", 0), ("n\n", 2), ("\n", 2), ("", 2)])
@pytest.mark.emoji(time_scale=0)
def test_live_asks_for_confirmation(animate, emoji_api, monkeypatch, typed, status):
    """The default is no; without a yes nothing is sent."""
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    ended, out, err = animate(PASSED, *MOTION, "--live", base_url=None)
    assert "This asks the vendor for 1 image (0.004 CNY) and 1 video (0.08 CNY a second). Go on?" in err.replace(
        "\n", " "
    )
    assert ended == status
    if status == 0:
        assert "Billed: 1 image, 0.004 CNY, and 1 video" in out
        assert emoji_api.ledger.images == 1
    else:
        assert "not confirmed: nothing was sent, and nothing is billed" in err
        emoji_api.assert_not_called()


def test_yes_replaces_the_confirmation(animate, emoji_api, monkeypatch):
    """`--yes` is for scripts."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, _, err = animate(PASSED, *MOTION, "--live", "--yes", base_url=None)
    assert (status, err) == (0, "")
    assert emoji_api.ledger.images == 1


@pytest.mark.slow
def test_progress_on_a_terminal(emoji_server, tmp_path):
    """On a terminal a bar on stderr shows the step; it is removed before the result is printed on stdout."""
    arguments = ["animate", PASSED, *MOTION, "--out", "me.mp4"]
    status, shown, result = run_on_terminal(*arguments, folder=tmp_path, DASHSCOPE_BASE_URL=emoji_server.url)
    assert status == 0
    assert b"/5" in shown
    assert b"fetching the video" in shown
    assert b"\x1b[2K" in shown
    assert "\x1b" not in result
    assert "SUCCEEDED" in result
