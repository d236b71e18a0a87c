"""Create an authority that can vouch for the vendor's hosts and loopback alone, and issue a server's certificate by it.

A root issues one certificate, that of the issuing authority, and its private key is then gone. Both are constrained to
those hosts (RFC 5280, 4.2.1.10). The second is there because Java ignores constraints in what it trusts itself.
"""

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
from emoji_mock.contract.hosts import CERTIFIED, DOMAINS, NAMED_HOSTS

FOR_A_PROCESS = timedelta(days=390)
"""How long an authority lasts that is created for one process."""
FOR_YEARS = timedelta(days=5 * 365)
"""How long an authority lasts that is kept."""
_LEAF = timedelta(days=390)
"""With `_BEFORE` less than the 398 days that browsers allow."""
_BEFORE = timedelta(days=7)
"""How long ago a certificate begins, for a client whose clock is slow."""
_NAMES = (*CERTIFIED, "localhost")
_ADDRESSES = ("127.0.0.1", "::1")
_OTHERS = [host for host in NAMED_HOSTS if not host.endswith(DOMAINS)]
_PERMITTED = [
    *(x509.DNSName(name) for name in (*DOMAINS, *_OTHERS, "localhost")),
    *(x509.IPAddress(ip_network(network)) for network in ("127.0.0.0/8", "::1/128")),
]
CONSTRAINTS = x509.NameConstraints(permitted_subtrees=_PERMITTED, excluded_subtrees=None)
"""Of host names and of addresses, only those in the list and, as the format has it, names below them."""


class AuthorityKey(NamedTuple):
    """The private key of an issuing authority, its certificate, and the certificate of the root that issued this."""

    key: ec.EllipticCurvePrivateKey
    issuing: x509.Certificate
    root: x509.Certificate


class Issued(NamedTuple):
    """The certificate of a root, the hash of its public key, and what a server needs for names alone and for all.

    The last two are a private key and its chain of certificates, in PEM.
    """

    certificate: bytes
    public_key_hash: str
    for_names: bytes
    for_all: bytes


def now() -> datetime:
    """Return the real date, also where a test has moved it."""
    return datetime.fromtimestamp(real_time.wall(), UTC)


def create(lasting: timedelta) -> AuthorityKey:
    """Create an authority."""
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    begin = now()
    # Each has a name of its own: some programs find an issuer by its name alone.
    root_name = _name(f"emoji-mock root {token_hex(6)}")

    def sign(name: x509.Name, public: ec.EllipticCurvePublicKey, path_length: int) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(root_name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begin - _BEFORE)
            .not_valid_after(begin + lasting)
            .add_extension(x509.BasicConstraints(ca=True, path_length=path_length), critical=True)
            .add_extension(_SIGNS_CERTIFICATES, critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(CONSTRAINTS, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
            .sign(root_key, hashes.SHA256())
        )

    issuing = sign(_name(f"emoji-mock {token_hex(6)}"), key.public_key(), 0)
    return AuthorityKey(key, issuing, sign(root_name, root_key.public_key(), 1))


def issue(authority: AuthorityKey) -> Issued:
    """Issue the certificates of a server: for all hosts of the vendor's and loopback, with and without addresses."""
    issuing, root = (one.public_bytes(Encoding.PEM) for one in (authority.issuing, authority.root))
    issuer = trustme.CA.from_pem(issuing, write_key(authority.key))
    begin = now()

    def chain(identities: tuple[str, ...]) -> bytes:
        leaf = issuer.issue_cert(
            *identities,
            organization_name="emoji-mock",
            organization_unit_name="server",
            not_before=begin - _BEFORE,
            not_after=min(begin + _LEAF, authority.issuing.not_valid_after_utc),
        )
        # The root is sent, too: Chromium looks for the hash that it was told among the certificates it receives.
        return leaf.private_key_and_cert_chain_pem.bytes() + issuing + root

    public = authority.root.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    public_hash = b64encode(sha256(public).digest()).decode()
    # BoringSSL knows no constraints of addresses, and rejects a certificate that has both names and addresses.
    return Issued(root, public_hash, chain(_NAMES), chain((*_NAMES, *_ADDRESSES)))


def write_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return `key` in PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "emoji-mock"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


_SIGNS_CERTIFICATES = x509.KeyUsage(
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
