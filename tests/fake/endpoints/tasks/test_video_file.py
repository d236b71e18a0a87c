"""The link of a video: what it looks like, who is let in, ranges, and when it is over."""

import json
import re
from base64 import b64encode
from urllib.parse import urlsplit

import pytest
from helpers import picture, upload
from helpers import video as ask

from emoji_mock import Fake, Options, Request
from emoji_mock.media.videos import Scene

VIDEO = bytes(range(256)) * 4
HOST = "dashscope-result-bj.oss-cn-beijing.aliyuncs.com"
NOW = 1_795_366_800
TAG = '"B2EA9F7FCEA831A4A63B213F41A8855B"'


@pytest.fixture(autouse=True)
def scenes(monkeypatch):
    """The scenes of which a video was asked for; each gets the same few bytes."""
    asked = []
    monkeypatch.setattr("emoji_mock.media.videos.make_video", lambda scene: asked.append(scene) or VIDEO)
    return asked


@pytest.fixture
def fake(clock):
    """A fake whose videos are there at once."""
    return Fake(Options(seed=7, time_scale=0), clock=clock)


def link_of(fake, changes=None, host="dashscope.aliyuncs.com", **more):
    """Return the video_url of a new task."""
    task = json.loads(fake.answer(ask(changes, **more)).body)["output"]["task_id"]
    headers = (("host", host), ("authorization", "Bearer sk-mock-test"))
    answer = fake.answer(Request("GET", f"/api/v1/tasks/{task}", headers)).body
    return json.loads(answer)["output"]["video_url"]


def get(fake, link, method="GET", **headers):
    """Return the answer to asking for a link."""
    parts = urlsplit(link)
    pairs = (("host", parts.netloc), *((name.replace("_", "-"), value) for name, value in headers.items()))
    return fake.answer(Request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, pairs))


def refusal(answer):
    """Return status, code and message of an error in XML."""
    code, message = re.findall(rb"<(?:Code|Message)>(.*?)</", answer.body)
    assert f"<HostId>{HOST}</HostId>".encode() in answer.body
    assert dict(answer.headers)["content-type"] == "application/xml"
    return answer.status, code.decode(), message.decode()


def test_a_link_is_signed_and_lasts_a_day(fake):
    """At the vendor's: OSS's three parameters, the end 24 hours after that of the task."""
    link = link_of(fake)
    day = f"https://{HOST}/1d/[0-9a-f]{{2}}/20261123/[0-9a-f]{{8}}/"
    assert re.fullmatch(
        rf"{day}[0-9a-f-]{{36}}\.mp4\?Expires={NOW + 86_400}&OSSAccessKeyId=emoji-mock&Signature=[\w%]+", link
    )


def test_a_server_links_to_itself(fake):
    """Asked under an address of its own, the fake links to a path of that address."""
    assert link_of(fake, host="127.0.0.1:8000").startswith("http://127.0.0.1:8000/dashscope-result-bj/1d/58/20261123/")


@pytest.mark.parametrize("host", ["dashscope.aliyuncs.com", "127.0.0.1:8000"])
def test_the_whole_video(fake, host):
    """200, with what a player wants to know; no picture is billed."""
    answer = get(fake, link_of(fake, host=host))
    assert (answer.status, answer.body) == (200, VIDEO)
    assert answer.headers[:3] == (("content-type", "video/mp4"), ("accept-ranges", "bytes"), ("etag", TAG))
    assert [name for name, _ in answer.headers[3:]] == ["server", "date", "x-oss-request-id"]
    entry = fake.store.journal().entries[-1]
    assert (entry.outcome, entry.billed, entry.namespace, entry.model) == ("done", False, "test", "emoji-v1")
    assert entry.response_body == "a video of 1024 bytes"
    assert "Signature" not in entry.target


def test_head_describes_the_video(fake):
    """HEAD is answered as GET is, whatever range it names; the way in omits the body."""
    answer = get(fake, link_of(fake), "HEAD", range="bytes=0-9")
    assert (answer.status, len(answer.body)) == (200, 1024)


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-", 0, 1023),
        ("bytes=0-0", 0, 0),
        ("bytes=100-199", 100, 199),
        ("bytes=1000-5000", 1000, 1023),
        ("bytes=-24", 1000, 1023),
        ("bytes=-5000", 0, 1023),
    ],
)
def test_a_range_is_a_part(fake, asked, begin, end):
    """206 with the part that is asked for (RFC 9110, 14)."""
    answer = get(fake, link_of(fake), range=asked)
    assert (answer.status, answer.body) == (206, VIDEO[begin : end + 1])
    assert dict(answer.headers)["content-range"] == f"bytes {begin}-{end}/1024"


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=", "bytes=-", "bytes=-0", "bytes=1024-", "bytes=9-5", "bytes=0-1,5-6", "items=0-1", "bytes=\u0661-"],
)
def test_what_is_no_range_of_it_is_ignored(fake, asked):
    """OSS then sends all."""
    answer = get(fake, link_of(fake), range=asked)
    assert (answer.status, answer.body) == (200, VIDEO)


@pytest.mark.parametrize(("tag", "status"), [(TAG, 206), ('"other"', 200)])
def test_a_part_only_of_the_same_video(fake, tag, status):
    """If-Range names the video that the caller has begun with."""
    assert get(fake, link_of(fake), range="bytes=0-9", if_range=tag).status == status


def test_what_is_shown(fake, scenes):
    """The video is made of what the task was given."""
    get(fake, link_of(fake))
    assert scenes == [
        Scene(
            "https://example.com/me.png",
            ((212, 194, 460, 441), (63, 30, 609, 575)),
            "mengwa_kaixin",
            1,
            (512, 512),
            15,
            b"",
        )
    ]


def test_an_uploaded_picture_is_shown(fake, scenes):
    """The video shows the stored picture; once that is dropped, a drawn portrait."""
    file = picture()
    url = upload(fake, file, "emoji-v1")
    link = link_of(fake, {"image_url": url}, x_dashscope_ossresourceresolve="enable")
    get(fake, link)
    assert (scenes[0].picture, scenes[0].image_url) == (file, url)


def test_a_picture_in_the_url_is_shown(fake, scenes):
    """A `data:` URL holds its picture itself."""
    file = picture()
    get(fake, link_of(fake, {"image_url": f"data:image/png;base64,{b64encode(file).decode()}"}))
    assert scenes[0].picture == file


def test_a_link_is_over_after_a_day(fake, clock):
    """Until the last second it leads to the video, whatever the task itself says by then."""
    link = link_of(fake)
    clock.now = NOW + 86_399
    assert get(fake, link).status == 200
    clock.now += 1
    assert refusal(get(fake, link)) == (403, "AccessDenied", "Request has expired.")


def test_a_link_counts_from_the_end_of_the_task(clock):
    """A video that took a minute and more has its day all the same."""
    fake = Fake(Options(seed=7), clock=clock)
    task = json.loads(fake.answer(ask()).body)["output"]["task_id"]
    clock.now = fake.store.task(task).ends
    headers = (("host", "dashscope.aliyuncs.com"), ("authorization", "Bearer sk-mock-test"))
    link = json.loads(fake.answer(Request("GET", f"/api/v1/tasks/{task}", headers)).body)["output"]["video_url"]
    clock.now += 86_399  # by now the task is UNKNOWN
    assert get(fake, link).status == 200
    clock.now += 1
    assert get(fake, link).status == 403


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda link: link.partition("?")[0], "AccessDenied"),
        (lambda link: link.replace("Signature=", "Sig="), "AccessDenied"),
        (lambda link: link.replace("OSSAccessKeyId=emoji-mock", "OSSAccessKeyId=me"), "InvalidAccessKeyId"),
        (lambda link: link + "x", "SignatureDoesNotMatch"),
        (lambda link: link.replace(str(NOW + 86_400), str(NOW + 186_400)), "SignatureDoesNotMatch"),
        (lambda link: link.replace("/1d/", "/2d/"), "SignatureDoesNotMatch"),
        (lambda link: link + "&a=1" * 200, "AccessDenied"),
    ],
)
def test_only_the_signed_link_is_let_in(fake, scenes, change, expected):
    """A link with a missing or changed part is refused with 403, in OSS's words."""
    assert refusal(get(fake, change(link_of(fake))))[:2] == (403, expected)
    assert scenes == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_video_can_only_be_read(fake, method):
    """Any other method is refused."""
    assert refusal(get(fake, link_of(fake), method))[:2] == (403, "AccessDenied")


def test_a_task_that_is_forgotten_has_no_video(fake):
    """After a reset the link leads nowhere."""
    link = link_of(fake)
    fake.store.reset()
    assert refusal(get(fake, link)) == (404, "NoSuchKey", "The specified key does not exist.")


def test_under_https_the_link_is_so(fake):
    """Behind a proxy that speaks https, the link leads back to it."""
    task = json.loads(fake.answer(ask()).body)["output"]["task_id"]
    headers = (("host", "mock.example"), ("authorization", "Bearer sk-mock-test"), ("x-forwarded-proto", "https"))
    answer = json.loads(fake.answer(Request("GET", f"/api/v1/tasks/{task}", headers)).body)
    assert answer["output"]["video_url"].startswith("https://mock.example/dashscope-result-bj/1d/")


@pytest.mark.parametrize("expires", ["", "x", "-1", "1" * 13, "1" * 5000, "%D9%A1", "1.5"])
def test_an_end_that_is_no_number_signs_nothing(fake, expires):
    """A link whose Expires is not up to twelve digits is refused as one without a signature."""
    link = re.sub(r"Expires=\d+", f"Expires={expires}", link_of(fake))
    assert refusal(get(fake, link))[:2] == (403, "AccessDenied")
