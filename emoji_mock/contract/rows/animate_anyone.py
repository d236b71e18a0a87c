"""Answers of animate-anyone-detect-gen2, animate-anyone-template-gen2 and animate-anyone-gen2 alone."""

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import ANIMATE, ANIMATE_DETECT, ANIMATE_TEMPLATE
from emoji_mock.contract.rows.table import failed_as, of_siblings, service

_ALL = frozenset({ANIMATE_DETECT, ANIMATE, ANIMATE_TEMPLATE})
_PICTURES = frozenset({ANIMATE_DETECT, ANIMATE})
_DETECTION = frozenset({ANIMATE_DETECT})
_DOCUMENTED = of_siblings("D", "aa")
_GUESS = of_siblings("I", "errors", "the words stand on the errors page; that the detection says them is inferred")

UNCLEAR = failed_as(
    "animate-unclear-body",
    None,
    200,
    "The input image has no human body or has unclear human body. Please upload other image.",
    "the person is dark or unclear",
    _GUESS,
    models=_DETECTION,
)
POSE = failed_as(
    "animate-body",
    None,
    200,
    "The pose of the detected person is invalid, please upload other image with whole body and expected orientation.",
    "a side view, or a body that is cut or covered",
    _GUESS,
    models=_DETECTION,
)
FACE_POSE = failed_as(
    "animate-face",
    None,
    200,
    "The pose of the detected face is invalid, please upload other image with whole face and expected orientation.",
    "a face that is turned, cut or covered",
    _GUESS,
    models=_DETECTION,
)
FILE_SIZE = service(
    "animate-file-size",
    Code.SIZE,
    400,
    "Invalid file size, The image file size must be smaller than 5MB.",
    "animate-anyone with a picture of 5 MB or more",
    _DOCUMENTED,
    models=_PICTURES,
)
RESOLUTION = service(
    "animate-resolution",
    Code.RESOLUTION,
    400,
    "The image resolution is invalid, please make sure that the largest length of image is smaller than 4096, and the smallest length of image is larger than 224.",
    "animate-anyone with a side of 224 pixels or less, or over 4096",
    _DOCUMENTED,
    models=_PICTURES,
)
ASPECT = service(
    Code.ASPECT_RATIO,
    Code.ASPECT_RATIO,
    400,
    "Invalid file ratio. The file aspect ratio (height/width) must be between 2.0 and 0.5",
    "animate-anyone with a picture more than twice as long as the other side",
    _DOCUMENTED,
    models=_PICTURES,
)
URL_REFUSED = service(
    "animate-connection-refused",
    Code.CONNECTION_REFUSED,
    400,
    "Connection to {host} refused, please provide available URL",
    "the host of a picture or video refuses the connection; without a full stop",
    of_siblings("D", "aa", "the page writes ${url} for the host"),
    example=(("host", "example.com"),),
    models=_ALL,
)
TEMPLATE_CONTENT = service(
    Code.TEMPLATE_CONTENT,
    Code.TEMPLATE_CONTENT,
    400,
    "Invalid template content.",
    "a template_id that is not the account's, or a template of a video that cannot be used (both inferred)",
    of_siblings("D", "errors", "for which of the models is inferred"),
    models=frozenset({ANIMATE, ANIMATE_TEMPLATE}),
)
VIDEO_RATIO = service(
    "video-ratio-invalid",
    Code.INVALID_PARAMETER,
    400,
    "parameters.video_ratio must be 9:16 or 3:4",
    "animate-anyone-gen2 with another video_ratio",
    of_siblings("D", "errors"),
    models=frozenset({ANIMATE}),
)
