"""What tests of stores share: the values that are kept."""

from emoji_mock import Entry, Outcome
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.fake.store.values import Upload, VideoTask


def stored_upload(key, data=b"1234", namespace="a", until=100.0):
    """Return an uploaded file."""
    return Upload(key=key, model="m", namespace=namespace, until=until, data=data, size=Size(640, 800), flaw="")


def video_task(name, *, namespace="a", created=0.0, takes=60.0, image_url="https://example.com/me.png"):
    """Return a task of a minute."""
    return VideoTask(
        id=name, namespace=namespace, key="key:000000000000", request_id=name, model="emoji-v1", image_url=image_url,
        driven_id="mengwa_kaixin", face=Box(1, 1, 2, 2), ext=Box(0, 0, 3, 3), created=created, takes=takes,
        video_seconds=1,
    )  # fmt: skip


def journal_entry(namespace="a", *, outcome=Outcome.PASSED, code="", row="", billed=None, **more):
    """Return an entry as the service builds it, without a number."""
    known = {"image_url": "https://example.com/me.png", "model": "emoji-detect-v1"} | more
    return Entry(
        number=0, at=0.0, namespace=namespace, key="key:000000000000", client="test", method="POST", target="/",
        outcome=outcome, code=code, row=row, status=200, billed=outcome.billed if billed is None else billed,
        request_id="r", request_body="", response_body="", **known,
    )  # fmt: skip
