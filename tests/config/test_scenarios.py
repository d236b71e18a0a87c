"""Scenarios by name and by path, and those that are shipped."""

from collections import Counter

import pytest
from helpers import call, status_and_body

from emoji_mock import Fake, Limits, Options, Rule
from emoji_mock.config.scenarios import find, load, shipped
from emoji_mock.config.toml_file import FileError
from emoji_mock.fake.rules.scenario import Scenario

GOOD = 'description = "One."\n[[rules]]\nfault = "reset"\n'


def met(name, calls):
    """Return how often calls ended how in a scenario."""
    fake = Fake()
    fake.play(find(name))
    for _ in range(calls):
        fake.answer(call())
    return Counter(
        entry.fault or entry.code or str(entry.outcome) for entry in fake.store.journal(limit=10_000).entries
    )


def test_five_scenarios_are_shipped():
    """Each is valid, has a description, and has the name of its file."""
    assert list(shipped()) == ["flaky-monday", "free-tier-ends", "happy", "retired-model", "slow-network"]
    assert all(find(name).name == name and find(name).description for name in shipped())


@pytest.mark.parametrize(
    ("name", "calls", "ends"),
    [
        ("happy", 50, {"passed": 50}),
        ("free-tier-ends", 25, {"passed": 20, "AllocationQuota.FreeTierOnly": 5}),
        ("retired-model", 3, {"AccessDenied": 3}),
    ],
)
def test_simple_scenarios(name, calls, ends):
    """Only valid answers; the end of the free tier; the end of the model."""
    assert met(name, calls) == ends


def test_monday_is_flaky_and_repeats():
    """About one call in five goes wrong, in seven ways, and the same calls each time."""
    once = met("flaky-monday", 1000)
    assert 780 < once.pop("passed") < 860
    assert set(once) == {"Throttling.RateQuota", "ModelServingError", "InternalError", "bad_gateway", "reset", "empty_reply", "truncated_body"}  # fmt: skip
    assert met("flaky-monday", 1000) == met("flaky-monday", 1000)


def test_a_slow_network_delays_every_answer():
    """Half take longer than 1.2 seconds, some drip, few stall."""
    fake = Fake()
    fake.play(find("slow-network"))
    replies = [fake.answer(call()) for _ in range(500)]
    delays = sorted(reply.delay for reply in replies)
    assert 1.1 < delays[250] < 1.3
    assert {getattr(reply, "kind", "none") for reply in replies} == {"none", "stall", "stall_in_body", "drip"}


def test_a_scenario_replaces_the_one_before():
    """Its rules replace everyone's, its latency the former one; a reset ends it."""
    fake = Fake()
    fake.play(find("slow-network"))
    fake.play(find("retired-model"))
    assert status_and_body(fake.answer(call())) == (
        403, '{"code":"AccessDenied","message":"Access denied.","request_id":"ID"}',
    )  # fmt: skip
    assert fake.options.latency is None
    fake.play(find("slow-network"))
    fake.reset()
    assert (fake.scenario, fake.options.latency, fake.store.rules()) == (None, None, [])


def test_a_reset_restores_what_the_server_was_started_with():
    """Its rules unused, its latency and its limits, whatever was changed since; chance restarts."""
    started = Scenario(
        latency=0.5,
        limits=Limits(images=3),
        rules=[Rule(outcome="failed", code="Value", times=1), Rule(fault="reset", chance=0.5)],
    )
    fake = Fake(Options(seed=7))
    fake.play(started, lasting=True)

    def met():
        return [getattr(fake.answer(call()), "kind", "none") for _ in range(30)]

    before = met()
    fake.play(find("retired-model"))
    fake.store.replace_rules([])
    fake.reset()
    assert (fake.scenario, fake.options.latency, fake.options.limits) == (started, 0.5, Limits(images=3))
    assert [(standing.rule, standing.used) for standing in fake.store.rules()] == [(rule, 0) for rule in started.rules]
    assert met() == before


def test_it_holds_as_many_rules_as_one_namespace(tmp_path):
    """A file with more is refused when it is read, not only when it is played."""
    path = tmp_path / "many.toml"
    path.write_text('description = "x"\n' + '[[rules]]\nfault = "reset"\n' * 1000)
    Fake().play(load(path))
    path.write_text(path.read_text() + '[[rules]]\nfault = "reset"\n')
    with pytest.raises(FileError, match=r"rules: .*1000"):
        load(path)


def test_the_rules_of_a_namespace_come_first():
    """A scenario is for everyone, after the rules of the namespace, and survives a reset of the namespace."""
    fake = Fake()
    fake.play(find("retired-model"))
    fake.store.add_rule(Rule(outcome="passed", times=1), "test")
    assert [fake.answer(call()).status for _ in range(2)] == [200, 403]
    fake.reset("test")
    assert fake.answer(call()).status == 403


def test_a_path_is_looked_for_in_the_folders_in_turn(tmp_path):
    """The first folder that has the file decides; a name is never a path."""
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    (two / "mine.toml").write_text(GOOD)
    assert find("mine.toml", one, two).name == "mine"
    assert find(str(two / "mine.toml")).rules[0].fault == "reset"
    with pytest.raises(FileError, match=r"one/mine2\.toml: No such file or directory"):
        find("mine2.toml", one, two)
    with pytest.raises(ValueError, match="unknown scenario 'flaky-munday'; did you mean flaky-monday"):
        find("flaky-munday")


def test_a_scenario_needs_a_description(tmp_path):
    """Without one it is refused; a `name` takes precedence over that of the file."""
    path = tmp_path / "mine.toml"
    path.write_text(f'name = "other"\n{GOOD}')
    assert load(path).name == "other"
    path.write_text("seed = 1")
    with pytest.raises(FileError, match=r"mine\.toml: description: missing; say what"):
        load(path)


def test_its_limits_replace_everyones():
    """Everyone's former limits are dropped, those of a namespace stay."""
    fake = Fake()
    fake.store.set_limits(Limits(images=1))
    fake.store.set_limits(Limits(images=2), "alice")
    fake.play(find("free-tier-ends"))
    assert fake.store.limits() == {"alice": Limits(images=2)}
    assert fake.options.limits == Limits(images=20)
    fake.play(find("happy"))
    assert fake.options.limits is None
