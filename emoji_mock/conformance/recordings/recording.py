"""Recordings: exchanges as readable files, redacted before they touch the disk, the same bytes for the same exchange.

What changes from call to call (request ids, times) is written as a word such as `<request id>`, unless it is malformed.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import msgspec

from emoji_mock.conformance.recordings.redaction import FRAMING
from emoji_mock.conformance.recordings.volatile import HEADERS, in_values, in_words
from emoji_mock.contract.exchange import Headers, Request, Response
from emoji_mock.fake.endpoints.explain import SAMPLE_ID

if TYPE_CHECKING:
    from emoji_mock.conformance.recordings.redaction import Redactor

_HEADER = re.compile("[!-9;-~]+: [\\t -~\xa0-\xff]*")  # a name, and a value in Latin-1 without control characters
_PADDED_LIMIT = 16 * 1024 * 1024


class RecordingError(ValueError):
    """A recording that cannot be used; the message says why."""


class _Body(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A body as a reader wants it: JSON if it is compact, else text, else base64; `padded` with spaces to a length."""

    json: Any = None
    text: str | None = None
    base64: str | None = None
    padded: int = 0


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recorded request."""

    method: str
    target: str
    headers: list[str]
    body: _Body


class _Answered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recorded answer."""

    status: int
    headers: list[str]
    body: _Body


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One exchange: the case that asked, who answered, the request and the answer."""

    case: str
    of: str
    request: _Asked
    response: _Answered


def recorded(case: str, of: str, request: Request, response: Response, redactor: Redactor) -> Recording:
    """Return the exchange without secrets and without what changes from call to call."""
    asked = _Asked(
        request.method,
        redactor.text(request.target),
        _lines(redactor.headers(request.headers)),
        _packed(request.body, redactor),
    )
    headers = _lines(tuple((name, _settled(name, value)) for name, value in redactor.headers(response.headers)))
    said = in_words(_text(response.body), dict(response.headers))
    answered = _Answered(response.status, headers, _packed(_bytes(said, response.body), redactor))
    return Recording(case, of, asked, answered)


def parsed(data: bytes) -> Recording:
    """Return the recording in `data`. Raises RecordingError."""
    try:
        recording = msgspec.json.decode(data, type=Recording)
        for body in (recording.request.body, recording.response.body):
            _unpacked(body)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise RecordingError(f"is no recording: {error}") from None
    if not 200 <= recording.response.status <= 599:  # noqa: PLR2004
        raise RecordingError(f"is no recording: status {recording.response.status}")
    for line in recording.response.headers:
        if not _HEADER.fullmatch(line) or line.partition(":")[0].lower() in FRAMING:
            raise RecordingError(f"is no recording: {line!r} is no header that can be sent again")
    return recording


def request_of(recording: Recording) -> Request:
    """Return the request as it was recorded."""
    asked = recording.request
    return Request(asked.method, asked.target, _pairs(asked.headers), _unpacked(asked.body))


def response_of(recording: Recording, request_id: str = SAMPLE_ID, headers: Headers = ()) -> Response:
    """Return the answer with `request_id`, and with times from `headers`, or lawful ones of another day."""
    fresh = {name: lawful for name, (_, lawful) in HEADERS.items()} | dict(headers) | {"x-request-id": request_id}
    answered = recording.response
    pairs = tuple((name, fresh[name] if value == f"<{name}>" else value) for name, value in _pairs(answered.headers))
    body = in_values(_unpacked(answered.body), request_id)
    return Response(answered.status, pairs, body)


def _lines(headers: Headers) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]


def _pairs(lines: list[str]) -> Headers:
    return tuple((name, value) for name, _, value in (line.partition(": ") for line in lines))


def _settled(name: str, value: str) -> str:
    pattern = HEADERS[name][0] if name in HEADERS else None
    return f"<{name}>" if pattern and pattern.fullmatch(value) else value


def _packed(body: bytes, redactor: Redactor) -> _Body:
    said = body.rstrip(b" ")
    padded = len(body) if len(said) < len(body) else 0
    text = redactor.text(_text(said))
    if not _is_text(said):
        return _Body(base64=b64encode(_bytes(text, said)).decode(), padded=padded)
    try:
        document = json.loads(text)
        if document is not None and json.dumps(document, ensure_ascii=False, separators=(",", ":")) == text:
            return _Body(json=document, padded=padded)
    except (ValueError, RecursionError):
        pass
    return _Body(text=text, padded=padded)


def _unpacked(body: _Body) -> bytes:
    if not 0 <= body.padded <= _PADDED_LIMIT:
        raise ValueError(f"padded: {body.padded} is not from 0 to {_PADDED_LIMIT}")
    if body.base64 is not None:
        said = b64decode(body.base64, validate=True)
    elif body.text is not None:
        said = body.text.encode()
    else:
        said = json.dumps(body.json, ensure_ascii=False, separators=(",", ":")).encode()
    return said.ljust(body.padded)


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
