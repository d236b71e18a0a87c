"""The journal: every exchange, in order, within a bound."""

from msgspec import Struct

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.keys import fingerprint, redact

TEXT_LIMIT = 2048
"""How many characters of a body or a URL the journal keeps."""


class Entry(Struct, frozen=True, gc=False):
    """One exchange: who asked what, what was answered, and whether it was billed. Keys are fingerprints.

    `row` is the catalogue's name for the answer; it tells answers with the same code apart. The store numbers entries.
    """

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
    row: str
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


def kept(text: str, secret: str = "") -> str:
    """Return what the journal keeps of `text`: no key, nor the `secret` that came with it, within its bound."""
    if secret and secret in text:
        text = text.replace(secret, fingerprint(secret))
    if "sk" in text or "SK" in text:
        text = redact(text)
    if len(text) > TEXT_LIMIT:
        text = f"{text[:TEXT_LIMIT]}… ({len(text)} characters)"
    return text if text.isascii() else text.encode(errors="replace").decode()
