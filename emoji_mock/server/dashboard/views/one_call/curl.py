"""A call as a command line for curl, which sends it again to the fake, never to the vendor."""

from __future__ import annotations

import re
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from emoji_mock._support.terminal import escape_json, plain
from emoji_mock.contract.endpoint import EndpointName
from emoji_mock.contract.hosts import is_vendor_host
from emoji_mock.contract.routes import origin_form

if TYPE_CHECKING:
    from emoji_mock.fake.accounting.journal import Entry

_FILE = "request.json"
_CUT = re.compile(r"… \(\d+ characters\)$")
_OF_A_KEY = "key:"


class Repeat(NamedTuple):
    """The command that repeats a call, empty if none can; and what is to be said of it."""

    command: str
    note: str


def repeat(entry: Entry, origin: str) -> Repeat:
    """Return the command that sends a call again to the server at `origin`."""
    if entry.endpoint == EndpointName.STORAGE:
        return Repeat("", "The journal does not keep the file of an upload, so no command can repeat it.")
    texts = (entry.method, entry.target, entry.host, entry.headers.replace("\n", ""))
    if any(_is_unsafe(text) for text in texts):
        return Repeat("", "The request has characters that no command line should have.")
    parts = [f"curl --globoff --path-as-is -X {quote(entry.method)} {quote(origin + origin_form(entry.target))}"]
    notes: list[str] = []
    if is_vendor_host(entry.host):
        parts.append(f"-H {quote(f'host: {entry.host}')}")
    if entry.namespace and not entry.namespace.startswith(_OF_A_KEY):
        parts.append(f"-H {quote(f'authorization: Bearer sk-mock-{entry.namespace}')}")
    elif entry.key:
        parts.append('-H "authorization: Bearer $DASHSCOPE_API_KEY"')
        notes.append("No key is kept: set DASHSCOPE_API_KEY first.")
    parts += [f"-H {quote(line)}" for line in entry.headers.split("\n") if line]
    if entry.request_body:
        given = _body(entry.request_body)
        parts.append(f"--data-binary {quote(given or f'@{_FILE}')}")
        if given is None:
            notes.append(f"The journal keeps a part of the body only: put the whole into {_FILE}.")
    return Repeat(" \\\n  ".join(parts), " ".join(notes))


def _body(body: str) -> str | None:
    """Return a body for a command line, or None if the journal has cut it or it has control characters."""
    if _CUT.search(body):
        return None
    try:
        compact = msgspec.json.format(body, indent=-1)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return None if _is_unsafe(body) else body
    return escape_json(compact.encode()).decode()


def _is_unsafe(text: str) -> bool:
    """Return whether a text has characters on which a terminal might act when it is pasted."""
    return plain(text) != text or "\n" in text or "\t" in text
