"""The official SDK from a file to a video: its own upload, its own wait, and its command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import picture

pytestmark = [
    pytest.mark.slow,  # the SDK takes seconds to import
    pytest.mark.filterwarnings("ignore:no workspace configured:UserWarning"),
]

RESOLVE = {"X-DashScope-OssResourceResolve": "enable"}
UNREAD = {"task": "image2video", "model": "emoji-v1"}


@pytest.fixture
def portrait(tmp_path):
    """The path of a picture."""
    path = tmp_path / "me.png"
    path.write_bytes(picture(size=(500, 600)))
    return path


def _boxes(portrait):
    from dashscope.client.base_api import BaseApi
    from dashscope.utils.oss_utils import OssUtils

    url, _ = OssUtils.upload(model="emoji-detect-v1", file_path=str(portrait))
    found = BaseApi.call(
        model="emoji-detect-v1",
        input={"image_url": url},
        task_group="aigc",
        task="image2video",
        function="face-detect",
        ratio="1:1",
        headers=RESOLVE,
    )
    return found.output["bbox_face"], found.output["ext_bbox_face"]


def _video(portrait, way):
    from dashscope import VideoSynthesis
    from dashscope.utils.oss_utils import OssUtils

    face, ext = _boxes(portrait)
    url, _ = OssUtils.upload(model="emoji-v1", file_path=str(portrait))
    video_input = {"image_url": url, "driven_id": "mengwa_dengyan", "face_bbox": face, "ext_bbox": ext}
    return getattr(VideoSynthesis, way)(**UNREAD, extra_input=video_input, headers=RESOLVE)


def test_from_a_file_to_a_video(emoji_server, portrait, tmp_path):
    """Upload, detect, upload for the other model, `VideoSynthesis.call`, which waits, and the link leads to an H.264 film."""
    import requests

    got = _video(portrait, "call")
    assert (got.status_code, got.output.task_status) == (200, "SUCCEEDED")
    assert (got.usage["video_duration"], got.usage["video_ratio"]) == (2, "standard")
    film = requests.get(got.output.video_url, timeout=20)
    assert (film.status_code, film.headers["content-type"]) == (200, "video/mp4")
    path = tmp_path / "me.mp4"
    path.write_bytes(film.content)
    assert path.read_bytes()[4:8] == b"ftyp"
    assert b"avc1" in film.content  # H.264, by ISO/IEC 14496-15
    assert emoji_server.ledger.images == 1
    assert {call.outcome for call in emoji_server.calls} == {"passed", "done"}


def test_pyav_reads_the_video(emoji_server, portrait, tmp_path):
    """512 x 512 pixels, 15 pictures a second, as long as usage says, and silent."""
    av = pytest.importorskip("av")
    import requests

    got = _video(portrait, "call")
    path = tmp_path / "me.mp4"
    path.write_bytes(requests.get(got.output.video_url, timeout=20).content)
    with av.open(str(path)) as film:
        (stream,) = film.streams
        assert (stream.codec.canonical_name, stream.width, stream.height) == ("h264", 512, 512)
        assert (stream.average_rate, sum(1 for _ in film.decode(stream))) == (15, 15 * 2)
    assert emoji_server.calls[-1].method == "GET"


@pytest.mark.emoji(time_scale=1)
def test_its_command_line_fetches_a_task(emoji_server, portrait):
    """`dashscope video-synthesis fetch` shows the state of a task; the environment alone gives its address."""
    created = _video(portrait, "async_call")
    run = _command("fetch", created.output.task_id)
    assert "RUNNING" in run.stdout, run
    assert created.output.task_id in run.stdout
    assert emoji_server.calls[-1].target == f"/api/v1/tasks/{created.output.task_id}"


def _command(*arguments):
    command = [str(Path(sys.executable).with_name("dashscope")), "video-synthesis", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ, timeout=60)
