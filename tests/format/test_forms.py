"""The form of every field: docs/schemas, the reader in Python and the one in JavaScript say the same."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

import pithtex
from pithtex.errors import MalformedError
from pithtex.verification.document import load_document
from tests.browser.node import call
from tests.conftest import BUNDLE_FILE, RECORD_FILES, ROOT, VECTORS

SCHEMAS = ROOT / "docs" / "schemas"
Path = tuple[str | int, ...]
Document = dict[str, Any]

ABSENT = object()
VALUES: tuple[object, ...] = (
    ABSENT,
    None,
    False,
    0,
    1,
    1.5,
    "",
    "x",
    "2026-02-01T24:00:00Z",
    [],
    [1],
    ["x"],
    {},
    {"a": 1},
)
"""What is put in the place of a field: each type, and absence."""

INTEGRITY_FILE = next(iter(sorted(VECTORS.glob("integrity-*.json"))))


@cache
def validator(name: str) -> Draft202012Validator:
    resources = [
        (path.name, Resource.from_contents(json.loads(path.read_text("utf-8")))) for path in SCHEMAS.glob("*.json")
    ]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator({"$ref": f"{name}.json"}, registry=registry)


def read(path: Any) -> Document:
    document: Document = json.loads(path.read_bytes())
    return document


def named_fields(schema: Any) -> set[str]:
    """Every field that some schema names."""
    if isinstance(schema, list):
        return {name for item in schema for name in named_fields(item)}
    if not isinstance(schema, dict):
        return set()
    own = set(schema.get("properties", {}))
    return own.union(*(named_fields(value) for value in schema.values()))


FIELDS = named_fields([json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")])


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The places of all fields of a document that schemas name, and of the first item of each list."""
    items = value.items() if isinstance(value, dict) else list(enumerate(value))[:1] if isinstance(value, list) else ()
    for key, inner in items:
        if isinstance(key, int) or key in FIELDS or path[-1:] in {("links",), ("agent_actions",)}:
            yield (*path, key)
            yield from places(inner, (*path, key))


def changed(document: Document, path: Path, value: object) -> Document:
    result = copy.deepcopy(document)
    holder: Any = result
    for key in path[:-1]:
        holder = holder[key]
    if value is ABSENT:
        del holder[path[-1]]
    else:
        holder[path[-1]] = value
    return result


def mutants(document: Document, skipped: frozenset[str] = frozenset()) -> list[tuple[Path, object, Document]]:
    """Every field, with every value. Fields that stand below one of `skipped` are left alone."""
    found = []
    for path in places(document):
        if not skipped.intersection(path[:-1]):
            found += [(path, value, changed(document, path, value)) for value in VALUES]
    return found


def full_record() -> Document:
    """A real record with the parts that it may have and those do not."""
    document = read(RECORD_FILES[0])
    document["links"]["versions"] = {"html": document["links"]["html"], "note": "x"}
    return document


def python_takes(document: Document) -> bool:
    try:
        load_document(json.dumps(document).encode())
    except MalformedError:
        return False
    return True


def javascript_takes(documents: list[Document]) -> list[bool]:
    encoded = [base64.b64encode(json.dumps(document).encode()).decode() for document in documents]
    results = call("web.verifyDocument(new Uint8Array(Buffer.from(value, 'base64')))", encoded)
    malformed = {"malformed-document", "record-shape", "unknown-document"}
    return [malformed.isdisjoint(result["rules"]) for result in results]


UNTOUCHED = frozenset({"events", "state", "verdict", "payload"})


@pytest.mark.needs("node")
@pytest.mark.parametrize(
    ("schema", "document"), [("record", full_record()), ("bundle", read(BUNDLE_FILE))], ids=["record", "bundle"]
)
def test_every_field_of_a_document(schema: str, document: Document) -> None:
    """What the schema refuses is malformed to both readers, and what it takes is not."""
    cases = mutants(document, UNTOUCHED)
    assert len(cases) > 700
    taken = [validator(schema).is_valid(mutant) for _, _, mutant in cases]
    assert taken.count(True) > 200
    assert taken.count(False) > 200
    browser = javascript_takes([mutant for _, _, mutant in cases])
    for (path, value, mutant), expected, theirs in zip(cases, taken, browser, strict=True):
        assert python_takes(mutant) == expected, (path, value)
        assert theirs == expected, (path, value)


def test_every_field_of_a_report() -> None:
    for path, value, mutant in mutants(read(INTEGRITY_FILE), frozenset({"summary", "findings"})):
        # That two fields name one paper is more than a schema says.
        expected = validator("integrity-report").is_valid(mutant) and mutant.get("pith_number") in {
            None,
            mutant.get("arxiv_id"),
        }
        assert python_takes(mutant) == expected, (path, value)


@pytest.mark.needs("node")
def test_every_field_of_an_event() -> None:
    """An entry of another form leaves the bundle what it is, and is not an event."""
    bundle = read(BUNDLE_FILE)
    cases = [
        (index, path, value, mutant)
        for index, event in enumerate(bundle["events"])
        for path, value, mutant in mutants(event, frozenset({"canonical_record"}))
    ]
    cases += [(0, (), value, value) for value in VALUES if value is not ABSENT]  # type: ignore[misc]
    assert len(cases) > 500
    documents = [{**bundle, "events": [event]} for _, _, _, event in cases]
    encoded = [base64.b64encode(json.dumps(document).encode()).decode() for document in documents]
    results = call("web.verifyDocument(new Uint8Array(Buffer.from(value, 'base64')))", encoded)
    for (index, path, value, event), document, result in zip(cases, documents, results, strict=True):
        expected = validator("event").is_valid(event)
        assert (not pithtex.load_bundle(document).malformed) == expected, (index, path, value)
        assert ("event-malformed" not in result["rules"]) == expected, (index, path, value)


def test_the_state_is_of_its_schema() -> None:
    state = read(BUNDLE_FILE)["state"]
    assert validator("state").is_valid(state)
    assert validator("state").is_valid(pithtex.merge([pithtex.load_bundle(read(BUNDLE_FILE))]).to_dict())
    for path, _, mutant in [case for case in mutants(state, frozenset({"payload"})) if case[1] is ABSENT]:
        if len(path) == 1:
            assert not validator("state").is_valid(mutant), path


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.name)
def test_a_schema_is_one(path: Any) -> None:
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert path.read_text("utf-8") == json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


TIMES = {
    "2026-03-04T05:06:07Z": True,
    "2026-03-04T05:06:07.123456789Z": True,
    "2026-03-04T05:06:07.1234567890Z": False,
    "2026-03-04T05:06:07.Z": False,
    "2026-03-04T05:06:60Z": False,
    "2026-03-04T24:00:00Z": False,
    "0000-03-04T05:06:07Z": False,
    "0001-01-01T00:00:00Z": True,
    "2026-02-29T00:00:00Z": False,
    "2024-02-29T00:00:00Z": True,
    "2026-13-01T00:00:00Z": False,
    "2026-03-04t05:06:07z": False,
    "2026-03-04 05:06:07Z": False,
    "2026-03-04T05:06:07+00:00": False,
    "2026-03-04T05:06:07Z\n": False,
    "\u0662026-03-04T05:06:07Z": False,
}


@pytest.mark.needs("node")
def test_times() -> None:
    bundle = read(BUNDLE_FILE)
    documents = [{**bundle, "events": [{**bundle["events"][0], "created_at": time}]} for time in TIMES]
    encoded = [base64.b64encode(json.dumps(document).encode()).decode() for document in documents]
    results = call("web.verifyDocument(new Uint8Array(Buffer.from(value, 'base64')))", encoded)
    for (time, holds), document, result in zip(TIMES.items(), documents, results, strict=True):
        assert (not pithtex.load_bundle(document).malformed) == holds, time
        assert ("event-malformed" not in result["rules"]) == holds, time
