"""Numbers on the command line, each told in a sentence if it will not do."""

import argparse


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
