"""The declaration of an endpoint: route, models, checks, answer and documentation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from emoji_mock.contract.endpoint import BODY_LIMIT
from emoji_mock.contract.row import Outcome
from emoji_mock.fake import responses
from emoji_mock.fake.context import Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.contract.exchange import Request
    from emoji_mock.contract.model import Model
    from emoji_mock.contract.routes import Route
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.endpoints.documentation import Documentation
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.responses import MakeHeaders
    from emoji_mock.fake.store.ports import Store

D = TypeVar("D", bound=Decision)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoint(Generic[D]):
    """One endpoint, or what one model does on a path that several share.

    Everything about it follows from this value: routing, the manual, respx routes, the catalogue's ways to provoke an
    answer. The first endpoint of a route also declares, for all models there: `decision`, `opening`, `headers`,
    `body_limit`, `slow` and `account`.
    """

    route: Route
    decision: type[D]
    """What the checks write into."""
    body: Callable[[RequestContext, D, str], bytes]
    """Makes the body of an answer from the request id. May raise Refused."""
    models: tuple[str, ...] = ()
    """The models served; empty if calls are not for one model."""
    model: Model | None = None
    """The one model served, in whose words a call is refused."""
    opening: tuple[Callable[[RequestContext, D], None], ...] = ()
    """The checks until the model is known, in the vendor's order."""
    checks: tuple[Callable[[RequestContext, D], None], ...] = ()
    """The checks after that, in the vendor's order."""
    outcome: Outcome = Outcome.DONE
    """The outcome of a call that is not refused."""
    headers: MakeHeaders = responses.headers
    body_limit: int = BODY_LIMIT
    """The longest body in bytes; one byte more is read to detect a longer one."""
    slow: bool = False
    """Whether an answer may take seconds to make."""
    account: Callable[[Request, Store, Options], str] | None = None
    """Finds the account of a request without a key, before it is checked; empty if none is known."""
    provokes: Mapping[Row, str] = field(default_factory=dict["Row", str])
    """Which request gets a row, without a rule."""
    documentation: Documentation | None = None
    """The text of the manual; without it the endpoint is not shown."""
