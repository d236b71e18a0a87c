"""The JSON Schemas of our files, for editors."""

from __future__ import annotations

import json

from emoji_mock.config.schemas import config_schema, scenario_schema


def pages() -> dict[str, str]:
    """Return the schemas by their paths."""
    made = {"scenario": scenario_schema(), "configuration": config_schema()}
    return {f"schemas/{name}.json": f"{json.dumps(schema, indent=2)}\n" for name, schema in made.items()}
