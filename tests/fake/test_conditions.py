"""Network conditions: which calls they apply to, what the journal records of them, and what they cost."""

import json

import pytest
from helpers import call

from emoji_mock import Fake, Options, Rule
from emoji_mock.contract.exchange import Fault, Response
from emoji_mock.fake.network.faults import FaultKind
from emoji_mock.fake.network.latency import Latency

BILLED = {"truncated_body", "stall_in_body", "malformed_json", "drip"}


@pytest.mark.parametrize("kind", FaultKind)
def test_what_a_fault_leaves_behind(fake, kind):
    """The journal names the fault; an answer that was under way is billed, and one that is whole in the end is passed."""
    fake.store.add_rule(Rule(fault=kind, times=1))
    reply = fake.answer(call())
    entry = fake.store.journal().entries[0]
    assert entry.fault == kind
    assert entry.outcome == ("passed" if kind == "drip" else "fault")
    assert entry.billed is (kind in BILLED)
    ledger = fake.store.ledgers()["test"]
    assert (ledger.images, ledger.calls) == (int(kind in BILLED), 1)
    if isinstance(reply, Fault):
        assert (reply.kind, reply.number) == (kind, 1)
        assert json.loads(reply.response.body)["usage"] == {"image_count": 1}
    else:
        assert kind in {"malformed_json", "bad_gateway", "gateway_timeout"}
    assert fake.answer(call()).status == 200


def test_a_lost_error_costs_nothing(fake):
    """A truncated answer that would have been an error is not billed."""
    fake.store.add_rule(Rule(fault="truncated_body"))
    assert fake.answer(call(key="sk-mock-arrears")).response.status == 400
    assert fake.store.journal().entries[0].billed is False


def test_the_network_does_not_look_at_the_key_first(fake):
    """A call that the vendor would refuse meets the fault as well, on any path; rules with an outcome do not."""
    fake.store.replace_rules([Rule(outcome="failed", code="FacePose"), Rule(fault="reset", times=2)])
    assert isinstance(fake.answer(call(authorization=None)), Fault)
    assert isinstance(fake.answer(call(target="/nowhere")), Fault)
    assert fake.answer(call(authorization=None)).status == 401


def test_a_fault_for_some_calls_only(fake):
    """A fault has the criteria of any rule."""
    fake.store.add_rule(Rule(fault="reset", key="sk-mock-a"))
    assert isinstance(fake.answer(call(key="sk-mock-a")), Fault)
    assert isinstance(fake.answer(call(key="sk-mock-b")), Response)


def test_chance_repeats_by_seed_and_keeps_its_share():
    """Rules with a chance meet their share of the calls, each independently of the other, and a seed repeats which."""

    def world(seed):
        fake = Fake(Options(seed=seed))
        fake.store.replace_rules([Rule(fault="reset", chance=0.25), Rule(fault="stall", chance=0.25)])
        return [getattr(fake.answer(call()), "kind", "") for _ in range(2000)]

    kinds = world(7)
    assert kinds.count("reset") == pytest.approx(500, abs=80)
    assert kinds.count("stall") == pytest.approx(375, abs=80)  # a quarter of what is left
    assert kinds == world(7)
    assert kinds != world(8)


def test_latency_is_in_the_answer_and_in_its_headers(fake):
    """An answer that is held back says so in its time headers, and is otherwise what it would have been."""
    fake.store.add_rule(Rule(latency=Latency(constant=1.5)))
    response = fake.answer(call())
    assert response.delay == 1.5
    headers = dict(response.headers)
    assert headers["req-cost-time"] == "1500"
    assert int(headers["resp-start-time"]) - int(headers["req-arrive-time"]) == 1500
    assert fake.store.journal().entries[0].delay == 1.5


def test_every_answer_may_be_slow():
    """The option holds every answer back, a rule's latency adds to it."""
    fake = Fake(Options(latency=0.5))
    fake.store.add_rule(Rule(latency=1, times=1))
    assert [fake.answer(call()).delay, fake.answer(call(authorization=None)).delay] == [1.5, 0.5]


def test_waits_add_up_and_end_nothing(fake):
    """A rule that says only how slow an answer is holds together with those that follow; each of them is used."""
    rules = [
        Rule(latency=1, times=1),
        Rule(latency=2),
        Rule(outcome="error", code="RateQuota", latency=4),
        Rule(latency=8),
    ]
    fake.store.replace_rules(rules)
    assert [(reply.status, reply.delay) for reply in (fake.answer(call()) for _ in range(2))] == [(429, 7), (429, 6)]
    assert [standing.used for standing in fake.store.rules()] == [1, 2, 2, 0]


def test_an_error_may_ask_for_a_pause(fake):
    """`retry_after` is the header of a rule's error, and of nothing else."""
    fake.store.add_rule(Rule(outcome="error", code="RateQuota", retry_after=2, times=1))
    assert [dict(fake.answer(call()).headers).get("retry-after") for _ in range(2)] == ["2", None]
    assert [entry.retry_after for entry in fake.store.journal().entries] == ["2", ""]


def test_a_rule_for_latency_leaves_the_rest_to_the_picture(fake):
    """A rule that says only how slow an answer is does not say what it is."""
    fake.store.add_rule(Rule(latency=0.1))
    payload = json.dumps(
        {
            "model": "emoji-detect-v1",
            "input": {"image_url": "https://emoji-mock.test/failed/Value.png"},
            "parameters": {"ratio": "1:1"},
        }
    ).encode()
    assert b"InvalidFile.Value" in fake.answer(call(payload)).body


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "outcome: a rule must have an outcome, a fault or a latency"),
        (
            {"fault": "flood"},
            "fault: unknown fault 'flood'; choose from refused, close, reset, empty_reply, garbage, stall, ",
        ),
        ({"fault": "reset", "outcome": "passed"}, "fault: must be left out of a rule with an outcome"),
        ({"fault": "reset", "seconds": 3}, "seconds: must be left out unless the fault is a stall or a drip"),
        ({"fault": "stall", "seconds": 0}, "seconds: must be more than 0 and at most 3600 seconds, not 0"),
        ({"latency": 3601}, "latency: must be from 0 to 3600 seconds, not 3601"),
        ({"fault": "reset", "chance": 0}, "chance: must be more than 0 and at most 1, not 0"),
        ({"fault": "reset", "code": "FacePose"}, "code: must be left out of a rule without an outcome"),
        ({"outcome": "passed", "retry_after": 2}, "retry_after: must be left out unless the outcome is error"),
        (
            {"outcome": "error", "code": "RateQuota", "retry_after": 1.5},
            "retry_after: must be whole seconds from 0 to 86400, not 1.5",
        ),
        ({"outcome": "done"}, "outcome: unknown outcome 'done'; choose from passed, failed, error"),
        ({"outcome": "fault"}, "outcome: unknown outcome 'fault'; choose from passed, failed, error"),
    ],
    ids=str,
)
def test_a_senseless_rule_for_the_network_is_refused(arguments, said):
    """The message names the field, what was wrong, and what would be right."""
    with pytest.raises(ValueError) as error:
        Rule(**arguments)
    assert str(error.value).startswith(said)


def test_hyphens_are_good(fake):
    """A fault may be written as on a command line."""
    fake.store.add_rule(Rule(fault="Empty-Reply"))
    assert fake.answer(call()).kind == "empty_reply"
