"""A server that shows each client the certificate for the host that it asks for, directly and as an HTTP proxy.

Certificates for other hosts than the vendor's are issued by the same authority, which must not vouch for them.
"""

import socket
import ssl
import threading
from contextlib import suppress
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from emoji_mock.server.tls import certificates
from emoji_mock.server.tls.authority import Authority

FAKED = [
    "dashscope.aliyuncs.com",
    "dashscope-intl.aliyuncs.com",
    "cn-hongkong.dashscope.aliyuncs.com",
    "dashscope-file-mgr.oss-cn-beijing.aliyuncs.com",
    "dashscope-result-bj.oss-cn-beijing.aliyuncs.com",
    "new.dashscope.aliyuncs.com",
    "new.maas.aliyuncs.com",
    "llm-1.eu-central-1.maas.aliyuncs.com",
    "llm-1.cn-beijing.maas.aliyuncs.com",
    "localhost",
    "127.0.0.1",
    "::1",
]
"""Hosts for which the server's own certificate holds."""
CONTROL = "control.localhost"
"""A permitted host whose certificate is made as those of `FORGED`: so nothing but the name can be wrong with these."""
FORGED = ["forged.example", "oss-cn-beijing.aliyuncs.com", "10.1.2.3", "fd00::1", "common-name.example"]
"""Hosts for which the authority has issued certificates, although it must not; the last in the manner of long ago."""
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 8\r\nConnection: close\r\n\r\nREACHED\n"


def forge(authority, host):
    """Return a private key and the chain of a flawless certificate for `host`, issued by `authority`, in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    begin, end = authority.issuing.not_valid_before_utc, authority.issuing.not_valid_after_utc
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)]))
        .issuer_name(authority.issuing.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    if host != FORGED[-1]:
        try:
            name = x509.IPAddress(ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        builder = builder.add_extension(x509.SubjectAlternativeName([name]), critical=False)
    chain = (builder.sign(authority.key, hashes.SHA256()), authority.issuing, authority.root)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + b"".join(one.public_bytes(Encoding.PEM) for one in chain)


class TlsServer:
    """Answers each request with `ANSWER`: by TLS at `port`, and behind CONNECT at `proxy_port`. `folder` is for files."""

    def __init__(self, folder):
        made = certificates.create(certificates.FOR_A_PROCESS)
        self.authority = Authority(*certificates.issue(made))
        self._own = self.authority.server_context()
        self._choose_own, self._own.sni_callback = self._own.sni_callback, self._choose
        self._forged = {}
        for host in (CONTROL, *FORGED):
            path = folder / "forged.pem"
            path.write_bytes(forge(made, host))
            self._forged[host] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._forged[host].load_cert_chain(path)
        direct = socket.create_server(("127.0.0.1", 0))
        proxy = socket.create_server(("127.0.0.1", 0))
        self.port, self.proxy_port = direct.getsockname()[1], proxy.getsockname()[1]
        self._listeners = [direct, proxy]
        with suppress(OSError):  # a machine without IPv6
            self._listeners.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        self._threads = [
            threading.Thread(target=self._accept, args=(one, one is proxy), daemon=True) for one in self._listeners
        ]
        for thread in self._threads:
            thread.start()

    def close(self):
        """Stop listening."""
        for listener in self._listeners:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)  # ends a wait in `accept`
            listener.close()
        for thread in self._threads:
            thread.join(10)

    def _choose(self, connection, name, context):
        if name in self._forged:
            connection.context = self._forged[name]
        else:
            self._choose_own(connection, name, context)

    def _accept(self, listener, is_proxy):
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(20)
                threading.Thread(target=self._serve, args=(connection, is_proxy), daemon=True).start()

    def _serve(self, connection, is_proxy):
        with suppress(OSError), connection:
            host = ""
            if is_proxy:
                host = _read_head(connection).split()[1].rpartition(":")[0].strip("[]")
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with self._forged.get(host, self._own).wrap_socket(connection, server_side=True) as secure:
                _read_head(secure)
                secure.sendall(ANSWER)


def _read_head(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(65_536)
        if not received:
            raise OSError("the client has gone")
        head += received
    return head.decode()
