"""Calls that create the tasks of every model but emoji-v1, and calls about them."""

import json
from io import BytesIO
from wave import open as open_wave

from helpers import call

PICTURE = "https://example.com/me.png"
AUDIO = "https://example.com/me.wav"
VIDEO = "https://example.com/me.mp4"
INPUTS = {
    "emo-v1": {
        "image_url": PICTURE,
        "audio_url": AUDIO,
        "face_bbox": [302, 286, 610, 593],
        "ext_bbox": [71, 9, 840, 778],
    },
    "wan2.2-s2v": {"image_url": PICTURE, "audio_url": AUDIO},
    "liveportrait": {"image_url": PICTURE, "audio_url": AUDIO},
    "animate-anyone-template-gen2": {"video_url": VIDEO},
    "animate-anyone-gen2": {"image_url": PICTURE, "template_id": "AACT.none"},
    "videoretalk": {"video_url": VIDEO, "audio_url": AUDIO},
}
PATHS = dict.fromkeys(INPUTS, "video-synthesis") | {"animate-anyone-template-gen2": "aa-template-generation"}


def task_call(model, changes=None, parameters=None, *, asynchronous="enable", **more):
    """Return a call that creates a task of `model`, with parts of its input changed; a part given as None is omitted."""
    given = {name: value for name, value in {**INPUTS[model], **(changes or {})}.items() if value is not None}
    sent = {"model": model, "input": given} | ({} if parameters is None else {"parameters": parameters})
    target = f"/api/v1/services/aigc/image2video/{PATHS[model]}"
    more = {"target": target, "x_dashscope_async": asynchronous} | more
    return call(json.dumps(sent).encode(), **more)


def create_task(fake, model, changes=None, parameters=None, **more):
    """Create a task and return its id."""
    answer = fake.answer(task_call(model, changes, parameters, **more))
    assert answer.status == 200, answer.body
    return json.loads(answer.body)["output"]["task_id"]


def get_task(fake, task, **more):
    """Return the state of a task as bytes."""
    return fake.answer(call(b"", method="GET", target=f"/api/v1/tasks/{task}", **more)).body


def finish_task(fake, clock, model, changes=None, parameters=None, **more):
    """Create a task, let the longest time of a task pass, and return its document."""
    task = create_task(fake, model, changes, parameters, **more)
    clock.now += 300
    return json.loads(get_task(fake, task))


def make_template(fake, clock, **more):
    """Return the id of a template that the account has made."""
    return finish_task(fake, clock, "animate-anyone-template-gen2", **more)["output"]["template_id"]


def wav(seconds, rate=100):
    """Return a WAV file of silence."""
    out = BytesIO()
    with open_wave(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(rate)
        file.writeframes(b"\x80" * round(seconds * rate))
    return out.getvalue()


def service_error(status, code, message):
    """Return an error in the siblings' key order, with its request id masked."""
    said = {"code": code, "message": message, "request_id": "ID"}
    return status, json.dumps(said, ensure_ascii=False, separators=(",", ":"))
