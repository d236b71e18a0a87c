"""The exchange: plain values."""

from emoji_mock import Request


def test_headers_are_found_by_lower_case_name_and_repeated_ones_joined():
    """Names are compared without case, and the values of a repeated header are joined as RFC 9110 says."""
    request = Request("GET", "/", (("Host", "a"), ("X-Many", "1"), ("x-many", "2")))
    assert request.by_name() == {"host": "a", "x-many": "1, 2"}


def test_very_many_repeated_headers_are_joined_in_their_order():
    """Each value is copied once, so a million bytes of one header take no longer than other headers do."""
    headers = tuple(("X" if number % 2 else "x", str(number)) for number in range(100_000))
    assert Request("GET", "/", (*headers, ("y", "1"))).by_name() == {"x": ", ".join(map(str, range(100_000))), "y": "1"}
