"""What is said at the end of a program about calls that did not reach the fake. Pure."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emoji_mock.contract.endpoint import BASE_URL_VARIABLES
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.programs.notice_texts import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from emoji_mock.programs.left_behind import LeftProcess

_ELSEWHERE = frozenset({"docker", "doas", "flatpak", "podman", "ssh", "su", "sudo", "systemd-run"})
"""Programs that start others in an environment that is not theirs."""


def describe_left(left: Sequence[LeftProcess]) -> str:
    """Return a sentence about processes that run on."""
    named = ", ".join(f"{shown(one.name)} (process {one.pid})" for one in left)
    if len(left) == 1:
        return f"{named} still runs, and gets no answers from now on: its calls are refused."
    return f"{named} still run, and get no answers from now on: their calls are refused."


def explain_no_call(command: Sequence[str], environ: Mapping[str, str], *, explained: bool) -> str:
    """Return that there was no call and its likely cause, unless notices have `explained` it."""
    name = PurePath(command[0]).name
    text = f"{shown(name)} made no call to the vendor."
    for variable in BASE_URL_VARIABLES:
        address = environ.get(variable, "")
        if address and not is_vendor_host(_host_of(address)):
            return f"{text} {variable} is set to another server, {shown(_host_of(address)) or 'or none'}: unset it."
    if name in _ELSEWHERE:
        return f"{text} {name} gives programs another environment: put `emoji-mock run --` behind it, not before."
    if explained:
        return text
    return (
        f"{text} If it should have: what ignores HTTPS_PROXY and is neither Node nor Python needs the proxy"
        " $EMOJI_MOCK_PROXY and the certificate $EMOJI_MOCK_CA by options of its own, as curl's --proxy and --cacert."
    )


def _host_of(address: str) -> str:
    """Return the host of a URL, never its user and password."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
