"""Holds every JSON document and line that commands print in this process to its schema in docs/schemas/output-1."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
OUTPUT = SCHEMAS / "output-1"
HEAD = ("schema", "version", "command", "options")


@cache
def read(path: Path, *, tight: bool) -> Any:
    """A schema; a tight one lets no key pass that it does not name, so that none goes out undescribed."""
    schema = json.loads(path.read_bytes())
    return tightened(schema) if tight and path.parent == OUTPUT else schema


def tightened(schema: Any) -> Any:
    if isinstance(schema, list):
        return [tightened(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: tightened(value) for key, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema and "required" in schema:
        made.setdefault("additionalProperties", False)
    return made


@cache
def registry(*, tight: bool) -> Registry[Any]:
    """All schemas, under the names that they refer to each other by."""
    named = {
        f"https://schemas.test/{path.relative_to(SCHEMAS)}": read(path, tight=tight) for path in SCHEMAS.rglob("*.json")
    }
    return Registry().with_resources([(name, Resource.from_contents(schema)) for name, schema in named.items()])


@cache
def validator(reference: str, *, tight: bool) -> Draft202012Validator:
    """What holds values to a schema, or to a part of one."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"https://schemas.test/output-1/{reference}",
    }
    return Draft202012Validator(schema, registry=registry(tight=tight))


def check(text: str) -> None:
    """Holds a document or a line to the schema as it is published, and its parts to the tight one."""
    document = json.loads(text)
    command = document["command"]
    if not command:  # wrong usage, before any command was known
        command = "check"
        document = {**document, "command": command}
    name = f"{command}.json"
    assert (OUTPUT / name).exists(), f"no schema for what pithtex {command} prints: write docs/schemas/output-1/{name}"
    _hold(name, document, tight=False)
    head = {key: document[key] for key in HEAD}
    rest = {key: value for key, value in document.items() if key not in HEAD}
    _hold("common.json#/$defs/head", head, tight=True)
    for result in rest.get("results", [rest]):
        _hold(f"{name}#/$defs/result", result, tight=True)


def check_audit_line(line: dict[str, Any]) -> None:
    """Holds a line of an audit's parts to its schema."""
    _hold("audit-line.json", line, tight=True)


def check_audit_about(document: dict[str, Any]) -> None:
    """Holds the OUT/audit.json of an audit to its schema."""
    _hold("audit-about.json", document, tight=True)


def _hold(reference: str, value: Any, *, tight: bool) -> None:
    errors = list(validator(reference, tight=tight).iter_errors(value))
    if errors:
        deepest = max(_leaves(errors), key=lambda error: len(error.absolute_path))
        raise AssertionError(f"{reference}: {deepest.json_path}: {deepest.message[:300]}")


def _leaves(errors: Any) -> Any:
    for error in errors:
        if error.context:
            yield from _leaves(error.context)
        else:
            yield error
