"""What holds whatever is sent: the fake never crashes, every answer has a documented shape, a seed repeats the world."""

import json
import random

from helpers import REQUEST_ID
from hypothesis import given, settings
from hypothesis import strategies as st

from emoji_mock import Fake, Options, Request
from emoji_mock.strategies import invalid_requests, scenarios, valid_requests

# Contract, sections 1 to 4: statuses, key orders, headers.
STATUSES = {200, 400, 401, 403, 404, 429, 500, 503}
PASSED_OR_FAILED = ["output", "usage", "request_id"]
ERRORS = (["code", "message", "request_id"], ["request_id", "code", "message"])
COMMON_HEADERS = {
    "x-request-id",
    "req-cost-time",
    "req-arrive-time",
    "resp-start-time",
    "x-envoy-upstream-service-time",
    "date",
    "server",
    "vary",
}


def check_shape(response):
    """Hold a response to the shapes that the contract documents."""
    headers = dict(response.headers)
    assert response.status in STATUSES
    assert headers.keys() - {"content-type", "x-dashscope-call-gateway"} == COMMON_HEADERS
    assert ("x-dashscope-call-gateway" in headers) is (response.status != 401)
    if response.status == 404:
        assert response.body == b""
        return
    assert headers["content-type"] == "application/json"
    document = json.loads(response.body)
    assert headers["x-request-id"] == document["request_id"]
    assert REQUEST_ID.fullmatch(document["request_id"])
    if response.status != 200:
        assert list(document) in ERRORS
        assert all(type(value) is str for value in document.values())
        return
    assert list(document) == PASSED_OR_FAILED
    assert document["usage"] == {"image_count": 1}
    check_output(document["output"])


def check_output(output):
    """Hold what stands in `output` to the contract: boxes, or a code and a message."""
    if "code" in output:
        assert list(output) == ["code", "message"]
        assert output["code"].startswith("InvalidFile.")
        return
    assert list(output) == ["bbox_face", "ext_bbox_face"]
    (left, top, right, bottom), ext = output["bbox_face"], output["ext_bbox_face"]
    assert all(type(edge) is int and edge >= 0 for edge in (left, top, right, bottom, *ext))
    assert left < right
    assert top < bottom
    assert abs((ext[2] - ext[0]) - (ext[3] - ext[1])) <= 1
    assert ext[2] - ext[0] <= 2.2 * max(right - left, bottom - top) + 1


names = st.sampled_from(
    ["authorization", "Content-Type", "host", "x-dashscope-async", "x-dashscope-ossresourceresolve"]
)
headers = st.lists(st.tuples(names | st.text(max_size=10), st.text(max_size=30)), max_size=4).map(tuple)


@given(st.builds(Request, st.text(max_size=8), st.text(max_size=40), headers, st.binary(max_size=60)))
def test_whatever_comes_is_answered(request_):
    """Arbitrary text and bytes get a documented answer, and a line in the journal."""
    fake = Fake()
    check_shape(fake.answer(request_))
    assert fake.store.journal().total == 1


@st.composite
def damaged(draw):
    """Requests that were good, or nearly, until something happened to one part of them."""
    request_ = draw(valid_requests() | invalid_requests(large=True).map(lambda mistake: mistake.request))
    target, body, at = request_.target, request_.body, draw(st.integers(0, 150))
    part, value = draw(
        st.one_of(
            st.tuples(st.just("body"), st.binary(max_size=4).map(lambda more: body[:at] + more + body[at:])),
            st.tuples(st.just("body"), st.integers(1, 9).map(lambda less: body[:at] + body[at + less :])),
            st.tuples(st.just("headers"), headers.map(lambda more: request_.headers + more)),
            st.tuples(st.just("target"), st.sampled_from([f"{target}%", "*", "http://[::1", target[1:], ""])),
            st.tuples(st.just("method"), st.sampled_from(["post", "PATCH", "É", ""])),
        )
    )
    return request_._replace(**{part: value})


@given(damaged())
def test_near_misses_are_answered(request_):
    """A good request, damaged anywhere, gets a documented answer."""
    check_shape(Fake().answer(request_))


requests = st.lists(valid_requests() | invalid_requests().map(lambda mistake: mistake.request), max_size=5)


@settings(max_examples=50)
@given(seed=st.integers(-(2**63), 2**63 - 1), rules=scenarios(), requests=requests)
def test_the_same_seed_gives_the_same_world(seed, rules, requests):
    """Two fakes with one seed, one clock and the same rules say the same to the same requests, byte for byte."""
    worlds = [Fake(Options(seed=seed), clock=lambda: 1_795_366_800.0) for _ in range(2)]
    for world in worlds:
        world.store.replace_rules(rules)
    for request_ in requests:
        one, other = (world.answer(request_) for world in worlds)
        assert one == other
        check_shape(one)
    assert worlds[0].store.journal() == worlds[1].store.journal()
    assert worlds[0].store.ledgers() == worlds[1].store.ledgers()


@settings(max_examples=25)
@given(seed=st.integers(-(2**63), 2**63 - 1), requests=requests)
def test_time_shows_in_the_headers_of_time_alone(seed, requests):
    """With clocks that differ, status, body and every header but those of time are the same."""
    clocks = random.Random(seed)
    worlds = [Fake(Options(seed=seed), clock=lambda: clocks.uniform(1e9, 2e9)) for _ in range(2)]
    for request_ in requests:
        one, other = (timeless(world.answer(request_)) for world in worlds)
        assert one == other


def timeless(response):
    """Return a response without what tells the time."""
    times = {"date", "req-cost-time", "req-arrive-time", "resp-start-time", "x-envoy-upstream-service-time"}
    return response._replace(headers=[pair for pair in response.headers if pair[0] not in times])
