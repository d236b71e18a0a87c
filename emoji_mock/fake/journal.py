"""The journal: every exchange, in order, within a bound."""

from msgspec import Struct

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.keys import redact

TEXT_LIMIT = 2048
"""How many characters of a body or a URL the journal keeps."""


class Entry(Struct, frozen=True, gc=False):
    """One exchange: who asked what, what was answered, and whether it was billed. Keys are fingerprints."""

    # gc=False: an entry holds nothing but strings and numbers, and thousands of them must not slow the collector.
    number: int
    at: float
    namespace: str
    key: str
    client: str
    method: str
    target: str
    model: str
    image_url: str
    outcome: Outcome
    code: str
    status: int
    billed: bool
    request_id: str
    request_body: str
    response_body: str


class Page(Struct, frozen=True):
    """A part of the journal, oldest first; `next` is where the following page begins (`after=`), if there is one."""

    total: int
    entries: list[Entry]
    next: int | None


def kept(text: str) -> str:
    """Return what the journal keeps of `text`: no key, and no more than its bound."""
    if len(text) > TEXT_LIMIT:
        text = f"{text[:TEXT_LIMIT]}… ({len(text)} characters)"
    return redact(text) if "sk-" in text else text
