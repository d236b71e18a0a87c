"""The Faker provider, with Faker's pytest fixture."""

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


def test_a_generated_request_passes(faker):
    """The fake accepts the generated document and key."""
    document = faker.emoji_detect_request()
    response = Fake().answer(call(json.dumps(document).encode(), key=faker.dashscope_api_key()))
    assert list(document) == ["model", "input", "parameters"]
    assert response.status == 200


def test_urls_and_keys_are_not_real(faker):
    """A portrait has a URL on a host that is reserved for examples; a key is a mock key."""
    for _ in range(50):
        assert re.fullmatch(r"https://example\.(com|org|net)/portraits/[\w.-]+\.(jpg|png|webp)", faker.portrait_url())
        assert re.fullmatch(r"sk-mock-[a-z0-9._-]+", faker.dashscope_api_key())


@pytest.mark.parametrize("locale", ["zh_CN", "ar_AA", "ja_JP", "de_DE"])
def test_every_locale_gives_ascii_urls(locale):
    """URLs are ASCII in locales with another alphabet."""
    faker = Faker(locale)
    faker.add_provider(EmojiProvider)
    assert re.fullmatch(r"https://[a-z.]+/portraits/[\w.-]+\.\w+", faker.portrait_url(), re.ASCII)


def test_ids_have_the_vendors_form(faker):
    """A request id has version 9 or 4, a task id version 4; a `driven_id` has one of the vendor's prefixes."""
    uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[%s][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    ids = [faker.dashscope_request_id() for _ in range(100)]
    assert all(re.fullmatch(uuid % "94", one) for one in ids)
    assert sum(one[14] == "9" for one in ids) > 50
    assert re.fullmatch(uuid % "4", faker.dashscope_task_id())
    assert re.fullmatch(r"(mengwa|dagong|jingdian)_[a-z_1]+", faker.emoji_driven_id())


def test_boxes_follow_the_contract(faker):
    """A face is inside its picture and nearly square; the rule gives the documented pair."""
    for _ in range(100):
        x1, y1, x2, y2 = faker.bbox_face((640, 800))
        assert 0 <= x1 < x2 <= 640
        assert 0 <= y1 < y2 <= 800
        assert abs((x2 - x1) - (y2 - y1)) <= 1
    assert faker.ext_bbox_face([212, 194, 460, 441]) == [63, 30, 609, 575]


def test_responses_are_the_vendors_documents(faker):
    """Passed, failed and error responses have the vendor's key order and messages."""
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
    with pytest.raises(UnknownCodeError, match=r"did you mean .*FacePose"):
        faker.emoji_detect_failed("FacePos")


def test_a_portrait_is_a_picture(faker):
    """A portrait is a PNG picture of the given size."""
    with Image.open(BytesIO(faker.portrait_png(size=(400, 500)))) as picture:
        assert (picture.format, picture.size) == ("PNG", (400, 500))


def test_a_seed_repeats_everything():
    """The same seed gives the same values; another seed gives others."""

    def generate(seed):
        faker = Faker()
        faker.add_provider(EmojiProvider)
        faker.seed_instance(seed)
        return (
            [faker.emoji_detect_request(), faker.emoji_detect_passed(), faker.emoji_detect_failed()],
            [faker.emoji_detect_error(), faker.dashscope_task_id(), faker.dashscope_api_key(), faker.emoji_driven_id()],
            faker.portrait_png(size=(64, 80)),
        )

    assert generate(7) == generate(7)
    assert generate(7) != generate(8)


def test_a_seed_repeats_times_on_any_day():
    """Times depend on the seed alone: the expected ones were generated on 2026-11-25."""
    faker = Faker()
    faker.add_provider(EmojiProvider)
    faker.seed_instance(7)
    assert faker.emoji_task("SUCCEEDED")["output"]["submit_time"] == "2026-01-19 12:17:15.267"
    assert faker.emoji_upload_policy()["data"]["upload_dir"].split("/")[2] == "2026-03-03"


def test_a_generated_request_for_a_video_is_accepted(faker):
    """The fake accepts the generated document, and its answer has the keys of the generated response."""
    document = faker.emoji_video_request((640, 800))
    assert document["model"] == "emoji-v1"
    assert list(document["input"]) == ["image_url", "driven_id", "face_bbox", "ext_bbox"]
    answer = json.loads(Fake().answer(video_call({}, payload=json.dumps(document).encode())).body)
    generated = faker.emoji_task_created()
    assert list(answer) == list(generated) == ["output", "request_id"]
    assert list(answer["output"]) == list(generated["output"]) == ["task_status", "task_id"]


def test_a_failed_task_has_the_given_code(faker):
    """A failed task has the given code; an unknown state raises ValueError."""
    assert faker.emoji_task("FAILED", "InternalError.Algo")["output"]["code"] == "InternalError.Algo"
    output = faker.emoji_task("FAILED", "FacePose")["output"]
    assert (output["task_status"], output["code"]) == ("FAILED", "InvalidFile.FacePose")
    with pytest.raises(ValueError, match="DONE"):
        faker.emoji_task("done")


def test_a_generated_policy_has_the_vendors_keys(faker):
    """A policy has the fake's keys in order, and its folder ends with the request id."""
    generated, own = faker.emoji_upload_policy(), policy_for(Fake())
    assert list(generated) == ["data", "request_id"]
    assert list(generated["data"]) == list(own)
    assert generated["data"]["upload_dir"].endswith("/" + generated["request_id"])
    assert faker.emoji_upload_policy()["data"]["signature"] != generated["data"]["signature"]


SIBLINGS = {
    "emo-detect-v1": (["check_pass", "face_bbox", "ext_bbox"], ["check_pass", "code", "message"]),
    "wan2.2-s2v-detect": (["check_pass", "humanoid"], ["check_pass", "code", "message"]),
    "liveportrait-detect": (["pass", "message"], ["pass", "message"]),
    "animate-anyone-detect-gen2": (["bodystyle", "check_pass"], ["check_pass", "reason", "bodystyle"]),
}


@pytest.mark.parametrize("model", SIBLINGS)
def test_documents_of_each_model_have_its_own_fields(model):
    """A request has a ratio only where there is one; errors of these models end with the request id."""
    faker = Faker()
    faker.add_provider(EmojiProvider)
    passed, failed = SIBLINGS[model]
    assert ("parameters" in faker.emoji_detect_request(model=model)) is (model == "emo-detect-v1")
    assert list(faker.emoji_detect_passed(model=model)["output"]) == passed
    assert list(faker.emoji_detect_failed("FacePose", model=model)["output"]) == failed
    assert list(faker.emoji_detect_error("InvalidURL", model=model)) == ["code", "message", "request_id"]


def test_a_picture_that_is_refused_as_an_error_has_no_output():
    """wan2.2-s2v-detect refuses a picture without a person with HTTP 400."""
    faker = Faker()
    faker.add_provider(EmojiProvider)
    document = faker.emoji_detect_failed("NoHuman", model="wan2.2-s2v-detect")
    assert (document["code"], "output" in document) == ("InvalidFile.NoHuman", False)
