"""Make the fake that the settings of a verb describe, and warn of what they open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from emoji_mock.assembly import Fake, has_vision
from emoji_mock.cli.output import print_error
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.vision.eyes import Eyes
from emoji_mock.server.run import is_loopback

if TYPE_CHECKING:
    from pathlib import Path

    from emoji_mock.cli.serving.reporter import Reporter
    from emoji_mock.config.serve_settings import ServeSettings
    from emoji_mock.conformance.recordings.recording import RecordingError
    from emoji_mock.fake.options import Options


DEFAULTS = {"kept_picture_bytes": 32 * 1024 * 1024}
"""The defaults of settings where a page is shown."""


def make_fake(settings: ServeSettings, reporter: Reporter) -> Fake:
    """Return the fake of `settings`, with eyes if they can see. Raises ValueError, which says what is wrong."""
    values, options = settings.values, settings.options()
    if "eyes" not in values and has_vision():
        options = replace(options, eyes=Eyes())
    if values["no_page"]:
        options = replace(options, kept_picture_bytes=0)
    try:
        fake = _replay(values["replay"], options, reporter) if "replay" in values else Fake(options)
        fake.play(settings.scenario(), lasting=True)
    except ImportError as error:
        raise ValueError(str(error)) from None
    except OSError as error:
        raise ValueError(f"cannot keep uploads in {error.filename}: {error.strerror or error}") from None
    return fake


def _replay(folder: Path, options: Options, reporter: Reporter) -> Fake:
    from emoji_mock.conformance.recordings.folder import load  # noqa: PLC0415 - needed for a replay only
    from emoji_mock.conformance.recordings.replay import Replay  # noqa: PLC0415

    def leave_out(error: RecordingError) -> None:
        reporter.print_message(redact(f"left out: {error}"))

    return Replay(load(folder, leave_out), options, report=reporter.print_message)


def warn_if_open(verb: str, host: str, proxy_url: str) -> None:
    """Warn on stderr where other machines reach `host`, and through the proxy, if there is one, further ones."""
    if is_loopback(host):
        return
    print_error(verb, f"warning: other machines can reach {host}, and change the answers of the fake.")
    if proxy_url:
        print_error(verb, "warning: through its proxy they reach other machines as if they were this one.")
