"""The kinds of findings, each with its name, severity and advice; and a finding."""

from enum import Enum, StrEnum
from typing import NamedTuple

from msgspec import Struct

MAX_EXCHANGES = 50
"""Maximum number of exchanges in a finding."""


class Severity(StrEnum):
    """How bad a finding is."""

    WRONG = "wrong"
    """It fails, or reveals a secret, under any network conditions."""
    WASTEFUL = "wasteful"
    """It costs money or quota without a benefit."""
    RISKY = "risky"
    """It works until many callers do it, or something else fails."""


class _Definition(NamedTuple):
    title: str
    severity: Severity
    instead: str


class Kind(Enum):
    """All kinds of findings, the worst first."""

    RETRIED_HOPELESS = _Definition(
        "retried-hopeless",
        Severity.WRONG,
        "Retry only 429, 5xx and lost connections; any other 4xx stays the same until the request changes.",
    )
    GAVE_UP = _Definition(
        "gave-up",
        Severity.WRONG,
        "Retry 429, 5xx and refused connections a few times, with growing random waits; none of them is billed.",
    )
    RETRY_STORM = _Definition(
        "retry-storm",
        Severity.WRONG,
        "Limit the attempts (4 are enough), and let the waits between them grow.",
    )
    IGNORED_RETRY_AFTER = _Definition(
        "ignored-retry-after",
        Severity.WRONG,
        "Wait as long as Retry-After asks before the next attempt, or give up.",
    )
    NO_READ_TIMEOUT = _Definition(
        "no-read-timeout",
        Severity.WRONG,
        "Set a read timeout well under a minute; a detection takes seconds.",
    )
    TOOK_FAILED_FOR_PASSED = _Definition(
        "took-failed-for-passed",
        Severity.WRONG,
        "Check output.code (or check_pass, or pass, by model) first: a failed detection is HTTP 200, too.",
    )
    BOXES_OF_ANOTHER_PICTURE = _Definition(
        "boxes-of-another-picture",
        Severity.WRONG,
        "Keep the boxes together with their picture, and send both together.",
    )
    SWAPPED_BOXES = _Definition(
        "swapped-boxes",
        Severity.WRONG,
        "Send bbox_face as face_bbox, and ext_bbox_face as ext_bbox.",
    )
    KEY_IN_URL = _Definition(
        "key-in-url",
        Severity.WRONG,
        "Send the key only in the header `Authorization: Bearer …`; URLs end up in the logs of every proxy.",
    )
    KEY_OVER_HTTP = _Definition(
        "key-over-http",
        Severity.WRONG,
        "Use https://; over http:// everyone on the way can read the key.",
    )
    ASYNC_HEADER = _Definition(
        "async-header",
        Severity.WRONG,
        "Do not send X-DashScope-Async with a detection; only calls that create tasks are asynchronous.",
    )
    PAID_TWICE = _Definition(
        "paid-twice",
        Severity.WASTEFUL,
        "Keep the answer: a detection is billed, passed or failed, as is a video; a repeated request is paid again.",
    )
    POLLED_TOO_FAST = _Definition(
        "polled-too-fast",
        Severity.WASTEFUL,
        "Poll a task about every 15 seconds; a video takes one to five minutes.",
    )
    OVER_TASK_LIMIT = _Definition(
        "over-task-limit",
        Severity.RISKY,
        "Spread the polling of many tasks: the vendor accepts 20 task requests a second from an account.",
    )
    NO_BACKOFF = _Definition(
        "no-backoff",
        Severity.RISKY,
        "Wait between attempts, each time longer, by a random share: random.uniform(0, min(8, 0.5 * 2**attempt)).",
    )
    CONSTANT_BACKOFF = _Definition(
        "constant-backoff",
        Severity.RISKY,
        "Let the waits grow, by a random share: random.uniform(0, min(8, 0.5 * 2**attempt)); callers then spread out.",
    )


class Finding(Struct, frozen=True):
    """One kind of mistake of one caller.

    `done` says in a sentence what the caller did, `exchanges` are the numbers of the exchanges that show it, `instead`
    is the advice, and `cases` says how often it was found.
    """

    name: str
    severity: Severity
    namespace: str
    done: str
    exchanges: tuple[int, ...]
    instead: str
    cases: int = 1


class VerdictDocument(Struct, frozen=True):
    """A verdict as a document: the number of judged exchanges, and the findings."""

    exchanges: int
    findings: list[Finding]


class Occurrence(NamedTuple):
    """One occurrence of a finding: its kind, what was done, and the numbers of the exchanges that show it."""

    kind: Kind
    done: str
    exchanges: tuple[int, ...]
