"""Uploads stay within their bound, the oldest are dropped first, alike in memory and in a folder."""

import pytest
from store_helpers import stored_upload

from emoji_mock.fake.store.upload_store import MemoryUploads, UploadStore
from emoji_mock.stores.upload_folder import UploadFolder


@pytest.fixture(params=["in memory", "in a folder"])
def uploads(request, tmp_path):
    """A store of uploads with room for ten bytes."""
    return UploadStore(10, UploadFolder(tmp_path / "uploads") if request.param == "in a folder" else MemoryUploads())


def test_what_is_put_is_found(uploads):
    """An upload comes back as it was, and a key that nobody used has none."""
    assert uploads.put(stored_upload("x/../y"), now=0)
    assert uploads.get("x/../y") == stored_upload("x/../y")
    assert uploads.get("z") is None


def test_the_oldest_goes_first(uploads):
    """What does not fit drops the oldest; what is larger than the whole room is not kept, and drops nothing."""
    for key in ("1", "2", "3"):
        uploads.put(stored_upload(key), now=0)
    assert [uploads.get(key) is not None for key in ("1", "2", "3")] == [False, True, True]
    assert uploads.put(stored_upload("4", b"0" * 11), now=0)
    assert [uploads.get(key) is not None for key in ("2", "3", "4")] == [True, True, False]


def test_a_key_is_taken_until_its_time_is_over(uploads):
    """A second upload under a key is refused, unless the first is over."""
    uploads.put(stored_upload("1", b"a"), now=0)
    assert not uploads.put(stored_upload("1", b"b"), now=99)
    assert uploads.get("1").data == b"a"
    assert uploads.put(stored_upload("1", b"d"), now=100)
    assert uploads.get("1").data == b"d"


def test_one_namespace_is_cleared(uploads):
    """Clearing takes the uploads of one namespace, or all."""
    uploads.put(stored_upload("1", namespace="a"), now=0)
    uploads.put(stored_upload("2", namespace="b"), now=0)
    uploads.clear("a")
    assert (uploads.get("1"), uploads.get("2") is None) == (None, False)
    uploads.clear()
    assert uploads.get("2") is None
