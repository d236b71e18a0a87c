"""The picture of a call on the page: the file where it is held, the boxes over it, and a stand-in for all others."""

import json
from base64 import b64encode

import pytest
from helpers import body, call, detection, exchange, parse_head, picture, upload
from picture_files import drawn, exif, saved
from servers import running

from emoji_mock import Fake
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.vision import FaceFacts, PictureFacts
from emoji_mock.fake.options import Options
from emoji_mock.fake.vision.eyes import Eyes
from emoji_mock.server.dashboard.pictures import picture_of

KEEPING = Options(kept_picture_bytes=1_000_000, eyes=Eyes())
OSS = {"x_dashscope_ossresourceresolve": "enable"}


class SeesFaces:
    """A fake's media whose pictures of 640 by 800 pixels show `faces`."""

    def __init__(self, media, *faces):
        self._media, self._faces = media, faces

    def __getattr__(self, name):
        """Return what the wrapped media has."""
        return getattr(self._media, name)

    def look(self, _data, *, upright):
        """Return the faces, whatever the picture is."""
        assert upright in (True, False)
        return PictureFacts(Size(640, 800), tuple(FaceFacts(face, below=3.0) for face in self._faces))


def seeing(*faces, options=KEEPING):
    """Return a fake that keeps pictures, and that sees `faces` in each."""
    fake = Fake(options)
    fake.media = SeesFaces(fake.media, *faces)
    return fake


def data_url(file):
    """Return the `data:` URL of a file."""
    return f"data:image/png;base64,{b64encode(file).decode()}"


def latest(fake):
    """Return the last entry of the journal."""
    return fake.store.journal(limit=10_000).entries[-1]


def drawn_of(fake):
    """Return what is drawn of the picture of the last call."""
    return picture_of(fake, latest(fake))


def test_a_picture_that_is_held_is_shown_with_both_boxes():
    """From a `data:` URL or an upload, by the number of its call; the text for those who do not see it says the same."""
    fake = seeing(Box(200, 100, 400, 300))
    for url in (data_url(picture()), upload(fake, picture())):
        fake.answer(call(body(url), **OSS))
        view = drawn_of(fake)
        assert (view.href, view.size) == (f"/_mock/page/pictures/{view.number}", (640, 800))
        assert [(kind, tuple(box)) for kind, box in view.boxes] == [
            ("face", (200, 100, 400, 300)),
            ("ext", (80, 0, 520, 440)),
        ]
        assert view.alt == (
            f"Picture of call {view.number}: passed, face at 200, 100, 400, 300, larger box at 80, 0, 520, 440"
        )


def test_the_faces_of_a_refused_picture_are_shown():
    """All that were seen, the largest first."""
    fake = seeing(Box(10, 10, 200, 200), Box(300, 100, 480, 280))
    fake.answer(call(body(data_url(picture()))))
    view = drawn_of(fake)
    assert latest(fake).code == "InvalidFile.MultiHuman"
    assert latest(fake).seen == "640x800 10,10,200,200 300,100,480,280"
    assert [(kind, tuple(box)) for kind, box in view.boxes] == [
        ("refused", (10, 10, 200, 200)),
        ("refused", (300, 100, 480, 280)),
    ]


def test_the_journal_keeps_few_of_many_faces():
    """The sixteen largest, as those of a crowd would be a long text."""
    fake = seeing(*[Box(0, 0, 100 - n, 100 - n) for n in range(40)])
    fake.answer(call(body(data_url(picture()))))
    assert len(drawn_of(fake).boxes) == 16


@pytest.mark.parametrize(
    ("model", "kinds"),
    [
        ("emo-detect-v1", ["face", "ext"]),
        ("liveportrait-detect", ["face"]),
        ("wan2.2-s2v-detect", ["face"]),
        ("animate-anyone-detect-gen2", ["face"]),
    ],
)
def test_the_boxes_of_a_model_are_those_of_its_answer_or_what_was_seen(model, kinds):
    """An answer without boxes has the face that was seen, as far as its model passes the picture."""
    fake = seeing(Box(270, 60, 370, 160))
    fake.answer(detection(model, data_url(picture()), parameters={"ratio": "1:1"}))
    view = drawn_of(fake)
    assert (latest(fake).outcome, [kind for kind, _ in view.boxes]) == ("passed", kinds)


@pytest.mark.parametrize(
    ("url", "size", "kinds"),
    [
        ("https://emoji-mock.test/passed/900x800.png", (900, 800), ["face", "ext"]),
        ("https://emoji-mock.test/failed/FacePose.png", (640, 800), []),
        ("https://emoji-mock.test/passed/1x", (640, 800), []),
    ],
)
def test_a_picture_that_is_not_held_has_a_stand_in(url, size, kinds):
    """Of the size that the URL says, if it does, with the boxes of the answer."""
    fake = Fake()
    fake.answer(call(body(url)))
    view = drawn_of(fake)
    assert (view.href, view.size, [kind for kind, _ in view.boxes]) == ("", size, kinds)
    assert view.alt.startswith("Stand-in for the picture of call 1: ")


def test_a_stand_in_of_unknown_size_holds_its_boxes():
    """With as much room on one side as on the other."""
    fake = Fake()
    fake.answer(call(body("https://example.com/me.png")))
    view = drawn_of(fake)
    (_, face), (_, ext) = view.boxes
    assert view.href == ""
    assert view.size == (ext.x1 + ext.x2, ext.y1 + ext.y2)
    assert view.face == face


def test_nothing_is_kept_unless_the_options_say_so():
    """The picture of a `data:` URL is then a stand-in of its size, with the face that was seen."""
    fake = seeing(Box(200, 100, 400, 300), options=Options(eyes=Eyes()))
    fake.answer(call(body(data_url(picture()))))
    assert (drawn_of(fake).href, drawn_of(fake).size) == ("", (640, 800))
    assert len(drawn_of(fake).boxes) == 2


def test_boxes_turn_with_a_picture_that_is_stored_on_its_side():
    """People see it upright; its answer counts in the pixels as they are stored, or upright if the options say so."""
    file = saved(drawn((800, 640)), "JPEG", exif=exif(6))
    for upright, expected in ((False, (240, 200, 340, 300)), (True, (200, 300, 300, 400))):
        fake = Fake(Options(kept_picture_bytes=10_000_000, eyes=Eyes(), upright=upright))
        fake.media = SeesFaces(fake.media, Box(200, 300, 300, 400))
        fake.answer(call(body(data_url(file))))
        view = drawn_of(fake)
        assert (view.size, view.boxes[0].box) == (Size(640, 800), expected)


def test_a_call_without_a_picture_has_none():
    """Neither an upload nor a call without a URL."""
    fake = Fake()
    for request in (call(b"{}"), call(b"", method="GET", target="/api/v1/uploads?action=getPolicy&model=emoji-v1")):
        fake.answer(request)
        assert drawn_of(fake) is None


@pytest.fixture(scope="module")
def served():
    """A server whose fake keeps pictures and sees one face in each."""
    with running(seeing(Box(200, 100, 400, 300))) as live:
        yield live


def get(live, path, *headers):
    """Return status, headers and body of a page."""
    lines = "".join(f"{line}\r\n" for line in ("host: localhost", "connection: close", *headers))
    head, _, content = exchange(live.address, f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode()).partition(b"\r\n\r\n")
    return *parse_head(head), content


def test_the_server_shows_pictures_of_calls_and_uploads(served):
    """As JPEG files that load nothing, and that only pages of this server may load."""
    served.fake.answer(call(body(data_url(picture()))))
    url = upload(served.fake, picture())
    for path in (f"/_mock/page/pictures/{latest(served.fake).number - 2}", f"/_mock/page/uploads?key={url[6:]}"):
        status, headers, content = get(served, path)
        assert (status, headers["content-type"], content[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cache-control"] == "no-store"
        assert get(served, path, "origin: https://example.com")[0] == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("pictures/99999999", 404),
        ("pictures/-1", 404),
        ("pictures/0", 404),
        ("pictures/99999999999999999999999999", 404),
        ("pictures/..%2f..%2fetc%2fpasswd", 404),
        ("pictures/me", 422),
        ("uploads?key=../../etc/passwd", 404),
        ("uploads?key=%00", 404),
        ("uploads", 422),
        ("tried/none", 404),
    ],
)
def test_the_server_shows_nothing_else(served, path, status):
    """An unknown call, a path, a wrong number: an error without a traceback."""
    answered, _, content = get(served, f"/_mock/page/{path}")
    assert answered == status
    assert b"Traceback" not in content


def test_a_try_is_shown_with_its_answer(served):
    """By the id that the caller got: picture, boxes, reason and answer."""
    request_id = json.loads(served.fake.answer(call(body(data_url(picture())))).body)["request_id"]
    status, headers, content = get(served, f"/_mock/page/tried/{request_id}")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    html = content.decode()
    assert f'<image href="/_mock/page/pictures/{latest(served.fake).number}"' in html
    assert "Face 200, 100, 400, 300" in html
    assert f"&#34;request_id&#34;:&#34;{request_id}&#34;" in html
