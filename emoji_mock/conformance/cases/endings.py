"""Cases with a good request, whose ending the picture or the account decides."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, TypedDict, Unpack

from emoji_mock.conformance.cases.case import KEY, PATH, Case, body
from emoji_mock.conformance.cases.png import png
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.endpoint import BODY_LIMIT, FACE_DETECT, MEDIA_TYPE
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.row import Origin, Outcome
from emoji_mock.contract.rows import failed, gateway, service
from emoji_mock.contract.rows.table import known
from emoji_mock.fake.accounting.api_keys import RESERVED
from emoji_mock.fake.rules.magic_urls import HOST, url_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.contract.exchange import Headers
    from emoji_mock.contract.provenance import Provenance

_DOCUMENTED = known("D", "detect")
_FROM_SDK = known("S", "sdk")
_BOTH_PATHS = known("S", "sdk", "programs disagree on where /api/v1 stands; the vendor itself answers under it")
_GUESS = known("I", "emoji-mock")
_INSIDE = known("I", "emoji-mock", "whether the vendor takes data: URLs is not known")
_AUTHORIZED = ("authorization", f"Bearer {KEY}")

_KIND = ("content-type", MEDIA_TYPE)


class _Changes(TypedDict, total=False):
    size: Size
    path: str
    headers: Headers
    body: bytes
    padded: int
    live: bool


def _passes(name: str, provenance: Provenance = _DOCUMENTED, **changes: Unpack[_Changes]) -> Case:
    size = changes.setdefault("size", Size(640, 800))
    changes.setdefault("body", body())
    return Case(
        name=f"passed/{name}",
        expected=(Outcome.PASSED,),
        provenance=provenance,
        picture=f"https://{HOST}/passed/{size.width}x{size.height}.png",
        **changes,
    )


_PASSED = (
    _passes("as-documented"),
    _passes("smallest-picture", size=Size(400, 400), live=False),
    _passes("largest-picture", size=Size(7000, 7000), live=False),
    _passes("wide-picture", size=Size(1920, 1080), live=False),
    _passes("with-a-slash", known("I", "emoji-mock", "documented for the video's path"), path=f"{PATH}/"),
    _passes("without-the-prefix", _BOTH_PATHS, path=FACE_DETECT, live=False),
    _passes("without-the-prefix-with-a-slash", _BOTH_PATHS, path=f"{FACE_DETECT}/", live=False),
    _passes("with-a-query", _GUESS, path=f"{PATH}?trace=1"),
    _passes("with-a-charset", _FROM_SDK, headers=(_AUTHORIZED, ("content-type", "application/json; charset=utf-8"))),
    _passes("bearer-in-lower-case", _GUESS, headers=(("authorization", f"bearer {KEY}"), _KIND)),
    _passes("not-asynchronous", _GUESS, headers=(_AUTHORIZED, _KIND, ("x-dashscope-async", "disable"))),
    _passes("extra-keys", _FROM_SDK, body=body(resources=None, extra={"task": [None, "face-detect"]})),
    _passes("a-body-of-6-mib", _GUESS, padded=BODY_LIMIT),
)


def _failed() -> Iterator[Case]:
    for row in ROWS:
        if row.outcome is Outcome.FAILED:
            yield Case(
                name=f"failed/{row.name}",
                expected=(row,),
                provenance=row.provenance,
                body=body(),
                picture=url_for(row),
            )
    small = f"https://{HOST}/passed/399x800.png"
    large = f"https://{HOST}/passed/800x7001.png"
    for name, url in (("too-small", small), ("too-large", large)):
        yield Case(
            name=f"failed/{name}",
            expected=(failed.RESOLUTION,),
            provenance=failed.RESOLUTION.provenance,
            body=body(),
            picture=url,
            live=False,
        )


def _png(size: Size) -> str:
    """Return a black picture as a `data:` URL."""
    return f"data:image/png;base64,{b64encode(png(size)).decode()}"


def _pictures() -> Iterator[Case]:
    for name, ending, url in (
        ("whole", Outcome.PASSED, _png(Size(400, 400))),
        ("too-small", failed.RESOLUTION, _png(Size(399, 400))),
        ("broken", service.CANNOT_DECODE, _png(Size(400, 400))[:-40]),
        ("no-picture", service.BAD_URL, "data:text/plain,portrait"),
    ):
        yield Case(name=f"data-url/{name}", expected=(ending,), provenance=_INSIDE, body=body(url), live=False)


def _errors() -> Iterator[Case]:
    for row in ROWS:
        if row.outcome is not Outcome.ERROR or row.only_for or row.origin is Origin.STORAGE:
            continue
        if row is not gateway.WRONG_METHOD:  # its message holds the method, which a steered call does not have
            yield Case(
                name=f"error/{row.name}",
                expected=(row,),
                provenance=row.provenance,
                body=body(),
                picture=url_for(row),
                live=False,
            )


def _accounts() -> Iterator[Case]:
    for key, row in RESERVED.items():
        yield Case(
            name=f"account/{key.removeprefix('sk-mock-')}",
            expected=(row,),
            provenance=row.provenance,
            headers=(("authorization", f"Bearer {key}"), _KIND),
            body=body(f"https://{HOST}/portrait.png"),
            live=False,
        )


ENDINGS: tuple[Case, ...] = (*_PASSED, *_failed(), *_pictures(), *_errors(), *_accounts())
"""Every outcome, and every row that a fake can be steered to."""
