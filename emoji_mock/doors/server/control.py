"""The control API under /_mock: journal, ledger, rules, catalogue. Bad input gets a 4xx that names the field."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator

from emoji_mock import __version__
from emoji_mock.contract.catalogue import ROWS, UnknownCodeError, find_all
from emoji_mock.contract.endpoint import PRICE
from emoji_mock.contract.row import Outcome
from emoji_mock.doors.server.pages import CONTROL
from emoji_mock.fake.explain import Explained, explain
from emoji_mock.fake.journal import Page
from emoji_mock.fake.keys import identify, redact
from emoji_mock.fake.ledger import Ledger
from emoji_mock.fake.rules import Rule
from emoji_mock.fake.service import Fake
from emoji_mock.fake.store import EVERYONE, Standing

T = TypeVar("T")
CONTROL_BODY = 1024 * 1024


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with one field of a control request."""

    field: str
    problem: str


class Problems(msgspec.Struct, frozen=True):
    """What is wrong with a control request."""

    errors: list[Problem]


class BadInputError(Exception):
    """A control request that cannot be served."""

    def __init__(self, field: str, problem: str, status: int = 422) -> None:
        super().__init__(problem)
        self.status = status
        self.problems = Problems([Problem(redact(field), redact(problem))])


class Health(msgspec.Struct, frozen=True):
    """That the fake is alive."""

    status: Literal["ok"]
    version: str


class Bill(msgspec.Struct, frozen=True):
    """What was used: calls by outcome, the images that the vendor would have billed, and what they cost in CNY."""

    passed: int
    failed: int
    errors: int
    images_billed: int
    images_not_billed: int
    cost: float


class Bills(msgspec.Struct, frozen=True):
    """The ledger: the price of an image in CNY, everything together, and each namespace."""

    currency: Literal["CNY"]
    price: float
    total: Bill
    namespaces: dict[str, Bill]


class Done(msgspec.Struct, frozen=True):
    """That something was dropped: how many rules, of which namespace (`null` is all)."""

    namespace: str | None
    rules: int


MODELS = (Health, Page, Bills, Standing, Rule, Explained, Done, Problems)
"""The documents of the control API; their schemas go into OpenAPI."""


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


def schema_of(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any type that msgspec knows
    """Return the JSON schema of `kind` with references into OpenAPI's components."""
    (schema,), _ = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    return schema


def _says(kind: Any, description: str, status: int = 200, *bad: int) -> dict[int | str, dict[str, Any]]:  # noqa: ANN401
    told = {status: (kind, description)} | dict.fromkeys(
        (422, *bad), (Problems, "Something is wrong; the field is named.")
    )
    return {
        code: {"description": text, "content": {"application/json": {"schema": schema_of(what)}}}
        for code, (what, text) in told.items()
    }


async def _body(request: Request, kind: type[T]) -> T:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise BadInputError("content-type", "must be application/json", 415)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > CONTROL_BODY:
            raise BadInputError("body", f"is longer than {CONTROL_BODY} bytes", 413)
    try:
        return msgspec.json.decode(bytes(body), type=kind)
    except msgspec.ValidationError as error:
        raise _named(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInputError("body", f"is not JSON: {error}") from None


_PLACE = re.compile(r" - at `\$\.?(.*)`$")
_FIELD = re.compile(r"^Object .* field `(.*)`|^([a-z_]+): ")


def _named(problem: str) -> BadInputError:
    """Return the error for what msgspec, or a rule, says of a body; both name the field inside their sentence."""
    place, field = _PLACE.search(problem), _FIELD.search(problem)
    told = _PLACE.sub("", problem)
    if field and field[2]:
        told = told.removeprefix(field[0])
    parts = [place[1] if place else "", (field[1] or field[2]) if field else ""]
    return BadInputError(".".join(part for part in parts if part) or "body", told)


def _accepts(kind: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema_of(kind)}}}}


def _bill(ledger: Ledger) -> Bill:
    return Bill(ledger.passed, ledger.failed, ledger.errors, ledger.images, ledger.errors, float(ledger.cost))


def _from_no_other_page(request: Request) -> None:
    # Browsers say where a request comes from; a page of another site must not steer the fake.
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise BadInputError("sec-fetch-site", "the control API is closed to pages of other sites", 403)


def control_router(fake: Fake) -> APIRouter:
    """Return the routes of the control API of `fake`."""
    router = APIRouter(prefix=CONTROL, tags=["control"], dependencies=[Depends(_from_no_other_page)])

    @router.get("/health", responses=_says(Health, "The fake is alive."))
    async def health() -> Response:
        """Say that the fake is alive."""
        return _json(Health("ok", __version__))

    @router.get("/journal", responses=_says(Page, "A part of the journal, oldest first."))
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

    @router.get("/ledger", responses=_says(Bills, "What the real service would have charged."))
    async def ledger(namespace: _Namespace = None) -> Response:
        """Read what the real service would have charged."""
        ledgers = {name: used for name, used in fake.store.ledgers().items() if namespace in (None, name)}
        total = Ledger()
        for used in ledgers.values():
            total.add(used)
        return _json(Bills("CNY", float(PRICE), _bill(total), {name: _bill(used) for name, used in ledgers.items()}))

    @router.post("/reset", responses=_says(Done, "What was dropped."))
    async def reset(namespace: _Namespace = None) -> Response:
        """Forget rules, journal and ledger."""
        rules = len(fake.store.rules(namespace))
        fake.store.reset(namespace)
        return _json(Done(namespace, rules))

    @router.get("/catalogue", responses=_says(list[Explained], "Every answer other than passed."))
    async def catalogue() -> Response:
        """List every code: when it comes, its exact answer, whether it is billed, how we know, how to provoke it."""
        return _json([explain(row) for row in ROWS])

    @router.get("/catalogue/{code}", responses=_says(list[Explained], "The rows that the code names.", 200, 404))
    async def explained(code: str) -> Response:
        """Explain one code, in full or its end (`FacePose`)."""
        try:
            return _json([explain(row) for row in find_all(code)])
        except UnknownCodeError as error:
            raise BadInputError("code", str(error), 404) from None

    _add_rules(router, fake)
    return router


def _add_rules(router: APIRouter, fake: Fake) -> None:

    @router.get("/rules", responses=_says(list[Standing], "The rules, in the order in which they are tried."))
    async def rules(namespace: _Namespace = None) -> Response:
        """List the rules and how often each was used."""
        return _rules_json(fake.store.rules(namespace))

    @router.post(
        "/rules",
        status_code=201,
        responses=_says(Standing, "The rule stands.", 201, 413, 415),
        openapi_extra=_accepts(Rule),
    )
    async def add_rule(request: Request, namespace: _RuleNamespace = EVERYONE) -> Response:
        """Put a rule before the others; the first rule that matches and is not used up decides."""
        rule = await _body(request, Rule)
        return _rules_json(_held(lambda: fake.store.add_rule(rule, namespace)), 201)

    @router.put(
        "/rules",
        responses=_says(list[Standing], "These rules stand now.", 200, 413, 415),
        openapi_extra=_accepts(list[Rule]),
    )
    async def replace_rules(request: Request, namespace: _RuleNamespace = EVERYONE) -> Response:
        """Let these rules stand instead of the namespace's, in this order."""
        rules = await _body(request, list[Rule])
        return _rules_json(_held(lambda: fake.store.replace_rules(rules, namespace)))

    @router.delete("/rules", responses=_says(Done, "What was dropped."))
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
