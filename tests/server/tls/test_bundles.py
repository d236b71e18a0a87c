"""What programs trust already: which files count, and what of them."""

import ssl
from types import SimpleNamespace

import pytest

from emoji_mock.server.tls import bundles, certificates
from emoji_mock.server.tls.authority import Authority

NAMES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


@pytest.fixture(scope="module")
def pems():
    """Three authorities in PEM."""
    return [Authority(*certificates.issue(certificates.create(certificates.FOR_YEARS))).certificate for _ in range(3)]


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A machine whose file and folder of authorities are in `tmp_path`; neither is there yet."""
    paths = SimpleNamespace(openssl_cafile=str(tmp_path / "cert.pem"), openssl_capath=str(tmp_path / "certs"))
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: paths)
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "certifi.pem"))
    return tmp_path


def der(*pems):
    """Return the certificates in DER."""
    return [ssl.PEM_cert_to_DER_cert(pem.decode()) for pem in pems]


def put(path, *pems):
    """Write a file with certificates, and return its path as a variable has it."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"# a comment\n".join(pems))
    return str(path)


def test_the_systems_file_is_the_usual_source(system, pems):
    """Where no variable is set, programs trust what is in the system's file; a doubled certificate counts once."""
    put(system / "cert.pem", pems[0], pems[1], pems[0])
    put(system / "certs" / "0a1b2c3d.0", pems[2])
    assert bundles.collect({}) == der(pems[0], pems[1])


def test_a_system_may_have_a_folder_alone(system, pems):
    """Of a folder, what OpenSSL finds there counts: files that are named by a hash."""
    put(system / "certs" / "0a1b2c3d.0", pems[0])
    put(system / "certs" / "0a1b2c3d.1", pems[1])
    put(system / "certs" / "another.pem", pems[2])
    assert bundles.collect({}) == der(pems[0], pems[1])


def test_the_folders_of_a_variable_come_before_the_systems(system, pems):
    """SSL_CERT_DIR may name several folders."""
    put(system / "one" / "0a1b2c3d.0", pems[0])
    put(system / "two" / "0a1b2c3d.0", pems[1])
    put(system / "certs" / "0a1b2c3d.0", pems[2])
    separator = bundles.os.pathsep
    assert bundles.collect({"SSL_CERT_DIR": f"{system / 'one'}{separator}{system / 'two'}"}) == der(pems[0], pems[1])


def test_certifi_counts_where_the_system_has_nothing(system, pems):
    """A system without authorities, as a small container is, leaves those that many Python programs bring."""
    put(system / "certifi.pem", pems[0])
    assert bundles.collect({}) == der(pems[0])
    put(system / "cert.pem", pems[1])
    assert bundles.collect({}) == der(pems[1])


@pytest.mark.usefixtures("system")
def test_there_may_be_nothing(monkeypatch):
    """Without any authority, and without certifi, nothing is trusted yet."""
    monkeypatch.setitem(bundles.sys.modules, "certifi", None)
    assert bundles.collect({}) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_counts_beside_the_system(system, pems, name):
    """Programs that do not read the variable trust the system's authorities: both must work as before."""
    put(system / "cert.pem", pems[0])
    assert bundles.collect({name: put(system / "own.pem", pems[1])}) == der(pems[1], pems[0])


def test_with_all_variables_the_system_does_not_count(system, pems):
    """Where every program was told what to trust, no other authority is added."""
    put(system / "cert.pem", pems[0])
    own, other = put(system / "own.pem", pems[1]), put(system / "other.pem", pems[1], pems[2])
    assert bundles.collect(dict(zip(NAMES, (own, other, own), strict=True))) == der(pems[1], pems[2])


def test_a_variable_may_name_a_folder(system, pems):
    """The library requests takes one in REQUESTS_CA_BUNDLE."""
    put(system / "own" / "0a1b2c3d.0", pems[1])
    assert bundles.collect({"REQUESTS_CA_BUNDLE": str(system / "own")}) == der(pems[1])


def test_a_variable_that_leads_nowhere_does_not_count(system, pems):
    """A file that is missing, empty, something else or too large is as if the variable were not set."""
    usual = put(system / "cert.pem", pems[0])
    large = put(system / "large.pem", pems[1])
    with (system / "large.pem").open("ab") as file:
        file.truncate(16 * 1024 * 1024 + 1)
    nowhere = ["", "/nowhere/certs.pem", "a\0b", put(system / "empty.pem"), put(system / "text.pem", b"text"), large]
    for path in nowhere:
        assert bundles.collect({"SSL_CERT_FILE": path, "CURL_CA_BUNDLE": usual}) == der(pems[0]), path


def test_a_pipe_is_not_waited_for(system, pems):
    """Reading a pipe would never end."""
    if not hasattr(bundles.os, "mkfifo"):
        pytest.skip("Windows has no such pipes")
    bundles.os.mkfifo(system / "pipe")
    put(system / "cert.pem", pems[0])
    assert bundles.collect({"SSL_CERT_FILE": str(system / "pipe")}) == der(pems[0])


def test_a_broken_certificate_does_not_spoil_the_others(pems):
    """OpenSSL refuses a whole file for one of them."""
    lines = pems[0].splitlines(keepends=True)
    broken = {
        "cut": b"".join([*lines[:4], lines[-1]]),
        "not base64": b"".join([lines[0], b"A", *lines[1:]]),
        "not DER": b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "empty": b"-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n",
        "a key": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    }
    for name, block in broken.items():
        assert bundles.parse(pems[1] + block + pems[2]) == der(pems[1], pems[2]), name


def test_other_ways_of_writing_a_certificate_are_read(pems):
    """Windows' line ends, comments, and the label of long ago."""
    text = b"Subject: CN=caf\xc3\xa9\r\n" + pems[0].replace(b"\n", b"\r\n") + pems[1].replace(b" CERT", b" X509 CERT")
    assert bundles.parse(text) == der(pems[0], pems[1])


def test_what_is_written_is_read_again(pems):
    """PEM and DER say the same."""
    assert bundles.parse(bundles.write(der(*pems))) == der(*pems)
    assert bundles.write([]) == b""
