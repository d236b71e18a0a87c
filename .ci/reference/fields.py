"""Tables of the fields of documents, from the types that they are read into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layout import code, plain, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FEW = 14
"""So many values of a list are shown."""
_TYPES = {"string": "text", "boolean": "true or false", "object": "an object", "array": "a list", "null": "nothing"}


class Fields:
    """Writes tables of fields: `schemas` are the JSON Schemas of all types by name, `links` the pages of some."""

    def __init__(self, schemas: Mapping[str, Any], links: Mapping[str, str]) -> None:
        self._schemas, self._links = schemas, links

    def table(self, name: str) -> str:
        """Return a table of the fields of a type."""
        rows = [
            (code(field), self.value(one), plain(one.get("description", "")))
            for field, one in self._schemas[name]["properties"].items()
        ]
        if any(text for _, _, text in rows):
            return table(("Field", "Value", "Meaning"), rows)
        return table(("Field", "Value"), [row[:2] for row in rows])

    def value(self, schema: Mapping[str, Any]) -> str:
        """Return in words what a JSON Schema takes."""
        if "anyOf" in schema:
            return " or ".join(dict.fromkeys(self.value(one) for one in schema["anyOf"]))
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            return f"[{name}]({self._links[name]})" if name in self._links else self.value(self._schemas[name])
        if "enum" in schema or "const" in schema:
            return _values(schema.get("enum") or [schema["const"]])
        return self._of_type(schema)

    def _of_type(self, schema: Mapping[str, Any]) -> str:
        match schema.get("type", ""):
            case "integer" | "number" as kind:
                return " ".join(["a whole number" if kind == "integer" else "a number", *_bounds(schema)])
            case "array":
                return self._list(schema)
            case "object" if isinstance(schema.get("additionalProperties"), dict):
                return f"an object: by name, {self.value(schema['additionalProperties'])}"
            case kind:
                return _TYPES.get(kind, "anything")

    def _list(self, schema: Mapping[str, Any]) -> str:
        if "prefixItems" in schema:
            return f"a list of {len(schema['prefixItems'])}, each {self.value(schema['prefixItems'][0])}"
        return f"a list, each {self.value(schema.get('items', {}))}"


def _values(values: list[object]) -> str:
    shown = " ".join(code(str(value)) for value in values[:_FEW])
    return f"{shown} …" if len(values) > _FEW else shown


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    for key, word in (("minimum", "from"), ("exclusiveMinimum", "over"), ("maximum", "up to")):
        if key in schema and abs(schema[key]) < 2**31:
            yield f"{word} {schema[key]:g}"
