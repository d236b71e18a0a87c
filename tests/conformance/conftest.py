"""A server that is wrong on purpose, and a live service that is none."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from emoji_mock import Fake, Request
from emoji_mock.conformance.cases.placeholders import Bindings


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    wbufsize = 65_536  # head and body in one segment, or each call waits 40 ms for its acknowledgement

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        request = Request(self.command, self.path, tuple(self.headers.items()), body)
        response = self.server.spoil(self.server.fake.answer(request))
        self.send_response_only(response.status)
        for name, value in (*response.headers, ("content-length", str(len(response.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(response.body)

    do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer  # noqa: N815 - http.server looks these names up

    def log_message(self, *_):
        """Keep quiet."""


@pytest.fixture
def wrong():
    """Start a server that answers as the fake does, each answer spoilt by a function; return its URL."""
    servers = []

    def start(spoil, fake=None):
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.daemon_threads = True
        server.spoil, server.fake = spoil, fake or Fake()
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


class FakeLive:
    """A stand-in for the live service, which counts what it would have billed."""

    name, live = "the live service", True

    def __init__(self, fake=None, key="sk-0123456789abcdef", spoil=lambda response: response):
        self.fake, self.key, self.spoil = fake or Fake(), key, spoil
        self.secrets = {key: "<key>"}
        self.billed, self.asked, self.at = 0, [], []
        self.clock = lambda: 0.0

    def bind(self, case):
        """Ask only what a live service can be asked; it sees in each picture what is wanted."""
        return Bindings(key=self.key, bad_key="sk-mock-invalid", picture=case.picture) if case.live else "fake only"

    def send(self, request):
        """Answer, and count the bill."""
        self.at.append(self.clock())
        self.asked.append(request)
        response = self.spoil(self.fake.answer(request))
        self.billed += b'"image_count":1' in response.body
        return response

    def wait(self, _):
        """No time passes here."""

    def close(self):
        """Nothing is open."""


@pytest.fixture
def fake_live():
    """Make stand-ins for the live service."""
    return FakeLive
