"""Answers of liveportrait-detect and liveportrait, and those that only tasks of audio and video have."""

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import ANIMATE_TEMPLATE, EMO, LIVEPORTRAIT, LIVEPORTRAIT_DETECT, S2V, VIDEORETALK
from emoji_mock.contract.rows.table import failed_as, of_siblings, service

_ALL = frozenset({LIVEPORTRAIT_DETECT, LIVEPORTRAIT})
_VIDEO = frozenset({LIVEPORTRAIT})
_TALKING = frozenset({LIVEPORTRAIT, EMO, S2V, VIDEORETALK})
_TASKS = of_siblings("D", "errors", "documented for video tasks; for which of the models is inferred")

NO_FACE = failed_as(
    "liveportrait-no-face",
    None,
    200,
    "No human face detected.",
    "no face, or one that is not visible from the front",
    of_siblings("D", "lpd"),
    models=frozenset({LIVEPORTRAIT_DETECT}),
)
FILE_FORMAT = service(
    Code.UNSUPPORTED_FORMAT,
    Code.UNSUPPORTED_FORMAT,
    400,
    "Input files format not supported.",
    "a picture that is no JPEG, PNG, BMP or WEBP; for liveportrait also audio of another format",
    of_siblings("D", "lpd lp"),
    models=_ALL,
)
DOWNLOAD = service(
    Code.DOWNLOAD_FAILED,
    Code.DOWNLOAD_FAILED,
    400,
    "Failed to download input files.",
    "liveportrait with a picture or audio that cannot be fetched",
    of_siblings("D", "lp"),
    models=_VIDEO,
)
IMAGE_SIZE = service(
    Code.IMAGE_SIZE,
    Code.IMAGE_SIZE,
    400,
    "The size of image is beyond limit.",
    "liveportrait with a side over 4096 pixels, one side more than twice the other (inferred), or a file of 10 MB; videoretalk with a reference picture beyond its limits",
    of_siblings("D", "lp vr", "inferred for liveportrait-detect"),
    models=_ALL | {VIDEORETALK},
)
OUT_OF_DEFINITION = service(
    Code.OUT_OF_DEFINITION,
    Code.OUT_OF_DEFINITION,
    400,
    "The type or value of {parameter} is out of definition.",
    "liveportrait with a parameter of a wrong type or value; the typo is the vendor's",
    of_siblings("D", "lp"),
    example=(("parameter", "template_id"),),
    models=_VIDEO,
)
ALGO = service(
    "liveportrait-algo",
    Code.ALGO,
    500,
    "An internal error has occured during algorithm execution.",
    "an internal error of liveportrait",
    of_siblings("D", "lp"),
    models=_VIDEO,
)
NO_HUMAN_FACE = service(
    Code.NO_HUMAN_FACE,
    Code.NO_HUMAN_FACE,
    400,
    "No human face detected.",
    "the picture or the video of a task shows no face",
    _TASKS,
    models=_TALKING,
)
AUDIO_LENGTH = service(
    Code.AUDIO_LENGTH,
    Code.AUDIO_LENGTH,
    400,
    "Audio length must be between {shortest}s and {longest}s.",
    "audio that is too short or too long",
    of_siblings("D", "errors lp", "newer pages say 180s, older ones 300s; other models' numbers are inferred"),
    example=(("shortest", "1"), ("longest", "180")),
    models=_TALKING,
)
UPLOAD = service(
    Code.UPLOAD_FAILED,
    Code.UPLOAD_FAILED,
    500,
    "Failed to upload result.",
    "the result of a task cannot be stored",
    _TASKS,
    models=_TALKING,
)
NO_URL = service(
    "url-missing",
    Code.INVALID_URL,
    400,
    "Required URL is missing or invalid, please check the request URL.",
    "no audio_url or video_url, or one that is no URL",
    _TASKS,
    models=_TALKING | {ANIMATE_TEMPLATE},
)
MEDIA_SIZE = service(
    "media-size",
    Code.SIZE,
    400,
    "Invalid file size. The video/audio/image file size must be less than {megabytes}MB.",
    "an audio or video file of too many bytes",
    of_siblings("D", "errors", "the words are a pattern; each model's number of megabytes is filled in"),
    example=(("megabytes", "15"),),
    models=_TALKING | {ANIMATE_TEMPLATE},
)
FACE_NOT_MATCH = service(
    Code.FACE_NOT_MATCH,
    Code.FACE_NOT_MATCH,
    400,
    "There are no matched face in the video with the provided reference image.",
    "videoretalk with a reference picture whose face is not in the video",
    of_siblings("D", "errors vr"),
    models=frozenset({VIDEORETALK}),
)
