"""What `emoji-mock catalogue` and `explain` takes; light, for every start of the command reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


def describe(add_verb: Callable[..., ArgumentParser]) -> None:
    """Add the verbs to a command line."""
    catalogue = add_verb("catalogue", help="list every code", description="List every code that the fake knows.")
    catalogue.set_defaults(run=_catalogue)
    catalogue.add_argument("--json", action="store_true", help="print JSON with everything that is known")

    explain = add_verb("explain", help="explain one code", description="Explain one code, in full or its end.")
    explain.set_defaults(run=_explain)
    explain.add_argument("code", metavar="CODE", help="such as FacePose, Throttling.RateQuota or model-not-exist")


def _catalogue(chosen: Namespace) -> int:
    from emoji_mock.cli.catalogue import catalogue  # noqa: PLC0415

    return catalogue(as_json=chosen.json)


def _explain(chosen: Namespace) -> int:
    from emoji_mock.cli.catalogue import explain  # noqa: PLC0415

    return explain(chosen.code)
