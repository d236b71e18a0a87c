"""Begin to measure: in the process that serves, and around several that serve one port. Loads no client before."""

from __future__ import annotations

import os
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from emoji_mock.assembly import Fake
    from emoji_mock.server.control.probes import Scrape
    from emoji_mock.stores.valkey.engine import Engine

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
"""Where prometheus-client lets processes share their counts; it is read once, when the client is imported."""


def require_client() -> None:
    """Raise ImportError, which says what to install, unless the extra `metrics` is there."""
    if find_spec("prometheus_client") is None:
        raise ImportError(
            "--metrics needs prometheus-client: pip install 'emoji-mock[metrics]'", name="prometheus_client"
        )


@contextmanager
def prepare_workers() -> Generator[Path]:
    """Let the processes that are started in this context add up their metrics, in a folder that ends with it: yield it.

    Raises ImportError without the extra `metrics`, ValueError where no folder can be made.
    """
    require_client()
    try:
        folder = TemporaryDirectory(prefix="emoji-mock-metrics-", ignore_cleanup_errors=True)
    except OSError as error:
        raise ValueError(
            f"--metrics of several workers needs a temporary folder: {error.strerror or error}; set TMPDIR to one that"
            " can be written to"
        ) from None
    before = os.environ.get(FOLDER_VARIABLE)
    with folder:
        os.environ[FOLDER_VARIABLE] = folder.name
        try:
            yield Path(folder.name)
        finally:
            os.environ.pop(FOLDER_VARIABLE)
            if before is not None:
                os.environ[FOLDER_VARIABLE] = before


@contextmanager
def measuring(fake: Fake, engine: Engine | None = None) -> Generator[Scrape]:
    """Measure what `fake` answers in this context, and yield the function that returns the page.

    Its store is in `engine`, if it is shared. Raises ImportError without the extra `metrics`, ValueError if
    FOLDER_VARIABLE names no folder.
    """
    require_client()
    from emoji_mock.server.metrics.metrics import Metrics  # noqa: PLC0415 - loads prometheus-client

    folder = os.environ.get(FOLDER_VARIABLE)
    metrics = Metrics(fake, engine, Path(folder) if folder else None)
    with metrics.measuring():
        yield metrics.scrape
