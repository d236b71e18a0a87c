"""What makes the listeners impossible, as the command reports it."""

import re

import pytest

from emoji_mock.programs.trusted_listeners import TrustedListeners
from emoji_mock.server.tls.trust_files import TrustFiles


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path):
    """The command prints the message of a ValueError, with the path, and no traceback."""
    (tmp_path / "ca").write_text("")
    with pytest.raises(ValueError, match=f"^{re.escape(str(tmp_path / 'ca'))}: is a file where a folder belongs$"):
        TrustedListeners(ca_dir=tmp_path / "ca")


def test_a_full_disk_is_a_sentence(monkeypatch):
    """So is what the system says when the files cannot be written."""

    def fail(*_):
        raise OSError(28, "No space left on device", "/tmp/some-folder")

    monkeypatch.setattr(TrustFiles, "_put", fail)
    with pytest.raises(ValueError, match="^/tmp/some-folder: No space left on device$"):
        TrustedListeners()
