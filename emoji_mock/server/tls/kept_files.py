"""The files of a certificate authority that a team keeps: found, checked, and created whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from emoji_mock._support import files
from emoji_mock.server.tls import certificates

if TYPE_CHECKING:
    from pathlib import Path

CERTIFICATE, KEY = "emoji-mock-ca.pem", "emoji-mock-ca.key"
_LARGEST = 65_536


def find(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """Return the certificate and the private key in `folder`, created there if both are missing."""
    certificate_path, key_path = folder / CERTIFICATE, folder / KEY
    folder.mkdir(parents=True, exist_ok=True)
    if not key_path.exists():
        key = certificates.create_key()
        files.write(key_path, certificates.write_key(key))
        key_path.chmod(0o600)
        root = certificates.create_root(key, certificates.YEARS)
        files.write(certificate_path, root.public_bytes(Encoding.PEM))
    loaded = load_pem_private_key(files.read(key_path, _LARGEST), None)
    if not isinstance(loaded, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{key_path}: not a key that emoji-mock made")  # noqa: TRY004 - the file is wrong
    return x509.load_pem_x509_certificate(files.read(certificate_path, _LARGEST)), loaded
