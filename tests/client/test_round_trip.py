"""The client reads back whatever the vendor may say, to the last field, without asking twice."""

import json

from hypothesis import given, settings

from emoji_mock.strategies import error_responses, failed_responses, passed_responses


def ended(response):
    """Return what a detection ends in, a result or an error, when the vendor says `response`."""
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
def test_boxes_come_back(response):
    """The boxes, the request id and the bill of a passed detection are the response's."""
    document, result = json.loads(response.body), ended(response)
    assert (list(result.face), list(result.ext)) == tuple(document["output"].values())
    assert (result.passed, result.request_id, result.images) == (True, document["request_id"], 1)


@settings(max_examples=40)
@given(failed_responses())
def test_verdicts_come_back(response):
    """Code and message of a failed detection are the response's, and it is billed."""
    document, result = json.loads(response.body), ended(response)
    assert {"code": result.code, "message": result.message} == document["output"]
    assert (result.passed, result.request_id, result.images, result.billed) == (False, document["request_id"], 1, True)


@settings(max_examples=80)
@given(error_responses(details=True))
def test_errors_come_back(response):
    """Status, code, message and request id of an error are the response's; nothing is billed."""
    document, error = json.loads(response.body or b"{}"), ended(response)
    assert (error.status, error.code, error.billed) == (response.status, document.get("code", ""), False)
    assert error.request_id == dict(response.headers)["x-request-id"]
    if document:
        assert error.message == document["message"]
