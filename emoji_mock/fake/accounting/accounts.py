"""The accounts of all namespaces: ledgers, reserved images, and pictures that were billed."""

from collections import OrderedDict
from dataclasses import replace

from emoji_mock.fake.accounting.journal import CallRecord
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.pictures import BilledPictures

NAMESPACES = 10_000
"""How many ledgers are kept; beyond that those that were idle the longest are added up under EARLIER."""
EARLIER = "(earlier)"


class Accounts:
    """Ledgers by namespace. Not thread-safe: the store's lock guards it."""

    def __init__(self) -> None:
        self._ledgers: dict[str, Ledger] = {}
        self._used: OrderedDict[str, None] = OrderedDict()  # their namespaces, the one that was idle the longest first
        self._newest = ""
        self._reserved: dict[str, int] = {}
        self._billed = BilledPictures()

    def reserve(self, namespace: str, most: int) -> bool:
        """Reserve an image for a call until it is entered; return False if `most` are billed or reserved already."""
        ledger = self._ledgers.get(namespace)
        reserved = self._reserved.get(namespace, 0)
        if (ledger.images if ledger else 0) + reserved >= most:
            return False
        self._reserved[namespace] = reserved + 1
        return True

    def enter(self, call: CallRecord, picture: str, *, reserved: bool) -> bool:
        """Enter a call into its ledger, free its reserved image, and return whether it was billed for a repeat."""
        namespace = call.namespace
        if reserved:
            left = self._reserved.pop(namespace, 0) - 1
            if left:
                self._reserved[namespace] = left
        wasted = call.billed and self._billed.is_repeat(call, picture)
        ledger = self._ledgers.get(namespace)
        if ledger is None:
            ledger = self._open(namespace)
        elif namespace != self._newest:
            self._used.move_to_end(namespace)
            self._newest = namespace
        ledger.enter(call.outcome, billed=call.billed, wasted=wasted, video=call.is_video)
        return wasted

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every ledger."""
        return {namespace: replace(ledger) for namespace, ledger in self._ledgers.items()}

    def clear(self, namespace: str | None = None) -> None:
        """Forget what `namespace`, or any, has used; images of calls under way stay reserved."""
        self._billed.clear(namespace)
        if namespace is None:
            self._ledgers.clear()
            self._used.clear()
        else:
            self._ledgers.pop(namespace, None)
            self._used.pop(namespace, None)
        self._newest = ""

    def _open(self, namespace: str) -> Ledger:
        if len(self._used) >= NAMESPACES:
            idlest, _ = self._used.popitem(last=False)
            self._ledgers.setdefault(EARLIER, Ledger()).add(self._ledgers.pop(idlest))
        self._used[namespace] = None
        self._newest = namespace
        return self._ledgers.setdefault(namespace, Ledger())
