"""The API of a test whose fake is on a socket, for other processes and other languages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Protocol

from emoji_mock.contract.endpoint import BASE_URL_VARIABLES
from emoji_mock.testing.api import EmojiApi

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.testing.rule_registry import RuleRegistry


class ProgramAccess(Protocol):
    """How unmodified programs reach a server."""

    @property
    def proxy_url(self) -> str:
        """The URL of the proxy."""
        ...

    @property
    def ca_bundle(self) -> str:
        """The path of the authorities."""
        ...

    def environment(self, environ: Mapping[str, str], *, offline: bool) -> dict[str, str]:
        """Return `environ` with what lets a program's calls to the vendor reach the server."""
        ...

    def notices(self) -> list[str]:
        """Return a sentence for each connection that has not reached the fake."""
        ...


class EmojiServer(EmojiApi):
    """The same fake on a socket: `url` is its root, `base_url` is for the official SDK (with /api/v1).

    `addresses` are the values that the variables of the vendor's address have outside of the test.
    """

    def __init__(self, registry: RuleRegistry, url: str, programs: ProgramAccess, addresses: Mapping[str, str]) -> None:
        super().__init__(registry)
        self.url = registry.url = url
        self.base_url = f"{url}/api/v1"
        self._programs, self._addresses = programs, addresses
        registry.notices = programs.notices

    @property
    def proxy_url(self) -> str:
        """The URL of an HTTP proxy that answers for the vendor's hosts, and passes calls to others on."""
        return self._programs.proxy_url

    @property
    def ca_bundle(self) -> str:
        """The path of a file with the authorities that are trusted already and the fake's, in PEM."""
        return self._programs.ca_bundle

    def env(self, *, offline: bool = False) -> dict[str, str]:
        """Return the environment for a program, in which its calls to the vendor's hosts reach the fake.

        It is that of this process now, with what `emoji-mock run` sets. Calls to other hosts go their usual way, or are
        refused if `offline`.
        """
        environ = dict(os.environ)
        for name in BASE_URL_VARIABLES:  # an unmodified program has none of ours, and calls the vendor's host
            if environ.get(name) in (self.url, self.base_url):
                del environ[name]
                if name in self._addresses:
                    environ[name] = self._addresses[name]
        return self._programs.environment(environ, offline=offline)
