"""What can be found: each kind with its name, how bad it is, and what to do instead; and what was found."""

from enum import Enum, StrEnum
from typing import NamedTuple

from msgspec import Struct

SHOWN = 50
"""How many exchanges a finding names at the most."""


class Severity(StrEnum):
    """How bad it is."""

    WRONG = "wrong"
    """It fails, or gives a secret away, whatever the weather."""
    WASTEFUL = "wasteful"
    """It costs money or quota for nothing."""
    RISKY = "risky"
    """It works until many do it, or something else goes wrong."""


class _Meaning(NamedTuple):
    title: str
    severity: Severity
    instead: str


class Kind(Enum):
    """Everything that can be found, from the worst on."""

    RETRIED_HOPELESS = _Meaning(
        "retried-hopeless",
        Severity.WRONG,
        "Repeat 429, 5xx and lost connections only; any other 4xx says the same until the request changes.",
    )
    GAVE_UP = _Meaning(
        "gave-up",
        Severity.WRONG,
        "Repeat 429, 5xx and refused connections a few times, with growing random waits; none of them is billed.",
    )
    RETRY_STORM = _Meaning(
        "retry-storm",
        Severity.WRONG,
        "Bound the attempts (4 are plenty), and let the waits between them grow.",
    )
    IGNORED_RETRY_AFTER = _Meaning(
        "ignored-retry-after",
        Severity.WRONG,
        "Wait as long as Retry-After says before the next attempt, or give up.",
    )
    NO_READ_TIMEOUT = _Meaning(
        "no-read-timeout",
        Severity.WRONG,
        "Set a read timeout well under a minute; a detection takes seconds.",
    )
    TOOK_FAILED_FOR_PASSED = _Meaning(
        "took-failed-for-passed",
        Severity.WRONG,
        "Look for output.code before output.bbox_face: a failed detection is HTTP 200, too, and has no boxes.",
    )
    BOXES_OF_ANOTHER_PICTURE = _Meaning(
        "boxes-of-another-picture",
        Severity.WRONG,
        "Keep the boxes with the picture that they came from, and send both together.",
    )
    SWAPPED_BOXES = _Meaning(
        "swapped-boxes",
        Severity.WRONG,
        "Send bbox_face as face_bbox, and ext_bbox_face as ext_bbox.",
    )
    KEY_IN_URL = _Meaning(
        "key-in-url",
        Severity.WRONG,
        "Send the key in the header `Authorization: Bearer …` alone; URLs end up in the logs of every proxy.",
    )
    KEY_OVER_HTTP = _Meaning(
        "key-over-http",
        Severity.WRONG,
        "Call https://; over http:// everyone on the way reads the key.",
    )
    ASYNC_HEADER = _Meaning(
        "async-header",
        Severity.WRONG,
        "Leave X-DashScope-Async out of face-detect calls; only video-synthesis is asynchronous.",
    )
    PAID_TWICE = _Meaning(
        "paid-twice",
        Severity.WASTEFUL,
        "Keep the answer: a detection is billed, passed or failed, and so is a video; the same request gets the same.",
    )
    POLLED_TOO_FAST = _Meaning(
        "polled-too-fast",
        Severity.WASTEFUL,
        "Ask after a task every 15 seconds or so; a video takes one to five minutes.",
    )
    OVER_TASK_LIMIT = _Meaning(
        "over-task-limit",
        Severity.RISKY,
        "Spread the polling of many tasks: the vendor takes 20 task requests a second from an account.",
    )
    NO_BACKOFF = _Meaning(
        "no-backoff",
        Severity.RISKY,
        "Wait between attempts, each time longer, by a random share: random.uniform(0, min(8, 0.5 * 2**attempt)).",
    )
    CONSTANT_BACKOFF = _Meaning(
        "constant-backoff",
        Severity.RISKY,
        "Let the waits grow, by a random share: random.uniform(0, min(8, 0.5 * 2**attempt)); callers then spread out.",
    )


class Finding(Struct, frozen=True):
    """What a caller did: its name, how bad, by whom, in one sentence, the exchanges that show it, what to do instead.

    `cases` is how often it was found.
    """

    name: str
    severity: Severity
    namespace: str
    done: str
    exchanges: tuple[int, ...]
    instead: str
    cases: int = 1


class Judged(Struct, frozen=True):
    """A verdict as a document: how many exchanges were judged, and what was found."""

    exchanges: int
    findings: list[Finding]


class Case(NamedTuple):
    """One time that something was found: what, what was done, and which exchanges show it."""

    kind: Kind
    done: str
    exchanges: tuple[int, ...]
