"""The files by which programs trust an authority: what each holds, who may read it, and how long it lasts."""

import os
import ssl
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from emoji_mock.server.tls import bundles, certificates
from emoji_mock.server.tls.authority import Authority
from emoji_mock.server.tls.trust_files import TrustFiles


@pytest.fixture(scope="module")
def pems():
    """The authority of a server, and three that a user has, in PEM."""
    return [Authority(*certificates.issue(certificates.create(certificates.FOR_YEARS))).certificate for _ in range(4)]


@pytest.fixture
def environ(pems, tmp_path):
    """An environment where one authority is trusted, so that none of the system's is."""
    path = tmp_path / "own.pem"
    path.write_bytes(pems[1])
    return {
        **dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), str(path)),
        "HOME": str(tmp_path),
    }


def contents(path):
    """Return the certificates of a file in PEM."""
    return [ssl.DER_cert_to_PEM_cert(one).encode() for one in bundles.parse(path.read_bytes())]


def test_each_file_holds_what_its_readers_need(pems, environ):
    """The authority alone, the bundle with what was trusted before, and what Node adds to its own."""
    with TrustFiles(pems[0], environ) as files:
        assert files.certificate.read_bytes() == pems[0]
        assert contents(files.bundle) == [pems[1], pems[0]]
        assert contents(files.node_extra) == [pems[0]]
        assert files.wgetrc.read_text() == f"ca_certificate = {files.bundle}\n"


def test_an_authority_that_is_trusted_already_is_there_once(pems, environ):
    """As in a program that one server starts within another's environment."""
    with TrustFiles(pems[1], environ) as files:
        assert contents(files.bundle) == [pems[1]]


def test_the_systems_authorities_are_in_the_bundle(pems):
    """OpenSSL reads the whole bundle."""
    with TrustFiles(pems[0], {}) as files:
        context = ssl.create_default_context(cafile=str(files.bundle))
        assert context.cert_store_stats()["x509_ca"] == len(contents(files.bundle))
        assert contents(files.bundle)[-1] == pems[0]


def test_a_users_file_for_node_is_kept(pems, environ, tmp_path):
    """NODE_EXTRA_CA_CERTS names one file: ours must hold what the user's did."""
    extra = tmp_path / "extra.pem"
    extra.write_bytes(pems[2])
    with TrustFiles(pems[0], environ | {"NODE_EXTRA_CA_CERTS": str(extra)}) as files:
        assert contents(files.node_extra) == [pems[2], pems[0]]
        assert contents(files.bundle) == [pems[1], pems[0]]


@pytest.mark.parametrize("variable", [True, False])
def test_a_users_settings_of_wget_are_kept(pems, environ, tmp_path, variable):
    """Our line comes last, and counts; the authorities of the user's own line are in the file that it names."""
    own = tmp_path / "wget-own.pem"
    own.write_bytes(pems[3])
    path = tmp_path / ("settings" if variable else ".wgetrc")
    path.write_bytes(b"tries = 3\nCA-Certificate=~/wget-own.pem  \n# caf\xe9")
    if variable:
        environ["WGETRC"] = str(path)
    with TrustFiles(pems[0], environ) as files:
        lines = files.wgetrc.read_bytes().splitlines()
        assert lines[:3] == [b"tries = 3", b"CA-Certificate=~/wget-own.pem  ", b"# caf\xe9"]
        name, _, value = lines[3].decode().partition(" = ")
        assert (len(lines), name) == (4, "ca_certificate")
        assert contents(Path(value)) == [pems[1], pems[0], pems[3]]


def test_a_users_settings_of_curl_are_kept_where_they_do_no_harm(pems, environ, tmp_path):
    """Without a proxy and without authorities, curl reads the user's own file."""
    (tmp_path / ".curlrc").write_text("silent\n")
    with TrustFiles(pems[0], environ) as files:
        assert files.curl_home is None


def test_a_users_proxies_of_curl_and_wget_are_left_out(pems, environ, tmp_path):
    """They would come before the variables that lead to the fake, and lead to the vendor."""
    (tmp_path / ".wgetrc").write_text("https_proxy = http://proxy.example\ntries = 3\n")
    (tmp_path / ".curlrc").write_text("proxy = http://proxy.example\nsilent\n")
    with TrustFiles(pems[0], environ) as files:
        assert files.wgetrc.read_text() == f"tries = 3\nca_certificate = {files.bundle}\n"
        assert (files.curl_home / ".curlrc").read_text() == "silent\n"
        assert stat.S_IMODE((files.curl_home / ".curlrc").stat().st_mode) == 0o600


def test_a_users_authorities_of_curl_are_trusted(pems, environ, tmp_path):
    """A line of the settings would count in place of the bundle: its file gets the bundle's content."""
    (tmp_path / "curl-own.pem").write_bytes(pems[3])
    (tmp_path / ".curlrc").write_text(f'cacert = "{tmp_path}/curl-own.pem"\n')
    with TrustFiles(pems[0], environ) as files:
        name, _, value = (files.curl_home / ".curlrc").read_text().strip().partition(" = ")
        assert name == "cacert"
        assert contents(Path(value.strip('"'))) == [pems[1], pems[0], pems[3]]


def test_a_path_with_quotes_is_written_as_curl_reads_it(pems, environ, tmp_path, monkeypatch):
    """Within quotes, curl takes a backslash for an escape."""
    folder = tmp_path / 'a "b" \\c'
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    (tmp_path / "curl-own.pem").write_bytes(pems[3])
    (tmp_path / ".curlrc").write_text(f'cacert = "{tmp_path}/curl-own.pem"\n')
    with TrustFiles(pems[0], environ) as files:
        written = f'{tmp_path}/a \\"b\\" \\\\c/{files.folder.name}/curl.pem'
        assert (files.curl_home / ".curlrc").read_text() == f'cacert = "{written}"\n'


def test_a_folder_with_a_line_end_is_refused(pems, environ, tmp_path, monkeypatch):
    """The rest of its name would be a setting of wget's of its own."""
    folder = tmp_path / "a\ncheck_certificate = off"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with pytest.raises(ValueError, match="TMPDIR: names a folder with a line end or a control character; set it to"):
        TrustFiles(pems[0], environ)
    assert list(folder.iterdir()) == []


def test_the_java_store_is_made_when_asked_for(pems, environ):
    """It has the bundle's content; the others are there without it."""
    from cryptography.hazmat.primitives.serialization import pkcs12

    with TrustFiles(pems[0], environ) as files:
        assert "java.p12" not in {path.name for path in files.folder.iterdir()}
        password = files.java_password.encode()
        store = pkcs12.load_pkcs12(files.java_store.read_bytes(), password)
        assert store.key is None
        found = {certificates.x509.load_pem_x509_certificate(pem) for pem in pems[:2]}
        assert {one.certificate for one in store.additional_certs} == found
        assert files.java_store is files.java_store


def test_authorities_that_a_library_cannot_read_are_left_out_of_the_java_store(pems, environ, tmp_path):
    """One certificate that breaks the rules must not cost Java the others."""
    odd = bytearray(bundles.parse(pems[2])[0])
    odd[6:9] = b"\xff\xff\xff"
    (tmp_path / "own.pem").write_bytes(bundles.write([bytes(odd)]) + pems[1])
    with TrustFiles(pems[0], environ) as files:
        assert len(contents(files.bundle)) == 3
        assert files.java_store.stat().st_size > 0


@pytest.mark.skipif(os.name != "posix", reason="Windows has no permissions for others")
def test_the_folder_is_private(pems, environ):
    """Only its user enters the folder; the settings of wget, which may hold passwords, are readable for no other."""
    with TrustFiles(pems[0], environ) as files:
        _ = files.java_store
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (files.folder, *files.folder.iterdir())}
        assert modes.pop(files.folder.name) == 0o700
        assert modes.pop("wgetrc") == 0o600
        assert modes == dict.fromkeys(("emoji-mock-ca.pem", "bundle.pem", "node.pem", "java.p12"), 0o644)


def test_the_folder_goes_when_it_is_closed(pems, environ):
    """Closing twice does no harm."""
    files = TrustFiles(pems[0], environ)
    assert files.folder.is_dir()
    files.close()
    assert not files.folder.exists()
    files.close()


def test_nothing_is_left_after_an_error(pems, environ, tmp_path, monkeypatch):
    """A full disk leaves no folder."""

    def fail(*_):
        raise OSError(28, "No space left on device")

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(TrustFiles, "_put_wgetrc", fail)
    with pytest.raises(OSError, match="No space left"):
        TrustFiles(pems[0], environ)
    assert list((tmp_path / "temporary").iterdir()) == []


def test_the_folder_goes_with_the_process_but_not_with_its_fork(pems, tmp_path):
    """Who forgets to close it leaves nothing; a fork that ends before takes nothing away."""
    if not hasattr(os, "fork"):
        pytest.skip("Windows has no fork")
    (tmp_path / "ca.pem").write_bytes(pems[0])
    code = """
import os, sys
from pathlib import Path
from emoji_mock.server.tls.trust_files import TrustFiles
files = TrustFiles(Path(sys.argv[1]).read_bytes(), {})
if not os.fork():
    sys.exit()
os.wait()
print(files.folder, files.folder.is_dir())
"""
    run = [sys.executable, "-c", code, tmp_path / "ca.pem"]
    folder, was_there = subprocess.run(run, capture_output=True, text=True, check=True).stdout.split()
    assert was_there == "True"
    assert not Path(folder).exists()


def test_nothing_that_a_plain_server_does_not_need_is_loaded():
    """The modules of both classes load neither trustme nor cryptography."""
    code = "import emoji_mock.server.tls.authority, emoji_mock.server.tls.trust_files, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"trustme", "cryptography", "certifi"} & set(loaded) == set()
