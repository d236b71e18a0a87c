"""A known secret is found in every encoding, at any place."""

import bz2
import codecs
import gzip
import html
import json
import lzma
import subprocess
import sys
import zlib
from base64 import b32encode, b64encode, urlsafe_b64encode
from random import Random
from textwrap import wrap
from urllib.parse import quote

import pytest

from emoji_mock._support.encodings.secret_search import SecretSearch

KEYS = {
    "the vendor's": "sk-0123456789abcdefABCDEF0123456789",
    "another": "my/secret+key=~of^{odd}",
}


def base64(text, encode=b64encode):
    """Return base64 of `text`."""
    return encode(text.encode()).decode()


ENCODINGS = {
    "raw": lambda key: key,
    "reversed": lambda key: key[::-1],
    "upper case": str.upper,
    "base64": base64,
    "base64, one byte before": lambda key: base64(f"a{key}b"),
    "base64, two bytes before": lambda key: base64(f"ab{key}cd"),
    "base64 of a header": lambda key: base64(f"Authorization: Bearer {key}\r\n"),
    "base64, for URLs, without padding": lambda key: base64(f"?>?{key}~~", urlsafe_b64encode).rstrip("="),
    "base64, reversed": lambda key: base64(key)[::-1],
    "base64 of it reversed": lambda key: base64(key[::-1]),
    "base64 in base64": lambda key: base64(f"x{base64(f'y{key}')}"),
    "base64 of hex": lambda key: base64(key.encode().hex()),
    "base64 of UTF-16": lambda key: b64encode(key.encode("utf-16")).decode(),
    "base64 in lines": lambda key: "\r\n".join(wrap(base64("abc" * 20 + key), 16)),
    "base64 in lines of JSON": lambda key: json.dumps(base64_lines(key)),
    "base64, percent-encoded": lambda key: quote(base64(key), safe=""),
    "base32": lambda key: b32encode(f"abc{key}".encode()).decode(),
    "hex": lambda key: key.encode().hex(),
    "hex, upper case": lambda key: key.encode().hex().upper(),
    "hex with blanks": lambda key: key.encode().hex(" "),
    "hex with colons": lambda key: key.encode().hex(":"),
    "hex of a dump": lambda key: ", ".join(f"0x{letter:02x}" for letter in key.encode()),
    "hex of base64": lambda key: base64(key).encode().hex(),
    "hex of it reversed": lambda key: key[::-1].encode().hex(),
    "percent": lambda key: quote(key, safe=""),
    "percent, every character": lambda key: "".join(f"%{letter:02X}" for letter in key.encode()),
    "percent, twice": lambda key: quote(quote(key, safe=""), safe=""),
    "percent, with u": lambda key: "".join(f"%u{letter:04x}" for letter in key.encode()),
    "entities": lambda key: "".join(f"&#{letter};" for letter in key.encode()),
    "entities, hex": lambda key: "".join(f"&#x{letter:x};" for letter in key.encode()),
    "entities of entities": lambda key: html.escape("".join(f"&#{letter};" for letter in key.encode())),
    "JSON": lambda key: "".join(f"\\u{letter:04x}" for letter in key.encode()),
    "JSON in JSON": lambda key: json.dumps("".join(f"\\u{letter:04x}" for letter in key.encode())),
    "Python": lambda key: "".join(f"\\U{letter:08x}" for letter in key.encode()),
    "octal": lambda key: "".join(f"\\{letter:o}" for letter in key.encode()),
    "numbers": lambda key: json.dumps(list(key.encode())),
    "bits": lambda key: " ".join(f"{letter:08b}" for letter in key.encode()),
    "in lines": lambda key: "\n".join(wrap(key, 7)),
    "in lines of a header": lambda key: "\r\n ".join(wrap(key, 9)),
    "in lines of JSON": lambda key: json.dumps("\n".join(wrap(key, 7))),
    "in lines of a mail": lambda key: "=\r\n".join(wrap(key, 7)),
    "UTF-16": lambda key: key.encode("utf-16-le").decode("latin-1"),
    "gzip in base64": lambda key: b64encode(gzip.compress(f"x{key}".encode())).decode(),
    "zlib in base64": lambda key: b64encode(zlib.compress(f"x{key}".encode())).decode(),
}


def base64_lines(key):
    """Return base64 as a mail has it: with an end of line in every 76 characters."""
    return codecs.encode(b"-" * 70 + key.encode(), "base64").decode()


PLACES = ("{}", '{{"message":"the key: {}","code":"x"}}', "/a?b={}&c=d", "<a>{}</a>")


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_secret_is_found_in_every_encoding(key, encode):
    """What was found is replaced, nothing of it remains, and the text around it stays."""
    search = SecretSearch({key: "<key>", "another-secret": "<other>"})
    for place in PLACES:
        text = place.format(encode(key))
        assert search.holds(text)
        hidden = search.hide(text)
        before, _, after = place.format("\0").partition("\0")
        assert hidden.startswith(before)
        assert hidden.endswith(after)
        assert "<key>" in hidden
        assert not search.holds(hidden)


@pytest.mark.parametrize(
    "compress", [gzip.compress, zlib.compress, bz2.compress, lzma.compress], ids=lambda one: one.__module__
)
@pytest.mark.parametrize("times", [1, 3])
def test_a_secret_is_found_in_compressed_data(compress, times):
    """However often data are compressed, a secret inside is found, and other data are not taken for one."""
    search = SecretSearch({KEYS["another"]: "<key>"})
    data, other = f'{{"key":"{KEYS["another"]}"}}'.encode(), b'{"key":"none of them"}'
    for _ in range(times):
        data, other = compress(data), compress(other)
    assert search.inside(data)
    assert not search.inside(other)


def test_python_may_lack_bz2_and_lzma():
    """Where Python was built without them, the client works, and looks into what can be decompressed."""
    code = """
import sys, zlib
sys.modules |= dict.fromkeys(("_bz2", "_lzma"))
import emoji_mock.client
from emoji_mock._support.encodings.secret_search import SecretSearch
assert SecretSearch({"sk-0123456789abcdef": "<key>"}).inside(zlib.compress(b"sk-0123456789abcdef"))
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_data_without_end_are_searched_within_a_bound():
    """A bomb of compression takes no more memory than any other data."""
    bomb = gzip.compress(bytes(50_000_000))
    assert not SecretSearch({KEYS["another"]: "<key>"}).inside(bomb)


def test_other_text_stays():
    """Words, numbers, base64 and hex of anything else are no secret."""
    random = Random(1)
    search = SecretSearch(dict.fromkeys(KEYS.values(), "<key>") | {"short": "<short>"})
    for _ in range(50):
        data = random.randbytes(200)
        for text in (data.hex(), b64encode(data).decode(), data.decode("latin-1"), "a short word", "sk-0123456789"):
            assert search.hide(text) == text
