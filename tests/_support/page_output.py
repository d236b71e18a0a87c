"""The output that a page shows, compared with the one that came."""

import difflib
import re

ANY = "…"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def _pattern(line):
    return ".*".join(map(re.escape, line.split(ANY)))


def _lines(text):
    return [line.rstrip() for line in _COLOURS.sub("", text).strip("\n").splitlines()]


def fits(expected, actual):
    """Whether an output is the one that is shown: `…` is any text in a line, a line of it any lines."""
    parts = ["(?:.*\n)*" if line == ANY else _pattern(line) + "\n" for line in _lines(expected)]
    return re.fullmatch("".join(parts), "".join(line + "\n" for line in _lines(actual))) is not None


def difference(expected, actual):
    """Return where an output differs, as lines with `-` (shown on the page) and `+` (what came)."""
    shown, came = _lines(expected), _lines(actual)
    patterns = {line: _pattern(line) for line in shown if line != ANY and ANY in line}
    alike = [next((line for line, pattern in patterns.items() if re.fullmatch(pattern, one)), one) for one in came]
    lines = list(difflib.unified_diff(shown, alike, "shown on the page", "what came", lineterm="", n=50))
    return "\n".join(line for line in lines if not line.startswith("@@")) or "(only blank lines differ)"
