"""Hooks that are called when a module is imported."""

import importlib
import sys

import pytest

from emoji_mock._support.import_hooks import when_any_imported, when_imported


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Yield the name of a module that is not imported yet."""
    (tmp_path / "emoji_mock_late.py").write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield "emoji_mock_late"
    sys.modules.pop("emoji_mock_late", None)


def test_a_hook_is_called_after_the_import(module):
    """A hook is called once, when the module is ready; then the finder is removed."""
    hooks, called = list(sys.meta_path), []
    when_imported(module, lambda: called.append(sys.modules[module].VALUE))
    assert called == []
    importlib.import_module(module)
    importlib.import_module(module)
    assert called == [1]
    assert sys.meta_path == hooks


def test_a_hook_is_called_at_once_for_an_imported_module():
    """For an imported module the hook is called now."""
    called = []
    when_imported("sys", lambda: called.append(1))
    assert called == [1]


def test_a_hook_can_be_cancelled(module):
    """A cancelled hook is not called; the others of the module are."""
    hooks, called = list(sys.meta_path), []
    cancel = when_imported(module, lambda: called.append("first"))
    when_imported(module, lambda: called.append("second"))
    cancel()
    cancel()
    importlib.import_module(module)
    assert called == ["second"]
    assert sys.meta_path == hooks


def test_a_missing_module_stays_missing():
    """A hook does not make a module exist."""
    cancel = when_imported("emoji_mock_nowhere", lambda: None)
    with pytest.raises(ModuleNotFoundError, match="emoji_mock_nowhere"):
        importlib.import_module("emoji_mock_nowhere")
    cancel()


def test_one_hook_awaits_several_modules(module):
    """A hook of several modules is called with each name: of those that are imported now, of the others later."""
    hooks, called = list(sys.meta_path), []
    cancel = when_any_imported(("sys", module, "emoji_mock_nowhere"), called.append)
    assert called == ["sys"]
    importlib.import_module(module)
    assert called == ["sys", module]
    cancel()
    assert sys.meta_path == hooks


def test_a_hook_that_fails_at_once_is_cancelled(module):
    """If a hook of several modules raises an exception for one that is imported, it is not called for the others."""
    hooks, called = list(sys.meta_path), []

    def fail(name):
        called.append(name)
        raise ValueError(name)

    with pytest.raises(ValueError, match="sys"):
        when_any_imported((module, "sys"), fail)
    assert sys.meta_path == hooks
    importlib.import_module(module)
    assert called == ["sys"]
