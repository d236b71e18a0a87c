"""Which pages of the server are ours; everything else is the vendor's."""

CONTROL = "/_mock"
OWN_PAGES = frozenset({"/", CONTROL, "/docs", "/docs/oauth2-redirect", "/openapi.json"})


def is_own(path: str) -> bool:
    """Say whether `path` is a page of ours; everything else is the vendor's."""
    return path in OWN_PAGES or path.startswith(f"{CONTROL}/")
