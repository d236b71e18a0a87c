"""The sockets, the certificate authority and the files of the listeners for programs."""

import re
import socket

import pytest

from emoji_mock.programs.trusted_listeners import TrustedListeners
from emoji_mock.server.tls.trust_files import TrustFiles


def test_ports_and_files_are_there_until_it_is_closed():
    """Both listen on loopback and the bundle has the authority; then the sockets and the folder are gone."""
    with TrustedListeners() as trusted:
        assert trusted.proxy_url.startswith("http://127.0.0.1:")
        proxy_port = int(trusted.proxy_url.rpartition(":")[2])
        for port in (trusted.tls_port, proxy_port):
            socket.create_connection(("127.0.0.1", port)).close()
        assert trusted.files.certificate.read_text().strip() in trusted.files.bundle.read_text()
    assert not trusted.files.folder.exists()
    for port in (trusted.tls_port, proxy_port):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


def test_either_listener_may_be_left_out():
    """Without a port there is none."""
    with TrustedListeners(proxy_port=None) as trusted:
        assert (trusted.proxy_url, trusted.tls_port > 0) == ("", True)
    with TrustedListeners(tls_port=None) as trusted:
        assert (trusted.proxy_url != "", trusted.tls_port) == (True, 0)


@pytest.mark.parametrize("flag", ["--tls-port", "--proxy-port"])
def test_a_port_in_use_is_named_with_what_to_do(flag):
    """The message names the port and the flag; nothing stays open or behind."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = {"--tls-port": {"tls_port": port}, "--proxy-port": {"proxy_port": port}}[flag]
        expected = f"cannot listen on 127.0.0.1 port {port}: Address already in use; {flag} 0 takes any free one"
        with pytest.raises(ValueError, match=expected):
            TrustedListeners(**ports)


def test_a_folder_keeps_the_authority(tmp_path):
    """Two starts with one folder have one authority; two without have two."""
    authorities = []
    for folder in (tmp_path, tmp_path, None, None):
        with TrustedListeners(ca_dir=folder) as trusted:
            authorities.append(trusted.files.certificate.read_bytes())
    assert authorities[0] == authorities[1]
    assert len(set(authorities)) == 3


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path):
    """The command prints the message of a ValueError, with the path, and no traceback."""
    (tmp_path / "ca").write_text("")
    expected = (
        f"{tmp_path / 'ca'}: is a file where a folder belongs; "
        "--ca-dir must name a folder in which you may read and write files"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(expected)}$"):
        TrustedListeners(ca_dir=tmp_path / "ca")


def test_a_full_disk_is_a_sentence(monkeypatch):
    """So is what the system says when the files cannot be written."""

    def fail(*_):
        raise OSError(28, "No space left on device", "/full/disk")

    monkeypatch.setattr(TrustFiles, "_put", fail)
    with pytest.raises(ValueError, match=r"^/full/disk: No space left on device$"):
        TrustedListeners()
