"""One operation that the engine is asked for, and what its reply means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from emoji_mock.fake.store.ports import StaleStateError, StoreUnavailableError

if TYPE_CHECKING:
    from emoji_mock._support.threads.suspension import SuspendableCall
    from emoji_mock.stores.valkey.connections.lua_script import LuaScript

Argument = str | bytes | int | float
MOST_JOINED = 63
"""How many operations are joined to one: a script that runs for long holds up all others."""
NO_SCRIPT = "NOSCRIPT"
"""How the error begins of an engine that does not know a script yet, or no longer."""
_UNFIT = (
    "OOM ",
    "LOADING ",
    "READONLY ",
    "BUSY ",
    "MISCONF ",
    "MASTERDOWN ",
    "NOREPLICAS ",
    "NOAUTH ",
    "NOPERM ",
    "WRONGTYPE ",
    "Protocol error: ",
)
"""How the errors begin of an engine that cannot work at present, or where another program has taken a key."""


class EngineRefusesError(StoreUnavailableError):
    """The engine answers, but does not do what it is asked: it is full, loads its data, or has become a replica."""


class Operation:
    """A script with its arguments; `call` waits for the reply, if one does.

    An operation of a script that runs several at once may have others joined to it, which are sent with it.
    """

    __slots__ = ("arguments", "call", "joined", "script", "sent_at")

    def __init__(self, script: LuaScript, arguments: tuple[Argument, ...], call: SuspendableCall | None = None) -> None:
        self.script, self.arguments, self.call = script, arguments, call
        self.joined: list[Operation] = []
        self.sent_at = 0.0

    def join(self, other: Operation) -> bool:
        """Send `other` together with this operation, if both are of a kind and not too many; return whether."""
        each = self.script.each
        shared = len(other.arguments) - each
        if len(self.joined) >= MOST_JOINED or other.arguments[:shared] != self.arguments[:shared]:
            return False
        self.arguments += other.arguments[shared:]
        self.joined.append(other)
        return True

    def command(self, *, whole: bool = False) -> tuple[Argument, ...]:
        """Return the command for the engine, by the digest of the script or with its `whole` text."""
        if whole:
            return ("EVAL", self.script.source, 1, *self.arguments)
        return ("EVALSHA", self.script.digest, 1, *self.arguments)

    def end(self, reply: Any) -> None:  # noqa: ANN401 - any reply of the engine
        """Resume the calls that wait with a reply, or with the error that it is."""
        if isinstance(reply, Exception):
            for operation in (self, *self.joined):
                if operation.call is not None:
                    operation.call.fail(reply)
        elif self.script.each:
            for operation, own in zip((self, *self.joined), reply, strict=True):
                if operation.call is not None:
                    operation.call.resume(own)
        elif self.call is not None:
            self.call.resume(reply)


class FieldRead(Operation):
    """A field of a hash, read without running `script`: a script would copy a large one three times."""

    __slots__ = ()

    def command(self, *, whole: bool = False) -> tuple[Argument, ...]:  # noqa: ARG002 - there is no other way to ask
        """Return the command for the engine."""
        return ("HGET", *self.arguments)


def meaning_of(message: str, store: object) -> Exception:
    """Return the error that an error reply of the engine means."""
    if message.startswith("STALE"):
        return StaleStateError()
    if message.startswith(_UNFIT):
        reason = message.partition(" script: ")[0].removesuffix(".")
        return EngineRefusesError(f"the store at {store} refuses: {reason}")
    return RuntimeError(f"the store at {store} answers: {message}")
