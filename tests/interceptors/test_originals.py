"""A library's own functions and classes are found although something else stands in their place."""

import http.client

import httpcore
import httpx
import pytest
import requests
import urllib3

from emoji_mock.interceptors.originals import is_own_function, own_class, own_function

FUNCTIONS = [
    (requests.adapters.HTTPAdapter, "send"),
    (httpx.HTTPTransport, "handle_request"),
    (httpcore.ConnectionPool, "handle_request"),
    (http.client.HTTPConnection, "connect"),
    (urllib3.HTTPConnectionPool, "urlopen"),
]


@pytest.mark.parametrize(("owner", "name"), FUNCTIONS, ids=[owner.__name__ for owner, _ in FUNCTIONS])
def test_a_librarys_own_function_is_known_and_found(owner, name, monkeypatch):
    """It is known by its code, and found while another one stands in its place, however that is disguised."""
    own = vars(owner)[name]
    assert is_own_function(owner, name, own)
    assert own_function(owner, name, None) is own

    def other(*_):
        """Do nothing."""

    other.__name__, other.__qualname__, other.__module__, other.__wrapped__ = (
        name,
        own.__qualname__,
        own.__module__,
        own,
    )
    monkeypatch.setattr(owner, name, other)
    assert not is_own_function(owner, name, other)
    assert own_function(owner, name, None) is own


def test_a_function_that_is_gone_has_a_default():
    """Without the function the given one is used."""

    class Library:
        get = staticmethod(len)

    assert own_function(Library, "get", print) is print


def test_a_librarys_own_class_is_found(monkeypatch):
    """It is found while a subclass of another tool stands in its place."""
    own = http.client.HTTPConnection

    class Other(own):
        pass

    monkeypatch.setattr(http.client, "HTTPConnection", Other)
    assert own_class("http.client", "HTTPConnection") is own
    assert own_class("http.client", "HTTPSConnection") is http.client.HTTPSConnection
