"""What the verbs share that call the service, `detect` and `animate`: the address, the key, the consent to spend."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from emoji_mock.cli.output import UsageError, print_error
from emoji_mock.client import api_keys, base_url
from emoji_mock.client.errors import ApiKeyError, RequestError

if TYPE_CHECKING:
    from argparse import ArgumentParser

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
