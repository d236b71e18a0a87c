"""Values of a whole journal: computed seldom enough to leave the calls their time."""

import gc
from weakref import ref

from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.server.dashboard.sampled import SHARE, Sampled


class Work:
    """A computation that takes two seconds of a clock that only it and a test advance."""

    def __init__(self):
        self.now = 100.0
        self.done = 0

    def __call__(self, _):
        """Return how often it was done."""
        self.now += 2.0
        self.done += 1
        return self.done


def test_a_value_is_kept_for_a_multiple_of_its_cost():
    """It is computed anew when SHARE times as much time has passed as it took."""
    work, store = Work(), MemoryStore()
    sampled = Sampled(work, lambda: work.now)
    assert sampled.sample(store)[::2] == (1, 2.0 * SHARE)
    work.now += 2.0 * SHARE - 0.01
    assert sampled.of(store) == 1
    work.now += 0.01
    assert sampled.of(store) == 2


def test_what_is_quick_is_computed_each_time():
    """So that what is shown is new."""
    sampled = Sampled(lambda _: object(), lambda: 100.0)
    store = MemoryStore()
    assert sampled.of(store) is not sampled.of(store)


def test_each_store_has_its_own_value():
    """And a store that is gone is forgotten."""
    work, store, other = Work(), MemoryStore(), MemoryStore()
    sampled = Sampled(work, lambda: work.now)
    assert (sampled.of(store), sampled.of(other), sampled.of(store)) == (1, 2, 1)
    gone = ref(other)
    del other
    gc.collect()
    assert gone() is None
