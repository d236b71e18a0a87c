"""The control API under /_mock: journal, ledger, verdict, catalogue, rules, limits, scenario. Errors name the field."""

import sys
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator

from emoji_mock._support.validation import unknown
from emoji_mock.config.scenarios import find, shipped
from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find_all
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import identify, redact
from emoji_mock.fake.accounting.journal import Page
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.endpoints.explain import CatalogueEntry, explain
from emoji_mock.fake.rules.active_rule import EVERYONE, ActiveRule
from emoji_mock.fake.rules.rule import Rule
from emoji_mock.fake.rules.scenario import Scenario
from emoji_mock.server.control.models import (
    Bills,
    ClockChange,
    ClockState,
    Done,
    Limited,
    RuleOrder,
    bills,
    change_clock,
    limited,
)
from emoji_mock.server.control.probes import Scrape, add_probes
from emoji_mock.server.control.problems import BadInputError
from emoji_mock.server.control.route import BODY, REDACTED, ControlRoute
from emoji_mock.server.control.steered import SteeredFake
from emoji_mock.server.pages import CONTROL
from emoji_mock.verdict.findings import VerdictDocument
from emoji_mock.verdict.verdict import judge

T = TypeVar("T")


def _namespace(given: str | None) -> str | None:
    """Return the namespace. A key selects its namespace; text that holds a key is redacted."""
    given = given and given.strip()
    return identify(given).namespace if given and given.startswith("sk-") else given and redact(given)


_Namespace = Annotated[
    str | None,
    AfterValidator(_namespace),
    Query(max_length=128, description="Only this namespace; left out, all of them."),
]
_RuleNamespace = Annotated[
    str,
    AfterValidator(_namespace),
    Query(max_length=128, description="The namespace it is for; `*` is every caller, after the caller's own."),
]
# A pattern in a rule may hold a key by mistake.
_Rules = Annotated[list[ActiveRule], REDACTED]


def control_router(fake: SteeredFake, scrape: Scrape | None = None) -> APIRouter:
    """Return the routes of the control API of `fake`; `scrape` returns its metrics, if it is measured."""
    router = APIRouter(prefix=CONTROL, tags=["control"], route_class=ControlRoute)
    add_probes(router, fake, scrape)

    @router.post("/reset", response_description="What was dropped.")
    def reset(namespace: _Namespace = None) -> Done:
        """Forget rules, limits, journal and ledger; without a namespace go back to what the server was started with."""
        rules = len(fake.store.rules(namespace))
        fake.reset(namespace)
        return Done(namespace, rules)

    _add_accounts(router, fake)
    _add_catalogue(router, fake)
    _add_rules(router, fake)
    _add_limits(router, fake)
    _add_scenario(router, fake)
    _add_clock(router, fake)
    return router


def _add_accounts(router: APIRouter, fake: SteeredFake) -> None:
    @router.get("/journal", response_description="A part of the journal, oldest first.")
    def journal(
        namespace: _Namespace = None,
        outcome: Outcome | None = None,
        code: Annotated[str | None, Query(description="A code, in full or its end (`FacePose`).")] = None,
        after: Annotated[int, Query(ge=0, le=2**53, description="Only exchanges numbered above this.")] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Page:
        """Read requests and answers. Keys are shown as fingerprints."""
        full = _code(code) if code else None
        return fake.store.journal(namespace=namespace, outcome=outcome, code=full, after=after, limit=limit)

    @router.get("/ledger", response_description="What the real service would have charged.")
    def ledger(namespace: _Namespace = None) -> Bills:
        """Read what the real service would have charged."""
        ledgers = fake.store.ledgers()
        return bills({name: used for name, used in ledgers.items() if namespace in (None, name)})

    @router.get("/verdict", response_description="The findings, the worst first.")
    def verdict(namespace: _Namespace = None) -> VerdictDocument:
        """Judge the callers: what they did wrong, which exchanges show it, and what to do instead."""
        found = judge(fake.store.journal(namespace=namespace, limit=sys.maxsize).entries)
        return VerdictDocument(found.judged, found)


def _add_catalogue(router: APIRouter, fake: SteeredFake) -> None:
    @router.get("/catalogue", response_description="Every answer other than passed.")
    async def catalogue() -> list[CatalogueEntry]:
        """List every code: when it comes, its exact answer, whether it is billed, its source, how to provoke it."""
        return [explain(row, fake.registry) for row in ROWS]

    @router.get("/catalogue/{code}", response_description="The rows that the code names.")
    async def explained(code: str) -> list[CatalogueEntry]:
        """Explain one code, in full or its end (`FacePose`)."""
        try:
            return [explain(row, fake.registry) for row in find_all(code)]
        except UnknownCodeError as error:
            raise BadInputError("code", str(error), 404) from None


def _add_rules(router: APIRouter, fake: SteeredFake) -> None:
    @router.get("/rules", response_description="The rules, in the order in which they are tried.")
    def rules(namespace: _Namespace = None) -> _Rules:
        """List the rules and how often each was used."""
        return fake.store.rules(namespace)

    @router.post("/rules", status_code=201, response_description="The rule was added.")
    def add_rule(rule: Annotated[Rule, BODY], namespace: _RuleNamespace = EVERYONE) -> Annotated[ActiveRule, REDACTED]:
        """Put a rule before the others; the first rule that matches and is not used up decides."""
        return _accepted(lambda: fake.store.add_rule(rule, namespace))

    @router.put("/rules", response_description="The rules that are active now.")
    def replace_rules(rules: Annotated[list[Rule], BODY], namespace: _RuleNamespace = EVERYONE) -> _Rules:
        """Replace the namespace's rules by these, in this order."""
        return _accepted(lambda: fake.store.replace_rules(rules, namespace))

    @router.patch("/rules", response_description="The rules of the namespace, in the order in which they are tried.")
    def order_rules(order: Annotated[RuleOrder, BODY], namespace: _RuleNamespace = EVERYONE) -> _Rules:
        """Order a namespace's rules; how often each was used stays."""
        return _accepted(lambda: fake.store.order_rules(order.first, namespace), "first")

    @router.delete("/rules/{number}", response_description="The rule that was removed.")
    def remove_rule(
        number: Annotated[int, Path(ge=1, le=2**53, description="The `id` of the rule.")],
    ) -> Annotated[ActiveRule, REDACTED]:
        """Remove one rule."""
        removed = fake.store.remove_rule(number)
        if removed is None:
            raise BadInputError("number", f"no rule has the number {number}; GET /_mock/rules lists them", 404)
        return removed

    @router.delete("/rules", response_description="What was dropped.")
    def clear_rules(namespace: _Namespace = None) -> Done:
        """Drop the rules."""
        return Done(namespace, fake.store.clear_rules(namespace))


def _add_limits(router: APIRouter, fake: SteeredFake) -> None:
    def in_force() -> list[Limited]:
        fake.refresh()
        return limited(fake.store.limits(), fake.options.limits)

    @router.get("/limits", response_description="The limits of each namespace.")
    def limits() -> list[Limited]:
        """List the limits in force, by namespace; of a caller's, everyone's and the server's own the first decides."""
        return in_force()

    @router.put("/limits", response_description="The limits that are in force now.")
    def set_limits(limits: Annotated[Limits, BODY], namespace: _RuleNamespace = EVERYONE) -> list[Limited]:
        """Replace the limits of a namespace; `{}` lifts them."""
        _accepted(lambda: fake.store.set_limits(limits, namespace), "namespace")
        return in_force()

    @router.delete("/limits", response_description="The limits that are in force now.")
    def clear_limits(namespace: _RuleNamespace = EVERYONE) -> list[Limited]:
        """Drop the limits of a namespace, or those set for everyone; then the server's own are in force."""
        fake.store.set_limits(None, namespace)
        return in_force()


def _add_scenario(router: APIRouter, fake: SteeredFake) -> None:
    @router.get("/scenario", response_description="The scenario, as in a file; without a name there is none.")
    def scenario() -> Annotated[Scenario, REDACTED]:
        """Read the scenario that is played."""
        fake.refresh()
        return fake.scenario or Scenario()

    @router.put("/scenario", response_description="The scenario that is played now.")
    def play(scenario: Annotated[Scenario, BODY]) -> Annotated[Scenario, REDACTED]:
        """Replace everyone's rules, limits and latency by a scenario: a shipped one by its name, or a whole one."""
        wanted = _shipped(scenario.name) if scenario == Scenario(name=scenario.name) else scenario
        _accepted(lambda: fake.play(wanted))
        return wanted


def _add_clock(router: APIRouter, fake: SteeredFake) -> None:
    def state() -> ClockState:
        fake.refresh()
        return ClockState(fake.clock(), fake.clock.frozen)

    @router.get("/clock", response_description="The fake's time.")
    def clock() -> ClockState:
        """Read the fake's time."""
        return state()

    @router.put("/clock", response_description="The fake's time now.")
    def set_clock(change: Annotated[ClockChange, BODY]) -> ClockState:
        """Freeze, unfreeze or advance the fake's time: tasks, links, policies, limits; what is slow stays so."""
        _accepted(lambda: change_clock(fake.settable_clock(), change), "clock")
        return state()

    @router.delete("/clock", response_description="The fake's time now.")
    def restore_clock() -> ClockState:
        """Return to the real time."""
        _accepted(lambda: fake.settable_clock().restore(), "clock")
        return state()


def _shipped(name: str) -> Scenario:
    if name not in shipped():
        raise BadInputError("name", unknown("scenario", name, shipped()))
    return find(name)


def _accepted(change: Callable[[], T], field: str = "rules") -> T:
    try:
        return change()
    except ValueError as error:
        raise BadInputError(field, str(error)) from None


def _code(text: str) -> str:
    try:
        rows = find_all(text)
        return rows[0].name if len(rows) == 1 else str(rows[0].code)
    except UnknownCodeError as error:
        raise BadInputError("code", str(error)) from None
