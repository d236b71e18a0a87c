"""Hosts other than the vendor's, and programs that trust only authorities of their own."""

import json
import shutil
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme
from real_programs import run

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # many programs start


class Answer(BaseHTTPRequestHandler):
    """Answers as a host that is not the vendor's."""

    def do_GET(self):
        """Answer."""
        body = b"another host"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Print nothing."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """The file of an authority that is not the fake's, and the address of a server that it vouches for."""
    made = trustme.CA()
    path = tmp_path_factory.mktemp("other") / "authority.pem"
    made.cert_pem.write_to_path(path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("localhost").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield path, f"https://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


CALLS = {
    "curl": ("curl", "-sS", "--noproxy", "", "-w", " after CONNECT %{http_connect}"),
    "requests": (sys.executable, "-c", "import requests, sys; print(requests.get(sys.argv[1]).text, end='')"),
    "fetch": ("node", "-e", "fetch(process.argv[1]).then(async (answer) => console.log(await answer.text()))"),
}
DRIVE = """
import json, os, subprocess, sys
address, calls = sys.argv[1], json.loads(sys.argv[2])
environment = os.environ | {"NO_PROXY": "", "no_proxy": ""}
run = lambda call: subprocess.run([*call, address], capture_output=True, text=True, env=environment)
print(json.dumps({name: (done := run(call)).stdout.strip() or done.stderr[-500:] for name, call in calls.items()}))
"""


def test_another_host_is_reached_as_without_the_fake(authority, tmp_path):
    """TLS runs from end to end: a program that trusts that host's authority, as its user has set, sees its certificate."""
    path, address = authority
    calls = {name: call for name, call in CALLS.items() if shutil.which(call[0])}
    trusted = {"SSL_CERT_FILE": str(path), "NODE_EXTRA_CA_CERTS": str(path)}
    ended = run(["-c", DRIVE, address, json.dumps(calls)], tmp_path, **trusted)
    expected = {"curl": "another host after CONNECT 200", "requests": "another host", "fetch": "another host"}
    assert json.loads(ended.stdout) == {name: expected[name] for name in calls}, ended.stderr
    assert "Calls: 0." in ended.stderr


PINNING = {
    "curl": ("curl", "-sS", "--cacert", "{path}", "https://dashscope.aliyuncs.com/"),
    "requests": (
        sys.executable,
        "-c",
        "import requests, sys; requests.get('https://dashscope.aliyuncs.com/', verify=sys.argv[1])",
        "{path}",
    ),
    "https": (
        "node",
        "-e",
        "require('https').get({ host: 'dashscope.aliyuncs.com', ca: require('fs').readFileSync(process.argv[1]) })",
        "{path}",
    ),
}


REPORTED = {
    "curl": ("curl/", "tlsv1 alert unknown ca"),
    "requests": ("a client", "tlsv1 alert unknown ca"),
    "https": ("a client", "closed the connection"),
}
"""Which client the end of the run names, and why. Without a proxy a client's name comes only behind the handshake."""
DRIVE_PINNING = """
import json, subprocess, sys
ended = [subprocess.run(call, stderr=subprocess.DEVNULL).returncode for call in json.loads(sys.argv[1])]
sys.exit(0 in ended)
"""


def test_a_program_that_pins_certificates_is_reported(authority, tmp_path):
    """Its handshake fails, as with any other server, and the end of the run says for which host, why, and what to do."""
    calls = {name: call for name, call in PINNING.items() if shutil.which(call[0])}
    told = [[word.replace("{path}", str(authority[0])) for word in call] for call in calls.values()]
    ended = run(["-c", DRIVE_PINNING, json.dumps(told)], tmp_path)
    assert ended.returncode == 0, ended.stderr
    reports = [line for line in ended.stderr.splitlines() if "dashscope.aliyuncs.com" in line]
    for name in calls:
        client, reason = REPORTED[name]
        (report,) = [line for line in reports if client in line and reason in line]
        assert "$EMOJI_MOCK_CA" in report or "pinning" in report
    assert len(reports) == len(calls)
