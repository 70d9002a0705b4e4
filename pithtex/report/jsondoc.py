"""The one JSON document that `--json` prints."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

SCHEMA: Final = "pithtex/1"


def json_document(command: str, results: Sequence[object]) -> str:
    """`{"schema": "pithtex/1", "command": ..., "results": [...]}`, ASCII only, so that no terminal is reached raw."""
    document = {"schema": SCHEMA, "command": command, "results": list(results)}
    return json.dumps(document, indent=2, ensure_ascii=True)
