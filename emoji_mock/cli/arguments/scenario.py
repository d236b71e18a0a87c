"""What `emoji-mock scenario` takes; light, for every start of the command reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


def describe(add_verb: Callable[..., ArgumentParser]) -> None:
    """Add the verb to a command line."""
    scenario = add_verb("scenario", help="list, show or check scenarios", description="Named lists of rules.")
    deeds = scenario.add_subparsers(metavar="VERB", required=True, title="verbs")
    for deed, argument, told in (
        ("list", None, "list the shipped ones"),
        ("show", "NAME", "print the file of one"),
        ("check", "FILE", "tell the first mistake in each file; the exit status is 0 if there is none"),
    ):
        parser = deeds.add_parser(deed, help=told, description=f"{told[0].upper()}{told[1:]}.")
        parser.set_defaults(run=_scenario, deed=deed, names=())
        if argument is not None:
            parser.add_argument("names", metavar=argument, nargs="+" if deed == "check" else 1)


def _scenario(chosen: Namespace) -> int:
    from emoji_mock.cli import scenario as scenario_module  # noqa: PLC0415

    return scenario_module.run(chosen.deed, chosen.names)
