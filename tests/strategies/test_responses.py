"""Responses and rules: the vendor's documents, every code, and small examples."""

import json

import pytest
from hypothesis import Phase, find, given, settings
from strategy_helpers import drawn

from emoji_mock.contract.geometry import Size
from emoji_mock.strategies import (
    boxes,
    error_responses,
    faces,
    failed_responses,
    passed_responses,
    request_ids,
    responses,
    rules,
    scenarios,
    sizes,
)

PASSED = {
    "emo-detect-v1": b'{"check_pass":true,"face_bbox":[0,0,16,16],"ext_bbox":[0,0,16,16]}',
    "wan2.2-s2v-detect": b'{"check_pass":true,"humanoid":true}',
    "liveportrait-detect": b'{"pass":true,"message":""}',
    "animate-anyone-detect-gen2": b'{"bodystyle":"full","check_pass":true}',
}


@pytest.mark.parametrize("model", PASSED)
def test_responses_are_the_models_own(model):
    """A verdict has the model's fields; wan2.2-s2v-detect refuses some pictures as errors; errors end with the id."""
    (first,) = drawn(passed_responses(model=model), 1)
    assert first.body.startswith(b'{"output":' + PASSED[model] + b',"usage":')
    statuses = {response.status for response in drawn(failed_responses(model=model), 40)}
    assert statuses - {200} == ({400} if model != "emo-detect-v1" else set())
    for response in drawn(error_responses(model=model), 15):
        assert not response.body or list(json.loads(response.body)) == ["code", "message", "request_id"]


def test_a_passed_response_shrinks_to_a_readable_example():
    """The simplest example is a whole response with the vendor's headers."""
    response = find(passed_responses(), lambda _: True)
    assert response.body == (
        b'{"output":{"bbox_face":[0,0,16,16],"ext_bbox_face":[0,0,16,16]},"usage":{"image_count":1},'
        b'"request_id":"00000000-0000-9000-8000-000000000000"}'
    )
    assert response.headers == (
        ("content-type", "application/json"),
        ("x-dashscope-call-gateway", "true"),
        ("x-request-id", "00000000-0000-9000-8000-000000000000"),
        ("req-cost-time", "0"),
        ("req-arrive-time", "1700000000000"),
        ("resp-start-time", "1700000000000"),
        ("x-envoy-upstream-service-time", "0"),
        ("date", "Tue, 14 Nov 2023 22:13:20 GMT"),
        ("server", "istio-envoy"),
        ("vary", "Accept-Encoding"),
    )


@given(failed_responses())
def test_a_failed_response_is_http_200(response):
    """The code is inside `output`, and an image is billed."""
    document = json.loads(response.body)
    assert (response.status, list(document), document["usage"]) == (
        200,
        ["output", "usage", "request_id"],
        {"image_count": 1},
    )
    assert document["output"]["code"].startswith("InvalidFile.")


@given(error_responses(details=True))
def test_an_error_bills_nothing(response):
    """A 4xx or 5xx has no `output` and no `usage`; a 404 is empty, a 401 lacks the gateway header."""
    headers = dict(response.headers)
    assert 400 <= response.status < 600
    assert (response.status == 404) is (not response.body)
    assert (response.status == 401) is ("x-dashscope-call-gateway" not in headers)
    if response.body:
        document = json.loads(response.body)
        assert sorted(document) == ["code", "message", "request_id"]
        assert document["request_id"] == headers["x-request-id"]


def test_every_kind_is_drawn():
    """Responses have all three outcomes, errors several statuses, rules every outcome with and without `times`."""
    kinds, statuses, kinds_of_rules = set(), set(), set()

    @settings(max_examples=200, phases=[Phase.generate], database=None)
    @given(responses(), error_responses(), rules())
    def draw(response, error, rule):
        kinds.add((response.status == 200, b"bbox_face" in response.body))
        statuses.add(error.status)
        kinds_of_rules.add((str(rule.outcome), rule.times is None))

    draw()
    assert kinds == {(True, True), (True, False), (False, False)}
    assert statuses <= {400, 401, 403, 404, 429, 500, 503}
    assert len(statuses) >= 4
    assert kinds_of_rules == {(outcome, lasts) for outcome in ("passed", "failed", "error") for lasts in (True, False)}


@given(request_ids())
def test_a_request_id_has_the_vendors_form(request_id):
    """A request id is a lower-case UUID of version 9 or 4."""
    parts = request_id.split("-")
    assert [len(part) for part in parts] == [8, 4, 4, 4, 12]
    assert request_id == request_id.lower()
    assert parts[2][0] in "94"


@given(boxes())
def test_boxes_follow_the_vendors_rule(drawn):
    """Boxes have whole pixels; the face is nearly square, the larger box square and at most 2.2 faces wide."""
    face, ext = drawn.bbox_face, drawn.ext_bbox_face
    assert all(type(edge) is int and 0 <= edge <= 7000 for edge in (*face, *ext))
    assert abs(face.width - face.height) <= 1
    assert abs(ext.width - ext.height) <= 1
    assert ext.x1 <= face.x1 + 1
    assert ext.y1 <= face.y1 + 1
    assert ext.x2 >= face.x2 - 1
    assert ext.y2 >= face.y2 - 1
    assert ext.width <= 2.2 * max(face.width, face.height) + 1


@given(boxes(Size(20, 60)) | boxes(Size(60, 20)))
def test_the_larger_box_contains_the_face_in_a_narrow_picture(drawn):
    """The face is at most as long as the picture's shorter side, since the larger box is a square."""
    assert max(drawn.bbox_face.width, drawn.bbox_face.height) <= 20
    assert drawn.ext_bbox_face.y1 <= drawn.bbox_face.y1
    assert drawn.ext_bbox_face.y2 >= drawn.bbox_face.y2


@given(faces(Size(60, 40)))
def test_a_face_stays_within_its_picture(face):
    """A face is inside the given size."""
    assert face.within(Size(60, 40))


@settings(max_examples=50)
@given(scenarios(max_size=3))
def test_scenarios_are_short_lists_of_rules(rules):
    """A scenario has at most `max_size` rules, all of them valid."""
    assert len(rules) <= 3
    assert all(rule.face is None or rule.outcome == "passed" for rule in rules)


def test_sizes_shrink_to_the_smallest_picture():
    """The simplest size is 400 by 400 pixels, the vendor's minimum."""
    assert find(sizes(), lambda _: True) == (400, 400)
