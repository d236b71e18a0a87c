"""Files are reloaded when they change."""

import os
import time
from argparse import Namespace

import pytest
from helpers import call

from emoji_mock import Fake
from emoji_mock.config import reload
from emoji_mock.config.reload import Watcher
from emoji_mock.config.serve_settings import ServeSettings
from emoji_mock.config.serve_settings import reload as apply


def touch(path, text, at):
    """Write `text`, at a time of its own."""
    path.write_text(text)
    os.utime(path, (at, at))


def test_a_change_is_reported_once_the_file_stays_the_same(tmp_path):
    """Not while it is being written, and once for each change."""
    path, reported = tmp_path / "a.toml", []
    touch(path, "1", 1)
    watcher = Watcher(lambda: {path: None}, lambda: reported.append(path.read_text()))
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
    watcher = Watcher(lambda: {path: None}, lambda: reported.append(path.exists()))
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
    watcher = Watcher(lambda: dict.fromkeys(files), changed)
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

    watcher = Watcher(lambda: {path: None}, changed)
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

    with Watcher(lambda: {path: None}, changed):
        touch(path, "2", 2)
        assert eventually(["2"]) == ["2"]
        time.sleep(0.1)
        touch(path, "3", 3)
        assert eventually(["2", "3"]) == ["2", "3"]
    assert [record.message for record in caplog.records] == ["emoji-mock could not reload its files"]
    assert "nobody reads stderr" in caplog.text


def polled(watcher, polls=3):
    """Poll so often that a change that has ended is reported."""
    for _ in range(polls):
        watcher.poll()


def in_place(path):
    """Write as many bytes, and put the old times back, as `cp -p` and a coarse clock do."""
    found = path.stat()
    path.write_text("2")
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def by_rename(path):
    """Replace the file by another of the same time and length."""
    other = path.with_name("other")
    touch(other, "2", 1)
    other.replace(path)


def by_folder(path):
    """Replace its folder."""
    path.parent.rename(path.parent.with_name("old"))
    path.parent.mkdir()
    touch(path, "2", 1)


def by_link(path):
    """Let the link to its folder point elsewhere."""
    link, other = path.parent, path.parent.with_name("elsewhere")
    other.mkdir()
    touch(other / path.name, "2", 1)
    link.rename(link.with_name("old"))
    link.symlink_to(other)


@pytest.mark.parametrize("change", [in_place, by_rename, by_folder, by_link])
def test_every_way_to_change_a_file_is_noticed(tmp_path, change):
    """The content decides where time and length are the same."""
    path, reported = tmp_path / "conf" / "a.toml", []
    path.parent.mkdir()
    touch(path, "1", 1)
    watcher = Watcher(lambda: {path: None}, lambda: reported.append(path.read_text()))
    polled(watcher)
    change(path)
    polled(watcher)
    assert reported == ["2"]


def test_other_attributes_are_no_change(tmp_path):
    """A new mode or a new link to the file does not play its rules again."""
    path, reported = tmp_path / "a.toml", []
    touch(path, "1", 1)
    watcher = Watcher(lambda: {path: None}, lambda: reported.append(1))
    path.chmod(0o600)
    os.link(path, tmp_path / "b.toml")
    polled(watcher)
    assert reported == []


def test_an_emptied_file_is_given_time(tmp_path):
    """It is read once it is filled, or after two seconds."""
    path, reported = tmp_path / "a.toml", []
    touch(path, "1", 1)
    watcher = Watcher(lambda: {path: None}, lambda: reported.append(path.read_text()))
    touch(path, "", 2)
    polled(watcher, 6)
    touch(path, "2", 3)
    polled(watcher)
    assert reported == ["2"]
    touch(path, "", 4)
    polled(watcher, 10)
    assert reported == ["2", ""]


def test_a_change_after_a_file_was_read_is_noticed(tmp_path):
    """Also if it comes before the first poll, or to a file that is watched from now on."""
    path, reported = tmp_path / "a.toml", []
    touch(path, "1", 1)
    read = {path: reload.stamp_of(path)}
    touch(path, "2", 2)

    def changed():
        read[path] = reload.stamp_of(path)
        reported.append(path.read_text())
        touch(path, str(len(reported) + 2), 3)

    watcher = Watcher(lambda: read, changed)
    for wanted in (["2"], ["2", "3"], ["2", "3", "4"]):
        polled(watcher, 2)
        assert reported == wanted


GOOD = 'description = "x"\n[[rules]]\noutcome = "error"\ncode = "RateQuota"\n'


def nothing(path):
    """Leave no file."""


def cut(path):
    """Leave the first half."""
    path.write_text(GOOD[:-5])


def occupied(path):
    """Leave a folder of that name."""
    path.mkdir()


def dangling(path):
    """Leave a link to a file that is missing."""
    path.symlink_to(path.with_name("later.toml"))


@pytest.mark.parametrize("leave", [nothing, cut, occupied, dangling])
def test_a_scenario_is_watched_before_it_is_good(tmp_path, leave):
    """One that the configuration names is read when it can be; before, one message and the former rules."""
    config, scenario, messages, fake = tmp_path / "mock.toml", tmp_path / "two.toml", [], Fake()
    config.write_text('[[rules]]\noutcome = "error"\ncode = "AccessDenied"\n')
    settings = ServeSettings(Namespace(config=config))
    fake.play(settings.scenario(), lasting=True)
    watcher = Watcher(lambda: settings.stamps, lambda: apply(settings, fake, messages.append))
    leave(scenario)
    config.write_text('scenario = "two.toml"\n')
    polled(watcher, 6)
    assert (len(messages), fake.answer(call()).status) == (1, 403)
    assert messages[0].startswith(f"{scenario}:")
    assert messages[0].endswith("not reloaded: the former rules stay in force")
    if scenario.is_dir():
        scenario.rmdir()
    scenario.write_text(GOOD)
    polled(watcher)
    assert (messages[1:], fake.answer(call()).status) == (["reloaded: 1 rule"], 429)


def test_a_removed_configuration_is_read_when_it_is_back(tmp_path):
    """The former rules stay in force meanwhile, and the message comes once."""
    config, messages, fake = tmp_path / "mock.toml", [], Fake()
    config.write_text('[[rules]]\noutcome = "error"\ncode = "AccessDenied"\n')
    settings = ServeSettings(Namespace(config=config))
    fake.play(settings.scenario(), lasting=True)
    watcher = Watcher(lambda: settings.stamps, lambda: apply(settings, fake, messages.append))
    config.unlink()
    polled(watcher, 6)
    assert (len(messages), fake.answer(call()).status) == (1, 403)
    config.write_text('[[rules]]\noutcome = "error"\ncode = "RateQuota"\n')
    polled(watcher)
    assert (messages[1:], fake.answer(call()).status) == (["reloaded: 1 rule"], 429)


def test_two_files_that_are_gone_are_one_message(tmp_path):
    """The configuration and the scenario that it names, as where a folder is moved; and both are read when it is back."""
    folder, messages, fake = tmp_path / "conf", [], Fake()
    folder.mkdir()
    (folder / "mock.toml").write_text('scenario = "two.toml"\n')
    (folder / "two.toml").write_text(GOOD)
    settings = ServeSettings(Namespace(config=folder / "mock.toml"))
    fake.play(settings.scenario(), lasting=True)
    watcher = Watcher(lambda: settings.stamps, lambda: apply(settings, fake, messages.append))
    folder.rename(tmp_path / "moved")
    polled(watcher, 9)
    assert (len(messages), fake.answer(call()).status) == (1, 429)
    (tmp_path / "moved").rename(folder)
    polled(watcher, 6)
    assert messages[1:] == ["reloaded: 1 rule"]
