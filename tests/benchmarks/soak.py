"""Soak the server: thousands of connections, every fault, aborted clients; then SIGTERM under load.

    python tests/benchmarks/soak.py --seconds 600 --connections 2000

Prints each measurement beside its goal; the exit status is 1 if a goal is missed.
"""

import argparse
import asyncio
import json
import multiprocessing
import re
import resource
import signal
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import psutil

sys.path.insert(0, str(Path(__file__).parent))
from soak_clients import BYSTANDER, KILLED, Clients, measure_latency

SCENARIO = Path(__file__).with_suffix(".toml")
SLOW = {
    "name": "slow",
    "rules": [
        {"latency": 4, "chance": 0.02},
        {"latency": 0.5, "chance": 0.5},
        {"fault": "drip", "seconds": 0.8, "chance": 0.1},
    ],
}
"""The scenario of the last phase: some answers take seconds, but all of them come."""
MEGABYTE = 2**20


class Server:
    """`emoji-mock serve` in a process of its own."""

    def __init__(self, journal):
        command = [sys.executable, "-m", "emoji_mock", "serve", "--port", "0", "--scenario", SCENARIO]
        self.process = subprocess.Popen(
            [*map(str, command), "--journal-size", str(journal)], stdout=subprocess.PIPE, text=True
        )
        line = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", line)):
            line = self.process.stdout.readline()
        self.address = ("127.0.0.1", int(found[1]))
        self.usage = psutil.Process(self.process.pid)
        self._open = build_opener(ProxyHandler({})).open

    def ask(self, path, document=None):
        """Call the control API and return its document."""
        data = None if document is None else json.dumps(document).encode()
        url = f"http://{self.address[0]}:{self.address[1]}/_mock/{path}"
        request = Request(url, data, {"content-type": "application/json"}, method="GET" if data is None else "PUT")
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


@contextmanager
def bystander(server, report):
    """Run one more client in another process, which meets no fault, and report its latencies."""
    server.ask(f"rules?namespace={BYSTANDER}", [{"outcome": "passed"}])
    context = multiprocessing.get_context("spawn")
    ended, results = context.Event(), context.Queue()
    process = context.Process(target=measure_latency, args=(server.address, ended, results))
    process.start()
    yield
    ended.set()
    latencies = results.get(timeout=60)
    process.join()
    if not latencies:
        report.row("answers that a bystander got", "not all", met=False)
        return
    tail = statistics.quantiles(latencies, n=100)
    report.row("a bystander's answers: half, and 99 of 100, within", f"{tail[49] * 1e3:.1f}, {tail[98] * 1e3:.0f} ms")
    worst = max(latencies)
    report.row(f"the slowest of its {len(latencies):,}", f"{worst * 1e3:.0f} ms", "goal: under 5 s", met=worst < 5)


async def under_faults(server, options, journal):
    """Run the clients under every fault; return their counts, and the server's memory after the warm-up."""
    clients = Clients(server.address, options.connections, options.rate, 2 * journal)
    running = asyncio.create_task(clients.run())
    memory, end = [], time.monotonic() + options.seconds
    while time.monotonic() < end and not running.done():
        await asyncio.sleep(min(0.5, options.seconds / 60))
        if clients.count.calls > 2 * journal:  # the journal is full
            memory.append(server.memory())
    clients.stop()
    await running
    return clients.count, memory


async def terminated(server, options):
    """Send SIGTERM while clients call, and return their counts."""
    clients = Clients(server.address, options.connections, options.rate, 1, killers=False)
    running = asyncio.create_task(clients.run())
    await asyncio.sleep(min(8.0, options.seconds / 2))
    server.process.send_signal(signal.SIGTERM)
    await asyncio.sleep(5)
    clients.stop()
    await running
    return clients.count


def check_ledger(report, count, ledger):
    """Compare the ledger with the clients' counts, namespace by namespace."""
    wrong = 0
    for namespace, counted in count.by_namespace.items():
        bill = ledger["namespaces"].get(namespace, {})
        charged = [bill.get(name, 0) for name in ("passed", "failed", "errors", "images_billed")]
        wrong += charged != [counted[name] for name in ("passed", "failed", "error", "billed")]
    report.none(f"wrong sums in the ledger, of {len(count.by_namespace)} accounts", wrong)
    used = ledger["namespaces"].get(KILLED, {}).get("images_billed", 0)
    report.row("images of killed clients", f"{used:,}", f"of {count.killed:,} killed", met=used <= count.killed)


def check_journal(report, count, entries, size):
    """Compare the journal with the clients' calls: every call sent since the first entry of each account must be in it."""
    numbers = [entry["number"] for entry in entries]
    compared = lost = strange = 0
    for namespace, last in count.last.items():
        # Accounts share the journal: of each the oldest may be gone, and all of an account that was idle the longest.
        own = [entry for entry in entries if entry["namespace"] == namespace]
        recorded = {entry["client"]: (entry["outcome"], entry["billed"]) for entry in own}
        received = {client: (outcome, billed) for client, _, outcome, billed in last}
        since = [client for client, sent, *_ in last if own and sent > own[0]["at"]]
        compared += len(since)
        lost += sum(recorded.get(client) != received[client] for client in since)
        strange += sum(client not in received for client in recorded)
    report.row("exchanges in the journal", f"{len(entries):,}", f"bound: {size:,}", met=len(entries) <= size)
    report.none("numbers in the journal that are not in order", sum(a >= b for a, b in pairwise(numbers)))
    # Clients whose answer was late, and those that abort, are the rest.
    enough = compared >= size // 2
    report.row("exchanges compared, by account", f"{compared:,}", f"goal: at least {size // 2:,}", met=enough)
    report.none("of them, missing or different in the journal", lost)
    report.none("exchanges in the journal that no client made", strange)


def check_memory(report, memory):
    """Check that memory does not grow after the warm-up."""
    if len(memory) < 10:
        report.row("memory grown after the warm-up", "not measured", "too few calls to fill the journal")
        return
    part = max(3, len(memory) // 5)
    grown = statistics.median(memory[-part:]) - statistics.median(memory[:part])
    report.row("memory of the server", f"{memory[-1]:.1f} MB")
    report.row("memory grown after the warm-up", f"{grown:.1f} MB", "goal: at most 5 MB", met=grown <= 5)


def check_end(report, server, count, before):
    """Compare the summary that `serve` prints at its end with what the clients received after `before`."""
    calls, images, status = server.stopped()
    report.row("exit status after SIGTERM under load", str(status), "goal: 0", met=status == 0)
    report.row("answers that clients got in the last phase", f"{count.calls - count.unanswered:,}")
    report.row("calls that the server never took, as it had stopped", f"{count.unanswered:,}")
    slowest = max(count.latencies)
    report.row("the slowest of them", f"{slowest:.1f} s", "goal: 4 to 8 s, as some are held back", met=4 <= slowest < 8)
    report.none("answers that broke off", count.cut)
    report.none(
        "calls in the stop summary without an answer", calls - before["calls"] - (count.calls - count.unanswered)
    )
    report.none("images in the stop summary that clients did not get", images - before["images"] - count.billed)


def totals(ledger):
    """Return the images billed in all namespaces."""
    return ledger["total"]["images_billed"]


def main(arguments=None):
    """Run the soak and print its report."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=1000, help="calls a second, all clients together")
    options = parser.parse_args(arguments)
    journal = max(100, min(10_000, int(options.seconds * options.rate / 8)))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 2 * options.connections + 200)), hard))

    server, report = Server(journal), Report()
    try:
        server.ask("health")  # loads the pages
        server.ask("journal")
        time.sleep(0.5)  # until those connections are closed
        idle = server.usage.num_fds()
        began = time.monotonic()
        with bystander(server, report):
            count, memory = asyncio.run(under_faults(server, options, journal))
        lasted = time.monotonic() - began
        report.row("connections, and calls that they made", f"{options.connections:,}, {count.calls:,}")
        report.row("calls a second", f"{count.calls / lasted:,.0f}", f"asked: {options.rate:,.0f}")
        tail = statistics.quantiles(count.latencies, n=100)
        report.row("half of their answers, and 99 of 100, within", f"{tail[49] * 1e3:.1f}, {tail[98] * 1e3:.0f} ms")
        report.none("calls that hung", count.hung)
        report.none("times that a client could not connect", count.unreachable)
        left = server.descriptors(idle)
        report.row("file descriptors before and after", f"{idle}, {left}", "goal: the same", met=left == idle)
        entries = server.journal()
        ledger = server.ask("ledger")
        check_ledger(report, count, ledger)
        check_journal(report, count, entries, journal)
        check_memory(report, memory)
        before = {"calls": entries[-1]["number"], "images": totals(ledger)}
        server.ask("scenario", SLOW)
        check_end(report, server, asyncio.run(terminated(server, options)), before)
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.wait()
    return int(report.missed > 0)


if __name__ == "__main__":
    sys.exit(main())
