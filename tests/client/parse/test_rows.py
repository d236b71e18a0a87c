"""Tests every row of the catalogue over interception and a socket: the client reports what the fake sent, and billing agrees."""

import anyio
import pytest

import emoji_mock
from emoji_mock import Fake, Options, Rule
from emoji_mock.client import AsyncEmojiDetect, CallLimits, EmojiDetect, EmojiError, Failed
from emoji_mock.client.parse.error_table import error_class
from emoji_mock.contract.catalogue import ROWS
from emoji_mock.contract.row import Origin, Outcome

ONCE = CallLimits(attempts=1)
URL = "https://example.com/me.png"
DETECTIONS = [row for row in ROWS if row.origin is not Origin.STORAGE and not row.models]
"""The storage's are answers to an upload: test_upload.py."""


@pytest.fixture(scope="module")
def clients():
    """One client of each kind, for the vendor's address."""
    return EmojiDetect("sk-mock-me", limits=ONCE), AsyncEmojiDetect("sk-mock-me", limits=ONCE)


def ask(client):
    """Return the outcome of a call: a result or an exception."""
    try:
        return anyio.run(client.detect, URL) if isinstance(client, AsyncEmojiDetect) else client.detect(URL)
    except EmojiError as error:
        return error


@pytest.fixture(params=["intercept sync", "intercept async", "server"])
def outcome_of(request, clients, live):
    """Return a function that calls a fake with one rule, in the process or on a socket, and returns the outcome and the fake."""

    def go(rule, **options):
        if request.param == "server":
            live.fake.store.replace_rules([rule])
            live.fake.options = Options(**options)
            with EmojiDetect("sk-mock-me", base_url=live.url, limits=ONCE) as client:
                return ask(client), live.fake
        fake = Fake(Options(**options))
        fake.store.replace_rules([rule])
        with emoji_mock.intercept(fake):
            return ask(clients[request.param.endswith("async")]), fake

    yield go
    live.fake.options = Options()


@pytest.mark.parametrize("row", DETECTIONS, ids=lambda row: row.name)
def test_every_row(outcome_of, row):
    """Code, message, status, request id and billing are the row's; the class is that of the table."""
    got, fake = outcome_of(Rule(outcome=row.outcome, code=row.name))
    (entry,) = fake.store.journal().entries
    assert (got.outcome, got.code, got.request_id) == (row.outcome, row.code or "", entry.request_id)
    assert got.billed is entry.billed is (row.outcome is Outcome.FAILED)
    if row.outcome is Outcome.FAILED:
        assert got == Failed(row.code, row.message, entry.request_id, 1, 200)
        return
    assert type(got) is error_class(row.code or "", row.status)
    assert (got.status, got.retryable) == (row.status, row.status in {429, 500, 503})
    assert got.message == row.text() or not row.code


@pytest.mark.parametrize("row", [row for row in DETECTIONS if row.outcome is Outcome.FAILED], ids=lambda row: row.name)
def test_every_failed_row_as_400(outcome_of, row):
    """With `failed_as=400` it is `Failed` as well, and not billed."""
    got, _ = outcome_of(Rule(outcome="failed", code=row.name), failed_as=400)
    assert (type(got), got.code, got.billed, got.status) == (Failed, row.code, False, 400)


def test_passed(outcome_of):
    """The boxes are those of the rule."""
    got, fake = outcome_of(Rule(outcome="passed", face=(212, 194, 460, 441), image_size=(640, 800)))
    assert got.face == (212, 194, 460, 441)
    assert got.ext == (63, 30, 609, 575)
    assert got.images == 1
    assert fake.store.journal().entries[0].client.startswith("emoji-mock/")


@pytest.mark.parametrize("code", ["AccessDenied", "model-not-exist"])
def test_a_retired_model_has_a_hint(outcome_of, code):
    """Also with the vendor's newer suffix."""
    got, _ = outcome_of(Rule(outcome="error", code=code), details=True)
    assert (
        "The vendor announced that emoji-detect-v1 is retired from 2026-10-10 on, and names qwen-image-2.0 as its"
        " successor."
    ) in str(got)
