"""What is wrong with an engine that cannot be used, and what to do. Pure; no text holds a password."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING

from valkey import exceptions

from emoji_mock.stores.valkey.address import PASSWORD_VARIABLE, REPLY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emoji_mock.stores.valkey.address import StoreAddress

OLDEST_VERSION = 7
"""The first major version whose EXPIRE knows NX, and whose scripts may begin with `#!lua`."""
_NO_ENGINE = "is no Valkey server; something else answers there: check host and port"
_GIVE_PASSWORD = f"put it into --store-password-file FILE or {PASSWORD_VARIABLE}"


def describe_problem(error: BaseException, address: StoreAddress) -> str:
    """Return in one line why the engine at `address` cannot be used, and what to do."""
    return f"the store at {address} {_explain(error, address)}"


def describe_unfit(info: Mapping[str, str], address: StoreAddress) -> str:
    """Return why an engine that describes itself by `info` cannot hold a store, or ""."""
    version = info.get("valkey_version") or info.get("redis_version") or ""
    major = version.partition(".")[0]
    if not major.isdecimal():
        problem = _NO_ENGINE
    elif int(major) < OLDEST_VERSION:
        problem = f"is version {version}; use Valkey or Redis {OLDEST_VERSION}.0 or later"
    elif "cluster" in (info.get("redis_mode"), info.get("server_mode")) or info.get("cluster_enabled") == "1":
        problem = "is in cluster mode, where a script sees only a part of the keys; use a server without it"
    elif info.get("role", "master") not in ("master", "primary") and info.get("slave_read_only", "1") == "1":
        problem = f"is a replica of {info.get('master_host', 'another server')} that cannot be written to; use that one"
    elif info.get("loading") == "1":
        problem = "is still loading its data; start again in a moment"
    else:
        return ""
    return f"the store at {address} {problem}"


def describe_risk(info: Mapping[str, str], address: StoreAddress) -> str:
    """Return a warning of an engine that may drop a part of the store, or ""."""
    policy = info.get("maxmemory_policy", "noeviction")
    if info.get("maxmemory", "0") == "0" or policy == "noeviction":
        return ""
    return (
        f"warning: the store at {address} may lose any part at any time: it has the maxmemory-policy {policy};"
        " set it to noeviction"
    )


def _explain(error: BaseException, address: StoreAddress) -> str:
    cause = error if isinstance(error, OSError) else error.__cause__ or error.__context__
    if isinstance(error, exceptions.TimeoutError | TimeoutError):
        hint = "; valkey:// is without TLS" if address.is_tls else ""
        return f"does not answer within {REPLY_SECONDS:g} s; check host, port and firewall{hint}"
    if isinstance(error, exceptions.AuthenticationError):
        return _explain_refusal(str(error), address)
    if isinstance(error, exceptions.ConnectionError | OSError) and isinstance(cause, OSError):
        return _explain_connection(cause, address)
    if isinstance(error, exceptions.ResponseError | exceptions.BusyLoadingError):
        return _explain_response(str(error), address)
    if isinstance(error, exceptions.ConnectionError):
        return _closes(address)
    return _NO_ENGINE


def _closes(address: StoreAddress) -> str:
    hint = "" if address.is_tls else ", and one without TLS (valkeys:// is with it)"
    return f"closes the connection; check that it is a Valkey server{hint}"


def _explain_connection(cause: OSError, address: StoreAddress) -> str:
    if isinstance(cause, ssl.SSLCertVerificationError):
        hint = "name its authority: ?ssl_ca_certs=FILE" if not address.ca_file else f"check {address.ca_file}"
        return f"shows a certificate that is not trusted: {cause.verify_message.rstrip('.')}; {hint}"
    if isinstance(cause, ssl.SSLError):
        reason = (cause.reason or "no handshake").lower().replace("_", " ")
        return f"speaks no TLS that fits ({reason}); valkey:// is without TLS"
    if isinstance(cause, socket.gaierror):
        return f"cannot be found: the host {address.host} is not known; correct the address"
    if isinstance(cause, ConnectionResetError | BrokenPipeError):
        return _closes(address)
    if isinstance(cause, ConnectionRefusedError):
        return "cannot be reached: nothing listens there; start the server or correct the address"
    return f"cannot be reached: {cause.strerror or cause}"


def _explain_refusal(message: str, address: StoreAddress) -> str:
    if "equired" in message:
        return f"asks for a password; {_GIVE_PASSWORD}"
    if "without any password" in message:
        return "asks for no password; leave it out"
    user = f"of the user {address.user} " if address.user else ""
    return f"refuses the password {user}(or has no such user); {_GIVE_PASSWORD}"


def _explain_response(message: str, address: StoreAddress) -> str:
    if "no permissions" in message.lower() or message.startswith("NOPERM"):
        return (
            f"does not allow what a store needs ({message.removeprefix('NOPERM ')}); give the user"
            f" ~{address.prefix}* +@read +@write +@scripting +@connection +info +time"
        )
    if "DB index is out of range" in message:
        return f"has no database {address.database}; use a smaller number; most servers have 0 to 15"
    if "loading" in message:
        return "is still loading its data; start again in a moment"
    if "memory" in message:
        return "is full; raise its maxmemory, or empty it"
    if "read only replica" in message:
        return "is a replica that cannot be written to; use its primary"
    return f"answers: {message}"
