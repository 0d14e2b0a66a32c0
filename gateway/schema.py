"""JSON Schemas of what is on the wire, in the style of pydantic 2."""

from typing import Any, Final

import msgspec

from gateway.wire import (
    PythonCodeReviewAction,
    PythonCodeReviewObservation,
    PythonCodeReviewState,
)

_REF: Final = "#/$defs/{name}"


def wire_schemas() -> dict[str, Any]:
    """Return the answer of GET /schema. Every local reference can be followed in its own schema."""
    state = schema_of(PythonCodeReviewState)
    observation = schema_of(PythonCodeReviewObservation)
    return {
        "action": schema_of(PythonCodeReviewAction),
        "observation": {**observation, "additionalProperties": False},
        "state": {**state, "additionalProperties": True},
    }


def schema_of(kind: type[Any]) -> dict[str, Any]:
    """Return the JSON Schema of a Struct, its own properties at the top."""
    _, definitions = msgspec.json.schema_components([kind], ref_template=_REF)
    top = definitions.pop(kind.__name__)
    schema = {**_titled(top), "title": kind.__name__}
    if definitions:
        schema["$defs"] = {name: _titled(part) for name, part in definitions.items()}
    return schema


def components_of(kinds: list[type[Any]]) -> dict[str, Any]:
    """Return the schemas of several Structs, and of all they refer to, by name."""
    _, definitions = msgspec.json.schema_components(
        kinds, ref_template="#/components/schemas/{name}"
    )
    return {name: _titled(part) for name, part in definitions.items()}


def _titled(part: dict[str, Any]) -> dict[str, Any]:
    """Give every property a title, as pydantic does; user interfaces show it."""
    properties = part.get("properties")
    if not isinstance(properties, dict):
        return part
    return {
        **part,
        "properties": {
            name: schema if "$ref" in schema else {**_typed(schema), "title": _title(name)}
            for name, schema in properties.items()
        },
    }


def _typed(schema: dict[str, Any]) -> dict[str, Any]:
    choices = schema.get("enum", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return {"type": "string", **schema}
    return schema


def _title(name: str) -> str:
    return name.replace("_", " ").title()
