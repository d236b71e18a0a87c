"""The environment in which a program's calls to the vendor reach a fake. Pure: a mapping in, its changes out."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from emoji_mock.contract.hosts import CERTIFIED, HOST_PATTERN, is_vendor_host

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LOOPBACK = "localhost,127.0.0.1,::1"
"""The hosts that a program calls without a proxy, as NO_PROXY has them."""
URL_VARIABLE = "EMOJI_MOCK_URL"
"""The variable with the address of the fake."""
_LOOPBACK_IN_JAVA = "localhost|127.*|[::1]"
_KEY, _KEY_FILE = "DASHSCOPE_API_KEY", "DASHSCOPE_API_KEY_FILE_PATH"
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
_FOR_ALL = ("ALL_PROXY", "all_proxy")
_BYPASSES = ("NO_PROXY", "no_proxy")
_VENDOR_HOSTS = tuple(name.replace("*", "workspace") for name in CERTIFIED)


class FakeAccess(NamedTuple):
    """Where a program reaches a fake, and the files with which it trusts the fake's certificate."""

    url: str
    """The root of the fake, in plain HTTP."""
    port: int
    """The loopback port for connections in plain HTTP to a host of the vendor's."""
    tls_port: int
    proxy_url: str
    certificate: Path
    """The fake's authority alone, as PEM."""
    bundle: Path
    """The authorities that the program would trust, and the fake's."""
    public_key_hash: str
    wgetrc: Path
    node_extra: Path
    java_store: Path | None
    """A store for Java, or None where no Java will run."""
    java_password: str
    node_preload: Path
    """The file that Node loads before the program."""
    python_preload: Path
    """The folder of a `sitecustomize`."""
    curl_home: Path | None = None
    """A folder with curl's settings, or None where the user's do no harm."""
    offline: bool = False
    """Whether no other host may be called."""


def changes(environ: Mapping[str, str], access: FakeAccess) -> dict[str, str]:
    """Return the variables to set so that calls to the vendor reach the fake; what is set already is extended."""
    bypass = _bypass(environ, offline=access.offline)
    bundle = str(access.bundle)
    changed = {
        **dict.fromkeys(_PROXIES, access.proxy_url),
        **dict.fromkeys(_BYPASSES, bypass),
        "SSL_CERT_FILE": bundle,
        "REQUESTS_CA_BUNDLE": bundle,
        "CURL_CA_BUNDLE": bundle,
        "DENO_CERT": str(access.certificate),
        "WGETRC": str(access.wgetrc),
        "NODE_EXTRA_CA_CERTS": str(access.node_extra),
        "NODE_OPTIONS": _appended(
            environ.get("NODE_OPTIONS", ""), f"--require {_quoted_for_node(access.node_preload)}"
        ),
        "PYTHONPATH": _prepended(environ.get("PYTHONPATH", ""), str(access.python_preload)),
        "JAVA_TOOL_OPTIONS": _appended(environ.get("JAVA_TOOL_OPTIONS", ""), _java_options(access)),
        **_own(access),
    }
    if access.curl_home is not None:
        changed["CURL_HOME"] = str(access.curl_home)
    if not environ.get(_KEY) and not environ.get(_KEY_FILE):
        changed[_KEY] = "sk-mock-me"
    if access.offline:
        changed |= {"EMOJI_MOCK_OFFLINE": "1"} | {name: access.proxy_url for name in _FOR_ALL if environ.get(name)}
    return changed


def _own(access: FakeAccess) -> dict[str, str]:
    """Return the variables of emoji-mock itself; the preloads read them."""
    return {
        URL_VARIABLE: access.url,
        "EMOJI_MOCK_PORT": str(access.port),
        "EMOJI_MOCK_TLS_PORT": str(access.tls_port),
        "EMOJI_MOCK_PROXY": access.proxy_url,
        "EMOJI_MOCK_CA": str(access.certificate),
        "EMOJI_MOCK_CA_BUNDLE": str(access.bundle),
        "EMOJI_MOCK_CA_SPKI": access.public_key_hash,
        "EMOJI_MOCK_HOSTS": HOST_PATTERN,
    }


def _bypass(environ: Mapping[str, str], *, offline: bool) -> str:
    """Return the hosts to call without the proxy: loopback, and those of the user's that are none of the vendor's."""
    given: dict[str, None] = {}
    if not offline:
        for name in _BYPASSES:
            given |= dict.fromkeys(entry for entry in re.split(r"[\s,]+", environ.get(name, "")) if entry)
    kept = [entry for entry in given if not _covers_vendor(entry) and entry not in LOOPBACK.split(",")]
    return ",".join([LOOPBACK, *kept])


def _covers_vendor(entry: str) -> bool:
    """Return whether an entry of NO_PROXY holds for a host of the vendor's, as the most generous library reads it."""
    host = re.sub(r":\d*$", "", entry.lower()).lstrip("*.").rstrip(".")
    # requests compares the ends of names, also within a label: `scope.aliyuncs.com` holds for dashscope's host.
    return is_vendor_host(host) or any(name.endswith(host) for name in _VENDOR_HOSTS)


def _appended(before: str, options: str) -> str:
    """Return `before` with `options` behind, once: a run within a run has them already."""
    return before if before.endswith(options) else f"{before} {options}".lstrip()


def _prepended(before: str, folder: str) -> str:
    if before.split(os.pathsep, maxsplit=1)[0] == folder:
        return before
    return f"{folder}{os.pathsep}{before}" if before else folder


def _quoted_for_node(path: Path) -> str:
    # https://nodejs.org/api/cli.html#node_optionsoptions: within double quotes, a backslash escapes the next character.
    escaped = re.sub(r'(["\\])', r"\\\1", str(path))
    return f'"{escaped}"'


def _java_options(access: FakeAccess) -> str:
    proxy = urlsplit(access.proxy_url)
    options = [
        f"-D{scheme}.proxy{part}"
        for scheme in ("https", "http")
        for part in (f"Host={proxy.hostname}", f"Port={proxy.port}")
    ]
    options.append(f"-Dhttp.nonProxyHosts={_LOOPBACK_IN_JAVA}")
    if access.java_store is not None:
        options += [
            f"-Djavax.net.ssl.trustStore={_quoted_for_java(access.java_store)}",
            "-Djavax.net.ssl.trustStoreType=PKCS12",
            f"-Djavax.net.ssl.trustStorePassword={access.java_password}",
        ]
    return " ".join(options)


def _quoted_for_java(path: Path) -> str:
    """Return `path` in quotes if it needs them. The JVM knows both kinds and no escape; two kinds follow each other."""
    text = str(path)
    if not re.search(r"""[\s"']""", text):
        return text
    return "".join(f"'{part}'" if part == '"' else f'"{part}"' for part in re.findall(r"\"|[^\"]+", text))
