"""The control API under /_mock: journal, ledger, rules, catalogue. Bad input gets a 4xx that names the field."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator

from emoji_mock import __version__
from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find_all
from emoji_mock.contract.row import Outcome
from emoji_mock.doors.server.documents import Bills, Done, Health, accepts, bills, says
from emoji_mock.doors.server.pages import CONTROL
from emoji_mock.doors.server.problems import BadInputError, read_body
from emoji_mock.fake.explain import Explained, explain
from emoji_mock.fake.journal import Page
from emoji_mock.fake.keys import identify, redact
from emoji_mock.fake.rules import Rule
from emoji_mock.fake.service import Fake
from emoji_mock.fake.store import EVERYONE, Standing

T = TypeVar("T")


def _namespace(given: str | None) -> str | None:
    """Return the namespace; whoever gives a key means the key's."""
    return identify(given).namespace if given and given.startswith("sk-") else given


_Namespace = Annotated[
    str | None,
    AfterValidator(_namespace),
    Query(max_length=128, description="Only this namespace; left out, all of them."),
]
_RuleNamespace = Annotated[
    str,
    AfterValidator(_namespace),
    Query(max_length=128, description="Whom the rule is for; `*` is everyone, after the caller's own rules."),
]


def _json(document: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, media_type="application/json")


def _rules_json(standings: Standing | list[Standing], status: int = 200) -> Response:
    # The patterns that a rule was given may hold a key by mistake.
    return Response(redact(msgspec.json.encode(standings).decode()), status, media_type="application/json")


def _from_no_other_page(request: Request) -> None:
    # Browsers say where a request comes from; a page of another site must not steer the fake.
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise BadInputError("sec-fetch-site", "the control API is closed to pages of other sites", 403)


def control_router(fake: Fake) -> APIRouter:
    """Return the routes of the control API of `fake`."""
    router = APIRouter(prefix=CONTROL, tags=["control"], dependencies=[Depends(_from_no_other_page)])

    @router.get("/health", responses=says(Health, "The fake is alive."))
    async def health() -> Response:
        """Say that the fake is alive."""
        return _json(Health("ok", __version__))

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

    @router.post("/reset", responses=says(Done, "What was dropped."))
    async def reset(namespace: _Namespace = None) -> Response:
        """Forget rules, journal and ledger."""
        rules = len(fake.store.rules(namespace))
        fake.store.reset(namespace)
        return _json(Done(namespace, rules))

    _add_catalogue(router)
    _add_rules(router, fake)
    return router


def _add_catalogue(router: APIRouter) -> None:
    @router.get("/catalogue", responses=says(list[Explained], "Every answer other than passed."))
    async def catalogue() -> Response:
        """List every code: when it comes, its exact answer, whether it is billed, how we know, how to provoke it."""
        return _json([explain(row) for row in ROWS])

    @router.get("/catalogue/{code}", responses=says(list[Explained], "The rows that the code names.", 200, 404))
    async def explained(code: str) -> Response:
        """Explain one code, in full or its end (`FacePose`)."""
        try:
            return _json([explain(row) for row in find_all(code)])
        except UnknownCodeError as error:
            raise BadInputError("code", str(error), 404) from None


def _add_rules(router: APIRouter, fake: Fake) -> None:

    @router.get("/rules", responses=says(list[Standing], "The rules, in the order in which they are tried."))
    async def rules(namespace: _Namespace = None) -> Response:
        """List the rules and how often each was used."""
        return _rules_json(fake.store.rules(namespace))

    @router.post(
        "/rules",
        status_code=201,
        responses=says(Standing, "The rule stands.", 201, 413, 415),
        openapi_extra=accepts(Rule),
    )
    async def add_rule(request: Request, namespace: _RuleNamespace = EVERYONE) -> Response:
        """Put a rule before the others; the first rule that matches and is not used up decides."""
        rule = await read_body(request, Rule)
        return _rules_json(_held(lambda: fake.store.add_rule(rule, namespace)), 201)

    @router.put(
        "/rules",
        responses=says(list[Standing], "These rules stand now.", 200, 413, 415),
        openapi_extra=accepts(list[Rule]),
    )
    async def replace_rules(request: Request, namespace: _RuleNamespace = EVERYONE) -> Response:
        """Let these rules stand instead of the namespace's, in this order."""
        rules = await read_body(request, list[Rule])
        return _rules_json(_held(lambda: fake.store.replace_rules(rules, namespace)))

    @router.delete("/rules", responses=says(Done, "What was dropped."))
    async def clear_rules(namespace: _Namespace = None) -> Response:
        """Drop the rules."""
        return _json(Done(namespace, fake.store.clear_rules(namespace)))


def _held(put: Callable[[], T]) -> T:
    try:
        return put()
    except ValueError as error:
        raise BadInputError("rules", str(error)) from None


def _code(text: str) -> str:
    try:
        rows = find_all(text)
        return rows[0].name if len(rows) == 1 else str(rows[0].code)
    except UnknownCodeError as error:
        raise BadInputError("code", str(error)) from None
