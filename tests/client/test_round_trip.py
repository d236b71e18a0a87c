"""Tests that the client reads every field of any valid response, without a retry."""

import json

from hypothesis import given, settings

from emoji_mock.strategies import error_responses, failed_responses, passed_responses


def outcome_of(response):
    """Return the outcome of a detection with this response: a result or an exception."""
    import httpx2

    from emoji_mock.client import CallLimits, EmojiDetect, EmojiError

    def say(_):
        return httpx2.Response(response.status, headers=list(response.headers), content=response.body)

    with EmojiDetect("sk-mock-me", transport=httpx2.MockTransport(say), limits=CallLimits(attempts=1)) as client:
        try:
            return client.detect("https://example.com/me.png")
        except EmojiError as error:
            return error


@settings(max_examples=40)
@given(passed_responses())
def test_passed_responses_are_read(response):
    """Boxes, request id and images are those of the response."""
    document, result = json.loads(response.body), outcome_of(response)
    assert (list(result.face), list(result.ext)) == tuple(document["output"].values())
    assert (result.passed, result.request_id, result.images) == (True, document["request_id"], 1)


@settings(max_examples=40)
@given(failed_responses())
def test_failed_responses_are_read(response):
    """Code and message are those of the response, and it is billed."""
    document, result = json.loads(response.body), outcome_of(response)
    assert {"code": result.code, "message": result.message} == document["output"]
    assert (result.passed, result.request_id, result.images, result.billed) == (False, document["request_id"], 1, True)


@settings(max_examples=80)
@given(error_responses(details=True))
def test_error_responses_are_read(response):
    """Status, code, message and request id are those of the response; nothing is billed."""
    document, error = json.loads(response.body or b"{}"), outcome_of(response)
    assert (error.status, error.code, error.billed) == (response.status, document.get("code", ""), False)
    assert error.request_id == dict(response.headers)["x-request-id"]
    if document:
        assert error.message == document["message"]
