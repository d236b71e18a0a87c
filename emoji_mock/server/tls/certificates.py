"""Create root certificates that are constrained to the vendor's hosts and loopback, and issue certificates by them."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import ip_network
from secrets import token_hex
from typing import NamedTuple

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from emoji_mock._support import real_time
from emoji_mock.contract.hosts import NAMED_HOSTS, WORKSPACE_DOMAIN

A_PROCESS = timedelta(days=390)
"""How long a root lasts that is made for one process."""
YEARS = timedelta(days=5 * 365)
"""How long a root lasts that is kept."""
_LEAF = timedelta(days=390)
"""With the days before it less than the 398 that browsers allow."""
_BEFORE = timedelta(days=7)
"""How long ago a certificate begins, for a client whose clock is slow."""
_PERMITTED = [
    *(x509.DNSName(name) for name in (*NAMED_HOSTS, WORKSPACE_DOMAIN, "localhost")),
    *(x509.IPAddress(ip_network(network)) for network in ("127.0.0.0/8", "::1/128")),
]
CONSTRAINTS = x509.NameConstraints(permitted_subtrees=_PERMITTED, excluded_subtrees=None)
"""RFC 5280, 4.2.1.10: of names of a form that is in the list, only those in the list; so no other host or address."""
_IDENTITIES = (*NAMED_HOSTS, f"*.{WORKSPACE_DOMAIN}", "localhost", "127.0.0.1", "::1")


class Issued(NamedTuple):
    """A root's certificate, the private key and the chain of the certificate that it issued, and its key's hash."""

    certificate: bytes
    leaf_key: bytes
    chain: bytes
    public_key_hash: str


def now() -> datetime:
    """Return the real date, also where a test has moved it."""
    return datetime.fromtimestamp(real_time.wall(), UTC)


def create_key() -> ec.EllipticCurvePrivateKey:
    """Create a private key."""
    return ec.generate_private_key(ec.SECP256R1())


def create_root(key: ec.EllipticCurvePrivateKey, lasting: timedelta) -> x509.Certificate:
    """Create the certificate of an authority whose private key is `key`."""
    # Each has a name of its own: some programs find an issuer by its name alone.
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "emoji-mock"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"emoji-mock {token_hex(6)}"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    public = key.public_key()
    begin = now()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - _BEFORE)
        .not_valid_after(begin + lasting)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(CONSTRAINTS, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def issue(root: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Issued:
    """Issue the certificate of a server: for all hosts of the vendor's and loopback."""
    pem = root.public_bytes(Encoding.PEM)
    authority = trustme.CA.from_pem(pem, write_key(key))
    begin = now()
    leaf = authority.issue_cert(
        *_IDENTITIES,
        organization_name="emoji-mock",
        organization_unit_name="server",
        not_before=begin - _BEFORE,
        not_after=min(begin + _LEAF, root.not_valid_after_utc),
    )
    # The root itself is sent, too: Chromium looks for a hash that it was told among the certificates it receives.
    chain = b"".join(blob.bytes() for blob in leaf.cert_chain_pems) + pem
    public = root.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Issued(pem, leaf.private_key_pem.bytes(), chain, b64encode(sha256(public).digest()).decode())


def write_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return `key` in PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
