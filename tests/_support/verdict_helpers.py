"""A clock that only waiting moves, and journals made by hand."""

from emoji_mock import Clock, Outcome
from emoji_mock.fake.accounting.journal import Entry

DETECT = "/api/v1/services/aigc/image2video/face-detect"
VIDEO = "/api/v1/services/aigc/image2video/video-synthesis"
ME = "https://example.com/me.png"
BODY = '{"model":"emoji-detect-v1","input":{"image_url":"%s"},"parameters":{"ratio":"1:1"}}'
BUSY = {
    "outcome": Outcome.ERROR,
    "status": 429,
    "billed": False,
    "code": "Throttling.RateQuota",
    "row": "Throttling.RateQuota",
}
DENIED = {"outcome": Outcome.ERROR, "status": 403, "billed": False, "code": "AccessDenied", "row": "AccessDenied"}
PASSED = {"outcome": Outcome.PASSED, "status": 200, "billed": True}


def entry(number=1, at=0.0, **changes):
    """Return an exchange, by default a passed detection."""
    url = changes.get("image_url", ME)
    known = {
        "number": number,
        "at": 1_790_000_000.0 + at,
        "namespace": "me",
        "key": "key:0123456789ab",
        "client": "test",
        "method": "POST",
        "target": DETECT,
        "model": "emoji-detect-v1",
        "image_url": url,
        "code": "",
        "row": "",
        "request_id": "",
        "request_body": BODY % url,
        "response_body": "",
        **PASSED,
    }
    return Entry(**{**known, **changes})


def journal(*times, last=None, **changes):
    """Return exchanges for one picture at these times, all throttled, the last one changed by `last`."""
    found = [entry(number, at, **{**BUSY, **changes}) for number, at in enumerate(times, 1)]
    if last is not None:
        found[-1] = entry(len(times), times[-1], **last)
    return found


class StillClock(Clock):
    """A clock that only waiting moves, so that no machine is too slow for a test."""

    def __init__(self):
        super().__init__()
        self.freeze(1_790_000_000.0)

    def real(self):
        """Return the same time."""
        return self()
