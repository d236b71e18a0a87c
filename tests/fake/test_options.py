"""Options: an error names the field."""

import pytest

from emoji_mock import Options


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"failed_as": 500}, "failed_as: 500 is neither 200 nor 400"),
        ({"journal_size": 0}, "journal_size: 0 is not from 1 to 10000000"),
        ({"seed": 2**64}, "seed: 18446744073709551616 does not fit 64 bits"),
    ],
)
def test_a_senseless_value_is_refused(given, said):
    """The message names the field."""
    with pytest.raises(ValueError) as error:
        Options(**given)
    assert str(error.value) == said


def test_a_typo_is_a_type_error():
    """Options are keyword-only and known by name."""
    with pytest.raises(TypeError, match="retierd"):
        Options(retierd=True)
