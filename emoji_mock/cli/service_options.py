"""What the verbs that ask a service have in common: whom they ask, with which key, and how they complain."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING

from emoji_mock._support.terminal import plain
from emoji_mock.client.api_keys import resolve_api_key
from emoji_mock.client.base_url import resolve_base_url
from emoji_mock.client.errors import ApiKeyError, RequestError

if TYPE_CHECKING:
    from emoji_mock.client import EmojiDetect
    from emoji_mock.client.limits import CallLimits

_ANY_KEY = "sk-mock-me"


class WrongUsageError(Exception):
    """The command line, or the environment, asks for what cannot be."""


def complain(verb: str, problem: str, status: int) -> int:
    """Say on stderr what is wrong, and return the exit status."""
    print(f"emoji-mock {verb}: {plain(problem)}", file=sys.stderr)
    return status


def whom_to_ask(given: str | None) -> str:
    """Return the address of `--base-url`, or else of the environment. Raises WrongUsageError, which names which."""
    try:
        return resolve_base_url(given)
    except RequestError as error:
        raise WrongUsageError(str(error).replace("base_url", "--base-url", 1)) from None


def open_client(verb: str, base_url: str, limits: CallLimits, *, vendor: bool) -> EmojiDetect:
    """Return a client; a fake needs no key. Raises ApiKeyError, or ImportError that tells which extra is missing."""
    from emoji_mock.client import EmojiDetect  # noqa: PLC0415

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        client = EmojiDetect(_key(vendor=vendor), base_url=base_url, limits=limits)
    for warning in warned:
        complain(verb, f"warning: {warning.message}", 0)
    return client


def _key(*, vendor: bool) -> str | None:
    try:
        resolve_api_key(None)
    except ApiKeyError:
        if vendor:
            raise
        return _ANY_KEY
    return None
