"""Which pages of the server are ours; everything else is the vendor's."""

from collections.abc import Iterable

from emoji_mock.contract.hosts import is_vendor_host

CONTROL = "/_mock"
OWN_PAGES = frozenset({"/", CONTROL, "/docs", "/docs/oauth2-redirect", "/openapi.json"})


def is_own(path: str) -> bool:
    """Say whether `path` is a page of ours; everything else is the vendor's."""
    return path in OWN_PAGES or path.startswith(f"{CONTROL}/")


def is_for_vendor(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Say whether the vendor is asked under a name of its own, where no page is ours: uploads go to a root."""
    return any(name == b"host" and is_vendor_host(value.decode("latin-1")) for name, value in headers)
