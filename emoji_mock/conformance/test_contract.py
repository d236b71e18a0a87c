"""The contract as tests: `pytest --pyargs emoji_mock.conformance --emoji-target URL`, one test a case.

The live service is asked only with `--emoji-target live --emoji-live`, a key, and `--emoji-budget N` for what it bills.
"""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.judge.result import Result, Verdict
from emoji_mock.conformance.runner import Runner, in_order
from emoji_mock.conformance.targets.server import is_live, pictures_from, target_for
from emoji_mock.conformance.targets.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test of every case, named by the case and how its promise is known; those that cost nothing first."""
    marks = [pytest.mark.emoji_live] if _is_live(metafunc.config) else []
    metafunc.parametrize(
        "name",
        [
            pytest.param(
                case.name,
                id=f"{case.name}:{'+'.join(mark.name.lower() for mark in case.provenance.known)}",
                marks=marks,
            )
            for case in in_order(CASES)
        ],
    )


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> dict[str, Result]:
    """Run the cases that were selected, all at once: whether a model is served shows only in all answers together."""
    config = request.config
    if _is_live(config) and "PYTEST_XDIST_WORKER" in os.environ:
        pytest.fail("live calls keep to one budget and one call a second: run them without -n", pytrace=False)
    selected = {item.name for item in request.session.items}
    chosen = [case for case in CASES if any(name.startswith(f"test_promise[{case.name}:") for name in selected)]
    words: list[str] = config.getoption("emoji_picture") or []
    try:
        with closing(target_for(_target(config), pictures=pictures_from(words))) as target:
            report = Runner(target, budget=_budget(config)).run(chosen)
    except (TargetError, ValueError) as error:
        request.session.shouldfail = "no case can be judged"  # else each says the same again
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    return {result.case.name: result for result in report.results}


def test_promise(name: str, results: dict[str, Result], record_property: Callable[[str, object], None]) -> None:
    """The target answers as the contract promises; a guess that does not hold is an expected failure.

    What could not be judged fails as well, for nobody knows whether it holds.
    """
    result = results[name]
    record_property("provenance", str(result.case.provenance))
    told = _told(result)
    if result.verdict in (Verdict.DRIFTED, Verdict.UNDECIDED):
        pytest.fail(f"{result.verdict}: {told}", pytrace=False)
    if result.verdict is Verdict.TEACHES:
        pytest.xfail(f"the contract can be tightened: {told}")
    if result.verdict is not Verdict.CONFORMS:
        pytest.skip(f"{result.verdict}: {told}")


def _target(config: pytest.Config) -> str:
    return config.getoption("emoji_target") or "fake"


def _is_live(config: pytest.Config) -> bool:
    try:
        return is_live(_target(config))
    except TargetError as error:
        raise pytest.Collector.CollectError(f"--emoji-target: {error}") from None


def _budget(config: pytest.Config) -> int | None:
    text: str | None = config.getoption("emoji_budget")
    if text and not (text.isascii() and text.isdecimal()):
        raise ValueError(f"--emoji-budget: {text!r} is not a number from 0 on")
    return int(text) if text else None


def _told(result: Result) -> str:
    lines = [
        f"{one.kind} ({one.severity}) at {one.where}: the contract wants {one.contract}, "
        f"the fake says {one.fake}, the target says {one.target}"
        for one in result.findings
    ]
    return "\n".join([f"{result.case.name}, {result.case.provenance}", *lines, result.reason]).rstrip()
