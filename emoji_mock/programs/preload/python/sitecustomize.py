"""Send this Python program's calls to the vendor's hosts to a fake of emoji-mock.

Python (3.8 or newer) imports this file when it starts, as its folder is on PYTHONPATH; `emoji-mock run` puts it there.
It does nothing unless the environment has EMOJI_MOCK_HOSTS. To switch it off, unset that variable, or take the folder
off PYTHONPATH. It uses the standard library alone, and changes this and nothing else:

- Looking up one of the vendor's hosts gives an address that nobody uses, 127.69.77.79. Connecting to that address, or
  to such a host by its name, connects to the fake: to its plain port for port 80, to its TLS port for any other. TLS
  still names and checks the vendor's host. There are two steps because some libraries, such as anyio, do not use the
  port that a look-up returns.
- `certifi.where()` is the file EMOJI_MOCK_CA_BUNDLE, and `certifi.contents()` what is in it; truststore trusts the
  authority in EMOJI_MOCK_CA, too. A program that loads authorities of its own for the vendor (pins them) fails the
  handshake, and the fake reports that.
- With EMOJI_MOCK_OFFLINE, looking up and connecting to hosts other than the vendor's and this machine are refused.

It does not reach what looks names up and connects in C or by a resolver of its own: libcurl, gRPC, dnspython, eventlet.
Where such a client uses a proxy, HTTPS_PROXY reaches it. Python started with -I, -E or -S does not load this file.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from importlib.machinery import ModuleSpec
    from typing import Any

    Changes = Mapping[str, Callable[[Any], None]]


class ChangeFinder:
    """Finds the modules to change by the other finders, and wraps their loaders."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return the spec of a module to change, and nothing for any other."""
        if name not in self.changes:
            return None
        for finder in sys.meta_path:
            spec: Any = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader = ChangeLoader(spec, self.changes[name])
                return spec  # type: ignore[no-any-return]
        return None


class ChangeLoader:
    """Loads a module by its own loader, which the module keeps, and then changes it."""

    def __init__(self, spec: Any, change: Callable[[Any], None]) -> None:
        self.spec, self.loader, self.change = spec, spec.loader, change

    def __getattr__(self, name: str) -> Any:
        return getattr(self.loader, name)

    def create_module(self, spec: Any) -> Any:
        """Create the module."""
        return self.loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """Execute the module, then change it."""
        self.spec.loader = module.__loader__ = self.loader
        self.loader.exec_module(module)
        self.change(module)


def start() -> None:
    """Change the modules that have been imported, and the others when they are."""
    import emoji_mock_changes

    changes = emoji_mock_changes.changes_to(os.environ)
    for name in changes:
        if name in sys.modules:
            changes[name](sys.modules[name])
    sys.meta_path.insert(0, ChangeFinder(changes))


def import_the_next() -> None:
    """Import the `sitecustomize` that this one hides, if there is any, in place of this one."""
    here = os.path.dirname(os.path.abspath(__file__))
    path, this = sys.path[:], sys.modules.pop("sitecustomize")
    sys.path[:] = [folder for folder in path if os.path.abspath(folder) != here]
    try:
        __import__("sitecustomize")
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        sys.modules["sitecustomize"] = this
    finally:
        sys.path[:] = path


if os.environ.get("EMOJI_MOCK_HOSTS"):
    start()
if __name__ == "sitecustomize":
    import_the_next()
