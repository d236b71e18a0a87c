"""The file at the end of a task: as long as its usage says, in the frame and at the rate of its model."""

from base64 import b64encode
from urllib.parse import urlsplit

import pytest
from helpers import picture
from recording_files import mp4, wav
from task_calls import finish_task, make_template

from emoji_mock import Request
from emoji_mock.media.recordings import measure
from emoji_mock.media.videos import render
from emoji_mock.media.videos.cache import VideoCache


def data_url(kind, file):
    """Return a `data:` URL."""
    return f"data:{kind};base64,{b64encode(file).decode()}"


@pytest.fixture
def scenes(monkeypatch):
    """The scenes of which videos were made, without PyAV, which would take seconds for each."""
    made = []
    monkeypatch.setattr(render, "find_spec", lambda _: None)
    videos = VideoCache(render.render)
    monkeypatch.setattr(
        "emoji_mock.media.videos.make_video", lambda scene: made.append(scene) or videos.make_video(scene)
    )
    return made


AUDIO = {"audio_url": data_url("audio/wav", wav(6.28))}
PICTURE = {"image_url": data_url("image/png", picture(size=(600, 800)))}
FILM = {"video_url": data_url("video/mp4", mp4(seconds=9, size=(1080, 1920)))}


def file_of(fake, said):
    """Return the file of the video of a task."""
    parts = urlsplit(said["output"].get("results", said["output"])["video_url"])
    answer = fake.answer(Request("GET", f"{parts.path}?{parts.query}", (("host", parts.netloc),)))
    assert answer.status == 200
    return answer.body


@pytest.mark.parametrize(
    ("model", "changes", "parameters", "size", "fps"),
    [
        ("emo-v1", AUDIO, None, (512, 512), 25),
        ("emo-v1", AUDIO | {"face_bbox": [300, 300, 500, 500], "ext_bbox": [100, 0, 700, 800]}, None, (512, 704), 25),
        ("wan2.2-s2v", AUDIO | PICTURE, None, (480, 640), 25),
        ("wan2.2-s2v", AUDIO | PICTURE, {"resolution": "720P"}, (720, 960), 25),
        ("liveportrait", AUDIO | PICTURE, None, (720, 960), 24),
        ("liveportrait", AUDIO | PICTURE, {"video_fps": 30}, (720, 960), 30),
        ("videoretalk", AUDIO | FILM, None, (1080, 1920), 25),
    ],
)
def test_a_video_is_what_its_usage_says(fake, clock, scenes, model, changes, parameters, size, fps):
    """Its length to a frame, its size and its rate; and the face speaks."""
    said = finish_task(fake, clock, model, changes, parameters)
    assert said["usage"].get("duration", said["usage"].get("video_duration")) == 6.28
    facts = measure(file_of(fake, said))
    assert [(scene.frame, scene.driven_id) for scene in scenes] == [(size, "")]
    assert (facts.size, facts.fps) == (size, pytest.approx(fps))
    assert facts.seconds == pytest.approx(6.28, abs=0.5 / fps)


def test_a_person_of_a_template_moves_and_does_not_speak(fake, clock, scenes):
    """AnimateAnyone takes no audio; its video has the ratio that was asked for, and the length of its usage."""
    template = make_template(fake, clock)
    said = finish_task(fake, clock, "animate-anyone-gen2", {"template_id": template}, {"video_ratio": "9:16"})
    facts = measure(file_of(fake, said))
    assert [scene.driven_id for scene in scenes] == ["animate-anyone-gen2"]
    assert facts.size == (720, 1280)
    assert facts.seconds == pytest.approx(said["usage"]["video_duration"], abs=0.02)
