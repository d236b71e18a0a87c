"""Text that is safe to print: in JSON as escapes, and lines that are dropped where they cannot be written."""

import json
import sys
from unicodedata import category

from emoji_mock._support.terminal import escape_json, write_line


def test_characters_that_act_on_a_terminal_are_escaped_in_json():
    """Of all of Unicode: control, format, line and paragraph characters; the document means the same."""
    text = "".join(map(chr, [*range(0xD800), *range(0xE000, sys.maxunicode + 1)]))
    document = json.dumps({"text": text}, ensure_ascii=False).encode()
    shown = escape_json(document).decode()
    assert json.loads(shown) == {"text": text}
    assert {letter for letter in shown if category(letter) in {"Cc", "Cf", "Zl", "Zp"}} == set()
    assert "面" in shown


def test_ordinary_json_is_unchanged():
    """ASCII, Chinese and emoji stay as they are; a tag and a turn of direction do not."""
    ordinary = '{"a":"b 面😀"}'.encode()
    assert escape_json(ordinary) == ordinary
    assert escape_json('{"a":"\u202e\U000e0041"}'.encode()) == rb'{"a":"\u202e\udb40\udc41"}'


def test_a_line_that_cannot_be_written_is_dropped(tmp_path):
    """A closed stream, none at all, and an encoding that lacks a character."""
    write_line(None, "x")
    path = tmp_path / "out"
    with path.open("w", encoding="ascii") as stream:
        write_line(stream, "— 面")
    write_line(stream, "x")
    assert path.read_text(encoding="ascii") == "\\u2014 \\u9762\n"
