"""The table of thresholds in docs/explanations/vision.md."""

from pathlib import Path

import msgspec

from emoji_mock.fake.vision.eyes import Eyes

ROOT = Path(__file__).parents[3]


def test_the_documentation_has_each_threshold():
    """Name, default, unit, code and meaning are those of the options."""
    page = (ROOT / "docs" / "explanations" / "vision.md").read_text(encoding="utf-8")
    (table,) = [part for part in page.split("\n\n") if part.startswith("| `--eyes` |")]
    assert sorted(row.split(" | ")[:4] for row in table.splitlines()[2:]) == sorted(
        [f"| `{field.name}`", f"{field.default:g}{info.extra['unit']}", f"`{info.extra['code']}`", info.description]
        for field in msgspec.structs.fields(Eyes)
        for info in field.type.__metadata__
    )
