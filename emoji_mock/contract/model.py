"""A model of the vendor's: where it answers, what it takes and refuses, what it costs, and when it was retired."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple, cast

from msgspec import Struct

from emoji_mock.contract.geometry import Size  # noqa: TC001 - a store reads the fields of MediaFacts
from emoji_mock.contract.rows import failed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from emoji_mock.contract.documents.video import VideoUsage
    from emoji_mock.contract.geometry import Proportions
    from emoji_mock.contract.provenance import Provenance
    from emoji_mock.contract.routes import Route
    from emoji_mock.contract.row import Row

CHINA = timezone(timedelta(hours=8))
"""The vendor's time zone."""


class PictureLimits(Struct, frozen=True, kw_only=True, eq=False):
    """The pictures that a model takes, and the rows with which it refuses the others.

    Bytes, sides (pixels, the shortest and the longest) and `aspect` (height / width) include their bounds. Without a
    row, `aspect` is refused as the sides are.
    """

    formats: tuple[str, ...]
    longest: int
    sides: tuple[int, int]
    aspect: tuple[float, float] | None = None
    format_row: Row
    bytes_row: Row
    sides_row: Row
    aspect_row: Row | None = None

    def refuse_size(self, size: Size) -> Row | None:
        """Return the row with which a picture of `size` is refused for its sides or its aspect, or None."""
        shortest, longest = self.sides
        if min(size) < shortest or max(size) > longest:
            return self.sides_row
        if self.aspect is not None:
            flattest, tallest = self.aspect
            if not flattest * size.width <= size.height <= tallest * size.width:
                return self.aspect_row or self.sides_row
        return None


class MediaFacts(NamedTuple):
    """What an audio or video file says of itself: container, length in seconds, size in pixels, frames a second."""

    kind: str
    """`audio` or `video`."""
    container: str
    """`wav`, `mp3`, `mp4`, `mov` or `avi`."""
    seconds: float
    size: Size | None = None
    fps: float = 0.0


class MediaLimits(Struct, frozen=True, kw_only=True, eq=False):
    """The audio or video files that a model takes; all bounds are included."""

    containers: tuple[str, ...]
    longest: int
    """The most bytes."""
    seconds: tuple[float, float]
    sides: tuple[int, int] | None = None
    """The shortest and the longest side in pixels."""
    least_fps: float = 0.0


class Result(NamedTuple):
    """What a task made: a video, or the template of one, of a length in seconds and a frame in pixels."""

    seconds: float
    tier: str
    size: Size


class TaskParameter(Struct, frozen=True, kw_only=True, eq=False):
    """A parameter of a task: one of `values`, a number within `bounds` (included), or, without both, a boolean."""

    default: str | float | bool
    values: tuple[str, ...] = ()
    bounds: tuple[float, float] | None = None
    row: Row
    """The error of another type or value."""

    def accepts(self, given: object) -> bool:
        """Return whether the model takes this value."""
        if self.values:
            return given in self.values
        if self.bounds is None:
            return isinstance(given, bool)
        is_number = isinstance(given, int if isinstance(self.default, int) else (int, float))
        return is_number and not isinstance(given, bool) and self.bounds[0] <= cast("float", given) <= self.bounds[1]


class Retirement(Struct, frozen=True, kw_only=True, eq=False):
    """When a model stops to answer, what the vendor names instead of it, and how that is known."""

    at: datetime
    successor: str
    provenance: Provenance


class Model(Struct, frozen=True, kw_only=True, eq=False):
    """What all models have in common.

    `prices` are in CNY for each image of a detection or each second of a video, by what the price depends on (a ratio,
    a resolution; "" if nothing). `free` is the free quota in images or seconds, `rps` the calls a second and
    `running` the tasks at a time that an account may have. `request_id_first` is the key order of the service's errors.
    """

    name: str
    title: str
    route: Route
    prices: Mapping[str, Decimal]
    free: int
    rps: int
    terms: Provenance
    """How prices, quota and rates are known."""
    running: int | None = None
    retirement: Retirement | None = None
    pictures: PictureLimits | None = None
    request_id_first: bool = False

    def is_retired(self, day: datetime) -> bool:
        """Return whether the model is retired at that time."""
        return self.retirement is not None and day >= self.retirement.at


class DetectionModel(Model, frozen=True, kw_only=True, eq=False):
    """A model that inspects a portrait, and bills each verdict, passed or failed, as one image.

    `failed_output` makes the `output` of a failed detection from code, message, and whether `humanoid` is shown.
    `boxes` are the names of the two boxes in the answer, empty if it has none; `ratios` the allowed values of the
    parameter `ratio`, empty if there is no such parameter. `failures` says with which row it refuses a picture for the
    reason of another row, `other_failure` for any other reason; without it, a reason keeps its row.
    """

    failed_output: Callable[[str, str, bool], Struct]
    boxes: tuple[str, str] | tuple[()] = ()
    ratios: tuple[str, ...] = ()
    proportions: Proportions | None = None
    failures: Mapping[Row, Row] = {}
    other_failure: Row | None = None
    any_face_size: bool = False
    """Whether a face of any size passes (inferred)."""
    half_body: tuple[str, ...] = ()
    """The ratios, "" without ratios, for which at least half a body must be seen."""

    @property
    def price(self) -> Decimal:
        """The price of one image in CNY."""
        return self.prices[""]

    def failure(self, row: Row) -> Row | None:
        """Return the row with which this model refuses a picture for the reason of `row`, or None if it never does."""
        if self.name in row.models:
            return row
        return self.failures.get(row) or self.other_failure or (None if row.models else row)

    def with_code(self, row: Row) -> Row:
        """Return the reason whose code an error has in place of `row`, a failure of this model without one."""
        return next((reason for reason, own in self.failures.items() if own is row), failed.NO_HUMAN)


class TaskModel(Model, frozen=True, kw_only=True, eq=False):
    """A model whose calls create tasks: it makes a video, or the template of one.

    `detector` is the model whose verdict a picture needs first; `fields` are the inputs that a call must have, in the
    order in which a missing one is reported, `optional` those that it may have. `missing` and `wrong` say with which
    rows a missing field and one of another type are refused. `frame` makes the size of the video from its tier and the
    size of what is animated, if that is known. `failure` is the row in which a task ends for a picture that the
    detector refuses without a code. `result` is the place of the result in the task's output, such as
    `results.video_url`; `usage` makes the task's usage.
    """

    detector: DetectionModel | None = None
    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    missing: Mapping[str, Row] = {}
    wrong: Mapping[str, Row] = {}
    parameters: Mapping[str, TaskParameter] = {}
    frame: Callable[[str, Size | None], Size]
    fps: int = 25
    """The frames a second: documented for emoji-v1, liveportrait and videoretalk, inferred for the others."""
    failure: Row | None = None
    refuses_pictures: bool = False
    """Whether a call with a held picture that the model does not take is refused, and not accepted to fail later."""
    result: str
    usage: Callable[[Result], VideoUsage]
    task_id_first: bool = True
    """The key order of an accepted task."""
    request_id_last: bool = False
    """The key order of a task that succeeded."""
    audio: MediaLimits | None = None
    video: MediaLimits | None = None
    framed: bool = False
    """Whether its tasks are PRE-PROCESSING before they run, and POST-PROCESSING after."""

    def task_failure(self, row: Row) -> Row:
        """Return the row in which a task ends for a picture that is refused with `row`."""
        own = self.detector.failure(row) if self.detector is not None else None
        if own is not None and own.code is not None:
            return own
        return self.failure or row

    def billed_seconds(self, made: Result) -> float:
        """Return how many seconds of a result are billed: those that the task's usage says."""
        usage = self.usage(made)
        return usage.duration if isinstance(usage.duration, (int, float)) else cast("float", usage.video_duration)

    def price(self, tier: str = "") -> Decimal:
        """Return the price of one second in CNY at a tier of `prices`; "" is the first."""
        return self.prices[tier] if tier in self.prices else next(iter(self.prices.values()))
