"""The figures of a store that replicas share, beside those of memory: CPU a request, the engine's share, the start."""

import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from itertools import cycle
from urllib.request import ProxyHandler, Request, build_opener

from bench_server import first_answer
from engine import running_engine
from load import COMMANDS, Client, Server, message
from measuring import Goal, in_turns, ratio

SERVE = [*COMMANDS["emoji-mock"], "--journal-size", "1000"]
"""The journal is small, so that it is full, and each call drops an entry, from the warm-up on."""
WARM_UP = 1_200
CALLS = [message(key=f"bench-{number}") for number in range(20)]
"""Calls of several accounts, so that no limit of one refuses any."""
COST = Goal(2, 1.6)
CASES = {
    "no rule, no limit": {},
    "a rule that applies": {"rules": [{"outcome": "passed", "image_url": "*/me.png"}]},
    "a limit of calls": {"limits": {"rps": 1_000}},
    "limits of images and of calls": {"limits": {"images": 1_000_000, "rps": 1_000}},
}
OWN_CORES = 5
"""How many cores three replicas, their engine and the load need so that none waits for another."""
OF_A_STORE = ("valkey", "libvalkey", "greenlet", "prometheus_client", "emoji_mock.stores.valkey", "emoji_mock.replicas")


def serving(engine, prefix):
    """Return the command of a replica with keys of its own."""
    return [*SERVE, "--store", engine.url, "--store-prefix", prefix]


def put(server, path, document):
    """Replace everyone's rules or limits."""
    url = f"http://{server.address[0]}:{server.address[1]}/_mock/{path}"
    request = Request(url, json.dumps(document).encode(), {"content-type": "application/json"}, method="PUT")
    build_opener(ProxyHandler({})).open(request, timeout=20).close()


class Measured:
    """A server under load, whose CPU is measured together with the engine's."""

    def __init__(self, servers, engine, connections):
        self._servers, self._engine = servers, engine
        self._client = Client(*(server.address for server in servers), connections=connections)

    def turn(self, calls):
        """Make `calls`, and return the CPU seconds a call of the servers and of the engine, and the seconds a call."""
        before, engine_before = self._cpu(), self._engine.cpu()
        began = time.perf_counter()
        self._client.load(cycle(CALLS), calls)
        took = time.perf_counter() - began
        return (self._cpu() - before) / calls, (self._engine.cpu() - engine_before) / calls, took / calls

    def close(self):
        """Close the connections."""
        self._client.close()

    def _cpu(self):
        return sum(server.cpu() for server in self._servers)


def _started(stack, command):
    server = Server(command)
    stack.callback(server.stop)
    return server


def _measures(stack, servers, engine, connections, calls):
    """Return a function for each of the named lists of servers that measures a turn; all are warm."""
    measures = {}
    for name, several in servers.items():
        measured = Measured(several, engine, connections)
        stack.callback(measured.close)
        measured.turn(WARM_UP)
        measures[name] = lambda measured=measured: measured.turn(calls)
    return measures


@contextmanager
def undisturbed(processes):
    """Let this process and others share one core, and have it before all else where the system allows that.

    So nothing else runs on the core while they wait for each other, whose traces in its caches cost more than the calls.
    """
    processes, cores = (0, *processes), os.sched_getaffinity(0)
    try:
        for process in processes:
            os.sched_setaffinity(process, {max(cores)})
            with suppress(PermissionError):
                os.sched_setscheduler(process, os.SCHED_RR, os.sched_param(1))
        yield
    finally:
        for process in processes:
            os.sched_setscheduler(process, os.SCHED_OTHER, os.sched_param(0))
            os.sched_setaffinity(process, cores)


def store_calls(report, plan):
    """Measure the CPU a request with a store in Valkey against memory, and the engine's: without rules, and with."""
    calls, rounds = plan.turns(16_500, 11)
    with running_engine() as engine:
        for number, (case, settings) in enumerate(CASES.items()):
            with ExitStack() as stack:
                commands = {"memory": SERVE, "Valkey": serving(engine, f"case-{number}")}
                servers = {name: [_started(stack, command)] for name, command in commands.items()}
                for (server,) in servers.values():
                    for path, document in settings.items():
                        put(server, path, document)
                pids = [engine.pid, *(server.pid for (server,) in servers.values())]
                for connections in (1, 50):
                    measures = _measures(stack, servers, engine, connections, calls)
                    with undisturbed(pids):
                        figures = in_turns(measures, rounds)
                    _report_calls(report, f"{case}, connections: {connections}", figures, COST)
                    if not settings:
                        _report_calls(
                            report, "the same, beside whatever else runs on the machine", in_turns(measures, rounds)
                        )


def _report_calls(report, heading, figures, goal=None):
    (memory, _, _), (valkey, engine, _) = (zip(*figures[name], strict=True) for name in ("memory", "Valkey"))
    report.heading(f"a store in Valkey beside memory, undisturbed: {heading}" if goal else heading)
    report.micros("CPU a request, memory", memory)
    report.micros("CPU a request, Valkey", valkey)
    report.row("... against memory", ratio(valkey, memory), goal=goal)
    report.micros("the engine's own CPU a request", engine)


def replicas(report, plan):
    """Measure three replicas against one, and the engine's share of a call."""
    calls, rounds = plan.turns(16_500, 11)
    with running_engine() as engine, ExitStack() as stack:
        started = [_started(stack, serving(engine, "replicas")) for _ in range(3)]
        servers = {"one replica": started[:1], "three replicas": started}
        figures = in_turns(_measures(stack, servers, engine, 50, calls), rounds)
    report.heading(f"replicas on one engine, 50 connections, {os.cpu_count()} cores")
    seconds = {name: [seconds for *_, seconds in turns] for name, turns in figures.items()}
    for name in figures:
        report.row(f"calls a second, {name}", 1 / statistics.median(seconds[name]), "", digits=0)
    enough = os.cpu_count() >= OWN_CORES
    gain = ratio(seconds["one replica"], seconds["three replicas"])
    report.row("three replicas against one", gain, goal=Goal(2.2, at_least=True) if enough else None)
    if not enough:
        print(f"    (without a goal here: they, the engine and the load need {OWN_CORES} cores)")
    served, engines, _ = zip(*figures["three replicas"], strict=True)
    shares = [100 * one / (one + other) for one, other in zip(engines, served, strict=True)]
    report.micros("CPU a call of the three replicas", served)
    report.micros("CPU a call of their engine", engines)
    report.row("the engine's share of a call", statistics.median(shares), "%", digits=0)
    # Alone, a replica is the slowest part of a call; of three, the engine is, where it takes more than a third of that.
    gains = [max(one, other) / max(one / 3, other) for one, other in zip(served, engines, strict=True)]
    report.row("three against one, by CPU alone, with a core for each process", statistics.median(gains))


def store_start(report, plan):
    """Measure the start of a server with a store against a plain one, and what of the store a plain one loads."""
    with running_engine() as engine:
        commands = {"plain": SERVE, "with a store": serving(engine, "start")}
        measures = {name: lambda command=command: first_answer(command) for name, command in commands.items()}
        in_turns(measures, 1)  # compiles the modules
        figures = in_turns(measures, plan.turns(15, 15)[1])
    report.heading("first answer after the start of a server with a store")
    cpu, seconds = ({name: [one[which] for one in ones] for name, ones in figures.items()} for which in (0, 1))
    for name in commands:
        report.row(f"CPU, {name}", statistics.median(cpu[name]) * 1e3, "ms", digits=0)
        report.row(f"seconds, {name}", statistics.median(seconds[name]) * 1e3, "ms", digits=0)
    report.row("CPU, with a store against plain", ratio(cpu["with a store"], cpu["plain"]))
    report.row("seconds, with a store against plain", ratio(seconds["with a store"], seconds["plain"]))
    loaded = loaded_by_a_plain_server()
    what = f"modules of a store that a plain server loads, of {len(loaded):,}"
    report.row(what, len([name for name in loaded if name.startswith(OF_A_STORE)]), "", Goal(0, unit=""), digits=0)


def loaded_by_a_plain_server():
    """Return the names of the modules that a server without a store has loaded once it has answered a call."""
    with tempfile.TemporaryFile("w+") as errors:
        server = Server([sys.executable, "-X", "importtime", *SERVE[1:]], errors)
        client = Client(server.address, connections=1)
        client.load(CALLS, 1)
        client.close()
        server.stop()
        errors.seek(0)
        return [line.rpartition("|")[2].strip() for line in errors if line.startswith("import time:")]
