"""The port of pictures from `data:` URLs: kept for the page, within a bound that accounts share."""


def test_a_picture_comes_back_to_its_own_account(make_store):
    """Another account, another digest, or a store without room has none."""
    store = make_store(picture_bytes=10)
    store.keep_picture("a", "d1", b"\x00\xff")
    assert (store.picture("a", "d1"), store.picture("b", "d1"), store.picture("a", "d2")) == (b"\x00\xff", None, None)
    without = make_store()
    without.keep_picture("a", "d1", b"\x00")
    assert without.picture("a", "d1") is None


def test_pictures_are_bounded_in_bytes(make_store):
    """The oldest makes room; one that comes again is the newest; one that is larger than all the room drops nothing."""
    store = make_store(picture_bytes=10)
    for digest in ("1", "2", "1", "3"):
        store.keep_picture("a", digest, b"1234")
    assert [store.picture("a", digest) is not None for digest in ("1", "2", "3")] == [True, False, True]
    store.keep_picture("a", "4", b"0" * 11)
    assert [store.picture("a", digest) is not None for digest in ("1", "3", "4")] == [True, True, False]


def test_an_account_with_many_pictures_gives_way_to_the_others(make_store):
    """One picture of another account stays, however many the first one sends."""
    store = make_store(picture_bytes=100)
    store.keep_picture("quiet", "1", b"1234")
    for number in range(100):
        store.keep_picture("busy", str(number), b"1234")
    assert store.picture("quiet", "1") == b"1234"


def test_a_reset_drops_the_pictures_of_one_namespace_or_all(make_store):
    """Of both accounts, first the one's, then the other's."""
    store = make_store(picture_bytes=100)
    store.keep_picture("a", "1", b"1")
    store.keep_picture("b", "1", b"1")
    store.reset("a")
    assert (store.picture("a", "1"), store.picture("b", "1")) == (None, b"1")
    store.reset()
    assert store.picture("b", "1") is None
