"""Tests that every row of the catalogue, and every unknown code, has an exception class."""

import pytest

from emoji_mock.client import (
    ApiKeyError,
    BillingError,
    PictureError,
    RequestError,
    ServiceError,
    ThrottledError,
    UnreadableAnswerError,
)
from emoji_mock.client.parse.error_table import ERROR_CLASSES, error_class, hint_for, is_retryable_status
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.row import Origin, Outcome

EXPECTED = {
    "InvalidApiKey": ApiKeyError,
    "AccessDenied": ApiKeyError,
    "Model.AccessDenied": ApiKeyError,
    "Workspace.AccessDenied": ApiKeyError,
    "Arrearage": BillingError,
    "AccessDenied.Unpurchased": BillingError,
    "AllocationQuota.FreeTierOnly": BillingError,
    "InvalidParameter": RequestError,
    "BadRequest.EmptyInput": RequestError,
    "BadRequest.EmptyParameters": RequestError,
    "BadRequest.IllegalInput": RequestError,
    "BadRequest.TooLarge": RequestError,
    "UnsupportedOperation": RequestError,
    "": RequestError,  # HTTP 404 with an empty body
    "InvalidURL": PictureError,
    "InvalidURL.ConnectionRefused": PictureError,
    "InvalidURL.Timeout": PictureError,
    "InvalidParameter.DataInspection": PictureError,
    "DataInspectionFailed": PictureError,
    "InvalidFile.Size": PictureError,
    "InvalidFile.AspectRatio": PictureError,
    "InvalidFile.AudioLengthError": PictureError,
    "InvalidFile.FaceNotMatch": PictureError,
    "InvalidFile.Resolution": PictureError,
    "InvalidFile.Template.Content": RequestError,
    "InvalidImage.ImageSize": PictureError,
    "InvalidImage.NoHumanFace": PictureError,
    "InvalidParameter.InputDownloadFailed": PictureError,
    "InvalidParameter.Ratio": RequestError,
    "InvalidParameter.UnsupportedFileFormat": PictureError,
    "InvalidParamter.OutOfDefinition": RequestError,
    "InternalError.Upload": ServiceError,
    "Throttling": ThrottledError,
    "Throttling.RateQuota": ThrottledError,
    "Throttling.BurstRate": ThrottledError,
    "Throttling.AllocationQuota": ThrottledError,
    "InternalError": ServiceError,
    "InternalError.Algo": ServiceError,
    "InternalError.Timeout": ServiceError,
    "SystemError": ServiceError,
    "RequestTimeOut": ServiceError,
    "ModelServingError": ServiceError,
    "ModelUnavailable": ServiceError,
}
ERRORS = [row for row in ROWS if row.outcome is Outcome.ERROR and row.origin is not Origin.STORAGE]
"""The storage's are read by test_upload.py: an upload is no detection, and its codes mean something else."""


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: row.name)
def test_every_error_row_has_one_class(row):
    """Each error of the catalogue has the expected class."""
    assert error_class(row.code or "", row.status) is EXPECTED[row.code or ""]


def test_the_table_has_only_codes_of_the_catalogue():
    """Each prefix in the table is that of a code in the catalogue."""
    codes = {row.code or "" for row in ROWS}
    assert [one for one in ERROR_CLASSES if not any(f"{code}.".startswith(f"{one}.") for code in codes)] == []


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("Throttling.Brand.New", 400, ThrottledError),
        ("InvalidURL.New", 500, PictureError),
        ("ThrottlingOfAnotherKind", 429, ThrottledError),
        ("ThrottlingOfAnotherKind", 400, RequestError),
        ("New", 401, ApiKeyError),
        ("New", 402, BillingError),
        ("New", 403, ApiKeyError),
        ("New", 418, RequestError),
        ("New", 599, ServiceError),
        ("", 502, ServiceError),
        ("", 302, UnreadableAnswerError),
        ("...", 600, UnreadableAnswerError),
    ],
)
def test_unknown_codes_fall_back(code, status, kind):
    """An unknown code gets its class from its longest known prefix of whole parts, or else from the status."""
    assert error_class(code, status) is kind


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_retryable_statuses(row):
    """429 and 5xx are retryable, and no other status of the catalogue."""
    assert is_retryable_status(row.status) == (row.status in {429, 500, 503})


@pytest.mark.parametrize(
    ("code", "status", "message", "expected"),
    [
        ("AccessDenied", 403, "Access denied.", "emoji-detect-v1 is retired from 2026-10-10 on"),
        (
            "AccessDenied",
            403,
            "Access denied. For details, see: https://help.aliyun.com/x#access-denied",
            "emoji-detect-v1 is retired from 2026-10-10 on",
        ),
        ("InvalidParameter", 400, "Model not exist.", "emoji-detect-v1 is retired from 2026-10-10 on"),
        ("InvalidApiKey", 401, "Invalid API-key provided.", "Beijing"),
        ("", 404, "", "base URL"),
        ("AccessDenied", 403, "current user api does not support synchronous calls.", ""),
        ("InvalidParameter", 400, "Field required: image_url", ""),
    ],
)
def test_hints(code, status, message, expected):
    """An error with known advice has a hint, whatever suffix the vendor adds to its message."""
    hint = hint_for(code, status, message, "emoji-detect-v1")
    assert expected in hint
    assert bool(expected) == bool(hint)
