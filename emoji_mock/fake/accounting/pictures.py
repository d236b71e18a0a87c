"""Identify pictures, however their URLs are signed, and detect repeat billing of one."""

import re
from collections import OrderedDict
from hashlib import blake2b

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import TEXT_LIMIT, CallRecord
from emoji_mock.fake.accounting.shares import Shares

PICTURES = 10_000
"""How many billed pictures are remembered for all accounts, which share them (see Shares)."""
_PICTURE_BYTES = 256  # of a hash, with its place

# Of OSS, S3, CloudFront, Google and COS. `x-oss-process` and the like change the picture, and stay.
_SIGNING = re.compile(
    r"x-amz-.*|x-goog-.*|x-oss-(?:signature.*|credential|date|expires|additional-headers|security-token)|q-sign-.*|q-ak"
    r"|q-key-time|q-header-list|q-url-param-list|q-signature|x-cos-security-token|signature|expires|security-token"
    r"|ossaccesskeyid|awsaccesskeyid|googleaccessid|key-pair-id|policy",
    re.IGNORECASE,
)


def unsigned(url: str) -> str:
    """Return `url` without the query parameters that sign it: equal for every link to one picture."""
    path, mark, query = url.partition("?")
    if not mark:
        return url
    kept = [part for part in query.split("&") if not _SIGNING.fullmatch(part.partition("=")[0])]
    return f"{path}?{'&'.join(kept)}" if kept else path


def picture_digest(image_url: str, held: bytes = b"") -> str:
    """Return a digest of a picture that the fake holds, or of a URL too long for the journal; else nothing."""
    if held:
        return blake2b(held, digest_size=8).hexdigest()
    if len(image_url) <= TEXT_LIMIT:
        return ""
    return blake2b(unsigned(image_url).encode(errors="replace"), digest_size=8).hexdigest()


class BilledPictures:
    """The pictures whose response was billed and reached the caller. Not thread-safe: the store's lock guards it."""

    def __init__(self) -> None:
        # Only hashes: a picture in a `data:` URL is long.
        self._pictures: dict[str, OrderedDict[int, None]] = {}  # by namespace, the oldest first
        self._batch = PICTURES // 128  # room is made for so many at once
        self._shares = Shares(PICTURES - self._batch, PICTURES * _PICTURE_BYTES)
        self._too_many = 0

    def is_repeat(self, call: CallRecord, picture: str) -> bool:
        """Return whether a billed call repeats an earlier one; remember it if it does not.

        It does if an earlier call of the same namespace with the same model and picture was billed and answered. A
        response that the network lost is not remembered: asking again for that one is not a waste.
        """
        namespace, billed = call.namespace, hash((call.model, picture))
        mine = self._pictures.get(namespace)
        if mine is None:
            mine = self._pictures[namespace] = OrderedDict()
        elif billed in mine:
            return True
        if call.outcome is not Outcome.FAULT:
            mine[billed] = None
            if self._shares.add(namespace, _PICTURE_BYTES):
                self._too_many += 1
                if self._too_many >= self._batch:
                    self._make_room()
        elif not mine:
            del self._pictures[namespace]
        return False

    def _make_room(self) -> None:
        self._too_many = 0
        while (namespace := self._shares.giving_way()) is not None:
            mine, count = self._pictures[namespace], self._shares.surplus(namespace)
            for _ in range(count):
                mine.popitem(last=False)
            self._shares.remove(namespace, count * _PICTURE_BYTES, count)
            if not mine:
                del self._pictures[namespace]

    def clear(self, namespace: str | None = None) -> None:
        """Forget the pictures of `namespace`, or all."""
        for owner in [*self._pictures] if namespace is None else [namespace]:
            self._pictures.pop(owner, None)
            self._shares.clear(owner)
