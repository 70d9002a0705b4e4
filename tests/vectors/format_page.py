"""Writes the tables of docs/reference/format.md from docs/schemas: python -m tests.vectors.format_page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from tests.conftest import ROOT

PAGE: Final = ROOT / "docs" / "reference" / "format.md"
SCHEMAS: Final = ROOT / "docs" / "schemas"
_BEGIN, _END = "<!-- tables -->\n", "<!-- end of tables -->\n"
Schema = dict[str, Any]

_NAMES: Final = {
    "common.json#/$defs/keyId": "`[A-Za-z0-9-]{1,40}`",
    "common.json#/$defs/plain": "text",
    "common.json#/$defs/digest": "64 digits, `[0-9a-f]`",
    "common.json#/$defs/time": "time (section 2)",
    "common.json#/$defs/base64of64": "base64 of 64 bytes",
    "common.json#/$defs/text": "text",
    "common.json#/$defs/textOrNull": "text",
    "common.json#/$defs/textsOrNull": "list of texts",
    "common.json#/$defs/object": "object",
    "common.json#/$defs/objectOrNull": "object",
    "common.json#/$defs/aliases": "list of aliases",
    "common.json#/$defs/addresses": "addresses",
    "snapshot.json": "snapshot",
    "canonical-record.json": "canonical record",
}


def read(name: str) -> Schema:
    """One schema."""
    schema: Schema = json.loads((SCHEMAS / name).read_text("utf-8"))
    return schema


def objects() -> Iterator[tuple[str, Schema]]:
    """Every object with a table: its heading, and its schema."""
    common = read("common.json")["$defs"]
    canonical, snapshot, bundle = read("canonical-record.json"), read("snapshot.json"), read("bundle.json")
    event, state, report = read("event.json"), read("state.json"), read("integrity-report.json")
    yield "Canonical record", canonical
    yield "`metadata` of a canonical record", canonical["properties"]["metadata"]
    yield "`source` of a canonical record", canonical["properties"]["source"]
    yield "Record document", read("record.json")
    yield "Source", common["source"]
    yield "Paper", common["paper"]
    yield "Alias", common["alias"]
    yield "Addresses", common["addresses"]
    yield "Signature", common["signature"]
    yield "Receipt", common["receipt"]
    yield "Snapshot", snapshot
    yield "Part of a snapshot", snapshot["$defs"]["part"]
    yield "Event", event
    yield "`signer` of an event", event["properties"]["signer"]
    yield "Bundle", bundle
    yield "An entry of `public_keys`", bundle["properties"]["public_keys"]["items"]
    yield "`bundle_signature`", bundle["properties"]["bundle_signature"]["anyOf"][0]["allOf"][1]
    yield "Integrity report", report
    yield "`integrity` of a report", report["properties"]["integrity"]
    yield "Event of a report", report["$defs"]["integrityEvent"]
    yield "State", state
    yield "`current` of a state", state["properties"]["current"]
    yield "Entry of a list of `current`", state["$defs"]["entry"]
    yield "An entry of `equivocations`", state["properties"]["equivocations"]["items"]
    yield "An entry of `invalid_events`", state["properties"]["invalid_events"]["items"]


def tables() -> str:
    """All tables, as Markdown."""
    return "\n".join(_table(*each) for each in objects())


def _table(heading: str, schema: Schema) -> str:
    text = f"### {heading}\n\n{_sentence(schema.get('description', ''))}\n"
    if heading == "Addresses":
        names = ", ".join(f"`{name}`" for name in schema["properties"])
        return f"{text}\nThe registry's own names: {names}.\n"
    required = schema.get("required", [])
    rows = [
        f"| `{name}` | {_type(part)} | {'yes' if name in required else ''} | {part.get('description', '')} |"
        for name, part in schema["properties"].items()
    ]
    return f"{text}\n| field | type | has to be there | is |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text[:1].upper()}{text[1:]}."


def _type(part: Schema) -> str:
    if "const" in part:
        return f"`{part['const']}`"
    if "anyOf" in part:
        return _type(next(each for each in part["anyOf"] if each != {"type": "null"}))
    if "allOf" in part:
        return "object"
    if "$ref" in part:
        return _NAMES.get(part["$ref"]) or part["$ref"].rpartition("/")[2].removesuffix(".json")
    kind = part.get("type", "any")
    if "array" in kind:
        return "list of texts" if part.get("items") == {"type": "string"} else "list"
    return kind if isinstance(kind, str) else next(each for each in kind if each != "null")


def page(text: str) -> str:
    """The page with its tables."""
    before, rest = text.split(_BEGIN)
    return f"{before}{_BEGIN}\n{tables()}\n{_END}{rest.split(_END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
