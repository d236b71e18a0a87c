"""The programs: what each is started by and needs, and which of the five things it can do."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

HERE = Path(__file__).parents[1] / "programs" / "real"
STEPS = {
    "passed": ("detect", "https://emoji-mock.test/passed/640x800.png"),
    "failed": ("detect", "https://emoji-mock.test/failed/FacePose.png"),
    "error": ("detect", "https://emoji-mock.test/error/Throttling.RateQuota.png"),
    "upload": ("upload", str(HERE / "me.png")),
    "video": ("video", "https://emoji-mock.test/passed/640x800.png"),
}
"""What a program is told for each column of the table."""
LINES = {
    "passed": "passed 224,157,460,392 82,1,602,520",
    "failed": "failed InvalidFile.FacePose",
    "error": "error 429 Throttling.RateQuota",
    "upload": "passed 173,183,299,310 96,99,376,379",
}
"""What it prints; the line of a video has its size, which depends on the version of FFmpeg."""
JARS = os.pathsep.join(f"/usr/share/java/{jar}.jar" for jar in ("okhttp", "okio"))
DETECTIONS = ("passed", "failed", "error")


def npm_packages():
    """Return the folder of the packages of npm, which NODE_PATH names."""
    return next((Path(folder) for folder in os.environ.get("NODE_PATH", "").split(os.pathsep) if folder), None)


@cache
def node():
    """Return Node's path if it is of version 20 or newer, else None."""
    path = shutil.which("node")
    version = path and subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return path if path and int(version[1:].partition(".")[0]) >= 20 else None


def find(need):
    """Return where a program, a module of Python, a package of npm or a jar is, else None."""
    kind, name = need.split(":", 1)
    match kind:
        case "program":
            return node() if name == "node" else next(filter(None, map(shutil.which, name.split(" or "))), None)
        case "module":
            return importlib.util.find_spec(name)
        case "npm":
            folder = npm_packages()
            return folder / name if folder and (folder / name).exists() else None
        case _:
            jar = Path("/usr/share/java") / f"{name}.jar"
            return jar if jar.exists() else None


def run(arguments, folder, *options, **environment):
    """Return the end of `emoji-mock run` with a command of Python, in a folder."""
    return run_command([sys.executable, *arguments], folder, *options, **environment)


def run_command(words, folder, *options, **environment):
    """Return the end of `emoji-mock run` with a command, in a folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DASHSCOPE_")} | environment
    # Of the system's 140 authorities, which every program reads, none is needed.
    clean |= dict.fromkeys(("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), clean["SSL_CERT_FILE"])
    command = [sys.executable, "-m", "emoji_mock", "run", *options, "--", *map(str, words)]
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False, timeout=280)


class Program(NamedTuple):
    """A program: its name in the table, its language, the command that starts it in the folder of its language, and what it needs."""

    name: str
    language: str
    command: tuple[str, ...]
    needs: tuple[str, ...]
    steps: tuple[str, ...] = tuple(STEPS)
    prints: Mapping[str, str] = MappingProxyType({})
    """Its lines for steps that it can do in part."""
    client: str = ""
    """How the program calls itself in its header User-Agent: a regular expression for the beginning."""

    @property
    def row(self):
        """Its name in the table, where the versions of a language share a row."""
        return self.name.partition(" (")[0]

    @property
    def key(self):
        """Its own account, so that its calls are a part of the journal of their own."""
        return "sk-mock-" + re.sub(r"\W+", "-", self.name.lower()).strip("-")

    def missing(self):
        """Return the needs that are not there."""
        return [need for need in self.needs if find(need) is None]

    def line(self, step, video):
        """Return the line that it is to print for a step; `video` is the line of a video."""
        return self.prints.get(step) or LINES.get(step, video)


def _python(name, script, *modules, client):
    needs = tuple(f"module:{module}" for module in modules)
    return Program(name, "Python", (sys.executable, f"{script}.py"), needs, client=client)


def _node(library, program, *packages, client):
    version = program.replace("node", "Node ").strip()
    found = ("node",) if program == "node" else (f"node_modules/{program}/bin/node",)
    needs = ("program:node",) if program == "node" else (f"npm:{program}",)
    needs += tuple(f"npm:{package}" for package in packages)
    return Program(f"{library} ({version})", "Node", (*found, f"with_{library}.mjs"), needs, client=client)


def _java(name, main, *jars, client):
    # The quick start of a short program: compiled less, and with one thread that collects garbage.
    command = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", f"classes{os.pathsep}{JARS}", main)
    return Program(name, "Java", command, ("program:javac", *(f"jar:{jar}" for jar in jars)), client=client)


_NODES = ("node", "node24")

PROGRAMS = (
    _python("requests", "with_requests", "requests", client="python-requests/"),
    _python("httpx", "with_httpx", "httpx", client="python-httpx/"),
    _python("httpx2", "with_httpx2", "httpx2", client="python-httpx2/"),
    _python("urllib", "with_urllib", client="Python-urllib/"),
    _python("urllib3", "with_urllib3", "urllib3", client="python-urllib3/"),
    _python("aiohttp", "with_aiohttp", "aiohttp", client="Python/"),
    _python("aiohttp on uvloop", "with_aiohttp_on_uvloop", "aiohttp", "uvloop", client="Python/"),
    _python("official SDK, sync", "with_the_sdk", "dashscope", client="dashscope/|Python-urllib/"),
    _python("official SDK, async", "with_the_async_sdk", "dashscope", client="dashscope/|Python/"),
    Program(
        "the command `dashscope`",
        "Shell",
        ("sh", "dashscope.sh"),
        ("module:dashscope", "program:curl"),
        steps=("upload", "video"),
        prints={"upload": "uploaded me.png"},  # it has no verb for a detection
        client="dashscope/|curl/",
    ),
    Program("curl", "Shell", ("sh", "curl.sh"), ("program:curl",), client="curl/"),
    Program("wget", "Shell", ("sh", "wget.sh"), ("program:wget",), (*DETECTIONS, "video"), client="Wget/"),
    *(_node("fetch", node, client="node") for node in _NODES),
    *(_node("https", node, client="") for node in _NODES),
    *(_node("axios", node, "axios", client="axios/") for node in _NODES),
    *(_node("got", node, "got", client="got ") for node in _NODES),
    *(_node("undici", node, "undici", client="") for node in _NODES),
    _java("java.net.http", "JavaNetHttp", client="Java-http-client/"),
    _java("HttpURLConnection", "UrlConnection", client="Java/"),
    _java("OkHttp", "OkHttp", "okhttp", "okio", client="okhttp/"),
    Program("net/http", "Go", ("./program",), ("program:go",), client="Go-http-client/"),
    Program(
        "Chromium, a page of the vendor's origin",
        "Browser",
        (sys.executable, "chromium.py"),
        ("program:chromium or google-chrome",),
        prints={"video": "video 512 512"},  # its pixels: no page of another origin reads its bytes
        client="Mozilla/",
    ),
)
TOGETHER = (("Python", "Shell"), ("Node", "Java", "Go", "Browser"))
"""The languages whose programs run beside one fake, so that a video is rendered twice only."""
