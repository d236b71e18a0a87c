"""Whatever the bytes, the answer is a result or one of our errors."""

import json

import pytest
from client_helpers import FACE_POSE, FAILED, ID, PASSED, refused
from hypothesis import given
from hypothesis import strategies as st

from emoji_mock import Response
from emoji_mock.client import (
    EmojiError,
    Failed,
    Passed,
    PictureError,
    RequestError,
    ServiceError,
    UnreadableAnswerError,
)
from emoji_mock.client.parse.detection import UploadGrant, check_stored, parse_grant, parse_result
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.row import Outcome

NOW = 1_795_366_800.0
BOX = "[212,194,460,441]"
BOXES = f'"bbox_face":{BOX},"ext_bbox_face":[63,30,609,575]'


def read(body, status=200, headers=()):
    """Read one answer."""
    return parse_result(Response(status, headers, body if isinstance(body, bytes) else body.encode()), NOW)


def test_passed():
    """The vendor's own sample."""
    assert read(PASSED) == Passed((212, 194, 460, 441), (63, 30, 609, 575), ID, 1)


def test_failed():
    """The vendor's own sample."""
    assert read(FAILED) == Failed("InvalidFile.FacePose", FACE_POSE, ID, 1, 200)


@pytest.mark.parametrize("row", [row for row in ROWS if row.outcome is Outcome.FAILED], ids=lambda row: row.name)
def test_every_failed_row_under_either_status(row):
    """A refused picture is `Failed`: at HTTP 200 billed, and at HTTP 400, as another of the vendor's pages has it, not."""
    output = {"code": row.code, "message": row.message}
    at_200 = read(json.dumps({"output": output, "usage": {"image_count": 1}, "request_id": ID}))
    at_400 = read(json.dumps({**output, "request_id": ID}), 400)
    assert at_200 == Failed(row.code, row.message, ID, 1, 200)
    assert at_400 == Failed(row.code, row.message, ID, 0, 400)


def test_a_new_reason_is_failed_too():
    """A code that nobody knows, inside `output`, is a failed detection."""
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
def test_passed_in_other_clothes(body):
    """Added fields, null ones, another order and blanks do not matter; without usage an image is billed, as documented."""
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
def test_what_is_neither_is_unreadable(output):
    """Half an answer, both at once, and boxes that are none are never taken for passed; they may have been billed."""
    with pytest.raises(UnreadableAnswerError) as caught:
        read(f'{{"output":{output},"usage":{{"image_count":1}},"request_id":"{ID}"}}')
    assert (caught.value.billed, caught.value.retryable, caught.value.status) == (None, False, 200)


def test_the_request_id_falls_back_to_the_header():
    """Where the body has none."""
    with pytest.raises(ServiceError) as caught:
        read(b"upstream connect error", 503, (("X-Request-Id", ID),))
    assert caught.value.request_id == ID
    assert "upstream connect error" in str(caught.value)


def test_the_request_id_of_an_unreadable_answer_is_kept():
    """It may have been billed: the id is what one can ask the vendor about."""
    for body in (f'{{"output":{{"face":1}},"request_id":"{ID}"}}', f'{{"done":true,"code":[],"request_id":"{ID}"}}'):
        with pytest.raises(UnreadableAnswerError) as caught:
            read(body)
        assert (caught.value.request_id, caught.value.billed) == (ID, None)


def test_a_number_where_a_word_is_due_is_a_word():
    """A code in digits hides neither itself nor what stands beside it, and a request id in digits no boxes."""
    with pytest.raises(RequestError) as caught:
        read(f'{{"code":40012,"message":"m","request_id":"{ID}"}}', 400)
    assert (caught.value.code, caught.value.message, caught.value.request_id) == ("40012", "m", ID)
    assert read(f'{{"output":{{"code":17,"message":"m"}},"request_id":"{ID}"}}') == Failed("17", "m", ID)
    assert read(f'{{"output":{{{BOXES}}},"request_id":7}}').request_id == "7"


def test_a_failed_detection_as_400_costs_what_it_says():
    """Nothing, by the vendor's other page; an image, if the answer says so."""
    said = json.dumps({"code": "InvalidFile.FacePose", "message": "m", "usage": {"image_count": 1}, "request_id": ID})
    assert read(said, 400) == Failed("InvalidFile.FacePose", "m", ID, 1, 400)


def test_long_words_are_cut():
    """A message of any length is kept to 2000 characters."""
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


@pytest.mark.slow
@given(ANSWERS | NEARLY, st.sampled_from([parse_result, parse_grant, check_stored]))
def test_arbitrary_answers_raise_nothing_but_our_errors(answer, reader):
    """Garbage, and JSON that nearly fits, are results or EmojiErrors."""
    try:
        got = reader(answer, NOW)
    except EmojiError as error:
        assert str(error)
        assert error.status == answer.status
    else:
        assert isinstance(got, Passed | Failed | UploadGrant | None)


SIDES = st.integers(1, 7000)
BOX_VALUES = st.builds(
    lambda x, y, w, h: [x, y, x + w, y + h], st.integers(0, 7000), st.integers(0, 7000), SIDES, SIDES
)


@given(BOX_VALUES, BOX_VALUES, st.text(max_size=36))
def test_every_well_formed_passed_is_read(face, ext, request_id):
    """What the vendor may send comes back as it is."""
    body = {"output": {"bbox_face": face, "ext_bbox_face": ext}, "usage": {"image_count": 1}, "request_id": request_id}
    assert read(json.dumps(body)) == Passed(tuple(face), tuple(ext), request_id, 1)


@given(st.text(min_size=1, max_size=40), st.text(max_size=200), st.sampled_from([400, 401, 403, 429, 500, 503]))
def test_every_well_formed_refusal_is_read(code, message, status):
    """Code, message, status and request id of any error come through, in either key order."""
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
