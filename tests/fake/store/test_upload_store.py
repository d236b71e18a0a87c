"""Uploads on the shelf: within their bound, the oldest first to go, alike in memory and in a folder."""

import os

import msgspec
import pytest
from msgspec import structs

from emoji_mock.contract.geometry import Size
from emoji_mock.fake.store.upload import Upload
from emoji_mock.fake.store.upload_store import UploadFolder, UploadStore


def upload(key, data=b"1234", namespace="a", until=100.0):
    """Return an uploaded file."""
    return Upload(key=key, model="m", namespace=namespace, until=until, data=data, size=Size(640, 800), flaw="")


@pytest.fixture(params=["in memory", "in a folder"])
def shelf(request, tmp_path):
    """A shelf with room for ten bytes."""
    return UploadStore(10, tmp_path / "uploads" if request.param == "in a folder" else None)


def test_what_is_put_is_found(shelf):
    """An upload comes back as it was, and a key that nobody used has none."""
    assert shelf.put(upload("x/../y"), now=0)
    assert shelf.get("x/../y") == upload("x/../y")
    assert shelf.get("z") is None


def test_the_oldest_goes_first(shelf):
    """What does not fit drives out the oldest; what fits nowhere is not kept, and drives nothing out."""
    for key in ("1", "2", "3"):
        shelf.put(upload(key), now=0)
    assert [shelf.get(key) is not None for key in ("1", "2", "3")] == [False, True, True]
    assert shelf.put(upload("4", b"0" * 11), now=0)
    assert [shelf.get(key) is not None for key in ("2", "3", "4")] == [True, True, False]


def test_what_fits_nowhere_any_more_makes_no_room(tmp_path):
    """A folder with a file larger than the bound of today gives the others back."""
    before = UploadStore(100, tmp_path)
    before.put(upload("1"), now=0)
    before.put(upload("2", b"0" * 11), now=0)
    after = UploadStore(10, tmp_path)
    assert [after.get(key) is not None for key in ("1", "2")] == [True, False]
    assert len(list(tmp_path.glob("*.upload"))) == 1


def test_what_is_no_upload_is_left_alone(tmp_path):
    """A pipe, a link to nowhere, a directory, nonsense, a flaw that is none: each is skipped, and the good one found."""
    shelf = UploadStore(100, tmp_path)
    for key in ("good", "bad"):
        shelf.put(upload(key), now=0)
    bad = UploadFolder(tmp_path)._path("bad")
    bad.write_bytes(msgspec.msgpack.encode(structs.replace(upload("bad"), flaw="no such row")))
    os.mkfifo(tmp_path / "1.upload")
    (tmp_path / "2.upload").symlink_to(tmp_path / "nowhere")
    (tmp_path / "3.upload").mkdir()
    (tmp_path / "4.upload").write_bytes(b"\x91" * 100_000)
    after = UploadStore(100, tmp_path)
    assert [after.get(key) is not None for key in ("good", "bad")] == [True, False]


def test_no_link_in_the_folder_leads_a_writing_elsewhere(tmp_path):
    """Whoever can write to the folder cannot have another file overwritten."""
    victim = tmp_path / "victim"
    victim.write_text("before")
    folder = tmp_path / "uploads"
    shelf = UploadStore(100, folder)
    path = UploadFolder(folder)._path("1")
    for link in (path, path.with_suffix(".half"), path.with_name(f".{path.name}.part")):
        link.symlink_to(victim)
    shelf.put(upload("1"), now=0)
    assert (victim.read_text(), shelf.get("1")) == ("before", upload("1"))
    assert not path.is_symlink()


def test_a_key_is_taken_until_its_time_is_over(shelf):
    """A second upload under a key is refused, unless the first is over."""
    shelf.put(upload("1", b"a"), now=0)
    assert not shelf.put(upload("1", b"b"), now=99)
    assert shelf.get("1").data == b"a"
    assert shelf.put(upload("1", b"d"), now=100)
    assert shelf.get("1").data == b"d"


def test_one_namespace_is_cleared(shelf):
    """Clearing takes the uploads of one namespace, or all."""
    shelf.put(upload("1", namespace="a"), now=0)
    shelf.put(upload("2", namespace="b"), now=0)
    shelf.clear("a")
    assert (shelf.get("1"), shelf.get("2") is None) == (None, False)
    shelf.clear()
    assert shelf.get("2") is None


def test_a_folder_outlives_the_process(tmp_path):
    """A new shelf finds what an earlier one has left within its bound; strange and broken files do no harm, and stay."""
    first = UploadStore(100, tmp_path)
    for key in ("1", "2", "3"):
        first.put(upload(key), now=0)
    (tmp_path / "broken.upload").write_bytes(b"\xff")
    (tmp_path / "notes.txt").write_text("mine")
    second = UploadStore(8, tmp_path)
    assert sum(second.get(key) is not None for key in ("1", "2", "3")) == 2
    assert {path.name for path in tmp_path.iterdir()} > {"broken.upload", "notes.txt"}
    assert len(list(tmp_path.iterdir())) == 4


def test_no_key_becomes_a_path(tmp_path):
    """However a key is written, its file lies in the folder under a name of ours."""
    shelf = UploadStore(100, tmp_path / "in")
    shelf.put(upload("../../etc/passwd"), now=0)
    shelf.put(upload("/etc/passwd\0"), now=0)
    assert [path.parent for path in tmp_path.rglob("*.upload")] == [tmp_path / "in"] * 2
