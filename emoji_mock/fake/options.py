"""The options of a fake, also for what the vendor documents in two contradictory ways."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from emoji_mock.contract.model import CHINA
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.network.latency import LONGEST, Latency
from emoji_mock.fake.vision.eyes import Eyes

POLICY_KEY_BYTES = 16
"""How many bytes a key that signs has at least: 128 bits cannot be guessed."""


def read_time(given: object) -> datetime:
    """Return the time that `given` is: a datetime, a date, or either as text (ISO 8601). Raises ValueError.

    A date is its first moment in China, and a time without a zone is one in China: the vendor retires models so.
    """
    read = given
    if isinstance(given, str):
        try:
            read = datetime.fromisoformat(given.strip())
        except ValueError:
            read = None
    if isinstance(read, datetime):
        return read.replace(tzinfo=CHINA) if read.tzinfo is None else read
    if isinstance(read, date):
        return datetime(read.year, read.month, read.day, tzinfo=CHINA)
    raise ValueError(f"must be a date such as 2026-10-10 or a time such as 2026-10-09T16:00Z, not {given!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a fake behaves; by default as the vendor documents. Raises ValueError."""

    seed: int | None = None
    """Repeats request ids and boxes. Without it request ids are random, and boxes depend on the picture's URL alone."""
    failed_as: Literal[200, 400] | None = None
    """The HTTP status of a failed detection, for all models: 200 is billed, 400 is not. None: as each model does."""
    humanoid: bool = False
    """Show `humanoid` in the verdicts of emo-detect-v1, as one of the vendor's pages has it."""
    details: bool = False
    """End gateway messages with the `For details, see:` suffix, observed since late 2025."""
    retired: bool = False
    """Answer as if the model were offline: 403 AccessDenied."""
    as_of: datetime | None = None
    """Answer as on that day: 403 AccessDenied (inferred) for a model that is retired then. None: all models answer."""
    upright: bool = False
    """Count the boxes in the picture as its EXIF orientation turns it; without it, in the pixels as they are stored."""
    eyes: Eyes | None = None
    """Judge held pictures by what is seen in them, by the extra `vision`; without it faces derive from the bytes."""
    journal_size: int = 10_000
    """How many exchanges the journal keeps; the oldest is dropped first."""
    time_scale: float = 1.0
    """The duration of tasks as a multiple of the vendor's 1 to 5 minutes; 0 ends them at once."""
    upload_dir: Path | None = None
    """The folder for uploaded pictures, kept over a restart; without it they are kept in memory."""
    upload_bytes: int = 64 * 1024 * 1024
    """How many bytes of uploaded pictures are kept; the oldest are dropped first."""
    latency: float | Latency | None = None
    """The delay of every answer, in seconds or as a distribution."""
    kept_picture_bytes: int = 0
    """How many bytes of pictures from `data:` URLs are kept for the page; the oldest are dropped first."""
    policy_key: bytes | None = field(default=None, repr=False)
    """Signs upload policies and links to videos; without it a random key of this process, so that none else can."""
    limits: Limits | None = None
    """The limits of every account; without them nothing is limited."""

    def __post_init__(self) -> None:
        if self.failed_as not in (None, 200, 400):
            raise ValueError(f"failed_as: must be 200 or 400, not {self.failed_as!r}")
        if self.seed is not None and not -(2**63) <= self.seed < 2**63:
            raise ValueError(f"seed: must be a whole number of 64 bits, not {self.seed!r}")
        self._read_as_of()
        self._check_pictures()
        if not 1 <= self.journal_size <= 10_000_000:  # noqa: PLR2004 - some 10 GB
            raise ValueError(f"journal_size: must be from 1 to 10000000, not {self.journal_size!r}")
        if isinstance(self.latency, (int, float)) and not 0 <= self.latency <= LONGEST:
            raise ValueError(f"latency: must be from 0 to {LONGEST:g} seconds, not {self.latency!r}")
        if not 0 <= self.time_scale <= 1000:  # noqa: PLR2004 - three days
            raise ValueError(f"time_scale: must be from 0 (at once) to 1000, not {self.time_scale!r}")
        if self.upload_bytes < 1:
            raise ValueError(f"upload_bytes: must be at least 1, not {self.upload_bytes!r}")
        if self.policy_key is not None and len(self.policy_key) < POLICY_KEY_BYTES:
            raise ValueError(f"policy_key: must have at least {POLICY_KEY_BYTES} bytes, not {len(self.policy_key)}")
        if self.limits is not None and not isinstance(self.limits, Limits):  # pyright: ignore[reportUnnecessaryIsInstance]  # not all check types
            raise ValueError(f"limits: must be like Limits(rps=1, images=200), not {self.limits!r}")

    def _check_pictures(self) -> None:
        if self.kept_picture_bytes < 0:
            raise ValueError(f"kept_picture_bytes: must be at least 0, not {self.kept_picture_bytes!r}")
        if self.eyes is not None and not isinstance(self.eyes, Eyes):  # pyright: ignore[reportUnnecessaryIsInstance]  # not all check types
            raise ValueError(f"eyes: must be like Eyes(roll=20), not {self.eyes!r}")

    def _read_as_of(self) -> None:
        if self.as_of is None:
            return
        try:
            object.__setattr__(self, "as_of", read_time(self.as_of))
        except ValueError as error:
            raise ValueError(f"as_of: {error}") from None


DEFAULT_OPTIONS = Options()
