"""Uploaded pictures: what is kept of one, and what is seen in it."""

from msgspec import Struct

from emoji_mock.contract.geometry import Size


class Upload(Struct, frozen=True, kw_only=True):
    """An uploaded file under its key: for one model, until its time is over.

    It is looked at when it comes in: `size` is that of a good picture, `flaw` the row that any other gets.
    """

    key: str
    model: str
    namespace: str
    until: float
    data: bytes
    size: Size | None
    flaw: str
