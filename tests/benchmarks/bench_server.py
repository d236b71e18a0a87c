"""The server's figures: CPU a request, latency, first answer, memory."""

import statistics
import time
from itertools import count

import psutil
from load import COMMANDS, CONNECTIONS, Client, Server, message, one_core, repeated, servers
from measuring import Goal, in_turns, ratio

SAME = message()
# The shortcut below ASGI is for lengths of at most four digits: with zeros in front, the same request takes the ASGI path.
BY_ASGI = message(length_digits=7)
MEGABYTE = 2**20


def measure(server, client, requests, calls):
    """Return the server's CPU seconds a request, and the 99th percentile of the latencies in seconds."""
    before = server.cpu()
    latencies = client.load(requests, calls)
    return (server.cpu() - before) / calls, statistics.quantiles(latencies, n=100)[98]


def measure_together(server, client, requests, calls):
    """Return the server's CPU seconds a request, if all connections' requests are ready at each turn of its loop."""
    calls -= calls % CONNECTIONS
    with one_core(server):
        before = server.cpu()
        client.load_together(requests, calls)
        return (server.cpu() - before) / calls


def requests(report, plan):
    """Measure CPU a request and latency, against the raw ASGI function and the FastAPI route."""
    calls, rounds = plan.turns(22_000, 11)
    numbers = count()
    with servers(COMMANDS) as running:
        clients = {name: Client(server.address) for name, server in running.items()}
        ours, our_client = running["emoji-mock"], clients["emoji-mock"]

        def new_pictures():
            return iter([message(next(numbers)) for _ in range(calls)])

        measures = {
            name: lambda server=server, name=name: measure(server, clients[name], repeated(SAME), calls)
            for name, server in running.items()
        }
        measures["new pictures"] = lambda: measure(ours, our_client, new_pictures(), calls)
        measures["ASGI path"] = lambda: measure(ours, our_client, repeated(BY_ASGI), calls)
        in_turns(measures, 1)  # warm up
        figures = in_turns(measures, rounds)
        together = {
            name: lambda server=server, name=name: measure_together(server, clients[name], repeated(SAME), calls)
            for name, server in running.items()
            if name != "FastAPI"
        }
        together["new pictures"] = lambda: measure_together(ours, our_client, new_pictures(), calls)
        in_turns(together, 1)
        ready = in_turns(together, rounds)
        for client in clients.values():
            client.close()
    costs = {name: [cost for cost, _ in values] for name, values in figures.items()}
    tails = {name: [tail for _, tail in values] for name, values in figures.items()}
    _report_requests(report, costs, tails, ready)


def _report_requests(report, costs, tails, ready):
    ours = costs["emoji-mock"]
    report.heading(f"server, {CONNECTIONS} connections")
    for name, cost in costs.items():
        report.micros(f"CPU a request, {name}", cost)
    report.row("CPU a request, against the raw ASGI function", ratio(ours, costs["raw ASGI"]), goal=Goal(1.5, 1.3))
    fastapi = ratio(costs["FastAPI"], ours)
    report.row("requests per CPU second, against the FastAPI route", fastapi, goal=Goal(4.5, 5, at_least=True))
    report.row("CPU a request, new pictures against the same", ratio(costs["new pictures"], ours), goal=Goal(1.2))
    gain = ratio(costs["ASGI path"], ours)
    report.row("CPU a request, its ASGI path against its shortcut", gain, goal=Goal(1.3, at_least=True))
    report.row("p99, the raw ASGI function", statistics.median(tails["raw ASGI"]) * 1e3, "ms")
    report.row("p99, emoji-mock", statistics.median(tails["emoji-mock"]) * 1e3, "ms")
    report.row("p99, against the raw ASGI function", ratio(tails["emoji-mock"], tails["raw ASGI"]), goal=Goal(1.5))
    report.heading(f"server, {CONNECTIONS} requests ready at each turn of the loop")
    for name, cost in ready.items():
        report.micros(f"CPU a request, {name}", cost)
    raw = ratio(ready["emoji-mock"], ready["raw ASGI"])
    report.row("CPU a request, against the raw ASGI function", raw, goal=Goal(1.5, 1.3))
    new = ratio(ready["new pictures"], ready["emoji-mock"])
    report.row("CPU a request, new pictures against the same", new, goal=Goal(1.2))


def first_answer(command):
    """Return the CPU seconds of a new process at its first answer, and the seconds since its start."""
    began = time.perf_counter()
    server = Server(command)
    client = Client(server.address, connections=1)
    client.load([SAME], 1)
    took = time.perf_counter() - began
    used = server.cpu()
    client.close()
    server.stop()
    return used, took


def start(report, plan):
    """Measure how much a server costs until its first answer, against the FastAPI application."""
    names = ("emoji-mock", "FastAPI")
    measures = {name: lambda name=name: first_answer(COMMANDS[name]) for name in names}
    in_turns(measures, 1)  # compiles the modules
    figures = in_turns(measures, plan.turns(15, 15)[1])
    cpu, seconds = ({name: [value[which] for value in figures[name]] for name in names} for which in (0, 1))
    report.heading("first answer after the start")
    for name in names:
        report.row(f"CPU, {name}", statistics.median(cpu[name]) * 1e3, "ms", digits=0)
        report.row(f"seconds, {name}", statistics.median(seconds[name]) * 1e3, "ms", digits=0)
    report.row("CPU, against the FastAPI application", ratio(cpu["emoji-mock"], cpu["FastAPI"]), goal=Goal(0.45))
    report.row("seconds, against it", ratio(seconds["emoji-mock"], seconds["FastAPI"]))


def memory(report, plan):
    """Measure by how much the server grows while each call has a picture, a key and a user agent of its own."""
    calls, _ = plan.turns(300_000, 1)
    server = Server(COMMANDS["emoji-mock"])
    client = Client(server.address)
    usage = psutil.Process(server.pid)
    different = (message(f"{number:06}", key=f"{number:06}", agent=f"bench/{number:06}") for number in count())

    def load(number):
        client.load(different, number)
        return usage.memory_info().rss / MEGABYTE

    report.heading(f"memory of the server over {calls:,} calls, each with a picture, a key and a user agent of its own")
    before = load(60_000)  # fills the journal and the caches
    report.row("after 60,000 calls to warm up", before, "MB", digits=1)
    for part in range(1, 7):
        after = load(calls // 6)
        report.row(f"after {part} of 6 parts", after, "MB", digits=1)
    report.row("grown", after - before, "MB", Goal(5, unit="MB"), digits=1)
    client.close()
    server.stop()
