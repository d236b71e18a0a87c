"""The clients of the soak: thousands of connections in one process that count their answers, and some that abort."""

import asyncio
import json
import re
import socket
import struct
import time
from collections import Counter, deque
from contextlib import suppress
from random import Random
from typing import NamedTuple

from detection import PATH

NAMESPACES = 40
KILLED = "killed"
"""The namespace of clients that abort: only the server knows how many of their requests it has read."""
BYSTANDER = "bystander"
"""The namespace of the client in another process, which meets no fault."""
HUNG_SECONDS = 60.0
"""An exchange that takes longer is a defect."""
_LONG, _LONG_SHARE = "x" * 12_000, 1 / 30  # too long for the protocol's fast path
_RESET = struct.pack("ii", 1, 0)
GONE = (ConnectionError, asyncio.IncompleteReadError)
"""What a connection raises that breaks off."""
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class Answer(NamedTuple):
    """The end of a call: its outcome, whether it was billed, whether a byte came, whether the connection stays open."""

    outcome: str
    billed: bool = False
    answered: bool = True
    stays_open: bool = False


class Count:
    """The counts of all clients."""

    def __init__(self, remembered):
        self.by_namespace = {}
        self.remembered = remembered
        self.last = {}  # the last calls of each namespace
        self.latencies = deque(maxlen=200_000)
        self.calls = self.billed = self.unanswered = self.cut = self.hung = self.killed = self.unreachable = 0

    def add(self, namespace, client, sent, answer):
        """Count one call, sent at `sent` (seconds since the epoch)."""
        self.calls += 1
        self.billed += answer.billed
        self.unanswered += not answer.answered
        self.cut += answer.answered and answer.outcome == "fault"
        counts = self.by_namespace.setdefault(namespace, Counter())
        counts[answer.outcome] += 1
        counts["billed"] += answer.billed
        last = self.last.setdefault(namespace, deque(maxlen=self.remembered))
        last.append((client, sent, answer.outcome, answer.billed))


def message(namespace, client, url):
    """Return a request as bytes; `client`, unique to each call, identifies it in the journal."""
    body = f'{{"model":"emoji-detect-v1","input":{{"image_url":"{url}"}},"parameters":{{"ratio":"1:1"}}}}'
    return request_bytes("POST", PATH, namespace, body.encode(), {"user-agent": client})


def request_bytes(method, target, namespace, body=b"", headers=None):
    """Return any request of a namespace as bytes; its body is JSON unless `headers` say otherwise."""
    fields = {"host": "fake", "content-type": "application/json", "authorization": f"Bearer sk-mock-{namespace}"}
    fields |= {**(headers or {}), "content-length": len(body)}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body


async def read_body(reader, head):
    """Return the body that follows the head of a response. Raises one of `GONE`."""
    found = _LENGTH.search(head)
    return await reader.readexactly(int(found[1])) if found else b""


async def exchange(reader, writer, data):
    """Make one call and return its end; a call with status 200 is billed, even if its body is broken."""
    try:
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
    except GONE as error:
        return Answer("fault", answered=bool(getattr(error, "partial", b"")))
    if not head.startswith(b"HTTP/1.1 "):
        return Answer("fault")
    status, stays_open = int(head[9:12]), b"connection: close" not in head.lower()
    try:
        body = await read_body(reader, head)
    except GONE:
        return Answer("fault", status == 200)
    try:
        answer = json.loads(body)
    except ValueError:
        return Answer("fault", status == 200, stays_open=stays_open)
    if status != 200:
        return Answer("error", stays_open=stays_open)
    return Answer("passed" if "bbox_face" in answer["output"] else "failed", billed=True, stays_open=stays_open)


def measure_latency(address, ended, results):
    """Make a call every tenth of a second until `ended` is set; put the latencies, in seconds, into `results`."""
    latencies = []
    with socket.create_connection(address, timeout=HUNG_SECONDS) as connection:
        while not ended.wait(0.1):
            began = time.perf_counter()
            connection.sendall(message(BYSTANDER, "bystander", "https://example.com/me.png"))
            if not connection.recv(65_536).startswith(b"HTTP/1.1 200"):
                break
            latencies.append(time.perf_counter() - began)
        else:
            results.put(latencies)
            return
    results.put([])


class Clients:
    """`connections` clients that make about `rate` calls a second together, until `stop()`."""

    def __init__(self, address, connections, rate, remembered, *, killers=True):
        self.address, self.connections = address, connections
        self.count = Count(remembered)
        self._pause = connections / rate
        self._killers = max(1, connections // 20) if killers else 0
        self._stop = asyncio.Event()
        self._random = Random(5)

    async def run(self):
        """Call until `stop()`, then finish the calls under way."""
        async with asyncio.TaskGroup() as group:
            for number in range(self.connections - self._killers):
                group.create_task(self._call(number))
            for number in range(self._killers):
                group.create_task(self._be_killed(number))

    def stop(self):
        """Start no more calls."""
        self._stop.set()

    async def _rest(self, seconds):
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stop.wait()

    async def _connect(self):
        while not self._stop.is_set():
            try:
                return await asyncio.open_connection(*self.address)
            except OSError:
                self.count.unreachable += 1
                await self._rest(0.5)
        return None

    async def _call(self, number):
        namespace, made, pair = f"soak-{number % NAMESPACES}", 0, None
        await self._rest(self._random.uniform(0, min(self._pause, 5)))  # not all at once
        while not self._stop.is_set():
            pair = pair or await self._connect()
            if pair is None:
                return
            # By chance, so that they come at any age of a connection, and from the first second on.
            long = _LONG if self._random.random() < _LONG_SHARE else ""
            url = f"https://example.com/{number}{long}.png"
            client = f"soak/{number}.{made}"
            made += 1
            sent, began = time.time(), time.perf_counter()
            try:
                async with asyncio.timeout(HUNG_SECONDS):
                    answer = await exchange(*pair, message(namespace, client, url))
            except TimeoutError:
                self.count.hung += 1
                answer = Answer("fault")
            self.count.latencies.append(time.perf_counter() - began)
            self.count.add(namespace, client, sent, answer)
            if not answer.stays_open:
                pair[1].close()
                pair = None
            await self._rest(self._random.uniform(0, 2 * self._pause))
        if pair is not None:
            pair[1].close()

    async def _be_killed(self, number):
        data = message(KILLED, "killed", f"https://example.com/killed/{number}.png")
        while not self._stop.is_set():
            pair = await self._connect()
            if pair is None:
                return
            pair[1].write(data[: self._random.choice((30, len(data) - 5, len(data), len(data)))])
            self.count.killed += 1
            await self._rest(self._random.uniform(0, 0.3))
            with suppress(OSError):  # the server was faster
                pair[1].get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            pair[1].transport.abort()
