"""What tests of stores share: the values that are kept, and many threads at once."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from emoji_mock import Outcome, Rule
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.fake.accounting.journal import CallRecord, HeadTexts
from emoji_mock.fake.store.values import Upload, VideoTask

THREADS = 8
EACH = 50
"""How often each thread works."""


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
