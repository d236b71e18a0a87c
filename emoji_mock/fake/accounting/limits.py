"""Limits: how much of the service an account may use, and how fast. None holds unless it is set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import msgspec
from msgspec import Meta, Struct, structs

if TYPE_CHECKING:
    from decimal import Decimal

_Rate = Annotated[int, Meta(ge=1, le=1000)]
_Money = Annotated[float, Meta(ge=0, le=1_000_000_000)]
_Images = Annotated[int, Meta(ge=0, le=1_000_000_000)]


class Limits(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an account is held to; what is left out is not limited. Raises ValueError.

    `rps`: calls of each model within any second (the vendor documents 1); `burst`: within any tenth of one;
    `concurrency`: under way at once; `task_qps`: asking for, listing and cancelling tasks, each, within any second
    (documented: 20); `images`: the free tier (200); `spend`: what may be spent, in CNY, before the account is in
    arrears; `retry_after`: say how long to wait, which the vendor does not.
    """

    rps: _Rate | None = None
    burst: _Rate | None = None
    concurrency: _Rate | None = None
    task_qps: _Rate | None = None
    images: _Images | None = None
    spend: _Money | None = None
    retry_after: bool = False

    def __post_init__(self) -> None:
        if self.spend is not None:
            structs.force_setattr(self, "spend", _money(self.spend))
        for field in structs.fields(Limits):
            given = getattr(self, field.name)
            try:
                msgspec.convert(given, field.type)
            except msgspec.ValidationError as error:
                from emoji_mock._support.validation import expected_value  # noqa: PLC0415 - needed for an error only

                raise ValueError(f"{field.name}: {given!r} is not {expected_value(str(error))}") from None


class LimitsGiven(TypedDict, total=False):
    """The fields of Limits, as a test says some of them; None lifts one."""

    rps: int | None
    burst: int | None
    concurrency: int | None
    task_qps: int | None
    images: int | None
    spend: Decimal | str | float | None
    retry_after: bool


def make_limits(given: LimitsGiven, instead_of: Limits | None = None) -> Limits:
    """Return limits with what is `given`, the rest as it was. Raises TypeError for a name, ValueError for a value."""
    if unknown := sorted(set(given) - set(Limits.__struct_fields__)):
        raise TypeError(f"no limit {', '.join(map(repr, unknown))}; there are {', '.join(Limits.__struct_fields__)}")
    known: dict[str, Any] = structs.asdict(instead_of or Limits())
    known.update(given)
    return Limits(**known)


def read_limits(text: str, instead_of: Limits | None = None) -> Limits:
    """Return the limits that a person wrote: `rps=1, images=200, retry_after=true`, the rest as it was.

    Raises ValueError.
    """
    given: LimitsGiven = {}
    for word in filter(None, re.split(r"[\s,]+", text)):
        name, equals, value = word.partition("=")
        if name not in Limits.__struct_fields__:
            raise ValueError(f"limits: no limit {name!r}; there are {', '.join(Limits.__struct_fields__)}")
        if not equals:
            raise ValueError(f"limits: {name} needs a value, such as {name}=1")
        given[name] = _money(value) if name == "spend" else _read(name, value)  # type: ignore[literal-required]
    return make_limits(given, instead_of)


def _read(name: str, value: str) -> object:
    try:
        return msgspec.convert(value, bool if name == "retry_after" else int, strict=False)
    except msgspec.ValidationError:
        wanted = "true or false" if name == "retry_after" else "a whole number"
        raise ValueError(f"{name}: {value!r} is not {wanted}") from None


def _money(given: object) -> float:
    try:
        money = float(str(given))
    except ValueError:
        money = -1.0
    if not 0 <= money <= 10**9:
        raise ValueError(f"spend: {str(given)!r} is no sum in CNY, such as 0.8")
    return money
