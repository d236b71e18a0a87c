"""One bash for a page: isolated, with a deadline, and ended with all that it has started."""

import os
import selectors
import shutil
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import NamedTuple

import psutil

MARK = "EMOJI_MOCK_PAGE"
"""A variable by which processes of a page are known, whoever has become their parent."""
_KEPT = (
    "PATH",
    "PYTHONPATH",
    "NODE_PATH",
    "JAVA_HOME",
    "SSL_CERT_FILE",
    "COVERAGE_PROCESS_CONFIG",
    "COVERAGE_PROCESS_START",
)
_LOOPBACK = """
import fcntl, os, socket, struct
with socket.socket() as one:
    fcntl.ioctl(one, 0x8914, struct.pack("16sh22x", b"lo", 0x41))  # SIOCSIFFLAGS: up, running
os.execvp("bash", ["bash", "--noprofile", "--norc"])
"""
_BEGIN = """
wait_for_port() {
    local tries
    for tries in {1..400}; do
        (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0
        kill -0 "$2" 2>/dev/null || { echo "(it ended before it listened on port $1)"; return 1; }
        sleep 0.05
    done
    echo "(nothing listens on port $1)"
    return 1
}
"""


class Ended(NamedTuple):
    """The end of a script: its exit status (None if it has ended bash with 0) and the file of its output."""

    status: int | None
    path: Path

    @property
    def output(self):
        """Return the output so far: what the script has left in the background may add to it."""
        return self.path.read_text("utf-8", "replace")


@cache
def without_network():
    """Return the command before one that is to have no network but its own loopback, or nothing where that cannot be."""
    command = ["unshare", "--map-root-user", "--net"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*command, "true"], capture_output=True, check=False).returncode
    ):
        return ()
    return (*command, sys.executable, "-IS", "-c", _LOOPBACK)


def environment(home):
    """Return the environment of a page: none of the user's own settings, no key, and no registry of packages."""
    caches = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "COLUMNS": "100",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PIP_NO_INDEX": "1",
        "npm_config_offline": "true",
        "GOCACHE": os.environ.get("GOCACHE", str(caches / "go-build")),
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
    }


class PageShell:
    """A bash in `folder`, to which a page gives one script after the other."""

    def __init__(self, folder, work, seconds, **variables):
        self._work, self._seconds, self._count = work, seconds, 0
        home = work / "home"
        home.mkdir(parents=True)
        (home / ".curlrc").write_text("silent\nshow-error\n")  # as on a terminal, where curl draws no table of progress
        self._id = uuid.uuid4().hex
        self._until = time.monotonic() + seconds
        self._bash = subprocess.Popen(
            without_network() or ("bash", "--noprofile", "--norc"),
            cwd=folder,
            env=environment(home) | {MARK: self._id} | variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._answers = selectors.DefaultSelector()
        self._answers.register(self._bash.stdout, selectors.EVENT_READ)
        self._send(_BEGIN)

    def _send(self, text):
        with suppress(BrokenPipeError):
            self._bash.stdin.write(text.encode() + b"\n")
            self._bash.stdin.flush()

    def run(self, script):
        """Run a script to its end; one that takes longer than the page may is a `TimeoutError` with its output."""
        self._count += 1
        path, out = self._work / f"{self._count}.sh", self._work / f"{self._count}.out"
        path.write_text(script, "utf-8")
        out.touch()
        self._send(f". {path} </dev/null >{out} 2>&1; echo $?")
        line = b""
        while not line.endswith(b"\n"):
            if not self._answers.select(max(0, self._until - time.monotonic())):
                raise TimeoutError(out.read_text("utf-8", "replace"))
            part = os.read(self._bash.stdout.fileno(), 100)
            if not part:
                return Ended(self._bash.wait() or None, out)
            line += part
        return Ended(int(line), out)

    def has_job(self):
        """Whether the process that was last started in the background runs."""
        return self.run("kill -0 $!").status == 0

    def close(self):
        """End bash and every process that has come from it, and wait until they are gone."""
        self._bash.kill()
        for pipe in (self._bash.stdin, self._bash.stdout):
            with suppress(BrokenPipeError):
                pipe.close()
        self._bash.wait()
        self._answers.close()
        while found := running(self._id):
            for process in found:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            time.sleep(0.005)


def running(mark):
    """Return the processes that have a mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
