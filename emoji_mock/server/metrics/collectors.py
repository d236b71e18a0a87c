"""What is read when Prometheus scrapes: the journal, the version, and the processes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from prometheus_client import Metric, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from emoji_mock import __version__
from emoji_mock.fake.accounting.call_filter import NO_CALL
from emoji_mock.fake.store.ports import StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from emoji_mock.assembly import Fake


class StateCollector(Collector):
    """The state of `fake`, whose store is of the kind `store`. Of a store that cannot be reached there is none."""

    def __init__(self, fake: Fake, store: str) -> None:
        self._fake, self._kind = fake, store

    def collect(self) -> Iterable[Metric]:
        """Return version and kind, whether the store can be reached, and the size of the journal."""
        yield InfoMetricFamily(
            "emoji_mock", "The version of emoji-mock, and where it keeps its state.",
            {"version": __version__, "store": self._kind},
        )  # fmt: skip
        try:
            latest = self._fake.store.latest_calls(after=NO_CALL)
        except StoreUnavailableError:
            yield _gauge("store_up", _UP, 0)
            return
        yield _gauge("store_up", _UP, 1)
        yield _gauge("journal_entries", "The calls that the journal keeps.", latest.kept)
        yield _gauge("journal_last_number", "The number of the newest call in the journal.", latest.last)


_UP = "Whether the store can be reached: 1, or 0."


def _gauge(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"emoji_mock_{name}", help_text, value)


class WorkersCollector(Collector):
    """The processes that share `folder`, each by its number as the label `pid`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterable[Metric]:
        """Return the metrics of each process that still runs."""
        families: dict[str, Metric] = {}
        for pid in sorted({path.stem.rpartition("_")[2] for path in self._folder.glob("*.db")}):
            for family in ProcessCollector(pid=partial(str, pid), registry=None).collect():
                merged = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                merged.samples += [sample._replace(labels={"pid": pid}) for sample in family.samples]
        return families.values()
