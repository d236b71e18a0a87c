"""What can be seen in a picture: plain values, which a face detector finds and the fake judges."""

from typing import NamedTuple

from emoji_mock.contract.geometry import Box, Size


class FaceFacts(NamedTuple):
    """A face in a picture: its box, and its pose and cover as estimates."""

    box: Box
    """From the brows to the chin and from cheek to cheek, squared, inside the picture."""
    roll: float = 0.0
    """How far the head is tilted, in degrees clockwise, from -180 to 180."""
    yaw: float = 0.0
    """How far the head is turned, in degrees to its left, from -90 to 90."""
    cut: float = 0.0
    """The share of the face that is outside the picture, from 0 to 1."""
    covered: float = 0.0
    """How likely something covers a part of the face, from 0 to 1."""
    below: float = 0.0
    """The room below the face, as the picture is shown, in heights of the face."""


class PictureFacts(NamedTuple):
    """What is seen in a picture of `size` pixels: its faces, the largest first, and how it is lit and focused."""

    size: Size
    faces: tuple[FaceFacts, ...] = ()
    light: float = 1.0
    """The mean luminance, from 0 (black) to 1."""
    sharpness: float = 1.0
    """From 0 (blurred or of one colour) to 1."""
    body: bool = False
    """Whether a person is seen, even without a face."""
