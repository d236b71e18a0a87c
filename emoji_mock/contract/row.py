"""A row of the catalogue: one answer of the vendor's."""

from dataclasses import dataclass
from enum import StrEnum

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import STORAGE_HOST
from emoji_mock.contract.provenance import Provenance


class Outcome(StrEnum):
    """The outcome of a call."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    DONE = "done"
    """Done, and no picture was inspected: an upload, a task."""
    FAULT = "fault"
    """No answer reached the caller, because of a network fault."""

    @property
    def billed(self) -> bool:
        """Whether the vendor charges an image for it."""
        return self in _BILLED


_BILLED = (Outcome.PASSED, Outcome.FAILED)


class Origin(StrEnum):
    """The part of the service that refuses a call; it decides the key order of an error."""

    GATEWAY = "gateway"
    SERVICE = "service"
    STORAGE = "storage"
    """The object storage that pictures are uploaded to and videos lie in; it speaks XML."""


# Observed since late 2025 on some gateway messages.
_DETAILS = " For details, see: https://help.aliyun.com/zh/model-studio/error-code#"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One answer other than passed: `name` is unique and our own, `code` and `message` are the vendor's.

    A message may hold `{placeholders}`, which `example` fills. `anchor` is the section of the errors page that newer
    messages link, `models` names those that alone have the row (empty: all), `host` is the storage's own name.
    An error without a code has an empty body. A failed detection may lack a code, and may come as an HTTP error, which
    is not billed.
    """

    name: str
    code: Code | None
    status: int
    message: str
    when: str
    provenance: Provenance
    outcome: Outcome = Outcome.ERROR
    origin: Origin = Origin.GATEWAY
    anchor: str = ""
    example: tuple[tuple[str, str], ...] = ()
    models: frozenset[str] = frozenset()
    host: str = STORAGE_HOST

    @property
    def billed(self) -> bool:
        """Whether the vendor charges an image for it."""
        return self.outcome.billed and self.status < 400  # noqa: PLR2004

    def text(self, **values: str) -> str:
        """Return the message, its placeholders filled from `values` and else from the example."""
        return self.message.format_map({**dict(self.example), **values}) if self.example else self.message

    @property
    def suffix(self) -> str:
        """The ending of the vendor's newer messages, if this message may have one."""
        return _DETAILS + self.anchor if self.anchor else ""
