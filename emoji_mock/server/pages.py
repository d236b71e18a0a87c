"""The paths of our own pages. Apart from app.py because the manual and the control API, which it loads, need them."""

from collections.abc import Iterable

from emoji_mock.contract.hosts import is_vendor_host

CONTROL = "/_mock"
REPORT = f"{CONTROL}/page/report"
"""The page as one file that loads nothing."""
OWN_PAGES = frozenset({"/", CONTROL, "/docs", "/docs/oauth2-redirect", "/openapi.json"})


def is_own(path: str) -> bool:
    """Return whether `path` is a page of ours; any other path is the vendor's."""
    return path in OWN_PAGES or path.startswith(f"{CONTROL}/")


def is_for_vendor(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether the Host header names a host of the vendor's, where no page is ours: uploads go to its root."""
    return any(name == b"host" and is_vendor_host(value.decode("latin-1")) for name, value in headers)


def own_page(target: bytes) -> bytes:
    """Return the path and query of the page of ours that a request target names, in origin or absolute form, or b""."""
    if not target.startswith(b"/") and b"://" in target:
        target = b"/" + target.partition(b"://")[2].partition(b"/")[2]
    return target if is_own(target.partition(b"?")[0].decode("latin-1")) else b""


def use_host_of_target(target: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """Replace the Host header by the host of a target in absolute form (RFC 9112, 3.2.2): ASGI passes on no other."""
    if not target.startswith(b"/"):
        host = target.partition(b"://")[2].partition(b"/")[0]
        headers[:] = [(b"host", host), *(pair for pair in headers if pair[0] != b"host")]
