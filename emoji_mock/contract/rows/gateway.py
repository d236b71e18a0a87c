"""Errors of the gateway, which comes first: not billed, key order code, message, request_id."""

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import BODY_LIMIT, TASK_MODELS
from emoji_mock.contract.rows.table import BOTH, ERRORS, OBSERVED, gateway, known

INVALID_KEY = gateway(
    "invalid-api-key",
    Code.INVALID_API_KEY,
    401,
    "Invalid API-key provided.",
    "a bad, deleted or wrong-region key",
    BOTH,
)
NO_KEY = gateway(
    "no-api-key",
    Code.INVALID_API_KEY,
    401,
    "No API-key provided.",
    "no Authorization header",
    BOTH,
)
ARREARS = gateway(
    Code.ARREARAGE,
    Code.ARREARAGE,
    400,
    "Access denied, please make sure your account is in good standing.",
    "an unpaid account; the status is 400",
    BOTH,
    anchor="overdue-payment",
)
ACCESS_DENIED = gateway(
    "access-denied",
    Code.ACCESS_DENIED,
    403,
    "Access denied.",
    "no permission, or the model is offline (retired)",
    ERRORS,
    anchor="access-denied",
)
NOT_SYNCHRONOUS = gateway(
    "not-synchronous",
    Code.ACCESS_DENIED,
    403,
    "current user api does not support synchronous calls.",
    "a video without the header X-DashScope-Async: enable",
    BOTH,
    anchor="access-denied",
    models=TASK_MODELS,
)
NOT_ASYNCHRONOUS = gateway(
    "not-asynchronous",
    Code.ACCESS_DENIED,
    403,
    "current user api does not support asynchronous calls.",
    "a detection with the header X-DashScope-Async: enable",
    OBSERVED,
    anchor="access-denied",
)
UNPURCHASED = gateway(
    Code.UNPURCHASED,
    Code.UNPURCHASED,
    403,
    "Access to model denied. Please make sure you are eligible for using the model.",
    "the service is not activated",
    ERRORS,
    anchor="access-denied",
)
MODEL_DENIED = gateway(
    Code.MODEL_ACCESS_DENIED,
    Code.MODEL_ACCESS_DENIED,
    403,
    "Model access denied.",
    "the key of a sub-workspace",
    ERRORS,
    anchor="access-denied",
)
WORKSPACE_DENIED = gateway(
    Code.WORKSPACE_ACCESS_DENIED,
    Code.WORKSPACE_ACCESS_DENIED,
    403,
    "Workspace access denied.",
    "the key may not use the workspace",
    ERRORS,
    anchor="access-denied",
)
EXHAUSTED = gateway(
    Code.FREE_TIER_ONLY,
    Code.FREE_TIER_ONLY,
    403,
    'The free tier of the model has been exhausted. If you wish to continue access the model on a paid basis, please disable the "use free tier only" mode in the management console.',
    "the 200 free images are used up",
    BOTH,
)
NOT_FOUND = gateway("not-found", None, 404, "", "an unknown path, with a valid key; the body is empty", OBSERVED)
NO_MODEL = gateway(
    "model-missing",
    Code.INVALID_PARAMETER,
    400,
    'Required parameter "model" missing from request.',
    "no model",
    known("O", "recordings", "the errors page files it under BadRequest.EmptyModel"),
)
UNKNOWN_MODEL = gateway(
    "model-not-exist",
    Code.INVALID_PARAMETER,
    400,
    "Model not exist.",
    "an unknown model; 400, not 404",
    BOTH,
)
WRONG_PATH = gateway(
    "url-error",
    Code.INVALID_PARAMETER,
    400,
    "url error, please check url！",
    "a real model on another model's path",
    OBSERVED,
    anchor="error-url",
)
WRONG_METHOD = gateway(
    "method-not-supported",
    Code.INVALID_PARAMETER,
    400,
    "Request method '{method}' is not supported.",
    "a method other than POST",
    ERRORS,
    example=(("method", "GET"),),
)
TOO_LARGE = gateway(
    Code.TOO_LARGE,
    Code.TOO_LARGE,
    400,
    f"Exceeded limit on max bytes to request body : {BODY_LIMIT}",
    "a body over 6 MiB",
    OBSERVED,
)
THROTTLED = gateway(
    Code.RATE_QUOTA,
    Code.RATE_QUOTA,
    429,
    "Requests rate limit exceeded, please try again later.",
    "over the requests per second",
    BOTH,
    anchor="rate-limit",
)
THROTTLING = gateway(
    Code.THROTTLING,
    Code.THROTTLING,
    429,
    "Requests throttling triggered.",
    "too many requests",
    ERRORS,
    anchor="rate-limit",
)
BURST = gateway(
    Code.BURST_RATE,
    Code.BURST_RATE,
    429,
    "Request rate increased too quickly. To ensure system stability, please adjust your client logic to scale requests more smoothly over time.",
    "the rate rose too fast",
    ERRORS,
    anchor="rate-limit",
)
ALLOCATION = gateway(
    Code.ALLOCATION_QUOTA,
    Code.ALLOCATION_QUOTA,
    429,
    "Allocated quota exceeded, please increase your quota limit.",
    "the allocated quota is used up",
    ERRORS,
    anchor="rate-limit",
)
