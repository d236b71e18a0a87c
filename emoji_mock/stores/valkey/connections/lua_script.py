"""The scripts that the engine runs: each is one operation of the store, and atomic."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha1
from importlib.resources import files

from emoji_mock.fake.accounting.accounts import EARLIER
from emoji_mock.fake.accounting.shares import SHARES
from emoji_mock.fake.rules.active_rule import EVERYONE

_FOLDER = files("emoji_mock.stores.valkey").joinpath("scripts")


class LuaScript:
    """The script in `scripts/NAME.lua`, which uses the functions of the files `includes`.

    The file holds the body of a function; the prelude is put before it, and it is run between checks. One that only
    reads also runs where the engine is full, and so does one that `makes_room`. Where the engine has
    lost the store, one is refused that neither only reads nor `opens` it.
    """

    def __init__(
        self,
        name: str,
        includes: tuple[str, ...] = (),
        *,
        only_reads: bool = False,
        makes_room: bool = False,
        opens: bool = False,
        each: int = 0,
    ) -> None:
        self.name = name
        self.each = each
        """If not 0, the script runs several operations at once: how many of the last arguments are those of one. It
        replies with a list, an item for each operation.
        """
        self.needs_room = not (only_reads or makes_room)
        """Whether an engine that is full refuses it, so that its success shows that calls can be answered."""
        self._includes = includes
        self._needs_store = not (only_reads or opens)
        self._flags = " flags=no-writes" if only_reads else " flags=allow-oom" if makes_room else ""

    @cached_property
    def source(self) -> str:
        """The whole text, in Lua."""
        needs_store = str(self._needs_store).lower()
        parts = [
            f"#!lua{self._flags}",
            f"local NEEDS_STORE, EACH = {needs_store}, {self.each}",
            f"local SHARES, EVERYONE, EARLIER = {SHARES}, '{EVERYONE}', '{EARLIER}'",
            *[_text(name) for name in ("prelude", *self._includes)],
        ]
        return "\n".join([*parts, "local function run()", _text(self.name), "end", "return finish(run)"])

    @cached_property
    def digest(self) -> str:
        """The name by which the engine knows it."""
        return sha1(self.source.encode(), usedforsecurity=False).hexdigest()


def _text(name: str) -> str:
    return _FOLDER.joinpath(f"{name}.lua").read_text("utf-8")
