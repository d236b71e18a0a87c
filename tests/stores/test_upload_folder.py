"""A folder of uploads outlives the process, and neither a key nor a strange file in it does harm."""

import os

import msgspec
from msgspec import structs
from store_helpers import stored_upload

from emoji_mock.fake.store.upload_store import UploadStore
from emoji_mock.stores.upload_folder import UploadFolder


def uploads_in(folder, room=100):
    """Return a store of uploads, as a new process makes it."""
    return UploadStore(room, UploadFolder(folder))


def test_a_file_larger_than_a_new_bound_is_deleted(tmp_path):
    """A folder with a file larger than the bound of today gives the others back."""
    before = uploads_in(tmp_path)
    before.put(stored_upload("1"), now=0)
    before.put(stored_upload("2", b"0" * 11), now=0)
    after = uploads_in(tmp_path, 10)
    assert [after.get(key) is not None for key in ("1", "2")] == [True, False]
    assert len(list(tmp_path.glob("*.upload"))) == 1


def test_a_file_that_is_no_upload_is_left_alone(tmp_path):
    """A pipe, a dangling link, a directory, nonsense, a flaw that is no row: each is skipped, and the good one found."""
    uploads = uploads_in(tmp_path)
    for key in ("good", "bad"):
        uploads.put(stored_upload(key), now=0)
    bad = UploadFolder(tmp_path)._path("bad")
    bad.write_bytes(msgspec.msgpack.encode(structs.replace(stored_upload("bad"), flaw="no such row")))
    os.mkfifo(tmp_path / "1.upload")
    (tmp_path / "2.upload").symlink_to(tmp_path / "nowhere")
    (tmp_path / "3.upload").mkdir()
    (tmp_path / "4.upload").write_bytes(b"\x91" * 100_000)
    after = uploads_in(tmp_path)
    assert [after.get(key) is not None for key in ("good", "bad")] == [True, False]


def test_no_link_in_the_folder_redirects_a_write(tmp_path):
    """A symbolic link in the folder, made by another program, does not cause its target to be overwritten."""
    victim = tmp_path / "victim"
    victim.write_text("before")
    folder = tmp_path / "uploads"
    uploads = uploads_in(folder)
    path = UploadFolder(folder)._path("1")
    for link in (path, path.with_suffix(".half"), path.with_name(f".{path.name}.part")):
        link.symlink_to(victim)
    uploads.put(stored_upload("1"), now=0)
    assert (victim.read_text(), uploads.get("1")) == ("before", stored_upload("1"))
    assert not path.is_symlink()


def test_a_folder_outlives_the_process(tmp_path):
    """A new store finds what an earlier one kept, within its bound; strange and broken files do no harm, and stay."""
    first = uploads_in(tmp_path)
    for key in ("1", "2", "3"):
        first.put(stored_upload(key), now=0)
    (tmp_path / "broken.upload").write_bytes(b"\xff")
    (tmp_path / "notes.txt").write_text("mine")
    second = uploads_in(tmp_path, 8)
    assert sum(second.get(key) is not None for key in ("1", "2", "3")) == 2
    assert {path.name for path in tmp_path.iterdir()} > {"broken.upload", "notes.txt"}
    assert len(list(tmp_path.iterdir())) == 4


def test_no_key_becomes_a_path(tmp_path):
    """However a key is written, its file lies in the folder under a name of ours."""
    uploads = uploads_in(tmp_path / "in")
    uploads.put(stored_upload("../../etc/passwd"), now=0)
    uploads.put(stored_upload("/etc/passwd\0"), now=0)
    assert [path.parent for path in tmp_path.rglob("*.upload")] == [tmp_path / "in"] * 2
