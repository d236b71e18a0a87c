"""The authority: what it vouches for, and for how long; its keys; its contexts."""

import os
import socket
import ssl
import tempfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tls_server import ANSWER

from emoji_mock.server.tls.authority import Authority

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def client(trust):
    """What a strict client trusts: Python 3.13's own default is as strict."""
    context = ssl.create_default_context(cafile=str(trust.certificate))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


@pytest.fixture(scope="module")
def chain(trust, tls):
    """The certificates that the server sends, the root last."""
    context = ssl.create_default_context(cafile=str(trust.certificate))
    with connect(tls, "127.0.0.1", context) as secure:
        sent = secure._sslobj.get_unverified_chain()
    return [x509.load_der_x509_certificate(ssl.PEM_cert_to_DER_cert(one.public_bytes())) for one in sent]


def connect(tls, host, context):
    """Connect to the server at the address of `host`, and do the handshake for `host`."""
    try:
        plain = socket.create_connection(("::1" if host == "::1" else "127.0.0.1", tls.port), timeout=10)
    except OSError:
        if host != "::1":
            raise
        pytest.skip("this machine has no IPv6")
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_loopback_has_a_certificate(tls, client, host):
    """A name or an address of this machine passes, and HTTP/1.1 is agreed on."""
    with connect(tls, host, client) as secure:
        secure.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert secure.recv(1000) == ANSWER
        assert secure.selected_alpn_protocol() == "http/1.1"


@pytest.mark.parametrize("host", ["forged.example", "oss-cn-beijing.aliyuncs.com", "common-name.example"])
def test_a_client_rejects_a_certificate_for_another_host(tls, client, host):
    """What the authority has signed for another host is refused for its name alone."""
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        connect(tls, host, client)


@pytest.mark.parametrize(
    "host", ["example.com", "a.localhost", "maas.aliyuncs.com", "dashscope.example", "127.0.0.2", "aliyuncs.com"]
)
def test_the_server_has_no_certificate_for_other_hosts(tls, client, host):
    """The server's own certificate is for the vendor's hosts and loopback."""
    with pytest.raises(ssl.SSLCertVerificationError, match=r"ostname mismatch|IP address mismatch"):
        connect(tls, host, client)


@pytest.mark.parametrize(
    ("host", "addresses"),
    [("localhost", []), ("127.0.0.1", ["127.0.0.1", "0:0:0:0:0:0:0:1"]), ("::1", ["127.0.0.1", "0:0:0:0:0:0:0:1"])],
)
def test_a_client_that_names_a_host_gets_a_certificate_without_addresses(tls, client, host, addresses):
    """BoringSSL rejects any address where addresses are constrained; who names no host gets the names and the addresses."""
    with connect(tls, host, client) as secure:
        names = secure.getpeercert()["subjectAltName"]
    assert [value for kind, value in names if kind == "IP Address"] == addresses
    assert {"dashscope.aliyuncs.com", "*.cn-beijing.maas.aliyuncs.com", "localhost"} < {value for _, value in names}


def test_the_server_sends_its_root_too(chain, tls):
    """Chromium looks for the hash that it is told among the certificates that it receives."""
    root = chain[-1]
    assert len(chain) == 3
    assert root.public_bytes(Encoding.PEM) == tls.authority.certificate
    public = root.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert b64encode(sha256(public).digest()).decode() == tls.authority.public_key_hash


def test_a_certificate_lasts_less_than_browsers_allow(chain):
    """It began some days ago, for clients whose clock is slow, and lasts for at most 397 days in all."""
    leaf, *authorities = chain
    now = datetime.now(UTC)
    assert leaf.not_valid_before_utc < now - 6 * DAY
    assert now + 360 * DAY < leaf.not_valid_after_utc <= leaf.not_valid_before_utc + 397 * DAY
    for one in authorities:
        assert one.not_valid_before_utc <= leaf.not_valid_before_utc
        assert leaf.not_valid_after_utc <= one.not_valid_after_utc


def test_no_certificate_names_a_place_to_ask(chain):
    """Without lists of revoked certificates and without addresses of their issuers, no client asks for any."""
    asked = (x509.CRLDistributionPoints, x509.AuthorityInformationAccess, x509.FreshestCRL)
    assert not [extension for one in chain for extension in one.extensions if isinstance(extension.value, asked)]


def test_the_issuing_authority_can_issue_servers_alone(chain):
    """Neither authority can vouch for a program or a mail; the issuing one makes no further authority."""
    for one, depth in zip(chain[1:], [0, 1], strict=True):
        usage = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(usage) == [x509.ExtendedKeyUsageOID.SERVER_AUTH]
        assert one.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == depth
        assert one.extensions.get_extension_for_class(x509.NameConstraints).critical


def test_each_authority_has_names_and_keys_of_its_own(tls):
    """Some clients find an issuer by its name: two servers' must differ."""
    first, second = (x509.load_pem_x509_certificate(one.certificate) for one in (tls.authority, Authority.create()))
    assert first.subject != second.subject
    assert first.public_key() != second.public_key()


def test_each_context_is_new(tls):
    """One caller's callbacks are not another's."""
    assert tls.authority.server_context() is not tls.authority.server_context()


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="only Linux has files in memory")
def test_on_linux_the_private_key_is_in_no_folder(tls, monkeypatch):
    """Python reads a key from files alone: this one is in memory."""
    monkeypatch.setattr(tempfile, "mkstemp", None)
    tls.authority.server_context()


def test_elsewhere_the_private_key_is_in_a_file_for_a_moment(tls, monkeypatch, tmp_path):
    """It is for its owner alone, and gone even if it cannot be read."""
    modes = []

    def load(_context, path):
        modes.append(Path(path).stat().st_mode & 0o777)
        raise ssl.SSLError

    def refuse(_):
        raise PermissionError

    monkeypatch.setattr(os, "memfd_create", refuse, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tls.authority.server_context()
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", load)
    with pytest.raises(ssl.SSLError):
        tls.authority.server_context()
    assert list(tmp_path.iterdir()) == []
    assert modes == [0o600]
