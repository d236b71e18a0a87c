"""Decide the outcome of a picture by rule, magic URL or inspection of its bytes."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from hashlib import blake2b
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote_to_bytes

from emoji_mock.contract.catalogue import find
from emoji_mock.contract.endpoint import RESOLVE_HEADER
from emoji_mock.contract.geometry import Box, Size
from emoji_mock.contract.model import DetectionModel, TaskModel
from emoji_mock.contract.models import MODELS, answers, emoji
from emoji_mock.contract.row import Outcome
from emoji_mock.contract.rows import failed, service
from emoji_mock.fake import conditions
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.checks.faces import face_in
from emoji_mock.fake.checks.refusal import Refused, message_values
from emoji_mock.fake.rules import magic_urls
from emoji_mock.fake.rules.scope import describe_mismatch
from emoji_mock.fake.store.values import Upload
from emoji_mock.fake.vision.judgement import judge, seen_text

if TYPE_CHECKING:
    from emoji_mock.contract.model import PictureLimits
    from emoji_mock.contract.row import Row
    from emoji_mock.fake.context import Decision, RequestContext

PROVOKES = {
    failed.RESOLUTION: "a `data:` picture with such a side, or https://emoji-mock.test/passed/320x320.png",
    service.BAD_URL: "an image_url that is no URL, or a `data:` picture of another format",
    service.CANNOT_DOWNLOAD: "an oss:// URL that nothing was uploaded to",
    service.BAD_MEDIA: "an oss:// URL without X-DashScope-OssResourceResolve: enable",
    service.CANNOT_DECODE: "a broken `data:` picture",
}
"""Which request gets a row from these checks."""

# RFC 3986: neither blanks nor control characters.
_PUBLIC = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://[^/?#\s\x00-\x20\x7f][^\s\x00-\x20\x7f]*")
_ESCAPES = 100_000  # percent signs in a `data:` URL; more would cost hundreds of megabytes to decode

_BASE64 = re.compile(r";\s*base64\s*$", re.IGNORECASE)
_BASE64_ESCAPES = tuple(
    (spelt.encode(), bytes([byte])) for byte in b"+/= \r\n" for spelt in {f"%{byte:02X}", f"%{byte:02x}"}
)
"""What a form or a query escapes in base64, by either spelling."""
_BLANKS = b" \t\n\f\r"

_DEFAULT_LIMITS = cast("PictureLimits", emoji.DETECT.pictures)


def apply_rule(context: RequestContext, decision: Decision) -> None:
    """Apply the outcome of the matching rule. Raises Refused with its row."""
    rule = conditions.take_rule(context, decision)
    if rule is None:
        return
    if rule.row is not None:
        later = rule.outcome is Outcome.FAILED
        raise Refused(rule.row, later=later, **message_values(decision.image_url))
    if rule.outcome is not None:
        decision.face, decision.size, decision.passes = rule.face, rule.image_size, True


def apply_magic_url(_: RequestContext, decision: Decision) -> None:
    """Apply the outcome of a magic URL. Raises Refused with its row."""
    wanted = None if decision.passes else read_magic_url(decision.image_url, decision.model)
    if wanted is not None:
        decision.size = wanted.size and check_size(wanted.size, picture_limits(decision.model))


def read_magic_url(url: str, model: str) -> magic_urls.MagicUrl | None:
    """Return the meaning of a magic URL that passes, None of any other URL. Raises Refused with a magic URL's row.

    A row that `model` never answers is refused as a misspelt one.
    """
    if magic_urls.HOST not in url.lower():
        return None
    try:
        wanted = magic_urls.read(url)
        if wanted is not None and wanted.row is not None:
            _check_answered(wanted.row, model)
    except ValueError as error:
        # Our own message in the vendor's format, for the author of the URL: it never reaches the vendor.
        raise Refused(service.BAD_URL, message=f"emoji-mock: {redact(str(error))}") from None
    if wanted is not None and wanted.row is not None:
        raise Refused(wanted.row, later=False, **message_values(url))
    return wanted


def _check_answered(row: Row, model: str) -> None:
    if not answers(MODELS.get(model), row):
        raise ValueError(f"{describe_mismatch(model, row)}.")


def is_held(url: str) -> bool:
    """Return whether a URL names a file that was uploaded or that it holds itself."""
    return url[:6].lower().startswith(("data:", "oss://"))


def is_public(url: str) -> bool:
    """Return whether a URL leads to another host, so that nothing is known of what it names."""
    return _PUBLIC.fullmatch(url) is not None


def inspect_image(context: RequestContext, decision: Decision) -> None:
    """Inspect the picture if its bytes are stored or in the URL. Raises Refused for one that the vendor refuses."""
    if decision.passes or is_public(decision.image_url):
        return
    file = held_file(context, decision.image_url, decision.model)
    if isinstance(file, Upload):
        data, inspected = file.data, file.size or find(file.flaw)
    else:
        data = file
        inspected = context.media.inspect(data, picture_limits(decision.model), upright=context.options.upright)
    if not isinstance(inspected, Size):
        raise Refused(inspected)
    decision.size = inspected
    if (eyes := context.options.eyes) is None:
        decision.face = _face_of(context, data, inspected)
        return
    try:
        facts = context.media.look(data, upright=context.options.upright)
    except ValueError:  # complete, but Pillow cannot decode it
        raise Refused(service.CANNOT_DECODE) from None
    decision.seen = seen_text(facts)
    verdict = judge(facts, eyes, _detector_of(decision.model), decision.variant)
    decision.face, decision.whole_body = verdict.face, verdict.whole_body
    if decision.fault is None:  # else the rule is the reason
        decision.reason = verdict.reason
    if verdict.row is not None:
        raise Refused(verdict.row)


def _detector_of(name: str) -> DetectionModel:
    """Return the model that inspects the pictures of the model `name`; emoji-detect-v1 if none is known to."""
    model = MODELS.get(name)
    if isinstance(model, TaskModel):
        model = model.detector
    return model if isinstance(model, DetectionModel) else emoji.DETECT


def held_file(context: RequestContext, url: str, model: str) -> bytes | Upload:
    """Return the file that a `data:` URL holds, or the one that was uploaded for `model`. Raises Refused."""
    if not is_held(url):
        raise Refused(service.BAD_URL)
    if url[:5].lower() == "data:":
        return decode_data_url(url)
    if not context.head.enables(RESOLVE_HEADER):
        raise Refused(service.BAD_MEDIA)
    upload = context.store.upload(url.partition("://")[2])
    if upload is None or upload.until <= context.at or upload.model != model:
        raise Refused(service.CANNOT_DOWNLOAD)  # inferred
    return upload


def decode_data_url(image_url: str) -> bytes:
    """Return the bytes of a `data:` URL (RFC 2397). Raises Refused with InvalidURL if it is malformed.

    Base64 may have line breaks and lack its padding, as browsers take it (https://infra.spec.whatwg.org/#forgiving-base64).
    """
    head, comma, payload = image_url.partition(",")
    if not comma:
        raise Refused(service.BAD_URL)
    data = payload.encode(errors="replace")
    coded = _BASE64.search(head) is not None
    if coded and b"%" in data:
        for escape, byte in _BASE64_ESCAPES:
            data = data.replace(escape, byte)
    if b"%" in data:
        if data.count(b"%") > _ESCAPES:
            raise Refused(service.BAD_URL)
        data = unquote_to_bytes(data)
    return _decode_base64(data) if coded else data


def _decode_base64(data: bytes) -> bytes:
    data = data.translate(None, _BLANKS)
    bare = data.rstrip(b"=")
    if len(data) - len(bare) > 2:  # noqa: PLR2004 - RFC 4648, 4
        raise Refused(service.BAD_URL)
    try:
        return b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        raise Refused(service.BAD_URL) from None


def picture_limits(model: str) -> PictureLimits:
    """Return the limits of the pictures that a model takes; one that states none has those of emoji-detect-v1."""
    known = MODELS.get(model)
    return (known and known.pictures) or _DEFAULT_LIMITS


def check_size(size: Size, limits: PictureLimits) -> Size:
    """Return `size` if a model of these limits takes such a picture. Raises Refused."""
    row = limits.refuse_size(size)
    if row is not None:
        raise Refused(row)
    return size


def held_picture(context: RequestContext, image_url: str) -> bytes:
    """Return the picture that an `oss://` URL names or a `data:` URL holds; nothing if the fake does not hold it."""
    scheme, _, rest = image_url.partition(":")
    scheme = scheme.lower()
    if scheme == "oss" and rest.startswith("//"):
        upload = context.store.upload(rest[2:])
        return b"" if upload is None else upload.data
    if scheme == "data":
        try:
            return decode_data_url(image_url)
        except Refused:
            return b""
    return b""


def _face_of(context: RequestContext, picture: bytes, size: Size) -> Box:
    """Return the face in a picture that the fake holds: equal bytes have equal faces, wherever they come from."""
    return face_in(blake2b(picture, digest_size=16).hexdigest(), context.options.seed or 0, size)[1]
