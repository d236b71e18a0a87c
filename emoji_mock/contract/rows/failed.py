"""Failed: HTTP 200, the reason inside `output`, billed like a passed detection."""

from emoji_mock.contract.codes import Code
from emoji_mock.contract.rows.table import failed, known

NO_HUMAN = failed(
    Code.NO_HUMAN,
    "The input image has no human body. Please upload other image with single person.",
    "no person in the picture, or no face",
)
MULTI_HUMAN = failed(
    Code.MULTI_HUMAN,
    "The input image has multi human bodies. Please upload other image with single person.",
    "several people",
)
BODY_PROPORTION = failed(
    Code.BODY_PROPORTION,
    "The proportion of the detected person in the picture is too large or too small, please upload other image.",
    "the face takes too much or too little of the picture",
)
RESOLUTION = failed(
    Code.RESOLUTION,
    "The image resolution is invalid, please make sure that the largest length of image is smaller than 7000, and the smallest length of image is larger than 400.",
    "a side of the picture is outside [400, 7000] pixels",
)
VALUE = failed(
    Code.VALUE,
    "The value of the image is invalid, please upload other clearer image.",
    "the picture is dark or unclear",
)
FRONT_BODY = failed(
    Code.FRONT_BODY,
    "The pose of the detected person is invalid, please upload other image with the front view.",
    "back or side view",
)
FULL_FACE = failed(
    Code.FULL_FACE,
    "The pose of the detected face is invalid, please upload other image with whole face.",
    "the face is cut or covered (inferred: also a hand near it)",
)
FACE_POSE = failed(
    Code.FACE_POSE,
    "The pose of the detected face is invalid, please upload other image with the expected oriention.",
    "a tilted or turned head (inferred: also an exaggerated expression)",
    known("D", "detect"),
)
