"""The official SDK reads its key and address once, when it is imported; a test must not have to know.

This file alone leans on the SDK's insides: the variables of `dashscope`, which it takes from `dashscope.common.env`.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def is_imported() -> bool:
    """Say whether somebody has imported the SDK."""
    return "dashscope" in sys.modules


def lend(environment: pytest.MonkeyPatch, **variables: str) -> None:
    """Give an SDK that was imported already the variables of this test."""
    for name, value in variables.items() if is_imported() else ():
        environment.setattr(sys.modules["dashscope"], name, value, raising=False)


def read_again() -> None:
    """Let an SDK that was imported during a test forget that test's variables; the environment is as it was by now."""
    sdk: Any = sys.modules["dashscope"]
    read = importlib.reload(sys.modules["dashscope.common.env"])
    for name in ("api_key", "base_http_api_url"):
        setattr(sdk, name, getattr(read, name))
