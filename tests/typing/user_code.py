"""What a user writes, and the types that a checker gives it: read by mypy and pyright, and never run."""

from decimal import Decimal
from typing import Literal, assert_never, assert_type

import emoji_mock
from emoji_mock import EmojiApi, EmojiServer, Entry, Fake, FakeRouter, Ledger, Verdict, intercept, router
from emoji_mock.client import (
    AnyResult,
    AsyncEmojiDetect,
    Detector,
    EmojiDetect,
    EmojiError,
    Failed,
    Passed,
    PassedAnimate,
    PassedLivePortrait,
    PassedS2v,
    Result,
    Task,
    Video,
)


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


EmoPassed = Passed[Literal["emo-detect-v1"]]


def test_the_result_of_each_model(client: EmojiDetect) -> None:
    """A detection has the result of its model: boxes, what else the model says, or neither."""
    assert_type(client.detect("me.png", model="emoji-detect-v1"), Result)
    assert_type(client.detect("me.png", model="emo-detect-v1", ratio="3:4"), EmoPassed | Failed)
    assert_type(client.detect("me.png", model="wan2.2-s2v-detect"), PassedS2v | Failed)
    assert_type(client.detect("me.png", model="liveportrait-detect"), PassedLivePortrait | Failed)
    found = client.detect("me.png", model="animate-anyone-detect-gen2")
    assert_type(found, PassedAnimate | Failed)
    if found.passed is True:
        assert_type(found, PassedAnimate)
        assert_type(found.body_style, str)
    else:
        assert_type(found, Failed)
    assert_type(client.detect("me.png", model="wan2.2-s2v-detect", raise_on_failed=True).humanoid, bool | None)
    many = client.detect_many(["me.png"], model="wan2.2-s2v-detect")
    assert_type(many, list[PassedS2v | Failed | EmojiError])
    assert_type(client.detect_many(["me.png"]), list[Passed | Failed | EmojiError])
    client.upload("me.png", model="wan2.2-s2v")


def test_a_model_that_is_chosen_later(client: EmojiDetect, model: Detector) -> str:
    """Every result can be told apart from the others, and none is forgotten."""
    found: AnyResult = client.detect("me.png", model=model)
    match found:
        case Passed(face, _):
            return f"{face.width} {found.model} {found.ratio}"
        case PassedS2v(humanoid):
            return str(humanoid)
        case PassedAnimate(body_style):
            return body_style
        case PassedLivePortrait():
            return found.request_id
        case Failed(code):
            return code
        case _:
            assert_never(found)


def test_what_a_model_does_not_take_is_an_error(client: EmojiDetect) -> None:
    """A checker rejects a parameter of another model, a box where there is none, and an unknown model."""
    client.detect("me.png", model="wan2.2-s2v-detect", ratio="1:1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.detect("me.png", model="emo-detect-v1", ratio="4:3")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.detect("me.png", model="emoji-v1")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    passed = client.detect("me.png", model="liveportrait-detect", raise_on_failed=True)
    print(passed.face)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]


def test_a_video_of_each_model(client: EmojiDetect) -> None:
    """A picture is animated by the model that it passed, with the options of that model."""
    emo = client.detect("me.png", model="emo-detect-v1", raise_on_failed=True)
    assert_type(client.animate(emo, audio="me.wav", style_level="calm"), Task)
    figure = client.detect("me.png", model="wan2.2-s2v-detect", raise_on_failed=True)
    assert_type(client.animate(figure, audio=b"RIFF", resolution="720P"), Task)
    portrait = client.detect("me.png", model="liveportrait-detect", raise_on_failed=True)
    assert_type(client.animate(portrait, audio="me.mp3", video_fps=30, paste_back=False), Task)
    template_id = client.wait_for_template(client.create_template("dance.mp4"))
    assert_type(template_id, str)
    person = client.detect("me.png", model="animate-anyone-detect-gen2", raise_on_failed=True)
    assert_type(client.animate(person, template_id=template_id, video_ratio="3:4"), Task)
    assert_type(client.retalk("me.mp4", "me.wav", query_face_threshold=180), Task)


def test_what_a_video_model_does_not_take_is_an_error(client: EmojiDetect) -> None:
    """A checker rejects an option of another model, a missing one, and a failed picture."""
    figure = client.detect("me.png", model="wan2.2-s2v-detect", raise_on_failed=True)
    client.animate(figure, "mengwa_kaixin")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.animate(figure)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.animate(figure, audio="me.wav", resolution="1080P")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.animate(figure, audio="me.wav", style_level="calm")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    emo = client.detect("me.png", model="emo-detect-v1", raise_on_failed=True)
    client.animate(emo, "mengwa_kaixin")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    found = client.detect("me.png", model="wan2.2-s2v-detect")
    client.animate(found, audio="me.wav")  # type: ignore[arg-type]  # pyright: ignore[reportCallIssue, reportArgumentType]


async def test_the_client_of_asyncio(client: AsyncEmojiDetect) -> None:
    """The same with await."""
    assert_type(await client.detect("me.png"), Result)
    assert_type(await client.detect("me.png", raise_on_failed=True), Passed)
    assert_type(await client.detect("me.png", model="wan2.2-s2v-detect"), PassedS2v | Failed)
    assert_type(await client.detect("me.png", model="emo-detect-v1", raise_on_failed=True), EmoPassed)
    many = await client.detect_many(["me.png"], model="liveportrait-detect")
    assert_type(many, list[PassedLivePortrait | Failed | EmojiError])
    figure = await client.detect("me.png", model="wan2.2-s2v-detect", raise_on_failed=True)
    task = await client.animate(figure, audio="me.wav")
    assert_type(await client.wait(task), Video)
    assert_type(await client.wait_for_template(await client.create_template("dance.mp4")), str)


_ = emoji_mock.Fak  # type: ignore[attr-defined]  # a misspelt name is an error: strict checkers reject an unused `ignore`
