"""Every case of the contract: a detection, the upload before it, the video after it."""

from emoji_mock.conformance.cases.case import Case
from emoji_mock.conformance.cases.endings import ENDINGS
from emoji_mock.conformance.cases.films import FILM_CASES
from emoji_mock.conformance.cases.requests import REQUESTS
from emoji_mock.conformance.cases.tasks import TASK_CASES
from emoji_mock.conformance.cases.uploads import UPLOAD_CASES
from emoji_mock.conformance.cases.videos import VIDEO_CASES

DETECTIONS: tuple[Case, ...] = (*REQUESTS, *ENDINGS)
"""What can be seen in a picture, and what can be wrong with a request for a detection."""
CASES: tuple[Case, ...] = (*DETECTIONS, *UPLOAD_CASES, *VIDEO_CASES, *TASK_CASES, *FILM_CASES)
"""All cases; no two have the same name."""
