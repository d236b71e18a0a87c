"""Audio, videos and pictures that the fake holds: how long the result is, and how a file that is none fails the task."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from helpers import picture, status_and_body, upload
from task_calls import create_task, finish_task, service_error, task_call, wav

from emoji_mock import Rule
from emoji_mock.assembly import LazyMedia
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.model import MediaFacts

FILM = Path(__file__).parents[4] / "fixtures" / "videos" / "3.mp4"
RESOLVED = {"x_dashscope_ossresourceresolve": "enable"}


def data_url(file, kind="audio/wav"):
    """Return a `data:` URL of a file."""
    return f"data:{kind};base64,{b64encode(file).decode()}"


def failure(fake, clock, model, changes, parameters=None, **more):
    """Return code and message of a task that was accepted and failed."""
    output = finish_task(fake, clock, model, changes, parameters, **more)["output"]
    assert output["task_status"] == "FAILED"
    return output["code"], output["message"]


@pytest.fixture
def videos(monkeypatch):
    """What `measure` says of files that begin with `video`: made-up facts, as a video of 200 MB cannot be made here."""
    facts = MediaFacts("video", "mp4", 12.5, Size(720, 1280), 30.0)
    real = LazyMedia.measure
    known = {b"video": facts}

    def measure(self, data):
        return known[data] if data in known else real(self, data)

    monkeypatch.setattr(LazyMedia, "measure", measure)
    return known


@pytest.mark.parametrize("where", ["upload", "data"])
@pytest.mark.parametrize(
    ("model", "name"), [("emo-v1", "video_duration"), ("wan2.2-s2v", "duration"), ("liveportrait", "video_duration")]
)
def test_a_result_is_as_long_as_the_held_audio(fake, clock, model, name, where):
    """An upload for the model and a `data:` URL are measured alike."""
    url = upload(fake, wav(6.25), model) if where == "upload" else data_url(wav(6.25))
    said = finish_task(fake, clock, model, {"audio_url": url}, **RESOLVED)
    assert said["usage"][name] == 6.25


def test_a_rule_that_passes_leaves_the_length_of_the_audio(fake, clock):
    """And lets audio pass that the model does not take, whose length is then not known."""
    fake.store.add_rule(Rule(outcome="passed", model="wan2.2-s2v"))
    lengths = [
        finish_task(fake, clock, "wan2.2-s2v", {"audio_url": url})["usage"]["duration"]
        for url in (data_url(wav(6.25)), data_url(wav(30)))
    ]
    assert lengths[0] == 6.25
    assert 2 <= lengths[1] < 10


def test_the_length_of_other_audio_follows_from_the_request(fake, clock):
    """2 to 9.99 seconds, which every model allows."""
    lengths = {finish_task(fake, clock, "wan2.2-s2v")["usage"]["duration"] for _ in range(20)}
    assert len(lengths) > 10
    assert all(2 <= length < 10 for length in lengths)


TOO_LONG = [
    ("emo-v1", 60.01, "Audio length must be between 0s and 60s."),
    ("wan2.2-s2v", 20, "Audio length must be between 0s and 20s."),
    ("liveportrait", 0.99, "Audio length must be between 1s and 180s."),
    ("liveportrait", 180.01, "Audio length must be between 1s and 180s."),
]


@pytest.mark.parametrize(("model", "seconds", "message"), TOO_LONG)
def test_audio_of_another_length_fails_the_task(fake, clock, model, seconds, message):
    """The task is accepted, and ends with the model's own numbers."""
    said = failure(fake, clock, model, {"audio_url": data_url(wav(seconds))})
    assert said == ("InvalidFile.AudioLengthError", message)


@pytest.mark.parametrize(("model", "seconds"), [("emo-v1", 60), ("wan2.2-s2v", 19.9), ("liveportrait", 1)])
def test_audio_within_the_bounds_is_taken(fake, clock, model, seconds):
    """Bounds are included, and 20 s of wan2.2-s2v are not reached."""
    said = finish_task(fake, clock, model, {"audio_url": data_url(wav(seconds))})
    assert said["output"]["task_status"] == "SUCCEEDED"


BAD_MEDIA = (
    "InvalidParameter.DataInspection",
    "The media format is not supported or incorrect for the data inspection.",
)
BAD_FORMAT = ("InvalidParameter.UnsupportedFileFormat", "Input files format not supported.")


@pytest.mark.parametrize(
    ("model", "expected"), [("emo-v1", BAD_MEDIA), ("wan2.2-s2v", BAD_MEDIA), ("liveportrait", BAD_FORMAT)]
)
@pytest.mark.parametrize("file", [b"RIFF", b"not audio at all", "a picture"])
def test_a_file_that_is_no_audio_fails_the_task(fake, clock, model, expected, file):
    """Whether it is broken, something else, or a picture."""
    url = data_url(picture() if file == "a picture" else file)
    assert failure(fake, clock, model, {"audio_url": url}) == expected


def test_audio_of_too_many_bytes_fails_the_task(fake, clock):
    """The pattern of the errors page, with the model's number of megabytes."""
    url = upload(fake, wav(10, rate=1_600_000), "wan2.2-s2v")
    said = "Invalid file size. The video/audio/image file size must be less than 15MB."
    assert failure(fake, clock, "wan2.2-s2v", {"audio_url": url}, **RESOLVED) == ("InvalidFile.Size", said)


VIDEOS = [
    ({"kind": "audio"}, BAD_MEDIA),
    ({"container": "mkv"}, BAD_MEDIA),
    ({"seconds": 1.99}, ("InvalidFile.Template.Content", "Invalid template content.")),
    ({"seconds": 60.01}, ("InvalidFile.Template.Content", "Invalid template content.")),
    ({"size": Size(199, 400)}, ("InvalidFile.Template.Content", "Invalid template content.")),
    ({"size": Size(400, 2049)}, ("InvalidFile.Template.Content", "Invalid template content.")),
    ({"fps": 23.9}, ("InvalidFile.Template.Content", "Invalid template content.")),
]


@pytest.mark.parametrize(("changes", "expected"), VIDEOS)
def test_a_video_outside_the_bounds_fails_its_template(fake, clock, videos, changes, expected):
    """mp4, avi or mov, 2 to 60 seconds, sides of 200 to 2048 pixels, 24 frames a second at least."""
    videos[b"video"] = videos[b"video"]._replace(**changes)
    url = data_url(b"video", "video/mp4")
    assert failure(fake, clock, "animate-anyone-template-gen2", {"video_url": url}) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"seconds": 2.0},
        {"seconds": 60.0},
        {"size": Size(200, 2048)},
        {"fps": 24.0},
        {"container": "mov"},
        {"container": "avi"},
    ],
)
def test_a_video_within_the_bounds_makes_a_template(fake, clock, videos, changes):
    """Bounds are included; the template is as long as the video, and so is what is made by it."""
    videos[b"video"] = facts = videos[b"video"]._replace(**changes)
    made = finish_task(fake, clock, "animate-anyone-template-gen2", {"video_url": data_url(b"video", "video/mp4")})
    assert made["usage"] == {"video_duration": facts.seconds, "video_ratio": "standard"}
    changes = {"template_id": made["output"]["template_id"]}
    assert finish_task(fake, clock, "animate-anyone-gen2", changes)["usage"]["video_duration"] == facts.seconds


@pytest.mark.parametrize(
    ("audio", "extends", "seconds"),
    [(5, False, 5), (5, True, 5), (20, False, 12.5), (20, True, 20), (None, False, 12.5)],
)
def test_a_video_that_speaks_ends_with_the_shorter_unless_extended(fake, clock, videos, audio, extends, seconds):
    """With video_extension it is as long as its audio (inferred); its frame is that of the held video."""
    assert videos
    changes = {"video_url": data_url(b"video", "video/mp4")}
    if audio:
        changes["audio_url"] = data_url(wav(audio))
    said = finish_task(fake, clock, "videoretalk", changes, {"video_extension": extends})
    assert said["usage"] == {"video_duration": seconds, "size": "720*1280", "video_ratio": "standard", "fps": 25}


def test_a_real_video_that_was_uploaded_is_measured(fake, clock):
    """One of 3 seconds, 512 by 512 pixels and 15 frames a second speaks, but makes no template: that needs 24."""
    file = FILM.read_bytes()
    said = finish_task(fake, clock, "videoretalk", {"video_url": upload(fake, file, "videoretalk")}, **RESOLVED)
    assert said["usage"] == {"video_duration": 3.0, "size": "512*512", "video_ratio": "standard", "fps": 25}
    changes = {"video_url": upload(fake, file, "animate-anyone-template-gen2")}
    assert (
        failure(fake, clock, "animate-anyone-template-gen2", changes, **RESOLVED)[0] == "InvalidFile.Template.Content"
    )


def test_a_video_where_audio_belongs_fails_the_task(fake, clock, videos):
    """The kinds are told apart by the file, not by its name."""
    assert videos
    assert failure(fake, clock, "videoretalk", {"audio_url": data_url(b"video")}) == BAD_MEDIA
    assert failure(fake, clock, "videoretalk", {"video_url": data_url(wav(3))}) == BAD_MEDIA


@pytest.mark.parametrize(
    ("model", "code", "message"),
    [
        (
            "wan2.2-s2v",
            "InvalidParameter.DataInspection",
            "Unable to download the media resource during the data inspection process.",
        ),
        ("liveportrait", "InvalidParameter.InputDownloadFailed", "Failed to download input files."),
    ],
)
def test_an_upload_for_another_model_cannot_be_fetched(fake, model, code, message):
    """Nor one that never was; both refuse the call."""
    other = upload(fake, wav(3), "videoretalk")
    for url in (other, "oss://dashscope-instant/never.wav"):
        answer = fake.answer(task_call(model, {"audio_url": url}, **RESOLVED))
        assert status_and_body(answer) == service_error(400, code, message)


PICTURES = [
    ("emo-v1", (399, 800), "InvalidFile.Resolution"),
    ("wan2.2-s2v", (399, 800), "InvalidFile.Resolution"),
    ("liveportrait", (300, 601), "InvalidImage.ImageSize"),
    ("liveportrait", (4097, 3000), "InvalidImage.ImageSize"),
    ("animate-anyone-gen2", (224, 300), "InvalidFile.Resolution"),
    ("animate-anyone-gen2", (300, 601), "InvalidFile.AspectRatio"),
]


@pytest.mark.parametrize(("model", "size", "code"), PICTURES)
@pytest.mark.parametrize("where", ["upload", "data"])
def test_a_held_picture_outside_the_bounds_fails_the_task(fake, clock, model, size, code, where):
    """By the limits of the model, in the words of its detection."""
    file = picture("JPEG", size)
    url = upload(fake, file, model) if where == "upload" else data_url(file, "image/jpeg")
    changes = {"image_url": url}
    if model == "animate-anyone-gen2":
        changes["template_id"] = finish_task(fake, clock, "animate-anyone-template-gen2")["output"]["template_id"]
    assert failure(fake, clock, model, changes, **RESOLVED)[0] == code


URL_INVALID = (
    "The request URL is invalid, please check the request URL is available and the request image format is one of the "
    "following types: JPEG, JPG, PNG, BMP, and WEBP."
)


@pytest.mark.parametrize(
    ("model", "kind", "expected"),
    [("emo-v1", "WEBP", ("InvalidURL", URL_INVALID)), ("liveportrait", "GIF", BAD_FORMAT)],
)
def test_a_held_picture_of_another_format_fails_the_task(fake, clock, model, kind, expected):
    """Each model has its formats; that of emo-v1 are those of its detection without WEBP."""
    assert failure(fake, clock, model, {"image_url": data_url(picture(kind))}) == expected


@pytest.mark.parametrize(("model", "size", "code"), PICTURES)
def test_a_magic_url_of_such_a_size_fails_the_task_likewise(fake, clock, model, size, code):
    """As if the fake held a picture of that size."""
    assert (
        failure(fake, clock, model, {"image_url": "https://emoji-mock.test/passed/{}x{}.png".format(*size)})[0] == code
    )


def test_an_error_that_is_asked_for_refuses_the_call(fake):
    """Whether the picture is held or not: a rule or a magic URL for an error is no failure of the task."""
    url = data_url(picture(), "image/png")
    magic = "https://emoji-mock.test/error/InvalidImage.ImageSize.png"
    fake.store.add_rule(Rule(outcome="error", code="InvalidImage.ImageSize", image_url="data:*", model="liveportrait"))
    said = service_error(400, "InvalidImage.ImageSize", "The size of image is beyond limit.")
    for given in (url, magic):
        assert status_and_body(fake.answer(task_call("liveportrait", {"image_url": given}))) == said


def test_a_picture_that_cannot_be_fetched(fake):
    """Liveportrait has words of its own, for a picture as for audio."""
    answers = [
        fake.answer(task_call(model, {"image_url": "oss://dashscope-instant/never.png"}, **RESOLVED))
        for model in ("liveportrait", "wan2.2-s2v")
    ]
    assert [json.loads(answer.body)["code"] for answer in answers] == [
        "InvalidParameter.InputDownloadFailed",
        "InvalidParameter.DataInspection",
    ]


def test_the_frame_follows_the_held_picture(fake):
    """In its proportions, with the resolution as the shorter side (inferred)."""
    url = data_url(picture("PNG", (800, 400)), "image/png")
    task = create_task(fake, "wan2.2-s2v", {"image_url": url}, {"resolution": "720P"})
    assert fake.store.task(task).size == (1440, 720)
