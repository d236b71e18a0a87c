"""`emoji-mock serve` in a process of its own, and the table that a soak prints."""

import json
import re
import statistics
import subprocess
import sys
import time
from urllib.request import ProxyHandler, Request, build_opener

import psutil

MEGABYTE = 2**20


class Server:
    """`emoji-mock serve` in a process of its own, whose log goes to the file `log`."""

    def __init__(self, *flags, port=0, log=None):
        command = [sys.executable, "-m", "emoji_mock", "serve", "--port", str(port), *map(str, flags)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        line = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", line)):
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"no server: {' '.join(command)}")
        self.address = ("127.0.0.1", int(found[1]))
        self.usage = psutil.Process(self.process.pid)
        self._open = build_opener(ProxyHandler({})).open

    def ask(self, path, document=None, method="PUT"):
        """Call the control API and return its document."""
        data = None if document is None else json.dumps(document).encode()
        url = f"http://{self.address[0]}:{self.address[1]}/_mock/{path}"
        request = Request(url, data, {"content-type": "application/json"}, method="GET" if data is None else method)
        with self._open(request, timeout=60) as answer:
            return json.load(answer)

    def journal(self):
        """Return all entries of the server's journal."""
        entries, after = [], 0
        while after is not None:
            page = self.ask(f"journal?limit=1000&after={after}")
            entries += page["entries"]
            after = page["next"]
        return entries

    def memory(self):
        """Return the resident memory in MB."""
        return self.usage.memory_info().rss / MEGABYTE

    def descriptors(self, wanted, seconds=5):
        """Return the number of open files, after waiting up to `seconds` for it to be `wanted`."""
        end = time.monotonic() + seconds
        while (found := self.usage.num_fds()) != wanted and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def kill(self):
        """End the process as `kill -9` does, if it runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def stopped(self):
        """Wait for the process to end; return the calls and images of its summary, and its exit status."""
        out, _ = self.process.communicate(timeout=30)
        calls, images = map(int, re.search(r"Calls: (\d+)\. Images[^:]*: (\d+)", out).groups())
        return calls, images, self.process.returncode


class Report:
    """Print rows of figures and count missed goals."""

    def __init__(self):
        self.missed = 0

    def row(self, what, measured, goal="", *, met=True):
        """Print one line."""
        self.missed += not met
        print(f"{what:58} {measured:>16}   {goal}{'' if met else '   MISSED'}", flush=True)

    def none(self, what, number):
        """Print a number whose goal is 0."""
        self.row(what, f"{number:,}", "goal: 0", met=number == 0)


def check_memory(report, memory, who="the server", most=5):
    """Check that the memory of a process, in MB at equal distances, grows by at most `most` MB after the warm-up."""
    if len(memory) < 10:
        report.row(f"memory of {who}", "not measured", "too short a time with a full journal")
        return
    part = max(3, len(memory) // 5)
    grown = statistics.median(memory[-part:]) - statistics.median(memory[:part])
    report.row(f"memory of {who}", f"{memory[-1]:.1f} MB")
    report.row("... grown after the warm-up", f"{grown:.1f} MB", f"goal: at most {most} MB", met=grown <= most)
