"""A page as a session: its files are written, its commands run, and what they print is compared with what it shows."""

import os
import random
import re
import shutil
import socket
import time
from contextlib import ExitStack
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path
from textwrap import indent

from helpers import picture
from page_blocks import COMMANDS, DOCUMENTS, TEXT, PageError, read_blocks
from page_commands import (
    PORT,
    in_background,
    in_the_background,
    is_server,
    missing_packages,
    port_of,
    prepare,
    split_console,
    with_port,
)
from page_documents import check_document
from page_output import ANY, difference, fits
from page_shell import PageShell, without_network
from page_workflows import read_steps
from real_programs import npm_packages
from recording_files import mp4, wav

SECONDS = 90
"""What a page may take, below the limit of a test."""
_HEAD = "import httpx, pytest, emoji_mock; from my_app import *\n"
_IN_A_TEST = "@pytest.mark.emoji(strict=False)\ndef test_example(emoji_api):\n    client = make_client()\n"
_OTHER_PLUGINS = ("schemathesis", "valkey")
"""Plugins whose names pages use for something else."""


@cache
def _portrait():
    from emoji_mock.media.portraits import Portrait, draw

    try:
        image, _ = draw(Portrait(seed=7, size=(640, 800)))
    except ImportError:
        return picture()
    from io import BytesIO

    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


READERS_FILES = {"me.png": _portrait, "song.wav": wav, "dance.mp4": mp4}
"""Files that a reader has: they are there on each page that names them."""


def choose_port():
    """Return the port that pages name, or where it may be in use a free one, as long as it."""
    if without_network():
        return PORT
    while True:
        port = random.randrange(1_100, 9_999)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


@cache
def _plugins():
    """Return pytest's plugins here by name, with the words by which a page may mention them."""
    found = {}
    for distribution in metadata.distributions():
        for point in distribution.entry_points.select(group="pytest11"):
            if point.name not in _OTHER_PLUGINS:
                found[point.name] = {point.name, distribution.name.lower()}
    return found


def _pytest_options(text):
    """Return what lets pytest load only the plugins that a page mentions, as some of the others take seconds."""
    words = set(re.findall(r"[\w-]+", text.lower()))
    plugins = {"emoji_mock", *(name for name, names in _plugins().items() if names & words)}
    # `-p asyncio` is said to come too late for the module of that name in the standard library.
    options = [
        "-p no:cacheprovider",
        "-W ignore::pytest.PytestAssertRewriteWarning",
        *(f"-p {name}" for name in sorted(plugins)),
    ]
    if any("hypothesis" in name for name in plugins):
        options.append("--hypothesis-profile=ci")  # no deadline: the machine may be slow
    return " ".join(options)


class PageSession:
    """A page that is run in `folder`, with files of its own beside it in `work`."""

    def __init__(self, text, folder, work):
        self._text, self._folder, self._work, self._port = text, folder, work, choose_port()
        self._examples, self._written = [], {}
        for name, make in READERS_FILES.items():
            if name in text:
                (folder / name).write_bytes(make())
        packages = npm_packages()
        if "npm:" in text and packages:
            (folder / "node_modules").symlink_to(packages)
        self._stack = ExitStack()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stack.close()

    @cached_property
    def _shell(self):
        """The bash, which a page without commands does not start."""
        shell = PageShell(self._folder, self._work, SECONDS, PYTEST_ADDOPTS=_pytest_options(self._text))
        self._stack.callback(shell.close)
        return shell

    def run(self, blocks):
        """Run the blocks of the page; a mistake is a `PageError`, and so is a block for which nothing is done."""
        for block in blocks:
            if not block.not_run and not self._use(block):
                raise PageError(block.line, f"nothing is done with this block of {block.language}")
        self._run_examples()
        self._require_reading()

    def _use(self, block):
        """Do all that is to be done with a block, and return what it was."""
        used = []
        if block.language in DOCUMENTS:
            used.append("checked")
            check_document(block, self._work)
        if block.language == "yaml":
            for job, script in read_steps(block):
                self._require(block.line, script)
                self._finish(block.line, f"the job `{job}`", prepare(script, self._port), 0)
        if block.title:
            used.append("written")
            self._write(block)
        elif block.language == "python":
            used.append("run")
            self._examples.append(block)
        elif block.language in COMMANDS:
            used.append("run")
            (self._run_console if block.language == "console" else self._run_script)(block)
        elif block.language == TEXT:
            used.append("shown")
        return used

    def _run_console(self, block):
        commands = split_console(block)
        if not commands:
            raise PageError(block.line, "no command: a line that begins with `$ `")
        servers = [command for command in commands if is_server(command.text)]
        if servers and not block.background and not block.status:
            raise PageError(
                servers[0].line, f"`{servers[0].text}` does not end: put <!-- background --> before the block"
            )
        behind = (servers or commands[-1:]) if block.background else []
        for command in commands:
            if command in behind:
                self._start(command, background=True)
            else:
                self._run_command(command, block.status if command is commands[-1] else 0)

    def _write(self, block):
        path = self._folder / block.title
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(with_port(block.text, self._port), "utf-8")
        os.utime(path, (0, path.stat().st_mtime))
        self._written[path] = block.line

    def _require(self, line, text):
        problems = missing_packages(text)
        if problems:
            raise PageError(line, "; ".join(problems))

    def _finish(self, line, what, script, status):
        """Run a script to its end and return its output; another exit status is a mistake."""
        try:
            ended = self._shell.run(script)
        except TimeoutError as error:
            raise PageError(line, f"{what} has not ended after {SECONDS} s; its output:\n{error}") from None
        if ended.status != status:
            came = "has ended bash" if ended.status is None else f"has exit status {ended.status}, not {status}"
            raise PageError(line, f"{what} {came}; its output:\n{ended.output}")
        return ended.output

    def _run_command(self, command, status):
        self._require(command.line, command.text)
        script = prepare(command.text, self._port)
        if not script.strip():
            return
        if in_background(command.text):
            self._start(command, background=False)
            return
        expected = with_port(command.output, self._port)
        actual = self._finish(command.line, f"`{command.text}`", script, status)
        if not fits(expected, actual):
            raise PageError(command.line, f"`{command.text}` prints something else:\n{difference(expected, actual)}")

    def _start(self, command, *, background):
        """Start a command in the background, and wait until it listens on its port and has printed what is shown."""
        expected, script = with_port(command.output or ANY, self._port), prepare(command.text, self._port)
        if background:
            port = port_of(script)
            script = f"{{ {script}\n}} & " + (f"wait_for_port {port} $!" if port else "")
        ended = self._shell.run(script)
        until = time.monotonic() + 20
        while ended.status or not fits(expected, ended.output):
            if ended.status or time.monotonic() > until or not self._shell.has_job():
                problem = f"`{command.text}` has not started as shown:\n{difference(expected, ended.output)}"
                raise PageError(command.line, problem)
            time.sleep(0.02)

    def _run_script(self, block):
        """Run a block in `sh` up to the first command that fails, which is named."""
        text = in_the_background(block.text) if block.background else block.text
        self._require(block.line, text)
        lines = text.splitlines()
        for number, line in enumerate(lines, block.line + 1):
            if is_server(line) and not block.status:
                raise PageError(number, f"`{line}` does not end: put <!-- background --> before the block")
        failed = self._work / "failed"
        script = prepare(text, self._port)
        if block.status == 0:
            script = f"set -e; trap 'echo $LINENO >{failed}' ERR\n{script}\ntrap - ERR; set +e"
        try:
            self._finish(block.line, f"`{lines[0]}`", script, block.status)
        except PageError as error:
            if failed.exists():
                number = int(failed.read_text()) - 2
                problem = error.problem.replace(lines[0], lines[number], 1)
                raise PageError(block.line + 1 + number, problem) from None
            raise

    def _run_examples(self):
        """Run the parts of programs as tests, or in one, all in one run of pytest; lines are those of the page."""
        if not self._examples:
            return
        folder = self._folder / ".blocks"
        folder.mkdir()
        if not (self._folder / "my_app.py").exists():
            shutil.copy(Path(__file__).with_name("page_app.py"), folder / "my_app.py")
        for block in self._examples:
            code = block.text
            head = _HEAD
            if "def test_" not in code:
                head, code = _HEAD + _IN_A_TEST, indent(code, "    ")
            lines = head.count("\n")
            head = _HEAD + "\n" * max(0, block.line - lines) + head.removeprefix(_HEAD)
            (folder / f"test_line_{block.line}.py").write_text(head + code, "utf-8")
        script = f"cd {self._folder}; python -m pytest -q --color=no --rootdir .blocks .blocks/test_line_*.py"
        self._finish(self._examples[0].line, "a block in Python, run by pytest,", script, 0)

    def _require_reading(self):
        """Refuse a file that no command has read, where the file system keeps the time of the last reading."""
        probe = self._work / "probe"
        probe.write_text("x")
        os.utime(probe, (0, probe.stat().st_mtime))
        probe.read_text()
        if probe.stat().st_atime == 0:
            return
        for path, line in self._written.items():
            if path.exists() and path.stat().st_atime == 0:
                name = path.relative_to(self._folder).as_posix()
                raise PageError(line, f"no command of the page uses the file `{name}`")


def run_page(text, folder):
    """Run a page in a fresh folder; a mistake is a `PageError` with its line."""
    blocks = read_blocks(text)
    page, work = folder / "page", folder / "work"
    page.mkdir()
    work.mkdir()
    with PageSession(text, page, work) as session:
        session.run(blocks)
