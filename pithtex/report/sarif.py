"""Writes findings as SARIF 2.1.0 (OASIS), for code scanning and editors.

A page of a PDF has no place in SARIF's regions, which are of text and bytes: it is a logical location, and the
rectangle on it stands among the location's properties, in points.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from pithtex.catalogue import CATALOGUE, Rule
from pithtex.findings import Located, Severity, docs_url, worst_first
from pithtex.text import printable

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS: Final = 5_000
"""Results of one run that GitHub keeps; the worst come first."""
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_ROOT: Final = "%SRCROOT%"


def sarif_document(
    items: Iterable[Located],
    version: str,
    words: Mapping[str, str] | None = None,
    standings: Mapping[str, str] | None = None,
) -> str:
    """Returns a log with one run, ASCII only.

    Args:
        items: the findings. Paths below the current folder are best given relative to it.
        version: the program's.
        words: what each file is said to be, for the log's list of artifacts.
        standings: what is said of the paper in it, for the same list.
    """
    located = worst_first(items)
    rules = [rule for rule in CATALOGUE.values() if any(item.finding.name == rule.name for item in located)]
    index = {rule.name: number for number, rule in enumerate(rules)}
    files = dict.fromkeys([*(words or {}), *(item.file for item in located)])
    artifacts = {file: number for number, file in enumerate(file for file in files if file != "-")}
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "pithtex", "version": version, "rules": [_rule(rule) for rule in rules]}},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which pithtex was run."}}},
        "artifacts": [_artifact(file, (words or {}).get(file), (standings or {}).get(file)) for file in artifacts],
        "results": [_result(item, index, artifacts) for item in located[:MAX_RESULTS]],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=True)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.sentence},
        "helpUri": docs_url(rule.name),
        "help": {"text": f"{rule.sentence} pithtex explain {rule.code} says why it matters, and how to fix it."},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _artifact(file: str, word: str | None, standing: str | None) -> dict[str, Any]:
    stated = {"verdict": word, "standing": standing}
    properties = {name: text for name, text in stated.items() if text is not None}
    return {"location": _uri(file), **({"properties": properties} if properties else {})}


def _result(item: Located, index: Mapping[str, int], artifacts: Mapping[str, int]) -> dict[str, Any]:
    stated = item.finding
    text = stated.message if stated.hint is None else f"{stated.message} (hint: {stated.hint})"
    key = "\0".join((stated.code, item.file, stated.where, stated.message))
    result = {
        "ruleId": stated.code,
        "ruleIndex": index[stated.name],
        "level": _LEVELS[stated.severity],
        "message": {"text": _plain(text)},
        "locations": [_location(item, artifacts)],
        "partialFingerprints": {"pithtex/v1": hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()},
    }
    return {**result, "fixes": [_fix(item)]} if item.fix else result


def _fix(item: Located) -> dict[str, Any]:
    """Returns the change that `--fix` would make (3.55)."""
    return {
        "description": {"text": item.remedy or "fix"},
        "artifactChanges": [
            {
                "artifactLocation": _uri(each.file),
                "replacements": [
                    {
                        "deletedRegion": {
                            "startLine": each.line,
                            "startColumn": each.column,
                            "endLine": each.end_line,
                            "endColumn": each.end_column,
                        },
                        "insertedContent": {"text": each.text},
                    }
                ],
            }
            for each in item.fix
        ],
    }


def _location(item: Located, artifacts: Mapping[str, int]) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if item.file in artifacts:
        location["physicalLocation"] = {"artifactLocation": {**_uri(item.file), "index": artifacts[item.file]}}
    if "physicalLocation" in location and item.line is not None:
        region = {"startLine": item.line}
        location["physicalLocation"]["region"] = (
            region if item.column is None else {**region, "startColumn": item.column}
        )
    if item.finding.where:
        location["message"] = {"text": _plain(item.finding.where)}
    if item.page is not None:
        location["logicalLocations"] = [{"name": f"page {item.page}", "kind": "page"}]
        region_on_page = {} if item.region is None else {"rectangle": [round(edge, 2) for edge in item.region]}
        location["properties"] = {"page": item.page, **region_on_page}
    return location


def _uri(file: str) -> dict[str, str]:
    """Returns a path as a URI, relative to the working directory unless it is absolute or leads out of it."""
    encoded = quote(os.fsencode(file.replace(os.sep, "/")))
    if file.startswith("/"):
        return {"uri": f"file://{encoded}"}
    return {"uri": encoded, "uriBaseId": _ROOT}


def _plain(text: str) -> str:
    """Makes a message of untrusted text: no control characters and no links, written `[a](b)` (3.11.6)."""
    shown = printable(text)
    return shown.replace("[", "\\[").replace("]", "\\]") if "](" in shown else shown
