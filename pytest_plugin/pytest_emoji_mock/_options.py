"""The flags `--emoji-*` and the ini keys `emoji_*`: one of each for a setting, and a few flags more."""

from __future__ import annotations

from argparse import BooleanOptionalAction
from typing import TYPE_CHECKING, Any

from emoji_mock.config.settings import Place, settings_in

if TYPE_CHECKING:
    import pytest

# The flags of `pytest --pyargs emoji_mock.conformance`.
_CONFORMANCE = (
    ("target", "URL", "target of the contract suite: fake (default), a URL, or live"),
    ("budget", "N", "images that the live service may bill (default: 0)"),
    ("picture", "NAME=URL", "an image for the live service, such as passed=https://… (may be repeated)"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add a flag and an ini key for each setting, and the flags that are no settings of a fake."""
    group = parser.getgroup("emoji-mock", "emoji-mock: a fake of Alibaba Cloud's emoji-detect-v1")
    for setting in settings_in(Place.PYTEST):
        form: dict[str, Any] = {"metavar": setting.metavar}
        if setting.type.is_switch:
            form = {"action": BooleanOptionalAction}
        text = setting.help_in(Place.PYTEST)
        group.addoption(setting.pytest_flag, dest=setting.ini_key, help=text, **form)
        parser.addini(setting.ini_key, text)
    group.addoption(
        "--emoji-live", dest="emoji_live", action="store_true", help="let tests marked emoji_live call the vendor"
    )
    for name, metavar, text in _CONFORMANCE:
        repeated: dict[str, Any] = {"action": "append", "default": []} if name == "picture" else {}
        group.addoption(f"--emoji-{name}", dest=f"emoji_{name}", metavar=metavar, help=text, **repeated)
