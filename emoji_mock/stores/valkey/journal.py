"""The journal and the ledgers in the engine."""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import structs

from emoji_mock.contract.models import DETECTORS, IMAGE_PRICE
from emoji_mock.contract.row import Outcome
from emoji_mock.fake.accounting.accounts import NAMESPACES, QuotaName
from emoji_mock.fake.accounting.call_filter import ALL_CALLS, CallFilter, LatestCalls, ends_in
from emoji_mock.fake.accounting.journal import CallRecord, HeadTexts, Page, StoredCall
from emoji_mock.fake.accounting.ledger import Charge, Ledger, price_of
from emoji_mock.fake.accounting.pictures import PICTURES
from emoji_mock.fake.store.memory_journal import ENTRY_BYTES, ENTRY_OVERHEAD, LEAST_BYTES
from emoji_mock.stores.valkey.connections.lua_script import LuaScript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emoji_mock.fake.accounting.limits import Limits
    from emoji_mock.stores.valkey.engine import Engine

RESERVED_SECONDS = 120
"""For how long an image stays reserved for a call that is never recorded, because its replica was killed."""
CHUNK = 500
"""How many entries are read from the engine at a time."""

_RECORD = LuaScript("record", ("accounts",), each=4)
_RESERVE = LuaScript("reserve", ("accounts",))
_WAITED_OUT = LuaScript("waited_out")
_ENTRIES = LuaScript("entries", ("accounts",), only_reads=True)
_LEDGERS = LuaScript("ledgers", ("accounts",), only_reads=True)
_MILLIONTHS = 1_000_000  # seconds of video are rounded to hundredths, prices are of thousandths
_NANO = 1_000_000_000
_encode = msgspec.msgpack.Encoder().encode
_decode: Callable[[bytes], list[Any]] = msgspec.msgpack.Decoder(list[Any]).decode
_decode_ledger: Callable[[bytes], dict[str, int]] = msgspec.msgpack.Decoder(dict[str, int]).decode
_COUNTS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.DONE: "done",
    Outcome.FAULT: "faults",
    Outcome.ERROR: "errors",
}
_IMAGE, _SECONDS = "image ", "seconds "
_BOUNDS = f"{NAMESPACES} {PICTURES} {ENTRY_BYTES} {LEAST_BYTES} {ENTRY_OVERHEAD}"


class ValkeyJournal:
    """Implement JournalPort in an engine, with the bounds and the fairness of the journal in memory."""

    _engine: Engine

    def reserve(self, namespace: str, model: str, limits: Limits) -> QuotaName | None:
        """Reserve an image for a call of a detection model until it is recorded; return the quota that is used up."""
        spend, images, seconds = limits.spend, limits.images, limits.seconds
        found = self._engine.run(
            _RESERVE,
            namespace,
            model,
            int(model in DETECTORS),
            "" if spend is None else _scaled(Decimal(str(spend)), _NANO),
            "" if images is None else images,
            "" if seconds is None else seconds * _MILLIONTHS,
            _scaled(IMAGE_PRICE, _NANO),
            RESERVED_SECONDS,
        )
        used_up: QuotaName | None = {b"spend": "spend", b"free": "free"}.get(found)  # type: ignore[assignment]
        return used_up

    def record(self, call: CallRecord, *, picture: str = "", reserved: str = "") -> StoredCall:
        """Append an exchange to the journal, enter it into the ledger, and return it as it was stored."""
        outcome, charge = call.outcome, call.charge
        is_fault = outcome is Outcome.FAULT
        bills_image = outcome in (Outcome.PASSED, Outcome.FAILED) or (is_fault and call.billed)
        blob = _encode((*structs.astuple(call.head), *structs.astuple(call)[1:]))
        digest: str | bytes = ""
        if call.billed:
            digest = blake2b(
                f"{call.model}\n{picture or call.image_url}".encode(errors="replace"), digest_size=8
            ).digest()
        facts = (
            _COUNTS[outcome],
            f"{_IMAGE}{reserved or call.model}" if bills_image else "",
            "1" if is_fault else "",
            "1" if is_fault and call.billed else "",
            "1" if call.is_video else "",
            reserved,
            *(("", "", "") if charge is None else _tariff_of(charge)),
            " ".join(map(str, self._engine.noted_uses)),
        )
        reply = self._engine.run(_RECORD, _BOUNDS, call.namespace, blob, digest, "\0".join(facts))
        return StoredCall(reply // 2, reply % 2 == 1, call)

    def waited_out(self, number: int) -> None:
        """Mark the entry `number`, if it is still kept."""
        self._engine.post(_WAITED_OUT, number)

    def journal(
        self,
        *,
        namespace: str | None = None,
        outcome: Outcome | None = None,
        code: str | None = None,
        after: int = 0,
        limit: int = 100,
    ) -> Page:
        """Return the first `limit` matching entries with a number above `after`, oldest first."""
        entries: list[StoredCall] = []
        if outcome is None and code is None:
            total = 0
            for kept, _, _, calls in self._read(namespace, after, None, limit + 1, newest_first=False):
                total = kept
                entries += calls
        else:
            matching = [
                stored
                for *_, calls in self._read(namespace, 0, None, None, newest_first=False)
                for stored in calls
                if ends_in(stored, outcome, code)
            ]
            total, entries = len(matching), [stored for stored in matching if stored.number > after]
        page = entries[:limit]
        following = page[-1].number if page and len(entries) > len(page) else None
        return Page(total=total, entries=[stored.entry() for stored in page], next=following)

    def latest_calls(
        self, wanted: CallFilter = ALL_CALLS, *, after: int = 0, before: int | None = None, limit: int = 100
    ) -> LatestCalls:
        """Return the newest `limit` entries that are `wanted`, numbered above `after` and below `before`."""
        newest: list[StoredCall] = []
        matching = kept = last = resets = 0
        for kept_now, last_now, resets_now, calls in self._read(
            wanted.namespace, after, before, None, newest_first=True
        ):
            kept, last, resets = kept or kept_now, last or last_now, resets or resets_now
            found = [stored for stored in calls if wanted.matches(stored)]
            matching += len(found)
            newest += found[: limit - len(newest)]
        return LatestCalls([stored.entry() for stored in newest], matching, kept, last, resets)

    def ledgers(self) -> dict[str, Ledger]:
        """Return a copy of every namespace's ledger."""
        found: list[bytes] = self._engine.run(_LEDGERS)
        return {
            name.decode(): _ledger(_decode_ledger(counts)) for name, counts in zip(found[::2], found[1::2], strict=True)
        }

    def _read(
        self, namespace: str | None, after: int, before: int | None, most: int | None, *, newest_first: bool
    ) -> Iterator[tuple[int, int, int, list[StoredCall]]]:
        """Yield how many are kept, the last number, the resets and some of the calls, until `most` or all are read."""
        left = most
        while True:
            wanted = CHUNK if left is None else min(CHUNK, left)
            kept, last, resets, found = self._engine.run(
                _ENTRIES,
                "" if namespace is None else namespace,
                int(namespace is not None),
                after,
                "" if before is None else before,
                wanted,
                int(newest_first),
            )
            calls = [_stored(int(number), blob) for number, blob in zip(found[::2], found[1::2], strict=True) if blob]
            yield kept, last, resets, calls
            left = None if left is None else left - wanted
            if len(found) < 2 * wanted or left == 0:
                return
            if newest_first:
                before = int(found[-2])
            else:
                after = int(found[-2])


def _tariff_of(charge: Charge) -> tuple[str, str, str]:
    """Return the tariff of a charge, its seconds in millionths, and its price in billionths of a CNY."""
    seconds = Decimal(str(charge.seconds))
    price = seconds * price_of(charge.model, charge.tier)
    tariff = f"{_SECONDS}{charge.model}\n{charge.tier}"
    return tariff, str(_scaled(seconds, _MILLIONTHS)), str(_scaled(price, _NANO))


def _scaled(number: Decimal, times: int) -> int:
    return int(number * times)


_HEAD_FIELDS = len(HeadTexts.__struct_fields__)


def _stored(number: int, blob: bytes) -> StoredCall:
    """Return a call from its entry: two flags, wasted and waited out, and the fields in MessagePack."""
    fields = _decode(blob[2:])
    head = HeadTexts(*fields[:_HEAD_FIELDS])
    call = CallRecord(head, *fields[_HEAD_FIELDS:])
    call = structs.replace(call, outcome=Outcome(call.outcome))
    return StoredCall(number, blob[:1] == b"1", call, blob[1:2] == b"1")


def _ledger(counts: dict[str, int]) -> Ledger:
    ledger = Ledger()
    for name, count in counts.items():
        if name.startswith(_IMAGE):
            ledger.images_of[name.removeprefix(_IMAGE)] = count
        elif name.startswith(_SECONDS):
            model, _, tier = name.removeprefix(_SECONDS).partition("\n")
            ledger.seconds_of[model, tier] = Decimal(count) / _MILLIONTHS
        elif name != "video nano":
            setattr(ledger, name, count)
    return ledger
