"""What the journal keeps of a text."""

from emoji_mock.fake.journal import kept


def test_a_long_text_is_cut_and_its_length_told():
    """A whole picture in a URL does not fill the journal."""
    assert kept("data:" + "a" * 5000) == "data:" + "a" * 2043 + "… (5005 characters)"


def test_a_short_text_stays():
    """What is short and no key is kept as it is."""
    assert kept("https://example.com/task-force.png") == "https://example.com/task-force.png"
