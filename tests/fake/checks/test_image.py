"""Pictures in `data:` URLs are decoded within bounds."""

from base64 import b64encode

import pytest

from emoji_mock.fake.checks.image import decode_data_url
from emoji_mock.fake.refusal import Refused


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("data:image/png;base64," + b64encode(b"hi").decode(), b"hi"),
        ("data:;base64,aGk%3D", b"hi"),
        ("DATA:IMAGE/PNG;BASE64,aGk=", b"hi"),
        ("data:image/png,%68i", b"hi"),
    ],
)
def test_a_data_url_is_decoded(url, data):
    """Both forms of RFC 2397 are read."""
    assert decode_data_url(url) == data


@pytest.mark.parametrize("url", ["data:", "data:image/png;base64", "data:image/png;base64,a", "data:;base64,é"])
def test_a_broken_data_url_is_refused(url):
    """A malformed `data:` URL gets InvalidURL, as any URL that cannot be fetched."""
    with pytest.raises(Refused) as refused:
        decode_data_url(url)
    assert refused.value.row.name == "InvalidURL"


def test_a_url_of_escapes_is_refused_before_it_costs_memory():
    """Two million escapes are not undone."""
    with pytest.raises(Refused):
        decode_data_url("data:," + "%41" * 2_000_000)
