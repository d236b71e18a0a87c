"""Recordings: exchanges as readable JSON without secrets; the same exchange always gives the same bytes.

Values that change from call to call (request ids, times) become placeholders such as `<request id>`, if well-formed.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import msgspec

from emoji_mock.conformance.recordings.named_secrets import REDACTED
from emoji_mock.conformance.recordings.redaction import FRAMING
from emoji_mock.conformance.recordings.volatile import VALID_HEADERS, mask_body, mask_header, restore_body
from emoji_mock.contract.exchange import Headers, Request, Response
from emoji_mock.fake.endpoints.explain import SAMPLE_ID

if TYPE_CHECKING:
    from emoji_mock.conformance.recordings.redaction import Redactor

_HEADER = re.compile("[!-9;-~]+: [\\t -~\xa0-\xff]*")  # a name, then a Latin-1 value without control characters
_PADDED_LIMIT = 16 * 1024 * 1024


class RecordingError(ValueError):
    """A recording that cannot be used. The message says why."""


class _Body(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A body in its most readable form: compact JSON, else text, else base64; `padded` is its length in bytes."""

    json: Any = None
    text: str | None = None
    base64: str | None = None
    padded: int = 0


class _RecordedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recorded request."""

    method: str
    target: str
    headers: list[str]
    body: _Body


class _RecordedResponse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recorded answer."""

    status: int
    headers: list[str]
    body: _Body


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One exchange: the name of its case and of the target, the request and the answer."""

    case: str
    of: str
    request: _RecordedRequest
    response: _RecordedResponse


def record_exchange(case: str, of: str, request: Request, response: Response, redactor: Redactor) -> Recording:
    """Return a recording without secrets, and with placeholders for values that change from call to call."""
    sent = _RecordedRequest(
        request.method,
        redactor.text(request.target),
        _lines(redactor.headers(request.headers)),
        _packed(request.body, redactor),
    )
    headers = _lines(tuple((name, mask_header(name, value)) for name, value in redactor.headers(response.headers)))
    text = mask_body(_text(response.body), dict(response.headers))
    answered = _RecordedResponse(response.status, headers, _packed(_bytes(text, response.body), redactor))
    return Recording(case, redactor.text(of), sent, answered)


def parse_recording(data: bytes) -> Recording:
    """Parse the recording in `data`. Raises RecordingError."""
    try:
        recording = msgspec.json.decode(data, type=Recording)
        for body in (recording.request.body, recording.response.body):
            _unpacked(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise RecordingError(f"is not a recording: {error}") from None
    if not 200 <= recording.response.status <= 599:  # noqa: PLR2004
        raise RecordingError(f"is not a recording: the status must be from 200 to 599, not {recording.response.status}")
    for line in recording.response.headers:
        if not _HEADER.fullmatch(line) or line.partition(":")[0].lower() in FRAMING:
            raise RecordingError(f"is not a recording: {line!r} is not a header that can be sent again")
    return recording


def recorded_request(recording: Recording) -> Request:
    """Return the request as it was recorded."""
    sent = recording.request
    return Request(sent.method, sent.target, _pairs(sent.headers), _unpacked(sent.body))


def recorded_response(recording: Recording, request_id: str = SAMPLE_ID, headers: Headers = ()) -> Response:
    """Return the answer with `request_id`, and with times from `headers`, or else with fixed valid times."""
    fresh = VALID_HEADERS | dict(headers) | {"x-request-id": request_id}
    answered = recording.response
    pairs = tuple((name, fresh[name] if value == f"<{name}>" else value) for name, value in _pairs(answered.headers))
    body = restore_body(_unpacked(answered.body), request_id)
    return Response(answered.status, pairs, body)


def _lines(headers: Headers) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]


def _pairs(lines: list[str]) -> Headers:
    return tuple((name, value) for name, _, value in (line.partition(": ") for line in lines))


def _packed(body: bytes, redactor: Redactor) -> _Body:
    content = body.rstrip(b" ")
    padded = len(body) if len(content) < len(body) else 0
    if redactor.search.inside(content):
        return _Body(text=REDACTED, padded=padded)
    text = redactor.text(_text(content))
    if not _is_text(content):
        return _Body(base64=b64encode(_bytes(text, content)).decode(), padded=padded)
    try:
        document = json.loads(text)
        if document is not None and json.dumps(document, ensure_ascii=False, separators=(",", ":")) == text:
            return _Body(json=document, padded=padded)
    except (ValueError, RecursionError):
        pass
    return _Body(text=text, padded=padded)


def _unpacked(body: _Body) -> bytes:
    if not 0 <= body.padded <= _PADDED_LIMIT:
        raise ValueError(f"padded: must be from 0 to {_PADDED_LIMIT}, not {body.padded}")
    if body.base64 is not None:
        content = b64decode(body.base64, validate=True)
    elif body.text is not None:
        content = body.text.encode()
    else:
        content = json.dumps(body.json, ensure_ascii=False, separators=(",", ":")).encode()
    return content.ljust(body.padded)


def _is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(body: bytes) -> str:
    return body.decode() if _is_text(body) else body.decode("latin-1")


def _bytes(text: str, like: bytes) -> bytes:
    return text.encode() if _is_text(like) else text.encode("latin-1")
