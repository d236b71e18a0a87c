"""Links to one picture that are signed anew for every use."""

import pytest

from emoji_mock.fake.accounting.pictures import unsigned

PICTURE = "https://bucket.example.com/me.png"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?Expires=1&OSSAccessKeyId=a&Signature=b%3D", ""),
        ("?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=a&x-oss-date=b&x-oss-expires=1&x-oss-signature=c", ""),
        ("?x-oss-process=image/resize,w_100&Expires=1&Signature=b", "?x-oss-process=image/resize,w_100"),
        ("?X-Amz-Algorithm=a&X-Amz-Date=b&versionId=3&X-Amz-Signature=c", "?versionId=3"),
        ("?X-Goog-Signature=a&X-Goog-Date=b", ""),
        ("?q-sign-algorithm=sha1&q-ak=a&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=b", ""),
        ("?Policy=a&Signature=b&Key-Pair-Id=c", ""),
        ("?id=7&size=2", "?id=7&size=2"),
        ("", ""),
    ],
)  # fmt: skip
def test_the_signature_of_a_link_is_left_out(query, kept):
    """Parameters that sign or date a link are left out; those that select or change the picture stay."""
    assert unsigned(PICTURE + query) == PICTURE + kept
