"""What `count_instructions.py` counts, and what it compares the counts with: `python instruction_workloads.py NAME ...`.

Run by callgrind, each workload enters a function of the C library before and after two runs of it, the second twice as
long. There callgrind writes down how many instructions were executed since the last time.
"""

import gc
import json
import os
import re
import sys
from collections import deque
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from threading import Lock

import msgspec
from detection import HOST, PATH, URL, body_for

MARK = "getpriority"
"""The function of the C library where callgrind writes its count. Python calls it in `os.getpriority` alone."""
CALLS = {"reference": 50, "the same picture": 60, "new pictures": 60, "entering": 20, "bare httpx": 20, "httpx": 20}
"""How many calls the first run of a workload makes."""
WARM_UP = 20
HEADERS = (("Host", HOST), ("Content-Type", "application/json"), ("Authorization", "Bearer sk-mock-me"))
"""The headers of a call: one character more or less would change the recorded counts."""


class Node:
    """A small object, of which the reference makes many."""

    __slots__ = ("number", "parent")

    def __init__(self, number, parent):
        self.number = number
        self.parent = parent

    @property
    def depth(self):
        """The number of its ancestors."""
        return 0 if self.parent is None else self.parent.depth + 1

    def visit(self, visitor, *rest, both=False):
        """Call `visitor`."""
        return visitor(self, *rest) if both else visitor(self)


def make_nodes():
    """Make objects, call their methods, and look them up: what Python itself does, without libraries."""
    nodes, parent, total = [], None, 0
    for number in range(20):
        node = Node(number, parent)
        if number % 5 == 0:
            parent = node
        nodes.append(node)
    for node in nodes:
        total += node.depth
        if node.number > 10 and isinstance(node, Node):
            total += node.visit(lambda node: node.number)
        else:
            total += node.visit(lambda _, given: given, 3, both=True)
    table = {node.number: node for node in nodes}
    for number in range(25):
        found = table.get(number)
        if found is not None:
            total += found.number
    return total


@contextmanager
def reference():
    """Give a miniature of an answer, which uses nothing of emoji-mock, but Python and C in a similar proportion."""
    read = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
    body = json.dumps(body_for("me")).encode()
    pattern = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z.]+)(?::\d+)?(?P<path>/[^?]*)")
    journal, lock = deque(maxlen=100), Lock()

    def answer():
        document = read(body)
        headers = {name.lower(): value for name, value in HEADERS}
        key = sha256(headers["authorization"].encode()).hexdigest()
        host = pattern.fullmatch(URL)["host"]
        sent = msgspec.json.encode(
            {"output": [make_nodes(), 2, 3], "model": document["model"], "id": f"{key[:8]}-{key[8:12]}"}
        )
        head = "".join([f"{name}: {value}\r\n" for name, value in headers.items()]).encode("latin-1")
        with lock:
            journal.append((host, head, sent))

    yield answer


def new_fake():
    """Return a fake that makes the same random choices in each run."""
    from emoji_mock import Fake, Options

    return Fake(Options(seed=1))


@contextmanager
def answer(pictures):
    """Give an answer of the fake, to the same request or to new ones."""
    from emoji_mock import Request

    fake = new_fake()
    numbers = range(100_000, 100_000 + pictures)
    requests = [Request("POST", PATH, HEADERS, json.dumps(body_for(number)).encode()) for number in numbers]
    if pictures == 1:
        yield partial(fake.answer, requests[0])
    else:
        following = iter(requests)
        yield lambda: fake.answer(next(following))


def client(**options):
    """Return a client of httpx, which spends no time to load certificates."""
    import httpx

    headers = {"Authorization": "Bearer sk-mock-me"}
    return httpx.Client(headers=headers, verify=False, **options)  # noqa: S501 - it connects to nothing


@contextmanager
def entering():
    """Give the entering and leaving of `intercept()`, where httpx is loaded."""
    from emoji_mock import intercept

    client().close()

    def enter():
        with intercept(new_fake()):
            pass

    yield enter


@contextmanager
def faked_httpx():
    """Give a call of httpx that the fake answers."""
    from emoji_mock import intercept

    with intercept(new_fake()), client() as one:
        yield partial(one.post, URL, json=body_for("me"))


@contextmanager
def bare_httpx():
    """Give a call of httpx that a transport answers."""
    from httpx import MockTransport, Response

    headers = {f"x-{number}": "text" for number in range(10)}
    with client(transport=MockTransport(lambda _: Response(200, headers=headers, content=b"{}"))) as one:
        yield partial(one.post, URL, json=body_for("me"))


WORKLOADS = {
    "reference": reference,
    "the same picture": partial(answer, 1),
    "new pictures": partial(answer, WARM_UP + 3 * CALLS["new pictures"]),
    "entering": entering,
    "bare httpx": bare_httpx,
    "httpx": faked_httpx,
}


def run(name):
    """Run a workload, first `CALLS` times, then twice as often."""
    with WORKLOADS[name]() as work:
        for _ in range(WARM_UP):
            work()
        # When garbage is collected depends on all that ran before.
        gc.collect()
        gc.freeze()
        gc.disable()
        os.getpriority(os.PRIO_PROCESS, 0)
        for calls in (CALLS[name], 2 * CALLS[name]):
            for _ in range(calls):
                work()
            os.getpriority(os.PRIO_PROCESS, 0)
        gc.enable()


if __name__ == "__main__":
    for given in sys.argv[1:]:
        run(given)
