"""The paths of our own pages. Apart from app.py because the manual and the control API, which it loads, need them."""

from collections.abc import Iterable

from emoji_mock.contract.hosts import is_vendor_host

CONTROL = "/_mock"
OWN_PAGES = frozenset({"/", CONTROL, "/docs", "/docs/oauth2-redirect", "/openapi.json"})


def is_own(path: str) -> bool:
    """Return whether `path` is a page of ours; any other path is the vendor's."""
    return path in OWN_PAGES or path.startswith(f"{CONTROL}/")


def is_for_vendor(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether the Host header names a host of the vendor's, where no page is ours: uploads go to its root."""
    return any(name == b"host" and is_vendor_host(value.decode("latin-1")) for name, value in headers)
