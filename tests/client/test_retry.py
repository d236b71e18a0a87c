"""Tests of retries: after which failures, when, and after which never."""

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
def test_free_failures_are_retried(way, first):
    """After 429, 5xx and a connection that ended before a response, the second response counts."""
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
def test_no_retry_if_it_may_be_billed_or_cannot_help(way, answer, error):
    """Nothing is sent again after HTTP 200, a read timeout or an invalid request."""
    client = way(answer, GOOD)
    with pytest.raises(error) as caught:
        client.detect(URL)
    assert len(client.requests) == 1
    assert client.slept == []
    assert caught.value.retryable is False


@pytest.mark.parametrize("body", [PASSED, FAILED])
def test_no_retry_after_a_billed_answer(way, body):
    """A passed and a failed detection are billed."""
    client = way((200, body), BROKEN)
    client.detect(URL)
    assert len(client.requests) == 1


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_no_retry_after_a_billed_error(way, status):
    """Errors are free; but one whose usage says otherwise is not retried, because the retry would be paid, too."""
    body = refused("InternalError")[:-1] + b',"usage":{"image_count":1}}'
    client = way((status, body), GOOD)
    with pytest.raises(EmojiError) as caught:
        client.detect(URL)
    assert (caught.value.billed, caught.value.retryable, len(client.requests)) == (True, False, 1)


def test_a_read_timeout_is_retried_on_demand(way):
    """`again_after_timeout` accepts the risk of paying twice."""
    client = way("ReadTimeout", GOOD, limits=CallLimits(again_after_timeout=True))
    assert client.detect(URL).passed
    assert len(client.requests) == 2


def test_the_last_error_is_raised(way):
    """After four attempts the vendor's last error is raised."""
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
    """The server's wait, in seconds or as a date, replaces the backoff."""
    client = way((*BUSY, {"retry-after": header}), GOOD)
    assert client.detect(URL).passed
    assert client.slept == [waited]


@pytest.mark.parametrize(
    "header", ["soon", "-3", "1.5", "Sun, 99 Nov 2026 17:00:09 GMT", "٣", "", "0", "Sun, 22 Nov 2020 17:00:00 GMT"]
)
def test_a_retry_after_without_a_wait_is_ignored(way, header):
    """If it is invalid, zero or in the past, the backoff applies; otherwise all callers would return at once."""
    client = way((*BUSY, {"retry-after": header.encode()}), GOOD)
    assert client.detect(URL).passed
    assert 0 < client.slept[0] < 0.5


def test_no_wait_beyond_the_deadline(way):
    """A wait that would end after the deadline does not begin; the exception has the server's `retry_after`."""
    client = way((*BUSY, {"retry-after": "3600"}), GOOD)
    with pytest.raises(ThrottledError) as caught:
        client.detect(URL)
    assert (client.slept, len(client.requests)) == ([], 1)
    assert caught.value.retry_after == 3600


def test_the_deadline_covers_all_attempts(way):
    """The timeout of each attempt is at most the remaining time."""
    client = way((*BUSY, {"retry-after": "4"}), limits=CallLimits(timeout=5, deadline=10, attempts=9))
    with pytest.raises(ThrottledError):
        client.detect(URL)
    timeouts = [request.extensions["timeout"]["read"] for request in client.requests]
    assert timeouts == [5, 5, 2]


def test_a_response_after_the_deadline_may_be_billed(way):
    """If the deadline passes during the response, `billed` is unknown."""
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
def test_a_network_exception_becomes_ours_and_is_its_cause(way, fault, kind, billed):
    """`billed` is None where the service may have handled the request."""
    client = way(fault, limits=CallLimits(attempts=1))
    with pytest.raises(kind) as caught:
        client.detect(URL)
    assert type(caught.value) is kind
    assert type(caught.value.__cause__) is getattr(way.library, fault)
    assert (caught.value.billed, caught.value.status, caught.value.code) == (billed, 0, "")
    assert fault in str(caught.value)
    assert "dashscope.aliyuncs.com" in str(caught.value)


def test_failed_is_returned_or_raised(way):
    """A refused picture is returned unless the client or the call asks to raise it; the call takes precedence."""
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
