"""Soak the server: thousands of connections, every fault, aborted clients; then SIGTERM under load.

    python tests/benchmarks/soak.py --seconds 600 --connections 2000

Prints each measurement beside its goal; the exit status is 1 if a goal is missed.
"""

import argparse
import asyncio
import multiprocessing
import resource
import signal
import statistics
import sys
import time
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from soak_clients import BYSTANDER, KILLED, Clients, measure_latency
from soak_server import Report, Server, check_memory

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

    server, report = Server("--scenario", SCENARIO, "--journal-size", journal), Report()
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
        server.kill()
    return int(report.missed > 0)


if __name__ == "__main__":
    sys.exit(main())
