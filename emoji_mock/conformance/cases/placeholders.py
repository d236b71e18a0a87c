"""The placeholders in a case's request, and the values that a target binds them to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec

from emoji_mock.contract.exchange import Headers, Request

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY, BAD_KEY, OTHER_KEY = "<key>", "<bad key>", "<other key>"
"""The target's own API key, a key that it refuses, and the key of another account."""
PICTURE = "<picture>"
"""The URL of a picture that the target can fetch."""
UPLOAD_HOST, UPLOAD_DIR = "<upload host>", "<upload dir>"
"""The storage's URL and the folder for uploads; a getPolicy answer contains both."""
POLICY, SIGNATURE, OSS_KEY_ID = "<policy>", "<signature>", "<oss key id>"
"""The credentials of an upload, also from the getPolicy answer."""
TASK_ID, FIRST_TASK_ID = "<task id>", "<first task id>"
"""The ids of tasks that setup requests have created."""
VIDEO_FILE = "<film>"
"""The URL of a finished video, from its task."""
FILLER = b"<filler>"
"""Zeros in a file, whose number a setup request names."""
TEMPLATE = "<template>"
"""The id of a template that a setup request has made."""

SAMPLE_TASK = "00000000-0000-4000-8000-000000000000"
"""A well-formed task id that belongs to no task."""

_ENCODE = msgspec.json.encode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bindings:
    """The values of all placeholders for one case.

    `captured` holds the values that were read from the answers to the case's setup requests, by placeholder.
    """

    key: str
    bad_key: str
    picture: str
    other_key: str = "sk-mock-conformance-other"
    captured: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def text(self, text: str) -> str:
        """Return `text` with its placeholders replaced."""
        values = {KEY: self.key, BAD_KEY: self.bad_key, OTHER_KEY: self.other_key, **self.captured}
        for placeholder, value in values.items():
            text = text.replace(placeholder, str(value))
        return text

    def data(self, data: bytes) -> bytes:
        """Return a body with its placeholders replaced; a captured non-string replaces the quoted placeholder."""
        data = data.replace(_ENCODE(PICTURE), _ENCODE(self.picture))
        for placeholder, value in self.captured.items():
            if isinstance(value, str):
                data = data.replace(placeholder.encode(), value.encode())
            else:
                data = data.replace(_ENCODE(placeholder), _ENCODE(value))
        return data

    def request(self, method: str, path: str, headers: Headers, body: bytes) -> Request:
        """Return a request with its placeholders replaced."""
        bound = tuple((name, self.text(value)) for name, value in headers)
        return Request(method, self.text(path), bound, self.data(body))

    def with_captured(self, captured: Mapping[str, Any]) -> Bindings:
        """Return a copy with more captured values."""
        return replace(self, captured={**self.captured, **captured})
