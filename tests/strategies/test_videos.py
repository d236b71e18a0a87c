"""Uploads and videos: valid requests are accepted, invalid ones get the promised answer, documents have the vendor's keys."""

import json
import re

import pytest
from helpers import policy_for
from hypothesis import find, given, settings
from hypothesis import strategies as st
from strategy_helpers import drawn

from emoji_mock import Fake
from emoji_mock.strategies import (
    driven_ids,
    invalid_uploads,
    invalid_video_requests,
    task_documents,
    task_lists,
    valid_uploads,
    valid_video_requests,
)

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-%s[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"


@settings(max_examples=25)
@given(valid_video_requests())
def test_a_valid_request_for_a_video_is_accepted(request_):
    """A valid request in any spelling creates a task."""
    response = Fake().answer(request_)
    assert (response.status, json.loads(response.body)["output"]["task_status"]) == (200, "PENDING")


SIBLINGS = ["emo-v1", "wan2.2-s2v", "liveportrait", "animate-anyone-template-gen2", "videoretalk"]


@pytest.mark.parametrize("model", [*SIBLINGS, "animate-anyone-gen2"])
def test_tasks_of_each_model_are_drawn(model):
    """Valid requests are accepted, invalid ones get the promised answer, results stand where the model has them."""
    for request_ in drawn(valid_video_requests(model=model), 8) if model in SIBLINGS else ():
        assert json.loads(Fake().answer(request_).body)["output"]["task_status"] == "PENDING"
    for request_, answer in drawn(invalid_video_requests(model=model), 8):
        response = Fake().answer(request_)
        assert answer.fits(response.status, response.body), answer.case
    done = drawn(task_documents("SUCCEEDED", model=model), 1)[0]
    result = {
        "animate-anyone-gen2": "video_url",
        "videoretalk": "video_url",
        "animate-anyone-template-gen2": "template_id",
    }
    assert list(done["output"])[-1] == result.get(model, "results")
    assert list(done) == (
        ["output", "usage", "request_id"] if model == "wan2.2-s2v" else ["request_id", "output", "usage"]
    )


def test_the_simplest_request_for_a_video_is_plain():
    """The simplest example has the first motion, a plain URL and the smallest boxes."""
    (request_,) = drawn(valid_video_requests(), 1)
    assert request_.target == "/api/v1/services/aigc/image2video/video-synthesis"
    assert dict(request_.headers)["x-dashscope-async"] == "enable"
    assert request_.body == (
        b'{"model":"emoji-v1","input":{"image_url":"https://example.com/me.png","driven_id":"mengwa_kaixin",'
        b'"face_bbox":[0,0,16,16],"ext_bbox":[0,0,16,16]}}'
    )


@settings(max_examples=40)
@given(invalid_video_requests())
def test_an_invalid_request_for_a_video_gets_the_promised_answer(mistake):
    """An invalid request in any spelling gets the status and bytes of its case."""
    response = Fake().answer(mistake.request)
    assert mistake.answer.fits(response.status, response.body), mistake.answer.case


MISTAKES = {
    "video/not-asynchronous": (403, '{"code":"AccessDenied","message":"current user api does not support synchronous calls.","request_id":"<request_id>"}'),
    "video/unknown-driven-id": (400, '{"request_id":"<request_id>","code":"InvalidParameter","message":"Driven not exist: smile"}'),
    "video/no-ext_bbox": (400, '{"request_id":"<request_id>","code":"InvalidParameter","message":"Field required: ext_bbox"}'),
    "video/ext-turned-round": (400, '{"request_id":"<request_id>","code":"InvalidParameter","message":"Invalid ext_bbox"}'),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_the_promised_answers_have_the_vendors_messages(case):
    """The promised status and bytes of some mistakes, written out."""
    answer = find(invalid_video_requests(inferred=False), lambda mistake: mistake.answer.case == case).answer
    assert (answer.status, answer.body) == MISTAKES[case]


@settings(max_examples=25)
@given(st.data())
def test_uploads_are_stored_or_refused_as_promised(data):
    """With one policy, a valid form gets an empty 200 and an invalid form its XML error."""
    fake = Fake()
    granted = policy_for(fake)
    refused = data.draw(invalid_uploads(granted))
    answer = fake.answer(refused.request)
    assert refused.answer.fits(answer.status, answer.body), refused.answer.case
    assert refused.answer.body.startswith("<?xml")
    stored = fake.answer(data.draw(valid_uploads(granted)))
    assert (stored.status, stored.body) == (200, b"")


def test_every_motion_is_drawn():
    """The simplest motion is the first of the vendor's list; the last one is drawn, too."""
    assert find(driven_ids(), lambda _: True) == "mengwa_kaixin"
    assert find(driven_ids(), lambda one: one == "jingdian_lei") == "jingdian_lei"


KEYS = {
    "PENDING": ["submit_time"],
    "RUNNING": ["submit_time", "scheduled_time"],
    "SUCCEEDED": ["submit_time", "scheduled_time", "end_time", "video_url"],
    "FAILED": ["submit_time", "scheduled_time", "end_time", "code", "message"],
    "CANCELED": ["submit_time", "end_time"],
    "UNKNOWN": [],
}


def check_task(document, state):
    """Check the document of a task against the guesses of docs/explanations/differences.md."""
    output = document["output"]
    assert list(document) == ["request_id", "output", *(["usage"] if state == "SUCCEEDED" else [])]
    assert list(output) == ["task_id", "task_status", *KEYS[state]]
    assert output["task_status"] == state
    assert re.fullmatch(UUID % "[49]", document["request_id"])
    assert re.fullmatch(UUID % "4", output["task_id"])
    for name in ("submit_time", "scheduled_time", "end_time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", output.get(name, "2024-03-01 17:38:24.817"))
    if state == "SUCCEEDED":
        assert 1 <= document["usage"]["video_duration"] <= 5
        assert document["usage"]["video_ratio"] == "standard"


@pytest.mark.parametrize("state", KEYS)
def test_the_document_of_a_task_has_the_keys_of_its_state(state):
    """Each state has its own keys in order, both from Hypothesis and from Faker."""
    from faker import Faker

    from emoji_mock.faker import EmojiProvider

    faker = Faker()
    faker.add_provider(EmojiProvider)

    for document in drawn(task_documents(state), 20):
        check_task(document, state)
    check_task(faker.emoji_task(state), state)
    check_task(faker.emoji_task(state.lower()), state)


def test_every_state_is_drawn():
    """Without an argument each state is drawn."""
    assert {document["output"]["task_status"] for document in drawn(task_documents(), 80)} == set(KEYS)


def test_a_task_fails_with_a_code_of_the_detection_or_of_the_service():
    """A failed task has one of the codes that a rule can give it."""
    for code in ("InvalidFile.FacePose", "InternalError.Algo", "DataInspectionFailed"):
        assert find(task_documents("FAILED"), lambda document, code=code: document["output"]["code"] == code)
    codes = {document["output"]["code"] for document in drawn(task_documents("FAILED"), 100)}
    assert not [code for code in codes if code.startswith(("Throttling", "AccessDenied"))]


ROW = [
    "api_key_id", "caller_parent_id", "caller_uid", "end_time", "gmt_create", "model_name", "region", "request_id",
    "start_time", "status", "task_id", "user_api_unique_key",
]  # fmt: skip


def check_list(document):
    """Check a page of the task list against the guesses of docs/explanations/differences.md."""
    assert list(document) == ["total", "data", "total_page", "page_no", "request_id", "page_size"]
    assert -(-document["total"] // document["page_size"]) == document["total_page"]
    assert len(document["data"]) <= document["page_size"]
    for row in document["data"]:
        assert list(row) == [name for name in ROW if name in row]
        assert set(ROW) - set(row) <= {"start_time", "end_time"}
        assert re.fullmatch(UUID % "4", row["task_id"])
    created = [row["gmt_create"] for row in document["data"]]
    assert created == sorted(created, reverse=True)


def test_a_page_of_the_task_list_has_the_vendors_keys():
    """A page has its keys in order and the newest task first, both from Hypothesis and from Faker."""
    from faker import Faker

    from emoji_mock.faker import EmojiProvider

    faker = Faker()
    faker.add_provider(EmojiProvider)
    for document in [*drawn(task_lists(), 60), *(faker.emoji_task_list(number) for number in (0, 3, 12))]:
        check_list(document)
