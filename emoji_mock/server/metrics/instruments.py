"""The counters and histograms that calls change: docs/reference/metrics.md has a row for each."""

from collections.abc import Callable
from functools import cache

from prometheus_client import CollectorRegistry, Counter, Histogram

from emoji_mock.server.metrics.labels import CallLabels, RuleLabels

BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""The upper bounds in seconds: most answers take less than a millisecond, pictures and videos up to seconds."""


class Instruments:
    """The counters and histograms of this process, in `registry`: functions that return a series by its labels."""

    def __init__(self, registry: CollectorRegistry) -> None:
        # To find a series by its labels takes the client two microseconds, as long as to count; there are few labels.
        def counter(name: str, text: str, *labels: str) -> Callable[..., Counter]:
            return cache(Counter(f"emoji_mock_{name}", text, labels, registry=registry).labels)

        def histogram(name: str, text: str, label: str) -> Callable[..., Histogram]:
            return cache(Histogram(f"emoji_mock_{name}", text, [label], registry=registry, buckets=BUCKETS).labels)

        self.calls = counter("calls", "Calls in the journal, by how they ended.", *CallLabels._fields)
        self.unrecorded = counter(
            "calls_unrecorded", "Calls that are not in the journal: the fake or its store failed.", "endpoint"
        )
        self.rules = counter("rules_used", "Uses of rules, by what the rule prescribes.", *RuleLabels._fields)
        self.images = counter("images_billed", "Images that the vendor would bill.", "model")
        self.seconds = counter("video_seconds_billed", "Seconds of video that the vendor would bill.", "model")
        self.cancelled = counter("video_seconds_cancelled", "Of them, seconds of tasks cancelled since.", "model")
        self.answers = histogram(
            "answer_seconds", "Seconds to make an answer, without the delays that it is sent with.", "endpoint"
        )
        self.store = histogram("store_seconds", "Seconds of an operation of a shared store.", "operation")
