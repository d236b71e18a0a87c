"""The base URL: where it is found, and which URLs are safe for secrets."""

from __future__ import annotations

import ipaddress
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emoji_mock.client.errors import RequestError
from emoji_mock.contract.endpoint import API_PREFIX, BASE_URL_VARIABLES, HOME

if TYPE_CHECKING:
    from collections.abc import Mapping


def resolve_base_url(base_url: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """Return the base URL with /api/v1, from the argument, the environment, or the vendor's. Raises RequestError."""
    for name in ("base_url", *BASE_URL_VARIABLES):
        if address := base_url if name == "base_url" else environment.get(name):
            return _with_prefix(name, address.strip())
    return HOME + API_PREFIX


def is_loopback(url: str) -> bool:
    """Return whether the host of `url` is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_confidential(url: str) -> bool:
    """Return whether a request to `url` cannot be read on its way: https, or http within this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url)))


def _with_prefix(name: str, address: str) -> str:
    try:
        parts = urlsplit(address)
        valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid or "@" in address or "?" in address or "#" in address or not address.isprintable() or " " in address:
        # The address may hold a password, so the message does not repeat it.
        raise RequestError(f"{name} must be a base URL such as {HOME} or http://127.0.0.1:8000, without user and query")
    address = address.rstrip("/")
    return address if address.endswith(API_PREFIX) else address + API_PREFIX
