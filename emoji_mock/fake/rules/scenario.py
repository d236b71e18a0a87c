"""A scenario: a named list of rules, and the latency and limits that apply beside them."""

from typing import Annotated

from msgspec import Meta, Struct

from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.network.latency import LONGEST, Latency
from emoji_mock.fake.rules.active_rule import RULES_OF_ONE
from emoji_mock.fake.rules.rule import Rule

Name = Annotated[str, Meta(max_length=64, pattern="^[A-Za-z0-9._-]*$")]
Line = Annotated[str, Meta(max_length=200, pattern="^[^\\n]*$")]


class Scenario(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A list of rules, and settings for every call."""

    name: Annotated[Name, Meta(description="The name; left out, that of the file.")] = ""
    description: Annotated[Line, Meta(description="What the scenario is for, in one line. A file must have it.")] = ""
    seed: Annotated[
        Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None,
        Meta(description="Repeats what is left to chance, unless the fake has a seed of its own."),
    ] = None
    latency: Annotated[
        Annotated[float, Meta(ge=0, le=LONGEST)] | Latency | None,
        Meta(description="The delay of every answer, in seconds or as a distribution."),
    ] = None
    limits: Annotated[Limits | None, Meta(description="The limits of every account.")] = None
    rules: Annotated[
        list[Rule],
        Meta(max_length=RULES_OF_ONE, description="The rules; the first that matches and is not used up applies."),
    ] = []
