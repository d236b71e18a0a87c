"""Answers of emo-detect-v1 and emo-v1 alone."""

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import EMO, EMO_DETECT, LIVEPORTRAIT
from emoji_mock.contract.rows.table import failed, of_siblings, service

FULL_BODY = failed(
    Code.FULL_BODY,
    "The pose of the detected person is invalid, please upload other image with whole body, or change the ratio parameter to 1:1。",
    "less than half of the body is shown, and the ratio is 3:4",
    of_siblings("D", "errors emo"),
    models=frozenset({EMO_DETECT}),
)
RATIO = service(
    Code.RATIO,
    Code.RATIO,
    400,
    "The request parameter is invalid, please check the request parameter.",
    "no parameters (inferred: also a ratio other than 1:1 and 3:4)",
    of_siblings("DO", "emo scenic", "the code is observed, the message documented"),
    models=frozenset({EMO_DETECT}),
)
NO_IMAGE_URL = service(
    "image-url-null",
    Code.INVALID_PARAMETER,
    400,
    "image_url should not be null",
    "emo-v1 or liveportrait without an image_url",
    of_siblings("O", "scenic"),
    models=frozenset({EMO, LIVEPORTRAIT}),
)
STYLE_LEVEL = service(
    "style-level-invalid",
    Code.INVALID_PARAMETER,
    400,
    "The style_level is invalid.",
    "emo-v1 with a style_level other than normal, calm and active",
    of_siblings("D", "errors"),
    models=frozenset({EMO}),
)
BBOX = service(
    "bbox-invalid",
    Code.INVALID_PARAMETER,
    400,
    "Invalid bbox input",
    "emo-v1 without boxes",
    of_siblings("O", "scenic", "the message is observed; the code is inferred"),
    models=frozenset({EMO}),
)
