"""Without the extra `tls`: one error, that says what to install."""

import sys
from pathlib import Path

import pytest

from emoji_mock.server.tls.authority import Authority
from emoji_mock.server.tls.extra import TlsExtraError

MESSAGE = r"^answering https:// needs trustme and cryptography: pip install 'emoji-mock\[tls\]'$"


@pytest.mark.parametrize("library", ["trustme", "cryptography"])
@pytest.mark.parametrize("make", [Authority.create, lambda: Authority.kept_in(Path("anywhere"))])
def test_a_missing_library_is_one_error(monkeypatch, library, make):
    """Whichever library is missing, the error is the same."""
    for name in [name for name in sys.modules if name.startswith("emoji_mock.server.tls.")]:
        if name.rpartition(".")[2] in {"certificates", "kept_files"}:
            monkeypatch.delitem(sys.modules, name)
            monkeypatch.delattr(sys.modules["emoji_mock.server.tls"], name.rpartition(".")[2])
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(TlsExtraError, match=MESSAGE) as caught:
        make()
    assert caught.value.name == library


def test_the_java_store_needs_it_too(monkeypatch, trust):
    """What needs a library only later says the same."""
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.serialization", None)
    with pytest.raises(TlsExtraError, match=MESSAGE):
        _ = trust.java_store
