"""What is set at one replica holds for all: scenario, limits, clock, reset."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread, current_thread

import pytest
from helpers import call
from servers import running

from emoji_mock import Limits, Rule
from emoji_mock.fake.accounting.ledger import total_of
from emoji_mock.fake.rules.scenario import Scenario
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.stores.valkey.address import StoreAddress
from emoji_mock.stores.valkey.engine import Engine

AT = 1_800_000_000.0
THROTTLED = Scenario(
    name="throttled",
    latency=0.25,
    limits=Limits(images=5),
    rules=[Rule(outcome="error", code="Throttling.RateQuota", times=2)],
)
HAPPY = Scenario(name="happy")


def status_of(fake, key="sk-mock-a"):
    """Return the status of a call."""
    return fake.answer(call(key=key)).status


def test_a_scenario_holds_for_all(replicas):
    """Its rules, used twice by all together, its latency and its limits decide at each replica from the next call on."""
    one, other = replicas
    assert status_of(other) == 200
    one.play(THROTTLED)
    answers = [fake.answer(call()) for fake in (other, one, other)]
    assert [(answer.status, answer.delay) for answer in answers] == [(429, 0.25), (429, 0.25), (200, 0.25)]
    assert (other.scenario, other.options.limits) == (THROTTLED, Limits(images=5))


def test_a_replica_without_calls_shows_what_holds_for_all(replicas):
    """The control API of each replica refreshes it, so that it need not have a call to learn of a scenario."""
    one, other = replicas
    one.play(THROTTLED)
    one.settable_clock().freeze(AT)
    other.refresh()
    assert (other.scenario, other.options.latency, other.options.limits) == (THROTTLED, 0.25, Limits(images=5))
    assert (other.clock(), other.clock.frozen) == (AT, True)


def test_limits_of_the_scenario_hold_over_all(replicas):
    """Five images are free of all that the replicas judge together."""
    one, other = replicas
    other.play(Scenario(name="five", limits=Limits(images=5)))
    assert [status_of(fake) for fake in (one, other) * 3] == [200] * 5 + [403]


def test_limits_of_a_namespace_hold_over_all(replicas):
    """They are set at one replica, and lifted at another."""
    one, other = replicas
    one.store.set_limits(Limits(images=1), "a")
    assert [status_of(other), status_of(one), status_of(other, "sk-mock-b")] == [200, 403, 200]
    other.store.set_limits(None, "a")
    assert status_of(one) == 200


def test_a_clock_is_set_for_all(replicas):
    """Each change starts from the time that holds for all, whichever replica made the change before."""
    one, other = replicas
    one.settable_clock().freeze(AT)
    other.settable_clock().advance(60)
    one.settable_clock().advance(5)
    other.refresh()
    assert [(fake.clock(), fake.clock.frozen) for fake in replicas] == [(AT + 65, True)] * 2
    other.settable_clock().unfreeze()
    one.refresh()
    assert [fake.clock.frozen for fake in replicas] == [False, False]
    assert one.clock() == pytest.approx(AT + 65, abs=30)
    one.settable_clock().restore()
    other.refresh()
    assert other.clock() < AT


def test_a_clock_that_cannot_be_set_stays_as_it_was(replicas):
    """A time that is in no calendar is refused, and no replica has it."""
    one, other = replicas
    one.settable_clock().freeze(AT)
    with pytest.raises(ValueError, match="must be 0 seconds or more, not -1"):
        other.settable_clock().advance(-1)
    with pytest.raises(ValueError, match="from 0"):
        other.settable_clock().freeze(1e20)
    one.refresh()
    other.refresh()
    assert [fake.clock() for fake in replicas] == [AT, AT]


def test_no_change_of_the_settings_is_lost(replicas):
    """Of clocks advanced at all replicas at once, and a scenario played meanwhile, each counts."""
    one, other = replicas
    one.settable_clock().freeze(AT)
    with ThreadPoolExecutor(4) as pool:
        advanced = [pool.submit(lambda fake=fake: fake.settable_clock().advance(1)) for fake in replicas * 10]
        played = pool.submit(one.play, HAPPY)
        for done in (*advanced, played):
            done.result()
    one.refresh()
    other.refresh()
    assert [(fake.clock(), fake.scenario) for fake in replicas] == [(AT + 20, HAPPY)] * 2


def test_a_reset_of_all_holds_for_all(replicas):
    """Calls, bills, rules, limits, scenario and set time are gone at each replica; numbers go on."""
    one, other = replicas
    one.play(THROTTLED)
    one.settable_clock().freeze(AT)
    status_of(one)
    other.reset()
    assert status_of(one) == 200
    assert [fake.store.journal().total for fake in replicas] == [1, 1]
    assert total_of(other.store.ledgers().values()).calls == 1
    assert [entry.number for entry in one.store.journal().entries] == [2]
    assert (one.scenario, one.options.latency, one.options.limits, one.clock.frozen) == (None, None, None, False)


def test_a_reset_of_a_namespace_leaves_the_others(replicas):
    """Its calls are gone at each replica; those of others, the scenario and the time stay."""
    one, other = replicas
    one.play(HAPPY)
    status_of(one, "sk-mock-a")
    status_of(one, "sk-mock-b")
    other.reset("a")
    assert [entry.namespace for entry in one.store.journal().entries] == ["b"]
    one.refresh()
    assert one.scenario == HAPPY


def test_a_lasting_scenario_is_played_again_after_a_reset(replicas):
    """The reset at one replica gives back to all what the server was started with."""
    one, other = replicas
    one.play(THROTTLED, lasting=True)
    assert status_of(other) == 429
    other.play(HAPPY)
    assert status_of(one) == 200
    one.reset()
    assert [status_of(fake) for fake in (other, one, other)] == [429, 429, 200]
    assert other.scenario == THROTTLED


def test_a_replica_that_joins_leaves_the_scenario_of_the_others(join):
    """Its own is empty, or the one that is played; rules that were used are not used again."""
    one = join()
    one.play(THROTTLED, lasting=True)
    assert [status_of(one), status_of(one)] == [429, 429]
    for scenario in (THROTTLED, Scenario()):
        joined = join()
        joined.play(scenario, lasting=True)
        assert status_of(joined) == 200
        assert joined.scenario == THROTTLED


def test_a_setting_that_the_store_did_not_take_holds_nowhere(replicas, monkeypatch):
    """A replica whose engine is gone refuses to set its clock, and stays at the time of all."""
    one, _ = replicas
    clock = one.settable_clock()

    def refuse(*_, **__):
        raise StoreUnavailableError("gone")

    monkeypatch.setattr(one.store, "share_settings", refuse)
    with pytest.raises(StoreUnavailableError):
        clock.freeze(AT)
    assert not clock.frozen


def test_a_call_is_answered_by_what_holds_while_the_page_takes_it_over(replicas, monkeypatch):
    """A thread that has read a new scenario, and not applied it yet, leaves no call of another thread the old one."""
    one, other = replicas
    begun, may_end = Event(), Event()
    apply = other._behave_as
    page = Thread(target=other.refresh)

    def apply_slowly(scenario):
        if current_thread() is page:
            begun.set()
            may_end.wait(10)
        apply(scenario)

    monkeypatch.setattr(other, "_behave_as", apply_slowly)
    one.play(THROTTLED)
    page.start()
    assert begun.wait(10)
    assert other.answer(call()).delay == 0.25
    may_end.set()
    page.join()


def test_a_frozen_clock_counts_the_same_for_all(replicas):
    """Rates hold on a frozen clock although the clocks of the machines differ: it says the same everywhere."""
    first, second = replicas
    first.settable_clock().freeze(1_800_000_000.0)
    second.refresh()
    second.store.engine.skew = 5.0
    limits = Limits(rps=1)
    admitted = [
        fake.store.admit("a", "emoji-detect-v1", limits, fake.clock()).refused_by for fake in (first, second, first)
    ]
    assert admitted == [None, "rps", "rps"]


@pytest.mark.parametrize(
    "path",
    ["/api/v1/uploads?action=getPolicy&model=emoji-detect-v1", "/api/v1/tasks/x", "/dashscope-result-bj/1d/x.mp4"],
)
def test_every_vendor_route_answers_503_without_the_store(join, monkeypatch, path):
    """Also one that finds the account by its store, before the body is read: in the vendor's shape, not the server's."""
    fake = join()
    monkeypatch.setattr(fake.store, "_engine", Engine(StoreAddress.parse("valkey://127.0.0.1:1/0")))
    with running(fake) as live:
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-mock-me\r\n\r\n"
        (answer,) = live.send(request.encode())
    assert answer[0] == 503
    assert b'"code":"ModelServingError"' in answer[2]
