"""The commands on a page: how a block is divided into them, and what is changed of each before it runs."""

import re
import shlex
from importlib import metadata
from typing import NamedTuple

from packaging.requirements import InvalidRequirement, Requirement
from real_programs import find

PORT = 8000
"""The port that pages name."""
_INSTALL = re.compile(
    r"^\s*(?P<tool>(?:\S*/)?(?:python3? -m )?pip3?|npm) (?:install|ci)\b(?P<words>[^&|;\n#]*)(?:#.*|&& *)?",
    re.MULTILINE,
)
_SERVE = re.compile(r"\bemoji-mock serve\b(?!.*--(?:port|config)\b)")
_REPORT = re.compile(r"\bemoji-mock report\b(?!.*--(?:base-url|url|help)\b)")
_BACKGROUND = re.compile(r"(?<![&>])&[ \t]*(?:#.*)?$", re.MULTILINE)


class Command(NamedTuple):
    """A command of a block in `console`: its line on the page, its text, and the output that is shown."""

    line: int
    text: str
    output: str


def _is_open(lines):
    """Whether a command goes on in the next line: after a backslash, or inside quotes."""
    if lines[-1].endswith("\\"):
        return True
    try:
        shlex.split("\n".join(lines), comments=True)
    except ValueError:
        return True
    return False


def _length(lines):
    """Return how many lines the command has that the first one begins; one that is never closed has one."""
    rest = [number for number, line in enumerate(lines) if number and line.startswith("$ ")]
    last = min([*rest, len(lines)])
    return next((number for number in range(1, last + 1) if not _is_open(lines[:number])), 1)


def split_console(block):
    """Return the commands of a block in `console`."""
    found = []
    lines = block.text.splitlines()
    begin = 0
    while begin < len(lines):
        if lines[begin].startswith("$ "):
            end = begin + _length(lines[begin:])
            found.append((block.line + 1 + begin, "\n".join(lines[begin:end])[2:], []))
        else:
            end = begin + 1
            if found:
                found[-1][2].append(lines[begin])
        begin = end
    return [Command(line, text, "\n".join(output)) for line, text, output in found]


def with_port(text, port):
    """Return a text with the port of this run in place of the one that pages name."""
    return re.sub(rf"(?<![\d.]){PORT}(?![\d.]\d|\d)", str(port), text)


def in_background(text):
    """Whether the last line of a command ends in `&`."""
    return _BACKGROUND.search(text.rstrip().splitlines()[-1]) is not None if text.strip() else False


def is_server(text):
    """Whether a command is a server of this project in the foreground."""
    return re.match(r"emoji-mock serve\b(?!.* --help)", text) is not None and not in_background(text)


def in_the_background(text):
    """Return a script whose servers, or its last command where none is one, run in the background."""
    lines = re.findall(r"(?:.*\\\n)*.+\n?", text.rstrip())
    servers = [number for number, line in enumerate(lines) if is_server(line)] or [len(lines) - 1]
    for number in servers:
        lines[number] = re.sub(r"\s+#.*", "", lines[number]).rstrip() + " &\n"
    return "".join(lines)


def port_of(text):
    """Return the port that a server of a command listens on, or None."""
    found = re.search(r"--port[= ](\d+)", text)
    return int(found[1]) if found else None


def prepare(text, port):
    """Return a script without what installs packages, with the port of this run, that waits for servers it starts."""
    text = _INSTALL.sub("", text)
    text = _SERVE.sub(rf"emoji-mock serve --port {port}", with_port(text, port))
    text = _REPORT.sub(rf"emoji-mock report --base-url http://127.0.0.1:{port}", text)

    def wait(found):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        number = port_of(line)
        return f"& wait_for_port {number} $!" if number else "&"

    return _BACKGROUND.sub(wait, text)


def missing_packages(text):
    """Return the packages that a command installs and that are not there, with the reason."""
    missing = []
    for found in _INSTALL.finditer(text):
        words = shlex.split(found["words"], comments=True)
        names = [word for word in words if not word.startswith("-")]
        check = _npm_problem if found["tool"] == "npm" else _pip_problem
        missing += filter(None, map(check, names))
    return missing


def _npm_problem(name):
    name = re.sub(r"(?<=.)@.*", "", name)
    return None if find(f"npm:{name}") else f"no package of npm `{name}` here"


def _pip_problem(text):
    if text.startswith(".") or "/" in text or text.endswith(".txt"):
        return None  # the reader's own project
    try:
        wanted = Requirement(text)
        extras = metadata.metadata(wanted.name).get_all("Provides-Extra") or []
    except InvalidRequirement:
        return f"`{text}` names no package"
    except metadata.PackageNotFoundError:
        return f"no package `{text}` here"
    unknown = {extra for extra in wanted.extras if extra not in extras}
    return f"`{wanted.name}` has no extra {', '.join(sorted(unknown))}" if unknown else None
