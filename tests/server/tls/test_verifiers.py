"""What programs other than Python make of the certificates: each accepts the faked hosts, and no forged one."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from tls_server import CONTROL, FAKED, FORGED

PROGRAMS = Path(__file__).with_name("verifiers")
ACCEPTED = [FAKED[0], *FAKED[-7:], CONTROL]
"""One of the vendor's hosts, three that wildcards name, a workspace's, and loopback's name and addresses."""
HOSTS = [*ACCEPTED, *FORGED]
# A program's own settings would come before those of a test.
ENVIRONMENT = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


def needs(program):
    """Skip a test where `program` is not installed."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"needs {program}; CI installs it")


def run(command, **variables):
    """Run `command` and return what it prints and its errors."""
    environment = ENVIRONMENT | {name: str(value) for name, value in variables.items()}
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, env=environment)


def judge(command, **variables):
    """Run a program of `verifiers/` and return what it says of each host."""
    finished = run([*map(str, command), *HOSTS], **variables)
    assert finished.returncode == 0, finished.stderr
    return dict(line.split("\t", 1) for line in finished.stdout.splitlines())


def assert_right(verdicts, reason):
    """Check that what may be accepted is, and that the rest is rejected for `reason`: its name."""
    assert {host: verdicts[host] for host in ACCEPTED} == dict.fromkeys(ACCEPTED, "accepted")
    assert {host: verdicts[host] for host in FORGED if reason not in verdicts[host]} == {}


def test_python(tls, trust):
    """Python's ssl with the strict flag, which Python 3.13 sets itself."""
    # In a process of its own: the leak guard stops the vendor's names in handshakes.
    verdicts = judge([sys.executable, PROGRAMS / "verify.py", tls.proxy_port, trust.certificate])
    assert_right(verdicts, "permitted subtree violation")


@pytest.mark.skipif(find_spec("curl_cffi") is None, reason="needs curl_cffi; the extra `ci` brings it")
def test_boringssl(tls, trust):
    """BoringSSL, here in curl_cffi: it rejects every certificate with an address, as it knows no constraint of these."""
    verdicts = judge([sys.executable, PROGRAMS / "verify_boringssl.py", tls.proxy_port, trust.certificate])
    by_address = [host for host in HOSTS if host[0].isdigit() or ":" in host]
    unknown = [verdicts.pop(host) for host in by_address]
    assert all("unsupported name constraint type" in verdict for verdict in unknown)
    assert "leaf has no SANs" in verdicts.pop("common-name.example")
    assert {host for host in verdicts if verdicts[host] == "accepted"} == set(ACCEPTED) - set(by_address)
    rejected = [verdicts[host] for host in FORGED if host in verdicts]
    assert all("permitted subtree violation" in verdict for verdict in rejected)


@needs("node")
def test_node(tls, trust):
    """Node's tls."""
    verdicts = judge(["node", PROGRAMS / "verify.cjs", tls.proxy_port, trust.certificate])
    assert_right(verdicts, "permitted subtree violation")


@pytest.mark.slow
@needs("go")
def test_go(tls, trust):
    """Go's crypto/x509, which is not OpenSSL."""
    command = ["go", "run", PROGRAMS / "verify.go", tls.proxy_port, trust.certificate]
    verdicts = judge(command, GO111MODULE="off")
    old_name = verdicts.pop("common-name.example")
    assert "relies on legacy Common Name field" in old_name
    reason = "is not permitted by any constraint"
    assert_right(verdicts | {"common-name.example": reason}, reason)


@pytest.mark.slow
@needs("java")
def test_java(tls, trust):
    """Java ignores the constraints of what is in its trust store: those of the issuing authority hold."""
    store = [
        f"-Djavax.net.ssl.trustStore={trust.java_store}",
        f"-Djavax.net.ssl.trustStorePassword={trust.java_password}",
    ]
    verdicts = judge(["java", *store, "-XX:TieredStopAtLevel=1", PROGRAMS / "Verify.java", tls.proxy_port])
    assert_right(verdicts, "name constraints check failed")


@needs("curl")
def test_curl(tls, trust):
    """The command curl, by the variable that names what it trusts."""
    proxy = ["--proxy", f"http://127.0.0.1:{tls.proxy_port}", "--noproxy", ""]
    verdicts = {}
    for host in HOSTS:
        finished = run(["curl", "-sS", *proxy, _url(host)], CURL_CA_BUNDLE=trust.certificate)
        verdicts[host] = "accepted" if finished.stdout == "REACHED\n" else finished.stderr
    assert_right(verdicts, "permitted subtree violation")


@pytest.mark.slow
@needs("wget")
def test_wget(tls, trust):
    """The command wget, of Debian's build with GnuTLS, by its settings."""
    verdicts = {}
    for host in HOSTS:
        proxy = {"https_proxy": f"http://127.0.0.1:{tls.proxy_port}"}
        command = ["wget", "--no-verbose", "--tries=1", "--output-document=-", _url(host)]
        finished = run(command, WGETRC=trust.wgetrc, LC_ALL="C", **proxy)
        verdicts[host] = "accepted" if finished.stdout == "REACHED\n" else finished.stderr
    assert_right(verdicts, "is not trusted")


_BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)


@pytest.mark.slow
@pytest.mark.skipif(_BROWSER is None, reason="needs Chromium or Chrome; CI installs one")
def test_chromium(tls, tmp_path):
    """A browser that is told the hash of the root's key opens the vendor's pages."""
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--dump-dom"]
    proxy = [f"--proxy-server=http://127.0.0.1:{tls.proxy_port}", "--proxy-bypass-list=<-loopback>"]
    told = f"--ignore-certificate-errors-spki-list={tls.authority.public_key_hash}"
    shown = run([_BROWSER, *flags, *proxy, told, f"--user-data-dir={tmp_path}", _url(FAKED[0])]).stdout
    assert "REACHED" in shown


def _url(host):
    return f"https://{f'[{host}]' if ':' in host else host}/"
