"""Responses and rules: the vendor's shapes, all of the catalogue, and small examples."""

import json

from hypothesis import Phase, find, given, settings

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


def test_a_passed_response_shrinks_to_bytes_one_can_read():
    """The whole response, as the vendor would send it."""
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
    """The code stands inside `output`, and an image is billed."""
    document = json.loads(response.body)
    assert (response.status, list(document), document["usage"]) == (
        200,
        ["output", "usage", "request_id"],
        {"image_count": 1},
    )
    assert document["output"]["code"].startswith("InvalidFile.")


@given(error_responses(details=True))
def test_an_error_bills_nothing(response):
    """A 4xx or 5xx without `output` and `usage`; the 404 is empty, a 401 has no mark of the gateway."""
    headers = dict(response.headers)
    assert 400 <= response.status < 600
    assert (response.status == 404) is (not response.body)
    assert (response.status == 401) is ("x-dashscope-call-gateway" not in headers)
    if response.body:
        document = json.loads(response.body)
        assert sorted(document) == ["code", "message", "request_id"]
        assert document["request_id"] == headers["x-request-id"]


def test_every_kind_comes():
    """Responses end in all three ways, errors have many a status, and rules are of all outcomes, lasting and not."""
    kinds, statuses, standing = set(), set(), set()

    @settings(max_examples=200, phases=[Phase.generate], database=None)
    @given(responses(), error_responses(), rules())
    def draw(response, error, rule):
        kinds.add((response.status == 200, b"bbox_face" in response.body))
        statuses.add(error.status)
        standing.add((str(rule.outcome), rule.times is None))

    draw()
    assert kinds == {(True, True), (True, False), (False, False)}
    assert statuses <= {400, 401, 403, 404, 429, 500, 503}
    assert len(statuses) >= 4
    assert standing == {(outcome, lasts) for outcome in ("passed", "failed", "error") for lasts in (True, False)}


@given(request_ids())
def test_a_request_id_is_the_vendors(request_id):
    """36 characters in lower case, version 9 or 4."""
    parts = request_id.split("-")
    assert [len(part) for part in parts] == [8, 4, 4, 4, 12]
    assert request_id == request_id.lower()
    assert parts[2][0] in "94"


@given(boxes())
def test_boxes_follow_the_vendors_rule(drawn):
    """Whole pixels, the face nearly square, the other box square and no more than 2.2 faces wide."""
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
def test_the_larger_box_holds_the_face_in_a_narrow_picture_too(drawn):
    """It is a square, so the face is no longer than the picture's shorter side."""
    assert max(drawn.bbox_face.width, drawn.bbox_face.height) <= 20
    assert drawn.ext_bbox_face.y1 <= drawn.bbox_face.y1
    assert drawn.ext_bbox_face.y2 >= drawn.bbox_face.y2


@given(faces(Size(60, 40)))
def test_a_face_stays_within_its_picture(face):
    """Faces are drawn within the size that is given."""
    assert face.within(Size(60, 40))


@settings(max_examples=50)
@given(scenarios(max_size=3))
def test_scenarios_are_short_lists_of_rules(rules):
    """No more rules than wanted, none that is not lawful."""
    assert len(rules) <= 3
    assert all(rule.face is None or rule.outcome == "passed" for rule in rules)


def test_sizes_shrink_to_the_smallest_picture():
    """400 by 400 pixels is the least that the vendor takes."""
    assert find(sizes(), lambda _: True) == (400, 400)
