"""The settings of a user's command-line tools, without those that would lead around the fake to the vendor.

What stands in a settings file comes before the environment: a proxy, and what the tool trusts.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from emoji_mock._support import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LARGEST = 1024 * 1024
_WGET_PROXIES = frozenset({b"httpproxy", b"httpsproxy", b"noproxy", b"useproxy"})
_WGET_AUTHORITIES = b"cacertificate"
_CURL_SETTING = re.compile(rb"\s*(?:-(?P<short>x)|(?:--)?(?P<name>[\w.-]+))[\s=:]*(?P<value>.*)")
_CURL_PROXIES = frozenset(
    {b"proxy", b"noproxy", b"preproxy", b"proxy1.0", b"socks4", b"socks4a", b"socks5", b"socks5-hostname"}
)
_CURL_AUTHORITIES = b"cacert"


class ToolSettings(NamedTuple):
    """The lines of a settings file that are kept, whether others were left out, and the authorities that it named."""

    lines: list[bytes]
    is_changed: bool = False
    authorities: str = ""


def wget_settings(environ: Mapping[str, str]) -> ToolSettings:
    """Return the user's settings of wget."""
    lines = _read([environ.get("WGETRC") or f"{environ.get('HOME', '')}/.wgetrc"])
    kept = [line for line in lines if _wget_name(line) not in _WGET_PROXIES]
    stated = [line.partition(b"=")[2].strip() for line in kept if _wget_name(line) == _WGET_AUTHORITIES]
    return ToolSettings(kept, len(kept) < len(lines), _expanded(stated[-1], environ) if stated else "")


def curl_settings(environ: Mapping[str, str]) -> ToolSettings:
    """Return the user's settings of curl."""
    home, config = environ.get("HOME", ""), environ.get("XDG_CONFIG_HOME", "")
    # The order of `find_curlrc` in curl: https://curl.se/docs/manpage.html#-K
    folders = [
        (environ.get("CURL_HOME", ""), "."),
        (config, "."),
        (config, ""),
        (home, "."),
        (home and f"{home}/.config", ""),
    ]
    lines = _read(f"{folder}/{dot}curlrc" for folder, dot in folders if folder)
    kept: list[bytes] = []
    authorities = ""
    for line in lines:
        found = _CURL_SETTING.match(line)
        if found is not None and found["name"] == _CURL_AUTHORITIES:
            authorities = os.fsdecode(found["value"].strip().strip(b'"'))
        elif found is None or not (found["short"] or found["name"] in _CURL_PROXIES):
            kept.append(line)
    return ToolSettings(kept, len(kept) < len(lines), authorities)


def _read(paths: Iterable[str]) -> list[bytes]:
    """Return the lines of the first file of `paths` that can be read."""
    for path in paths:
        try:
            return files.read(Path(path), _LARGEST).splitlines()
        except (OSError, ValueError):  # ValueError: a null character in the path
            continue
    return []


def _wget_name(line: bytes) -> bytes:
    """Return the name of the setting in `line`; wget ignores case, dashes and underscores."""
    return re.sub(rb"[-_\s]", b"", line.partition(b"=")[0]).lower()


def _expanded(path: bytes, environ: Mapping[str, str]) -> str:
    text = os.fsdecode(path)
    return environ.get("HOME", "") + text[1:] if text.startswith("~/") else text
