"""Every case of the contract: detections, uploads, requests for videos, tasks and finished videos."""

from emoji_mock.conformance.cases.case import Case
from emoji_mock.conformance.cases.films import FILM_CASES
from emoji_mock.conformance.cases.outcomes import OUTCOME_CASES
from emoji_mock.conformance.cases.requests import REQUEST_CASES
from emoji_mock.conformance.cases.tasks import TASK_CASES
from emoji_mock.conformance.cases.uploaded import UPLOADED_CASES
from emoji_mock.conformance.cases.uploads import UPLOAD_CASES
from emoji_mock.conformance.cases.videos import VIDEO_CASES

DETECTIONS: tuple[Case, ...] = (*REQUEST_CASES, *OUTCOME_CASES)
"""Detections: the outcomes of valid requests, and the mistakes of invalid ones."""
CASES: tuple[Case, ...] = (*DETECTIONS, *UPLOAD_CASES, *UPLOADED_CASES, *VIDEO_CASES, *TASK_CASES, *FILM_CASES)
"""All cases; no two have the same name."""
