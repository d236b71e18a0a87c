"""The port of the journal and the ledgers: numbers, repeat billing, pages, reserved images."""

import pytest
from store_helpers import EACH, THREADS, in_threads, journal_entry

from emoji_mock import Limits, Outcome
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.fake.accounting.call_filter import NO_CALL, CallFilter
from emoji_mock.fake.network.faults import FaultKind

ME, YOU = "https://example.com/me.png", "https://example.com/you.png"


def reserve(store, images, namespace="a", model="emoji-detect-v1"):
    """Return whether an image could be reserved, of so many in the free tier."""
    return store.reserve(namespace, model, Limits(images=images)) is None


def test_what_is_recorded_is_returned(store):
    """The number and `wasted` are on the value that is returned, and so on the entry that it makes."""
    given = journal_entry()
    first, second = store.record(given), store.record(given)
    assert [(call.number, call.wasted) for call in (first, second)] == [(1, False), (2, True)]
    assert store.journal().entries == [first.entry(), second.entry()]
    assert (first.call, second.call) == (given, given)


@pytest.mark.parametrize(
    ("first", "second", "wasted"),
    [
        ({}, {}, True),
        ({}, {"image_url": YOU}, False),
        ({}, {"model": "emoji-v1"}, False),
        ({}, {"namespace": "b"}, False),
        ({"outcome": Outcome.FAILED}, {"outcome": Outcome.FAILED}, True),
        ({"outcome": Outcome.ERROR}, {}, False),
        ({}, {"outcome": Outcome.ERROR}, False),
        ({"outcome": Outcome.FAULT, "billed": True}, {}, False),
        ({}, {"outcome": Outcome.FAULT, "billed": True}, True),
    ],
    ids=[
        "again", "other picture", "other model", "other namespace", "failed", "after an error", "then an error",
        "after a lost answer", "then a lost answer",
    ],
)  # fmt: skip
def test_a_picture_that_was_billed_before_is_wasted(store, first, second, wasted):
    """Only a billed call for what the same namespace has paid for and got is."""
    store.record(journal_entry(**first))
    assert store.record(journal_entry(**second)).wasted is wasted
    assert sum(ledger.wasted for ledger in store.ledgers().values()) == wasted


def test_a_picture_is_known_by_what_is_said_of_it(store):
    """`picture` identifies it where the URL does not, and is not in the journal."""
    entries = [
        store.record(journal_entry(image_url=url), picture=picture)
        for url, picture in ((f"{ME}?Expires=1", ME), (f"{ME}?Expires=2", ME), (f"{ME}?Expires=2", YOU))
    ]
    assert [entry.wasted for entry in entries] == [False, True, False]


def test_the_journal_is_bounded_and_the_ledger_is_not(make_store):
    """The oldest entry is dropped; numbers go on, and the bill counts it."""
    store = make_store(2)
    for number in range(5):
        store.record(journal_entry(image_url=f"https://example.com/{number}.png"))
    page = store.journal()
    assert ([entry.number for entry in page.entries], page.total, page.next) == ([4, 5], 2, None)
    assert store.ledgers()["a"].images == 5


def test_the_journal_is_filtered_and_paged(store):
    """Namespace, outcome and code or row select; `after` and `limit` page, oldest first."""
    for namespace in ("a", "b"):
        store.record(journal_entry(namespace))
        store.record(journal_entry(namespace, outcome=Outcome.FAILED, code="InvalidFile.Value", row="value"))
        store.record(journal_entry(namespace, outcome=Outcome.ERROR, code="SystemError", row="SystemError"))

    def numbers(**filters):
        return [entry.number for entry in store.journal(**filters).entries]

    assert store.journal(namespace="a").total == 3
    assert numbers(outcome=Outcome.FAILED) == [2, 5]
    assert (numbers(code="InvalidFile.Value"), numbers(code="value", namespace="b")) == ([2, 5], [5])
    first = store.journal(limit=4)
    assert ([entry.number for entry in first.entries], first.next, first.total) == ([1, 2, 3, 4], 4, 6)
    rest = store.journal(limit=4, after=first.next)
    assert ([entry.number for entry in rest.entries], rest.next) == ([5, 6], None)
    assert (numbers(after=6), numbers(namespace="c")) == ([], [])


def test_the_newest_calls_come_first(store):
    """Between two numbers, at most so many, with the count of all that match and the number of the newest call."""
    for namespace in ("a", "b", "a", "b", "a"):
        store.record(journal_entry(namespace))

    def read(*filters, **bounds):
        latest = store.latest_calls(*filters, **bounds)
        assert (latest.last, latest.resets) == (5, 0)
        return [entry.number for entry in latest.entries], latest.matching

    assert read() == ([5, 4, 3, 2, 1], 5)
    assert read(limit=2) == ([5, 4], 5)
    assert read(after=2, limit=2) == ([5, 4], 3)
    assert read(after=5) == ([], 0)
    assert read(before=4) == ([3, 2, 1], 3)
    assert read(after=1, before=4, limit=1) == ([3], 2)
    assert read(CallFilter("a"), after=1) == ([5, 3], 2)
    assert read(CallFilter("c")) == ([], 0)


def test_who_asks_for_no_call_learns_how_many_there_are(store):
    """In all, or of one account; whether they match is not looked at."""
    for namespace in ("a", "b", "a"):
        store.record(journal_entry(namespace))
    found = [
        store.latest_calls(wanted, after=NO_CALL)
        for wanted in (CallFilter(), CallFilter("a"), CallFilter("c"), CallFilter(outcome=Outcome.ERROR))
    ]
    assert [(latest.entries, latest.matching, latest.kept, latest.last) for latest in found] == [
        ([], 0, kept, 3) for kept in (3, 2, 0, 3)
    ]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (CallFilter(outcome=Outcome.ERROR), [3, 2]),
        (CallFilter("b", Outcome.ERROR), [3]),
        (CallFilter("b", text="throttling"), [3]),
        (CallFilter(text="THROTTLING.rate"), [3, 2]),
        (CallFilter(text="  another.PNG "), [3]),
        (CallFilter(text="rule 7"), [2]),
        (CallFilter(text="reset"), [4]),
        (CallFilter(text="key:00"), [4, 3, 2, 1]),
        (CallFilter(text="no such text"), []),
    ],
    ids=str,
)
def test_calls_are_selected_by_account_outcome_and_text(store, wanted, numbers):
    """A text is looked for in every text of a call, whatever the case of its letters."""
    store.record(journal_entry())
    store.record(
        journal_entry(outcome=Outcome.ERROR, code="Throttling.RateQuota", row="RateQuota", reason="rule 7 says so")
    )
    another = "https://example.com/another.png"
    store.record(journal_entry("b", outcome=Outcome.ERROR, code="Throttling.RateQuota", image_url=another))
    store.record(journal_entry("b", outcome=Outcome.FAULT, fault=FaultKind.RESET))
    latest = store.latest_calls(wanted)
    assert ([entry.number for entry in latest.entries], latest.matching) == (numbers, len(numbers))


def test_a_reset_is_seen_by_who_reads_the_newest_calls(store):
    """Its count grows, also by a reset of one account; numbers go on, so a reader misses nothing that comes later."""
    for namespace in ("a", "b"):
        store.record(journal_entry(namespace))
    store.reset("a")
    latest = store.latest_calls(after=2)
    assert (latest.entries, latest.last, latest.resets) == ([], 2, 1)
    assert [entry.number for entry in store.latest_calls().entries] == [2]
    store.reset()
    store.record(journal_entry())
    latest = store.latest_calls(after=2)
    assert ([entry.number for entry in latest.entries], latest.last, latest.resets) == ([3], 3, 2)


def test_an_entry_comes_back_with_its_types(store):
    """Outcomes are what the ledger and the verdict compare with; texts are equal."""
    store.record(journal_entry(outcome=Outcome.FAULT, fault=FaultKind.RESET, endpoint=EndpointName.FACE_DETECT))
    (entry,) = store.journal().entries
    assert entry.outcome is Outcome.FAULT
    assert (entry.fault, entry.endpoint) == ("reset", "face_detect")


def test_a_wait_is_noted_on_the_kept_entry(make_store):
    """The entry of that number is replaced; an unknown number, and one that was dropped, change nothing."""
    store = make_store(2)
    held = [store.record(journal_entry(image_url=url)) for url in (ME, YOU, ME)]
    for number in (3, 1, 99, 0):
        store.waited_out(number)
    assert [(entry.number, entry.waited_out) for entry in store.journal().entries] == [(2, False), (3, True)]
    assert [call.waited_out for call in held] == [False, False, False]


def test_a_wait_is_found_after_a_reset_of_others(store):
    """Numbers then have gaps; the entry of that number is marked, and no other."""
    for namespace in ("a", "b", "a", "b", "b"):
        store.record(journal_entry(namespace))
    store.reset("a")
    store.waited_out(2)
    store.waited_out(3)
    assert [(entry.number, entry.waited_out) for entry in store.journal().entries] == [
        (2, True),
        (4, False),
        (5, False),
    ]
    store.waited_out(5)
    assert [entry.waited_out for entry in store.journal().entries] == [True, False, True]


def test_the_ledger_counts_each_ending(store):
    """Passed and failed are billed, errors and tasks are not, and a lost answer is if it was billed."""
    for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.FAULT):
        store.record(journal_entry(outcome=outcome, image_url=f"https://example.com/{outcome}.png"))
    store.record(journal_entry(outcome=Outcome.FAULT, billed=True, image_url=YOU))
    store.record(journal_entry(outcome=Outcome.DONE, video=True))
    ledger = store.ledgers()["a"]
    counted = (ledger.passed, ledger.failed, ledger.errors, ledger.done, ledger.faults, ledger.lost, ledger.videos)
    assert counted == (1, 1, 1, 1, 2, 1, 1)
    assert (ledger.images, ledger.calls, str(ledger.cost)) == (3, 6, "0.012")


def test_a_ledger_is_a_copy(store):
    """What a caller does to it, or what comes later, does not change the other."""
    store.record(journal_entry())
    before = store.ledgers()["a"]
    before.passed += 100
    store.record(journal_entry())
    assert (before.passed, store.ledgers()["a"].passed) == (101, 2)


def test_numbers_and_ledgers_agree_under_threads(store):
    """Every entry has a number of its own, in the journal's order, and none is lost from the bill."""
    calls = in_threads(lambda number: store.record(journal_entry(f"{number % 2}", image_url=f"{ME}?{number}")))
    assert sorted(call.number for call in calls) == list(range(1, THREADS * EACH + 1))
    kept = store.journal(limit=THREADS * EACH).entries
    assert kept == [call.entry() for call in sorted(calls, key=lambda call: call.number)]
    ledgers = store.ledgers()
    assert {name: ledger.images for name, ledger in ledgers.items()} == {"0": 200, "1": 200}
    assert sum(ledger.wasted for ledger in ledgers.values()) == THREADS * EACH - THREADS


def test_a_reserved_image_counts_until_it_is_recorded(store):
    """Billed and reserved images together stay within the bound."""
    assert [reserve(store, 2) for _ in range(3)] == [True, True, False]
    assert reserve(store, 1, "b")
    store.record(journal_entry(outcome=Outcome.ERROR), reserved="emoji-detect-v1")
    assert [reserve(store, 2) for _ in range(2)] == [True, False]
    store.record(journal_entry(), reserved="emoji-detect-v1")
    assert not reserve(store, 2)
    store.record(journal_entry(image_url=YOU), reserved="emoji-detect-v1")
    assert [reserve(store, most) for most in (2, 3)] == [False, True]


def test_a_reset_does_not_free_what_is_under_way(store):
    """The bill starts anew; a call that began before still holds its image until it ends."""
    store.record(journal_entry())
    assert reserve(store, 2)
    store.reset("a")
    assert [reserve(store, 2), reserve(store, 2)] == [True, False]
    store.record(journal_entry(outcome=Outcome.ERROR), reserved="emoji-detect-v1")
    assert reserve(store, 2)


def test_no_image_is_given_twice_under_threads(store):
    """Of all threads together, as many calls get an image as there are."""

    def detect(_):
        if not reserve(store, 60):
            return False
        store.record(journal_entry(), reserved="emoji-detect-v1")
        return True

    assert in_threads(detect).count(True) == 60
    assert store.ledgers()["a"].images == 60
    assert not reserve(store, 60)
