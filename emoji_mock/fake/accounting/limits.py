"""The limits of an account: amount and rate of use. By default nothing is limited."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import msgspec
from msgspec import Meta, Struct, structs

from emoji_mock._support.validation import unknown
from emoji_mock.contract.endpoint import TASK_QPS
from emoji_mock.contract.model import TaskModel
from emoji_mock.contract.models import MODELS

if TYPE_CHECKING:
    from decimal import Decimal

_Rate = Annotated[int, Meta(ge=1, le=1000)]
_SWITCHES = ("retry_after", "documented")
_Money = Annotated[float, Meta(ge=0, le=1_000_000_000)]
_Amount = Annotated[int, Meta(ge=0, le=1_000_000_000)]


class Limits(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The limits of an account; what is left out is not limited. Raises ValueError.

    docs/reference/limits.md describes each field.
    """

    rps: Annotated[_Rate | None, Meta(description="Calls of each model within any second.")] = None
    burst: Annotated[_Rate | None, Meta(description="Calls of each model within any tenth of a second.")] = None
    concurrency: Annotated[_Rate | None, Meta(description="Calls of each model that are in progress at once.")] = None
    task_qps: Annotated[
        _Rate | None, Meta(description="Queries, lists and cancellations of tasks, each within any second.")
    ] = None
    images: Annotated[_Amount | None, Meta(description="Images in the free tier of each detection model.")] = None
    seconds: Annotated[
        _Amount | None, Meta(description="Seconds of video in the free tier of each model that makes videos.")
    ] = None
    spend: Annotated[_Money | None, Meta(description="CNY that may be spent before the account is in arrears.")] = None
    retry_after: Annotated[
        bool, Meta(description="Add the header Retry-After to a 429, which the vendor has never been seen to do.")
    ] = False
    documented: Annotated[
        bool,
        Meta(
            description="Take the vendor's numbers of each model for those of rps, task_qps, images and seconds that"
            " are left out."
        ),
    ] = False

    def __post_init__(self) -> None:
        if self.spend is not None:
            structs.force_setattr(self, "spend", _money(self.spend))
        for field in structs.fields(Limits):
            given = getattr(self, field.name)
            try:
                msgspec.convert(given, field.type)
            except msgspec.ValidationError as error:
                from emoji_mock._support.validation import expected_value  # noqa: PLC0415 - needed for an error only

                raise ValueError(f"{field.name}: must be {expected_value(str(error))}, not {given!r}") from None


class LimitsGiven(TypedDict, total=False):
    """Some fields of Limits as keyword arguments; None removes a limit."""

    rps: int | None
    burst: int | None
    concurrency: int | None
    task_qps: int | None
    images: int | None
    seconds: int | None
    spend: Decimal | str | float | None
    retry_after: bool
    documented: bool


@lru_cache(maxsize=1024)
def limits_of_model(limits: Limits, name: str) -> Limits:
    """Return what `limits` say of one model, with the vendor's own numbers in place."""
    model = MODELS.get(name)
    if not limits.documented or model is None:
        return limits
    quota = "seconds" if isinstance(model, TaskModel) else "images"
    numbers = {"rps": model.rps, quota: model.free}
    return structs.replace(
        limits, **{field: number for field, number in numbers.items() if getattr(limits, field) is None}
    )


@lru_cache(maxsize=1024)
def limits_of_tasks(limits: Limits) -> Limits | None:
    """Return the rate of each operation on tasks as limits, or None if it is not limited."""
    rate = limits.task_qps or (TASK_QPS if limits.documented else None)
    return None if rate is None else Limits(rps=rate)


def make_limits(given: LimitsGiven, base: Limits | None = None) -> Limits:
    """Return `base` with the fields `given` changed. Raises TypeError for an unknown name, ValueError for a value."""
    for name in given:
        if name not in Limits.__struct_fields__:
            raise TypeError(unknown("limit", name, Limits.__struct_fields__))
    fields: dict[str, Any] = structs.asdict(base or Limits())
    fields.update(given)
    return Limits(**fields)


def read_limits(text: str, base: Limits | None = None) -> Limits:
    """Return `base` changed by text such as `rps=1, images=200, retry_after=true`. Raises ValueError."""
    given: LimitsGiven = {}
    for word in filter(None, re.split(r"[\s,]+", text)):
        name, equals, value = word.partition("=")
        if name not in Limits.__struct_fields__:
            raise ValueError(f"limits: {unknown('limit', name, Limits.__struct_fields__)}")
        if name in _SWITCHES and not equals:
            value, equals = "true", "="
        if not equals:
            raise ValueError(f"limits: {name} has no value; write it like {name}=1")
        given[name] = _money(value) if name == "spend" else _read(name, value)  # type: ignore[literal-required]
    return make_limits(given, base)


def _read(name: str, value: str) -> object:
    try:
        return msgspec.convert(value, bool if name in _SWITCHES else int, strict=False)
    except msgspec.ValidationError:
        wanted = "true or false" if name in _SWITCHES else "a whole number"
        raise ValueError(f"{name}: must be {wanted}, not {value!r}") from None


def _money(given: object) -> float:
    try:
        money = float(str(given))
    except ValueError:
        money = -1.0
    if not 0 <= money <= 10**9:
        raise ValueError(f"spend: must be an amount in CNY such as 0.8, not {str(given)!r}")
    return money
