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
    """A list of `rules`, tried in order, and settings for every call.

    `latency` delays each answer, in seconds; `limits` apply to every account.
    `seed` seeds the random draws, unless the fake has a seed of its own.
    """

    name: Name = ""
    description: Line = ""
    seed: Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)] | None = None
    latency: Annotated[float, Meta(ge=0, le=LONGEST)] | Latency | None = None
    limits: Limits | None = None
    rules: Annotated[list[Rule], Meta(max_length=RULES_OF_ONE)] = []
