"""Positions in a TOML document."""

import pytest

from emoji_mock.config.toml_positions import Positions

TEXT = '''\
a = 1 # no [header]
b.c = "x = ]" # dotted
"d e" = 1979-05-27 07:32:00
many = [
  { f = "}", 'g"' = [1, 2.5] },
  """one
""\\" = two""""",
  ''\'raw ' \\''\',
]
[t.u]
v = {}
[[rows]]
w = [[], [1,],]
[[rows]]
[rows.sub]
x = true
[[rows.deep]]
[[rows.deep]]
y = 1
'''


@pytest.mark.parametrize(
    ("steps", "value"),
    [
        (("a",), "1"),
        (("b",), "b.c"),
        (("b", "c"), '"x = ]"'),
        (("d e",), "1979-05-27 07:32:00"),
        (("many", 0), """{ f = "}", 'g"' = [1, 2.5] }"""),
        (("many", 0, "f"), '"}"'),
        (("many", 0, 'g"', 1), "2.5"),
        (("many", 1), '"""one\n""\\" = two"""""'),
        (("many", 2), "'''raw ' \\'''"),
        (("t", "u"), "t.u"),
        (("t", "u", "v"), "{}"),
        (("rows",), "rows"),
        (("rows", 0, "w", 1, 0), "1"),
        (("rows", 1, "sub", "x"), "true"),
        (("rows", 1, "deep", 1, "y"), "1"),
    ],
    ids=str,
)
def test_every_value_has_a_position(steps, value):
    """That of a table is its header."""
    start, end = Positions(TEXT).values[steps]
    assert TEXT[start:end] == value


def test_arrays_of_tables_are_counted():
    """The second table of an array is at the second header."""
    places = Positions(TEXT)
    assert TEXT[: places.values["rows", 1].start].count("\n") == 13
    assert TEXT[slice(*places.keys["rows", 1, "sub", "x"])] == "x"


def test_a_missing_value_has_the_position_of_its_table():
    """Or of the nearest table or array around it."""
    places = Positions(TEXT)
    assert places.nearest(("rows", 1, "sub", "nothing", 3)) == places.values["rows", 1, "sub"]
    assert places.nearest(("nothing",)) is None
