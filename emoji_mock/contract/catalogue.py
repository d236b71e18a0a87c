"""The catalogue: every row there is, and how a person finds one."""

from collections.abc import Iterable
from functools import lru_cache

from emoji_mock.contract.row import Origin, Outcome, Row
from emoji_mock.contract.rows import ROWS

__all__ = ["ROWS", "UnknownCodeError", "find", "find_all"]


class UnknownCodeError(ValueError):
    """A name that is in no row, or that may mean several codes; the message names the nearest ones."""


_LONGEST = 80


def find(text: str, outcome: Outcome | None = None) -> Row:
    """Return the row that `text` names: a row's name, a code, or the end of a code, in any case of letters.

    Where a code has several rows, the code alone means the first. Raises UnknownCodeError.
    """
    return _find(text[: _LONGEST + 1], outcome)


@lru_cache(maxsize=1024)
def _find(text: str, outcome: Outcome | None) -> Row:
    rows = find_all(text, outcome)
    codes = {str(row.code) for row in rows}
    if len(codes) > 1:
        raise UnknownCodeError(f"{text!r} may mean {' or '.join(sorted(codes))}: say which.")
    return rows[0]


def find_all(text: str, outcome: Outcome | None = None) -> tuple[Row, ...]:
    """Return every row that `text` names; an exact code goes before a name, and a name before an ending.

    With an `outcome` only what a picture can get is looked at, which leaves out the storage. Raises UnknownCodeError.
    """
    rows = tuple(
        row for row in ROWS if outcome is None or (row.outcome is outcome and row.origin is not Origin.STORAGE)
    )
    wanted = text.strip().casefold()
    found = (
        tuple(row for row in rows if _code(row) == wanted)
        or tuple(row for row in rows if row.name.casefold() == wanted)
        or tuple(row for row in rows if _code(row).endswith(f".{wanted}"))
    )
    if not found or not wanted:
        raise UnknownCodeError(_unknown(text, outcome, rows))
    return found


def _code(row: Row) -> str:
    return (row.code or "").casefold()


def _unknown(text: str, outcome: Outcome | None, rows: Iterable[Row]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake pays for it

    if outcome is not None:
        try:
            found = find_all(text)[0]
        except UnknownCodeError:
            pass
        else:
            if found.origin is Origin.STORAGE:
                return f"{text[:_LONGEST]!r} comes from the storage, and no picture gets it."
            return f"{text[:_LONGEST]!r} ends in {found.outcome}, not in {outcome}."
    spellings = {
        spelling.casefold(): spelling
        for row in rows
        for spelling in (row.name, row.code or row.name, (row.code or row.name).rpartition(".")[2])
    }
    near = [spellings[match] for match in get_close_matches(text[:_LONGEST].casefold(), spellings, n=3, cutoff=0.5)]
    kind = "" if outcome is None else f" for {outcome}"
    hint = f"the nearest: {', '.join(near)}" if near else "`emoji-mock catalogue` lists them all"
    return f"no code {text[:_LONGEST]!r}{kind}; {hint}."
