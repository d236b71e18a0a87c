"""Errors of the object storage that videos lie in: XML, not billed."""

from dataclasses import replace

from emoji_mock.contract.codes import Code
from emoji_mock.contract.endpoint import RESULT_HOST
from emoji_mock.contract.rows.table import known, storage

_GUESS = known("I", "oss", "the words are those of OSS; that the storage of results says them is inferred")

LINK_EXPIRED = replace(
    storage(
        "link-expired",
        Code.ACCESS_DENIED,
        403,
        "Request has expired.",
        "a video's link more than 24 h after its task ended",
        _GUESS,
    ),
    host=RESULT_HOST,
)
NO_SUCH_VIDEO = replace(
    storage(
        "no-such-video",
        Code.NO_SUCH_KEY,
        404,
        "The specified key does not exist.",
        "a video's link whose task is not known any more, or never made a video",
        _GUESS,
    ),
    host=RESULT_HOST,
)
