"""Files that are read again when they change."""

import os
import time

from emoji_mock.config import reload
from emoji_mock.config.reload import Watcher


def touch(path, text, at):
    """Write `text`, at a time of its own."""
    path.write_text(text)
    os.utime(path, (at, at))


def test_a_changed_file_is_told_once_it_is_still(tmp_path):
    """Not while it is being written, and once for every change."""
    path, told = tmp_path / "a.toml", []
    touch(path, "1", 1)
    watcher = Watcher(lambda: [path], lambda: told.append(path.read_text()))
    watcher.look()
    touch(path, "", 2)
    watcher.look()
    touch(path, "2", 3)
    watcher.look()
    assert told == []
    for _ in range(3):
        watcher.look()
    assert told == ["2"]


def test_a_file_that_goes_and_comes_is_a_change_each_time(tmp_path):
    """A missing file does not end the watch."""
    path, told = tmp_path / "a.toml", []
    watcher = Watcher(lambda: [path], lambda: told.append(path.exists()))
    touch(path, "1", 1)
    for _ in range(3):
        watcher.look()
    path.unlink()
    for _ in range(3):
        watcher.look()
    assert told == [True, False]


def test_other_files_may_be_meant_after_a_change(tmp_path):
    """What is new is watched from then on, and is no change itself."""
    files = [tmp_path / "a.toml"]
    told = []

    def changed():
        files[1:] = [tmp_path / "b.toml"]
        told.append(1)

    touch(files[0], "1", 1)
    touch(tmp_path / "b.toml", "1", 1)
    watcher = Watcher(lambda: files, changed)
    touch(files[0], "2", 2)
    for _ in range(4):
        watcher.look()
    assert len(told) == 1
    touch(tmp_path / "b.toml", "2", 2)
    for _ in range(4):
        watcher.look()
    assert len(told) == 2


def test_a_change_during_the_reading_is_not_lost(tmp_path):
    """What is written while the file is read is read next."""
    path, told = tmp_path / "a.toml", []
    touch(path, "1", 1)

    def changed():
        told.append(path.read_text())
        if len(told) == 1:
            touch(path, "3", 3)

    watcher = Watcher(lambda: [path], changed)
    touch(path, "2", 2)
    for _ in range(5):
        watcher.look()
    assert told == ["2", "3"]


def test_whatever_a_look_meets_it_goes_on(tmp_path, monkeypatch, caplog):
    """What cannot be read again is told once, with its traceback, and the next change is looked at as ever."""
    monkeypatch.setattr(reload, "INTERVAL", 0.01)
    path, told = tmp_path / "a.toml", []
    touch(path, "1", 1)

    def changed():
        told.append(path.read_text())
        if told == ["2"]:
            raise BrokenPipeError("nobody reads stderr any more")

    def eventually(wanted):
        deadline = time.monotonic() + 5
        while told != wanted and time.monotonic() < deadline:
            time.sleep(0.01)
        return told

    with Watcher(lambda: [path], changed):
        touch(path, "2", 2)
        assert eventually(["2"]) == ["2"]
        time.sleep(0.1)
        touch(path, "3", 3)
        assert eventually(["2", "3"]) == ["2", "3"]
    assert [record.message for record in caplog.records] == ["emoji-mock could not read its files again"]
    assert "nobody reads stderr" in caplog.text
