"""Server processes, and a client that loads them over plain sockets."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

from detection import PATH
from measuring import ENVIRONMENT, settled_cpu_of

APPS = str(Path(__file__).with_name("apps.py"))
COMMANDS = {
    "emoji-mock": [
        sys.executable,
        "-P",
        "-m",
        "emoji_mock",
        "serve",
        "--port",
        "0",
    ],  # of PYTHONPATH, not of the working directory
    "raw ASGI": [sys.executable, APPS, "raw"],
    "FastAPI": [sys.executable, APPS, "fastapi"],
}
CONNECTIONS = 16


def message(picture="me", *, key="bench", agent="bench", length_digits=0):
    """Return a request as bytes."""
    body = (
        f'{{"model":"emoji-detect-v1","input":{{"image_url":"https://example.com/{picture}.png"}},'
        f'"parameters":{{"ratio":"1:1"}}}}'
    )
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {agent}\r\nAccept: */*\r\n"
        f"Authorization: Bearer sk-mock-{key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body):0{length_digits}}\r\n\r\n"
    )
    return (head + body).encode()


class Server:
    """A server in a process of its own, whose standard error goes to the file `errors`, if one is given."""

    def __init__(self, command, errors=None):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=ENVIRONMENT)
        self.pid = self.process.pid
        line = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)", line)):
            line = self.line()
            if not line:
                raise SystemExit(f"no server: {command}")
        self.address = ("127.0.0.1", int(found[1]))

    def line(self):
        """Return the next line that it prints, or "" at its end."""
        return self.process.stdout.readline()

    def cpu(self):
        """Return the CPU seconds used, once it waits for the next request."""
        return settled_cpu_of(self.pid)

    def stop(self):
        """End the process."""
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)


@contextmanager
def servers(names):
    """Run the named servers, and stop them at the end."""
    started = {}
    try:
        for name in names:
            started[name] = Server(COMMANDS[name])
        yield started
    finally:
        for server in started.values():
            server.stop()


class Client:
    """Connections to a server, or to several in turn, each of which waits for its answer before it sends the next request.

    With a `context` of `ssl` they are secure.
    """

    def __init__(self, *addresses, connections=CONNECTIONS, context=None):
        self._poll = select.epoll()
        self._sockets = {}
        for _, address in zip(range(connections), cycle(addresses)):
            connection = socket.create_connection(address)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if context is not None:
                connection = context.wrap_socket(connection, server_hostname=address[0])
            self._sockets[connection.fileno()] = connection
            self._poll.register(connection.fileno(), select.EPOLLIN)
        self._read, self._write = (os.read, os.write) if context is None else (self._read_secure, self._write_secure)

    def close(self):
        """Close all connections."""
        self._poll.close()
        for connection in self._sockets.values():
            connection.close()

    def load(self, messages, calls):
        """Make `calls`, at any time one on each connection, and return every latency in seconds."""
        clock, messages, latencies, sent = time.perf_counter, iter(messages), [], {}
        left = calls
        for number in self._sockets:
            sent[number] = clock()
            self._write(number, next(messages))
            left -= 1
        while sent:
            for number, _ in self._poll.poll():
                _read_answer(self._read, number)
                latencies.append(clock() - sent.pop(number))
                if left > 0:
                    left -= 1
                    sent[number] = clock()
                    self._write(number, next(messages))
        return latencies

    def load_together(self, messages, calls):
        """Make `calls` in groups of one on each connection: all are sent, then all answers are read."""
        messages = iter(messages)
        last_first = [*self._sockets][::-1]  # so that it wakes up when all have been answered
        for _ in range(calls // len(self._sockets)):
            for number in self._sockets:
                self._write(number, next(messages))
            for number in last_first:
                _read_answer(self._read, number)

    def _read_secure(self, number, size):
        return self._sockets[number].read(size)

    def _write_secure(self, number, message):
        return self._sockets[number].write(message)


def _read_answer(read, number):
    answer = read(number, 65_536)
    while not answer.endswith(b"}"):  # head and body may come in two parts
        part = read(number, 65_536)
        if not part:
            raise SystemExit(f"connection closed after {answer!r}")
        answer += part
    if not answer.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"unexpected answer: {answer!r}")


@contextmanager
def one_core(server):
    """Let the server run on this process's core, and only while this process waits.

    So all requests that are sent together are ready when the server's loop turns. A process of the batch policy does
    not interrupt another when it wakes up.
    """
    cores = os.sched_getaffinity(0)
    core = {max(cores)}
    try:
        os.sched_setaffinity(0, core)
        os.sched_setaffinity(server.pid, core)
        os.sched_setscheduler(server.pid, os.SCHED_BATCH, os.sched_param(0))
        yield
    finally:
        os.sched_setscheduler(server.pid, os.SCHED_OTHER, os.sched_param(0))
        os.sched_setaffinity(server.pid, cores)
        os.sched_setaffinity(0, cores)


def repeated(request):
    """Return an endless iterator of one request."""
    return cycle([request])
