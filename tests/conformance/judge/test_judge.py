"""The judge names each difference by kind, severity and place, and separates drift from wrong guesses."""

import json

import pytest
from answer_mutations import LATER_MUTATIONS, MUTATIONS, TASK_MUTATIONS, edited
from sibling_mutations import SIBLING_MUTATIONS

from emoji_mock import Fake, Options, Response
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.cases.placeholders import Bindings
from emoji_mock.conformance.judge.judge import judge
from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.conformance.targets.sending import send_case

BY_NAME = {case.name: case for case in CASES}


def judged(case, mutate=lambda response: response, fake=None):
    """Return the differences of the fake's answer after a mutation."""
    target = FakeTarget(fake)
    exchange = send_case(case, target.bind(case), target.send, target.wait)
    return judge(case, exchange.bindings, mutate(exchange.response)).differences


@pytest.mark.parametrize(
    ("mutate", "name", "expected"),
    (EVERY := {**MUTATIONS, **TASK_MUTATIONS, **LATER_MUTATIONS, **SIBLING_MUTATIONS}).values(),
    ids=EVERY,
)
def test_each_mutation_is_named(mutate, name, expected):
    """A difference has kind, severity and place; it is drift if the promise is documented or observed."""
    found = [(str(one.kind), str(one.severity), one.where, not one.guess) for one in judged(BY_NAME[name], mutate)]
    assert expected in found


VERDICTS = {
    "emoji passed": {"bbox_face": [212, 194, 460, 441], "ext_bbox_face": [63, 30, 609, 575]},
    "emoji failed": {"code": "InvalidFile.FacePose", "message": "…"},
    "EMO passed": {"check_pass": True, "face_bbox": [302, 286, 610, 593], "ext_bbox": [71, 9, 840, 778]},
    "s2v passed": {"check_pass": True, "humanoid": True},
    "EMO or s2v failed": {"check_pass": False, "code": "", "message": ""},
    "liveportrait passed": {"pass": True, "message": ""},
    "liveportrait failed": {"pass": False, "message": "No human face detected."},
    "animate passed": {"bodystyle": "full", "check_pass": True},
    "animate failed": {"check_pass": False, "reason": "…", "bodystyle": ""},
    "nothing": {},
    "empty texts": {"code": "", "message": ""},
    "no object": "passed",
}
"""What may stand in `output`: the verdicts of all models, and some of none."""


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("wan2.2-s2v-detect/passed/as-documented", "s2v passed"),
        ("wan2.2-s2v-detect/failed/InvalidFile.Value", "EMO or s2v failed"),
        ("liveportrait-detect/passed/as-documented", "liveportrait passed"),
        ("liveportrait-detect/failed/InvalidFile.Value", "liveportrait failed"),
        ("animate-anyone-detect-gen2/passed/as-documented", "animate passed"),
        ("animate-anyone-detect-gen2/failed/InvalidFile.Value", "animate failed"),
        ("emo-detect-v1/passed/as-documented", "EMO passed"),
        ("passed/as-documented", "emoji passed"),
    ],
)
def test_a_verdict_of_another_model_is_a_breaking_difference(name, own):
    """Whatever stands in `output` instead of the model's own verdict breaks callers, whether it reads as passed or failed."""
    for other, output in VERDICTS.items():
        found = judged(BY_NAME[name], edited(lambda document, output=output: {**document, "output": output}))
        assert other == own or "breaking" in {str(one.severity) for one in found}, other


def test_another_models_flag_is_no_verdict():
    """A server that says `pass` for `check_pass` is found out although it reads as failed, without a code."""
    output = {"pass": False, "code": "", "message": ""}
    found = judged(
        BY_NAME["wan2.2-s2v-detect/passed/as-documented"], edited(lambda document: {**document, "output": output})
    )
    assert ("missing field", "output.check_pass") in {(str(one.kind), one.where) for one in found}


def test_the_details_suffix_is_not_a_difference():
    """Some gateway messages end with a link since late 2025: the contract allows both."""
    assert [case.name for case in CASES if judged(case, fake=Fake(Options(details=True)))] == []


def test_times_are_rounded_one_by_one():
    """A rounding error of one millisecond is allowed; two are drift."""
    case = BY_NAME["passed/as-documented"]

    def started(later):
        def mutate(answer):
            start = int(dict(answer.headers)["resp-start-time"]) + later
            kept = tuple(pair for pair in answer.headers if pair[0] != "resp-start-time")
            return answer._replace(headers=(*kept, ("resp-start-time", str(start))))

        return [one.where for one in judged(case, mutate)]

    assert started(1) == started(-1) == []
    assert started(2) == ["resp-start-time"]


def test_a_policy_may_have_the_headers_of_other_services():
    """Two headers are optional on a policy, since the only recording lacks them; a wrong value is a difference."""
    case = BY_NAME["policy/granted"]

    def wheres(**headers):
        more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return [one.where for one in judged(case, lambda answer: answer._replace(headers=(*answer.headers, *more)))]

    assert wheres(x_dashscope_call_gateway="true") == []
    assert wheres(x_request_id="other") == ["x-request-id"]


def test_a_link_with_another_anchor_is_a_difference():
    """The suffix of a message contains the anchor of its code."""
    case = BY_NAME["account/arrears"]
    fake = Fake(Options(details=True))
    found = judged(case, lambda answer: answer._replace(body=answer.body.replace(b"#overdue", b"#other")), fake)
    assert [str(one.kind) for one in found] == ["message"]


BOXES = {
    "the vendor's sample": ([212, 194, 460, 441], [63, 30, 609, 575], []),
    "the recorded pair, one pixel off at a border": ([344, 180, 515, 351], [242, 68, 617, 443], []),
    "cut by a border of unknown position": ([10, 300, 210, 500], [0, 280, 220, 500], []),
    "negative": ([-5, 10, 100, 110], [0, 0, 220, 220], ["boxes"]),
    "three numbers": ([1, 2, 3], [0, 0, 9, 9], ["type"]),
    "booleans": ([True, 2, 30, 40], [0, 0, 90, 90], ["type"]),
    "text": ("1,2,3,4", [0, 0, 9, 9], ["type"]),
    "four times too large": ([400, 400, 500, 500], [0, 0, 900, 900], ["geometry"]),
}


@pytest.mark.parametrize(("face", "ext", "expected"), BOXES.values(), ids=BOXES)
def test_boxes_of_a_picture_of_unknown_size(face, ext, expected):
    """The boxes that the vendor has published conform, although the size of a live picture is unknown."""
    case = BY_NAME["passed/as-documented"]
    bindings = Bindings(key="k", bad_key="b", picture="https://example.com/me.png")
    unchanged = Fake().answer(case.request(Bindings(key="k", bad_key="b", picture=case.picture)))
    document = json.loads(unchanged.body) | {"output": {"bbox_face": face, "ext_bbox_face": ext}}
    answer = unchanged._replace(body=json.dumps(document, separators=(",", ":")).encode())
    assert [str(one.kind) for one in judge(case, bindings, answer).differences] == expected


@pytest.mark.parametrize("body", [b"", b"\xff", b"null", b"5", b'"x"', b"[" * 100_000, b'{"output":5,"usage":[],"request_id":{}}', b'{"a":NaN}', b'{"output":{"code":[]}}'])  # fmt: skip
@pytest.mark.parametrize("case", [BY_NAME["passed/as-documented"], BY_NAME["input/missing"], BY_NAME["failed/InvalidFile.Value"]], ids=lambda case: case.name)  # fmt: skip
def test_any_body_can_be_judged(case, body):
    """A body of any form gives differences, never an exception."""
    found = judge(case, Bindings(key="k", bad_key="b", picture=case.picture), Response(200, (), body)).differences
    assert len(found) > 3


def test_the_nearest_expected_answer_is_compared():
    """If a case allows several rows, an answer with any of them has no difference."""
    case = BY_NAME["image-url/no-url"]
    other = Fake().answer(BY_NAME["error/cannot-download"].request(Bindings(key="sk-mock-x", bad_key="b", picture="https://emoji-mock.test/error/cannot-download.png")))  # fmt: skip
    expected, differences = judge(case, Bindings(key="k", bad_key="b", picture=""), other)
    assert (expected.name, differences) == ("cannot-download", ())
