"""Files are written whole or not at all, and never through a link."""

import os
import re
import socket
import stat
import threading
from pathlib import Path

import pytest

from emoji_mock._support.files import describe_error, is_special, make_folder, write, write_output


def names(folder):
    """Return the names of all entries of a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture(params=[write, write_output])
def writer(request):
    """Both functions: they differ only where `path` is no file."""
    return request.param


@pytest.mark.parametrize("name", ["a.json", "é" * 100 + ".png", "-", ".hidden", "x" * 255])
def test_a_new_file_has_the_usual_permissions(tmp_path, writer, name):
    """Whatever its name, as long as the file system takes it."""
    before = os.umask(0o027)
    try:
        writer(tmp_path / name, b"new", lasting=True)
    finally:
        os.umask(before)
    assert (names(tmp_path), (tmp_path / name).read_bytes()) == ([name], b"new")
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o640


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755, 0o4755])
def test_a_replaced_file_keeps_its_permissions(tmp_path, writer, mode):
    """But no set-user-ID bit. Another name of the old file keeps the old content."""
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_bytes(b"old")
    path.chmod(mode)
    os.link(path, other)
    writer(path, b"new")
    assert (path.read_bytes(), other.read_bytes()) == (b"new", b"old")
    assert stat.S_IMODE(path.stat().st_mode) == mode & 0o777


@pytest.mark.parametrize("target", ["victim", "nowhere", "a"])
def test_a_link_is_replaced_and_not_followed(tmp_path, writer, target):
    """To a file, to nothing, or to itself."""
    victim, path = tmp_path / "victim", tmp_path / "a"
    victim.write_text("before")
    path.symlink_to(target)
    writer(path, b"new")
    assert (victim.read_text(), path.read_bytes(), path.is_symlink()) == ("before", b"new", False)
    assert names(tmp_path) == ["a", "victim"]


def test_an_error_names_the_path_and_leaves_everything_as_it_was(tmp_path, writer, monkeypatch):
    """A folder, a link to one, no folder, a protected file, a disk that fills at any step."""
    kept = tmp_path / "kept"
    kept.write_bytes(b"old")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    wrong = {"folder": "Is a directory", "link": "Is a directory", "no/a": "No such file or directory", "kept/a": "Not a directory", "x" * 256: "File name too long"}  # fmt: skip
    for name, problem in wrong.items():
        with pytest.raises(OSError, match=problem) as caught:
            writer(tmp_path / name, b"new")
        assert describe_error(caught.value) == f"{tmp_path / name}: {problem}"

    def full(*_):
        raise OSError(28, "No space left on device", "a part")

    for step in ("os.fsync", "pathlib.Path.replace", "pathlib.Path.chmod"):
        with monkeypatch.context() as patches:
            patches.setattr(step, full)
            with pytest.raises(OSError, match="No space left") as caught:
                writer(kept, b"new", lasting=True)
            assert describe_error(caught.value) == f"{kept}: No space left on device"
    with monkeypatch.context() as patches:
        patches.setattr("os.access", lambda *_: False)
        with pytest.raises(PermissionError):
            writer(kept, b"new")
    assert (names(tmp_path), kept.read_bytes()) == (["folder", "kept", "link"], b"old")


def test_a_pipe_gets_the_output_that_a_person_sends_there(tmp_path):
    """It stays a pipe; a file that the project names itself replaces it."""
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_output(pipe, b"new")
    reader.join(10)
    assert (got, is_special(pipe), names(tmp_path)) == ([b"new"], True, ["pipe"])
    link = tmp_path / "link"
    link.symlink_to(pipe)
    for path in (link, pipe):
        write(path, b"file")
        assert path.read_bytes() == b"file"


def test_a_device_stays_a_device():
    """A full one reports it."""
    write_output(Path(os.devnull), b"new")
    assert Path(os.devnull).is_char_device()
    if Path("/dev/full").exists():
        with pytest.raises(OSError, match="No space left on device"):
            write_output(Path("/dev/full"), b"new")


def test_an_open_stream_is_written_to_where_it_stands(tmp_path):
    """`/dev/fd/N`, as shells name a pipe, also if it is a file: it is appended to, and stays open."""
    with (tmp_path / "out").open("wb", buffering=0) as out:
        out.write(b"1")
        write_output(Path(f"/dev/fd/{out.fileno()}"), b"2")
        out.write(b"3")
    assert (tmp_path / "out").read_bytes() == b"123"
    assert names(tmp_path) == ["out"]


def test_a_socket_cannot_be_opened(tmp_path):
    """It is reported, and stays."""
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        with pytest.raises(OSError, match=re.escape(str(path))):
            write_output(path, b"new")
    assert names(tmp_path) == ["socket"]


def test_no_folder_below_is_a_link(tmp_path):
    """The folder that a person names may be one; what lies in it may not lead elsewhere."""
    (tmp_path / "real").mkdir()
    named = tmp_path / "named"
    named.symlink_to("real")
    make_folder(named / "a" / "b", named)
    make_folder(named / "a" / "b", named)
    assert (tmp_path / "real" / "a" / "b").is_dir()
    (named / "c").symlink_to(tmp_path)
    (named / "d").write_text("a file")
    for name in ("c/e", "c", "d"):
        with pytest.raises(NotADirectoryError, match="is a link or a file where a folder belongs"):
            make_folder(named / name, named)
    assert not (tmp_path / "e").exists()
