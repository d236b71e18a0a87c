"""The contract of a store: what the fake relies on, the same for a store in memory and for one that serialises."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from serialising_store import SerialisingStore
from store_helpers import journal_entry, stored_upload, video_task

from emoji_mock import Limits, Outcome, Rule
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.motions import Status
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.fake.rules.rule import RequestFacts
from emoji_mock.fake.store.memory import MemoryStore
from emoji_mock.fake.store.ports import StoreFullError

FACTS = RequestFacts("emoji-detect-v1", "https://example.com/me.png", "key:000000000000")
THREADS = 8
EACH = 50
KINDS = pytest.mark.parametrize("kind", [MemoryStore, SerialisingStore], ids=["memory", "serialising"])
ME, YOU = "https://example.com/me.png", "https://example.com/you.png"


@pytest.fixture(params=[MemoryStore, SerialisingStore], ids=["memory", "serialising"])
def store(request):
    """An empty store."""
    return request.param()


def error(code="RateQuota", **more):
    """Return a rule that refuses a request."""
    return Rule(outcome="error", code=code, **more)


def taken(store, namespace="a", facts=FACTS, **more):
    """Return the codes, faults or latencies of the rules that a request uses."""
    rules = store.take_rules(namespace, facts, **more)
    return [rule.code or (rule.fault and str(rule.fault)) or rule.latency for rule in rules]


def in_threads(work):
    """Return what `work` returns, called EACH times in each of THREADS threads that run at once."""
    with ThreadPoolExecutor(THREADS) as pool:
        runs = [pool.submit(lambda number=number: [work(number) for _ in range(EACH)]) for number in range(THREADS)]
        return list(chain.from_iterable(run.result() for run in runs))


class TestRules:
    """Rules: their order, their uses, their bounds."""

    def test_a_new_rule_is_tried_first(self, store):
        """A rule that is added goes before the others of its namespace, and its number is new."""
        first = store.add_rule(error("InternalError"), "a")
        second = store.add_rule(error("RateQuota", times=1), "a")
        assert (first.namespace, first.rule.code, first.used, second.id > first.id) == ("a", "InternalError", 0, True)
        assert [taken(store) for _ in range(3)] == [["Throttling.RateQuota"], ["InternalError"], ["InternalError"]]

    def test_a_list_of_rules_keeps_its_order(self, store):
        """A list replaces the rules of its namespace, and is tried from its first to its last."""
        store.add_rule(error("SystemError"), "a")
        placed = store.replace_rules([error("RateQuota", times=1), error("InternalError")], "a")
        assert [active.rule.code for active in placed] == ["Throttling.RateQuota", "InternalError"]
        assert store.rules("a") == placed
        assert [taken(store) for _ in range(2)] == [["Throttling.RateQuota"], ["InternalError"]]

    def test_a_namespaces_rules_go_before_everyones(self, store):
        """Everyone's rules hold where a namespace has none that applies; no namespace uses another's."""
        store.add_rule(error("InternalError"))
        store.add_rule(error("RateQuota"), "a")
        assert (taken(store, "a"), taken(store, "b")) == (["Throttling.RateQuota"], ["InternalError"])
        assert store.clear_rules("a") == 1
        assert taken(store, "a") == ["InternalError"]

    def test_every_criterion_counts(self, store):
        """Model, picture, key and endpoint choose the rule, after a round trip as before it."""
        rules = [
            error("RateQuota", model="emoji-v1"),
            error("InternalError", image_url="*/blurred/*"),
            error("SystemError", key="sk-mock-me"),
            Rule(fault="stall", endpoint="tasks"),
            error("InternalError.Algo"),
        ]
        (key,) = {active.rule.key for active in store.replace_rules(rules, "a")} - {None}
        asked = [
            FACTS._replace(model="emoji-v1"),
            FACTS._replace(image_url="https://example.com/blurred/1.png"),
            FACTS._replace(key=key),
            FACTS._replace(endpoint=EndpointName.TASKS),
            FACTS,
        ]
        assert [taken(store, facts=facts) for facts in asked] == [
            ["Throttling.RateQuota"], ["InternalError"], ["SystemError"], ["stall"], ["InternalError.Algo"]
        ]  # fmt: skip

    def test_a_rule_is_used_as_often_as_it_says(self, store):
        """A spent rule stays listed, and is no longer taken."""
        store.add_rule(error(times=2), "a")
        assert [len(taken(store)) for _ in range(3)] == [1, 1, 0]
        (active,) = store.rules("a")
        assert (active.used, active.spent) == (2, True)

    def test_faults_come_in_their_order(self, store):
        """One fault after another, each as often as it says, and the latencies before each of them."""
        store.replace_rules(
            [
                Rule(fault="stall", times=1),
                Rule(latency=2.0, times=2),
                Rule(fault="reset", times=1),
                Rule(fault="drip"),
            ],
            "a",
        )
        assert [taken(store) for _ in range(4)] == [["stall"], [2.0, "reset"], [2.0, "drip"], ["drip"]]

    def test_a_rule_comes_back_with_its_types(self, store):
        """Kinds of faults and outcomes are what the network and the checks compare with."""
        store.replace_rules([Rule(fault="reset", times=1), error()], "a")
        (fault,), (refusal,) = store.take_rules("a", FACTS), store.take_rules("a", FACTS)
        assert fault.fault is FaultKind.RESET
        assert refusal.outcome is Outcome.ERROR

    def test_rules_with_an_outcome_can_be_left_out(self, store):
        """For a request that is refused anyway only faults and latencies are taken, and used."""
        store.replace_rules([error(times=1), Rule(latency=1.0), Rule(fault="reset", times=1)], "a")
        assert taken(store, faults_only=True) == [1.0, "reset"]
        assert [active.used for active in store.rules("a")] == [0, 1, 1]

    def test_a_draw_decides_for_rules_with_a_chance(self, store):
        """Below the chance the rule applies; above it the rest of the draw decides for the next, and no use is counted."""
        store.replace_rules([error("RateQuota", chance=0.5), error("InternalError", chance=0.5)], "a")
        assert [taken(store, draw=draw) for draw in (0.0, 0.49, 0.5, 0.74, 0.75, 0.99)] == [
            ["Throttling.RateQuota"], ["Throttling.RateQuota"], ["InternalError"], ["InternalError"], [], []
        ]  # fmt: skip
        assert [active.used for active in store.rules("a")] == [2, 2]

    def test_one_knows_cheaply_whether_there_is_any_rule(self, store):
        """The answer follows each change."""
        assert not store.has_rules
        store.add_rule(error(), "a")
        assert store.has_rules
        store.replace_rules([], "a")
        assert not store.has_rules

    def test_rules_are_bounded(self, store):
        """A namespace holds 1000 rules, and 65,536 characters of patterns; one more changes nothing."""
        store.replace_rules([error()] * 1000, "a")
        with pytest.raises(StoreFullError, match="holds 1000 rules at the most, and the store 10000; clear some first"):
            store.add_rule(error(), "a")
        assert len(store.rules("a")) == 1000
        store.replace_rules([error(image_url="x" * 512)] * 128, "a")
        with pytest.raises(StoreFullError, match="65536 characters together at the most; clear some first"):
            store.add_rule(error(image_url="x"), "a")
        store.add_rule(error(image_url="x"), "b")
        assert [len(store.rules(name)) for name in ("a", "b", None)] == [128, 1, 129]

    def test_uses_are_counted_once_under_threads(self, store):
        """A rule with `times` is taken by that many requests of all threads together."""
        store.replace_rules([error(times=THREADS * EACH // 4), error("InternalError", times=7)], "a")
        codes = [code for codes in in_threads(lambda _: taken(store)) for code in codes]
        assert (codes.count("Throttling.RateQuota"), codes.count("InternalError")) == (100, 7)
        assert [active.used for active in store.rules("a")] == [100, 7]


class TestLimits:
    """Limits by namespace, and what they refuse."""

    def test_a_namespaces_limits_go_before_everyones(self, store):
        """Everyone's hold where a namespace has none of its own; None removes them."""
        assert (store.has_limits, store.limits_for("a")) == (False, None)
        store.set_limits(Limits(rps=1))
        store.set_limits(Limits(images=200, spend=0.8, retry_after=True), "a")
        assert store.has_limits
        assert store.limits_for("a") == Limits(images=200, spend=0.8, retry_after=True)
        assert store.limits_for("b") == Limits(rps=1)
        assert store.limits() == {"*": Limits(rps=1), "a": Limits(images=200, spend=0.8, retry_after=True)}
        store.set_limits(None, "a")
        assert store.limits_for("a") == Limits(rps=1)

    @pytest.mark.parametrize(
        ("limits", "refused_by", "wait"),
        [(Limits(rps=2), "rps", 1.0), (Limits(burst=2), "burst", 0.1), (Limits(concurrency=2), "concurrency", 1.0)],
        ids=["rps", "burst", "concurrency"],
    )
    def test_a_call_over_the_limit_is_refused(self, store, limits, refused_by, wait):
        """The third call at once is refused by name, with the wait; other gates and namespaces are free."""
        admissions = [store.admit("a", "emoji-detect-v1", limits, 1000.0) for _ in range(3)]
        assert [admission.refused_by for admission in admissions] == [None, None, refused_by]
        assert admissions[2].wait == pytest.approx(wait)
        assert admissions[0].place != admissions[1].place
        assert store.admit("a", "emoji-v1", limits, 1000.0).refused_by is None
        assert store.admit("b", "emoji-detect-v1", limits, 1000.0).refused_by is None

    def test_a_place_is_free_when_its_call_has_ended(self, store):
        """A call is under way until the time that is said when it leaves."""
        limits = Limits(concurrency=1)
        admission = store.admit("a", "g", limits, 1000.0)
        store.leave("a", "g", admission.place, 1003.0)
        assert [store.admit("a", "g", limits, now).refused_by for now in (1002.5, 1003.0)] == ["concurrency", None]

    def test_no_more_are_admitted_under_threads(self, store):
        """Of all threads together, as many calls are let through as the limit says."""
        admissions = in_threads(lambda _: store.admit("a", "g", Limits(concurrency=20), 1000.0))
        places = [admission.place for admission in admissions if admission.refused_by is None]
        assert (len(places), len(set(places))) == (20, 20)


class TestJournal:
    """The journal, its numbers, its pages, and the ledger."""

    def test_what_is_recorded_is_returned(self, store):
        """The number and `wasted` are on the value that is returned, not on the one that was given."""
        given = journal_entry()
        first, second = store.record(given), store.record(given)
        assert [(entry.number, entry.wasted) for entry in (first, second)] == [(1, False), (2, True)]
        assert (given.number, given.wasted) == (0, False)
        assert store.journal().entries == [first, second]

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
    def test_a_picture_that_was_billed_before_is_wasted(self, store, first, second, wasted):
        """Only a billed call for what the same namespace has paid for and got is."""
        store.record(journal_entry(**first))
        assert store.record(journal_entry(**second)).wasted is wasted
        assert sum(ledger.wasted for ledger in store.ledgers().values()) == wasted

    def test_a_picture_is_known_by_what_is_said_of_it(self, store):
        """`picture` identifies it where the URL does not, and is not in the journal."""
        entries = [
            store.record(journal_entry(image_url=url), picture=picture)
            for url, picture in ((f"{ME}?Expires=1", ME), (f"{ME}?Expires=2", ME), (f"{ME}?Expires=2", YOU))
        ]
        assert [entry.wasted for entry in entries] == [False, True, False]

    @KINDS
    def test_the_journal_is_bounded_and_the_ledger_is_not(self, kind):
        """The oldest entry is dropped; numbers go on, and the bill counts it."""
        store = kind(2)
        for number in range(5):
            store.record(journal_entry(image_url=f"https://example.com/{number}.png"))
        page = store.journal()
        assert ([entry.number for entry in page.entries], page.total, page.next) == ([4, 5], 2, None)
        assert store.ledgers()["a"].images == 5

    def test_the_journal_is_filtered_and_paged(self, store):
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

    def test_an_entry_comes_back_with_its_types(self, store):
        """Outcomes are what the ledger and the verdict compare with; texts are equal."""
        store.record(journal_entry(outcome=Outcome.FAULT, fault=FaultKind.RESET, endpoint=EndpointName.FACE_DETECT))
        (entry,) = store.journal().entries
        assert entry.outcome is Outcome.FAULT
        assert (entry.fault, entry.endpoint) == ("reset", "face_detect")

    @KINDS
    def test_a_wait_is_noted_on_the_kept_entry(self, kind):
        """The entry of that number is replaced; an unknown number, and one that was dropped, change nothing."""
        store = kind(2)
        held = [store.record(journal_entry(image_url=url)) for url in (ME, YOU, ME)]
        for number in (3, 1, 99, 0):
            store.waited_out(number)
        assert [(entry.number, entry.waited_out) for entry in store.journal().entries] == [(2, False), (3, True)]
        assert [entry.waited_out for entry in held] == [False, False, False]

    def test_a_wait_is_found_after_a_reset_of_others(self, store):
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

    def test_the_ledger_counts_each_ending(self, store):
        """Passed and failed are billed, errors and tasks are not, and a lost answer is if it was billed."""
        for outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.FAULT):
            store.record(journal_entry(outcome=outcome, image_url=f"https://example.com/{outcome}.png"))
        store.record(journal_entry(outcome=Outcome.FAULT, billed=True, image_url=YOU))
        store.record(journal_entry(outcome=Outcome.DONE, video=True))
        ledger = store.ledgers()["a"]
        counted = (ledger.passed, ledger.failed, ledger.errors, ledger.done, ledger.faults, ledger.lost, ledger.videos)
        assert counted == (1, 1, 1, 1, 2, 1, 1)
        assert (ledger.images, ledger.calls, str(ledger.cost)) == (3, 6, "0.012")

    def test_a_ledger_is_a_copy(self, store):
        """What a caller does to it, or what comes later, does not change the other."""
        store.record(journal_entry())
        before = store.ledgers()["a"]
        before.passed += 100
        store.record(journal_entry())
        assert (before.passed, store.ledgers()["a"].passed) == (101, 2)

    def test_numbers_and_ledgers_agree_under_threads(self, store):
        """Every entry has a number of its own, in the journal's order, and none is lost from the bill."""
        entries = in_threads(lambda number: store.record(journal_entry(f"{number % 2}", image_url=f"{ME}?{number}")))
        assert sorted(entry.number for entry in entries) == list(range(1, THREADS * EACH + 1))
        kept = store.journal(limit=THREADS * EACH).entries
        assert kept == sorted(entries, key=lambda entry: entry.number)
        ledgers = store.ledgers()
        assert {name: ledger.images for name, ledger in ledgers.items()} == {"0": 200, "1": 200}
        assert sum(ledger.wasted for ledger in ledgers.values()) == THREADS * EACH - THREADS


class TestReservations:
    """Images that are reserved for calls under way."""

    def test_a_reserved_image_counts_until_it_is_recorded(self, store):
        """What is billed and what is reserved stay within the bound together."""
        assert [store.reserve("a", 2) for _ in range(3)] == [True, True, False]
        assert store.reserve("b", 1)
        store.record(journal_entry(outcome=Outcome.ERROR), reserved=True)
        assert [store.reserve("a", 2) for _ in range(2)] == [True, False]
        store.record(journal_entry(), reserved=True)
        assert not store.reserve("a", 2)
        store.record(journal_entry(image_url=YOU), reserved=True)
        assert [store.reserve("a", most) for most in (2, 3)] == [False, True]

    def test_a_reset_does_not_free_what_is_under_way(self, store):
        """The bill starts anew; a call that began before still holds its image until it ends."""
        store.record(journal_entry())
        assert store.reserve("a", 2)
        store.reset("a")
        assert [store.reserve("a", 2), store.reserve("a", 2)] == [True, False]
        store.record(journal_entry(outcome=Outcome.ERROR), reserved=True)
        assert store.reserve("a", 2)

    def test_no_image_is_given_twice_under_threads(self, store):
        """Of all threads together, as many calls get an image as there are."""

        def detect(_):
            if not store.reserve("a", 60):
                return False
            store.record(journal_entry(), reserved=True)
            return True

        assert in_threads(detect).count(True) == 60
        assert store.ledgers()["a"].images == 60
        assert not store.reserve("a", 60)


class TestUploads:
    """Uploaded files under their keys."""

    def test_an_upload_comes_back_whole(self, store):
        """Bytes, size and times are as they were; a key that nobody used has none."""
        assert store.keep_upload(stored_upload("x/../y", b"\x00\xff"), now=0)
        assert store.upload("x/../y") == stored_upload("x/../y", b"\x00\xff")
        assert store.upload("z") is None

    def test_a_key_is_taken_until_its_time_is_over(self, store):
        """A second upload under it is refused before, and replaces the first after."""
        assert store.keep_upload(stored_upload("1", b"a", until=100.0), now=0)
        assert not store.keep_upload(stored_upload("1", b"b"), now=99)
        assert store.upload("1").data == b"a"
        assert store.keep_upload(stored_upload("1", b"d"), now=100)
        assert store.upload("1").data == b"d"

    @KINDS
    def test_uploads_are_bounded_in_bytes(self, kind):
        """The oldest makes room; what is larger than all the room is not kept, and drops nothing."""
        store = kind(upload_bytes=10)
        for key in ("1", "2", "3"):
            store.keep_upload(stored_upload(key), now=0)
        assert [store.upload(key) is not None for key in ("1", "2", "3")] == [False, True, True]
        assert store.keep_upload(stored_upload("4", b"0" * 11), now=0)
        assert [store.upload(key) is not None for key in ("2", "3", "4")] == [True, True, False]

    def test_one_of_many_gets_a_key_under_threads(self, store):
        """Of all that upload under one key at once, one is told that it is kept."""
        kept = in_threads(lambda number: store.keep_upload(stored_upload("1", b"%d" % number), now=0))
        assert kept.count(True) == 1


class TestTasks:
    """Video tasks, one of a namespace at a time."""

    def test_tasks_run_one_after_another(self, store):
        """Each begins when the one before it ends, or when it comes; namespaces do not wait for each other."""
        tasks = [
            store.add_task(video_task(name, created=created)) for name, created in (("1", 0), ("2", 10), ("3", 500))
        ]
        assert [(task.begins, task.ends) for task in tasks] == [(0, 60), (60, 120), (500, 560)]
        assert store.add_task(video_task("4", namespace="b")).begins == 0
        assert store.tasks("a") == tasks
        assert (store.task("2"), store.task("5")) == (tasks[1], None)

    def test_a_cancelled_task_lets_the_others_move_up(self, store):
        """Only a pending one of the own namespace can be; those behind it begin earlier."""
        for name in ("1", "2", "3", "4"):
            store.add_task(video_task(name))
        assert not store.cancel_task("2", "b", 10.0)
        assert not store.cancel_task("1", "a", 10.0)
        assert not store.cancel_task("5", "a", 10.0)
        assert store.cancel_task("2", "a", 10.0)
        assert not store.cancel_task("2", "a", 11.0)
        assert [(task.begins, task.status(30.0)) for task in store.tasks("a")] == [
            (0, Status.RUNNING), (60, Status.CANCELED), (60, Status.PENDING), (120, Status.PENDING)
        ]  # fmt: skip
        assert store.add_task(video_task("6", created=10.0)).begins == 180

    def test_tasks_never_overlap_under_threads(self, store):
        """Whatever comes at once, one runs at a time."""
        tasks = in_threads(lambda number: store.add_task(video_task(f"{number}-{id(object())}", takes=1.0)))
        begins = sorted(task.begins for task in tasks)
        assert begins == [float(second) for second in range(THREADS * EACH)]


class TestReset:
    """A reset of one namespace, or of all."""

    def fill(self, store):
        """Give two namespaces one of each, and everyone a rule."""
        store.add_rule(error("InternalError"))
        for name in ("a", "b"):
            store.add_rule(error(), name)
            store.set_limits(Limits(rps=1), name)
            store.admit(name, "g", Limits(rps=1), 1000.0)
            store.record(journal_entry(name))
            store.keep_upload(stored_upload(f"key of {name}", namespace=name), now=0)
            store.add_task(video_task(f"task of {name}", namespace=name))

    def left(self, store, name):
        """Return what is left of a namespace."""
        return (
            len(store.rules(name)), name in store.limits(), store.journal(namespace=name).total, name in store.ledgers(),
            store.upload(f"key of {name}") is not None, len(store.tasks(name)),
            store.admit(name, "g", Limits(rps=1), 1000.0).refused_by,
        )  # fmt: skip

    def test_a_reset_clears_one_namespace(self, store):
        """Everything of it goes, nothing of another; numbers go on."""
        self.fill(store)
        store.reset("a")
        assert self.left(store, "a") == (0, False, 0, False, False, 0, None)
        assert self.left(store, "b") == (1, True, 1, True, True, 1, "rps")
        assert len(store.rules("*")) == 1
        assert store.record(journal_entry()).number == 3
        assert not store.record(journal_entry(image_url=YOU)).wasted

    def test_a_reset_clears_all(self, store):
        """Everything goes, and what was paid for is forgotten."""
        self.fill(store)
        store.reset()
        assert [self.left(store, name)[:-1] for name in ("a", "b")] == [(0, False, 0, False, False, 0)] * 2
        assert (store.has_rules, store.has_limits, store.rules(), store.ledgers()) == (False, False, [], {})
        assert not store.record(journal_entry()).wasted
