"""Tests that any response becomes a result or one of the client's exceptions."""

import json
from functools import partial

import pytest
from client_helpers import FACE_POSE, FAILED, ID, PASSED, refused
from hypothesis import given
from hypothesis import strategies as st

from emoji_mock import Response
from emoji_mock.client import (
    EmojiError,
    Failed,
    Passed,
    PassedAnimate,
    PassedLivePortrait,
    PassedS2v,
    PictureError,
    RequestError,
    ServiceError,
    UnreadableAnswerError,
)
from emoji_mock.client.parse.detection import UploadGrant, check_stored, parse_grant, parse_result
from emoji_mock.client.parse.verdicts import Asked
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.models import DETECTORS
from emoji_mock.contract.row import Outcome

NOW = 1_795_366_800.0
BOX = "[212,194,460,441]"
BOXES = f'"bbox_face":{BOX},"ext_bbox_face":[63,30,609,575]'


def read(body, status=200, headers=(), model="emoji-detect-v1", ratio="1:1"):
    """Parse one response."""
    return parse_result(
        Asked(model, ratio), Response(status, headers, body if isinstance(body, bytes) else body.encode()), NOW
    )


def test_passed():
    """The vendor's own sample is read."""
    assert read(PASSED) == Passed((212, 194, 460, 441), (63, 30, 609, 575), ID, 1)


def test_failed():
    """The vendor's own sample is read."""
    assert read(FAILED) == Failed("InvalidFile.FacePose", FACE_POSE, ID, 1, 200)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.outcome is Outcome.FAILED and not row.models], ids=lambda row: row.name
)
def test_every_failed_row_with_either_status(row):
    """A refused picture is `Failed`: billed at HTTP 200, not billed at HTTP 400, which another page of the vendor documents."""
    output = {"code": row.code, "message": row.message}
    at_200 = read(json.dumps({"output": output, "usage": {"image_count": 1}, "request_id": ID}))
    at_400 = read(json.dumps({**output, "request_id": ID}), 400)
    assert at_200 == Failed(row.code, row.message, ID, 1, 200)
    assert at_400 == Failed(row.code, row.message, ID, 0, 400)


def test_an_unknown_code_is_failed_too():
    """An unknown code inside `output` is a failed detection."""
    assert (
        read('{"output":{"code":"InvalidFile.Brand.New","message":"m"},"usage":{"image_count":1}}').code
        == "InvalidFile.Brand.New"
    )
    with pytest.raises(PictureError):
        read(refused("InvalidFile.Brand.New"), 400)


@pytest.mark.parametrize(
    "body",
    [
        f'{{"new":[1],"output":{{"new":{{}},{BOXES}}},"usage":{{"image_count":1,"new":0}},"request_id":"{ID}"}}',
        f'{{"output":{{"code":"","message":null,{BOXES}}},"usage":{{"image_count":1}},"request_id":"{ID}"}}',
        f'{{"request_id":"{ID}","usage":null,"code":"","output":{{{BOXES}}}}}',
        f' {{"output" : {{{BOXES}}},\n"request_id":"{ID}"}} ',
    ],
)
def test_passed_with_variations(body):
    """Extra fields, null fields, key order and blanks do not matter; without usage one image is billed, as documented."""
    assert read(body) == Passed((212, 194, 460, 441), (63, 30, 609, 575), ID, 1)


@pytest.mark.parametrize(
    "output",
    [
        "null",
        "{}",
        "[]",
        f'{{"bbox_face":{BOX}}}',
        f'{{"code":"InvalidFile.FacePose",{BOXES}}}',
        '{"bbox_face":[1,2,3],"ext_bbox_face":[1,2,3,4]}',
        f'{{"bbox_face":"{BOX}","ext_bbox_face":{BOX}}}',
        f'{{"bbox_face":[212.5,194,460,441],"ext_bbox_face":{BOX}}}',
        f'{{"bbox_face":[460,441,212,194],"ext_bbox_face":{BOX}}}',
        f'{{"bbox_face":[-1,194,460,441],"ext_bbox_face":{BOX}}}',
        f'{{"face":{BOX},"ext":{BOX}}}',
    ],
)
def test_neither_passed_nor_failed_is_unreadable(output):
    """Incomplete, contradictory or invalid boxes are never read as passed; the call may have been billed."""
    with pytest.raises(UnreadableAnswerError) as caught:
        read(f'{{"output":{output},"usage":{{"image_count":1}},"request_id":"{ID}"}}')
    assert (caught.value.billed, caught.value.retryable, caught.value.status) == (None, False, 200)


def test_the_request_id_falls_back_to_the_header():
    """Without a request id in the body, that of the header is used."""
    with pytest.raises(ServiceError) as caught:
        read(b"upstream connect error", 503, (("X-Request-Id", ID),))
    assert caught.value.request_id == ID
    assert "upstream connect error" in str(caught.value)


def test_the_request_id_of_an_unreadable_answer_is_kept():
    """The call may have been billed, and the vendor can be asked about the id."""
    for body in (f'{{"output":{{"face":1}},"request_id":"{ID}"}}', f'{{"done":true,"code":[],"request_id":"{ID}"}}'):
        with pytest.raises(UnreadableAnswerError) as caught:
            read(body)
        assert (caught.value.request_id, caught.value.billed) == (ID, None)


def test_numbers_are_read_as_text():
    """A code or request id that is a number is read as text, and the other fields are read as usual."""
    with pytest.raises(RequestError) as caught:
        read(f'{{"code":40012,"message":"m","request_id":"{ID}"}}', 400)
    assert (caught.value.code, caught.value.message, caught.value.request_id) == ("40012", "m", ID)
    assert read(f'{{"output":{{"code":17,"message":"m"}},"request_id":"{ID}"}}') == Failed("17", "m", ID)
    assert read(f'{{"output":{{{BOXES}}},"request_id":7}}').request_id == "7"


def test_a_failed_detection_as_400_is_billed_by_its_usage():
    """It is not billed, unless the response has a usage."""
    said = json.dumps({"code": "InvalidFile.FacePose", "message": "m", "usage": {"image_count": 1}, "request_id": ID})
    assert read(said, 400) == Failed("InvalidFile.FacePose", "m", ID, 1, 400)


def test_long_messages_are_cut():
    """A message is cut to 2000 characters."""
    with pytest.raises(ServiceError) as caught:
        read(refused("InternalError", "x" * 100_000), 500)
    assert len(caught.value.message) == 2000


ANSWERS = st.builds(Response, st.integers(0, 999), st.just((("retry-after", "x"),)), st.binary(max_size=200))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "output",
                    "usage",
                    "code",
                    "message",
                    "request_id",
                    "bbox_face",
                    "ext_bbox_face",
                    "face_bbox",
                    "ext_bbox",
                    "check_pass",
                    "pass",
                    "humanoid",
                    "bodystyle",
                    "image_count",
                    "data",
                    "upload_host",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
NEARLY = st.builds(
    lambda status, value: Response(status, (), json.dumps(value).encode()), st.sampled_from([200, 400, 429, 500]), JSON
)


def reader_of(model):
    """Return the function that reads a verdict of a model."""
    return partial(parse_result, Asked(model, "1:1"))


@pytest.mark.slow
@given(ANSWERS | NEARLY, st.sampled_from([*map(reader_of, DETECTORS), partial(parse_grant, "emoji-v1"), check_stored]))
def test_arbitrary_responses_raise_only_emoji_errors(answer, reader):
    """Garbage and JSON of nearly the right shape become results or EmojiErrors."""
    try:
        got = reader(answer, NOW)
    except EmojiError as error:
        assert str(error)
        assert error.status == answer.status
    else:
        assert isinstance(got, Passed | PassedS2v | PassedLivePortrait | PassedAnimate | Failed | UploadGrant | None)


SIDES = st.integers(1, 7000)
BOX_VALUES = st.builds(
    lambda x, y, w, h: [x, y, x + w, y + h], st.integers(0, 7000), st.integers(0, 7000), SIDES, SIDES
)


@given(BOX_VALUES, BOX_VALUES, st.text(max_size=36))
def test_every_well_formed_passed_is_read(face, ext, request_id):
    """Every valid passed response is read completely."""
    body = {"output": {"bbox_face": face, "ext_bbox_face": ext}, "usage": {"image_count": 1}, "request_id": request_id}
    assert read(json.dumps(body)) == Passed(tuple(face), tuple(ext), request_id, 1)


@given(st.text(min_size=1, max_size=40), st.text(max_size=200), st.sampled_from([400, 401, 403, 429, 500, 503]))
def test_every_well_formed_error_is_read(code, message, status):
    """Code, message, status and request id of any error are read, in either key order."""
    for body in (
        {"code": code, "message": message, "request_id": ID},
        {"request_id": ID, "code": code, "message": message},
    ):
        if code in {row.code for row in ROWS if row.outcome is Outcome.FAILED}:
            continue
        with pytest.raises(EmojiError) as caught:
            read(json.dumps(body), status)
        assert (caught.value.code, caught.value.status, caught.value.request_id) == (code, status, ID)
        assert caught.value.message == message or not message
        assert caught.value.billed is False
