"""The control API under /_mock: journal, ledger, rules, limits, catalogue. Bad input is told by field."""

import sys
from collections.abc import Callable
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator

from emoji_mock import __version__
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
from emoji_mock.server.control.access import from_no_other_page
from emoji_mock.server.control.models import Bills, Done, Health, Limited, accepts, bills, limited, says
from emoji_mock.server.control.problems import BadInputError, read_body
from emoji_mock.server.control.route import ControlRoute
from emoji_mock.server.control.steered import SteeredFake
from emoji_mock.server.pages import CONTROL
from emoji_mock.verdict.findings import VerdictDocument
from emoji_mock.verdict.verdict import judge

T = TypeVar("T")


def _namespace(given: str | None) -> str | None:
    """Return the namespace; whoever gives a key means the key's, and what holds one is not shown as it is."""
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
    Query(max_length=128, description="Whom it is for; `*` is everyone, after the caller's own."),
]


def _json(document: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, media_type="application/json")


def _redacted(document: object, status: int = 200) -> Response:
    # The patterns that a rule was given may hold a key by mistake.
    return Response(redact(msgspec.json.encode(document).decode()), status, media_type="application/json")


def control_router(fake: SteeredFake) -> APIRouter:
    """Return the routes of the control API of `fake`."""
    guards = [Depends(from_no_other_page)]
    router = APIRouter(prefix=CONTROL, tags=["control"], dependencies=guards, route_class=ControlRoute)

    @router.get("/health", responses=says(Health, "The fake is alive."))
    async def health() -> Response:
        """Say that the fake is alive."""
        return _json(Health("ok", __version__))

    @router.post("/reset", responses=says(Done, "What was dropped."))
    async def reset(namespace: _Namespace = None) -> Response:
        """Forget rules, limits, journal and ledger; without a namespace go back to what the server was started with."""
        rules = len(fake.store.rules(namespace))
        fake.reset(namespace)
        return _json(Done(namespace, rules))

    _add_books(router, fake)
    _add_catalogue(router)
    _add_rules(router, fake)
    _add_limits(router, fake)
    _add_scenario(router, fake)
    return router


def _add_books(router: APIRouter, fake: SteeredFake) -> None:
    @router.get("/journal", responses=says(Page, "A part of the journal, oldest first."))
    async def journal(
        namespace: _Namespace = None,
        outcome: Outcome | None = None,
        code: Annotated[str | None, Query(description="A code, in full or its end (`FacePose`).")] = None,
        after: Annotated[int, Query(ge=0, le=2**53, description="Only exchanges numbered above this.")] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """Read what was asked and answered. Keys are shown as fingerprints."""
        full = _code(code) if code else None
        return _json(fake.store.journal(namespace=namespace, outcome=outcome, code=full, after=after, limit=limit))

    @router.get("/ledger", responses=says(Bills, "What the real service would have charged."))
    async def ledger(namespace: _Namespace = None) -> Response:
        """Read what the real service would have charged."""
        ledgers = fake.store.ledgers()
        return _json(bills({name: used for name, used in ledgers.items() if namespace in (None, name)}))

    @router.get("/verdict", responses=says(VerdictDocument, "What was found, the worst first."))
    def verdict(namespace: _Namespace = None) -> Response:
        """Judge the callers: what they did wrong, which exchanges show it, and what to do instead."""
        # In a thread, because a full journal takes a while to judge.
        found = judge(fake.store.journal(namespace=namespace, limit=sys.maxsize).entries)
        return _json(VerdictDocument(found.judged, found))


def _add_catalogue(router: APIRouter) -> None:
    @router.get("/catalogue", responses=says(list[CatalogueEntry], "Every answer other than passed."))
    async def catalogue() -> Response:
        """List every code: when it comes, its exact answer, whether it is billed, how we know, how to provoke it."""
        return _json([explain(row) for row in ROWS])

    @router.get("/catalogue/{code}", responses=says(list[CatalogueEntry], "The rows that the code names.", 200, 404))
    async def explained(code: str) -> Response:
        """Explain one code, in full or its end (`FacePose`)."""
        try:
            return _json([explain(row) for row in find_all(code)])
        except UnknownCodeError as error:
            raise BadInputError("code", str(error), 404) from None


def _add_rules(router: APIRouter, fake: SteeredFake) -> None:

    @router.get("/rules", responses=says(list[ActiveRule], "The rules, in the order in which they are tried."))
    async def rules(namespace: _Namespace = None) -> Response:
        """List the rules and how often each was used."""
        return _redacted(fake.store.rules(namespace))

    @router.post(
        "/rules",
        status_code=201,
        responses=says(ActiveRule, "The rule stands.", 201, 413, 415),
        openapi_extra=accepts(Rule),
    )
    async def add_rule(request: Request, namespace: _RuleNamespace = EVERYONE) -> Response:
        """Put a rule before the others; the first rule that matches and is not used up decides."""
        rule = await read_body(request, Rule)
        return _redacted(_held(lambda: fake.store.add_rule(rule, namespace)), 201)

    @router.put(
        "/rules",
        responses=says(list[ActiveRule], "These rules stand now.", 200, 413, 415),
        openapi_extra=accepts(list[Rule]),
    )
    async def replace_rules(request: Request, namespace: _RuleNamespace = EVERYONE) -> Response:
        """Let these rules stand instead of the namespace's, in this order."""
        rules = await read_body(request, list[Rule])
        return _redacted(_held(lambda: fake.store.replace_rules(rules, namespace)))

    @router.delete("/rules", responses=says(Done, "What was dropped."))
    async def clear_rules(namespace: _Namespace = None) -> Response:
        """Drop the rules."""
        return _json(Done(namespace, fake.store.clear_rules(namespace)))


def _add_limits(router: APIRouter, fake: SteeredFake) -> None:
    def told() -> Response:
        return _json(limited(fake.store.limits(), fake.options.limits))

    @router.get("/limits", responses=says(list[Limited], "Who is held to what."))
    async def limits() -> Response:
        """List the limits that hold, by namespace; of a caller's, everyone's and the server's own the first decides."""
        return told()

    @router.put(
        "/limits",
        responses=says(list[Limited], "These limits hold now.", 200, 413, 415),
        openapi_extra=accepts(Limits),
    )
    async def set_limits(request: Request, namespace: _RuleNamespace = EVERYONE) -> Response:
        """Hold a namespace to these limits, in place of all that held before; `{}` lifts them."""
        given = await read_body(request, Limits)
        _held(lambda: fake.store.set_limits(given, namespace), "namespace")
        return told()

    @router.delete("/limits", responses=says(list[Limited], "What holds now."))
    async def clear_limits(namespace: _RuleNamespace = EVERYONE) -> Response:
        """Drop the limits of a namespace, or what everyone was given; the server's own hold then."""
        fake.store.set_limits(None, namespace)
        return told()


def _add_scenario(router: APIRouter, fake: SteeredFake) -> None:

    @router.get(
        "/scenario", responses=says(Scenario, "What stands, as it would be in a file; without a name, nothing.")
    )
    async def scenario() -> Response:
        """Read the scenario that is played."""
        return _redacted(fake.scenario or Scenario())

    @router.put(
        "/scenario",
        responses=says(Scenario, "This scenario stands now.", 200, 413, 415),
        openapi_extra=accepts(Scenario),
    )
    async def play(request: Request) -> Response:
        """Let a scenario stand instead of everyone's rules, limits and latency: a shipped one by name, or a whole."""
        wanted = await read_body(request, Scenario)
        if wanted == Scenario(name=wanted.name):
            wanted = _shipped(wanted.name)
        _held(lambda: fake.play(wanted))
        return _redacted(wanted)


def _shipped(name: str) -> Scenario:
    if name not in shipped():
        raise BadInputError("name", f"no scenario {name!r}; there are {', '.join(shipped())}")
    return find(name)


def _held(put: Callable[[], T], field: str = "rules") -> T:
    try:
        return put()
    except ValueError as error:
        raise BadInputError(field, str(error)) from None


def _code(text: str) -> str:
    try:
        rows = find_all(text)
        return rows[0].name if len(rows) == 1 else str(rows[0].code)
    except UnknownCodeError as error:
        raise BadInputError("code", str(error)) from None
