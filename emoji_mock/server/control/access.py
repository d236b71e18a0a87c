"""Access to the control API: open to programs and to its own pages, closed to pages of other sites in a browser."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from fastapi import Request

from emoji_mock.server.control.problems import BadInputError


def from_no_other_page(request: Request) -> None:
    """Refuse a request from a page of another site, as marked by the browser. Raises BadInputError."""
    came_from, origin = (request.headers.get(name) for name in ("sec-fetch-site", "origin"))
    if came_from not in (None, "none", "same-origin"):
        raise BadInputError("sec-fetch-site", "the control API is closed to pages of other sites", 403)
    host = _split(request.headers.get("host", ""))
    if host is None:
        raise BadInputError("host", "is no name with a port", 403)
    if origin is not None and origin.lower().partition("://")[2] != host.netloc.lower():
        raise BadInputError("origin", "the control API is closed to pages of other sites", 403)
    # DNS rebinding: such a page points its own name to this server, and is then of the same site, under a foreign name.
    # Over plain http, browsers are sure to mark only requests that change something.
    if (came_from, origin) != (None, None) and not _is_ours(host.hostname or ""):
        raise BadInputError("host", "in a browser, the control API is at an IP address, localhost or a bare name", 403)


def _split(host: str) -> SplitResult | None:
    try:
        parts = urlsplit(f"//{host}")
        readable = parts.netloc == host and "@" not in host and parts.port != 0  # a port that is no number raises
    except ValueError:
        return None
    return parts if readable else None


def _is_ours(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(".localhost")
    return True
