"""Picture sizes, faces, and pairs of boxes by the vendor's rule."""

from hypothesis import strategies as st

from emoji_mock.contract.documents.detection import Boxes
from emoji_mock.contract.endpoint import IMAGE_SIDES
from emoji_mock.contract.geometry import Box, Size, ext_box

_SMALLEST = 16


def sizes() -> st.SearchStrategy[Size]:
    """Draw sizes of pictures that the vendor accepts, in pixels."""
    side = st.integers(*IMAGE_SIDES)
    return st.builds(Size, side, side)


@st.composite
def faces(draw: st.DrawFn, size: Size | None = None) -> Box:
    """Draw nearly square faces within `size`, or within a size that is drawn as well."""
    width, height = size or draw(sizes())
    side = draw(st.integers(min(_SMALLEST, width, height), min(width, height)))
    # The larger box is a square inside the picture and must contain the face.
    tall = min(width, height, max(1, side + draw(st.integers(-1, 1))))
    left, top = draw(st.integers(0, width - side)), draw(st.integers(0, height - tall))
    return Box(left, top, left + side, top + tall)


@st.composite
def boxes(draw: st.DrawFn, size: Size | None = None) -> Boxes:
    """Draw a face within `size` (or a drawn size), and the larger box that the vendor's rule derives from it."""
    size = size or draw(sizes())
    face = draw(faces(size))
    return Boxes(face, ext_box(face, size))
