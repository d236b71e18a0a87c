"""What changes from call to call: the words that stand for it in a recording, and lawful values to put back."""

from __future__ import annotations

import re

from emoji_mock.fake.endpoints.explain import SAMPLE_ID

SAMPLE_TASK = "00000000-0000-4000-8000-000000000000"
"""Stands for the id of a task."""
SAMPLE_FOLDER = f"dashscope-instant/{'0' * 32}/2026-11-23/{SAMPLE_ID}"
"""Stands for where uploads go."""
REQUEST_ID = "<request id>"
_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-%s[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID = re.compile(_UUID % "[49]")
_NUMBER = re.compile(r"\d{1,19}")
_MOMENT = re.compile(r"1\d{12}")  # milliseconds since 1970
_OSS_ID = re.compile("[0-9A-F]{24}")
# Each volatile header: what a lawful value looks like, and one that is lawful beside the others.
HEADERS: dict[str, tuple[re.Pattern[str], str]] = {
    "x-request-id": (_ID, SAMPLE_ID),
    "req-cost-time": (_NUMBER, "0"),
    "req-arrive-time": (_MOMENT, "1795366800000"),
    "resp-start-time": (_MOMENT, "1795366800000"),
    "x-envoy-upstream-service-time": (_NUMBER, "0"),
    "x-oss-request-id": (_OSS_ID, "0" * 24),
    "date": (re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"), "Sun, 22 Nov 2026 17:00:00 GMT"),
}
"""Each volatile header: the form of a lawful value, and a value that is lawful beside the others."""
_TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}"
# What stands in a body: where it is found, the word for it, and a lawful value. Tasks are submitted when `date` says,
# less what a case has waited; the day of a recording does not matter to whoever reads it.
_IN_BODIES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(rf'(?<="request_id":"){_ID.pattern}(?=")'), REQUEST_ID, SAMPLE_ID),
    (re.compile(rf'(?<="task_id":"){_UUID % "4"}(?=")'), "<task id>", SAMPLE_TASK),
    (
        re.compile(rf"dashscope-instant/[0-9a-f]{{32}}/\d{{4}}-\d\d-\d\d/(?:{REQUEST_ID}|{_ID.pattern})"),
        "<upload dir>",
        SAMPLE_FOLDER,
    ),
    (re.compile(rf'(?<="submit_time":"){_TIME}(?=")'), "<submitted>", "2026-11-23 01:00:00.000"),
    (re.compile(rf'(?<="scheduled_time":"){_TIME}(?=")'), "<scheduled>", "2026-11-23 01:00:00.000"),
    (re.compile(rf'(?<="end_time":"){_TIME}(?=")'), "<ended>", "2026-11-23 01:02:00.000"),
    (re.compile(r'(?<="gmt_create":)\d+'), '"<created ms>"', "1795366800000"),
    (re.compile(r'(?<="start_time":)\d+'), '"<begun ms>"', "1795366800000"),
    (re.compile(r'(?<="end_time":)\d+'), '"<ended ms>"', "1795366920000"),
    (re.compile(r'(?<="video_url":")https?://[^"]+'), "<video url>", "https://emoji-mock.test/video.mp4"),
    (re.compile(r"(?<=<RequestId>)[0-9A-F]{24}(?=</RequestId>)"), "<oss request id>", "0" * 24),
)


def in_words(text: str, headers: dict[str, str]) -> str:
    """Return the body of an answer with words for what is lawful in it and changes."""
    given = next((value for name, value in headers.items() if name.lower() == "x-request-id"), "")
    if _ID.fullmatch(given):
        text = text.replace(given, REQUEST_ID)
    for pattern, word, _ in _IN_BODIES:
        text = pattern.sub(word, text)
    return text


def in_values(body: bytes, request_id: str) -> bytes:
    """Return a body with lawful values for its words, and this request id."""
    body = body.replace(REQUEST_ID.encode(), request_id.encode())
    for _, word, sample in _IN_BODIES[1:]:
        body = body.replace(word.encode(), sample.encode())
    return body
