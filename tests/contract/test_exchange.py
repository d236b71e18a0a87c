"""The exchange: plain values."""

from emoji_mock import Request


def test_headers_are_found_by_lower_case_name_and_repeated_ones_joined():
    """Names are compared without case, and the values of a repeated header are joined as RFC 9110 says."""
    request = Request("GET", "/", (("Host", "a"), ("X-Many", "1"), ("x-many", "2")))
    assert request.by_name() == {"host": "a", "x-many": "1, 2"}
