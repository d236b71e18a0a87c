"""What an endpoint is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emoji_mock.contract.row import Outcome
from emoji_mock.fake import responses

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.contract.endpoint import EndpointName
    from emoji_mock.fake.context import RequestContext
    from emoji_mock.fake.responses import Dress


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endpoint:
    """One thing that can be asked for, by its `name`.

    `checks` are made in the vendor's order, then `body` makes the answer; either may refuse the call. `outcome` is what
    a call ends in that nothing refuses, `headers` dresses the answer.
    """

    name: EndpointName | None
    checks: tuple[Callable[[RequestContext], None], ...]
    body: Callable[[RequestContext, str], bytes]
    outcome: Outcome = Outcome.DONE
    headers: Dress = responses.headers
