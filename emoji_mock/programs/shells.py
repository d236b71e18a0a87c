"""Changes of the environment as text that a shell, or a program that reads JSON, understands. Pure."""

from __future__ import annotations

import json
import os
import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def render(changes: Mapping[str, str | None], shell: str) -> str:
    """Return the text that makes `changes` in `shell`, one of SHELLS; None unsets a variable."""
    if shell == "json":
        return json.dumps(dict(changes), indent=2, ensure_ascii=False)
    set_one, unset_one = _WRITERS[shell]
    return "\n".join(unset_one(name) if value is None else set_one(name, value) for name, value in changes.items())


def _for_sh(name: str, value: str) -> str:
    return f"export {name}={shlex.quote(value)}"


def _for_fish(name: str, value: str) -> str:
    # https://fishshell.com/docs/current/language.html#quotes: \' and \\ are the escapes within single quotes.
    escaped = re.sub(r"(['\\])", r"\\\1", value)
    return f"set -gx {name} '{escaped}'"


def _for_powershell(name: str, value: str) -> str:
    # PowerShell takes four typographic quotes for a single quote, too (CharTraits.IsSingleQuote in its source).
    doubled = re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value)
    return f"$env:{name} = '{doubled}'"


_WRITERS: dict[str, tuple[Callable[[str, str], str], Callable[[str], str]]] = {
    "sh": (_for_sh, "unset {}".format),
    "fish": (_for_fish, "set -e {}".format),
    "powershell": (_for_powershell, "Remove-Item -ErrorAction SilentlyContinue Env:{}".format),
}
SHELLS = (*_WRITERS, "json")
"""The shells whose syntax is known, and JSON, in which null unsets a variable."""
DEFAULT_SHELL = "powershell" if os.name == "nt" else "sh"
"""The shell whose syntax is taken where none is named."""
