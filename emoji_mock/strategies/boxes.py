"""Picture sizes, faces, and the pairs of boxes that the vendor lays."""

from hypothesis import strategies as st

from emoji_mock.contract.endpoint import IMAGE_SIDES
from emoji_mock.contract.geometry import Box, Size, ext_box
from emoji_mock.contract.models.detection import Boxes

_SMALLEST = 16


def sizes() -> st.SearchStrategy[Size]:
    """Draw sizes of pictures that the vendor takes."""
    side = st.integers(*IMAGE_SIDES)
    return st.builds(Size, side, side)


@st.composite
def faces(draw: st.DrawFn, size: Size | None = None) -> Box:
    """Draw faces within `size` (else within a size of their own): nearly square, as the vendor's are."""
    width, height = size or draw(sizes())
    side = draw(st.integers(min(_SMALLEST, width, height), min(width, height)))
    # The larger box is a square within the picture, and must hold the face.
    tall = min(width, height, max(1, side + draw(st.integers(-1, 1))))
    left, top = draw(st.integers(0, width - side)), draw(st.integers(0, height - tall))
    return Box(left, top, left + side, top + tall)


@st.composite
def boxes(draw: st.DrawFn, size: Size | None = None) -> Boxes:
    """Draw a face and the larger box that the vendor's rule lays around it, within `size` or a size of their own."""
    size = size or draw(sizes())
    face = draw(faces(size))
    return Boxes(face, ext_box(face, size))
