"""A server that breaks the contract on purpose, and a stand-in for the live service."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from emoji_mock import Fake, Request
from emoji_mock.conformance.cases.placeholders import Bindings


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    wbufsize = 65_536  # send head and body in one segment: otherwise each call waits 40 ms for an acknowledgement

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        request = Request(self.command, self.path, tuple(self.headers.items()), body)
        response = self.server.mutate(self.server.fake.answer(request))
        self.send_response_only(response.status)
        for name, value in (*response.headers, ("content-length", str(len(response.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - http.server requires these names

    def log_message(self, *_):
        """Print nothing."""


@pytest.fixture
def broken_server():
    """Return a function that starts a server whose answers are the fake's, each mutated; it returns the URL."""
    servers = []

    def start(mutate, fake=None):
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        server.mutate, server.fake = mutate, fake or Fake()
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class FakeLive:
    """A stand-in for the live service that counts billed images."""

    name, live = "the live service", True

    def __init__(self, fake=None, key="sk-0123456789abcdef", mutate=lambda response: response):
        self.fake, self.key, self.mutate = fake or Fake(), key, mutate
        self.secrets = {key: "<key>"}
        self.billed, self.requests, self.sent_at = 0, [], []
        self.clock = lambda: 0.0

    def bind(self, case):
        """Bind the cases that a live service gets; each picture has the outcome of its magic URL."""
        return Bindings(key=self.key, bad_key="sk-mock-invalid", picture=case.picture) if case.live else "fake only"

    def send(self, request):
        """Answer, and count a billed image."""
        self.sent_at.append(self.clock())
        self.requests.append(request)
        response = self.mutate(self.fake.answer(request))
        self.billed += b'"image_count":1' in response.body
        return response

    def wait(self, _):
        """Do nothing."""

    def close(self):
        """Do nothing."""


@pytest.fixture
def fake_live():
    """Return the class of stand-ins for the live service."""
    return FakeLive
