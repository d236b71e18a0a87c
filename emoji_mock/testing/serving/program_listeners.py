"""The listeners by which unmodified programs reach the server of a session, and the environment of these programs."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from emoji_mock._support.event_loops import loop_sleep

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emoji_mock.programs.server_thread import ServerThread
    from emoji_mock.programs.trusted_listeners import TrustedListeners
    from emoji_mock.server.tls.trust_files import TrustFiles

_TRUST = (
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"),
    *("WGETRC", "CURL_HOME", "XDG_CONFIG_HOME"),
)
"""The variables on which the files that programs trust depend, besides settings in the home folder."""
_SETTINGS = (".wgetrc", ".curlrc", ".config/curlrc")
_MOST_FILES = 8
"""For how many tests with authorities of their own files are kept."""
_ARRIVAL_SECONDS = 0.05
"""How long a handshake that a program has just given up may take to be noted."""


class ProgramListeners:
    """TLS and proxy listeners of `server`, opened when they are first asked for: one pair, and one that is offline.

    `explained` turns the error where they cannot be opened into the exception to raise. Other hosts are reached by the
    proxies of the environment in which this object was made, not by those that a single test sets.
    """

    def __init__(
        self, server: ServerThread, explained: Callable[[Exception], BaseException] = lambda error: error
    ) -> None:
        self._server, self._explained = server, explained
        self._environ = dict(os.environ)
        self._process = os.getpid()
        self._opening = Lock()
        self._opened: dict[bool, TrustedListeners] = {}
        self._files: dict[tuple[str, ...], TrustFiles] = {}

    def open(self, *, offline: bool = False) -> TrustedListeners:
        """Return the listeners, opened unless they are. Raises ImportError without the extra `tls`."""
        with self._opening:
            if offline not in self._opened:
                if os.getpid() != self._process:
                    raise RuntimeError("this process is a fork without a server of its own: ask for it before the fork")
                self._opened[offline] = self._open(offline=offline)
            return self._opened[offline]

    @property
    def proxy_url(self) -> str:
        """The URL of the proxy."""
        return self.open().proxy_url

    @property
    def ca_bundle(self) -> str:
        """The path of the file with the authorities that programs trust already and the server's."""
        return str(self.open().files.bundle)

    def environment(self, environ: Mapping[str, str], *, offline: bool) -> dict[str, str]:
        """Return `environ` with what lets a program's calls to the vendor reach the server."""
        from emoji_mock.programs.access import fake_access, may_run_java  # noqa: PLC0415 - few tests run programs
        from emoji_mock.programs.environment import changes  # noqa: PLC0415 - likewise

        trusted = self.open(offline=offline)
        files = self._files_for(environ, trusted)
        access = fake_access(self._server.url, self._server.port, trusted, files=files, java=may_run_java(environ))
        return {**environ, **changes(environ, access)}

    def notices(self) -> list[str]:
        """Return a sentence for each connection that has not reached the fake since the last `clear_notices`."""
        if not self._opened or not self._server.is_running or os.getpid() != self._process:
            return []
        from emoji_mock.programs.notice_texts import describe_notices  # noqa: PLC0415 - for a failure only

        self._server.run(loop_sleep(_ARRIVAL_SECONDS))
        return [
            text for trusted in self._opened.values() for text in describe_notices(trusted.listeners.notices.counts())
        ]

    def clear_notices(self) -> None:
        """Forget the connections that have not reached the fake so far."""
        for trusted in self._opened.values():
            trusted.listeners.notices.clear()

    def close(self) -> None:
        """Close the listeners and remove their files. Call it before the server stops."""
        with self._opening:
            for files in self._files.values():
                files.close()
            for trusted in self._opened.values():
                if self._server.is_running:
                    self._server.run(trusted.listeners.close())
                trusted.close()
            self._opened.clear()

    def _open(self, *, offline: bool) -> TrustedListeners:
        from emoji_mock.programs.trusted_listeners import TrustedListeners as Trusted  # noqa: PLC0415 - loads TLS

        try:
            trusted = Trusted(offline=offline, environ=self._environ)
        except (ImportError, ValueError) as error:
            raise self._explained(error) from None
        try:
            self._server.run(trusted.listeners.start(self._server.server.new_protocol))
        except BaseException:
            trusted.close()
            raise
        return trusted

    def _files_for(self, environ: Mapping[str, str], trusted: TrustedListeners) -> TrustFiles:
        """Return the files of the session, or others where a test trusts authorities of its own."""
        trust = _trust(environ)
        if trust == _trust(self._environ):
            return trusted.files
        from emoji_mock.server.tls.trust_files import TrustFiles as Files  # noqa: PLC0415 - few tests need them

        with self._opening:
            key = (str(trusted.offline), *trust)
            if key not in self._files:
                self._files[key] = Files(trusted.files.certificate.read_bytes(), environ)
                if len(self._files) > _MOST_FILES:
                    self._files.pop(next(iter(self._files))).close()
            return self._files[key]


def _trust(environ: Mapping[str, str]) -> tuple[str, ...]:
    home = Path(environ.get("HOME", ""))
    has_settings = any((home / name).is_file() for name in _SETTINGS)
    return (*(environ.get(name, "") for name in _TRUST), str(home) if has_settings else "")
