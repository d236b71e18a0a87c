"""The Faker provider, used as its pytest fixture is used."""

import json
import re
from io import BytesIO

import pytest
from faker import Faker
from helpers import call, policy_for, video_call
from PIL import Image

from emoji_mock import Fake
from emoji_mock.contract.catalogue import UnknownCodeError
from emoji_mock.faker import EmojiProvider


@pytest.fixture(autouse=True)
def _provided(faker):
    faker.add_provider(EmojiProvider)


def test_a_made_up_request_passes(faker):
    """The document that a caller sends is good enough for the fake, and so is the key."""
    document = faker.emoji_detect_request()
    response = Fake().answer(call(json.dumps(document).encode(), key=faker.dashscope_api_key()))
    assert list(document) == ["model", "input", "parameters"]
    assert response.status == 200


def test_urls_and_keys_are_plausible_and_harmless(faker):
    """A portrait lies on a host that is reserved for examples; a key is recognisably not a real one."""
    for _ in range(50):
        assert re.fullmatch(r"https://example\.(com|org|net)/portraits/[\w.-]+\.(jpg|png|webp)", faker.portrait_url())
        assert re.fullmatch(r"sk-mock-[a-z0-9._-]+", faker.dashscope_api_key())


@pytest.mark.parametrize("locale", ["zh_CN", "ar_AA", "ja_JP", "de_DE"])
def test_other_alphabets_give_urls_too(locale):
    """Names are written in ASCII, whatever the locale."""
    faker = Faker(locale)
    faker.add_provider(EmojiProvider)
    assert re.fullmatch(r"https://[a-z.]+/portraits/[\w.-]+\.\w+", faker.portrait_url(), re.ASCII)


def test_ids_are_the_vendors(faker):
    """A request id has version 9 or 4, a task id version 4; an expression is one that the vendor has."""
    uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[%s][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    ids = [faker.dashscope_request_id() for _ in range(100)]
    assert all(re.fullmatch(uuid % "94", one) for one in ids)
    assert sum(one[14] == "9" for one in ids) > 50
    assert re.fullmatch(uuid % "4", faker.dashscope_task_id())
    assert re.fullmatch(r"(mengwa|dagong|jingdian)_[a-z_1]+", faker.emoji_driven_id())


def test_boxes_are_lawful(faker):
    """A face lies inside its picture and is nearly square; the documented pair comes out."""
    for _ in range(100):
        x1, y1, x2, y2 = faker.bbox_face((640, 800))
        assert 0 <= x1 < x2 <= 640
        assert 0 <= y1 < y2 <= 800
        assert abs((x2 - x1) - (y2 - y1)) <= 1
    assert faker.ext_bbox_face([212, 194, 460, 441]) == [63, 30, 609, 575]


def test_answers_are_the_vendors_documents(faker):
    """Passed, failed and error, in the vendor's key order and words."""
    passed, failed, error = (
        faker.emoji_detect_passed(),
        faker.emoji_detect_failed("FacePose"),
        faker.emoji_detect_error(),
    )
    assert list(passed) == list(failed) == ["output", "usage", "request_id"]
    assert list(passed["output"]) == ["bbox_face", "ext_bbox_face"]
    assert failed["output"] == {
        "code": "InvalidFile.FacePose",
        "message": "The pose of the detected face is invalid, please upload other image with the expected oriention.",
    }
    assert sorted(error) == ["code", "message", "request_id"]
    assert list(faker.emoji_detect_error("RateQuota")) == ["code", "message", "request_id"]
    refused = faker.emoji_detect_error("ConnectionRefused")
    assert list(refused) == ["request_id", "code", "message"]
    assert re.fullmatch(
        r"Connection to example\.(com|org|net) refused, please provide available URL\.", refused["message"]
    )
    with pytest.raises(UnknownCodeError, match=r"the nearest: .*FacePose"):
        faker.emoji_detect_failed("FacePos")


def test_a_portrait_is_a_picture(faker):
    """PNG bytes of the size that is wanted."""
    with Image.open(BytesIO(faker.portrait_png(size=(400, 500)))) as picture:
        assert (picture.format, picture.size) == ("PNG", (400, 500))


def test_a_seed_repeats_everything():
    """Two instances with one seed make up the same; another seed does not."""

    def made_up(seed):
        faker = Faker()
        faker.add_provider(EmojiProvider)
        faker.seed_instance(seed)
        return (
            [faker.emoji_detect_request(), faker.emoji_detect_passed(), faker.emoji_detect_failed()],
            [faker.emoji_detect_error(), faker.dashscope_task_id(), faker.dashscope_api_key(), faker.emoji_driven_id()],
            faker.portrait_png(size=(64, 80)),
        )

    assert made_up(7) == made_up(7)
    assert made_up(7) != made_up(8)


def test_a_seed_repeats_times_on_another_day():
    """No time depends on today's; the written ones were made on 2026-11-25."""
    faker = Faker()
    faker.add_provider(EmojiProvider)
    faker.seed_instance(7)
    assert faker.emoji_task("SUCCEEDED")["output"]["submit_time"] == "2026-01-19 12:17:15.267"
    assert faker.emoji_upload_policy()["data"]["upload_dir"].split("/")[2] == "2026-03-03"


def test_a_made_up_request_for_a_video_is_accepted(faker):
    """Its boxes are lawful, and the fake makes a task of it; what that says is made up in the same form."""
    document = faker.emoji_video_request((640, 800))
    assert document["model"] == "emoji-v1"
    assert list(document["input"]) == ["image_url", "driven_id", "face_bbox", "ext_bbox"]
    answer = json.loads(Fake().answer(video_call({}, payload=json.dumps(document).encode())).body)
    made_up = faker.emoji_task_created()
    assert list(answer) == list(made_up) == ["output", "request_id"]
    assert list(answer["output"]) == list(made_up["output"]) == ["task_status", "task_id"]


def test_a_made_up_task_fails_with_the_code_that_is_wanted(faker):
    """A code can be named; an unknown state is an error."""
    assert faker.emoji_task("FAILED", "InternalError.Algo")["output"]["code"] == "InternalError.Algo"
    output = faker.emoji_task("FAILED", "FacePose")["output"]
    assert (output["task_status"], output["code"]) == ("FAILED", "InvalidFile.FacePose")
    with pytest.raises(ValueError, match="DONE"):
        faker.emoji_task("done")


def test_a_made_up_policy_has_the_vendors_keys(faker):
    """The same keys in the same order as the fake's own, and the request id at the end of the folder."""
    made_up, own = faker.emoji_upload_policy(), policy_for(Fake())
    assert list(made_up) == ["data", "request_id"]
    assert list(made_up["data"]) == list(own)
    assert made_up["data"]["upload_dir"].endswith("/" + made_up["request_id"])
    assert faker.emoji_upload_policy()["data"]["signature"] != made_up["data"]["signature"]
