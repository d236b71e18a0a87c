"""Start programs that meet faults: in plain HTTP, by TLS without a proxy, and through the proxy. Print what each met, as JSON."""

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = "https://dashscope.aliyuncs.com"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
PRELOADS = ("NODE_OPTIONS", "PYTHONPATH")
SECONDS = "8"
"""The timeout of each program: longer than what else takes long on a slow machine."""
PROGRAMS = {
    "requests": (sys.executable, "with_requests.py"),
    "fetch": ("node", "with_fetch.mjs"),
    "java.net.http": ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "Faults"),
    "curl": ("sh", "with_curl.sh"),
}
WAYS = {
    "requests": ("plain", "tls", "proxy"),
    "fetch": ("plain", "tls"),  # before Node 24 it knows no proxy
    "java.net.http": ("plain", "proxy"),  # it has no preload
    "curl": ("plain", "tls", "proxy"),
}


def environment(way):
    """Return the environment in which a program goes one way only."""
    left_out = {"plain": (), "tls": PROXIES, "proxy": PRELOADS}[way]
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    there = f"--connect-to ::127.0.0.1:{os.environ['EMOJI_MOCK_TLS_PORT']}" if way == "tls" else ""
    return kept | {"CURL_MORE": there, "DASHSCOPE_API_KEY": f"sk-mock-{way}"}


def start(name, way, pictures):
    """Run a program to its end, and return what it met."""
    home = os.environ["EMOJI_MOCK_URL"] if way == "plain" else VENDOR
    command = [*PROGRAMS[name], SECONDS, home, *pictures]
    done = subprocess.run(
        command, cwd=HERE, env=environment(way), capture_output=True, text=True, check=False, timeout=240
    )
    return done.stdout.splitlines() or [done.stderr]


def is_there(program):
    """Return whether a program is installed; Java must have been compiled, too."""
    return bool(shutil.which(program)) and (program != "java" or (HERE / "Faults.class").exists())


def set_rule(kind, seconds):
    """Let a picture whose name is the fault's meet it."""
    rule = {"fault": kind, "image_url": f"*/{kind}.png"} | ({"seconds": seconds} if seconds else {})
    request = urllib.request.Request(  # noqa: S310 - the fake, in plain HTTP
        os.environ["EMOJI_MOCK_URL"] + "/_mock/rules", json.dumps(rule).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(request).close()  # noqa: S310 - likewise


def main(kinds):
    """Run all programs that are there, on every way, at the same time."""
    for kind, seconds in kinds.items():
        set_rule(kind, seconds)
    pictures = [f"https://example.com/{kind}.png" for kind in kinds]
    there = [name for name, command in PROGRAMS.items() if is_there(command[0])]
    runs = [(name, way) for name in there for way in WAYS[name]]
    with ThreadPoolExecutor(len(runs)) as pool:
        met = dict(zip(runs, pool.map(lambda run: start(*run, pictures), runs), strict=True))
    print(json.dumps({f"{name}, {way}": dict(zip(kinds, lines, strict=False)) for (name, way), lines in met.items()}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
