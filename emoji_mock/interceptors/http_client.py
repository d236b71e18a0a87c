"""Intercept `http.client`, and with it `urllib.request`, `xmlrpc.client` and others that use it."""

from emoji_mock.interceptors.originals import own_class
from emoji_mock.interceptors.sockets import SocketInterceptor


def _connect_error(_: object, error: OSError) -> Exception:
    return error


_PLAIN = own_class("http.client", "HTTPConnection")
INTERCEPTOR = SocketInterceptor(
    _PLAIN, own_class("http.client", "HTTPSConnection"), (_PLAIN, "request"), _connect_error
)
