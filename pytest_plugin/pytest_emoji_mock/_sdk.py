"""Set the key and the address of the official SDK, which reads them once, when it is imported.

The only file that relies on internals of the SDK: the variables of `dashscope`, which come from `dashscope.common.env`.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import pytest

HAD_SDK = pytest.StashKey[bool]()
"""Whether the official SDK had been imported before the test."""


def is_imported() -> bool:
    """Return whether the SDK has been imported."""
    return "dashscope" in sys.modules


def set_variables(environment: pytest.MonkeyPatch, **variables: str) -> None:
    """Set variables of the SDK for a test, if it has been imported."""
    for name, value in variables.items() if is_imported() else ():
        environment.setattr(sys.modules["dashscope"], name, value, raising=False)


def reload() -> None:
    """Reset the variables of an SDK that was imported during a test; the environment has been restored before."""
    sdk: Any = sys.modules["dashscope"]
    module = importlib.reload(sys.modules["dashscope.common.env"])
    for name in ("api_key", "base_http_api_url"):
        setattr(sdk, name, getattr(module, name))
