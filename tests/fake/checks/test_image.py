"""Pictures in `data:` URLs are decoded within bounds."""

import json
from base64 import b64encode

import pytest
from helpers import body, call, picture, upload

from emoji_mock import Fake
from emoji_mock.fake.checks.image import decode_data_url
from emoji_mock.fake.checks.refusal import Refused


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("data:image/png;base64," + b64encode(b"hi").decode(), b"hi"),
        ("data:;base64,aGk%3D", b"hi"),
        ("DATA:IMAGE/PNG;BASE64,aGk=", b"hi"),
        ("data:image/png,%68i", b"hi"),
        ("data:;base64,aGk", b"hi"),
        ("data:image/png;base64,aG\r\nk=\n", b"hi"),
        ("data:image/png;base64,aG%0D%0Ak%3d", b"hi"),
        ("data:image/png;name=me.png;charset=utf-8; base64 ,aG k=", b"hi"),
    ],
)
def test_a_data_url_is_decoded(url, data):
    """Both forms of RFC 2397 are read."""
    assert decode_data_url(url) == data


@pytest.mark.parametrize(
    "url",
    [
        "data:",
        "data:image/png;base64",
        "data:image/png;base64,a",
        "data:;base64,é",
        "data:;base64,aGk===",
        "data:;base64,_-==",
    ],
)
def test_a_broken_data_url_is_refused(url):
    """A malformed `data:` URL gets InvalidURL, as any URL that cannot be fetched."""
    with pytest.raises(Refused) as refused:
        decode_data_url(url)
    assert refused.value.row.name == "InvalidURL"


def test_a_url_of_escapes_is_refused_before_it_costs_memory():
    """Two million escapes are not undone."""
    with pytest.raises(Refused):
        decode_data_url("data:," + "%41" * 2_000_000)


def test_base64_that_a_form_has_escaped_is_read():
    """Every `+` and `/` of a large picture may be escaped, in either case."""
    data = bytes(range(256)) * 12_000
    escaped = b64encode(data).decode().replace("+", "%2B").replace("/", "%2f")
    assert escaped.count("%") > 100_000
    assert decode_data_url(f"data:image/png;base64,{escaped}") == data


SPELLINGS = (
    "data:image/png;base64,{}",
    "DATA:image/JPEG;base64,{}",
    "data:;base64,{}",
    "data:image/png;name=me;base64,{}",
    "data:image/png;charset=utf-8;BASE64,{}\n",
)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "WEBP"])
def test_the_same_bytes_get_the_same_face_however_they_come(kind):
    """As an upload under any key, and as a `data:` URL in any spelling, with line breaks, without padding, escaped."""
    fake, data = Fake(), picture(kind)
    coded = b64encode(data).decode()
    lines = "\r\n".join(coded[place : place + 76] for place in range(0, len(coded), 76))
    urls = [spelling.format(coded) for spelling in SPELLINGS]
    urls += [f"data:;base64,{lines}", f"data:;base64,{coded.rstrip('=')}"]
    urls.append(f"data:;base64,{coded.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}")
    urls += [upload(fake, data) for _ in range(2)]
    answers = [fake.answer(call(body(url), x_dashscope_ossresourceresolve="enable")) for url in urls]
    assert {str(json.loads(answer.body)["output"]) for answer in answers} == {
        str(json.loads(answers[0].body)["output"])
    }
    assert len({entry.picture for entry in fake.store.journal().entries if entry.image_url}) == 1
    assert fake.store.ledgers()["test"].wasted == len(urls) - 1
