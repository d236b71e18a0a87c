"""Open a store in an engine: check the engine first, so that each fault is one clear line."""

from __future__ import annotations

import logging
import ssl
from typing import TYPE_CHECKING, Any

from valkey.exceptions import ValkeyError

from emoji_mock._support.deadlines import DeadlinePassedError, run_within
from emoji_mock.fake.store.ports import StoreUnavailableError
from emoji_mock.stores.valkey.connections.threads import make_client
from emoji_mock.stores.valkey.engine import Engine
from emoji_mock.stores.valkey.problems import describe_problem, describe_risk, describe_unfit
from emoji_mock.stores.valkey.store import ValkeyStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from emoji_mock.fake.options import Options
    from emoji_mock.stores.valkey.address import StoreAddress

_LOG = logging.getLogger("emoji_mock")
OPENING_SECONDS = 6.0
"""How long to look up the host, to connect and to greet may take in all: a little longer than each by itself."""


def open_store(address: StoreAddress, options: Options, report: Callable[[str], None] = _LOG.warning) -> ValkeyStore:
    """Return the store at `address`, with the bounds of `options`.

    `report` is called with a warning of an engine that may lose entries, and with what the bounds change for the
    replicas that are there. Raises ValueError, which says in one line what is wrong, and what to do.
    """
    _check_authorities(address)
    try:
        info = run_within(OPENING_SECONDS, lambda: _greet(address))
        if problem := describe_unfit(info, address):
            raise ValueError(problem)
        store = ValkeyStore(Engine(address), options.journal_size, options.upload_bytes, options.kept_picture_bytes)
        store.open()
    except DeadlinePassedError:
        raise ValueError(describe_problem(TimeoutError(), address)) from None
    except (ValkeyError, OSError) as error:
        raise ValueError(describe_problem(error, address)) from None
    except (StoreUnavailableError, RuntimeError) as error:
        raise ValueError(str(error)) from None
    if risk := describe_risk(info, address):
        report(risk)
    if store.replaced_bounds:
        changes = ", ".join(f"{name} {new} (was {old})" for name, old, new in store.replaced_bounds)
        report(f"all replicas of the store at {address} have other bounds from now on: {changes}")
    return store


def _greet(address: StoreAddress) -> dict[str, str]:
    """Return what the engine says of itself. Raises ValkeyError, OSError."""
    client: Any = make_client(address)
    try:
        # Its own parser takes any text for a description.
        client.response_callbacks.pop("INFO", None)
        described = client.execute_command("INFO")
    finally:
        client.connection_pool.disconnect()
    text = described.decode("utf-8", "replace") if isinstance(described, bytes) else ""
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return {name: value.strip() for name, _, value in pairs}


def _check_authorities(address: StoreAddress) -> None:
    if not address.ca_file:
        return
    try:
        ssl.create_default_context(cafile=address.ca_file)
    except ssl.SSLError:
        raise ValueError(f"ssl_ca_certs: {address.ca_file} holds no certificate in PEM") from None
    except OSError as error:
        raise ValueError(f"ssl_ca_certs: {address.ca_file}: {error.strerror or error}") from None
