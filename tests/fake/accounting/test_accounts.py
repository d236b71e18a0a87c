"""Accounts: which calls repeat a billed one, and what they cost."""

from base64 import b64encode

import pytest
from helpers import body, call, picture, upload

from emoji_mock import Fake, Options, Rule
from emoji_mock.fake.accounting import pictures

ME, YOU = "https://example.com/me.png", "https://example.com/you.png"
FAILED, ERROR = "https://emoji-mock.test/failed/FacePose.png", "https://emoji-mock.test/error/InternalError.png"


def wasted(fake, *urls, **more):
    """Detect the faces of pictures, and return which calls of the journal were wasted."""
    for url in urls:
        fake.answer(call(body(url), **more))
    return [entry.wasted for entry in fake.store.journal().entries]


def test_a_link_that_is_signed_anew_names_the_same_picture(fake):
    """Neither a fresh signature nor a fresh upload makes another picture."""
    assert wasted(fake, f"{ME}?Expires=1&Signature=a", f"{ME}?Expires=2&Signature=b") == [False, True]
    links = [upload(fake, picture()) for _ in range(2)]
    for link in links:
        fake.answer(call(body(link), x_dashscope_ossresourceresolve="enable"))
    assert [entry.wasted for entry in fake.store.journal().entries if entry.image_url in links] == [False, True]


@pytest.mark.parametrize(
    ("urls", "which"),
    [
        ([ME, ME, ME], [False, True, True]),
        ([ME, YOU, ME], [False, False, True]),
        ([FAILED, FAILED], [False, True]),
        ([ERROR, ERROR], [False, False]),
    ],
    ids=["passed", "between", "failed", "error"],
)
def test_a_picture_asked_again_after_a_billed_answer_is_wasted(urls, which):
    """Passed and failed are answers, and billed; an error is neither."""
    fake = Fake()
    assert wasted(fake, *urls) == which
    ledger = fake.store.ledgers()["test"]
    assert (ledger.wasted, str(ledger.cost_wasted)) == (sum(which), {0: "0.000", 1: "0.004", 2: "0.008"}[sum(which)])


def test_pictures_in_data_urls_are_distinguished_whole():
    """Two that differ beyond what the journal keeps are two."""
    shown = picture() + b"\0" * 6000
    first, second = ("data:image/png;base64," + b64encode(shown + end).decode() for end in (b"1", b"2"))
    assert wasted(Fake(), first, second, first) == [False, False, True]


def test_namespaces_do_not_pay_for_each_other():
    """A picture that one namespace was billed for is new to another."""
    fake = Fake()
    wasted(fake, ME, key="sk-mock-a")
    assert wasted(fake, ME, key="sk-mock-b") == [False, False]


@pytest.mark.parametrize(
    ("fault", "which", "lost"),
    [("reset", [False, False, True], 0), ("truncated_body", [False, False, True], 1), ("drip", [False, True, True], 0)],
)
def test_a_retry_of_a_lost_answer_is_not_wasted(fault, which, lost):
    """An answer that a fault lost is not known to the caller, though it may be billed; a slow one is known."""
    fake = Fake()
    fake.store.add_rule(Rule(fault=fault, times=1))
    assert wasted(fake, ME, ME, ME) == which
    assert fake.store.ledgers()["test"].lost == lost


def test_what_is_not_billed_is_not_wasted():
    """Where failed detections are errors, a repeat is not billed."""
    assert wasted(Fake(Options(failed_as=400)), FAILED, FAILED) == [False, False]


def test_a_reset_forgets_what_was_paid_for():
    """After a reset no picture was billed before."""
    fake = Fake()
    wasted(fake, ME)
    fake.store.reset("test")
    assert wasted(fake, ME) == [False]


def test_the_pictures_that_are_remembered_are_bounded(monkeypatch):
    """Beyond the bound the oldest is forgotten."""
    monkeypatch.setattr(pictures, "PICTURES", 1)
    assert wasted(Fake(), ME, YOU, YOU, ME) == [False, False, True, False]


def test_pictures_are_forgotten_oldest_first_and_some_at_once(monkeypatch):
    """Of a thousand pictures no more than the bound are remembered, and at least all but a hundredth of it."""
    monkeypatch.setattr(pictures, "PICTURES", 256)
    fake = Fake()
    counts = []
    for numbers in (range(1000), reversed(range(1000 - 253, 1000)), range(100)):
        for number in numbers:
            fake.answer(call(body(f"https://example.com/{number}.png")))
        counts.append(fake.store.ledgers()["test"].wasted)
    assert counts == [0, 253, 253]
    assert sum(map(len, fake.store._accounts._billed._pictures.values())) <= 256
