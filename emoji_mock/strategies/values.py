"""Single values of requests and responses: keys, request ids, URLs of pictures."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from io import BytesIO
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from emoji_mock.contract.endpoint import IMAGE_FORMATS, IMAGE_SIDES

_HOSTS = ("example.com", "cdn.example.org:8443", "192.0.2.7", "user@example.net", "图.example.com", "[2001:db8::7]")
_NAMES = st.text("abcdefghijklmnopqrstuvwxyzABC019-_.~%é图", min_size=1, max_size=12)
_KINDS = ("png", "jpg", "jpeg", "webp", "bmp", "PNG")
_QUERIES = ("", "?x=1", "?Expires=1795366800&Signature=a%2Bb%3D", "#top")

# Made once: a strategy that is made for each draw costs more than the draw.
_DIGITS = st.integers(0, 2**120 - 1)
_VERSIONS, _VARIANTS = st.sampled_from("9994"), st.sampled_from("89ab")
_URL_PARTS = tuple(map(st.sampled_from, (("https", "http", "HTTPS"), _HOSTS, _KINDS, _QUERIES)))
_SEGMENTS = st.lists(_NAMES, min_size=1, max_size=3)


def keys() -> st.SearchStrategy[str]:
    """Draw keys that the fake accepts, each of which selects a namespace of its own."""
    return st.integers(0, 999).map("sk-mock-{}".format)


@st.composite
def request_ids(draw: st.DrawFn) -> str:
    """Draw request ids as the vendor's: lower-case UUIDs whose version digit is mostly 9, sometimes 4."""
    digits = f"{draw(_DIGITS):030x}"
    version, variant = draw(_VERSIONS), draw(_VARIANTS)
    return f"{digits[:8]}-{digits[8:12]}-{version}{digits[12:15]}-{variant}{digits[15:18]}-{digits[18:]}"


def image_urls(*, oss: bool = False) -> st.SearchStrategy[str]:
    """Draw URLs of pictures: http, https, and `data:` URLs that contain a whole picture.

    `oss` allows `oss://` as well, which a server refuses unless there was an upload.
    """
    kinds = [st.just("https://example.com/me.png"), _web_urls(), _data_urls()]
    return st.one_of([*kinds, _oss_urls()] if oss else kinds)


@st.composite
def _web_urls(draw: st.DrawFn) -> str:
    schemes, hosts, kinds, queries = _URL_PARTS
    scheme, host, path = draw(schemes), draw(hosts), "/".join(draw(_SEGMENTS))
    return f"{scheme}://{host}/{path}.{draw(kinds)}{draw(queries)}"


def _oss_urls() -> st.SearchStrategy[str]:
    return _NAMES.map("oss://dashscope-instant/{}.png".format)


def _data_urls() -> st.SearchStrategy[str]:
    return st.builds(_data_url, st.sampled_from(IMAGE_FORMATS), st.booleans())


@lru_cache
def _data_url(kind: str, in_base64: bool) -> str:  # noqa: FBT001 - private
    from PIL import Image  # noqa: PLC0415 - Pillow is slow to import

    out = BytesIO()
    shortest = IMAGE_SIDES[0]
    Image.new("1", (shortest, shortest), 1).save(out, kind)
    media, data = f"data:image/{kind.lower()}", out.getvalue()
    return f"{media};base64,{b64encode(data).decode()}" if in_base64 else f"{media},{quote_from_bytes(data)}"
