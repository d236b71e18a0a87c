"""The scenarios and configurations on the pages are valid by the schemas that editors use."""

import json
import tomllib
from pathlib import Path

import pytest
from page_blocks import PAGES, read_blocks

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with the extra `test`")

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference" / "schemas"


def documents():
    """Yield each scenario and configuration on a page: where it is, the name of its schema, and the document."""
    for page in PAGES:
        for block in read_blocks(page.read_text("utf-8")):
            if block.language == "toml" and not block.not_run:
                document = tomllib.loads(block.text)
                if not {"project", "tool"} & document.keys():
                    kind = "scenario" if "description" in document else "configuration"
                    yield pytest.param(kind, document, id=f"{page.name}:{block.line}")


@pytest.mark.parametrize(("kind", "document"), list(documents()))
def test_the_files_on_pages_are_valid(kind, document):
    """An editor marks nothing in a file that a page shows."""
    schema = json.loads((SCHEMAS / f"{kind}.json").read_text("utf-8"))
    errors = jsonschema.Draft202012Validator(schema).iter_errors(json.loads(json.dumps(document, default=str)))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
