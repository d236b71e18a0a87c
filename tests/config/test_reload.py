"""Files are reloaded when they change."""

import os
import time

from emoji_mock.config import reload
from emoji_mock.config.reload import Watcher


def touch(path, text, at):
    """Write `text`, at a time of its own."""
    path.write_text(text)
    os.utime(path, (at, at))


def test_a_change_is_reported_once_the_file_stays_the_same(tmp_path):
    """Not while it is being written, and once for each change."""
    path, reported = tmp_path / "a.toml", []
    touch(path, "1", 1)
    watcher = Watcher(lambda: [path], lambda: reported.append(path.read_text()))
    watcher.poll()
    touch(path, "", 2)
    watcher.poll()
    touch(path, "2", 3)
    watcher.poll()
    assert reported == []
    for _ in range(3):
        watcher.poll()
    assert reported == ["2"]


def test_removing_and_creating_a_file_are_changes(tmp_path):
    """A missing file does not end the polling."""
    path, reported = tmp_path / "a.toml", []
    watcher = Watcher(lambda: [path], lambda: reported.append(path.exists()))
    touch(path, "1", 1)
    for _ in range(3):
        watcher.poll()
    path.unlink()
    for _ in range(3):
        watcher.poll()
    assert reported == [True, False]


def test_the_list_of_files_may_change(tmp_path):
    """A file that is watched from now on is no change itself."""
    files = [tmp_path / "a.toml"]
    reported = []

    def changed():
        files[1:] = [tmp_path / "b.toml"]
        reported.append(1)

    touch(files[0], "1", 1)
    touch(tmp_path / "b.toml", "1", 1)
    watcher = Watcher(lambda: files, changed)
    touch(files[0], "2", 2)
    for _ in range(4):
        watcher.poll()
    assert len(reported) == 1
    touch(tmp_path / "b.toml", "2", 2)
    for _ in range(4):
        watcher.poll()
    assert len(reported) == 2


def test_a_change_during_the_reload_is_not_lost(tmp_path):
    """A file that is written while it is read is read once more."""
    path, reported = tmp_path / "a.toml", []
    touch(path, "1", 1)

    def changed():
        reported.append(path.read_text())
        if len(reported) == 1:
            touch(path, "3", 3)

    watcher = Watcher(lambda: [path], changed)
    touch(path, "2", 2)
    for _ in range(5):
        watcher.poll()
    assert reported == ["2", "3"]


def test_polling_goes_on_after_an_error(tmp_path, monkeypatch, caplog):
    """A failed reload is logged once, with its traceback, and the next change is noticed as usual."""
    monkeypatch.setattr(reload, "INTERVAL", 0.01)
    path, reported = tmp_path / "a.toml", []
    touch(path, "1", 1)

    def changed():
        reported.append(path.read_text())
        if reported == ["2"]:
            raise BrokenPipeError("nobody reads stderr any more")

    def eventually(wanted):
        deadline = time.monotonic() + 5
        while reported != wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        return reported

    with Watcher(lambda: [path], changed):
        touch(path, "2", 2)
        assert eventually(["2"]) == ["2"]
        time.sleep(0.1)
        touch(path, "3", 3)
        assert eventually(["2", "3"]) == ["2", "3"]
    assert [record.message for record in caplog.records] == ["emoji-mock could not reload its files"]
    assert "nobody reads stderr" in caplog.text
