"""Replicas on one engine: they are asked, killed and started again, and their memory and keys are measured."""

import asyncio
import time
from contextlib import asynccontextmanager, suppress
from random import Random
from urllib.error import HTTPError, URLError

from soak_server import Server

TROUBLES = ("kill", "crash", "kill", "stop", "kill", "pause", "kill", "fill")
"""A replica is killed; the engine is killed, or for some seconds it is stopped, answers nothing, or takes no data."""


class Fleet:
    """The replicas and their engine, by whose own words and figures the soak judges them."""

    def __init__(self, engine, flags, number, log):
        self.engine, self._log = engine, log
        self._flags = [*flags, *(() if engine is None else ("--store", engine.url, "--store-prefix", "soak"))]
        self.replicas = [self._start() for _ in range(number)]
        self.addresses = [replica.address for replica in self.replicas]
        self.memory, self.engine_memory, self.keys = {}, [], set()
        self.absences = []  # of the engine: from when to when it did not answer
        self.slowest_page = 0.0
        self._random = Random(3)

    def ask(self, path, document=None, method="PUT"):
        """Ask any replica, and another one if it does not answer."""
        for _ in range(100):
            try:
                return self._random.choice(self.replicas).ask(path, document, method)
            except (URLError, ConnectionError, ValueError) as error:
                if isinstance(error, HTTPError) and error.code < 500:
                    raise
            time.sleep(0.1)
        raise SystemExit(f"no replica answers {path}")

    def bills(self):
        """Return the ledger of each account."""
        return self.ask("ledger")["namespaces"]

    def restart_replica(self, number):
        """Kill a replica, and start it again a little later."""
        self.replicas[number].kill()
        time.sleep(0.3)
        self.replicas[number] = self._start(self.addresses[number][1])

    def _start(self, port=0):
        replica = Server(*self._flags, port=port, log=self._log)
        replica.ask("journal?limit=1")  # loads the pages, so that memory is measured with them
        return replica

    def trouble(self, kind, seconds):
        """Do one of `TROUBLES`; `seconds` is how long the engine does not answer."""
        if kind == "kill":
            self.restart_replica(self._random.randrange(len(self.replicas)))
            return
        begin, end = {
            "crash": (self.engine.kill, self.engine.start),
            "stop": (self.engine.stop, self.engine.start),
            "pause": (self.engine.pause, self.engine.resume),
            "fill": (self.engine.fill, self.engine.empty),
        }[kind]
        begun = time.monotonic()
        begin()
        time.sleep(0 if kind == "crash" else seconds)
        end()
        self.absences.append((begun, time.monotonic()))

    def measure(self, *, warm):
        """Note the number of keys, and once all is `warm` the memory of all processes."""
        with suppress(Exception):  # each may be killed just now
            self.keys.add(self.engine.client.dbsize())
            if warm:
                self.engine_memory.append(self.engine.memory())
        for replica in self.replicas if warm else ():
            with suppress(Exception):
                self.memory.setdefault(replica.process.pid, []).append(replica.memory())

    def end(self):
        """End all replicas."""
        for replica in self.replicas:
            replica.kill()


@asynccontextmanager
async def reading(fleet, recount):
    """Read the journal while it grows, as it keeps only the latest entries, and at the end of the block to its end."""
    ended = asyncio.Event()
    task = asyncio.create_task(_read(fleet, recount, ended))
    yield
    ended.set()
    await task


async def _read(fleet, recount, ended):
    while True:
        last, begun = ended.is_set(), time.monotonic()
        page = await asyncio.to_thread(fleet.ask, f"journal?limit=1000&after={recount.last}")
        fleet.slowest_page = max(fleet.slowest_page, time.monotonic() - begun)
        for entry in page["entries"]:
            recount.add(entry)
        if page["next"] is None:
            if last:
                return
            await asyncio.sleep(0.3)
