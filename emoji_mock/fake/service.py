"""The fake itself: one request in, one reply out, written into the journal and onto the ledger."""

import time
from collections.abc import Callable
from random import Random

from emoji_mock.contract.exchange import Request, Response
from emoji_mock.contract.row import Outcome, Row
from emoji_mock.fake import portrait, replies
from emoji_mock.fake.call import Call
from emoji_mock.fake.checks import CHECKS
from emoji_mock.fake.journal import TEXT_LIMIT, Entry, kept
from emoji_mock.fake.memory import MemoryStore
from emoji_mock.fake.options import Options
from emoji_mock.fake.refusal import Refused
from emoji_mock.fake.store import Store


class Fake:
    """A fake of the vendor's face-detect: `answer` takes a request and says what the vendor would say.

    `store` is its memory, `clock` tells the time in seconds since the epoch, and `listener` hears of every exchange.
    Safe from any thread.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        store: Store | None = None,
        clock: Callable[[], float] = time.time,
        listener: Callable[[Entry], None] | None = None,
    ) -> None:
        self.options = options or Options()
        self.store: Store = store or MemoryStore(self.options.journal_size)
        self.clock = clock
        self.listener = listener
        self._random = Random(self.options.seed)  # noqa: S311 - no secret: request ids that a seed repeats

    def answer(self, request: Request) -> Response:
        """Return what the vendor would say to `request`."""
        arrived = self.clock()
        call = Call(request, self.options, self.store, request.by_name())
        request_id = self._request_id()
        row: Row | None = None
        try:
            for check in CHECKS:
                check(call)
            boxes = portrait.boxes_for(call.image_url, self.options.seed or 0, call.size, call.face)
            outcome, status = Outcome.PASSED, 200
            body = replies.passed(boxes, request_id)
        except Refused as refused:
            row = refused.row
            outcome, status = self._ending(row)
            message = refused.message or row.text(**refused.values)
            body = replies.refused(row, message, request_id, status=status, details=self.options.details)
        left = self.clock()
        headers = replies.headers(request_id, status, arrived, left, has_body=bool(body))
        self._record(call, arrived, outcome, row, status, request_id, body)
        return Response(status, headers, body)

    def refuse(self, row: Row) -> Response:
        """Return the answer of `row` outside any call: nothing is recorded."""
        now, request_id = self.clock(), self._request_id()
        body = replies.refused(row, row.text(), request_id, status=row.status, details=self.options.details)
        return Response(row.status, replies.headers(request_id, row.status, now, now), body)

    def _ending(self, row: Row) -> tuple[Outcome, int]:
        if row.outcome is Outcome.FAILED and self.options.failed_as != row.status:
            return Outcome.ERROR, self.options.failed_as  # refused at the top of the answer, and then not billed
        return row.outcome, row.status

    def _request_id(self) -> str:
        # Observed: a lower-case UUID whose version digit is mostly 9.
        digits = self._random.getrandbits(128).to_bytes(16, "big").hex()
        return f"{digits[:8]}-{digits[8:12]}-9{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def _record(
        self, call: Call, at: float, outcome: Outcome, row: Row | None, status: int, request_id: str, body: bytes
    ) -> None:
        request, caller, key = call.request, call.caller, call.key
        entry = Entry(
            0,
            at,
            caller.namespace,
            caller.fingerprint,
            kept(call.headers.get("user-agent", ""), key),
            kept(request.method),
            kept(request.target, key),
            kept(call.model, key),
            kept(call.image_url, key),
            outcome,
            row.code or "" if row else "",
            row.name if row else "",
            status,
            outcome.billed,
            request_id,
            kept(request.body[: 2 * TEXT_LIMIT].decode(errors="replace"), key),
            kept(body[: 2 * TEXT_LIMIT].decode(errors="replace"), key),
        )
        self.store.record(entry)
        if self.listener is not None:
            self.listener(entry)
