"""JSON schemas of msgspec models, with references into OpenAPI's components."""

from typing import Any

import msgspec

_TEMPLATE = "#/components/schemas/{name}"


def schema_of(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any type that msgspec supports
    """Return the JSON schema of `kind`."""
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_TEMPLATE)
    return schema


def components(kinds: list[Any]) -> dict[str, Any]:
    """Return the schemas of all models in `kinds`, by name."""
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_TEMPLATE)
    return schemas
