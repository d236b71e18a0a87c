"""Prepare a request by its head, before the body is read: how much of it to read, and whether to read it at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emoji_mock.fake.accounting.api_keys import identify
from emoji_mock.fake.store.ports import StoreUnavailableError

if TYPE_CHECKING:
    from emoji_mock.contract.exchange import Request
    from emoji_mock.fake.endpoints.registry import EndpointRegistry
    from emoji_mock.fake.options import Options
    from emoji_mock.fake.store.ports import Store


class HeadPreparation:
    """The `Preparation` of one request. Each part is computed when it is read, because most ways in need only one."""

    __slots__ = ("_head", "_options", "_registry", "_store")

    def __init__(self, head: Request, store: Store, registry: EndpointRegistry, options: Options) -> None:
        self._head, self._store, self._registry, self._options = head, store, registry, options

    @property
    def body_limit(self) -> int:
        """How many bytes of the body are looked at; one more is known to be too many."""
        return self._registry.read(self._head).endpoint.body_limit

    @property
    def blocks(self) -> bool:
        """Whether the request is for a video, which may take seconds to make."""
        return self._registry.read(self._head).endpoint.slow

    @property
    def account(self) -> str:
        """The account by the key, or else by what the endpoint finds in the request, such as a video's name.

        It is empty where the store cannot be asked.
        """
        key = self._key()
        if key:
            return identify(key).namespace
        find_account = self._registry.read(self._head).endpoint.account
        try:
            return "" if find_account is None else find_account(self._head, self._store, self._options)
        except StoreUnavailableError:
            return ""

    @property
    def close_early(self) -> bool:
        """Whether the first rule that decides is a `close` for this caller, and depends on nothing in the body."""
        if not self._store.has_rules:
            return False
        namespace, fingerprint, _ = identify(self._key())
        active_rules = self._store.known_rules(namespace)
        rule = next((active.rule for active in active_rules if not active.spent and active.rule.decides), None)
        if rule is None or rule.fault is None or not rule.fault.row.before_body or rule.key not in (None, fingerprint):
            return False
        return not (rule.chance or rule.image_url or rule.model or rule.endpoint)

    def _key(self) -> str:
        return self._head.header("authorization").partition(" ")[2].strip()
