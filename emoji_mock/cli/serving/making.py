"""Make the fake that the settings of a verb describe, and warn of what they open."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from emoji_mock.assembly import Fake, has_vision
from emoji_mock.cli.output import print_error
from emoji_mock.fake.accounting.api_keys import redact
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.fake.vision.eyes import Eyes
from emoji_mock.server.run import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from emoji_mock.cli.serving.reporter import Reporter
    from emoji_mock.config.serve_settings import ServeSettings
    from emoji_mock.conformance.recordings.recording import RecordingError
    from emoji_mock.fake.options import Options
    from emoji_mock.stores.valkey.address import StoreAddress
    from emoji_mock.stores.valkey.engine import Engine


DEFAULTS = {"kept_picture_bytes": 32 * 1024 * 1024}
"""The defaults of settings where a page is shown."""


_EXTRA = ("greenlet", "libvalkey", "valkey")
"""The packages of the extra `valkey`."""


def make_fake(settings: ServeSettings, reporter: Reporter) -> Fake:
    """Return the fake of `settings`, with eyes if they can see. Raises ValueError, which says what is wrong."""
    values, options = settings.values, make_options(settings)
    address = store_address(settings)
    try:
        if address is not None:
            fake = make_shared_fake(address, options, reporter.print_message)
        else:
            fake = _replay(values["replay"], options, reporter) if "replay" in values else Fake(options)
        with reading_store():
            fake.play(settings.scenario(), lasting=True)
    except ImportError as error:
        raise ValueError(str(error)) from None
    except OSError as error:
        raise ValueError(f"cannot keep uploads in {error.filename}: {error.strerror or error}") from None
    return fake


def make_options(settings: ServeSettings) -> Options:
    """Return the options of a server, with eyes if they can see."""
    values, options = settings.values, settings.options()
    if "eyes" not in values and has_vision():
        options = replace(options, eyes=Eyes())
    return replace(options, kept_picture_bytes=0) if values["no_page"] else options


def store_address(settings: ServeSettings) -> StoreAddress | None:
    """Return where the shared store is, with its password; None without one. Raises ValueError for what excludes it."""
    values = settings.values
    if "store" not in values:
        for name in ("store_prefix", "store_password_file"):
            if name in values:
                raise ValueError(
                    f"{name}: belongs to a shared store: add --store valkey://HOST:6379/0, or leave it out"
                )
        return None
    if "upload_dir" in values:
        raise ValueError("--upload-dir and --store: with a shared store, uploads are in it: leave out --upload-dir")
    if "replay" in values:
        raise ValueError("--replay and --store: recordings are played by a server with a memory of its own")
    address: StoreAddress = values["store"].with_password(values.get("store_password_file", ""), os.environ)
    return address.with_prefix(values["store_prefix"]) if "store_prefix" in values else address


def make_shared_fake(address: StoreAddress, options: Options, report: Callable[[str], None]) -> Fake:
    """Return a fake that shares the store at `address`. Raises ValueError, which says what is wrong.

    `report` is called with warnings, and with what this fake changes for others.
    """
    if not all(map(find_spec, _EXTRA)):
        raise ValueError("--store needs the client of Valkey: pip install 'emoji-mock[valkey]'")
    from emoji_mock.replicas.shared_fake import SharedFake  # noqa: PLC0415 - needed with a shared store only
    from emoji_mock.stores.valkey.opening import open_store  # noqa: PLC0415 - likewise

    with reading_store():
        return SharedFake(options, open_store(address, options, report))


def engine_of(fake: Fake) -> Engine | None:
    """Return the engine of the store that `fake` shares; None with a memory of its own."""
    if not fake.suspends:
        return None
    from emoji_mock.stores.valkey.store import ValkeyStore  # noqa: PLC0415 - needed with a shared store only

    return fake.store.engine if isinstance(fake.store, ValkeyStore) else None


@contextmanager
def reading_store() -> Generator[None]:
    """Raise ValueError, which says why, where the store cannot be reached."""
    try:
        yield
    except StoreUnavailableError as error:
        raise ValueError(str(error)) from None


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


def warn_of_password(verb: str, settings: ServeSettings) -> None:
    """Warn on stderr of a password on the command line, which every user of the machine can list."""
    if settings.is_flag("store") and settings.values["store"].password:
        print_error(
            verb,
            "warning: other users of this machine see the password in --store: put it into --store-password-file FILE"
            " or EMOJI_MOCK_STORE_PASSWORD.",
        )
