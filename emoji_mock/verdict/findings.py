"""The kinds of findings, each with its name, severity, advice, and how it is recognised; and a finding."""

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
    recognised: str


class Kind(Enum):
    """All kinds of findings, the worst first."""

    RETRIED_HOPELESS = _Definition(
        "retried-hopeless",
        Severity.WRONG,
        "Retry only 429, 5xx and lost connections; any other 4xx stays the same until the request changes.",
        "The same request was sent again within 60 s of a 4xx that cannot change. A 429 can change, and so can an "
        "error about downloading the picture.",
    )
    GAVE_UP = _Definition(
        "gave-up",
        Severity.WRONG,
        "Retry 429, 5xx and refused connections a few times, with growing random waits; none of them is billed.",
        "The last run of attempts for a picture is a single one. It ended in 429, 5xx, a 502 page or a refused "
        "connection.",
    )
    RETRY_STORM = _Definition(
        "retry-storm",
        Severity.WRONG,
        "Limit the attempts (4 are enough), and let the waits between them grow.",
        "Ten attempts within 2 s for one picture or one body. For getPolicy, which is the same for every picture, "
        "fifty.",
    )
    IGNORED_RETRY_AFTER = _Definition(
        "ignored-retry-after",
        Severity.WRONG,
        "Wait as long as Retry-After asks before the next attempt, or give up.",
        "The next attempt came more than 0.05 s before the end of `Retry-After`.",
    )
    NO_READ_TIMEOUT = _Definition(
        "no-read-timeout",
        Severity.WRONG,
        "Set a read timeout well under a minute; a detection takes seconds.",
        "The caller waited to the end of a stall of 60 s or more, or for an answer that was 60 s late.",
    )
    TOOK_FAILED_FOR_PASSED = _Definition(
        "took-failed-for-passed",
        Severity.WRONG,
        "Check output.code (or check_pass, or pass, by model) first: a failed detection is HTTP 200, too.",
        "A video was requested for a picture that had failed every detection by the video's own detector.",
    )
    BOXES_OF_ANOTHER_PICTURE = _Definition(
        "boxes-of-another-picture",
        Severity.WRONG,
        "Keep the boxes together with their picture, and send both together.",
        "A video was requested with a box that no detection of its picture returned. A detection of another picture "
        "or model did.",
    )
    SWAPPED_BOXES = _Definition(
        "swapped-boxes",
        Severity.WRONG,
        "Send bbox_face as face_bbox, and ext_bbox_face as ext_bbox.",
        "The `ext_bbox` of a video is inside its `face_bbox`. Or one box was sent as both, or as the other.",
    )
    KEY_IN_URL = _Definition(
        "key-in-url",
        Severity.WRONG,
        "Send the key only in the header `Authorization: Bearer …`; URLs end up in the logs of every proxy.",
        "The target of a request contains a key: a text that looks like one, or that was used as one.",
    )
    KEY_OVER_HTTP = _Definition(
        "key-over-http",
        Severity.WRONG,
        "Use https://; over http:// everyone on the way can read the key.",
        "A request with a key went to one of the vendor's hosts over plain http.",
    )
    ASYNC_HEADER = _Definition(
        "async-header",
        Severity.WRONG,
        "Do not send X-DashScope-Async with a detection; only calls that create tasks are asynchronous.",
        "A detection was refused because of `X-DashScope-Async: enable`.",
    )
    PAID_TWICE = _Definition(
        "paid-twice",
        Severity.WASTEFUL,
        "Keep the answer: a detection is billed, passed or failed, as is a video; a repeated request is paid again.",
        "A picture that had passed or failed was detected and billed again within 60 s. Or a video was requested "
        "again whose task had been accepted.",
    )
    POLLED_TOO_FAST = _Definition(
        "polled-too-fast",
        Severity.WASTEFUL,
        "Poll a task about every 15 seconds; a video takes one to five minutes.",
        "Five polls of one task within 3.6 s. Polls that ended in an error or a fault do not count.",
    )
    OVER_TASK_LIMIT = _Definition(
        "over-task-limit",
        Severity.RISKY,
        "Spread the polling of many tasks: the vendor accepts 20 task requests a second from an account.",
        "21 requests about tasks from one account within a second; the documented limit is 20.",
    )
    NO_BACKOFF = _Definition(
        "no-backoff",
        Severity.RISKY,
        "Wait between attempts, each time longer, by a random share: random.uniform(0, min(8, 0.5 * 2**attempt)).",
        "All waits between attempts are very short: two under 7 ms, three under 46 ms, four under 141 ms, five or "
        "more under 300 ms.",
    )
    CONSTANT_BACKOFF = _Definition(
        "constant-backoff",
        Severity.RISKY,
        "Let the waits grow, by a random share: random.uniform(0, min(8, 0.5 * 2**attempt)); callers then spread out.",
        "All waits are equal: they differ by at most a tenth of the longest.",
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
