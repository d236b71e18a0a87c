"""Intercept `http.client`, and with it `urllib.request`, `xmlrpc.client` and others that use it."""

from http.client import HTTPConnection, HTTPSConnection

from emoji_mock.interceptors.sockets import SocketInterceptor


def _connect_error(_: object, error: OSError) -> Exception:
    return error


INTERCEPTOR = SocketInterceptor(HTTPConnection, HTTPSConnection, _connect_error)
