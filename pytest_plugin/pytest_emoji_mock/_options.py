"""The flags `--emoji-*`, and the ini option that each has."""

from __future__ import annotations

from argparse import BooleanOptionalAction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest

OPTIONS: dict[str, tuple[dict[str, Any], str]] = {
    "seed": ({"metavar": "N"}, "repeat request ids and boxes"),
    "time_scale": ({"metavar": "X"}, "share of the vendor's minutes that a video takes (default: 0, at once)"),
    "failed_as": ({"metavar": "200|400"}, "HTTP status of a failed detection (default: 200)"),
    "details": ({"action": BooleanOptionalAction}, "end gateway messages with `For details, see: …`"),
    "retired": ({"action": BooleanOptionalAction}, "answer as if the model were offline"),
    "scenario": ({"metavar": "NAME|FILE"}, "what callers meet (see `emoji-mock scenario list`)"),
    "latency": ({"metavar": "SECONDS|DIST"}, "hold every answer back: 0.2, or lognormal:0.2,0.5 (see docs/faults.md)"),
    "limits": ({"metavar": "LIMITS"}, "hold every account to limits: rps=1,images=200 (see docs/limits.md)"),
    "max_images": ({"metavar": "N"}, "fail a run that would have been billed for more images than this"),
    "strict": ({"action": BooleanOptionalAction}, "fail a test that leaves rules unused (the default)"),
}

# What `pytest --pyargs emoji_mock.conformance` takes.
_CONFORMANCE = (
    ("target", "URL", "what the contract is held against: fake (default), a URL, or live"),
    ("budget", "N", "images that the live service may bill (default: 0)"),
    ("picture", "NAME=URL", "a picture for the live service, such as passed=https://…; may be repeated"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--emoji-*` flags, and an ini option for each."""
    group = parser.getgroup("emoji-mock", "emoji-mock: a fake of Alibaba Cloud's emoji-detect-v1")
    for name, (form, text) in OPTIONS.items():
        group.addoption(f"--emoji-{name.replace('_', '-')}", dest=f"emoji_{name}", help=text, **form)
        parser.addini(f"emoji_{name}", text)
    group.addoption(
        "--emoji-live", dest="emoji_live", action="store_true", help="let tests marked emoji_live reach the vendor"
    )
    for name, metavar, text in _CONFORMANCE:
        repeated: dict[str, Any] = {"action": "append", "default": []} if name == "picture" else {}
        group.addoption(f"--emoji-{name}", dest=f"emoji_{name}", metavar=metavar, help=text, **repeated)
