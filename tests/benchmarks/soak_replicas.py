"""Soak three replicas on one engine: calls to any of them, while replicas and the engine are killed and started again.

    python tests/benchmarks/soak_replicas.py --seconds 600
    python tests/benchmarks/soak_replicas.py --seconds 20 --memory    one server with its own memory: checks the counting

A quarter of the time all is calm, then half of it replicas are killed, the engine is killed, stopped, paused and full,
and then it is calm again. Prints each measurement beside its goal; the exit status is 1 if a promise is broken.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import nullcontext
from functools import partial
from itertools import cycle
from math import inf
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))
from engine import running_engine
from fleet import TROUBLES, Fleet, reading
from replica_checks import Recount, difference, is_exact, latest_after, most_at_once, most_within, without_reason
from replica_clients import CONCURRENCY, LASTING, QUOTAS, RATE, SHARES, Client, Clients, Count, ask_task, detect
from soak_server import MEGABYTE, Report, check_memory

REPLICAS = 3
MOST_KEYS = 60
LIFE = 7 * 24 * 3600
"""For how many seconds a key lives at most after its last use."""
WINDOW, SLACK = 0.999, 0.002
"""A second, and how much a timer may be early, as clocks show them."""
COUNTED, NEVER = 61.0, {"rated": inf, "crowded": inf}
"""For how many seconds at most a call counts against a limit of concurrency after its replica was killed."""
RESERVED = 130.0
"""For how many seconds at most an image stays reserved for a call whose replica was killed."""
ASKED = 300
"""How many tasks are asked for at the end."""
BACK = 5.0
"""In how many seconds after the engine's return no caller is refused any longer."""


async def make_trouble(fleet, seconds):
    """Make one trouble after another for `seconds`."""
    end, gap = time.monotonic() + seconds, max(1.0, seconds / 25)
    for kind in cycle(TROUBLES):
        await asyncio.sleep(gap)
        if time.monotonic() + gap > end:
            return
        await asyncio.to_thread(fleet.trouble, kind, min(6.0, gap / 2))


async def phase(fleet, options, recount, seconds, *, troubled=False):
    """Let clients call for `seconds`, and return what they received once the journal has been read to its end."""
    clients, end = Clients(fleet.addresses, options.connections, options.rate), time.monotonic() + seconds
    async with reading(fleet, recount):
        running = asyncio.create_task(clients.run())
        trouble = asyncio.create_task(make_trouble(fleet, seconds) if troubled else asyncio.sleep(0))
        while time.monotonic() < end and not running.done():
            await asyncio.sleep(min(0.5, seconds / 15))
            await asyncio.to_thread(partial(fleet.measure, warm=recount.last > options.journal))
        await trouble
        clients.stop()
        await running
    return clients.count


def set_up(fleet, options):
    """Set the rules and the limits of the accounts, each by another replica; return the images left to each account."""
    fleet.ask("rules?namespace=crowded", [{"latency": LASTING}])
    fleet.ask("limits?namespace=crowded", {"concurrency": CONCURRENCY})
    fleet.ask("limits?namespace=rated", {"rps": RATE})
    mixed = [
        {"outcome": "failed", "code": "FacePose", "chance": 0.2},
        {"outcome": "error", "code": "InternalError", "chance": 0.1},
        {"latency": 0.02, "chance": 0.1},
    ]
    fleet.ask("rules?namespace=mixed", mixed)
    calls = options.rate * SHARES["quota"] / 100 * options.seconds / len(QUOTAS)
    quotas = {name: max(1, round(calls * (number + 1) / 8)) for number, name in enumerate(QUOTAS)}
    for name, images in quotas.items():
        fleet.ask(f"limits?namespace={name}", {"images": images})
    return quotas


async def use_up(fleet, quotas, tasks, recount):
    """Use up all images, and ask for tasks of the last clients once more; return what was received."""
    count = Count()
    count.tasks = dict(tasks[-ASKED:])
    client = Client(fleet.addresses, count, Random(1))
    async with reading(fleet, recount):
        for name, images in quotas.items():
            end = time.monotonic() + RESERVED
            while time.monotonic() < end:
                received = await detect(client, name)
                if received is not None and received.status == 200:
                    continue
                bills = await asyncio.to_thread(fleet.bills)
                if bills[name]["images_billed"] >= images:
                    break
                await asyncio.sleep(1)
            for _ in range(5):
                await detect(client, name)
        for task in count.tasks:
            await ask_task(client, task)
    client.close()
    return count


def check_phase(report, name, count, before, after, seconds):
    """Compare what one phase added to the ledger with what its clients received."""
    tail, unsure = statistics.quantiles(count.latencies, n=100), sum(count.uncertain.values())
    report.row(f"{name}: answers", f"{count.calls:,}", f"{count.calls / seconds:,.0f} a second, {seconds:.0f} s")
    report.row("  half of them, and 99 of 100, within", f"{tail[49] * 1e3:.1f}, {tail[98] * 1e3:.0f} ms")
    report.row("  calls without an answer, and with 503", f"{unsure - count.away:,}, {count.away:,}")
    charged = {account: difference(after.get(account, {}), before.get(account, {})) for account in after}
    wrong = {
        account: (charged.get(account), dict(count.outcomes.get(account, {})), count.uncertain[account])
        for account in charged.keys() | count.outcomes.keys()
        if not is_exact(charged.get(account, {}), count.outcomes.get(account, {}), count.uncertain[account])
    }
    what = "off by more than the calls without an answer" if unsure else "that are not exact"
    report.none(f"  ledgers {what}, of {len(charged)}", len(wrong))
    show(wrong.items())
    report.none("  calls that hung", count.hung)
    report.none("  answers that break the contract", count.strange)
    show(count.remarks)


def check_limits(report, count, seconds, *, settled):
    """Check the limits of rate and concurrency as clients see them.

    Whether a refusal has a reason is judged in what was sent after `settled`, the times for the two limits: a call whose
    replica was killed may count against the limit of concurrency for a minute.
    """
    admitted = count.admitted["rated"]
    most = most_within(admitted, WINDOW)
    what = f"  calls of rps={RATE} within a second; on average"
    report.row(what, f"{most}; {len(admitted) / seconds:.1f}", f"goal: at most {RATE}", met=most <= RATE)
    crowded = count.admitted["crowded"]
    most = most_at_once(crowded, LASTING - SLACK)
    what = f"  calls of concurrency={CONCURRENCY} at once"
    report.row(what, str(most), f"goal: at most {CONCURRENCY}", met=most <= CONCURRENCY)
    rated, waiting = ([one for one in count.refused[name] if one[0] > settled[name]] for name in ("rated", "crowded"))
    wrong = without_reason(rated, admitted, RATE, 1.0) + without_reason(waiting, crowded, CONCURRENCY, 0.0)
    report.none(f"  of {len(rated) + len(waiting)} refusals by them, without a reason", wrong)


def check_rule(report, fleet, count, times):
    """Check that the rule with `times` was used so often, and that callers got its answer as often."""
    used = [active["used"] for active in fleet.ask("rules?namespace=timed")]
    report.row("  uses of the rule with times", f"{used}", f"goal: {times}", met=used == [times])
    got, unsure = count.codes.get("timed", {}).get("InvalidFile.FacePose", 0), count.uncertain["timed"]
    goal = f"goal: {times}" + (f", {unsure} calls not known" if unsure else "")
    report.row("  answers by it", str(got), goal, met=times - unsure <= got <= times)


def check_accounts(report, fleet, counts, recount, quotas):
    """Check the whole: journal, ledgers, and the images left."""
    bills, acknowledged = fleet.bills(), set().union(*(count.ids for count in counts))
    report.row(
        "exchanges in the journal", f"{recount.last:,}", f"{recount.last - len(acknowledged):,} whose id no answer had"
    )
    report.none(f"acknowledged that are not in it, of {len(acknowledged):,}", len(acknowledged - recount.ids))
    report.none("numbers that are missing", recount.missing)
    report.row("  slowest page of the journal that was read", f"{fleet.slowest_page:.1f} s")
    report.none("numbers out of order, and request ids that come twice", recount.disorder + recount.repeated)
    wrong = {
        name: (bill, recount.ledgers.get(name)) for name, bill in bills.items() if not recount.is_ledger(name, bill)
    }
    report.none(f"ledgers that are not the sum of their entries, of {len(bills)}", len(wrong))
    show(wrong.items())
    used = {name: bills.get(name, {}).get("images_billed", 0) for name in quotas}
    wrong = {name: (images, used[name]) for name, images in quotas.items() if used[name] != images}
    report.none(f"accounts that did not get the images of their limit, of {len(quotas)}", len(wrong))
    show(wrong.items())


def check_resources(report, fleet, counts):
    """Check memory, keys, and what happens after the engine's return."""
    longest = max(fleet.memory.values(), key=len, default=[])
    check_memory(report, longest, "the replica that ran longest")
    if fleet.engine is None:
        return
    check_memory(report, fleet.engine_memory, "the engine's data")
    report.row("resident memory of the engine's process", f"{fleet.engine.usage.memory_info().rss / MEGABYTE:.1f} MB")
    lives = fleet.engine.lives()
    report.row("keys, at most", str(max(fleet.keys)), f"goal: at most {MOST_KEYS}", met=max(fleet.keys) <= MOST_KEYS)
    unbound = sum(not 0 < life <= LIFE for life in lives.values())
    report.none("keys that live longer than seven days", unbound)
    late = latest_after(fleet.absences, [at for count in counts for at in count.away_at])
    report.row("last 503 after a return of the engine", f"{late:.1f} s", f"goal: under {BACK:g} s", met=late < BACK)


def show(lines):
    """Print some lines of evidence."""
    for line in list(lines)[:5]:
        print("     ", line)


async def soak(report, fleet, options):
    """Run the phases and check each."""
    recount, quotas, counts, tasks = Recount(), set_up(fleet, options), [], []
    parts = (("calm", 0.25), ("kills", 0.5), ("calm again", 0.25))
    for name, share in parts:
        calm, seconds = name != "kills" or options.memory, options.seconds * share
        times = max(1, round(options.rate * SHARES["timed"] / 100 * seconds / 3))
        fleet.ask("rules?namespace=timed", [{"outcome": "failed", "code": "FacePose", "times": times}])
        before = fleet.bills()
        begun = time.perf_counter()
        settled = {"rated": begun + 2, "crowded": begun + (COUNTED if counts and not options.memory else 2)}
        count = await phase(fleet, options, recount, seconds, troubled=not calm)
        seconds = time.perf_counter() - begun
        check_phase(report, name, count, before, fleet.bills(), seconds)
        check_limits(report, count, seconds, settled=settled if calm else NEVER)
        check_rule(report, fleet, count, times)
        counts.append(count)
        tasks += count.tasks.items()
    before, begun = fleet.bills(), time.perf_counter()
    count = await use_up(fleet, quotas, tasks, recount)
    seconds = time.perf_counter() - begun
    check_phase(report, "the rest of the images", count, before, fleet.bills(), seconds)
    check_accounts(report, fleet, [*counts, count], recount, quotas)
    check_resources(report, fleet, counts)


def main(arguments=None):
    """Run the soak and print its report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--rate", type=float, default=300, help="calls a second, all clients together")
    parser.add_argument("--memory", action="store_true", help="one server with its own memory, and no troubles")
    parser.add_argument("--log", metavar="FILE", type=Path, help="where to keep what the replicas log")
    options = parser.parse_args(arguments)
    options.journal = max(2_000, min(10_000, int(options.seconds * options.rate / 4)))
    flags = ("--journal-size", options.journal, "--time-scale", 0.01, "--eyes", "off", "--upload-bytes", 2**20)
    report = Report()
    running = nullcontext() if options.memory else running_engine(durable=True)
    with options.log.open("w+") if options.log else tempfile.TemporaryFile("w+") as log, running as engine:
        fleet = Fleet(engine, flags, 1 if options.memory else REPLICAS, log)
        try:
            asyncio.run(soak(report, fleet, options))
        finally:
            fleet.end()
        log.seek(0)
        lines = log.read().splitlines()
        report.row("lines in the logs of the replicas", str(len(lines)))
        report.none("of them, begin a traceback", sum(line.startswith("Traceback") for line in lines))
        show(lines)
    return int(report.missed > 0)


if __name__ == "__main__":
    sys.exit(main())
