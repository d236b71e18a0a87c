"""Tests of every model against the fake, sync and async: verdicts however they come, videos, templates, a retirement."""

from datetime import datetime, timedelta, timezone

import anyio
import pytest
from helpers import picture
from recording_files import mp4, wav

import emoji_mock
from emoji_mock import Fake, Options, Rule
from emoji_mock.client import ApiKeyError, AsyncEmojiDetect, CallLimits, EmojiDetect, EmojiError, Failed
from emoji_mock.contract.models import DETECTORS, row_at
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import ROWS

ME = "https://example.com/me.png"
ONCE = CallLimits(attempts=1)
REASONS = [row for row in ROWS if row.outcome is Outcome.FAILED]
SPEAKING = ("emo-detect-v1", "wan2.2-s2v-detect", "liveportrait-detect")


@pytest.fixture(params=["detect sync", "detect async"])
def call(request):
    """Return a function that calls a method of either client."""

    def go(name, *args, **named):
        if request.param == "detect sync":
            with EmojiDetect("sk-mock-me", limits=ONCE) as client:
                return getattr(client, name)(*args, **named)

        async def ask():
            async with AsyncEmojiDetect("sk-mock-me", limits=ONCE) as client:
                return await getattr(client, name)(*args, **named)

        return anyio.run(ask)

    return go


@pytest.mark.parametrize("failed_as", [None, 200, 400])
@pytest.mark.parametrize("model", DETECTORS)
def test_every_reason_to_fail(call, model, failed_as):
    """Each reason that a model has ends as `Failed`, with the model's own words, and billed as the fake bills it."""
    for row in REASONS:
        own = row_at(row, DETECTORS[model])
        if own is None or own.outcome is not Outcome.FAILED or (failed_as == 400 and not row.code):
            continue  # without a code there is no error to send
        if failed_as == 400 and row.models and model not in row.models:
            continue  # another model's own code may be an error here
        fake = Fake(Options(failed_as=failed_as))
        fake.store.replace_rules([Rule(outcome="failed", code=row.name)])
        with emoji_mock.intercept(fake):
            found = call("detect", ME, model=model)
        (entry,) = fake.store.journal().entries
        assert (type(found), found.passed, found.model) == (Failed, False, model), row.name
        assert (found.billed, found.status) == (entry.billed, entry.status), row.name
        if failed_as == 400:  # as an error, a reason keeps the words that it has at emoji-detect-v1
            assert found.message in {own.message, row.message}, row.name
        else:
            assert found.message == own.message, row.name


@pytest.mark.parametrize("model", DETECTORS)
def test_a_reason_that_is_an_error_at_this_model(call, model):
    """What a model tells as an error is an exception, and neither passed nor failed."""
    for row in REASONS:
        own = row_at(row, DETECTORS[model])
        if own is None or own.outcome is Outcome.FAILED:
            continue
        fake = Fake()
        fake.store.replace_rules([Rule(outcome="failed", code=row.name)])
        with emoji_mock.intercept(fake), pytest.raises(EmojiError) as caught:
            call("detect", ME, model=model)
        assert (caught.value.code, caught.value.message, caught.value.billed) == (own.code, own.text(), False)


@pytest.mark.parametrize("model", DETECTORS)
def test_passed(call, model):
    """An uploaded picture passes at each model."""
    with emoji_mock.intercept() as api:
        found = call("detect", picture(), model=model)
        assert (found.passed, found.model, found.billed) == (True, model, True)
        assert api.calls[-1].model == model


def test_the_shape_of_the_larger_box(call):
    """emo-detect-v1 makes it as tall as the ratio that was asked for."""
    with emoji_mock.intercept():
        for ratio, tallness in (("1:1", 1.0), ("3:4", 4 / 3)):
            ext = call("detect", picture(), model="emo-detect-v1", ratio=ratio).ext
            assert ext.height / ext.width == pytest.approx(tallness, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("model", SPEAKING)
def test_a_picture_speaks(call, model, tmp_path):
    """Picture and audio are uploaded; the video is as long as the audio, and a real file."""
    with emoji_mock.intercept(Fake(Options(time_scale=0))):
        passed = call("detect", picture(), model=model)
        video = call("wait", call("animate", passed, audio=wav(2.0)))
        path = call("download", video, tmp_path / "me.mp4")
    assert video.seconds == 2
    assert path.read_bytes()[4:8] == b"ftyp"


@pytest.mark.slow
def test_a_person_moves_by_a_template(call, tmp_path):
    """A template is made of a video, and a video of the template; a template of another account is refused."""
    with emoji_mock.intercept(Fake(Options(time_scale=0))):
        template_id = call("wait_for_template", call("create_template", mp4(seconds=3, fps=30)))
        passed = call("detect", picture(), model="animate-anyone-detect-gen2")
        video = call("wait", call("animate", passed, template_id=template_id, video_ratio="3:4"))
        assert call("download", video, tmp_path / "me.mp4").exists()
        with pytest.raises(EmojiError, match="Invalid template content"):
            call("animate", passed, template_id="AACT.another")


@pytest.mark.slow
def test_a_video_speaks_other_words(call):
    """Videoretalk takes a video and audio."""
    with emoji_mock.intercept(Fake(Options(time_scale=0))):
        assert call("wait", call("retalk", mp4(seconds=3, fps=30), wav(2.0))).url.partition("?")[0].endswith(".mp4")


@pytest.mark.parametrize(
    ("model", "successor"),
    [("liveportrait-detect", "qwen-image-2.0"), ("emoji-detect-v1", "qwen-image-2.0"), ("wan2.2-s2v-detect", None)],
)
def test_after_a_retirement(call, model, successor):
    """The refusal names the day and the successor; the model that lives answers."""
    after = Options(as_of=datetime(2026, 10, 11, tzinfo=timezone(timedelta(hours=8))))
    with emoji_mock.intercept(Fake(after)):
        if successor is None:
            assert call("detect", ME, model=model).passed
            return
        with pytest.raises(ApiKeyError) as caught:
            call("detect", ME, model=model)
    assert f"{model} is retired from 2026-10-10 on, and names {successor} as its successor" in caught.value.hint
