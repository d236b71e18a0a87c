"""Sample the real server under load, and print where its CPU time goes: by package, by function and by line.

    python tests/benchmarks/profile_server.py [--seconds 20] [--top 10] [--connections 16] [--new-pictures] [--store]

The server is `emoji-mock serve` in a process of its own; with `--store` it has one in an engine of its own. A timer of its CPU time interrupts it at each tick of the kernel,
some hundred times a second, and the function that runs is noted. Time in C counts for the line of Python that called it,
that of the event loop and of what it receives for the first line of the function that the loop calls next.
"""

import argparse
import json
import linecache
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from itertools import count
from pathlib import Path

from engine import running_engine
from load import CONNECTIONS, Client, Server, message, repeated

INTERVAL = 0.001
WARM_UP, CHUNK = 2_000, 5_000


def serve(place, flags):
    """Serve with some flags, and write the samples to `place` at the end, once SIGUSR1 has started the sampling."""
    from emoji_mock.cli.main import main as command

    samples = Counter()

    def sample(_number, frame):
        if frame is not None:
            samples[frame.f_code.co_filename, frame.f_code.co_qualname, frame.f_lineno or 0] += 1

    def begin(_number, _frame):
        signal.signal(signal.SIGPROF, sample)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)

    signal.signal(signal.SIGUSR1, begin)
    try:
        command(["serve", "--port", "0", *flags])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        Path(place).write_text(json.dumps([[*where, number] for where, number in samples.items()]))


def package_of(path):
    """Return the package of a file: of ours the second level, too."""
    parts = Path(path).with_suffix("").parts
    if "emoji_mock" in parts:
        return ".".join(parts[len(parts) - parts[::-1].index("emoji_mock") - 1 :][:2])
    return parts[parts.index("site-packages") + 1] if "site-packages" in parts else "standard library"


def table(title, counts, top):
    """Print the highest counts as shares of all."""
    print(f"\n{title}")
    total = sum(counts.values())
    for what, number in counts.most_common(top):
        print(f"  {number / total:6.1%}  {what}")


def report(samples, top):
    """Print the samples."""
    packages, functions, lines = Counter(), Counter(), Counter()
    for path, function, line, number in samples:
        place = Path(*Path(path).parts[-2:])
        packages[package_of(path)] += number
        functions[f"{place} {function}"] += number
        lines[f"{place}:{line} {linecache.getline(path, line).strip()}"] += number
    table("packages", packages, top)
    table("functions, by the time in themselves and in C that they call", functions, top)
    table("lines", lines, top)


def main():
    """Load a server that is sampled, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="how long the load lasts (20)")
    parser.add_argument("--top", type=int, default=10, help="how many rows a table has (10)")
    parser.add_argument("--new-pictures", action="store_true", help="a picture of its own for each call")
    parser.add_argument("--connections", type=int, default=CONNECTIONS, help=f"how many clients call ({CONNECTIONS})")
    parser.add_argument("--store", action="store_true", help="serve with a store in an engine")
    parser.add_argument("flags", nargs="*", help=argparse.SUPPRESS)  # of `serve`
    parser.add_argument("--serve", help=argparse.SUPPRESS)  # what the server's process is called with
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.flags)
        return
    with tempfile.TemporaryDirectory() as folder, running_engine() if options.store else nullcontext() as engine:
        place = Path(folder, "samples.json")
        flags = ["--", "--store", engine.url] if options.store else []
        server = Server([sys.executable, __file__, "--serve", str(place), *flags])
        client = Client(server.address, connections=options.connections)
        numbers = count()
        client.load(repeated(message()), WARM_UP)
        os.kill(server.pid, signal.SIGUSR1)
        before, end, calls = server.cpu(), time.monotonic() + options.seconds, 0
        while time.monotonic() < end:
            requests = (message(next(numbers)) for _ in count()) if options.new_pictures else repeated(message())
            client.load(requests, CHUNK)
            calls += CHUNK
        used = server.cpu() - before
        client.close()
        server.stop()
        samples = json.loads(place.read_text())
    total = sum(number for *_, number in samples)
    print(f"{calls:,} calls, {used / calls * 1e6:.0f} µs of CPU each, {total:,} samples in {used:.1f} s of CPU")
    report(samples, options.top)


if __name__ == "__main__":
    main()
