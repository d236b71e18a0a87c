"""Latency: how late answers are, drawn from a distribution."""

from __future__ import annotations

from math import isfinite, log
from typing import TYPE_CHECKING, Annotated, Any, cast

from msgspec import Meta, Struct, structs

from emoji_mock._support.validation import unknown

if TYPE_CHECKING:
    from random import Random

LONGEST = 3600.0
"""The longest wait in seconds."""

_Seconds = Annotated[float, Meta(ge=0, le=LONGEST)]
_Pair = tuple[_Seconds, _Seconds]


class Latency(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A distribution of waits in seconds; exactly one field is given. Raises ValueError."""

    constant: Annotated[_Seconds | None, Meta(description="Always the same wait.")] = None
    uniform: Annotated[_Pair | None, Meta(description="The shortest and the longest wait, all equally likely.")] = None
    normal: Annotated[_Pair | None, Meta(description="The mean, and the standard deviation.")] = None
    lognormal: Annotated[_Pair | None, Meta(description="The median, and the standard deviation of the logarithm.")] = (
        None
    )
    recorded: Annotated[
        Annotated[tuple[_Seconds, ...], Meta(min_length=1, max_length=10_000)] | None,
        Meta(description="Waits that were measured; one of them is drawn each time."),
    ] = None

    def __post_init__(self) -> None:
        given = {name: value for name, value in structs.asdict(self).items() if value is not None}
        if len(given) != 1:
            raise ValueError(f"latency: give exactly one of {', '.join(self.__struct_fields__)}")
        ((name, value),) = given.items()
        numbers: tuple[float, ...] = cast("tuple[float, ...]", value) if isinstance(value, tuple) else (value,)
        if not numbers or not all(isfinite(number) and 0 <= number <= LONGEST for number in numbers):
            raise ValueError(f"latency: {name} must be seconds from 0 to {LONGEST:g}, not {value!r}")
        if self.uniform is not None and self.uniform[0] > self.uniform[1]:
            least, most = self.uniform
            raise ValueError(f"latency: uniform must go from less to more, not from {least:g} to {most:g}")
        if self.lognormal is not None and not self.lognormal[0]:
            raise ValueError("latency: the median of lognormal must be more than 0")

    def draw(self, random: Random) -> float:
        """Draw a wait in seconds."""
        if self.constant is not None:
            return self.constant
        if self.uniform is not None:
            drawn = random.uniform(*self.uniform)
        elif self.normal is not None:
            drawn = random.normalvariate(*self.normal)
        elif self.lognormal is not None:
            drawn = random.lognormvariate(log(self.lognormal[0]), self.lognormal[1])
        else:
            drawn = random.choice(self.recorded or (0.0,))
        return min(max(drawn, 0.0), LONGEST)


def read_latency(text: str) -> Latency:
    """Return the latency that a person wrote, such as `0.2` or `lognormal:0.2,0.5`. Raises ValueError."""
    kind, colon, numbers = text.partition(":")
    if not colon:
        kind, numbers = "constant", text
    try:
        values = tuple(float(number) for number in numbers.split(","))
    except ValueError:
        raise ValueError(
            f"latency: must be seconds, or a distribution such as lognormal:0.2,0.5, not {text!r}"
        ) from None
    if kind not in Latency.__struct_fields__:
        raise ValueError(f"latency: {unknown('distribution', kind, Latency.__struct_fields__)}")
    wanted = {"constant": 1, "recorded": len(values)}.get(kind, 2)
    if len(values) != wanted:
        raise ValueError(f"latency: {kind} must have {wanted} number{'s' * (wanted != 1)}, not {len(values)}")
    fields: dict[str, Any] = {kind: values[0] if kind == "constant" else values}
    return Latency(**fields)
