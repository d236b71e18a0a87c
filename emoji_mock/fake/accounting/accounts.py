"""The accounts of all namespaces: their ledgers, what is held for calls under way, and what was paid for already."""

from collections import Counter
from dataclasses import replace

from emoji_mock.fake.accounting.journal import Entry
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.repeat_billing import BilledPictures

NAMESPACES = 10_000
"""How many ledgers are kept; those of the first namespaces are then summed up under EARLIER."""
EARLIER = "(earlier)"


class Accounts:
    """Ledgers by namespace; guarded by the store's lock."""

    def __init__(self) -> None:
        self._ledgers: dict[str, Ledger] = {}
        self._held: Counter[str] = Counter()
        self._paid = BilledPictures()

    def reserve(self, namespace: str, most: int) -> bool:
        """Hold an image for a call until it is entered; say no if `most` were billed or are held."""
        ledger = self._ledgers.get(namespace)
        if (ledger.images if ledger else 0) + self._held[namespace] >= most:
            return False
        self._held[namespace] += 1
        return True

    def enter(self, entry: Entry, image_url: str, *, reserved: bool) -> bool:
        """Enter a call, in place of the image that was held for it, and say whether it was billed for nothing."""
        namespace = entry.namespace
        if reserved:
            self._held[namespace] -= 1
            if not self._held[namespace]:
                del self._held[namespace]
        wasted = entry.billed and self._paid.is_wasted(entry, image_url)
        ledger = self._ledgers.get(namespace)
        if ledger is None:
            ledger = self._open(namespace)
        ledger.enter(entry.outcome, billed=entry.billed, wasted=wasted, video=entry.video)
        return wasted

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every ledger."""
        return {namespace: replace(ledger) for namespace, ledger in self._ledgers.items()}

    def clear(self, namespace: str | None = None) -> None:
        """Forget what `namespace`, or anybody, has used; what is under way stays held."""
        self._paid.clear(namespace)
        if namespace is None:
            self._ledgers.clear()
        else:
            self._ledgers.pop(namespace, None)

    def _open(self, namespace: str) -> Ledger:
        if len(self._ledgers) > NAMESPACES:
            first = next(name for name in self._ledgers if name != EARLIER)
            self._ledgers.setdefault(EARLIER, Ledger()).add(self._ledgers.pop(first))
        return self._ledgers.setdefault(namespace, Ledger())
