"""The judge: each way to be wrong is named by kind, severity and place, and told from a guess that does not hold."""

import json

import pytest
from conformance_spoils import AROUND, LATER, SPOILS

from emoji_mock import Fake, Options, Response
from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.cases.placeholders import Bindings
from emoji_mock.conformance.judge.judge import judge
from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.conformance.targets.sending import send_case

BY_NAME = {case.name: case for case in CASES}


def judged(case, spoil=lambda response: response, fake=None):
    """Return the differences of a spoilt answer of the fake's."""
    target = FakeTarget(fake)
    exchange = send_case(case, target.bind(case), target.send, target.wait)
    return judge(case, exchange.bindings, spoil(exchange.response)).differences


@pytest.mark.parametrize(("spoil", "name", "expected"), (EVERY := {**SPOILS, **AROUND, **LATER}).values(), ids=EVERY)
def test_each_wrong_is_named(spoil, name, expected):
    """By kind, severity and place; a documented or observed promise makes drift of it."""
    found = [(str(one.kind), str(one.severity), one.where, not one.guess) for one in judged(BY_NAME[name], spoil)]
    assert expected in found


def test_the_details_suffix_is_no_difference():
    """Since late 2025 some messages end with a link, and some do not: both are the contract."""
    assert [case.name for case in CASES if judged(case, fake=Fake(Options(details=True)))] == []


def test_times_are_rounded_one_by_one():
    """Published recordings are a millisecond apart now and then; two are drift."""
    case = BY_NAME["passed/as-documented"]

    def started(later):
        def spoil(answer):
            start = int(dict(answer.headers)["resp-start-time"]) + later
            kept = tuple(pair for pair in answer.headers if pair[0] != "resp-start-time")
            return answer._replace(headers=(*kept, ("resp-start-time", str(start))))

        return [one.where for one in judged(case, spoil)]

    assert started(1) == started(-1) == []
    assert started(2) == ["resp-start-time"]


def test_a_policy_may_have_the_headers_of_other_services():
    """The one recording of getPolicy lacks two of them: whichever comes is no difference, a wrong one is."""
    case = BY_NAME["policy/granted"]

    def wheres(**headers):
        more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return [one.where for one in judged(case, lambda answer: answer._replace(headers=(*answer.headers, *more)))]

    assert wheres(x_dashscope_call_gateway="true") == []
    assert wheres(x_request_id="other") == ["x-request-id"]


def test_a_link_to_somewhere_else_is_a_difference():
    """The suffix has the anchor of its code."""
    case = BY_NAME["account/arrears"]
    fake = Fake(Options(details=True))
    found = judged(case, lambda answer: answer._replace(body=answer.body.replace(b"#overdue", b"#other")), fake)
    assert [str(one.kind) for one in found] == ["message"]


BOXES = {
    "the vendor's sample": ([212, 194, 460, 441], [63, 30, 609, 575], []),
    "the recorded pair, on a border a pixel off": ([344, 180, 515, 351], [242, 68, 617, 443], []),
    "cut by a border that is not known": ([10, 300, 210, 500], [0, 280, 220, 500], []),
    "negative": ([-5, 10, 100, 110], [0, 0, 220, 220], ["boxes"]),
    "three numbers": ([1, 2, 3], [0, 0, 9, 9], ["type"]),
    "truth values": ([True, 2, 30, 40], [0, 0, 90, 90], ["type"]),
    "text": ("1,2,3,4", [0, 0, 9, 9], ["type"]),
    "four times too large": ([400, 400, 500, 500], [0, 0, 900, 900], ["geometry"]),
}


@pytest.mark.parametrize(("face", "ext", "expected"), BOXES.values(), ids=BOXES)
def test_boxes_of_a_picture_of_unknown_size(face, ext, expected):
    """What the vendor has published is lawful; a live picture's size is not known."""
    case = BY_NAME["passed/as-documented"]
    bindings = Bindings(key="k", bad_key="b", picture="https://example.com/me.png")
    honest = Fake().answer(case.request(Bindings(key="k", bad_key="b", picture=case.picture)))
    document = json.loads(honest.body) | {"output": {"bbox_face": face, "ext_bbox_face": ext}}
    answer = honest._replace(body=json.dumps(document, separators=(",", ":")).encode())
    assert [str(one.kind) for one in judge(case, bindings, answer).differences] == expected


@pytest.mark.parametrize("body", [b"", b"\xff", b"null", b"5", b'"x"', b"[" * 100_000, b'{"output":5,"usage":[],"request_id":{}}', b'{"a":NaN}', b'{"output":{"code":[]}}'])  # fmt: skip
@pytest.mark.parametrize("case", [BY_NAME["passed/as-documented"], BY_NAME["input/missing"], BY_NAME["failed/InvalidFile.Value"]], ids=lambda case: case.name)  # fmt: skip
def test_garbage_is_told_and_breaks_nothing(case, body):
    """Whatever comes back is judged."""
    found = judge(case, Bindings(key="k", bad_key="b", picture=case.picture), Response(200, (), body)).differences
    assert len(found) > 3


def test_the_nearest_of_several_endings_is_the_one_compared():
    """Where the contract allows several rows, an answer that is any of them is right."""
    case = BY_NAME["image-url/no-url"]
    other = Fake().answer(BY_NAME["error/cannot-download"].request(Bindings(key="sk-mock-x", bad_key="b", picture="https://emoji-mock.test/error/cannot-download.png")))  # fmt: skip
    ending, differences = judge(case, Bindings(key="k", bad_key="b", picture=""), other)
    assert (ending.name, differences) == ("cannot-download", ())
