"""The fake that `serve` makes of its settings: with eyes, unless they are switched off or cannot see."""

from argparse import ArgumentParser

import pytest

from emoji_mock import assembly
from emoji_mock.cli.serving import making
from emoji_mock.config.serve_settings import ServeSettings, add_flags
from emoji_mock.fake.vision.eyes import Eyes


def made(*flags):
    """Return the options of the fake that `serve` makes of `flags`."""
    parser = ArgumentParser()
    add_flags(parser)
    return making.make_fake(ServeSettings(parser.parse_args(flags), making.DEFAULTS), None).options


@pytest.mark.parametrize(
    ("flag", "file", "eyes"),
    [
        ("", "", Eyes()),
        ("--eyes=off", "", None),
        ("--eyes=on", "", Eyes()),
        ("--eyes=roll=25", "", Eyes(roll=25)),
        ("", "eyes = false", None),
        ("", "eyes = true", Eyes()),
        ("", "eyes = { yaw = 40 }", Eyes(yaw=40)),
        ("--eyes=off", "eyes = true", None),
        ("--eyes=on", "eyes = false", Eyes()),
    ],
)
def test_eyes_are_on_unless_they_are_switched_off(tmp_path, monkeypatch, flag, file, eyes):
    """The flag goes before the file, and both before the default, which is on where OpenCV is installed."""
    monkeypatch.setattr(assembly, "find_spec", lambda _: True)
    path = tmp_path / "settings.toml"
    path.write_text(file)
    assert made(f"--config={path}", *filter(None, [flag])).eyes == eyes


def test_without_opencv_eyes_are_off_or_an_error(monkeypatch):
    """The default is off; who asks for eyes is told what to install."""
    monkeypatch.setattr(assembly, "find_spec", lambda _: None)
    assert made().eyes is None
    with pytest.raises(ValueError, match=r"pip install 'emoji-mock\[vision\]'"):
        made("--eyes=on")


@pytest.mark.parametrize(("flags", "kept"), [((), 33_554_432), (("--no-page",), 0)])
def test_pictures_are_kept_for_a_page_alone(flags, kept):
    """Without a page nothing shows them."""
    assert made(*flags).kept_picture_bytes == kept
