"""What programs pay that reach the fake unmodified: the start of `run`, and TLS."""

import re
import ssl
import statistics
import subprocess
import sys
import time

from bench_server import SAME, first_answer
from load import COMMANDS, CONNECTIONS, Client, Server, repeated
from measuring import ENVIRONMENT, Goal, in_turns, ratio

RUN = [sys.executable, "-P", "-m", "emoji_mock", "run", "--", "true"]


def secure_calls(report, plan):
    """Measure the CPU of an answer over TLS, against a plain one, on connections that are kept."""
    calls, rounds = plan.turns(22_000, 11)
    server = Server([*COMMANDS["emoji-mock"], "--tls-port", "0"])
    authority, port = "", 0
    while not port:
        line = server.line()
        authority = authority or next(iter(re.findall(r"\S+ca\.pem", line)), "")
        port = int(next(iter(re.findall(r"TLS: +port (\d+)", line)), 0))
    context = ssl.create_default_context(cafile=authority)
    clients = {"plain": Client(server.address), "TLS": Client(("127.0.0.1", port), context=context)}

    def measure(name):
        before = server.cpu()
        clients[name].load(repeated(SAME), calls)
        return (server.cpu() - before) / calls

    measures = {name: lambda name=name: measure(name) for name in clients}
    in_turns(measures, 1)  # warm up
    figures = in_turns(measures, rounds)
    for client in clients.values():
        client.close()
    server.stop()
    report.heading(f"TLS, {CONNECTIONS} connections that are kept")
    for name, costs in figures.items():
        report.micros(f"CPU a request, {name}", costs)
    report.row("CPU a request, TLS against plain", ratio(figures["TLS"], figures["plain"]), goal=Goal(2))


def run_start(report, plan):
    """Measure how much longer `run -- true` takes than a server to its first answer."""

    def run():
        began = time.perf_counter()
        subprocess.run(RUN, check=True, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        return time.perf_counter() - began

    measures = {"run": run, "serve": lambda: first_answer(COMMANDS["emoji-mock"])[1]}
    in_turns(measures, 1)  # compiles the modules
    figures = in_turns(measures, plan.turns(15, 15)[1])
    report.heading("start of a program")
    report.row("seconds, `run -- true`", statistics.median(figures["run"]), "s")
    report.row("seconds, first answer of `serve`", statistics.median(figures["serve"]), "s")
    more = statistics.median(one - other for one, other in zip(figures["run"], figures["serve"], strict=True))
    report.row("seconds more", more, "s", goal=Goal(0.35, unit="s"))
