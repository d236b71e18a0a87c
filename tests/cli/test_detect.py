"""`emoji-mock detect`, in this process against a server, and once as a command."""

import json
import os
import re
import subprocess
import sys

import pytest
from client_helpers import serving
from helpers import picture, run_on_terminal
from PIL import Image

from emoji_mock import Rule
from emoji_mock.cli.main import main

MOCK = "https://emoji-mock.test"
PASSED, FACE_POSE = f"{MOCK}/passed/640x800.png", f"{MOCK}/failed/FacePose.png"
DENIED = f"{MOCK}/error/AccessDenied.png"


pytestmark = pytest.mark.usefixtures("nothing_from_outside")


@pytest.fixture
def detect(live, capsys):
    """Run the verb against a server; returns status, output and what went to stderr."""

    def go(*arguments, base_url=live.url):
        address = [] if base_url is None else ["--base-url", base_url]
        status = main(["detect", *address, *map(str, arguments)])
        return (status, *capsys.readouterr())

    return go


@pytest.mark.parametrize(
    ("pictures", "status"),
    [
        ([PASSED], 0),
        ([PASSED, PASSED], 0),
        ([PASSED, FACE_POSE], 1),
        ([FACE_POSE, DENIED, PASSED], 3),
        ([DENIED], 3),
        (["missing.png"], 3),
    ],
    ids=["passed", "all passed", "some failed", "an error besides", "an error", "no such file"],
)
def test_the_exit_status_is_the_worst_outcome(detect, pictures, status):
    """0 all passed, 1 some failed, 3 some ended in an error."""
    assert detect(*pictures)[0] == status


def test_the_table(detect):
    """A row for each image in order, with boxes or the reason; then the cost; no progress bar without a terminal."""
    status, out, err = detect(PASSED, FACE_POSE, DENIED)
    assert (status, err) == (3, "")
    for expected in (
        "face 224,157,460,392  236x235 px",
        "ext  82,1,602,520  520x519 px",
        "InvalidFile.FacePose",
        "with the expected oriention.",
        "AccessDenied",
        "is retired from 2026-10-10 on",
        "1 passed, 1 failed, 1 error. The vendor would have billed: 2 images, 0.008 CNY.",
    ):
        assert expected in out
    assert out.index("passed/640x800") < out.index("failed/FacePose") < out.index("error/AccessDenied")


def test_the_table_fits_80_columns(detect, monkeypatch):
    """With a whole request id."""
    monkeypatch.setenv("COLUMNS", "80")
    out = detect(PASSED, FACE_POSE, DENIED)[1]
    assert max(map(len, out.splitlines())) <= 80
    assert re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[49][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", out)


def test_json(detect):
    """One object for each image, in order."""
    status, out, _ = detect("--json", PASSED, FACE_POSE, DENIED)
    passed, failed, error = json.loads(out)
    assert status == 3
    assert {**passed, "request_id": ""} == {
        "image": PASSED, "outcome": "passed", "request_id": "", "face": [224, 157, 460, 392], "ext": [82, 1, 602, 520], "images": 1,
    }  # fmt: skip
    assert (failed["outcome"], failed["code"], failed["images"]) == ("failed", "InvalidFile.FacePose", 1)
    assert (error["outcome"], error["kind"], error["code"], error["status"], error["billed"]) == (
        "error", "ApiKeyError", "AccessDenied", 403, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("model", "passed", "failed"),
    [
        ("emo-detect-v1", "face 224,157,460,392  236x235 px", "InvalidFile.FacePose"),
        ("wan2.2-s2v-detect", "humanoid", "wan2.2-s2v-detect gives no reason"),
        ("liveportrait-detect", "can be animated", "No human face detected."),
        ("animate-anyone-detect-gen2", " body", "The pose of the detected face is invalid, please upload other image"),
    ],
)
def test_the_table_of_another_model(detect, model, passed, failed):
    """What the model says of the picture, with its price."""
    status, out, err = detect("--model", model, PASSED, FACE_POSE)
    assert (status, err) == (1, "")
    assert passed in out
    assert failed in re.sub(r"\s*\n\s*", " ", out)
    assert "1 passed, 1 failed. The vendor would have billed: 2 images, 0.008 CNY." in out


def test_json_of_another_model(detect):
    """It names the model, and what the model says instead of boxes."""
    status, out, _ = detect("--json", "--model", "wan2.2-s2v-detect", PASSED, FACE_POSE)
    passed, failed = json.loads(out)
    assert status == 1
    assert {**passed, "request_id": ""} == {
        "image": PASSED, "outcome": "passed", "request_id": "", "model": "wan2.2-s2v-detect", "humanoid": True, "images": 1,
    }  # fmt: skip
    assert (failed["code"], failed["message"], failed["model"]) == ("", "", "wan2.2-s2v-detect")
    _, out, _ = detect("--json", "--model", "emo-detect-v1", "--ratio", "3:4", PASSED)
    assert (json.loads(out)[0]["ratio"], len(json.loads(out)[0]["ext"])) == ("3:4", 4)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["--model", "liveportrait-detect", "--ratio", "1:1"],
            "liveportrait-detect takes no --ratio 1:1; only emo-detect",
        ),
        (["--ratio", "3:4"], "emoji-detect-v1 takes no --ratio 3:4; only emo-detect-v1 does."),
        (
            ["--model", "wan2.2-s2v-detect", "--save-overlay", "a.png"],
            "--save-overlay a.png: wan2.2-s2v-detect finds no boxes that could be drawn.",
        ),
    ],
)
def test_what_a_model_does_not_take_is_refused(detect, arguments, expected):
    """Before anything is sent; status 2."""
    status, out, err = detect(*arguments, "me.png")
    assert (status, out, expected in err) == (2, "", True)


@pytest.mark.parametrize(
    ("base_url", "arguments", "expected"),
    [
        (
            None,
            [PASSED],
            "is the real vendor, and 1 image may cost 0.004 CNY. Start `emoji-mock serve` and use --base-url",
        ),
        ("https://dashscope.aliyuncs.com", [PASSED] * 2, "2 images may cost 0.008 CNY"),
        (
            "http://127.0.0.1:9",
            ["--live", PASSED],
            "--live calls the vendor, but http://127.0.0.1:9/api/v1 is not the vendor's address",
        ),
        (None, ["--live", "--budget", "2", *[PASSED] * 3], "3 images may cost 0.012 CNY: allow it with --budget 3"),
        (None, ["--live", *[PASSED] * 11], "allow it with --budget 11"),
        (
            "http://127.0.0.1:9",
            ["--save-overlay", "no/where", "a.png", "b.png"],
            "several files need an existing directory",
        ),
        (
            "http://127.0.0.1:9",
            ["--save-overlay", "no/where.png", "a.png"],
            "--save-overlay no/where.png: there is no directory no",
        ),
    ],
)
def test_unconfirmed_cost_and_contradictions_are_refused(detect, base_url, arguments, expected):
    """Before anything is sent; status 2."""
    status, out, err = detect(*arguments, base_url=base_url)
    assert (status, out) == (2, "")
    assert expected in err


def test_live_needs_a_key(detect):
    """Without a key, a live call says where to put one."""
    status, _, err = detect("--live", PASSED, base_url=None)
    assert (status, "DASHSCOPE_API_KEY" in err) == (3, True)


def test_live_refuses_a_mock_key(detect, monkeypatch):
    """Nothing is sent with it."""
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-mock-me")
    status, out, _ = detect("--live", "--json", PASSED, base_url=None)
    assert status == 3
    assert "a sk-mock-… key is for the fake" in out


def test_live_under_a_fake(detect, emoji_api):
    """With --live the vendor's address is called, and the bill says "Billed"."""
    status, out, _ = detect("--live", PASSED, base_url=None)
    assert status == 0
    assert "1 passed. Billed: 1 image, 0.004 CNY." in out
    emoji_api.assert_called(times=1)


def test_a_real_key_for_a_mock_server_gives_a_warning(detect, monkeypatch):
    """In one line, without the key."""
    monkeypatch.setenv("DASHSCOPE_API_KEY", "sk-0123456789abcdef")
    status, _, err = detect(PASSED)
    assert status == 0
    assert re.fullmatch(
        r"emoji-mock detect: warning: a key that looks real is sent to http://127\.0\.0\.1:\d+/api/v1.*\n", err
    )
    assert "0123456789" not in err


def test_an_address_in_the_environment_is_used(detect, live, monkeypatch):
    """As the official SDK does."""
    monkeypatch.setenv("DASHSCOPE_HTTP_BASE_URL", f"{live.url}/api/v1")
    assert detect(PASSED, base_url=None)[0] == 0


def test_an_invalid_address_is_refused(detect):
    """In one line."""
    status, _, err = detect(PASSED, base_url="127.0.0.1:8000")
    assert status == 2
    assert err.startswith("emoji-mock detect: --base-url must be a base URL")


def test_an_invalid_address_in_the_environment_is_refused(detect, monkeypatch):
    """The message names the variable; nothing is sent."""
    monkeypatch.setenv("DASHSCOPE_BASE_URL", "127.0.0.1:8000")
    status, _, err = detect(PASSED, base_url=None)
    assert status == 2
    assert err.startswith("emoji-mock detect: DASHSCOPE_BASE_URL must be a base URL")


def test_a_missing_extra_is_named(detect, monkeypatch):
    """In one line, as for every verb that needs it; status 2."""
    monkeypatch.setitem(sys.modules, "httpx2", None)
    status, _, err = detect(PASSED)
    assert (status, err.count("\n")) == (2, 1)
    assert "needs httpx2: pip install 'emoji-mock[client]'" in err


def test_control_characters_are_not_printed(detect):
    """A server's message cannot move the cursor or colour the screen."""
    body = b'{"code":"Evil\\u001b[2J","message":"[red]gone\\u0007 \\u202eback","request_id":"\\u009b1m"}'
    with serving(b"HTTP/1.1 400 Bad\r\ncontent-length: %d\r\n\r\n" % len(body) + body) as (url, _):
        out = detect(PASSED, base_url=url)[1]
    assert "Evil\ufffd[2J" in out
    assert "[red]gone\ufffd \ufffdback" in out
    assert not {"\x1b", "\x07", "\u202e", "\x9b"}.intersection(out)


class TestOverlay:
    """The boxes drawn on the picture: red the face, blue the larger one."""

    @pytest.fixture(autouse=True)
    def _passed(self, live):
        live.fake.store.replace_rules([Rule(outcome="passed", face=(212, 194, 460, 441), image_size=(640, 800))])

    def test_one_file(self, detect, tmp_path):
        """An image of the same size with lines at the boxes; the file itself is not changed."""
        path, drawn = tmp_path / "me.png", tmp_path / "out.png"
        path.write_bytes(picture())
        status, out, err = detect("--json", "--save-overlay", drawn, path)
        assert (status, err) == (0, "")
        assert json.loads(out)[0]["overlay"] == str(drawn)
        with Image.open(drawn) as image:
            assert image.size == (640, 800)
            assert image.getpixel((300, 194)) == (255, 64, 64)
            assert image.getpixel((300, 30)) == (64, 160, 255)
            assert image.getpixel((300, 300)) == (200, 180, 160)
        assert path.read_bytes() == picture()

    @pytest.mark.parametrize(("flags", "place"), [((), (445, 300)), (("--upright",), (300, 194))])
    def test_a_photograph_is_upright(self, detect, tmp_path, flags, place):
        """Its boxes are drawn where they are in the stored picture, turned with it; or as they are, with --upright."""
        path, drawn = tmp_path / "me.jpg", tmp_path / "out.png"
        exif = Image.Exif()
        exif[0x0112] = 6
        path.write_bytes(picture("JPEG", (800, 640), exif=exif))
        assert detect("--save-overlay", drawn, *flags, path)[0] == 0
        with Image.open(drawn) as image:
            assert image.size == (640, 800)
            assert image.getpixel(place) == (255, 64, 64)

    def test_several_files(self, detect, tmp_path):
        """Into a directory, each by its number and name."""
        path, where = tmp_path / "me.png", tmp_path / "out"
        path.write_bytes(picture())
        where.mkdir()
        assert detect("--save-overlay", where, path, path)[0] == 0
        assert sorted(file.name for file in where.iterdir()) == ["1-me.png", "2-me.png"]

    @pytest.mark.parametrize(
        ("drawn", "images", "expected"),
        [
            ("a.png", [PASSED], f"only files can be drawn on, and {PASSED} is a URL"),
            ("out", ["me.png", PASSED], "only files can be drawn on"),
            ("a.png", ["me.png", "me.png"], "several files need an existing directory"),
            ("a.xyz", ["me.png"], "unknown image format; use a name that ends with .png"),
            ("a", ["me.png"], "unknown image format"),
            ("me.png", ["me.png"], "me.png is one of the images"),
            (".", ["2-me.png", "me.png"], "2-me.png is one of the images"),
            (".", ["1-me.png", "me.png"], ""),
        ],
    )
    def test_an_impossible_overlay_is_refused(self, detect, live, tmp_path, monkeypatch, drawn, images, expected):
        """Before a call is made and billed: status 2, one line, and the image is unchanged."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / "out").mkdir()
        for name in {*images, "me.png"} - {PASSED}:
            (tmp_path / name).write_bytes(picture())
        status, out, err = detect("--save-overlay", drawn, *images)
        assert expected in err
        assert (status, out == "", live.fake.store.journal().total > 0) == (
            (2, True, False) if expected else (0, False, True)
        )
        assert (tmp_path / "me.png").read_bytes() == picture()

    def test_an_error_while_drawing_is_reported(self, detect, tmp_path):
        """Status 3, after the results that were billed."""
        path = tmp_path / "me.png"
        path.write_bytes(picture()[:40])
        status, out, err = detect("--save-overlay", tmp_path / "a.png", path)
        assert (status, "1 passed" in out, f"no overlay for {path}: " in err) == (3, True, True)


STOPPED = """
import os, signal, sys, threading
from emoji_mock.cli import detect as detect_verb
from emoji_mock.cli.main import main
from emoji_mock.client import EmojiDetect

detect, interruption = EmojiDetect._detect, threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))


def interrupted_afterwards(*arguments):
    result = detect(*arguments)
    interruption.ident or interruption.start()  # once: a busy machine may be interrupted after a second call
    return result


EmojiDetect._detect = interrupted_afterwards
signal.signal(signal.SIGINT, signal.default_int_handler)  # the background job of a shell ignores it
detect_verb.is_vendor_host = lambda host: True  # so that the pace is the vendor's
sys.exit(main(["detect", "--live", *sys.argv[1:]]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("option", [[], ["--json"]], ids=["table", "json"])
def test_an_interruption_sends_nothing_more_and_prints_the_bill(live, option):
    """Ctrl-C in a batch at one image a second: calls that wait for their turn are not made; status 130."""
    command = [sys.executable, "-c", STOPPED, "--base-url", live.url, *option, *[PASSED] * 8]
    environment = {**os.environ, "DASHSCOPE_API_KEY": "sk-0123456789abcdef"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False, env=environment)
    asked = live.fake.store.journal().total
    assert done.returncode == 130
    assert 0 < asked < 4
    assert f"interrupted: {asked} of 8 images were processed" in done.stderr
    if option:
        assert [each["outcome"] for each in json.loads(done.stdout)] == ["passed"] * asked
    else:
        assert f"{asked} passed. Billed: {asked} image" in done.stdout


@pytest.mark.slow
def test_progress_on_a_terminal(live, tmp_path):
    """On a terminal a bar on stderr counts; it is removed before the table is printed on stdout."""
    arguments = ["detect", "--base-url", live.url, PASSED, FACE_POSE]
    status, shown, table = run_on_terminal(*arguments, folder=tmp_path)
    assert status == 1
    assert b"1 passed, 1 failed" in shown
    assert b"2/2" in shown
    assert shown.endswith(b"\x1b[2K") or b"\x1b[1A" in shown
    assert "\x1b" not in table
    assert "1 passed, 1 failed." in table
