"""Report that what TLS needs is not installed, in one way."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


class TlsExtraError(ImportError):
    """The extra `tls` is not installed."""


@contextmanager
def tls_extra() -> Generator[None]:
    """Turn an ImportError within into TlsExtraError, which says what to install."""
    try:
        yield
    except ImportError as error:
        message = "answering https:// needs trustme and cryptography: pip install 'emoji-mock[tls]'"
        raise TlsExtraError(message, name=error.name) from error
