"""Send this Python program's calls to the vendor's hosts to a fake of emoji-mock.

Python (3.8 or newer) imports this file when it starts, as its folder is on PYTHONPATH; `emoji-mock run` puts it there.
It does nothing unless the environment has EMOJI_MOCK_HOSTS. To switch it off, unset that variable, or take the folder
off PYTHONPATH. It uses the standard library alone, and changes this and nothing else:

- Looking up one of the vendor's hosts gives an address that nobody uses, 127.69.77.79. Connecting to that address, or
  to such a host by its name, connects to the fake: to its plain port for port 80, to its TLS port for any other. TLS
  still names and checks the vendor's host. There are two steps because some libraries, such as anyio, do not use the
  port that a look-up returns.
- `certifi.where()` is the file EMOJI_MOCK_CA_BUNDLE, and `certifi.contents()` what is in it. A program that loads
  authorities of its own for the vendor (pins them) fails the handshake, and the fake reports that.
- With EMOJI_MOCK_OFFLINE, looking up and connecting to hosts other than the vendor's and this machine are refused.

It does not reach what looks names up and connects in C or by a resolver of its own: libcurl, gRPC, c-ares, dnspython.
Where such a client uses a proxy, HTTPS_PROXY reaches it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.machinery import ModuleSpec
    from typing import Any

MARKER = "127.69.77.79"
LOOPBACK = "127.0.0.1"
HTTP_PORT = 80


class Redirection:
    """The vendor's hosts and the fake's addresses, as the environment has them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.pattern = environ["EMOJI_MOCK_HOSTS"]
        self.tls_port = int(environ["EMOJI_MOCK_TLS_PORT"])
        self.plain_port = int(environ["EMOJI_MOCK_PORT"])
        self.bundle = environ.get("EMOJI_MOCK_CA_BUNDLE", "")
        self._match: Any = None

    def is_vendor(self, host: Any) -> bool:
        """Return whether `host`, a text or bytes, is one of the vendor's."""
        if isinstance(host, (bytes, bytearray)):
            host = host.decode("ascii", "replace")
        if not isinstance(host, str):
            return False
        if self._match is None:
            import re  # takes longer than all the rest, and a program that looks nothing up does without

            self._match = re.compile(rf"(?:{self.pattern})\.?", re.IGNORECASE | re.ASCII).fullmatch
        return self._match(host) is not None

    def looked_up(self, host: Any) -> Any:
        """Return what to look up in place of `host`."""
        return MARKER if self.is_vendor(host) else host

    def address(self, address: Any) -> Any:
        """Return where to connect in place of `address`."""
        try:
            host, port = address[:2]
        except (TypeError, ValueError):
            return address  # of another family than the internet's, or wrong
        if host != MARKER and not self.is_vendor(host):
            return address
        return (LOOPBACK, self.plain_port if port == HTTP_PORT else self.tls_port)


def change_socket(socket: Any, to: Redirection) -> None:
    """Change look-ups and connections, also those of asyncio, trio, urllib3 and whatever else uses `socket`."""
    look_up, look_up_by_name, look_up_by_name_ex = socket.getaddrinfo, socket.gethostbyname, socket.gethostbyname_ex
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:  # noqa: A002
        if to.is_vendor(host) and not flags & socket.AI_NUMERICHOST:
            # AI_ADDRCONFIG finds no address on a machine that has loopback alone.
            return look_up(MARKER, port, family, type, proto, flags & ~socket.AI_ADDRCONFIG)
        return look_up(host, port, family, type, proto, flags)

    def gethostbyname(hostname: Any) -> Any:
        return look_up_by_name(to.looked_up(hostname))

    def gethostbyname_ex(hostname: Any) -> Any:
        return look_up_by_name_ex(to.looked_up(hostname))

    def turned_connect(self: Any, address: Any) -> None:
        connect(self, to.address(address))

    def turned_connect_ex(self: Any, address: Any) -> Any:
        return connect_ex(self, to.address(address))

    socket.getaddrinfo, socket.gethostbyname, socket.gethostbyname_ex = getaddrinfo, gethostbyname, gethostbyname_ex
    socket.socket.connect, socket.socket.connect_ex = turned_connect, turned_connect_ex


def change_uvloop(uvloop: Any, to: Redirection) -> None:
    """Change what uvloop does in C."""
    look_up, create_connection = uvloop.Loop.getaddrinfo, uvloop.Loop.create_connection

    async def getaddrinfo(self: Any, host: Any, port: Any, **options: Any) -> Any:
        return await look_up(self, to.looked_up(host), port, **options)

    async def connect(self: Any, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        if options.get("ssl") and options.get("server_hostname") is None and to.is_vendor(host):
            options["server_hostname"] = host
        host, port = to.address((host, port))
        return await create_connection(self, protocol_factory, host, port, **options)

    uvloop.Loop.getaddrinfo, uvloop.Loop.create_connection = getaddrinfo, connect


def change_windows_events(windows_events: Any, to: Redirection) -> None:
    """Change what asyncio on Windows connects in C."""
    sock_connect = windows_events.ProactorEventLoop.sock_connect

    async def turned(self: Any, sock: Any, address: Any) -> Any:
        return await sock_connect(self, sock, to.address(address))

    windows_events.ProactorEventLoop.sock_connect = turned


def change_certifi(core: Any, to: Redirection) -> None:
    """Give the bundle that has the fake's authority in place of certifi's."""

    def contents() -> str:
        with open(to.bundle, encoding="ascii", errors="replace") as file:
            return file.read()

    if os.path.exists(to.bundle):
        core.where, core.contents = lambda: to.bundle, contents


CHANGES: dict[str, Callable[[Any, Redirection], None]] = {
    "socket": change_socket,
    "uvloop": change_uvloop,
    "asyncio.windows_events": change_windows_events,
    "certifi.core": change_certifi,
}


class ChangeFinder:
    """Finds the modules to change by the other finders, and wraps their loaders."""

    def __init__(self, to: Redirection) -> None:
        self.to = to

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return the spec of a module to change, and nothing for any other."""
        if name not in CHANGES:
            return None
        for finder in sys.meta_path:
            spec: Any = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader = ChangeLoader(spec, self.to)
                return spec  # type: ignore[no-any-return]
        return None


class ChangeLoader:
    """Loads a module by its own loader, which the module keeps, and then changes it."""

    def __init__(self, spec: Any, to: Redirection) -> None:
        self.spec, self.loader, self.to = spec, spec.loader, to

    def create_module(self, spec: Any) -> Any:
        """Create the module."""
        return self.loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """Execute the module, then change it."""
        self.spec.loader = module.__loader__ = self.loader
        self.loader.exec_module(module)
        safely(CHANGES[self.spec.name], module, self.to)


def start(environ: Mapping[str, str]) -> None:
    """Change the modules that have been imported, and the others when they are."""
    to = Redirection(environ)
    for name, change in CHANGES.items():
        if name in sys.modules:
            change(sys.modules[name], to)
    sys.meta_path.insert(0, ChangeFinder(to))


def safely(function: Callable[..., None], *arguments: Any) -> None:
    """Call the function. Whatever is wrong is said in one line, and the program runs."""
    try:
        function(*arguments)
    except Exception as error:  # noqa: BLE001
        sys.stderr.write(f"emoji-mock: not all calls of this Python are sent to the fake: {error!r}\n")


def import_the_next() -> None:
    """Import the `sitecustomize` that this one hides, if there is any, in place of this one."""
    here = os.path.dirname(os.path.abspath(__file__))
    path, this = sys.path[:], sys.modules.pop("sitecustomize")
    sys.path[:] = [folder for folder in path if os.path.abspath(folder) != here]
    try:
        import sitecustomize  # type: ignore[import-not-found] # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        sys.modules["sitecustomize"] = this
    finally:
        sys.path[:] = path


if os.environ.get("EMOJI_MOCK_HOSTS"):
    safely(start, os.environ)
if __name__ == "sitecustomize":
    import_the_next()
