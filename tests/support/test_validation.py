"""Messages about invalid values and unknown fields."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emoji_mock._support.validation import describe_error
from emoji_mock.config.toml_file import FileError, read_file
from emoji_mock.fake.rules.rule import Rule
from emoji_mock.fake.rules.scenario import Scenario

NAMES = ["", ".", "[1]", "a.b", "`", "a`b", " - at `$.x`", "x\n", "rules[0]"]


def problems_of(document, kind):
    """Return what is said of `document`, or nothing if it is good."""
    try:
        msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        return describe_error(str(error), kind).problem
    return ""


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_field_of_any_name_is_reported(name):
    """No name of a field, at the top or inside, breaks the message."""
    assert "unknown field" in problems_of({name: None}, Rule)
    assert "unknown field" in problems_of({"rules": [{name: 1}]}, Scenario)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(NAMES),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from([*Rule.__struct_fields__, *Scenario.__struct_fields__]) | st.text(max_size=5)


@given(st.dictionaries(FIELDS, JSON, max_size=4), st.sampled_from([Rule, Scenario]))
def test_any_document_is_valid_or_reported(document, kind):
    """Each is read, or refused with a message."""
    problems_of(document, kind)


@pytest.mark.parametrize("name", ["", ".", "[1]", "a.b", "`"])
def test_an_unknown_field_of_any_name_is_reported_in_a_file(tmp_path, name):
    """In TOML, where its line is quoted."""
    path = tmp_path / "it.toml"
    path.write_text(f'"{name}" = 1\n')
    with pytest.raises(FileError, match="unknown field"):
        read_file(path, Scenario)
