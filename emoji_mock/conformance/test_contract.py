"""The contract as tests, one for each case: `pytest --pyargs emoji_mock.conformance --emoji-target URL`.

Calls to the live service need `--emoji-target live --emoji-live` and a key; `--emoji-budget N` limits the images.
"""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from emoji_mock.conformance.cases import CASES
from emoji_mock.conformance.judge.result import Assessment, CaseResult
from emoji_mock.conformance.runner import Runner, order_cases
from emoji_mock.conformance.targets.selection import is_live, parse_pictures, target_for
from emoji_mock.conformance.targets.target import TargetError

if TYPE_CHECKING:
    from collections.abc import Callable


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Create a test for each case, named by the case and its provenance; free cases first."""
    marks = [pytest.mark.emoji_live] if _is_live(metafunc.config) else []
    metafunc.parametrize(
        "name",
        [
            pytest.param(
                case.name,
                id=f"{case.name}:{'+'.join(mark.name.lower() for mark in case.provenance.known)}",
                marks=marks,
            )
            for case in order_cases(CASES)
        ],
    )


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> dict[str, CaseResult]:
    """Run the selected cases together: only all answers show whether the model is served."""
    config = request.config
    if _is_live(config) and "PYTEST_XDIST_WORKER" in os.environ:
        pytest.fail("live calls share one budget and one rate limit; run them without -n", pytrace=False)
    selected = {item.name for item in request.session.items}
    chosen = [case for case in CASES if any(name.startswith(f"test_promise[{case.name}:") for name in selected)]
    words: list[str] = config.getoption("emoji_picture") or []
    try:
        with closing(target_for(_target(config), pictures=parse_pictures(words))) as target:
            report = Runner(target, budget=_budget(config)).run(chosen)
    except (TargetError, ValueError) as error:
        request.session.shouldfail = "no case can be judged"  # otherwise each test repeats the message
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    return {result.case.name: result for result in report.results}


def test_promise(name: str, results: dict[str, CaseResult], record_property: Callable[[str, object], None]) -> None:
    """The target keeps the promise of the case. A wrong guess is an expected failure, an undecided case a failure."""
    result = results[name]
    record_property("provenance", str(result.case.provenance))
    details = _details(result)
    if result.assessment in (Assessment.DRIFTED, Assessment.UNDECIDED):
        pytest.fail(f"{result.assessment}: {details}", pytrace=False)
    if result.assessment is Assessment.CAN_TIGHTEN:
        pytest.xfail(f"the contract can be tightened: {details}")
    if result.assessment is not Assessment.CONFORMS:
        pytest.skip(f"{result.assessment}: {details}")


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
        raise ValueError(f"--emoji-budget: must be a number from 0 on, not {text!r}")
    return int(text) if text else None


def _details(result: CaseResult) -> str:
    lines = [
        f"{one.kind} ({one.severity}) at {one.where}: contract: {one.contract}, fake: {one.fake}, target: {one.target}"
        for one in result.comparisons
    ]
    return "\n".join([f"{result.case.name}, {result.case.provenance}", *lines, result.reason]).rstrip()
