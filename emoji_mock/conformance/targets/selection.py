"""Select a target and its pictures by the words of a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from emoji_mock.conformance.targets.fake import FakeTarget
from emoji_mock.conformance.targets.server import ServerTarget, parse_root
from emoji_mock.contract.catalogue import find
from emoji_mock.contract.endpoint import HOME
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.row import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from emoji_mock.conformance.targets.target import Target


def is_live(text: str) -> bool:
    """Whether `text` (`fake`, `live`, or a URL) names the live service. Raises TargetError."""
    return text == "live" or (text != "fake" and is_vendor_host(urlsplit(parse_root(text)).hostname or ""))


def target_for(text: str, *, key: str = "", pictures: Mapping[str, str] | None = None) -> Target:
    """Return the target that `text` names: `fake`, `live`, or a URL. Raises TargetError."""
    if text == "fake":
        return FakeTarget()
    return ServerTarget(HOME if text == "live" else text, key=key, pictures=pictures)


def parse_pictures(words: Iterable[str]) -> dict[str, str]:
    """Parse words like `passed=URL` and `FacePose=URL` into URLs by what the pictures show. Raises ValueError."""
    pictures: dict[str, str] = {}
    for word in words:
        name, mark, url = word.partition("=")
        if not mark or not url.startswith(("http://", "https://", "oss://")):
            raise ValueError(f"--picture must be NAME=URL, such as passed=https://…, not {word[:40]!r}")
        pictures["passed" if name == "passed" else find(name, Outcome.FAILED).name] = url
    return pictures
