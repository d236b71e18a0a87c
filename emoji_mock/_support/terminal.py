"""Make text from elsewhere safe to print on a terminal, and write lines whose failure ends nothing."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

# Unicode's categories Cc, Cf, Zl and Zp beyond what JSON escapes; a test compares them with Unicode's own tables.
_CONTROL_OR_FORMAT = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
_USER_PART = re.compile(r"([a-z][a-z0-9+.-]{0,15}:/{1,2})[^\s\"'<>]*@", re.IGNORECASE)


def without_user_parts(text: str) -> str:
    """Return `text` without what stands before the `@` of a URL: a user, a password, or a part of one."""
    return _USER_PART.sub(r"\1", text)


def plain(text: str) -> str:
    """Return `text` with control and format characters replaced, which a terminal might act on."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text)


def occupy_standard_files() -> None:
    """Open the null device in place of each closed one of stdin, stdout and stderr.

    A socket would else get its number, and libuv ends the process when it closes one of these.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free number


def write_line(stream: TextIO | None, text: str) -> None:
    """Write `text` and a line end to `stream`. What cannot be written is dropped: a full device, a closed pipe.

    It bypasses the stream's buffer, in which the rest of a failed write would stay, and end the process with an error.
    """
    if stream is None:  # the process was started with it closed
        return
    try:
        number = stream.fileno()
    except (OSError, ValueError, AttributeError):  # a calling program has replaced it, or closed it
        with suppress(OSError, ValueError):
            stream.write(f"{text}\n")
        return
    data = f"{text}{os.linesep}".encode(stream.encoding, "backslashreplace")
    with suppress(OSError, ValueError):
        stream.flush()
        while data:
            data = data[os.write(number, data) :]


def escape_json(document: bytes) -> bytes:
    """Return `document`, as JSON, with control and format characters escaped: they may hide or reorder text."""
    if document.isascii() and b"\x7f" not in document:
        return document
    return _CONTROL_OR_FORMAT.sub(_escaped, document.decode()).encode()


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
