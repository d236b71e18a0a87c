"""Answers selected by the picture's URL."""

import json

import pytest
from helpers import body, call

from emoji_mock.contract.geometry import Size
from emoji_mock.fake.rules.magic_urls import MagicUrl, read


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://emoji-mock.test/failed/FacePose.png", "InvalidFile.FacePose"),
        ("https://emoji-mock.test/failed/FacePose", "InvalidFile.FacePose"),
        ("https://emoji-mock.test/failed/InvalidFile.Value.jpeg?x=1#y", "InvalidFile.Value"),
        ("HTTP://EMOJI-MOCK.TEST/FAILED/facepose.PNG", "InvalidFile.FacePose"),
        ("https://emoji-mock.test/error/Throttling.RateQuota.png", "Throttling.RateQuota"),
        ("https://emoji-mock.test/error/model-not-exist.png", "model-not-exist"),
        ("https://emoji-mock.test/error/not-found.webp", "not-found"),
    ],
)
def test_a_url_names_a_row(url, name):
    """failed/ and error/ are followed by a code or a row's name, with or without an ending."""
    assert read(url).row.name == name


@pytest.mark.parametrize(
    ("url", "steered"),
    [
        ("https://emoji-mock.test/passed/640x800.png", MagicUrl(size=Size(640, 800))),
        ("https://emoji-mock.test/passed/me.png", MagicUrl()),
        ("https://emoji-mock.test/me.png", None),
        ("https://emoji-mock.test.evil.com/failed/FacePose.png", None),
        ("https://example.com/https://emoji-mock.test/failed/FacePose.png", None),
        ("https://emoji-mock.test/failed/", None),
    ],
)
def test_a_url_names_a_size_or_nothing(url, steered):
    """passed/ may be followed by a size; other URLs select no answer."""
    assert read(url) == steered


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        (
            "failed/FacePoze.png",
            "unknown code 'FacePoze' for failed; did you mean FacePose, InvalidFile.FacePose or FullFace?",
        ),
        ("failed/RateQuota.png", "'RateQuota' must have the outcome error, not failed"),
        ("faild/FacePose.png", "unknown outcome 'faild'; did you mean failed?"),
        ("Fail/FacePose", "unknown outcome 'Fail'; did you mean failed?"),
        ("errors/RateQuota.png?x", "unknown outcome 'errors'; did you mean error?"),
        ("pass/640x800.png", "unknown outcome 'pass'; did you mean passed?"),
        ("passed/640.png", "the size must be width and height in pixels, such as passed/640x800, not '640'."),
        ("passed/640x0.png", "the size must be width and height in pixels, such as passed/640x800, not '640x0'."),
        ("passed/640X800x3", "the size must be width and height in pixels, such as passed/640x800, not '640X800x3'."),
    ],
)
def test_a_misspelt_magic_url_is_reported_in_the_vendors_shape(fake, path, problem):
    """An unknown outcome, code or size: such a URL never reaches the vendor, so the message is ours."""
    answer = fake.answer(call(body(f"https://emoji-mock.test/{path}")))
    said = json.loads(answer.body)
    assert (answer.status, said["code"], said["message"]) == (400, "InvalidURL", f"emoji-mock: {problem}")


@pytest.mark.parametrize(
    "url", ["https://emoji-mock.test/portraits/FacePose.png", "https://emoji-mock.test/passed/x.png"]
)
def test_what_is_not_near_steers_nothing(fake, url):
    """Any other path on the host is a picture like any other."""
    assert "bbox_face" in json.loads(fake.answer(call(body(url))).body)["output"]


@pytest.mark.parametrize("size", ["399x800", "800x7001", "1x1", "99999x99999"])
def test_a_size_that_the_vendor_refuses_fails(fake, size):
    """A size outside the limits gets InvalidFile.Resolution."""
    said = json.loads(fake.answer(call(body(f"https://emoji-mock.test/passed/{size}.png"))).body)
    assert said["output"]["code"] == "InvalidFile.Resolution"


def test_a_steered_size_holds_the_boxes(fake):
    """The boxes lie inside the size that the URL names."""
    boxes = json.loads(fake.answer(call(body("https://emoji-mock.test/passed/400x7000.png"))).body)["output"]
    assert all(0 <= x <= 400 for box in boxes.values() for x in box[::2])
