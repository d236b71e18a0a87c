"""The wire models: strict, and in the vendor's key order."""

import msgspec
import pytest
from helpers import BODY

from emoji_mock.contract.documents.detection import (
    Boxes,
    DetectRequest,
    FailedOutput,
    FailedResponse,
    GatewayErrorResponse,
    PassedResponse,
    ServiceErrorResponse,
    Usage,
)
from emoji_mock.contract.geometry import Box

BOXES = Boxes(Box(212, 194, 460, 441), Box(63, 30, 609, 575))


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (
            PassedResponse(BOXES, Usage(), "r"),
            '{"output":{"bbox_face":[212,194,460,441],"ext_bbox_face":[63,30,609,575]},"usage":{"image_count":1},"request_id":"r"}',
        ),
        (
            FailedResponse(FailedOutput("c", "m"), Usage(), "r"),
            '{"output":{"code":"c","message":"m"},"usage":{"image_count":1},"request_id":"r"}',
        ),
        (
            GatewayErrorResponse("c", "url error, please check url！", "r"),
            '{"code":"c","message":"url error, please check url！","request_id":"r"}',
        ),
        (ServiceErrorResponse("r", "c", "m"), '{"request_id":"r","code":"c","message":"m"}'),
    ],
    ids=["passed", "failed", "gateway", "service"],
)
def test_documents_go_out_compact_and_in_order(document, text):
    """Bodies are compact UTF-8 JSON in the vendor's key order."""
    assert msgspec.json.encode(document) == text.encode()


@pytest.mark.parametrize(
    "document",
    [
        {**BODY, "model": 1},
        {**BODY, "model": None},
        {**BODY, "input": []},
        {**BODY, "input": {}},
        {**BODY, "parameters": {"ratio": "3:4"}},
        {"model": "emoji-detect-v1"},
        [],
    ],
    ids=str,
)
def test_requests_are_strict(document):
    """A request with anything missing or of another type is not valid."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document, DetectRequest)


def test_unknown_and_null_extra_keys_are_ignored():
    """The official SDK sends keys that the service does not know."""
    sent = {**BODY, "resources": None, "extra": {"deep": [1]}, "parameters": {"ratio": "1:1", "seed": None}}
    assert msgspec.convert(sent, DetectRequest).parameters.ratio == "1:1"
