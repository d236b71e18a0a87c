"""The catalogue: every row, and how to find one by what a person types."""

from collections.abc import Iterable
from functools import lru_cache

from emoji_mock._support.validation import did_you_mean, nearest
from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import TASK_MODELS
from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import ROWS

__all__ = [
    "ROWS",
    "TASK_FAILURES",
    "UnknownCodeError",
    "detection_rows",
    "find",
    "find_all",
    "find_among",
    "find_task_failure",
]

TASK_FAILURES = tuple(row for row in ROWS if row.code is not None and row.origin is Origin.SERVICE and not row.models)
"""The rows in which a task of emoji-v1 may end: a failed detection, or (inferred) any error of the service."""
_NOT_LATER = (Code.INVALID_PARAMETER, Code.OUT_OF_DEFINITION, Code.UNSUPPORTED)  # what is wrong with a call alone
_OWN_FAILURES = tuple(
    row for row in ROWS if row.origin is Origin.SERVICE and row.models & TASK_MODELS and row.code not in _NOT_LATER
)


class UnknownCodeError(ValueError):
    """The name of no row, or of several codes; the message lists the nearest ones."""


_LONGEST = 80


def find(text: str, outcome: Outcome | None = None) -> Row:
    """Return the row that `text` names: a row's name, a code, or the end of a code, in any case of letters.

    Where a code has several rows, the code alone means the first. Raises UnknownCodeError.
    """
    return _find(text[: _LONGEST + 1], outcome)


@lru_cache(maxsize=1024)
def _find(text: str, outcome: Outcome | None) -> Row:
    return _first(text, find_all(text, outcome))


def find_all(text: str, outcome: Outcome | None = None) -> tuple[Row, ...]:
    """Return every row that `text` names; an exact code goes before a name, and a name before an ending.

    With an `outcome`, search only the rows of that outcome that a picture can get. Raises UnknownCodeError.
    """
    rows = tuple(
        row for row in ROWS if outcome is None or (row.outcome is outcome and row.origin is not Origin.STORAGE)
    )
    found = _named(text, rows)
    if not found:
        raise UnknownCodeError(_unknown(text, outcome, rows))
    return found


def find_among(text: str, rows: tuple[Row, ...], where: str) -> Row:
    """Return the row among `rows`, those of `where`, that `text` names. Raises UnknownCodeError."""
    found = _named(text, rows)
    if not found:
        raise UnknownCodeError(f"unknown code {text[:_LONGEST]!r} for {where}; {_nearest(text, rows)}")
    return _first(text, found)


def find_task_failure(text: str) -> Row:
    """Return the row that `text` names of those in which a task of any model may end. Raises UnknownCodeError."""
    return find_among(text, TASK_FAILURES + _OWN_FAILURES, "a task that fails")


def detection_rows(outcome: Outcome) -> tuple[Row, ...]:
    """Return the rows in which a detection may end with `outcome`."""
    return tuple(row for row in ROWS if row.outcome is outcome and row.origin is not Origin.STORAGE and not row.models)


def _first(text: str, rows: tuple[Row, ...]) -> Row:
    codes = {str(row.code) for row in rows}
    if len(codes) > 1:
        raise UnknownCodeError(f"{text!r} is ambiguous; choose from {', '.join(sorted(codes))}")
    return rows[0]


def _named(text: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    wanted = text.strip().casefold()
    if not wanted:
        return ()
    return (
        tuple(row for row in rows if _code(row) == wanted)
        or tuple(row for row in rows if row.name.casefold() == wanted)
        or tuple(row for row in rows if _code(row).endswith(f".{wanted}"))
    )


def _code(row: Row) -> str:
    return (row.code or "").casefold()


def _unknown(text: str, outcome: Outcome | None, rows: tuple[Row, ...]) -> str:
    if outcome is not None:
        try:
            found = find_all(text)[0]
        except UnknownCodeError:
            pass
        else:
            if found.origin is Origin.STORAGE:
                hint = "use it in a rule for the endpoint storage or video"
                return f"{text[:_LONGEST]!r} comes from the storage, and no picture gets it; {hint}"
            return f"{text[:_LONGEST]!r} must have the outcome {found.outcome}, not {outcome}"
    kind = "" if outcome is None else f" for {outcome}"
    return f"unknown code {text[:_LONGEST]!r}{kind}; {_nearest(text, rows)}"


def spellings(rows: Iterable[Row] = ROWS) -> list[str]:
    """Return the texts that name a row: its name, its code, and the end of its code."""
    return [
        spelling
        for row in rows
        for spelling in (row.name, row.code or row.name, (row.code or row.name).rpartition(".")[2])
    ]


def _nearest(text: str, rows: Iterable[Row]) -> str:
    near = nearest(text[:_LONGEST], spellings(rows), 3, 0.5)
    return did_you_mean(near) if near else "`emoji-mock catalogue` lists all codes"
