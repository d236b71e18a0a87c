"""Answers in the vendor's bytes: the documents, their key order, and the headers around them."""

import re
from email.utils import formatdate
from functools import lru_cache
from html import escape
from typing import Protocol

import msgspec
from msgspec import Struct

from emoji_mock.contract.documents.detection import (
    Boxes,
    FailedResponse,
    GatewayErrorResponse,
    PassedResponse,
    ServiceErrorResponse,
    Usage,
)
from emoji_mock.contract.endpoint import MEDIA_TYPE
from emoji_mock.contract.exchange import Headers
from emoji_mock.contract.model import DetectionModel, Model
from emoji_mock.contract.models import emoji
from emoji_mock.contract.row import Origin, Outcome, Row

encode = msgspec.json.Encoder().encode
"""Encodes compact JSON, as the vendor does."""
_ONE_IMAGE = Usage()


class MakeHeaders(Protocol):
    """Makes the headers of an answer; `arrived` and `left` are seconds since the epoch."""

    def __call__(self, request_id: str, status: int, arrived: float, left: float, *, has_body: bool = True) -> Headers:
        """Return the headers."""
        ...


def passed(boxes: Boxes, request_id: str) -> bytes:
    """Return the body for a picture that passes."""
    return encode(PassedResponse(boxes, _ONE_IMAGE, request_id))


def failed(output: Struct, request_id: str) -> bytes:
    """Return the body for a picture that fails, billed like one that passes."""
    return encode(FailedResponse(output, _ONE_IMAGE, request_id))


def refused(
    row: Row,
    message: str,
    request_id: str,
    *,
    status: int,
    details: bool = False,
    model: Model = emoji.DETECT,
    humanoid: bool = False,
) -> bytes:
    """Return the body for `row` when it goes out with `status` for `model`; `humanoid` shows that field of EMO's."""
    if row.outcome is Outcome.FAILED and status < 400 and isinstance(model, DetectionModel):  # noqa: PLR2004
        return failed(model.failed_output(row.code or "", message, humanoid), request_id)
    if row.code is None:
        return b""
    if details:
        message += row.suffix
    if row.origin is Origin.STORAGE:
        return xml(_XML_ERROR, code=row.code, message=message, request_id=_storage_id(request_id), host=row.host)
    if row.origin is Origin.GATEWAY or not model.request_id_first:
        return encode(GatewayErrorResponse(row.code, message, request_id))
    return encode(ServiceErrorResponse(request_id, row.code, message))


_KIND = ("content-type", MEDIA_TYPE)
_GATEWAY = ("x-dashscope-call-gateway", "true")
_SERVER = ("server", "istio-envoy")
_VARY = ("vary", "Accept-Encoding")


def milliseconds(seconds: float) -> int:
    """Return whole milliseconds, rounded down, as in all of the vendor's times."""
    return int(seconds * 1000 + 0.0005)  # as a float, 0.817 s are 816.99… ms


def headers(request_id: str, status: int, arrived: float, left: float, *, has_body: bool = True) -> Headers:
    """Return the headers of an answer; `arrived` and `left` are seconds since the epoch.

    Observed on service endpoints (cnblogs): the media type without charset, no call-gateway mark on a 401.
    """
    arrive = start = milliseconds(arrived)
    began = started = str(arrive)
    cost = "0"
    if left > arrived and (start := milliseconds(left)) != arrive:
        started, cost = str(start), str(start - arrive)
    common = (
        ("x-request-id", request_id),
        ("req-cost-time", cost),
        ("req-arrive-time", began),
        ("resp-start-time", started),
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


TASK_MEDIA_TYPE = f"{MEDIA_TYPE};charset=UTF-8"
"""The media type of answers about tasks."""
_TASK_KIND = ("content-type", TASK_MEDIA_TYPE)


def task_headers(request_id: str, status: int, arrived: float, left: float, *, has_body: bool = True) -> Headers:
    """Return the headers of an answer about tasks: another media type, no request id, no mark of the gateway.

    A 401 has the usual headers, because the key is checked before the path is known.
    """
    common = headers(request_id, status, arrived, left, has_body=has_body)
    return common if status == 401 else (_TASK_KIND, *_plain(common)[1:])  # noqa: PLR2004


def policy_headers(request_id: str, status: int, arrived: float, left: float, *, has_body: bool = True) -> Headers:
    """Return the headers of an answer to getPolicy: no request id, no gateway's mark (cnblogs); errors have both."""
    common = headers(request_id, status, arrived, left, has_body=has_body)
    return common if status >= 400 else _plain(common)  # noqa: PLR2004


def _plain(common: Headers) -> Headers:
    return tuple([pair for pair in common if pair != _GATEWAY and pair[0] != "x-request-id"])


_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_XML_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>{code}</Code>\n  <Message>{message}</Message>\n'
    "  <RequestId>{request_id}</RequestId>\n  <HostId>{host}</HostId>\n</Error>\n"
)
_XML_KIND = ("content-type", "application/xml")
_STORAGE_SERVER = ("server", "AliyunOSS")
# Browsers upload too, from any page.
_CORS = (
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "POST"),
    ("access-control-allow-headers", "*"),
    ("access-control-expose-headers", "x-oss-request-id"),
    ("access-control-max-age", "600"),
)


def xml(template: str, **values: str) -> bytes:
    """Return an XML document of the storage, with `values` escaped; what XML 1.0 cannot hold becomes U+FFFD."""
    return template.format_map({name: _xml_text(value) for name, value in values.items()}).encode()


def _xml_text(value: str) -> str:
    # A parser would read a raw CR as a line feed (XML 1.0, 2.11).
    return escape(_NOT_IN_XML.sub("\ufffd", value), quote=False).replace("\r", "&#13;")


def storage_headers(request_id: str, status: int, arrived: float, left: float, *, has_body: bool = True) -> Headers:
    """Return the headers of an answer of the storage for uploads."""
    del status, arrived
    common = (*_of_storage(request_id, left), *_CORS)
    return (_XML_KIND, *common) if has_body else common


def result_headers(request_id: str, status: int, arrived: float, left: float, *, has_body: bool = True) -> Headers:
    """Return the headers of an answer of the storage of videos, without those that describe the video."""
    del arrived, has_body
    common = _of_storage(request_id, left)
    return common if status < 400 else (_XML_KIND, *common)  # noqa: PLR2004


def _of_storage(request_id: str, left: float) -> Headers:
    return (_STORAGE_SERVER, ("date", _date(int(left))), ("x-oss-request-id", _storage_id(request_id)))


def _storage_id(request_id: str) -> str:
    return request_id.replace("-", "")[:24].upper()
