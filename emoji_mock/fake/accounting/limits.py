"""The limits of an account: amount and rate of use. By default nothing is limited."""

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
    """The limits of an account; what is left out is not limited. Raises ValueError.

    `rps`: calls of each model in any second (the vendor documents 1); `burst`: in any tenth of a second;
    `concurrency`: calls under way at once; `task_qps`: calls that query, list, or cancel tasks, each kind, in any
    second (documented: 20); `images`: images of the free tier (documented: 200); `spend`: CNY before the account is in
    arrears; `retry_after`: whether a refusal says how many seconds to wait, which the vendor's do not.
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
    """Some fields of Limits as keyword arguments; None removes a limit."""

    rps: int | None
    burst: int | None
    concurrency: int | None
    task_qps: int | None
    images: int | None
    spend: Decimal | str | float | None
    retry_after: bool


def make_limits(given: LimitsGiven, base: Limits | None = None) -> Limits:
    """Return `base` with the fields `given` changed. Raises TypeError for an unknown name, ValueError for a value."""
    if unknown := sorted(set(given) - set(Limits.__struct_fields__)):
        raise TypeError(
            f"unknown limit {', '.join(map(repr, unknown))}; choose from {', '.join(Limits.__struct_fields__)}"
        )
    fields: dict[str, Any] = structs.asdict(base or Limits())
    fields.update(given)
    return Limits(**fields)


def read_limits(text: str, base: Limits | None = None) -> Limits:
    """Return `base` changed by text such as `rps=1, images=200, retry_after=true`. Raises ValueError."""
    given: LimitsGiven = {}
    for word in filter(None, re.split(r"[\s,]+", text)):
        name, equals, value = word.partition("=")
        if name not in Limits.__struct_fields__:
            raise ValueError(f"limits: unknown limit {name!r}; choose from {', '.join(Limits.__struct_fields__)}")
        if not equals:
            raise ValueError(f"limits: {name} needs a value, such as {name}=1")
        given[name] = _money(value) if name == "spend" else _read(name, value)  # type: ignore[literal-required]
    return make_limits(given, base)


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
        raise ValueError(f"spend: {str(given)!r} is not an amount in CNY, such as 0.8")
    return money
