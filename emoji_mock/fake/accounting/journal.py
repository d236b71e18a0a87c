"""The entries of the journal, and their texts: API keys redacted, length bounded."""

from msgspec import Struct

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import may_hold_key, redact
from emoji_mock.fake.accounting.used_keys import fingerprint

TEXT_LIMIT = 2048
"""How many characters of a body or a URL the journal keeps."""
ON_SOCKET = "socket"
"""The flag of a `refused` fault over a socket: its caller got a reset, because the connection was open already."""


class Entry(Struct, frozen=True, gc=False):
    """One exchange: what was requested, what was answered, and whether it was billed.

    Times are seconds since the epoch, durations seconds. `key` is the API key's fingerprint. `row` is the catalogue's
    name for the answer, which is unique where `code` is not. `fault` is the network's fault, `seconds` how long it
    lasted, `delay` how late the answer was. `waited_out` is set when the caller waited for a stall's end, or for a late
    answer. `picture` is a digest of an uploaded file, or of a URL that is too long for the journal. `flags` names
    DashScope's headers that were sent, or ON_SOCKET. `retry_after` is the answer's header. `at` is the fake's time,
    `real` the time that no test can stop. `video` is set when a task was accepted. The store sets `number`,
    and `wasted` for a call that was billed for a picture billed before.
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
    fault: str = ""
    delay: float = 0.0
    waited_out: bool = False
    wasted: bool = False
    seconds: float = 0.0
    picture: str = ""
    host: str = ""
    flags: str = ""
    retry_after: str = ""
    real: float = 0.0
    endpoint: str = ""
    video: bool = False


class Page(Struct, frozen=True):
    """A part of the journal, oldest first. `total` counts all matching entries, `next` is `after` of the next page."""

    total: int
    entries: list[Entry]
    next: int | None


def journal_texts(texts: tuple[str, ...], secret: str = "") -> tuple[str, ...]:
    """Return what the journal keeps of each text; if none needs a change, one look at all of them is enough."""
    together = "\n".join(texts)
    harmless = len(together) <= TEXT_LIMIT and together.isascii() and not may_hold_key(together)
    if harmless and not (secret and secret in together):
        return texts
    return tuple([journal_text(text, secret) for text in texts])


def journal_text(text: str, secret: str = "") -> str:
    """Return `text` with API keys and `secret` replaced by fingerprints, cut at TEXT_LIMIT, and valid as UTF-8."""
    length = len(text)
    is_cut = length > TEXT_LIMIT
    text = text[: 2 * TEXT_LIMIT]  # the rest is not shown
    if may_hold_key(text):
        text = redact(text, is_cut=is_cut)
    if secret and secret in text:
        text = text.replace(secret, fingerprint(secret))
    if is_cut:
        text = f"{text[:TEXT_LIMIT]}… ({length} characters)"
    return text if text.isascii() else text.encode(errors="replace").decode()
