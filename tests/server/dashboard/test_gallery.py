"""The regions of the page with pictures: the gallery, tasks, uploads, and the form that tries a picture."""

import json
from datetime import UTC, datetime

import pytest
from helpers import body, call, detection, picture, upload, video
from task_calls import create_task

from emoji_mock import Clock, Fake, Options
from emoji_mock.server.dashboard.regions import REGIONS
from emoji_mock.server.dashboard.views import gallery, tasks, try_picture, uploads

START = datetime(2026, 11, 29, tzinfo=UTC).timestamp()
HTML = {region.name: region.html for region in REGIONS}


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it."""
    clock = Clock()
    clock.freeze(START)
    return clock


def test_the_gallery_shows_each_picture_once_the_newest_first():
    """Calls with one picture and one answer are counted; refused pictures are there, lost calls are not."""
    fake = Fake()
    urls = [f"https://emoji-mock.test/{name}.png" for name in ("passed/640x800", "failed/FacePose", "passed/640x800")]
    for url in urls:
        fake.answer(call(body(url)))
    fake.answer(detection("emo-detect-v1", urls[0]))
    fake.answer(call(b"{}"))
    shown = gallery.view(fake)
    assert [(one.entry.number, one.entry.model, one.calls) for one in shown.pictures] == [
        (4, "emo-detect-v1", 1),
        (3, "emoji-detect-v1", 2),
        (2, "emoji-detect-v1", 1),
    ]
    assert shown.left_out == 0


def test_the_gallery_says_how_many_it_leaves_out():
    """Twelve are shown."""
    fake = Fake()
    for number in range(15):
        fake.answer(call(body(f"https://example.com/{number}.png")))
    html = HTML["gallery"](fake)
    assert html.count("<svg class=") == 12
    assert "3 more pictures in the latest 1000 calls are not shown." in html


def test_the_gallery_is_empty_at_first():
    """It says so."""
    assert "No picture was judged yet." in HTML["gallery"](Fake())


def test_a_task_is_shown_until_its_video_plays(clock):
    """It waits, runs, and ends in a video, whose link leads to the file without a key."""
    fake = Fake(clock=clock)
    for _ in range(2):
        fake.answer(video())
    task = fake.store.latest_tasks(2)[1]
    clock.advance(task.takes / 4)
    waiting, running = tasks.view(fake).rows
    assert [str(waiting.status), str(running.status), running.done, running.left] == [
        "PENDING", "RUNNING", 25, round(task.takes * 3 / 4),
    ]  # fmt: skip
    assert HTML["tasks"](fake).count("<progress") == 2
    clock.advance(600)
    row = tasks.view(fake).rows[1]
    assert f'src="{row.video}"'.replace("&", "&amp;") in HTML["tasks"](fake)
    answer = fake.answer(call(b"", method="GET", target=row.video, key=None))
    assert (answer.status, answer.body[4:8]) == (200, b"ftyp")


def test_a_task_that_failed_has_its_code_and_a_template_its_id(clock):
    """And no video."""
    fake = Fake(clock=clock)
    fake.answer(video({"image_url": "https://emoji-mock.test/failed/FacePose.png"}))
    template = create_task(fake, "animate-anyone-template-gen2")
    clock.advance(600)
    made, failed = tasks.view(fake).rows
    assert (str(failed.status), failed.code, failed.video) == ("FAILED", "InvalidFile.FacePose", "")
    assert (made.template, made.video) == (f"AACT.{template}", "")


def test_a_cancelled_task_neither_waits_nor_plays(clock):
    """It keeps its place in the list."""
    fake = Fake(clock=clock)
    for _ in range(2):
        fake.answer(video())
    waits = fake.store.latest_tasks(1)[0]
    fake.answer(call(b"", target=f"/api/v1/tasks/{waits.id}/cancel"))
    row = tasks.view(fake).rows[0]
    assert (str(row.status), row.video) == ("CANCELED", "")
    assert HTML["tasks"](fake).count("<progress") == 1


def test_uploads_are_shown_until_the_store_drops_them(clock):
    """Pictures as such, other files with the reason, and those whose time is over as expired."""
    fake = Fake(clock=clock)
    upload(fake, picture())
    upload(fake, b"no picture", name="a.png")
    other, one = uploads.view(fake).rows
    assert (one.name, one.facts.size, one.problem, one.expired) == ("me.png", (640, 800), "", False)
    assert one.href.startswith("/_mock/page/uploads?key=dashscope-instant%2F")
    assert (other.href, other.problem) == ("", "InvalidURL")
    clock.advance(48 * 3600)
    assert [row.expired for row in uploads.view(fake).rows] == [True, True]


@pytest.mark.parametrize(
    "hostile", ['<img src=x onerror="alert(1)">', "'\"><script>alert(1)</script>", "{{ 777 * 1001 }}"]
)
def test_what_callers_send_is_text(hostile, clock):
    """The name of a file, of an account or of a picture never becomes a tag or a part of a template."""
    fake = Fake(clock=clock)
    upload(fake, picture(), name=hostile)
    fake.answer(call(body(f"https://example.com/{hostile}")))
    fake.answer(video({"image_url": f"https://example.com/{hostile}"}))
    for name in ("gallery", "tasks", "uploads", "try"):
        html = HTML[name](fake)
        assert "<img src=x" not in html
        assert "<script" not in html
        assert "777777" not in html


def test_the_form_offers_every_model_that_inspects_a_picture():
    """With each of its ratios, and the path where it answers."""
    ways = try_picture.view(Fake()).ways
    assert [(way.model, way.ratio, way.path.rpartition("/")[2]) for way in ways] == [
        ("emoji-detect-v1", "1:1", "face-detect"),
        ("emo-detect-v1", "1:1", "face-detect"),
        ("emo-detect-v1", "3:4", "face-detect"),
        ("wan2.2-s2v-detect", "", "face-detect"),
        ("liveportrait-detect", "", "face-detect"),
        ("animate-anyone-detect-gen2", "", "aa-detect"),
    ]


def test_an_answer_is_found_by_its_id():
    """That of any account; an unknown id has none."""
    fake = Fake(Options(seed=1))
    request_id = json.loads(fake.answer(call(body("https://example.com/me.png"))).body)["request_id"]
    found = try_picture.answer(fake, request_id)
    assert (found.entry.request_id, found.picture.number) == (request_id, 1)
    assert try_picture.answer(fake, "none") is None
