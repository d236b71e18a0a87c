"""The bar on the terminal that shows how far a verb has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from rich.console import Console


class Bar:
    """A bar of `total` steps with what is going on beside it; it is gone when all is done."""

    def __init__(self, console: Console, total: int, words: str = "") -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task(words, total=total)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, done: int, words: str) -> None:
        """Show that so many steps are done, and what is going on."""
        self._progress.update(self._task, completed=done, description=words)
