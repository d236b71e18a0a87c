"""Identify pictures, however their URLs are signed, and detect repeat billing of one."""

import re
from hashlib import blake2b
from itertools import groupby, islice

from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.journal import TEXT_LIMIT, CallRecord
from emoji_mock.fake.accounting.shares import Shares

PICTURES = 10_000
"""How many billed pictures are remembered for all accounts, which share them (see Shares)."""
_PICTURE_BYTES = 256  # of a hash, with its place
_FAULT = Outcome.FAULT

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
        self._pictures: dict[str, dict[int, None]] = {}  # by namespace, the oldest first
        self._batch = PICTURES // 128
        self._fresh: list[str] = []  # the namespaces of the last few, so that the shares need not be weighed for each
        self._shares = Shares(PICTURES - self._batch, PICTURES * _PICTURE_BYTES)

    def is_repeat(self, call: CallRecord, picture: str) -> bool:
        """Return whether a billed call repeats an earlier one; remember it if it does not.

        It does if an earlier call of the same namespace with the same model and picture was billed and answered. A
        response that the network lost is not remembered: asking again for that one is not a waste.
        """
        namespace, billed = call.namespace, hash((call.model, picture))
        mine = self._pictures.get(namespace)
        if mine is not None and billed in mine:
            return True
        if call.outcome is not _FAULT:
            if mine is None:
                mine = self._pictures[namespace] = {}
            mine[billed] = None
            self._fresh.append(namespace)
            if len(self._fresh) >= self._batch:
                self._settle()
        return False

    def _settle(self) -> None:
        """Give each fresh picture to its account, and forget the oldest of the accounts that give way."""
        is_over = False
        for account, group in groupby(self._fresh):
            count = len(list(group))
            is_over = self._shares.add(account, count * _PICTURE_BYTES, count, last=1)
        self._fresh.clear()
        while is_over and (namespace := self._shares.giving_way()) is not None:
            mine, count = self._pictures[namespace], self._shares.surplus(namespace)
            for oldest in list(islice(mine, count)):
                del mine[oldest]
            self._shares.remove(namespace, count * _PICTURE_BYTES, count)
            if not mine:
                del self._pictures[namespace]

    def clear(self, namespace: str | None = None) -> None:
        """Forget the pictures of `namespace`, or all."""
        self._settle()
        for owner in [*self._pictures] if namespace is None else [namespace]:
            self._pictures.pop(owner, None)
            self._shares.clear(owner)
