"""The entries of the journal, and their texts: API keys redacted, length bounded."""

from typing import Any

from msgspec import Struct, structs

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import may_hold_key, redact
from emoji_mock.fake.accounting.ledger import Charge
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
    `real` the time that no test can stop. `video` is set when a task was accepted, `video_seconds` when it
    is to succeed: what the vendor bills, at the price of `tier`; a cancellation takes them back, and has them negative.
    `seen` has the size of a picture that was looked at, and the boxes of its faces: `640x800 212,194,460,441`.
    `reason` says why the call ended so, where the request alone does not: the rule, the limit, what was seen.
    `headers` has the other request headers on which an answer depends, one a line.
    The store sets `number`, and `wasted` for a call that was billed for a picture billed before.
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
    tier: str = ""
    video_seconds: float = 0.0
    reason: str = ""
    headers: str = ""
    seen: str = ""


class HeadTexts(Struct, frozen=True, gc=False):
    """What the journal keeps of the head of a request; calls with equal heads share it."""

    client: str
    method: str
    target: str
    host: str
    flags: str
    is_short: bool = False
    """Whether its texts together are ASCII and at most TEXT_LIMIT characters."""
    headers: str = ""


class CallRecord(Struct, frozen=True, gc=False):
    """One exchange as the service records it; its entry is built when the journal is read.

    The fields are those of the entry that differ from call to call. `more` has those that only few calls have.
    """

    head: HeadTexts
    namespace: str
    key: str
    endpoint: str
    at: float
    real: float
    model: str
    image_url: str
    outcome: Outcome
    code: str
    row: str
    status: int
    request_id: str
    request_body: str
    response_body: str
    billed: bool
    is_short: bool = False
    """Whether its texts together are ASCII and at most 2 * TEXT_LIMIT characters, so that none needs to be measured."""
    more: dict[str, Any] | None = None

    @property
    def picture(self) -> str:
        """The digest of an uploaded file, or of a URL that is too long for the journal."""
        picture: str = "" if self.more is None else self.more.get("picture", "")
        return picture

    @property
    def is_video(self) -> bool:
        """Whether a task was accepted."""
        return self.more is not None and self.more.get("video", False) is True

    @property
    def charge(self) -> Charge | None:
        """The seconds of video that are billed, or taken back."""
        if self.more is None or not self.more.get("video_seconds"):
            return None
        return Charge(self.model, self.more.get("tier", ""), self.more["video_seconds"])

    def changed(self, **more: Any) -> "CallRecord":  # noqa: ANN401 - fields of an entry
        """Return the record with other values of fields that are in `more`."""
        return structs.replace(self, more={**(self.more or {}), **more})

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts that may be long."""
        head = self.head
        texts = (head.client, head.method, head.target, head.host, head.headers, self.model, self.image_url)
        more = () if self.more is None else (self.more.get(name, "") for name in ("retry_after", "reason", "seen"))
        return (*texts, self.request_body, self.response_body, *more)

    def entry(self, number: int, *, wasted: bool, waited_out: bool) -> Entry:
        """Return the entry of the journal."""
        head = self.head
        entry = Entry(
            number,
            self.at,
            self.namespace,
            self.key,
            head.client,
            head.method,
            head.target,
            self.model,
            self.image_url,
            self.outcome,
            self.code,
            self.row,
            self.status,
            self.billed,
            self.request_id,
            self.request_body,
            self.response_body,
            waited_out=waited_out,
            wasted=wasted,
            host=head.host,
            flags=head.flags,
            real=self.real,
            endpoint=self.endpoint,
            headers=head.headers,
        )
        return entry if self.more is None else structs.replace(entry, **self.more)


class StoredCall(Struct, frozen=True, gc=False):
    """A call in a store; `number` is its place in the journal."""

    number: int
    wasted: bool
    call: CallRecord
    waited_out: bool = False

    def entry(self) -> Entry:
        """Return the entry of the journal."""
        return self.call.entry(self.number, wasted=self.wasted, waited_out=self.waited_out)


class Page(Struct, frozen=True):
    """A part of the journal, oldest first. `total` counts all matching entries, `next` is `after` of the next page."""

    total: int
    entries: list[Entry]
    next: int | None


def are_harmless(together: str, secret: str = "") -> bool:
    """Return whether the journal keeps texts as they are: `together` they are short, ASCII, and hold no key."""
    short = len(together) <= TEXT_LIMIT and together.isascii() and not may_hold_key(together)
    return short and not (secret and secret in together)


def journal_texts(texts: tuple[str, ...], secret: str = "") -> tuple[str, ...]:
    """Return what the journal keeps of each text: `texts` itself if they are short, ASCII, and hold no key."""
    if are_harmless("\n".join(texts), secret):  # one look at all of them is enough
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
