"""Values that change from call to call: placeholders for them in a recording, and valid values to put back."""

from __future__ import annotations

import re

from emoji_mock.conformance.cases.documents import REQUEST_ID, UUID
from emoji_mock.conformance.cases.placeholders import SAMPLE_TASK, TASK_ID, TEMPLATE, UPLOAD_DIR
from emoji_mock.conformance.judge.headers import HEADER_FORMS
from emoji_mock.fake.endpoints.explain import SAMPLE_ID

SAMPLE_FOLDER = f"dashscope-instant/{'0' * 32}/2026-11-23/{SAMPLE_ID}"
"""A well-formed folder for uploads."""
_REQUEST_ID = "<request id>"
VALID_HEADERS = {
    "x-request-id": SAMPLE_ID,
    "req-cost-time": "0",
    "req-arrive-time": "1795366800000",
    "resp-start-time": "1795366800000",
    "x-envoy-upstream-service-time": "0",
    "x-oss-request-id": "0" * 24,
    "date": "Sun, 22 Nov 2026 17:00:00 GMT",
}
"""A value for each header that changes from call to call; together they are consistent."""
_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"
# The place in a body, the placeholder, and a valid value. The submit time agrees with the `date` above.
_IN_BODIES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(rf'(?<="request_id":"){REQUEST_ID.pattern}(?=")'), _REQUEST_ID, SAMPLE_ID),
    (re.compile(rf'(?<="task_id":"){UUID % "4"}(?=")'), TASK_ID, SAMPLE_TASK),
    (
        re.compile(rf"dashscope-instant/[0-9a-f]{{32}}/\d{{4}}-\d\d-\d\d/(?:{_REQUEST_ID}|{REQUEST_ID.pattern})"),
        UPLOAD_DIR,
        SAMPLE_FOLDER,
    ),
    (re.compile(rf'(?<="submit_time":"){_TIME}(?=")'), "<submitted>", "2026-11-23 01:00:00.000"),
    (re.compile(rf'(?<="scheduled_time":"){_TIME}(?=")'), "<scheduled>", "2026-11-23 01:00:00.000"),
    (re.compile(rf'(?<="end_time":"){_TIME}(?=")'), "<ended>", "2026-11-23 01:02:00.000"),
    (re.compile(r'(?<="gmt_create":)\d+'), '"<created ms>"', "1795366800000"),
    (re.compile(r'(?<="start_time":)\d+'), '"<begun ms>"', "1795366800000"),
    (re.compile(r'(?<="end_time":)\d+'), '"<ended ms>"', "1795366920000"),
    (re.compile(r'(?<="video_url":")https?://[^"]+'), "<video url>", "https://emoji-mock.test/video.mp4"),
    (re.compile(r'(?<=duration":)\d+\.\d+'), '"<seconds>"', "2.5"),
    (re.compile(r'(?<="template_id":")AACT\.[^"]+'), TEMPLATE, f"AACT.{SAMPLE_TASK}"),
    (re.compile(r"(?<=<RequestId>)[0-9A-F]{24}(?=</RequestId>)"), "<oss request id>", "0" * 24),
)


def mask_header(name: str, value: str) -> str:
    """Return the placeholder for a header's value if that changes from call to call and is well-formed."""
    form = HEADER_FORMS.get(name)
    return f"<{name}>" if form and form.fullmatch(value) else value


def mask_body(text: str, headers: dict[str, str]) -> str:
    """Return the body of an answer with placeholders for well-formed values that change from call to call."""
    request_id = next((value for name, value in headers.items() if name.lower() == "x-request-id"), "")
    if REQUEST_ID.fullmatch(request_id):
        text = text.replace(request_id, _REQUEST_ID)
    for form, placeholder, _ in _IN_BODIES:
        text = form.sub(placeholder, text)
    return text


def restore_body(body: bytes, request_id: str) -> bytes:
    """Return a body with `request_id` and valid values in place of its placeholders."""
    body = body.replace(_REQUEST_ID.encode(), request_id.encode())
    for _, placeholder, value in _IN_BODIES[1:]:
        body = body.replace(placeholder.encode(), value.encode())
    return body
