"""How the fake of a test behaves: the mark before the flag, the flag before the ini file."""

import pytest


def test_the_mark_goes_before_the_flag_and_the_flag_before_the_file(project):
    """The nearest word decides, each setting for itself."""
    project.pytester.makeini("[pytest]\nemoji_failed_as = 400\nemoji_seed = 1\nemoji_strict = no\nemoji_retired = True")
    project.told(
        """
        pytestmark = pytest.mark.emoji(retired=False, seed=3)
        def test_it(emoji_api):
            options = emoji_api.fake.options
            assert (options.failed_as, options.seed, options.retired) == (200, 3, False)
            emoji_api.fails("FacePose")
        @pytest.mark.emoji(seed=4, failed_as=400)
        def test_nearest(emoji_api):
            assert (emoji_api.fake.options.seed, emoji_api.fake.options.failed_as) == (4, 400)
        """,
        "--emoji-failed-as=200",
        passed=2,
    )


def test_a_typo_in_the_mark_names_the_words(project):
    """A word that the mark does not take, or a bare value, is an error that lists what it takes."""
    told = project.told(
        """
        @pytest.mark.emoji(failed=400)
        def test_word(emoji_api): pass
        @pytest.mark.emoji(7)
        def test_bare(emoji_api): pass
        """,
        errors=2,
    )
    accepted = "it takes seed=, failed_as=, details=, retired=, strict="
    assert f"@pytest.mark.emoji takes no failed; {accepted}" in told
    assert f"@pytest.mark.emoji takes no 7; {accepted}" in told


@pytest.mark.parametrize(
    ("mark", "flag", "text"),
    [
        ("failed_as=500", "", "@pytest.mark.emoji: failed_as: 500 is neither 200 nor 400"),
        ("seed='7'", "", "@pytest.mark.emoji: seed: '7' is no number"),
        ("strict='no'", "", "@pytest.mark.emoji: strict: 'no' is neither True nor False"),
        ("", "--emoji-failed-as=500", "emoji_failed_as: 500 is neither 200 nor 400"),
        ("", "--emoji-seed=x", "emoji_seed: 'x' is not a number"),
        ("", "--emoji-details=maybe", "emoji_details: 'maybe' is not true or false"),
    ],
)
def test_a_bad_value_is_told(project, mark, flag, text):
    """A value that makes no sense fails the test and says where it came from, without a traceback of ours."""
    told = project.told(f"@pytest.mark.emoji({mark})\ndef test_it(emoji_api): pass", *filter(None, [flag]), errors=1)
    assert f"\n{text}\n" in told
    assert "_settings.py" not in told
