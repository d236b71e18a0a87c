"""Cases with a valid request, whose outcome depends on the picture or the account."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Unpack

from emoji_mock.conformance.cases.case import DETECTION_PATH, Case, CaseFields, refusal
from emoji_mock.conformance.cases.payloads import (
    AUTHORIZATION,
    JSON_CONTENT,
    PORTRAIT_URL,
    black_png,
    detection_body,
)
from emoji_mock.conformance.cases.placeholders import KEY
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import BODY_LIMIT, FACE_DETECT
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Origin, Outcome
from emoji_mock.contract.rows import failed, gateway, service
from emoji_mock.contract.rows.table import known
from emoji_mock.fake.accounting.api_keys import RESERVED
from emoji_mock.fake.rules.magic_urls import HOST, url_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.provenance import Provenance

_DOCUMENTED = known("D", "detect")
_FROM_SDK = known("S", "sdk")
_BOTH_PATHS = known("S", "sdk", "programs disagree on whether a base URL contains /api/v1; the vendor answers below it")
_GUESS = known("I", "emoji-mock")
_DATA_URL = known("I", "emoji-mock", "whether the vendor takes data: URLs is not known")


def _passes(name: str, provenance: Provenance = _DOCUMENTED, **fields: Unpack[CaseFields]) -> Case:
    size = fields.setdefault("size", Size(640, 800))
    fields.setdefault("body", detection_body())
    fields["picture"] = f"https://{HOST}/passed/{size.width}x{size.height}.png"
    return Case(name=f"passed/{name}", expected=(Outcome.PASSED,), provenance=provenance, **fields)


_PASSED = (
    _passes("as-documented"),
    _passes("smallest-picture", size=Size(400, 400), live=False),
    _passes("largest-picture", size=Size(7000, 7000), live=False),
    _passes("wide-picture", size=Size(1920, 1080), live=False),
    _passes("with-a-slash", known("I", "emoji-mock", "documented for the video's path"), path=f"{DETECTION_PATH}/"),
    _passes("without-the-prefix", _BOTH_PATHS, path=FACE_DETECT, live=False),
    _passes("without-the-prefix-with-a-slash", _BOTH_PATHS, path=f"{FACE_DETECT}/", live=False),
    _passes("with-a-query", _GUESS, path=f"{DETECTION_PATH}?trace=1"),
    _passes("with-a-charset", _FROM_SDK, headers=(AUTHORIZATION, ("content-type", "application/json; charset=utf-8"))),
    _passes("bearer-in-lower-case", _GUESS, headers=(("authorization", f"bearer {KEY}"), JSON_CONTENT)),
    _passes("not-asynchronous", _GUESS, headers=(AUTHORIZATION, JSON_CONTENT, ("x-dashscope-async", "disable"))),
    _passes("extra-keys", _FROM_SDK, body=detection_body(resources=None, extra={"task": [None, "face-detect"]})),
    _passes("a-body-of-6-mib", _GUESS, padded=BODY_LIMIT),
)


def _failed() -> Iterator[Case]:
    for row in ROWS:
        if row.outcome is Outcome.FAILED and not row.models:
            yield refusal(f"failed/{row.name}", row, body=detection_body(), picture=url_for(row))
    small = f"https://{HOST}/passed/399x800.png"
    large = f"https://{HOST}/passed/800x7001.png"
    for name, url in (("too-small", small), ("too-large", large)):
        yield refusal(f"failed/{name}", failed.RESOLUTION, body=detection_body(), picture=url, live=False)


def _data_url(size: Size) -> str:
    """Return a black picture as a `data:` URL."""
    return f"data:image/png;base64,{b64encode(black_png(size)).decode()}"


def _data_urls() -> Iterator[Case]:
    for name, expected, url in (
        ("whole", Outcome.PASSED, _data_url(Size(400, 400))),
        ("too-small", failed.RESOLUTION, _data_url(Size(399, 400))),
        ("broken", service.CANNOT_DECODE, _data_url(Size(400, 400))[:-40]),
        ("no-picture", service.BAD_URL, "data:text/plain,portrait"),
    ):
        yield Case(
            name=f"data-url/{name}", expected=(expected,), provenance=_DATA_URL, body=detection_body(url), live=False
        )


def _errors() -> Iterator[Case]:
    for row in ROWS:
        if row.outcome is not Outcome.ERROR or row.models or row.origin is Origin.STORAGE:
            continue
        if row is not gateway.WRONG_METHOD:  # its message names the method, and a magic URL comes with a POST
            yield refusal(f"error/{row.name}", row, body=detection_body(), picture=url_for(row), live=False)


def _accounts() -> Iterator[Case]:
    for key, row in RESERVED.items():
        yield refusal(
            f"account/{key.removeprefix('sk-mock-')}",
            row,
            headers=(("authorization", f"Bearer {key}"), JSON_CONTENT),
            body=detection_body(PORTRAIT_URL),
            live=False,
        )


OUTCOME_CASES: tuple[Case, ...] = (*_PASSED, *_failed(), *_data_urls(), *_errors(), *_accounts())
"""Every outcome, and every row that a magic URL or a reserved key selects."""
