"""Recordings are readable, deterministic, and free of secrets."""

import gzip
import json
import os
import re
from base64 import b64encode
from filecmp import dircmp
from pathlib import Path

import pytest

from emoji_mock import Fake, Request, Response, __version__
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.recordings.folder import Recorder, load
from emoji_mock.conformance.recordings.recording import (
    RecordingError,
    parse_recording,
    record_exchange,
    recorded_request,
    recorded_response,
)
from emoji_mock.conformance.recordings.redaction import Redactor
from emoji_mock.conformance.runner import Runner
from emoji_mock.conformance.targets.fake import FakeTarget

BY_NAME = {case.name: case for case in CASES}
KEY = "sk-0123456789abcdef0123456789abcdef"
PICTURE = (
    "https://bucket.oss-cn-beijing.aliyuncs.com/me.png?Expires=1&OSSAccessKeyId=LTAI5tQwErTyUiOp&Signature=SIGNED%3D"
)
PLANTED = ("0123456789abcdef", "LTAI5t", "SIGNED", "Expires=1", "1234567890123456", "sess10n", "CALLER")


def files(folder):
    """Return every file below `folder` with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


RECORDED = [case for case in CASES if case.model in ("emoji-detect-v1", "emoji-v1", "wan2.2-s2v")]
"""The cases of some models: those of all would take long."""


def record(folder, target, cases=RECORDED, **options):
    """Record the answers of a target, and return the files."""
    recorder = Recorder(folder, target, clock=lambda: 1_795_366_800.0)
    Runner(target, on_exchange=recorder.write, sleep=lambda _: None, **options).run(cases)
    return files(folder)


@pytest.mark.slow
def test_the_same_exchanges_give_the_same_bytes(tmp_path):
    """Recordings of two fakes at different times are equal byte for byte."""
    one = record(tmp_path / "one", FakeTarget(Fake(clock=lambda: 1_700_000_000.0)))
    other = record(tmp_path / "other", FakeTarget(Fake(clock=lambda: 1_795_366_800.5)))
    assert len(one) == len(RECORDED) + 1
    assert {name: data for name, data in one.items() if other[name] != data} == {}
    assert dircmp(tmp_path / "one", tmp_path / "other").left_only == []


def test_a_recording_is_readable(tmp_path):
    """A JSON body is recorded as JSON, a header as a line, a value that changes from call to call as a placeholder."""
    text = record(tmp_path, FakeTarget(), [BY_NAME["failed/InvalidFile.FacePose"]])["failed/InvalidFile.FacePose.json"]
    document = json.loads(text)
    assert (document["case"], document["of"]) == ("failed/InvalidFile.FacePose", "the fake")
    assert document["request"] == {
        "method": "POST",
        "target": "/api/v1/services/aigc/image2video/face-detect",
        "headers": ["authorization: Bearer <key>", "content-type: application/json"],
        "body": {
            "json": {
                "model": "emoji-detect-v1",
                "input": {"image_url": "https://emoji-mock.test/failed/InvalidFile.FacePose.png"},
                "parameters": {"ratio": "1:1"},
            }
        },
    }
    assert document["response"]["headers"][:3] == [
        "content-type: application/json",
        "x-dashscope-call-gateway: true",
        "x-request-id: <x-request-id>",
    ]
    assert document["response"]["body"]["json"]["request_id"] == "<request id>"
    assert json.loads((tmp_path / "about.json").read_text()) == {
        "of": "the fake",
        "recorded": "2026-11-22",
        "by": f"emoji-mock {__version__}",
    }


@pytest.mark.slow
def test_no_planted_secret_reaches_the_disk(tmp_path, fake_live):
    """Key, account, signed URL and cookie are in no header, URL or body of a recording."""
    leak = f"{KEY} {PICTURE} uid 1234567890123456"

    def mutate(response):
        document = json.loads(response.body) if response.body else {}
        document |= {"message": leak, "caller_uid": "CALLER", "nested": {"api_key_id": "CALLER", "url": PICTURE}}
        headers = (*response.headers, ("set-cookie", "sess10n"), ("x-debug", leak), ("server", leak), (KEY, "x"))
        return Response(response.status, headers, json.dumps(document).encode())

    target = fake_live(key=KEY, mutate=mutate)
    bind = target.bind

    def with_picture(case):
        bindings = bind(case)
        if not isinstance(bindings, str):
            object.__setattr__(bindings, "picture", PICTURE)
        return bindings

    target.bind = with_picture
    written = record(tmp_path, target, budget=100)
    assert len(written) > 50
    assert any(KEY.encode() in dict(request.headers).get("authorization", "").encode() for request in target.requests)
    assert any(b"SIGNED" in request.body for request in target.requests)
    assert [(name, word) for name, data in written.items() for word in PLANTED if word.encode() in data] == []
    picture = json.loads(written["failed/InvalidFile.FacePose.json"])["request"]["body"]["json"]["input"]["image_url"]
    assert picture == "https://emoji-mock.test/failed/InvalidFile.FacePose.png"


@pytest.mark.parametrize("key", [KEY, "my/secret+key=~of^{odd}"])
def test_an_echoed_key_reaches_the_disk_in_no_encoding(tmp_path, fake_live, key):
    """Whatever a server makes of the key, in the body, a header or a compressed body, is not written."""
    coded = (
        b64encode(f"a{key}".encode()).decode(),
        key.encode().hex(),
        key[::-1],
        "&#" + ";&#".join(str(ord(one)) for one in key),
    )
    bodies = iter([json.dumps({"message": one}).encode() for one in coded] + [gzip.compress(key.encode())])

    def mutate(response):
        return response._replace(body=next(bodies), headers=(("server", coded[0]), (coded[1], coded[2])))

    cases = [case for case in CASES if case.live and not case.setup][:5]
    written = record(tmp_path, fake_live(key=key, mutate=mutate), cases, budget=9)
    assert len(written) == 6
    together = b"".join(written.values())
    assert b"<key>" in together
    assert not any(form[:40].encode() in together for form in coded)
    assert b'"text": "<redacted>"' in together


def test_a_recording_that_still_holds_the_key_is_not_written(tmp_path, fake_live, monkeypatch):
    """A last check looks for the key in what is about to be written, apart from all that was to remove it."""
    monkeypatch.setattr(Redactor, "text", lambda _, text: text)
    case = BY_NAME["failed/InvalidFile.FacePose"]
    with pytest.raises(RecordingError, match="holds the key"):
        record(tmp_path, fake_live(key=KEY), [case], budget=1)
    assert list(files(tmp_path)) == ["about.json"]


def test_the_name_of_a_target_holds_no_key(tmp_path, fake_live):
    """A key in the address of a target is written nowhere."""
    target = fake_live(key=KEY)
    target.name = f"https://proxy.example.com/{KEY}/v1"
    written = record(tmp_path, target, [next(case for case in CASES if case.live and not case.setup)], budget=1)
    assert [name for name, data in written.items() if KEY.encode() in data] == []
    assert b"https://proxy.example.com/<key>/v1" in written["about.json"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"null", b'{"a": 1}', b'{"a":1.50}', "é".encode(), b"\xff\xfe", b"[" * 10_000, b'{"a":1}   ', b" ", b'{"a":1,"a":2}', b'"\\u00e9"', b"NaN"],
)  # fmt: skip
def test_any_body_comes_back_byte_for_byte(body):
    """A recorded body is restored exactly: JSON, text, binary data, and padding."""
    request = Request("POST", "/x", (("a", "b"),), body)
    kept = record_exchange("c", "t", request, Response(200, (("server", "x"),), body), Redactor())
    assert recorded_request(kept).body == body
    assert recorded_response(kept).body == body


def test_padding_is_recorded_as_a_number(tmp_path):
    """A body with six megabytes of spaces gives a small file."""
    written = record(tmp_path, FakeTarget(), [BY_NAME["body/over-6-mib"]])
    assert len(written["body/over-6-mib.json"]) < 2000
    assert len(recorded_request(load(tmp_path)[0]).body) == 6_291_457


def test_a_malformed_request_id_is_kept():
    """A malformed value gets no placeholder, so that the difference stays visible."""
    answer = Response(200, (("x-request-id", "REQ-1"), ("req-cost-time", "fast")), b'{"request_id":"REQ-1"}')
    again = recorded_response(record_exchange("c", "t", Request("GET", "/"), answer, Redactor()))
    assert again == answer


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not a recording"),
        ("[]", "is not a recording"),
        ("{", "is not a recording"),
        ('{"case":"a","of":"b","request":{"method":"GET","target":"/","headers":[],"body":{"padded":99999999999}},"response":{"status":200,"headers":[],"body":{}}}', "padded: must be from 0 to 16777216, not 99999999999"),
        ('{"case":"a","of":"b","request":{"method":"GET","target":"/","headers":[],"body":{"base64":"*"}},"response":{"status":200,"headers":[],"body":{}}}', "is not a recording"),
        ('{"case":"a","of":"b","request":{"method":"GET","target":"/","headers":[],"body":{}},"response":{"status":7,"headers":[],"body":{}}}', "the status must be from 200 to 599, not 7"),
    ],
)  # fmt: skip
def test_an_invalid_recording_is_reported(tmp_path, text, problem):
    """The message contains the path and the problem."""
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(RecordingError) as caught:
        load(tmp_path)
    assert str(caught.value).startswith(str(tmp_path / "bad.json"))
    assert problem in str(caught.value)


def test_a_pipe_among_recordings_is_not_read(tmp_path):
    """Only regular files are read."""
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(RecordingError, match=r"pipe\.json: is not a regular file$"):
        load(tmp_path)


def test_a_folder_without_recordings_is_reported(tmp_path):
    """The message contains the command that writes recordings."""
    for folder in (tmp_path, Path("/nowhere")):
        with pytest.raises(RecordingError, match="contains 0 recordings; `emoji-mock record --out"):
            load(folder)


@pytest.mark.parametrize(
    ("status", "header", "problem"),
    [
        (101, "server: x", "the status must be from 200 to 599, not 101"),
        (199, "server: x", "the status must be from 200 to 599, not 199"),
        (200, "server", "'server' is not a header"),
        (200, ": x", "': x' is not a header"),
        (200, "x: a\r\nb: c", "is not a header"),
        (200, "x: 脸", "is not a header"),
        (200, "Content-Length: 5", "'Content-Length: 5' is not a header that can be sent again"),
        (200, "transfer-encoding: chunked", "is not a header"),
    ],
)
def test_an_answer_that_cannot_be_replayed_is_refused(status, header, problem):
    """Interim statuses, malformed headers and framing headers are refused when the file is read."""
    document = {
        "case": "a",
        "of": "b",
        "request": {"method": "GET", "target": "/", "headers": [], "body": {}},
        "response": {"status": status, "headers": [header], "body": {}},
    }
    with pytest.raises(RecordingError, match=re.escape(problem)):
        parse_recording(json.dumps(document).encode())
