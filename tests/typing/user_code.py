"""What a user writes, and the types that a checker gives it: read by mypy and pyright, and never run."""

from decimal import Decimal
from typing import assert_type

import emoji_mock
from emoji_mock import EmojiApi, EmojiServer, Entry, Fake, FakeRouter, Ledger, Verdict, intercept, router
from emoji_mock.client import AsyncEmojiDetect, EmojiDetect, Failed, Passed, Result, Task, Video


def test_a_fixture(emoji_api: EmojiApi, emoji_server: EmojiServer, emoji_respx: FakeRouter) -> None:
    """The fixtures have types that can be named, and so has what they give."""
    emoji_api.errors("RateQuota", times=2)
    emoji_api.when("*/blurred/*").fails("Value")
    emoji_api.passes(face=(212, 194, 460, 441))
    emoji_api.limit(rps=1)
    assert_type(emoji_api.calls, list[Entry])
    assert_type(emoji_api.wait_for_call(timeout=2), Entry)
    assert_type(emoji_api.calls[-1].image_url, str)
    assert_type(emoji_api.ledger, Ledger)
    assert_type(emoji_api.ledger.cost, Decimal)
    assert_type(emoji_api.verdict, Verdict)
    assert_type(emoji_server.base_url, str)
    assert_type(emoji_respx.fake, Fake)


def test_without_pytest() -> None:
    """A context manager gives what the fixture gives."""
    with intercept() as emoji_api:
        assert_type(emoji_api, EmojiApi)
    assert_type(router(), FakeRouter)


@intercept()
def decorated(url: str) -> int:
    """A decorator leaves a function its type."""
    return len(url)


@intercept(Fake())
async def decorated_async(url: str) -> int:
    """And a coroutine function."""
    return len(url)


async def test_the_decorated() -> None:
    """Arguments and results are those of the function."""
    assert_type(decorated("me.png"), int)
    assert_type(await decorated_async(url="me.png"), int)


def test_the_client(emoji_client: EmojiDetect) -> None:
    """A detection ends in Passed or Failed; what raises for the one returns the other."""
    match found := emoji_client.detect("me.png"):
        case Passed(face, ext):
            assert_type((*face.as_tuple(), *ext.as_tuple())[0], int)
        case Failed(code, message):
            assert_type(code + message, str)
    assert_type(found, Result)
    passed = emoji_client.detect("me.png", raise_on_failed=True)
    assert_type(passed, Passed)
    task = emoji_client.animate(passed, "mengwa_kaixin")
    assert_type(task, Task)
    video = emoji_client.wait(task, progress=lambda task: print(task.status))
    assert_type(video, Video)
    emoji_client.download(video, "me.mp4")


async def test_the_client_of_asyncio(client: AsyncEmojiDetect) -> None:
    """The same with await."""
    assert_type(await client.detect("me.png"), Result)
    assert_type(await client.detect("me.png", raise_on_failed=True), Passed)


_ = emoji_mock.Fak  # type: ignore[attr-defined]  # a misspelt name is an error: strict checkers reject an unused `ignore`
