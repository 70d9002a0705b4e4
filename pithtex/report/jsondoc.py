"""The one JSON document that `--json` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

SCHEMA: Final = "pithtex/1"


def json_document(command: str, results: Sequence[object]) -> str:
    """`{"schema": "pithtex/1", "command": ..., "results": [...]}`, ASCII only, so that no terminal is reached raw."""
    document = {"schema": SCHEMA, "command": command, "results": list(results)}
    return json.dumps(document, indent=2, ensure_ascii=True)


def json_line(command: str, result: Mapping[str, object]) -> str:
    """One result as a line of JSON Lines: what `results` holds of it, with `schema` and `command` beside."""
    return json.dumps({"schema": SCHEMA, "command": command, **result}, ensure_ascii=True)
