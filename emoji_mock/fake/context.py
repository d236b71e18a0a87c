"""The state of one call: the facts of the request, and the decisions of the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from emoji_mock.fake.accounting.api_keys import NOBODY, Caller

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Headers, Request
    from emoji_mock.contract.geometry import Box, Size
    from emoji_mock.contract.routes import Route
    from emoji_mock.fake.accounting.ledger import Charge
    from emoji_mock.fake.media import Media
    from emoji_mock.fake.network.faults import FaultKind
    from emoji_mock.fake.network.random_source import RandomSource
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.request_head import RequestHead
    from emoji_mock.fake.store.ports import Store


class RequestContext(Struct, frozen=True):
    """What is known of a call before anything is checked."""

    request: Request
    head: RequestHead
    at: float
    """When the request came in, in seconds since the epoch."""
    route: Route
    options: Options
    store: Store
    media: Media
    random_source: RandomSource
    """Makes the random choices."""
    models: frozenset[str]
    """The names of all models in the registry."""
    has_rules: bool
    """Whether there is any rule."""
    is_limited: bool
    """Whether there is any limit."""


class Reservation(Struct):
    """What is held for a call until it is over: an image of the account, a place among concurrent calls.

    Of a call that is refused for its rate, `retry_after` says how many seconds to wait.
    """

    image: str = ""
    """The model that the image is reserved of."""
    gate: str = ""
    place: int = 0
    retry_after: int = 0


class Decision(Struct):
    """What the checks decide about a call; each check reads what those before it have written.

    An endpoint that decides more extends it.
    """

    caller: Caller = NOBODY
    model: str = ""
    image_url: str = ""
    variant: str = ""
    """What else a verdict depends on: the ratio, of a model that takes several."""
    size: Size | None = None
    """The picture's size, if known."""
    face: Box | None = None
    """The face in the picture, if known."""
    whole_body: bool | None = None
    """Whether a picture that was looked at shows a whole body."""
    passes: bool = False
    """Whether a rule says that the picture passes, so that nothing else is inspected."""
    rules_applied: bool = False
    steered: bool = False
    """Whether a rule, a limit or an option, and not the request alone, decides how the call ends."""
    fault: FaultKind | None = None
    fault_seconds: float = 0.0
    """How long a stall or a drip takes."""
    delay: float = 0.0
    """How long the answer is held back, in seconds."""
    reservation: Reservation | None = None
    charge: Charge | None = None
    """The seconds of video that the call has billed, or takes back."""
    reason: str = ""
    """Why the call ends as it does, where the request alone does not say."""
    seen: str = ""
    """The size and the faces of a picture that was looked at, as the journal has them."""
    status: int = 200
    """The status of an answer that nothing refuses."""
    extra_headers: Headers = ()
    """Headers that precede those of the endpoint."""
    journal_target: str | None = None
    """What the journal keeps instead of the target; likewise for the other two."""
    journal_request: bytes | None = None
    journal_answer: bytes | None = None

    @property
    def lost(self) -> bool:
        """Whether a fault loses the request before it takes effect."""
        return self.fault is not None and not self.fault.answered
