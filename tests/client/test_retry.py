"""What is asked again, when, and what never."""

import pytest
from client_helpers import FACE_POSE, FAILED, PASSED, URL, refused

from emoji_mock.client import (
    CallLimits,
    ConnectionFailedError,
    EmojiError,
    Failed,
    Passed,
    RequestError,
    ServiceError,
    ThrottledError,
    TimedOutError,
    UnreadableAnswerError,
)

BUSY = (429, refused("Throttling.RateQuota"))
BROKEN = (500, refused("InternalError"))
GOOD = (200, PASSED)


@pytest.mark.parametrize(
    "first",
    [
        BUSY,
        BROKEN,
        (503, b"<html>upstream</html>"),
        "ConnectError",
        "ConnectTimeout",
        "ReadError",
        "RemoteProtocolError",
        "WriteError",
    ],
    ids=str,
)
def test_what_is_free_is_asked_again(way, first):
    """429, 5xx and a connection that ended before an answer are asked again, and the second answer counts."""
    client = way(first, GOOD)
    assert client.detect(URL).passed
    assert len(client.requests) == 2
    assert len(client.slept) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, refused("InvalidParameter")), RequestError),
        ((200, b"{}"), UnreadableAnswerError),
        ((200, b"<html>"), UnreadableAnswerError),
        ((200, refused("InternalError")), ServiceError),
        ("ReadTimeout", TimedOutError),
        ("UnsupportedProtocol", RequestError),
        ("DecodingError", UnreadableAnswerError),
    ],
    ids=str,
)
def test_what_may_be_billed_or_is_useless_is_asked_once(way, answer, error):
    """After HTTP 200, after a read timeout, and after a request of ours that is wrong, nothing is sent again."""
    client = way(answer, GOOD)
    with pytest.raises(error) as caught:
        client.detect(URL)
    assert len(client.requests) == 1
    assert client.slept == []
    assert caught.value.retryable is False


@pytest.mark.parametrize("body", [PASSED, FAILED])
def test_a_billed_answer_is_the_last(way, body):
    """A passed and a failed detection are billed: neither is asked again."""
    client = way((200, body), BROKEN)
    client.detect(URL)
    assert len(client.requests) == 1


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_an_error_that_was_billed_is_the_last(way, status):
    """Errors are free, says the vendor; one that says otherwise is believed, and asked again it would be paid twice."""
    body = refused("InternalError")[:-1] + b',"usage":{"image_count":1}}'
    client = way((status, body), GOOD)
    with pytest.raises(EmojiError) as caught:
        client.detect(URL)
    assert (caught.value.billed, caught.value.retryable, len(client.requests)) == (True, False, 1)


def test_a_read_timeout_may_be_asked_again_on_demand(way):
    """`again_after_timeout` takes the risk of paying twice."""
    client = way("ReadTimeout", GOOD, limits=CallLimits(again_after_timeout=True))
    assert client.detect(URL).passed
    assert len(client.requests) == 2


def test_attempts_end_and_the_last_error_is_told(way):
    """After four attempts the vendor's last words are raised."""
    client = way("ConnectError", BROKEN, BROKEN, BUSY)
    with pytest.raises(ThrottledError) as caught:
        client.detect(URL)
    assert len(client.requests) == 4
    assert caught.value.retryable is True


def test_waits_double_with_full_jitter(way):
    """Each wait is a random share of a bound that doubles: 0.5, 1, 2, 4, then at most 4."""
    client = way(BUSY, limits=CallLimits(attempts=40, longest_backoff=4, deadline=1000))
    with pytest.raises(ThrottledError):
        client.detect(URL)
    bounds = [0.5, 1, 2] + [4] * 36
    assert len(client.slept) == 39
    assert all(0 <= wait <= bound for wait, bound in zip(client.slept, bounds, strict=True))
    assert min(client.slept[3:]) < 1
    assert max(client.slept[3:]) > 3


@pytest.mark.parametrize(
    ("header", "waited"),
    [("7", 7.0), ("Sun, 22 Nov 2026 17:00:09 GMT", 9.0)],
)
def test_retry_after_is_obeyed(way, header, waited):
    """The server's own wait, in seconds or as a date, goes before ours."""
    client = way((*BUSY, {"retry-after": header}), GOOD)
    assert client.detect(URL).passed
    assert client.slept == [waited]


@pytest.mark.parametrize(
    "header", ["soon", "-3", "1.5", "Sun, 99 Nov 2026 17:00:09 GMT", "٣", "", "0", "Sun, 22 Nov 2020 17:00:00 GMT"]
)
def test_a_retry_after_of_no_time_is_ignored(way, header):
    """Senseless, nought or over already: then our own wait counts, or all callers would come back at once."""
    client = way((*BUSY, {"retry-after": header.encode()}), GOOD)
    assert client.detect(URL).passed
    assert 0 < client.slept[0] < 0.5


def test_no_wait_beyond_the_deadline(way):
    """A wait that would end after the deadline is not begun; the error tells what the server asked for."""
    client = way((*BUSY, {"retry-after": "3600"}), GOOD)
    with pytest.raises(ThrottledError) as caught:
        client.detect(URL)
    assert (client.slept, len(client.requests)) == ([], 1)
    assert caught.value.retry_after == 3600


def test_the_deadline_holds_over_all_attempts(way):
    """Each attempt gets what is left of the deadline, and no more than the timeout."""
    client = way((*BUSY, {"retry-after": "4"}), limits=CallLimits(timeout=5, deadline=10, attempts=9))
    with pytest.raises(ThrottledError):
        client.detect(URL)
    timeouts = [request.extensions["timeout"]["read"] for request in client.requests]
    assert timeouts == [5, 5, 2]


def test_an_answer_that_comes_too_late_may_be_billed(way):
    """When the deadline passes while the answer is read, nobody knows whether it was billed."""
    client = way(lambda _: (setattr(client, "now", 500.0), GOOD)[1])
    with pytest.raises(TimedOutError) as caught:
        client.detect(URL)
    assert caught.value.billed is None
    assert caught.value.hint == "The call may have been billed, so it is not sent again."
    assert len(client.requests) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "billed"),
    [
        ("ConnectError", ConnectionFailedError, False),
        ("ConnectTimeout", TimedOutError, False),
        ("ProxyError", ConnectionFailedError, False),
        ("WriteTimeout", TimedOutError, False),
        ("ReadError", ConnectionFailedError, None),
        ("RemoteProtocolError", ConnectionFailedError, None),
        ("ReadTimeout", TimedOutError, None),
    ],
)
def test_a_fault_is_our_error_and_keeps_its_cause(way, fault, kind, billed):
    """What the library raises becomes ours; `billed` is None where the request may have been worked on."""
    client = way(fault, limits=CallLimits(attempts=1))
    with pytest.raises(kind) as caught:
        client.detect(URL)
    assert type(caught.value) is kind
    assert type(caught.value.__cause__) is getattr(way.library, fault)
    assert (caught.value.billed, caught.value.status, caught.value.code) == (billed, 0, "")
    assert fault in str(caught.value)
    assert "dashscope.aliyuncs.com" in str(caught.value)


def test_failed_is_returned_or_raised(way):
    """A refused picture is a `Failed`, unless the client or the call wants it raised; the call has the last word."""
    from emoji_mock.client import DetectionFailedError

    wanted = Failed("InvalidFile.FacePose", FACE_POSE, "33da8e6b-1309-9a44-be83-352165959608", 1, 200)
    assert way((200, FAILED)).detect(URL) == wanted
    assert way((200, FAILED), raise_on_failed=True).detect(URL, raise_on_failed=False) == wanted
    for client, named in (
        (way((200, FAILED), raise_on_failed=True), {}),
        (way((200, FAILED)), {"raise_on_failed": True}),
    ):
        with pytest.raises(DetectionFailedError) as caught:
            client.detect(URL, **named)
        assert caught.value.result == wanted
        assert (caught.value.code, caught.value.status, caught.value.billed) == ("InvalidFile.FacePose", 200, True)
    assert isinstance(way((200, PASSED), raise_on_failed=True).detect(URL), Passed)
