"""The service: one request in, one reply out, recorded in the journal and the ledger."""

import time
from collections.abc import Callable
from dataclasses import replace
from operator import itemgetter
from random import Random
from typing import Any

from emoji_mock.contract.exchange import Fault, Reply, Request, Response, new_tuple
from emoji_mock.contract.model import DetectionModel, Model
from emoji_mock.contract.models import MODELS, emoji, row_at
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake import conditions, responses
from emoji_mock.fake.accounting.journal import CallRecord, Entry
from emoji_mock.fake.accounting.pictures import unsigned
from emoji_mock.fake.checks import account
from emoji_mock.fake.checks.refusal import Refused
from emoji_mock.fake.clock import Clock, FunctionClock, true_time_of, within_bounds
from emoji_mock.fake.context import Decision, RequestContext
from emoji_mock.fake.endpoints.endpoint import Endpoint
from emoji_mock.fake.endpoints.registry import REGISTRY, EndpointRegistry
from emoji_mock.fake.entries import Ending, record_call
from emoji_mock.fake.listeners import tell
from emoji_mock.fake.media import Media
from emoji_mock.fake.network.random_source import UNSEEDED, RandomSource
from emoji_mock.fake.options import DEFAULT_OPTIONS, Options
from emoji_mock.fake.port import PortClock
from emoji_mock.fake.preparation import HeadPreparation
from emoji_mock.fake.rules.active_rule import ActiveRule
from emoji_mock.fake.rules.scenario import Scenario
from emoji_mock.fake.store.ports import Store

_FIRST_ERROR = 400
_HEX = "0123456789abcdef"
_VERSIONS = dict(zip(_HEX, "4999999999999999", strict=True))
_VARIANTS = dict(zip(_HEX, "89ab" * 4, strict=True))
_groups = itemgetter(slice(8), slice(8, 12), 12, slice(13, 16), 16, slice(17, 20), slice(20, 32))
"""Splits the 32 digits of an id; twice as fast as seven expressions."""


class FakeService:
    """A fake of the vendor: `answer` takes a request and returns what the vendor would send.

    `store` keeps its state and `media` inspects pictures and makes videos; it does no I/O of its own. `clock` returns
    the time in seconds since the epoch, `listener` is called with the journal's entry of each exchange, and
    `random_source` decides what is left to chance, by default from the options' seed. `registry` holds the endpoints.
    Safe from any thread.
    """

    suspends = False
    """Whether answering may wait for a store in another process, so that an event loop suspends the call meanwhile."""

    def __init__(
        self,
        options: Options | None = None,
        *,
        store: Store,
        media: Media,
        clock: Callable[[], float] = time.time,
        listener: Callable[[Entry], None] | None = None,
        random_source: RandomSource | None = None,
        registry: EndpointRegistry = REGISTRY,
    ) -> None:
        self.options = self._at_first = options or DEFAULT_OPTIONS
        self.scenario: Scenario | None = None
        self._lasting: Scenario | None = None
        self.store = store
        self.media = media
        self.registry = registry
        self.clock = clock
        self._set_clock: Clock | None = None
        self._make_clock: Callable[[], Clock] = Clock
        self.listener = listener
        self._real = true_time_of(clock)
        seed = self.options.seed
        self._random = UNSEEDED if seed is None else Random(seed)  # noqa: S311 - request ids are not secret
        self._first_random_source = RandomSource(seed) if random_source is None else random_source
        self._random_source = self._first_random_source

    @property
    def clock(self) -> PortClock:
        """The clock by which it answers; a function becomes a clock that cannot be frozen."""
        return self._clock

    @clock.setter
    def clock(self, clock: Callable[[], float]) -> None:
        self._now = within_bounds(clock)
        self._clock = clock if isinstance(clock, Clock) else FunctionClock(clock)

    def settable_clock(self) -> Clock:
        """Return a clock that can be set; it replaces the time of the process. Raises ValueError for another time."""
        clock = self._clock
        if isinstance(clock, Clock):
            return clock
        if not clock.is_usual:
            raise ValueError("a function of the program that made the fake says the time; only it can change it")
        self.clock = self._set_clock = self._make_clock()
        return self._set_clock

    def prepare(self, head: Request) -> HeadPreparation:
        """Return what a way in needs before it reads the body of a request."""
        return HeadPreparation(head, self.store, self.registry, self.options)

    def answer(self, request: Request) -> Reply:
        """Return what the vendor would send to `request`, or what the network does instead if a rule says so."""
        arrived = self._now()
        head, endpoint = self.registry.read(request)
        context = RequestContext(
            request,
            head,
            arrived,
            endpoint.route,
            self.options,
            self.store,
            self.media,
            self._random_source,
            self.registry.models,
            self.store.has_rules,
            self.options.limits is not None or self.store.has_limits,
        )
        decision: Decision = endpoint.decision()
        request_id = self._request_id()
        ending = self.decide(context, decision, endpoint, request_id)
        conditions.apply_conditions(context, decision)
        left = self._now() + decision.delay
        headers = ending.headers or decision.extra_headers + endpoint.headers(
            request_id, ending.status, arrived, left, has_body=bool(ending.body)
        )
        if decision.reservation is not None:
            headers = account.settle(context, decision, decision.reservation, left, headers)
        answer = new_tuple(Response, (ending.status, headers, ending.body, decision.delay, 0))
        real = arrived if self._real is None else self._real()
        call = record_call(context, decision, ending, request_id, answer, real)
        reply: Reply = answer
        if decision.fault is not None:
            call, reply = conditions.apply_fault(context, decision, decision.fault, call, answer._replace(delay=0.0))
        number = self._record(call, decision)
        return reply._replace(number=number) if isinstance(reply, Fault) or reply.delay else reply

    def _record(self, call: CallRecord, decision: Decision) -> int:
        """Store the call, tell the listeners, and return its number."""
        reservation = decision.reservation
        picture = call.picture or unsigned(decision.image_url)
        stored = self.store.record(
            call,
            picture=f"{picture} {decision.variant}" if decision.variant else picture,
            reserved="" if reservation is None else reservation.image,
        )
        if self.listener is not None:
            self.listener(stored.entry())
        tell(stored)
        return stored.number

    def decide(self, context: RequestContext, decision: Decision, endpoint: Endpoint[Any], request_id: str) -> Ending:
        """Run the checks of `endpoint`, and return how the call ends.

        A subclass may override this method to give another answer, as `emoji_mock.conformance.recordings.replay` does.
        """
        try:
            for check in endpoint.opening:
                check(context, decision)
            if endpoint.models and decision.model not in endpoint.models:
                endpoint = self.registry.select(endpoint, decision.model)
            for check in endpoint.checks:
                check(context, decision)
            body = endpoint.body(context, decision, request_id)
        except Refused as refused:
            return self._refusal(refused, endpoint.model or MODELS.get(decision.model), request_id)
        return new_tuple(Ending, (endpoint.outcome, None, decision.status, body, ()))

    def play(self, scenario: Scenario, *, lasting: bool = False) -> list[ActiveRule]:
        """Replace everyone's rules, limits and latency by those of `scenario`, and restart the random source.

        A `lasting` one is played again after a reset.
        """
        active_rules = self.store.replace_rules(list(scenario.rules))
        self.store.set_limits(None)
        self._behave_as(scenario)
        if lasting:
            self._lasting = scenario
        return active_rules

    def _behave_as(self, scenario: Scenario) -> None:
        """Take latency, limits and seed of `scenario`, and restart the random source."""
        self.options = replace(self.options, latency=scenario.latency, limits=scenario.limits)
        seeded = self.options.seed is None and scenario.seed is not None
        self._random_source = RandomSource(scenario.seed) if seeded else self._first_random_source
        self._random_source.clear()
        self.scenario = scenario

    def reset(self, namespace: str | None = None) -> None:
        """Forget rules, limits, journal, ledger, uploads and tasks of `namespace`; or of all, scenario and set time.

        Restart the random source, and play a lasting scenario again.
        """
        self.store.reset(namespace)
        self._random_source.clear(namespace)
        if namespace is None:
            self.scenario, self.options = None, self._at_first
            if self._set_clock is not None:
                self._set_clock.restore()
            if self._lasting is not None:
                self.play(self._lasting)

    def refuse(self, row: Row) -> Response:
        """Return the answer of `row` outside any call. Nothing is recorded."""
        now, request_id = self._now(), self._request_id()
        body = responses.refused(row, row.text(), request_id, status=row.status, details=self.options.details)
        return Response(row.status, responses.headers(request_id, row.status, now, now), body)

    def leave_loop(self) -> None:
        """Do nothing: it has nothing open."""

    def waited_out(self, number: int) -> None:
        """Record that the caller waited to the end of the late answer or the stall of exchange `number`."""
        self.store.waited_out(number)

    def _refusal(self, refused: Refused, model: Model | None, request_id: str) -> Ending:
        """Return the ending of a call that is refused, in the words of `model`."""
        asked, options = refused.row, self.options
        row = row_at(asked, model) or asked
        outcome, status = self._ending(row)
        if status >= _FIRST_ERROR > row.status and row.code is None:
            # An error needs a code, which the model's own words do not have.
            row = asked if asked.code or not isinstance(model, DetectionModel) else model.with_code(row)
        body = responses.refused(
            row,
            refused.message or row.text(**refused.values),
            request_id,
            status=status,
            details=options.details,
            model=model or emoji.DETECT,
            humanoid=options.humanoid,
        )
        return Ending(outcome, row, status, body)

    def _ending(self, row: Row) -> tuple[Outcome, int]:
        if row.outcome is not Outcome.FAILED:
            return row.outcome, row.status
        status = self.options.failed_as or row.status
        return (Outcome.ERROR if status >= _FIRST_ERROR else Outcome.FAILED), status  # an error is not billed

    def _request_id(self) -> str:
        # Observed: a lower-case UUID whose version digit is mostly 9, sometimes 4.
        first, second, version, third, variant, fourth, fifth = _groups(
            self._random.getrandbits(128).to_bytes(16, "big").hex()
        )
        return f"{first}-{second}-{_VERSIONS[version]}{third}-{_VARIANTS[variant]}{fourth}-{fifth}"
