"""What the verbs share that call a service: the address, the key, the consent to spend."""

from __future__ import annotations

import os
import sys
import warnings
from typing import TYPE_CHECKING

from emoji_mock.cli.output import UsageError, print_error
from emoji_mock.client import api_keys, base_url
from emoji_mock.client.errors import ApiKeyError, RequestError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from emoji_mock.client import EmojiDetect
    from emoji_mock.client.limits import CallLimits

_MOCK_KEY = "sk-mock-me"
KEY_HELP = "The key comes from DASHSCOPE_API_KEY or ~/.dashscope/api_key; a local fake needs none."


def add_address(parser: ArgumentParser, billed: str) -> None:
    """Add `--base-url` and `--live`; `billed` says what a live call costs."""
    parser.add_argument(
        "--base-url",
        metavar="URL",
        help="address of the service (default: DASHSCOPE_HTTP_BASE_URL, then DASHSCOPE_BASE_URL)",
    )
    parser.add_argument("--live", action="store_true", help=f"call the real vendor, which bills {billed}")


def add_key(parser: ArgumentParser) -> None:
    """Add the three ways to give a key; only one can be used."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--key-file", metavar="FILE", help="file that holds the API key; `-` reads it from standard input"
    )
    ways.add_argument("--key-env", metavar="NAME", help="environment variable that holds the API key")
    ways.add_argument(
        "--key",
        help="the API key itself, for mock keys: other users of this machine can read a command line (default: for the"
        " live service DASHSCOPE_API_KEY or ~/.dashscope/api_key, else a mock key)",
    )


def given_key(chosen: Namespace) -> str:
    """Return the key that the command line names, or "". Raises UsageError."""
    try:
        if chosen.key_env is not None:
            if not (value := os.environ.get(chosen.key_env)):
                raise UsageError(
                    f"--key-env {chosen.key_env}: set this environment variable to the key; it is not set, or empty"
                )
            return api_keys.Key(value).reveal()
        if chosen.key_file == "-":
            return api_keys.Key(_typed_key()).reveal()
        if chosen.key_file is not None:
            return api_keys.read_key_file(chosen.key_file).reveal()
    except ApiKeyError as error:
        raise UsageError(error.message.partition(";")[0]) from None
    return chosen.key or ""


def warn_of_visible_key(verb: str, chosen: Namespace) -> None:
    """Warn if a real key was given on the command line."""
    if chosen.key and not chosen.key.startswith(api_keys.MOCK_PREFIX):
        print_error(
            verb,
            "warning: --key shows the key to everyone who can list the processes of this machine, and to the shell's"
            " history: use --key-file FILE, --key-env NAME or DASHSCOPE_API_KEY.",
        )


def _typed_key() -> str:
    """Return the first line of standard input, without an echo on a terminal."""
    if sys.stdin is not None and sys.stdin.isatty():
        from getpass import getpass  # noqa: PLC0415 - few runs ask

        return getpass("API key: ", sys.stderr)
    try:
        return sys.stdin.readline(8192) if sys.stdin is not None else ""
    except (OSError, ValueError):
        raise UsageError("--key-file -: standard input must be text") from None


def resolve_base_url(given: str | None) -> str:
    """Return the address of `--base-url`, or else of the environment. Raises UsageError, which names the source."""
    try:
        return base_url.resolve_base_url(given)
    except RequestError as error:
        raise UsageError(str(error).replace("base_url", "--base-url", 1)) from None


def refuse_live(address: str, bill: str, *, live: bool, vendor: bool) -> str:
    """Return why the call is refused if the address and `--live` contradict each other, or ""."""
    if vendor and not live:
        return (
            f"{address} is the real vendor, {bill}. Start `emoji-mock serve` and use"
            " --base-url http://127.0.0.1:8000, or confirm with --live."
        )
    if live and not vendor:
        return f"--live calls the vendor, but {address} is not the vendor's address: leave one of them out."
    return ""


def open_client(verb: str, address: str, limits: CallLimits, *, vendor: bool) -> EmojiDetect:
    """Return a client; a fake needs no key. Raises ApiKeyError, or ImportError, which names the missing extra."""
    from emoji_mock.client import EmojiDetect  # noqa: PLC0415 - it needs the extra `client`

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        client = EmojiDetect(_key(vendor=vendor), base_url=address, limits=limits)
    for warning in warned:
        print_error(verb, f"warning: {warning.message}")
    return client


def _key(*, vendor: bool) -> str | None:
    try:
        api_keys.resolve_api_key(None)
    except ApiKeyError:
        if vendor:
            raise
        return _MOCK_KEY
    return None
