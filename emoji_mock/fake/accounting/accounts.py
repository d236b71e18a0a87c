"""The accounts of all namespaces: ledgers, reserved images, and pictures that were billed."""

from collections import OrderedDict
from decimal import Decimal
from typing import Literal

from emoji_mock.contract.models import DETECTORS, IMAGE_PRICE
from emoji_mock.fake.accounting.journal import CallRecord
from emoji_mock.fake.accounting.ledger import Ledger
from emoji_mock.fake.accounting.limits import Limits
from emoji_mock.fake.accounting.pictures import BilledPictures

NAMESPACES = 10_000
"""How many ledgers are kept; beyond that those that were idle the longest are added up under EARLIER."""
EARLIER = "(earlier)"
QuotaName = Literal["free", "spend"]


class Accounts:
    """Ledgers by namespace. Not thread-safe: the store's lock guards it."""

    def __init__(self) -> None:
        self._ledgers: dict[str, Ledger] = {}
        self._used: OrderedDict[str, None] = OrderedDict()  # their namespaces, the one that was idle the longest first
        self._newest = ""
        self._reserved: dict[str, dict[str, int]] = {}  # by namespace and model
        self._billed = BilledPictures()

    def reserve(self, namespace: str, model: str, limits: Limits) -> QuotaName | None:
        """Reserve an image for a call of a detection model until it is entered; return the quota that is used up.

        What another model's call will cost is not known yet: it is let in as long as anything of the quota is left.
        """
        ledger, reserved = self._ledgers.get(namespace) or Ledger(), self._reserved.get(namespace, {})
        if limits.spend is not None:
            next_image = ledger.cost + (sum(reserved.values()) + 1) * IMAGE_PRICE
            if next_image > Decimal(str(limits.spend)):
                return "spend"
        if model not in DETECTORS:
            is_free = limits.seconds is None or ledger.seconds_by(model) < limits.seconds
            return None if is_free else "free"
        under_way = reserved.get(model, 0)
        if limits.images is not None and ledger.images_of.get(model, 0) + under_way >= limits.images:
            return "free"
        self._reserved[namespace] = {**reserved, model: under_way + 1}
        return None

    def enter(self, call: CallRecord, picture: str, *, reserved: str) -> bool:
        """Enter a call into its ledger, free the image reserved of a model, and return whether it bills a repeat."""
        namespace = call.namespace
        if reserved:
            self._free(namespace, reserved)
        wasted = call.billed and self._billed.is_repeat(call, picture)
        ledger = self._ledgers.get(namespace)
        if ledger is None:
            ledger = self._open(namespace)
        elif namespace != self._newest:
            self._used.move_to_end(namespace)
            self._newest = namespace
        more = call.more
        if more is None:
            ledger.enter(call.outcome, reserved or call.model, billed=call.billed, wasted=wasted)
            return wasted
        ledger.enter(call.outcome, reserved or call.model, billed=call.billed, wasted=wasted, video=call.is_video)
        if (charge := call.charge) is not None:
            ledger.charge(charge)
        return wasted

    def _free(self, namespace: str, model: str) -> None:
        reserved = self._reserved.get(namespace, {})
        left = {name: count for name in reserved if (count := reserved[name] - (name == model))}
        if left:
            self._reserved[namespace] = left
        else:
            self._reserved.pop(namespace, None)

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every ledger."""
        return {namespace: ledger.copy() for namespace, ledger in self._ledgers.items()}

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
