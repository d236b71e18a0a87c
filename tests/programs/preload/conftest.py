"""Two listeners that say which of them was asked, and the environment that sends a program's calls to them."""

import json
import os
import ssl
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

import pytest

from emoji_mock.contract.hosts import HOST_PATTERN
from emoji_mock.programs.preloads import PRELOADS

pytest.importorskip("cryptography", reason="a certificate authority comes with the extra `tls`")
pytest.importorskip("trustme", reason="a certificate authority comes with the extra `tls`")


class Answer(BaseHTTPRequestHandler):
    """Answers with the listener that was asked and the host that was named."""

    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_GET(self):
        named = self.headers["host"]
        body = json.dumps({"request_id": "1", "output": {"listener": self.server.name, "host": named}}).encode()
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - http.server calls it so

    def log_message(self, *_):
        pass


class Listener(ThreadingHTTPServer):
    """A listener on loopback, which speaks TLS if it has a context."""

    def __init__(self, name, context=None):
        super().__init__(("127.0.0.1", 0), Answer)
        self.name, self.context = name, context
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def finish_request(self, request, client_address):
        request.settimeout(20)
        if self.context is None:
            super().finish_request(request, client_address)
            return
        with self.context.wrap_socket(request, server_side=True) as secure:
            super().finish_request(secure, client_address)

    def handle_error(self, *_):
        pass  # a client that trusts another authority breaks off


class Programs(NamedTuple):
    """Runs programs in an environment without proxies, so that the preload alone sends their calls to the listeners."""

    environ: dict[str, str]

    def run(self, *command, check=True, without=(), **environ):
        """Run a program; return what it printed."""
        kept = {name: value for name, value in self.environ.items() if name not in without}
        done = subprocess.run(
            list(map(str, command)),
            env={**kept, **environ},
            text=True,
            capture_output=True,
            timeout=100,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def python(self, code, *options, **environ):
        """Run Python code; return what it printed to stdout."""
        done = self.run(sys.executable, *options, "-c", code, **environ)
        assert done.stderr == ""
        return done.stdout


@pytest.fixture(
    params=[
        ("EMOJI_MOCK_TLS_PORT", "https"),
        ("EMOJI_MOCK_TLS_PORT", "65536"),
        ("EMOJI_MOCK_PORT", ""),
        ("EMOJI_MOCK_PORT", "-1"),
        ("EMOJI_MOCK_HOSTS", "("),
    ],
    ids="=".join,
)
def wrong_variable(request):
    """A variable of the preloads with a value that it cannot have."""
    return dict([request.param])


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    """Programs that are sent to a listener for TLS and to a plain one."""
    from emoji_mock.server.tls.authority import Authority

    authority = Authority.create()
    file = tmp_path_factory.mktemp("trust") / "authority.pem"
    file.write_bytes(authority.certificate)
    context = authority.server_context()
    assert isinstance(context, ssl.SSLContext)
    listeners = Listener("TLS", context), Listener("plain")
    passed = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    yield Programs(
        passed
        | {
            "EMOJI_MOCK_HOSTS": HOST_PATTERN,
            "EMOJI_MOCK_TLS_PORT": str(listeners[0].server_port),
            "EMOJI_MOCK_PORT": str(listeners[1].server_port),
            "EMOJI_MOCK_CA": str(file),
            "EMOJI_MOCK_CA_BUNDLE": str(file),
            "SSL_CERT_FILE": str(file),
            "REQUESTS_CA_BUNDLE": str(file),
            "NODE_EXTRA_CA_CERTS": str(file),
            "NODE_OPTIONS": f'--require "{PRELOADS["node"]}"',
            "PYTHONPATH": os.pathsep.join([str(PRELOADS["python"]), *filter(None, [passed.get("PYTHONPATH")])]),
            "DASHSCOPE_API_KEY": "sk-mock-me",
        }
    )
    for listener in listeners:
        listener.shutdown()
        listener.server_close()
