"""The table of models in README is that of the facts about them: `--write-tables` with this file writes it."""

import re
from pathlib import Path

from emoji_mock.contract.model import DetectionModel
from emoji_mock.contract.models import MODELS

README = Path(__file__).parents[2] / "README.md"
TABLE = re.compile(r"(?<=<!-- table: models -->\n).*?(?=<!-- end -->)", re.DOTALL)


def row(model):
    """Return the row of a model: name, title, path, price, and whether it is alive."""
    unit = "an image" if isinstance(model, DetectionModel) else "a second"
    prices = ", ".join(f"{price}{f' ({tier})' if tier else ''}" for tier, price in model.prices.items())
    fate = f"retired {model.retirement.at:%Y-%m-%d}" if model.retirement else "alive (inferred)"
    return f"| `{model.name}` | {model.title} | `…/{model.route.path.rpartition('/')[2]}` | {prices} {unit} | {fate} |"


def test_the_table_of_models_is_that_of_the_facts(pytestconfig):
    """Each model with its path, its price and its fate."""
    lines = ["| model | what it is | path | CNY | fate |", "|---|---|---|---|---|", *map(row, MODELS.values())]
    text = README.read_text("utf-8")
    if pytestconfig.getoption("write_tables"):
        text = TABLE.sub("".join(f"{line}\n" for line in lines), text, count=1)
        README.write_text(text, "utf-8")
    assert TABLE.search(text)[0].splitlines() == lines
