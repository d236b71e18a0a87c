"""Errors of the service behind the gateway: not billed, key order request_id, code, message."""

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import TASK_MODELS, VIDEO_MODEL
from emoji_mock.contract.rows.table import BOTH, ERRORS, known, service

BODY_INVALID = service(
    "body-invalid",
    Code.INVALID_PARAMETER,
    400,
    "Required body invalid, please check the request body format.",
    "the body is not JSON, or not an object (inferred: also a wrong Content-Type)",
    known("D", "detect errors"),
)
NO_INPUT = service(
    Code.EMPTY_INPUT,
    Code.EMPTY_INPUT,
    400,
    "Required input parameter missing from request.",
    "no input",
    ERRORS,
)
NO_PARAMETERS = service(
    Code.EMPTY_PARAMETERS,
    Code.EMPTY_PARAMETERS,
    400,
    'Required parameter "parameters" missing from request.',
    "no parameters",
    ERRORS,
)
ILLEGAL_INPUT = service(
    Code.ILLEGAL_INPUT,
    Code.ILLEGAL_INPUT,
    400,
    "The input parameter requires json format.",
    "input is no object",
    ERRORS,
)
FIELD_REQUIRED = service(
    "field-required",
    Code.INVALID_PARAMETER,
    400,
    "Field required: {field}",
    "no image_url (for emoji-v1 likewise driven_id, face_bbox, ext_bbox)",
    known("D", "errors", "the wording; which service says it is inferred"),
    example=(("field", "image_url"),),
)
PARAMETER_INVALID = service(
    "parameter-invalid",
    Code.INVALID_PARAMETER,
    400,
    "The request parameter is invalid, please check the request parameter.",
    "ratio is missing or is not 1:1 (inferred: also a value of a wrong type)",
    known("I", "emo", "documented for emo-detect-v1"),
)
DRIVEN_UNKNOWN = service(
    "driven-not-exist",
    Code.INVALID_PARAMETER,
    400,
    "Driven not exist: {driven_id}",
    "emoji-v1 with an unknown driven_id",
    ERRORS,
    example=(("driven_id", "driven_id"),),
    models=frozenset({VIDEO_MODEL}),
)
EXT_INVALID = service(
    "ext-bbox-invalid",
    Code.INVALID_PARAMETER,
    400,
    "Invalid ext_bbox",
    "emoji-v1 with a bad ext_bbox",
    ERRORS,
    models=frozenset({VIDEO_MODEL}),
)
NOT_PENDING = service(
    Code.UNSUPPORTED,
    Code.UNSUPPORTED,
    400,
    "Failed to cancel the task, please confirm if the task is in PENDING status.",
    "cancelling a task that is not waiting (inferred: or is not known)",
    known("O", "cnblogs"),
    models=TASK_MODELS,
)
BAD_URL = service(
    Code.INVALID_URL,
    Code.INVALID_URL,
    400,
    "The request URL is invalid, please check the request URL is available and the request image format is one of the following types: JPEG, JPG, PNG, BMP, and WEBP.",
    "the picture cannot be fetched, or is not of these formats",
    ERRORS,
)
URL_REFUSED = service(
    Code.CONNECTION_REFUSED,
    Code.CONNECTION_REFUSED,
    400,
    "Connection to {host} refused, please provide available URL.",
    "the picture's host refuses the connection",
    ERRORS,
    example=(("host", "example.com"),),
)
URL_TIMEOUT = service(
    Code.URL_TIMEOUT,
    Code.URL_TIMEOUT,
    400,
    "Download {url} timeout, please check network connection.",
    "the picture's host is too slow",
    ERRORS,
    example=(("url", "https://example.com/me.png"),),
)
CANNOT_DOWNLOAD = service(
    "cannot-download",
    Code.DATA_INSPECTION,
    400,
    "Unable to download the media resource during the data inspection process.",
    "the picture cannot be fetched; a very common real one",
    ERRORS,
)
BAD_MEDIA = service(
    "media-format",
    Code.DATA_INSPECTION,
    400,
    "The media format is not supported or incorrect for the data inspection.",
    "a wrong media format, or oss:// without the resolve header",
    BOTH,
)
CANNOT_DECODE = service(
    "cannot-decode",
    Code.DATA_INSPECTION,
    400,
    "Failed to decode the image during the data inspection.",
    "the picture's file is broken",
    ERRORS,
)
DOWNLOAD_TIMED_OUT = service(
    "download-timed-out",
    Code.DATA_INSPECTION,
    400,
    "Download the media resource timed out during the data inspection process.",
    "fetching the picture takes too long",
    ERRORS,
)
INSPECTION_SIZE = service(
    "inspection-size",
    Code.DATA_INSPECTION,
    400,
    "The image size is not supported for the data inspection.",
    "a picture size that moderation does not take",
    ERRORS,
)
MODERATED = service(
    Code.DATA_INSPECTION_FAILED,
    Code.DATA_INSPECTION_FAILED,
    400,
    "Input data may contain inappropriate content.",
    "moderation refuses the picture",
    BOTH,
    anchor="inappropriate-content",
)
FILE_SIZE = service(
    Code.SIZE,
    Code.SIZE,
    400,
    "Invalid file size. The video/audio/image file size must be less than 10MB.",
    "a picture over 10 MB",
    known("D", "errors", "a pattern, filled in for this model"),
)
INTERNAL = service(
    Code.INTERNAL_ERROR,
    Code.INTERNAL_ERROR,
    500,
    "An internal error has occured, please try again later or contact service support.",
    "an internal error",
    ERRORS,
)
ALGO = service(
    Code.ALGO,
    Code.ALGO,
    500,
    "An internal error has occured during execution, please try again later or contact service support.",
    "an internal error of the detection",
    ERRORS,
)
INTERNAL_TIMEOUT = service(
    Code.INTERNAL_TIMEOUT,
    Code.INTERNAL_TIMEOUT,
    500,
    "An internal timeout error has occured during execution, please try again later or contact service support.",
    "the detection took too long",
    ERRORS,
)
SYSTEM_ERROR = service(
    Code.SYSTEM_ERROR,
    Code.SYSTEM_ERROR,
    500,
    "An system error has occured, please try again later.",
    "an internal error",
    ERRORS,
)
TIMED_OUT = service(
    Code.REQUEST_TIME_OUT,
    Code.REQUEST_TIME_OUT,
    500,
    "Request timed out, please try again later.",
    "the service took too long",
    ERRORS,
)
OVERLOADED = service(
    Code.MODEL_SERVING_ERROR,
    Code.MODEL_SERVING_ERROR,
    503,
    "Too many requests. Your requests are being throttled due to system capacity limits. Please try again later.",
    "the vendor is out of capacity",
    ERRORS,
)
UNAVAILABLE = service(
    Code.MODEL_UNAVAILABLE,
    Code.MODEL_UNAVAILABLE,
    503,
    "Model is unavailable, please try again later.",
    "the model is down",
    ERRORS,
)
