"""The metrics of one process, in a registry of their own, and the page that Prometheus scrapes."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector

from emoji_mock.server.metrics.collectors import StateCollector, WorkersCollector
from emoji_mock.server.metrics.instruments import Instruments
from emoji_mock.server.metrics.labels import endpoint_label, labels_of_call, labels_of_rule, model_label

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from emoji_mock.assembly import Fake
    from emoji_mock.contract.exchange import Reply, Request
    from emoji_mock.fake.accounting.journal import Entry
    from emoji_mock.fake.rules.rule import RequestFacts, Rule
    from emoji_mock.stores.valkey.engine import Engine


class Metrics:
    """The metrics of what `fake` answers in this process; its store is in `engine`, if it is shared.

    Where there is a `folder` of FOLDER_VARIABLE, the page shows those of all processes that share it. Raises ValueError
    if it is none.
    """

    def __init__(self, fake: Fake, engine: Engine | None, folder: Path | None) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the time of each series' first count: as many lines again
        self._fake, self._engine = fake, engine
        own = self._registry = CollectorRegistry()
        if folder is None:
            ProcessCollector(registry=own)
        else:
            self._registry = CollectorRegistry()
            MultiProcessCollector(self._registry, folder)  # type: ignore[no-untyped-call]
            self._registry.register(WorkersCollector(folder))
        self._registry.register(StateCollector(fake, "memory" if engine is None else "valkey"))
        self._instruments = Instruments(own)
        self._answer, self._take_rules = fake.answer, fake.store.take_rules

    @contextmanager
    def measuring(self) -> Generator[None]:
        """Measure in this context. Only calls of this fake count: the manual asks another one for its examples."""
        fake, store, engine = self._fake, self._fake.store, self._engine
        fake.listener = self.count_call
        fake.answer, store.take_rules = self.answer, self.take_rules  # type: ignore[method-assign]
        if engine is not None:
            engine.on_operation = self.observe_store
        try:
            yield
        finally:
            if engine is not None:
                engine.on_operation = None
            del fake.answer, store.take_rules
            fake.listener = None

    def answer(self, request: Request) -> Reply:
        """Answer as the fake does, and count how long it takes."""
        begun = perf_counter()
        endpoint = endpoint_label(self._fake.registry.read(request).endpoint.route.name)
        try:
            reply = self._answer(request)
        except Exception:
            self._instruments.unrecorded(endpoint).inc()
            raise
        self._instruments.answers(endpoint).observe(perf_counter() - begun)
        return reply

    def take_rules(
        self, namespace: str, facts: RequestFacts, draw: float = 0.0, *, faults_only: bool = False
    ) -> tuple[Rule, ...]:
        """Take rules as the store does, and count them."""
        rules = self._take_rules(namespace, facts, draw, faults_only=faults_only)
        for rule in rules:
            self._instruments.rules(*labels_of_rule(rule)).inc()
        return rules

    def count_call(self, entry: Entry) -> None:
        """Count a call, and what it is billed."""
        instruments, models = self._instruments, self._fake.registry.models
        instruments.calls(*labels_of_call(entry, models)).inc()
        model, seconds = model_label(entry.model, models), entry.video_seconds
        if entry.billed:
            instruments.images(model).inc()
        if seconds > 0:
            instruments.seconds(model).inc(seconds)
        elif seconds < 0:
            instruments.cancelled(model).inc(-seconds)

    def observe_store(self, operation: str, seconds: float) -> None:
        """Count an operation of the shared store."""
        self._instruments.store(operation).observe(seconds)

    def scrape(self, accept: str) -> tuple[bytes, str]:
        """Return the page and its media type: that of OpenMetrics if the header Accept asks for it."""
        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type
