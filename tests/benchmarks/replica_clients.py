"""The clients of the soak of replicas: each call goes to any of them, and what its answer acknowledged is counted."""

import asyncio
import json
import sys
import time
from collections import Counter, defaultdict, deque
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "_support"))
from detection import PATH, body_for
from helpers import VIDEO, VIDEO_INPUT, fields_of, form, picture
from soak_clients import GONE, read_body, request_bytes

AWAY = (503, "ModelServingError")
"""The vendor's own words for a service out of capacity, which callers get while the engine is away."""
HUNG_SECONDS = 30.0
LASTING = 0.2
"""How long each call of the account with a limit of concurrency takes, in seconds."""
RATE, CONCURRENCY = 10, 3
QUOTAS = tuple(f"quota-{number}" for number in range(6))
SHARES = {"plain": 38, "mixed": 14, "timed": 10, "rated": 8, "crowded": 8, "quota": 6, "task": 10, "upload": 6}
"""What of a hundred clients each does: detections of usual accounts, by rules, with a limit; tasks; uploads."""
STARTED, CANCELLED = ("RUNNING", "SUCCEEDED"), ("CANCELED",)
UNCANCELLED = ("PENDING", *STARTED)
"""The states in which a task may be, by what its account was told."""
_STAYS = 0.7  # the share of calls that go to the same replica as the one before, on the same connection
_TASKS, _FORM = "/api/v1/tasks", "/dashscope-file-mgr"
_FILE = picture()


class Received(NamedTuple):
    """An answer: its status, and its document (empty if it has none)."""

    status: int
    document: dict

    @property
    def request_id(self):
        """The id under which the journal has the call; the storage's answers do not show it."""
        return self.document.get("request_id", "")

    @property
    def code(self):
        """The code of an error, or of a failed detection."""
        return self.document.get("code") or self.document.get("output", {}).get("code", "")


class Count:
    """What all clients received, by account."""

    def __init__(self):
        self.outcomes, self.uncertain, self.codes = {}, Counter(), {}
        self.admitted, self.refused = defaultdict(list), defaultdict(list)  # when calls were sent and answered
        self.ids, self.tasks = set(), {}
        self.latencies, self.away_at = deque(maxlen=200_000), []
        self.calls = self.hung = self.strange = self.away = self.unreachable = 0
        self.remarks = []

    def add(self, namespace, outcome, received, span):
        """Count an answer that is neither lost nor that the engine is away."""
        self.calls += 1
        self.outcomes.setdefault(namespace, Counter())[outcome] += 1
        self.codes.setdefault(namespace, Counter())[received.code] += 1
        if received.request_id:
            self.ids.add(received.request_id)
        self.latencies.append(span[1] - span[0])
        if received.status in (200, 429):
            (self.admitted if received.status == 200 else self.refused)[namespace].append(span)

    def note(self, remark):
        """Count an answer that breaks the contract."""
        self.strange += 1
        self.remarks.append(remark)


class Client:
    """One caller with one connection at a time, to any of the replicas at `addresses`."""

    def __init__(self, addresses, count, random):
        self._addresses, self.count, self.random = addresses, count, random
        self._pair, self._at = None, None

    async def succeed(self, *arguments, **more):
        """Make a call as `call` does that nothing can refuse, and return its document; note any other answer."""
        received = await self.call(*arguments, **more)
        if received is not None and received.status >= 300:
            self.count.note(f"a call that must succeed: {arguments[:3]}: {received}")
            return None
        return None if received is None else received.document

    async def call(self, namespace, method, target, body=b"", *, headers=None, detects=False, elsewhere=False):
        """Return the answer, or None if none came or the engine is away; `elsewhere` asks another replica."""
        await self._connect(stays=not elsewhere and self.random.random() < _STAYS)
        sent = time.perf_counter()
        try:
            async with asyncio.timeout(HUNG_SECONDS):
                received = await self._exchange(request_bytes(method, target, namespace, body, headers))
        except GONE:
            received = None
        except TimeoutError:
            self.count.hung += 1
            received = None
        if received is None:
            self.close()
        if received is None or received.status == AWAY[0]:
            self._count_uncertain(namespace, received)
            return None
        passed = detects and "bbox_face" in received.document.get("output", {})
        outcome = "errors" if received.status >= 300 else "passed" if passed else "failed" if detects else "done"
        self.count.add(namespace, outcome, received, (sent, time.perf_counter()))
        return received

    def close(self):
        """Close the connection."""
        if self._pair is not None:
            self._pair[1].close()
            self._pair = None

    def _count_uncertain(self, namespace, received):
        self.count.uncertain[namespace] += 1
        if received is not None:
            self.count.away += 1
            self.count.away_at.append(time.monotonic())
            if received.code != AWAY[1] or not received.request_id:
                self.count.note(f"a 503 that is not the vendor's: {received}")

    async def _exchange(self, data):
        reader, writer = self._pair
        writer.write(data)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await read_body(reader, head)
        if b"connection: close" in head.lower():
            self.close()
        return Received(int(head[9:12]), json.loads(body) if body[:1] == b"{" else {})

    async def _connect(self, *, stays):
        if self._pair is not None and stays:
            return
        others = [number for number in range(len(self._addresses)) if number != self._at] or [0]
        self.close()
        while self._pair is None:
            self._at = self.random.choice(others)
            try:
                self._pair = await asyncio.open_connection(*self._addresses[self._at])
            except OSError:
                self.count.unreachable += 1
                others = range(len(self._addresses))
                await asyncio.sleep(0.05)


class Clients:
    """`connections` clients that make about `rate` calls a second together, until `stop()`."""

    def __init__(self, addresses, connections, rate):
        self.count = Count()
        self._addresses, self._connections, self._pause = addresses, connections, connections / rate
        self._stop, self._random = asyncio.Event(), Random(7)

    async def run(self):
        """Call until `stop()`, then finish the calls under way."""
        kinds = [kind for kind, share in SHARES.items() for _ in range(max(1, round(share * self._connections / 100)))]
        async with asyncio.TaskGroup() as group:
            for number, kind in enumerate(kinds):
                group.create_task(self._repeat(kind, number))

    def stop(self):
        """Start no more calls."""
        self._stop.set()

    async def _repeat(self, kind, number):
        client = Client(self._addresses, self.count, Random(number))
        act = {"task": self._make_video, "upload": self._upload}.get(kind, self._detect)
        while not self._stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._random.uniform(0, 2 * self._pause)):
                    await self._stop.wait()
            await act(client, kind, number)
        client.close()

    async def _detect(self, client, kind, number):
        await detect(client, {"plain": f"plain-{number % 4}", "quota": self._random.choice(QUOTAS)}.get(kind, kind))

    async def _make_video(self, client, _kind, number):
        namespace, made = f"task-{number % 3}", {"model": "emoji-v1", "input": VIDEO_INPUT}
        headers = {"x-dashscope-async": "enable"}
        created = await client.succeed(namespace, "POST", VIDEO, json.dumps(made).encode(), headers=headers)
        if created is None:
            return
        task = created["output"]["task_id"]
        self.count.tasks[task] = namespace, UNCANCELLED
        await ask_task(client, task)
        if client.random.random() < 0.5:
            cancelled = await client.call(namespace, "POST", f"{_TASKS}/{task}/cancel", elsewhere=True)
            told = None if cancelled is None else cancelled.status
            self.count.tasks[task] = namespace, {200: CANCELLED, 400: STARTED}.get(told, (*UNCANCELLED, *CANCELLED))
        await ask_task(client, task)

    async def _upload(self, client, _kind, number):
        namespace = f"upload-{number % 2}"
        target = "/api/v1/uploads?action=getPolicy&model=emoji-detect-v1"
        policy = await client.succeed(namespace, "GET", target)
        if policy is None:
            return
        fields = fields_of(policy["data"])
        headers = {"content-type": "multipart/form-data; boundary=mark"}
        stored = await client.succeed(namespace, "POST", _FORM, form(fields, _FILE), headers=headers, elsewhere=True)
        if stored is None:
            return
        body = body_for() | {"input": {"image_url": f"oss://{fields['key']}"}}
        headers = {"x-dashscope-ossresourceresolve": "enable"}
        data = json.dumps(body).encode()
        await client.succeed(namespace, "POST", PATH, data, headers=headers, detects=True, elsewhere=True)


async def detect(client, namespace):
    """Let a client ask for a detection of one of some hundred pictures, and return the answer."""
    body = json.dumps(body_for(f"{namespace}/{client.random.randrange(500)}")).encode()
    return await client.call(namespace, "POST", PATH, body, detects=True)


async def ask_task(client, task):
    """Ask another replica about a task, and note a state that contradicts what the client was told."""
    namespace, possible = client.count.tasks[task]
    state = await client.call(namespace, "GET", f"{_TASKS}/{task}", elsewhere=True)
    if state is not None and state.document.get("output", {}).get("task_status") not in possible:
        client.count.note(f"a task of {namespace} that should be {' or '.join(possible)}: {state}")
