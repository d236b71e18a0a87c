"""Answers in the vendor's bytes: the documents, their key order, and the headers around them."""

from email.utils import formatdate
from functools import lru_cache

import msgspec

from emoji_mock.contract.endpoint import MEDIA_TYPE
from emoji_mock.contract.exchange import Headers
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.wire import Boxes, Failed, GatewayError, Passed, ServiceError, Usage, Verdict

_encode = msgspec.json.Encoder().encode
_ONE_IMAGE = Usage()

# Seen since late 2025 on some gateway messages.
_DETAILS = " For details, see: https://help.aliyun.com/zh/model-studio/error-code#"


def passed(boxes: Boxes, request_id: str) -> bytes:
    """Return the body for a picture that passes."""
    return _encode(Passed(boxes, _ONE_IMAGE, request_id))


def refused(row: Row, message: str, request_id: str, *, status: int, details: bool = False) -> bytes:
    """Return the body for `row` when it goes out with `status`."""
    if row.code is None:
        return b""
    if details and row.anchor:
        message = f"{message}{_DETAILS}{row.anchor}"
    if row.outcome is Outcome.FAILED and status < 400:  # noqa: PLR2004
        return _encode(Failed(Verdict(row.code, message), _ONE_IMAGE, request_id))
    if row.origin is Origin.GATEWAY:
        return _encode(GatewayError(row.code, message, request_id))
    return _encode(ServiceError(request_id, row.code, message))


_KIND = ("content-type", MEDIA_TYPE)
_GATEWAY = ("x-dashscope-call-gateway", "true")
_SERVER = ("server", "istio-envoy")
_VARY = ("vary", "Accept-Encoding")


def headers(request_id: str, status: int, arrived: float, left: float, *, has_body: bool = True) -> Headers:
    """Return the headers of an answer; `arrived` and `left` are seconds since the epoch.

    Observed on service endpoints (cnblogs): the media type without charset, no call-gateway mark on a 401.
    """
    arrive, start = int(arrived * 1000), int(max(arrived, left) * 1000)
    begun, cost = str(arrive), str(start - arrive)
    common = (
        ("x-request-id", request_id),
        ("req-cost-time", cost),
        ("req-arrive-time", begun),
        ("resp-start-time", str(start) if start != arrive else begun),
        ("x-envoy-upstream-service-time", cost),
        ("date", _date(int(left))),
        _SERVER,
        _VARY,
    )
    if status == 401:  # noqa: PLR2004
        return (_KIND, *common)
    return (_KIND, _GATEWAY, *common) if has_body else (_GATEWAY, *common)


@lru_cache(maxsize=4)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)
