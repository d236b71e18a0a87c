"""Doing something once a module has been imported."""

import importlib
import sys

import pytest

from emoji_mock._support.import_hooks import when_imported


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Yield the name of a module that can be imported, and has not been."""
    (tmp_path / "emoji_mock_late.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "emoji_mock_late"
    sys.modules.pop("emoji_mock_late", None)


def test_it_happens_after_the_import(module):
    """What waits for a module is done once, when the module is ready, and nothing is left behind."""
    hooks, seen = list(sys.meta_path), []
    when_imported(module, lambda: seen.append(sys.modules[module].VALUE))
    assert seen == []
    importlib.import_module(module)
    importlib.import_module(module)
    assert seen == [1]
    assert sys.meta_path == hooks


def test_it_happens_at_once_for_a_module_that_is_there():
    """For a module that has been imported it is done now."""
    seen = []
    when_imported("sys", lambda: seen.append(1))
    assert seen == [1]


def test_it_can_be_called_off(module):
    """What was called off is not done, what else waits is."""
    hooks, seen = list(sys.meta_path), []
    cancel = when_imported(module, lambda: seen.append("first"))
    when_imported(module, lambda: seen.append("second"))
    cancel()
    cancel()
    importlib.import_module(module)
    assert seen == ["second"]
    assert sys.meta_path == hooks


def test_a_module_that_does_not_exist_stays_unknown():
    """Waiting for a module does not make it exist."""
    cancel = when_imported("emoji_mock_nowhere", lambda: None)
    with pytest.raises(ModuleNotFoundError, match="emoji_mock_nowhere"):
        importlib.import_module("emoji_mock_nowhere")
    cancel()
