"""Render the templates of the page by Jinja2, every value escaped. It knows no web framework: reports use it, too."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).with_name("templates")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"clock": _clock, "moment": _moment, "cny": _cny, "duration": _duration}
    return made


def render(template: str, **values: Any) -> str:  # noqa: ANN401 - what the template names
    """Return the HTML of `templates/NAME.html`; a value that a template names must be given.

    With `live=False` regions have no controls: nothing listens to those of a report.
    """
    return _environment().get_template(f"{template}.html").render({"live": True} | values)


def _clock(at: float) -> str:
    """Return the local time of day of seconds since the epoch."""
    return time.strftime("%H:%M:%S", time.localtime(at))


def _moment(at: float) -> str:
    """Return the local date and time of day of seconds since the epoch."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))


def _duration(seconds: float) -> str:
    """Return a number of seconds in the largest unit that it is a multiple of."""
    for unit, name in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= unit and seconds % unit == 0:
            count = int(seconds // unit)
            return f"{count} {name}{'s' * (count != 1)}"
    return f"{seconds:g} s"


def _cny(amount: float) -> str:
    """Return an amount in CNY, with as many decimals as the vendor's prices have."""
    return f"{amount:.3f}"
