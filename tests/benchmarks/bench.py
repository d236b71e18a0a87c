"""Benchmark the server against a bare FastAPI route and a raw ASGI function; print ratios.

`python tests/benchmarks/bench.py [--quick]` prints each ratio beside its goal. The servers run in turn, one at
a time, so that a drift in the machine's speed affects them equally; the median of the rounds is shown. The measure is the
CPU time of the server's process, which other load on the machine disturbs least. The calls repeat one picture, or cycle
through five thousand, whose boxes have to be computed anew.
"""

import argparse
import os
import re
import selectors
import signal
import socket
import statistics
import subprocess
import sys
import time
from itertools import cycle
from pathlib import Path

import psutil

HERE = Path(__file__).parent
PATH = "/api/v1/services/aigc/image2video/face-detect"
COMMANDS = {
    "emoji-mock": [sys.executable, "-m", "emoji_mock", "serve", "--port", "0"],
    "raw": [sys.executable, str(HERE / "apps.py"), "raw"],
    "fastapi": [sys.executable, str(HERE / "apps.py"), "fastapi"],
}
# After the first start, a user has compiled modules.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def message(number):
    """Return a request as bytes."""
    body = (
        f'{{"model":"emoji-detect-v1","input":{{"image_url":"https://example.com/{number}.png"}},"parameters":{{"ratio":"1:1"}}}}'
    ).encode()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: */*\r\n"
        f"Authorization: Bearer sk-mock-bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


MESSAGES = [message(number) for number in range(5000)]


class Server:
    """A server in a process of its own."""

    def __init__(self, name):
        self.process = subprocess.Popen(COMMANDS[name], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
        line = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", line)):
            line = self.process.stdout.readline()
        self.address = ("127.0.0.1", int(found[1]))
        self.usage = psutil.Process(self.process.pid)

    def cpu(self):
        """Return the CPU seconds that the process has used."""
        used = self.usage.cpu_times()
        return used.user + used.system

    def stop(self):
        """End the process."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)


def load(address, calls, connections=16, pictures=1):
    """Make `calls` over `connections`, each waiting for its answer, and return every latency in seconds."""
    selector = selectors.DefaultSelector()
    messages = cycle(MESSAGES[:pictures])
    started, latencies, clock = {}, [], time.perf_counter
    for _ in range(connections):
        connection = socket.create_connection(address)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ)
        started[connection] = clock()
        connection.sendall(next(messages))
    while len(latencies) < calls:
        for key, _ in selector.select():
            connection = key.fileobj
            answer = connection.recv(65_536)
            while not answer.endswith(b"}"):  # head and body may come in two parts
                answer += connection.recv(65_536)
            if not answer.startswith(b"HTTP/1.1 200"):
                raise SystemExit(f"unexpected answer: {answer!r}")
            latencies.append(clock() - started[connection])
            started[connection] = clock()
            connection.sendall(next(messages))
    for connection in started:
        connection.close()
    return latencies


def cpu_per_request(calls, rounds):
    """Return the CPU seconds a request of each server, and the p99 latency of each, for every round."""
    servers = {name: Server(name) for name in COMMANDS}
    costs = {name: [] for name in (*COMMANDS, "new pictures")}
    tails = {name: [] for name in (*COMMANDS, "new pictures")}
    for server in servers.values():
        load(server.address, 2000)
    for _ in range(rounds):
        for name, cost in costs.items():
            server = servers.get(name, servers["emoji-mock"])
            before = server.cpu()
            latencies = load(server.address, calls, pictures=5000 if name == "new pictures" else 1)
            cost.append((server.cpu() - before) / calls)
            tails[name].append(statistics.quantiles(latencies, n=100)[98])
    for server in servers.values():
        server.stop()
    return costs, tails


def first_answer(name):
    """Return the seconds from the start of a process to its first answer."""
    began = time.perf_counter()
    server = Server(name)
    load(server.address, 1, connections=1)
    took = time.perf_counter() - began
    server.stop()
    return took


def memory(calls):
    """Return by how many bytes the process grows over `calls`, once its journal is full."""
    server = Server("emoji-mock")
    load(server.address, 12_000)
    before = server.usage.memory_info().rss
    load(server.address, calls)
    grown = server.usage.memory_info().rss - before
    server.stop()
    return grown


def ratio(ones, others):
    """Return the median of the ratios, round by round."""
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


def row(what, measured, goal):
    """Print one line of the report."""
    print(f"{what:66} {measured:>12}   {goal}")


def main():
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls")
    quick = parser.parse_args().quick
    calls, rounds, starts, soak = (2000, 3, 3, 30_000) if quick else (10_000, 7, 9, 300_000)

    costs, tails = cpu_per_request(calls, rounds)
    for name, values in costs.items():
        row(f"CPU a request, {name}", f"{statistics.median(values) * 1e6:.0f} µs", "")
    row(
        "requests per CPU second, against the bare FastAPI route",
        f"{ratio(costs['fastapi'], costs['emoji-mock']):.2f} x",
        "goal: at least 5 x",
    )
    row(
        "CPU a request, against the raw ASGI function",
        f"{ratio(costs['emoji-mock'], costs['raw']):.2f} x",
        "goal: at most 1.5 x",
    )
    row("CPU a request, against it, a new picture each time", f"{ratio(costs['new pictures'], costs['raw']):.2f} x", "")
    row("p99 at 16 connections", f"{statistics.median(tails['emoji-mock']) * 1e3:.2f} ms", "goal: under 1 ms")
    row("p99 at 16 connections, the raw ASGI function", f"{statistics.median(tails['raw']) * 1e3:.2f} ms", "")

    for name in COMMANDS:
        first_answer(name)
    times = [(first_answer("emoji-mock"), first_answer("fastapi")) for _ in range(starts)]
    ours, theirs = zip(*times, strict=True)
    row("first answer after start", f"{statistics.median(ours) * 1e3:.0f} ms", "")
    row("first answer after start, the bare FastAPI application", f"{statistics.median(theirs) * 1e3:.0f} ms", "")
    row("first answer after start, against it", f"{ratio(ours, theirs):.2f} x", "goal: at most 0.55 x")

    row(f"memory grown over {soak:,} requests", f"{memory(soak) / 2**20:.1f} MB", "goal: at most 5 MB")


if __name__ == "__main__":
    main()
