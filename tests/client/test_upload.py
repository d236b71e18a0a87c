"""Tests that a path or bytes is uploaded first, as the vendor documents it (docs/recipes/videos.md)."""

import email.parser
import email.policy
import json
from html import escape

import pytest
from client_helpers import ID, PASSED, refused
from helpers import picture

from emoji_mock.client import ApiKeyError, EmojiDetect, RequestError, ServiceError, UnreadableAnswerError
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.row import Origin

PNG = picture()
UPLOAD_DIR = "dashscope-instant/0123456789abcdef0123456789abcdef/2026-11-22/" + ID
POLICY = {
    "data": {
        "policy": "eyJleHBpcmF0aW9uIjoi",
        "signature": "c2lnbmF0dXJl",
        "upload_dir": UPLOAD_DIR,
        "upload_host": "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com",
        "expire_in_seconds": 300,
        "max_file_size_mb": 1024,
        "capacity_limit_mb": 999999999,
        "oss_access_key_id": "LTAI-example",
        "x_oss_object_acl": "private",
        "x_oss_forbid_overwrite": "true",
    },
    "request_id": ID,
}
GRANTED = (200, json.dumps(POLICY).encode())
EXPIRED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>AccessDenied</Code>\n'
    b"  <Message>Invalid according to Policy: Policy expired.</Message>\n  <RequestId>5C3D</RequestId>\n</Error>\n"
)


def parts(request):
    """Return the parts of a multipart body, in order: name, file name, media type, content."""
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + request.read())
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get("content-type"),
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]


@pytest.fixture
def portrait(tmp_path):
    """A picture file."""
    path = tmp_path / "me.png"
    path.write_bytes(PNG)
    return path


def read_body(way, request):
    """Read the body of a request of either kind of client, and return the request."""
    import anyio

    if way.is_async:
        anyio.run(request.aread)
    return request


def test_three_exchanges(way, portrait):
    """A policy with the key, a form without it and with the file last, then the detection with the resolve header."""
    bodies = []

    def stored(request):
        bodies.append(request)
        return (200, b"")

    client = way(GRANTED, stored, (200, PASSED))
    assert client.detect(portrait).passed
    policy, sent, detection = client.requests
    assert (policy.method, str(policy.url)) == (
        "GET",
        "https://dashscope.aliyuncs.com/api/v1/uploads?action=getPolicy&model=emoji-detect-v1",
    )
    assert policy.headers["authorization"] == "Bearer sk-mock-test"
    assert (sent.method, str(sent.url)) == ("POST", "https://dashscope-file-mgr.oss-cn-beijing.aliyuncs.com")
    assert "authorization" not in sent.headers
    assert detection.headers["x-dashscope-ossresourceresolve"] == "enable"
    assert json.loads(detection.content) == {
        "model": "emoji-detect-v1",
        "input": {"image_url": f"oss://{UPLOAD_DIR}/me.png"},
        "parameters": {"ratio": "1:1"},
    }
    assert parts(read_body(way, sent)) == [
        ("OSSAccessKeyId", None, None, b"LTAI-example"),
        ("Signature", None, None, b"c2lnbmF0dXJl"),
        ("policy", None, None, b"eyJleHBpcmF0aW9uIjoi"),
        ("key", None, None, f"{UPLOAD_DIR}/me.png".encode()),
        ("x-oss-object-acl", None, None, b"private"),
        ("x-oss-forbid-overwrite", None, None, b"true"),
        ("success_action_status", None, None, b"200"),
        ("file", "me.png", "image/png", PNG),
    ]


def test_a_url_is_sent_unchanged(way):
    """There is one exchange, without the resolve header; the body is the vendor's own sample."""
    client = way((200, PASSED))
    assert client.detect("https://example.com/me.png").passed
    (request,) = client.requests
    assert (request.method, str(request.url)) == (
        "POST",
        "https://dashscope.aliyuncs.com/api/v1/services/aigc/image2video/face-detect",
    )
    assert request.headers["content-type"] == "application/json"
    assert "x-dashscope-ossresourceresolve" not in request.headers
    assert request.content == (
        b'{"model":"emoji-detect-v1","input":{"image_url":"https://example.com/me.png"},"parameters":{"ratio":"1:1"}}'
    )


def test_upload_alone(way):
    """`upload` returns a URL for `detect`, and returns a URL unchanged."""
    client = way(GRANTED, (200, b""), (200, PASSED))
    url = client.upload(PNG)
    assert url == f"oss://{UPLOAD_DIR}/picture.png"
    assert client.upload("https://example.com/me.png") == "https://example.com/me.png"
    assert client.detect(url).passed
    assert len(client.requests) == 3
    assert client.requests[2].headers["x-dashscope-ossresourceresolve"] == "enable"


def test_each_exchange_is_retried_by_itself(way):
    """Each of the three exchanges has its own retries."""
    busy = (500, refused("InternalError"))
    client = way(busy, GRANTED, (503, b"<Error><Code>ServerBusy</Code></Error>"), (200, b""), busy, (200, PASSED))
    assert client.detect(PNG).passed
    assert [request.method for request in client.requests] == ["GET", "GET", "POST", "POST", "POST", "POST"]


def test_a_refused_policy(way):
    """An invalid key is reported before the picture is sent."""
    client = way((401, refused("InvalidApiKey", "Invalid API-key provided.")))
    with pytest.raises(ApiKeyError, match="Invalid API-key provided"):
        client.detect(PNG)
    assert len(client.requests) == 1


def test_an_error_of_the_storage_is_xml(way):
    """Its code, message and request id are reported; it is never an ApiKeyError."""
    client = way(GRANTED, (403, EXPIRED))
    with pytest.raises(RequestError) as caught:
        client.detect(PNG)
    error = caught.value
    assert (error.code, error.message) == ("AccessDenied", "Invalid according to Policy: Policy expired.")
    assert (error.status, error.request_id, error.billed, error.retryable) == (403, "5C3D", False, False)
    assert len(client.requests) == 2


STORAGE = [row for row in ROWS if row.origin is Origin.STORAGE and row.status < 500 and row.code != "FileAlreadyExists"]


@pytest.mark.parametrize("row", STORAGE, ids=lambda row: row.name)
def test_every_row_of_the_storage(way, row):
    """Any 4xx of the storage is a RequestError with its code and message, and not billed."""
    said = escape(row.text())
    client = way(GRANTED, (row.status, f"<Error><Code>{row.code}</Code><Message>{said}</Message></Error>".encode()))
    with pytest.raises(RequestError) as caught:
        client.upload(PNG)
    assert (caught.value.code, caught.value.message) == (row.code, row.text())
    assert (caught.value.status, caught.value.billed, caught.value.retryable) == (row.status, False, False)


def test_a_server_error_of_the_storage_is_retried(way):
    """A 500 of the storage is a ServiceError."""
    broken = (500, b"<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>")
    assert way(GRANTED, broken, (200, b"")).upload(PNG) == f"oss://{UPLOAD_DIR}/picture.png"
    with pytest.raises(ServiceError) as caught:
        way(GRANTED, broken).upload(PNG)
    assert (caught.value.code, caught.value.status, caught.value.billed) == ("InternalError", 500, False)


def test_an_existing_file_is_our_own(way):
    """If the response to an upload was lost, the second attempt meets the file of the first."""
    there = (409, b"<Error><Code>FileAlreadyExists</Code></Error>")
    client = way(GRANTED, "ReadError", there)
    assert client.upload(PNG) == f"oss://{UPLOAD_DIR}/picture.png"


@pytest.mark.parametrize("fixture", ["emoji_api", "emoji_server"])
def test_against_the_fake(request, fixture, portrait):
    """The fake stores the picture, finds it and inspects it."""
    emoji = request.getfixturevalue(fixture)
    small = picture(size=(320, 320))
    with EmojiDetect() as client:
        assert client.detect(portrait).passed
        assert client.detect(small).code == "InvalidFile.Resolution"
        url = client.upload(PNG)
        assert client.detect(url).passed
    assert emoji.ledger.images == 3
    assert emoji.calls[-1].image_url == url


def test_against_the_fake_by_fixture(emoji_client, portrait):
    """`emoji_client` uploads as well."""
    assert emoji_client.detect(portrait).passed


def test_the_storage_is_down(way):
    """After all attempts it is a ServiceError."""
    client = way(GRANTED, (500, b""))
    with pytest.raises(ServiceError) as caught:
        client.detect(PNG)
    assert len(client.requests) == 5
    assert caught.value.billed is False


@pytest.mark.parametrize(
    "answer",
    [
        b"{}",
        b"<html>",
        json.dumps({"data": {**POLICY["data"], "upload_host": "http://oss.example.com"}}).encode(),
        json.dumps({"data": {**POLICY["data"], "upload_host": "file:///etc"}}).encode(),
        json.dumps({"data": {**POLICY["data"], "upload_host": "https://["}}).encode(),
    ],
)
def test_an_invalid_policy_sends_no_picture(way, answer):
    """A policy that cannot be read, or has a plain http host, ends the call; nothing is billed."""
    client = way((200, answer))
    with pytest.raises(UnreadableAnswerError) as caught:
        client.detect(PNG)
    assert len(client.requests) == 1
    assert caught.value.billed is False
