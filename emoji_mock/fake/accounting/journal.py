"""The journal: every exchange, in order, within a bound."""

from msgspec import Struct

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.api_keys import fingerprint, redact

TEXT_LIMIT = 2048
"""How many characters of a body or a URL the journal keeps."""
ON_SOCKET = "socket"
"""The flag of a refused call that came over a socket: its caller has seen a reset, not a refusal."""


class Entry(Struct, frozen=True, gc=False):
    """One exchange: who asked what, what was answered, and whether it was billed. Keys are fingerprints.

    `row` is the catalogue's name for the answer; it tells answers with the same code apart. `fault` is what the network
    did to it, for `seconds` if it lasts, `delay` how many seconds it was held back, and `endured` says that the caller
    sat through a stall to its end, or waited for an answer that was late. `picture` is a digest of an uploaded file, or
    of a URL that is too long to be kept whole, `host` the header, `flags` which other headers that matter were there,
    `retry_after` what the answer asked for, and `real` the time as no test can stop it. `endpoint` names what was
    asked, `video` says that a task was accepted. The store numbers entries, and says whether a billed one was `wasted`
    (see Paid).
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
    """A part of the journal, oldest first; `next` is where the following page begins (`after=`), if there is one."""

    total: int
    entries: list[Entry]
    next: int | None


def all_kept(texts: tuple[str, ...], secret: str = "") -> tuple[str, ...]:
    """Return what the journal keeps of each text; one look at all of them, and at each only if that finds something."""
    together = "\n".join(texts)
    harmless = together.isascii() and len(together) <= TEXT_LIMIT and "sk" not in together and "SK" not in together
    if harmless and not (secret and secret in together):
        return texts
    return tuple([kept(text, secret) for text in texts])


def kept(text: str, secret: str = "") -> str:
    """Return what the journal keeps of `text`: no key, nor the `secret` that came with it, within its bound."""
    if secret and secret in text:
        text = text.replace(secret, fingerprint(secret))
    if "sk" in text or "SK" in text:
        text = redact(text)
    if len(text) > TEXT_LIMIT:
        text = f"{text[:TEXT_LIMIT]}… ({len(text)} characters)"
    return text if text.isascii() else text.encode(errors="replace").decode()
