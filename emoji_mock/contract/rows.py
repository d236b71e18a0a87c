"""The table: every answer other than passed that the vendor is known to give around face-detect.

Messages are copied, the vendor's typos and its full-width exclamation mark included. The order within a code matters:
the code alone means its first row. How well each is known stands beside it; sources are named in `provenance`.
"""

from typing import TypedDict, Unpack

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import BODY_LIMIT
from emoji_mock.contract.provenance import Known, Provenance
from emoji_mock.contract.row import Origin, Outcome, Row

_LETTERS = {"D": Known.DOCUMENTED, "O": Known.OBSERVED, "I": Known.INFERRED}


class _Rest(TypedDict, total=False):
    origin: Origin
    anchor: str
    example: tuple[tuple[str, str], ...]
    provoke: str
    only_for: str


def _known(letters: str, sources: str, note: str = "") -> Provenance:
    return Provenance(tuple(_LETTERS[letter] for letter in letters), tuple(sources.split()), note=note)


_ERRORS = _known("D", "errors")
_BOTH = _known("DO", "errors recordings")
_SEEN = _known("O", "recordings")
_SIBLING = _known("D", "errors emo", "documented for emo-detect-v1, the sibling on the same path")


def _failed(code: Code, message: str, when: str, provenance: Provenance = _SIBLING, provoke: str = "") -> Row:
    return Row(
        name=code, code=code, status=200, message=message, when=when, provenance=provenance, outcome=Outcome.FAILED,
        origin=Origin.SERVICE, provoke=provoke,
    )  # fmt: skip


def _error(
    name: str, code: Code | None, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]
) -> Row:
    return Row(name=name, code=code, status=status, message=message, when=when, provenance=provenance, **rest)


def _coded(code: Code, status: int, message: str, when: str, provenance: Provenance, **rest: Unpack[_Rest]) -> Row:
    return _error(code, code, status, message, when, provenance, **rest)


# fmt: off
# Failed: HTTP 200, inside `output`, billed.
NO_HUMAN = _failed(Code.NO_HUMAN, "The input image has no human body. Please upload other image with single person.", "nobody in the picture, or no face")
MULTI_HUMAN = _failed(Code.MULTI_HUMAN, "The input image has multi human bodies. Please upload other image with single person.", "several people")
BODY_PROPORTION = _failed(Code.BODY_PROPORTION, "The proportion of the detected person in the picture is too large or too small, please upload other image.", "the face takes too much or too little of the picture")
RESOLUTION = _failed(Code.RESOLUTION, "The image resolution is invalid, please make sure that the largest length of image is smaller than 7000, and the smallest length of image is larger than 400.", "a side of the picture is outside [400, 7000] pixels", provoke="a `data:` picture with such a side, or https://emoji-mock.test/passed/320x320.png")
VALUE = _failed(Code.VALUE, "The value of the image is invalid, please upload other clearer image.", "the picture is dark or unclear")
FRONT_BODY = _failed(Code.FRONT_BODY, "The pose of the detected person is invalid, please upload other image with the front view.", "back or side view")
FULL_FACE = _failed(Code.FULL_FACE, "The pose of the detected face is invalid, please upload other image with whole face.", "the face is cut or covered (inferred: also a hand near it)")
FACE_POSE = _failed(Code.FACE_POSE, "The pose of the detected face is invalid, please upload other image with the expected oriention.", "a tilted or turned head (inferred: also an exaggerated expression)", _known("D", "detect"))

# Errors of the gateway: key order code, message, request_id.
INVALID_KEY = _error("invalid-api-key", Code.INVALID_API_KEY, 401, "Invalid API-key provided.", "a bad, deleted or wrong-region key", _BOTH, provoke="the key sk-mock-invalid, or the host of another region")
NO_KEY = _error("no-api-key", Code.INVALID_API_KEY, 401, "No API-key provided.", "no Authorization header", _BOTH, provoke="send no Authorization header")
ARREARS = _coded(Code.ARREARAGE, 400, "Access denied, please make sure your account is in good standing.", "an unpaid account; 400 indeed", _BOTH, anchor="overdue-payment", provoke="the key sk-mock-arrears")
ACCESS_DENIED = _error("access-denied", Code.ACCESS_DENIED, 403, "Access denied.", "no permission, or the model is offline (retired)", _ERRORS, anchor="access-denied", provoke="the key sk-mock-retired, or the option --retired")
NOT_SYNCHRONOUS = _error("not-synchronous", Code.ACCESS_DENIED, 403, "current user api does not support synchronous calls.", "emoji-v1 without the header X-DashScope-Async: enable", _BOTH, anchor="access-denied", only_for="emoji-v1")
NOT_ASYNCHRONOUS = _error("not-asynchronous", Code.ACCESS_DENIED, 403, "current user api does not support asynchronous calls.", "face-detect with the header X-DashScope-Async: enable", _SEEN, anchor="access-denied", provoke="send the header X-DashScope-Async: enable")
UNPURCHASED = _coded(Code.UNPURCHASED, 403, "Access to model denied. Please make sure you are eligible for using the model.", "the service is not activated", _ERRORS, anchor="access-denied", provoke="the key sk-mock-unpurchased")
MODEL_DENIED = _coded(Code.MODEL_ACCESS_DENIED, 403, "Model access denied.", "the key of a sub-workspace", _ERRORS, anchor="access-denied")
WORKSPACE_DENIED = _coded(Code.WORKSPACE_ACCESS_DENIED, 403, "Workspace access denied.", "the key may not use the workspace", _ERRORS, anchor="access-denied")
EXHAUSTED = _coded(Code.FREE_TIER_ONLY, 403, 'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.', "the 200 free images are used up", _BOTH, provoke="the key sk-mock-exhausted")
NOT_FOUND = _error("not-found", None, 404, "", "an unknown path, with a valid key; the body is empty", _SEEN, provoke="any unknown path")
BODY_INVALID = _error("body-invalid", Code.INVALID_PARAMETER, 400, "Required body invalid, please check the request body format.", "the body is not JSON, or not an object (inferred: also a wrong Content-Type)", _known("D", "detect errors"), origin=Origin.SERVICE, provoke="send a body that is not a JSON object")
NO_MODEL = _error("model-missing", Code.INVALID_PARAMETER, 400, 'Required parameter "model" missing from request.', "no model", _known("O", "recordings", "the errors page files it under BadRequest.EmptyModel"), provoke="leave the model out")
UNKNOWN_MODEL = _error("model-not-exist", Code.INVALID_PARAMETER, 400, "Model not exist.", "an unknown model; 400, not 404", _BOTH, provoke="a model that does not exist")
WRONG_PATH = _error("url-error", Code.INVALID_PARAMETER, 400, "url error, please check url！", "a real model on another model's path", _SEEN, anchor="error-url", provoke="the model emoji-v1")
WRONG_METHOD = _error("method-not-supported", Code.INVALID_PARAMETER, 400, "Request method '{method}' is not supported.", "a method other than POST", _ERRORS, example=(("method", "GET"),), provoke="send a GET")
TOO_LARGE = _coded(Code.TOO_LARGE, 400, f"Exceeded limit on max bytes to request body : {BODY_LIMIT}", "a body over 6 MiB", _SEEN, provoke="send a body over 6 MiB")
THROTTLED = _coded(Code.RATE_QUOTA, 429, "Requests rate limit exceeded, please try again later.", "over the requests per second", _BOTH, anchor="rate-limit", provoke="the key sk-mock-throttled")
THROTTLING = _coded(Code.THROTTLING, 429, "Requests throttling triggered.", "too many requests", _ERRORS, anchor="rate-limit")
BURST = _coded(Code.BURST_RATE, 429, "Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.", "the rate rose too fast", _ERRORS, anchor="rate-limit")
ALLOCATION = _coded(Code.ALLOCATION_QUOTA, 429, "Allocated quota exceeded, please increase your quota limit.", "the allocated quota is used up", _ERRORS, anchor="rate-limit")

# Errors of the service behind it: key order request_id, code, message.
NO_INPUT = _coded(Code.EMPTY_INPUT, 400, "Required input parameter missing from request.", "no input", _ERRORS, origin=Origin.SERVICE, provoke="leave input out")
NO_PARAMETERS = _coded(Code.EMPTY_PARAMETERS, 400, 'Required parameter "parameters" missing from request.', "no parameters", _ERRORS, origin=Origin.SERVICE, provoke="leave parameters out")
ILLEGAL_INPUT = _coded(Code.ILLEGAL_INPUT, 400, "The input parameter requires json format.", "input is no object", _ERRORS, origin=Origin.SERVICE, provoke="send an input that is no object")
FIELD_REQUIRED = _error("field-required", Code.INVALID_PARAMETER, 400, "Field required: {field}", "no image_url (for emoji-v1 likewise driven_id, face_bbox, ext_bbox)", _known("D", "errors", "the wording; which service says it is inferred"), origin=Origin.SERVICE, example=(("field", "image_url"),), provoke="leave image_url out")
PARAMETER_INVALID = _error("parameter-invalid", Code.INVALID_PARAMETER, 400, "The request parameter is invalid, please check the request parameter.", "ratio is missing or is not 1:1 (inferred: also a value of a wrong type)", _known("I", "emo", "documented for emo-detect-v1"), origin=Origin.SERVICE, provoke="a ratio other than 1:1")
DRIVEN_UNKNOWN = _error("driven-not-exist", Code.INVALID_PARAMETER, 400, "Driven not exist: {driven_id}", "emoji-v1 with an unknown driven_id", _ERRORS, origin=Origin.SERVICE, example=(("driven_id", "driven_id"),), only_for="emoji-v1")
EXT_INVALID = _error("ext-bbox-invalid", Code.INVALID_PARAMETER, 400, "Invalid ext_bbox", "emoji-v1 with a bad ext_bbox", _ERRORS, origin=Origin.SERVICE, only_for="emoji-v1")
BAD_URL = _coded(Code.INVALID_URL, 400, "The request URL is invalid, please check the request URL is available and the request image format is one of the following types: JPEG, JPG, PNG, BMP, and WEBP.", "the picture cannot be fetched, or is not of these formats", _ERRORS, origin=Origin.SERVICE, provoke="an image_url that is no URL, or a `data:` picture of another format")
URL_REFUSED = _coded(Code.CONNECTION_REFUSED, 400, "Connection to {host} refused, please provide available URL.", "the picture's host refuses the connection", _ERRORS, origin=Origin.SERVICE, example=(("host", "example.com"),))
URL_TIMEOUT = _coded(Code.URL_TIMEOUT, 400, "Download {url} timeout, please check network connection.", "the picture's host is too slow", _ERRORS, origin=Origin.SERVICE, example=(("url", "https://example.com/me.png"),))
CANNOT_DOWNLOAD = _error("cannot-download", Code.DATA_INSPECTION, 400, "Unable to download the media resource during the data inspection process.", "the picture cannot be fetched; a very common real one", _ERRORS, origin=Origin.SERVICE)
BAD_MEDIA = _error("media-format", Code.DATA_INSPECTION, 400, "The media format is not supported or incorrect for the data inspection.", "a wrong media format, or oss:// without the resolve header", _BOTH, origin=Origin.SERVICE, provoke="an oss:// URL without X-DashScope-OssResourceResolve: enable")
CANNOT_DECODE = _error("cannot-decode", Code.DATA_INSPECTION, 400, "Failed to decode the image during the data inspection.", "the picture's file is broken", _ERRORS, origin=Origin.SERVICE, provoke="a broken `data:` picture")
DOWNLOAD_TIMED_OUT = _error("download-timed-out", Code.DATA_INSPECTION, 400, "Download the media resource timed out during the data inspection process.", "fetching the picture takes too long", _ERRORS, origin=Origin.SERVICE)
INSPECTION_SIZE = _error("inspection-size", Code.DATA_INSPECTION, 400, "The image size is not supported for the data inspection.", "a picture size that moderation does not take", _ERRORS, origin=Origin.SERVICE)
MODERATED = _coded(Code.DATA_INSPECTION_FAILED, 400, "Input data may contain inappropriate content.", "moderation refuses the picture", _BOTH, origin=Origin.SERVICE, anchor="inappropriate-content")
FILE_SIZE = _coded(Code.SIZE, 400, "Invalid file size. The video/audio/image file size must be less than 10MB.", "a picture over 10 MB", _known("D", "errors", "a pattern, filled in for this model"), origin=Origin.SERVICE)
INTERNAL = _coded(Code.INTERNAL_ERROR, 500, "An internal error has occured, please try again later or contact service support.", "something broke inside", _ERRORS, origin=Origin.SERVICE)
ALGO = _coded(Code.ALGO, 500, "An internal error has occured during execution, please try again later or contact service support.", "the detection broke", _ERRORS, origin=Origin.SERVICE)
INTERNAL_TIMEOUT = _coded(Code.INTERNAL_TIMEOUT, 500, "An internal timeout error has occured during execution, please try again later or contact service support.", "the detection took too long", _ERRORS, origin=Origin.SERVICE)
SYSTEM_ERROR = _coded(Code.SYSTEM_ERROR, 500, "An system error has occured, please try again later.", "something broke inside", _ERRORS, origin=Origin.SERVICE)
TIMED_OUT = _coded(Code.REQUEST_TIME_OUT, 500, "Request timed out, please try again later.", "the service took too long", _ERRORS, origin=Origin.SERVICE)
OVERLOADED = _coded(Code.MODEL_SERVING_ERROR, 503, "Too many requests. Your requests are being throttled due to system capacity limits. Please try again later.", "the vendor is out of capacity", _ERRORS, origin=Origin.SERVICE)
UNAVAILABLE = _coded(Code.MODEL_UNAVAILABLE, 503, "Model is unavailable, please try again later.", "the model is down", _ERRORS, origin=Origin.SERVICE)
# fmt: on

ROWS: tuple[Row, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Row))
"""Every row, in the order of the table."""
