"""Cases of the pictures that each detection model takes: sides, aspect and format, by URL and as `data:`."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock.conformance.cases.case import Case, of_black_picture
from emoji_mock.conformance.cases.detections.outcomes import prefix
from emoji_mock.conformance.cases.payloads import LOSSLESS_WEBP, black_png, body_for
from emoji_mock.contract.endpoint import MODEL
from emoji_mock.contract.geometry import Size
from emoji_mock.contract.models import DETECTION_MODELS, row_at
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import failed, service
from emoji_mock.contract.rows.table import known, of_siblings
from emoji_mock.fake.rules.magic_urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.conformance.cases.case import ExpectedAnswer
    from emoji_mock.contract.model import DetectionModel, PictureLimits
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.row import Row

_DATA_URL = known("I", "emoji-mock", "whether the vendor takes data: URLs is not known")
_LIMIT = of_siblings("I", "emoji-mock", "the limit is documented; with which row a picture is refused is inferred")
_WHOLE = Size(400, 400)
"""A picture that every model takes."""


class _Picture(NamedTuple):
    """A picture by its size, and the row with which it is refused, or None if it is taken."""

    name: str
    size: Size
    row: Row | None = None


def _pictures(limits: PictureLimits) -> Iterator[_Picture]:
    """Yield a picture at and beyond each bound."""
    shortest, longest = limits.sides
    if shortest > 1:
        yield _Picture("smallest", Size(shortest, shortest))
        yield _Picture("too-small", Size(shortest - 1, shortest), limits.sides_row)
    yield _Picture("largest", Size(longest, longest))
    yield _Picture("too-large", Size(longest, longest + 1), limits.sides_row)
    if limits.aspect is not None:
        flattest, tallest = limits.aspect
        side, row = 1000, limits.aspect_row or limits.sides_row
        yield _Picture("flattest", Size(side, int(side * flattest)))
        yield _Picture("too-flat", Size(side + 2, int(side * flattest)), row)
        yield _Picture("tallest", Size(side, int(side * tallest)))
        yield _Picture("too-tall", Size(side, int(side * tallest) + 1), row)


def _case(model: DetectionModel, name: str, expected: ExpectedAnswer, provenance: Provenance, image_url: str) -> Case:
    return Case(
        name=f"{prefix(model)}{name}",
        expected=of_black_picture(expected, model) if image_url.startswith("data:") else (expected,),
        provenance=provenance,
        path=model.route.full_path,
        body=body_for(model, image_url),
        live=False,
        model=model.name,
    )


def _how_limits_are_known(model: DetectionModel, row: Row | None) -> Provenance:
    if row is None:
        return model.terms
    return _LIMIT if f"inferred for {model.name}" in row.provenance.note else row.provenance


def _of_size(model: DetectionModel, picture: _Picture) -> Iterator[Case]:
    name, size, row = picture
    row = row and row_at(row, model)
    expected: ExpectedAnswer = Outcome.PASSED if row is None else row
    url = f"https://{HOST}/passed/{size.width}x{size.height}.png"
    yield _case(model, f"picture/{name}", expected, _how_limits_are_known(model, row), url)
    if max(size) <= 2 * 1000:
        yield _case(model, f"data-url/{name}", expected, _DATA_URL, _data_url(black_png(size)))


def _data_url(file: bytes, media_type: str = "image/png") -> str:
    return f"data:{media_type};base64,{b64encode(file).decode()}"


def _formats(model: DetectionModel, limits: PictureLimits) -> Iterator[Case]:
    whole = _data_url(black_png(_WHOLE))
    webp: ExpectedAnswer = Outcome.PASSED if "WEBP" in limits.formats else limits.format_row
    for name, expected, url in (
        ("whole", Outcome.PASSED, whole),
        ("broken", service.CANNOT_DECODE, whole[:-40]),
        ("no-picture", limits.format_row, "data:text/plain,portrait"),
        ("webp", webp, _data_url(LOSSLESS_WEBP, "image/webp")),
    ):
        yield _case(model, f"data-url/{name}", expected, _DATA_URL, url)


def _of_emoji(model: DetectionModel) -> Iterator[Case]:
    row = failed.RESOLUTION
    for name, size in (("too-small", Size(399, 800)), ("too-large", Size(800, 7001))):
        url = f"https://{HOST}/passed/{size.width}x{size.height}.png"
        yield _case(model, f"failed/{name}", row, row.provenance, url)
    yield _case(model, "data-url/too-small", row, _DATA_URL, _data_url(black_png(Size(399, 400))))


def _cases() -> Iterator[Case]:
    for model in DETECTION_MODELS:
        limits = model.pictures
        if limits is None:
            continue
        yield from _formats(model, limits)
        if model.name == MODEL:
            yield from _of_emoji(model)
            continue
        for picture in _pictures(limits):
            yield from _of_size(model, picture)


PICTURE_CASES: tuple[Case, ...] = tuple(_cases())
"""What each model takes and refuses by the picture alone."""
