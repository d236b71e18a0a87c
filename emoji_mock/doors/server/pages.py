"""Which pages of the server are ours; everything else is the vendor's."""

from collections.abc import Iterable

from emoji_mock.contract.endpoint import STORAGE_HOST

CONTROL = "/_mock"
OWN_PAGES = frozenset({"/", CONTROL, "/docs", "/docs/oauth2-redirect", "/openapi.json"})
_STORAGE = STORAGE_HOST.encode()


def is_own(path: str) -> bool:
    """Say whether `path` is a page of ours; everything else is the vendor's."""
    return path in OWN_PAGES or path.startswith(f"{CONTROL}/")


def is_for_storage(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether the storage is asked under its own name, where no page is ours: uploads go to its root."""
    return any(name == b"host" and value.lower().partition(b":")[0] == _STORAGE for name, value in headers)
