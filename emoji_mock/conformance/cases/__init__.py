"""Every case of the contract: detections, uploads, requests for videos, tasks and finished videos."""

from emoji_mock.conformance.cases.case import Case
from emoji_mock.conformance.cases.detections.mistakes import MISTAKE_CASES
from emoji_mock.conformance.cases.detections.outcomes import OUTCOME_CASES
from emoji_mock.conformance.cases.detections.pictures import PICTURE_CASES
from emoji_mock.conformance.cases.detections.requests import REQUEST_CASES
from emoji_mock.conformance.cases.uploads.siblings import SIBLING_UPLOAD_CASES
from emoji_mock.conformance.cases.uploads.storage import UPLOAD_CASES
from emoji_mock.conformance.cases.uploads.uploaded import UPLOADED_CASES
from emoji_mock.conformance.cases.videos.creation import VIDEO_CASES
from emoji_mock.conformance.cases.videos.films import FILM_CASES
from emoji_mock.conformance.cases.videos.sibling_states import SIBLING_TASK_CASES
from emoji_mock.conformance.cases.videos.siblings import SIBLING_CASES
from emoji_mock.conformance.cases.videos.states import TASK_CASES

DETECTIONS: tuple[Case, ...] = (*REQUEST_CASES, *OUTCOME_CASES, *PICTURE_CASES, *MISTAKE_CASES)
"""Detections: the outcomes of valid requests, and the mistakes of invalid ones."""
VIDEOS: tuple[Case, ...] = (*VIDEO_CASES, *TASK_CASES, *FILM_CASES, *SIBLING_CASES, *SIBLING_TASK_CASES)
"""Requests for tasks, the tasks, and what they made."""
CASES: tuple[Case, ...] = (*DETECTIONS, *UPLOAD_CASES, *UPLOADED_CASES, *SIBLING_UPLOAD_CASES, *VIDEOS)
"""All cases; no two have the same name."""
