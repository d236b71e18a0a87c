"""What stands on the command line, each told in a sentence if it will not do; what a value needs loads with it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emoji_mock.fake.network.latency import Latency
    from emoji_mock.fake.rules.rule import Rule


def port(text: str) -> int:
    """Return a port, or 0."""
    number = int(text) if text.isdecimal() else -1
    if not 0 <= number <= 65_535:  # noqa: PLR2004 - the range of a port
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 0 to 65535")
    return number


def count(text: str) -> int:
    """Return a whole number from 0 on."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 on")
    return int(text)


def scale(text: str) -> float:
    """Return a share of time."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1000:  # noqa: PLR2004 - as Options says
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 (at once) to 1000")
    return share


def positive(text: str) -> int:
    """Return a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def seed(text: str) -> int:
    """Return a whole number of 64 bits."""
    try:
        number = int(text)
    except ValueError:
        number = 2**63
    if not -(2**63) <= number < 2**63:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 64 bits")
    return number


def failed_as(text: str) -> int:
    """Return the HTTP status of a failed detection (argparse's `choices` are worded by each Python in its own way)."""
    if text not in ("200", "400"):
        raise argparse.ArgumentTypeError(f"{text!r} is neither 200 nor 400")
    return int(text)


def fault(text: str) -> Rule:
    """Return the rule of `reset`, or of `reset=0.05`."""
    from emoji_mock.fake.network.faults import fault_kind  # noqa: PLC0415
    from emoji_mock.fake.rules.rule import Rule  # noqa: PLC0415

    kind, given, chance = text.partition("=")
    try:
        share = float(chance) if given else None
    except ValueError:
        raise argparse.ArgumentTypeError(f"{chance!r} is no chance such as 0.05") from None
    try:
        return Rule(fault=fault_kind(kind), chance=share)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("fault: ")) from None


def latency(text: str) -> Latency:
    """Return seconds, or a distribution."""
    from emoji_mock.fake.network.latency import read_latency  # noqa: PLC0415

    try:
        return read_latency(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("latency: ")) from None


def limit(text: str) -> str:
    """Return one limit, or several, that can be read."""
    from emoji_mock.fake.accounting.limits import read_limits  # noqa: PLC0415

    try:
        read_limits(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error).removeprefix("limits: ")) from None
    return text


def scenario(text: str) -> str:
    """Return the name of a scenario that is shipped, or a path, which is looked at later."""
    from emoji_mock.config.scenarios import find, is_path  # noqa: PLC0415

    if not is_path(text):
        try:
            find(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error).removeprefix("scenario: ")) from None
    return text
