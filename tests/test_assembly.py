"""The public Fake: what its options make of the store, and what can be injected instead."""

import gc
import json
import weakref

import pytest
from helpers import body, call, fields_of, form, policy_for, post, upload, video

from emoji_mock import Fake, Options, intercept
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.rows import failed
from emoji_mock.fake.service import FakeService
from emoji_mock.fake.store.memory import MemoryStore

DATA_URL = "data:image/png;base64,aGk="


class StubMedia:
    """Finds every picture good but one, and makes a video without a picture of it."""

    def inspect(self, data, _limits, *, upright):
        """Return a size, or the row that refuses the picture."""
        assert not upright
        return failed.FACE_POSE if data == b"bad" else Size(640, 800)

    def make_video(self, **scene):
        """Return the arguments as JSON."""
        return json.dumps(scene | {"picture": scene["picture"].decode()}).encode()


@pytest.fixture
def service(clock):
    """A service without any I/O."""
    return FakeService(Options(seed=7, time_scale=0), store=MemoryStore(), media=StubMedia(), clock=clock)


def test_the_journal_is_as_long_as_the_options_say():
    """The oldest exchange is dropped; the bill still counts it."""
    fake = Fake(Options(journal_size=2))
    for number in range(5):
        fake.answer(call(body(f"https://example.com/{number}.png")))
    page = fake.store.journal()
    assert [entry.image_url[-5:] for entry in page.entries] == ["3.png", "4.png"]
    assert fake.store.ledgers()["test"].images == 5


def test_uploads_are_kept_where_the_options_say(tmp_path):
    """A second fake with the same folder still has them; a path that cannot be a folder is refused."""
    folder = tmp_path / "uploads"
    fields = fields_of(policy_for(Fake(Options(upload_dir=folder))))
    assert Fake(Options(upload_dir=folder)).answer(post(form(fields, b"hi"))).status == 200
    assert Fake(Options(upload_dir=folder)).store.upload(fields["key"]).data == b"hi"
    with pytest.raises(OSError, match="exists"):
        Fake(Options(upload_dir=next(folder.iterdir())))


def test_a_store_that_is_given_is_used():
    """Two fakes with one store share their journal, and its numbers go on."""
    store = MemoryStore()
    for fake in (Fake(store=store), Fake(store=store)):
        fake.answer(call())
    assert [entry.number for entry in store.journal().entries] == [1, 2]


def test_pictures_are_inspected_by_the_media_that_is_injected(service):
    """A size passes, and a row refuses, in a `data:` URL as in an upload."""
    assert service.answer(call(body(DATA_URL))).status == 200
    refused = service.answer(call(body("data:,bad")))
    assert json.loads(refused.body)["output"]["code"] == "InvalidFile.FacePose"
    for file, code in ((b"good", None), (b"bad", "InvalidFile.FacePose")):
        asked = call(body(upload(service, file)), x_dashscope_ossresourceresolve="enable")
        assert json.loads(service.answer(asked).body)["output"].get("code") == code


def test_videos_are_made_by_the_media_that_is_injected(service):
    """It gets plain values: the URL, both boxes, the template, length, size and rate, the picture if it is held, and the option."""
    task = json.loads(service.answer(video({"image_url": "data:,me"})).body)["output"]["task_id"]
    asked = call(b"", method="GET", target=f"/api/v1/tasks/{task}")
    url = json.loads(service.answer(asked).body)["output"]["video_url"]
    host, _, path = url.removeprefix("https://").partition("/")
    made = service.answer(call(b"", method="GET", target=f"/{path}", host=host, authorization=None))
    assert json.loads(made.body) == {
        "image_url": "data:,me", "boxes": [[212, 194, 460, 441], [63, 30, 609, 575]], "driven_id": "mengwa_kaixin",
        "seconds": 1, "size": [512, 512], "fps": 15, "picture": "me", "upright": False,
    }  # fmt: skip


def test_a_fake_that_is_no_longer_used_is_freed_at_once():
    """Nothing in a fake refers back to it, so that each test's is gone before the next, without garbage collection."""
    gc.disable()
    try:
        fake = Fake()
        with intercept(fake):
            fake.answer(call())
        gone = weakref.ref(fake)
        del fake
        assert gone() is None
    finally:
        gc.enable()
