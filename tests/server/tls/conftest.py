"""Fixtures of the tests of TLS: one server for each module."""

import pytest
from tls_server import TlsServer

from emoji_mock.server.tls.trust_files import TrustFiles


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    """A server with certificates that it may show, and with certificates that no client may accept."""
    server = TlsServer(tmp_path_factory.mktemp("tls"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def trust(tls):
    """The files by which programs trust that server's authority, besides the system's."""
    with TrustFiles(tls.authority.certificate, {}) as files:
        yield files
