"""The picture of a call, where the fake holds it, and the boxes in it; the templates draw a stand-in for all others."""

from __future__ import annotations

from contextlib import suppress
from itertools import starmap
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.models import DETECTORS
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.rules import magic_urls
from emoji_mock.media.formats import BrokenPictureError, read_picture
from emoji_mock.media.viewing import upright_box
from emoji_mock.server.pages import CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.store.ports import Store
    from emoji_mock.server.control.steered import SteeredFake

PICTURES = f"{CONTROL}/page/pictures"
"""Where the pictures of calls are, by number."""
UPLOADS = f"{CONTROL}/page/uploads"
"""Where the uploaded pictures are, by `?key=`."""
_UNKNOWN = Size(640, 800)  # drawn where nothing is known of a picture


class HeldPicture(NamedTuple):
    """A picture file that the fake holds: its size as stored, and its EXIF orientation."""

    size: Size
    orientation: int


class ShownBox(NamedTuple):
    """A box over a picture: `kind` is face, ext or refused."""

    kind: str
    box: Box


class PictureView(NamedTuple):
    """What is drawn of a call's picture, in a plane of `size`: the file at `href`, or a stand-in if that is empty."""

    number: int
    href: str
    size: Size
    boxes: tuple[ShownBox, ...]
    face: Box | None
    """The largest face."""
    alt: str


def is_of_picture(entry: Entry) -> bool:
    """Return whether a call asked for the verdict on a picture."""
    return entry.model in DETECTORS and bool(entry.image_url)


def picture_of(fake: SteeredFake, entry: Entry) -> PictureView | None:
    """Return what is drawn of the picture of a call; None if it asked for no verdict on one."""
    if not is_of_picture(entry):
        return None
    return view_of(entry, held(data_of(fake.store, entry)), counted_upright=fake.options.upright)


def data_of(store: Store, entry: Entry) -> bytes:
    """Return the picture file of a call, or nothing if the fake does not hold it."""
    url = entry.image_url
    if url[:6].lower() == "oss://":
        upload = store.upload(url[6:])
        if upload is not None:
            return upload.data
    return (store.picture(entry.namespace, entry.picture) if entry.picture else None) or b""


def held(data: bytes) -> HeldPicture | None:
    """Return what the header of a picture file says, or None if it is none."""
    try:
        file = read_picture(data)
    except BrokenPictureError:
        return None
    return None if file is None else HeldPicture(file.size, file.orientation)


def view_of(entry: Entry, picture: HeldPicture | None, *, counted_upright: bool) -> PictureView:
    """Return what is drawn of the picture of a call; `counted_upright` says how the boxes in its answer are counted."""
    boxes, size = boxes_of(entry), _size_of(entry)
    if picture is not None:
        size = picture.size
        turned = picture.orientation >= 5  # noqa: PLR2004 - EXIF: from 5 on, width and height are exchanged
        if not counted_upright:
            boxes = [ShownBox(kind, upright_box(box, size, picture.orientation)) for kind, box in boxes]
        size = Size(size.height, size.width) if turned else size
    if size is None:
        size = _around([box for _, box in boxes]) if boxes else _UNKNOWN
    face = next((box for kind, box in boxes if kind != "ext"), None)
    alt = (
        f"{'Picture' if picture else 'Stand-in for the picture'} of call {entry.number}: {entry.code or entry.outcome}"
    )
    alt += "".join(f", {_NAMES[kind]} at {', '.join(map(str, box))}" for kind, box in boxes)
    return PictureView(entry.number, f"{PICTURES}/{entry.number}" if picture else "", size, tuple(boxes), face, alt)


_NAMES = {"face": "face", "ext": "larger box", "refused": "face"}


def boxes_of(entry: Entry) -> list[ShownBox]:
    """Return the boxes in the answer of a call, or those of the faces that were seen in its picture."""
    model = DETECTORS.get(entry.model)
    if model is not None and model.boxes and entry.outcome is Outcome.PASSED:
        return [*starmap(ShownBox, zip(("face", "ext"), _boxes_in(entry.response_body, model.boxes), strict=False))]
    kind = "face" if entry.outcome is Outcome.PASSED else "refused"
    return [ShownBox(kind, Box(*map(int, seen.split(",")))) for seen in entry.seen.split()[1:]]


def _size_of(entry: Entry) -> Size | None:
    """Return the size of a picture that is not held, if the call says it."""
    if entry.seen:
        return Size(*map(int, entry.seen.split()[0].split("x")))
    try:
        magic = magic_urls.read(entry.image_url)
    except ValueError:
        return None
    return None if magic is None else magic.size


class _Passed(msgspec.Struct, frozen=True):
    output: dict[str, msgspec.Raw]


def _boxes_in(body: str, names: tuple[str, ...]) -> Iterator[Box]:
    """Yield the boxes of these names in the answer `body`, as far as it has them: it may be cut, or a rule's."""
    with suppress(msgspec.MsgspecError, RecursionError):
        output = msgspec.json.decode(body, type=_Passed).output
        for name in names:
            yield msgspec.json.decode(output.get(name, b""), type=Box)


def _around(boxes: list[Box]) -> Size:
    """Return a size that holds all `boxes`, with as much room at the end as at the beginning."""
    return Size(
        max(box.x2 for box in boxes) + min(box.x1 for box in boxes),
        max(box.y2 for box in boxes) + min(box.y1 for box in boxes),
    )
