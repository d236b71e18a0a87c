"""Put together what the environment of a program needs, from the listeners of a fake."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from emoji_mock.programs.environment import FakeAccess
from emoji_mock.programs.preloads import PRELOADS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.programs.trusted_listeners import TrustedListeners
    from emoji_mock.server.tls.trust_files import TrustFiles


def fake_access(
    url: str, port: int, trusted: TrustedListeners, *, java: bool, files: TrustFiles | None = None
) -> FakeAccess:
    """Return how programs reach the fake at `url`, with a store for `java` only if one may run: it takes a while.

    `files` take the place of the listeners' own.
    """
    files = files or trusted.files
    return FakeAccess(
        url=url,
        port=port,
        tls_port=trusted.tls_port,
        proxy_url=trusted.proxy_url,
        certificate=files.certificate,
        bundle=files.bundle,
        public_key_hash=trusted.public_key_hash,
        wgetrc=files.wgetrc,
        curl_home=files.curl_home,
        node_extra=files.node_extra,
        java_store=files.java_store if java else None,
        java_password=files.java_password,
        node_preload=PRELOADS["node"],
        python_preload=PRELOADS["python"],
        offline=trusted.offline,
    )


def may_run_java(environ: Mapping[str, str], name: str = "") -> bool:
    """Return whether a program named `name` may run Java: there is one on the path, at JAVA_HOME, or it is Java."""
    named = Path(name).name.removesuffix(".exe") == "java"
    return named or bool(environ.get("JAVA_HOME")) or shutil.which("java", path=environ.get("PATH")) is not None
