"""Writes the JSON of `--json` and `--format jsonl`; its schemas are in docs/schemas/output-1."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final

from pithtex import __version__

SCHEMA: Final = "pithtex/1"
"""The version of these documents. Within it keys may come, and none goes or changes its meaning."""


def json_document(command: str, options: Mapping[str, object], results: Sequence[object]) -> str:
    """Returns the JSON document of a run, ASCII only, so that nothing reaches a terminal raw.

    Args:
        command: the command that was run.
        options: those that were given.
        results: one of each input.
    """
    return json.dumps({**_head(command, options), "results": list(results)}, indent=2, ensure_ascii=True)


def json_line(command: str, options: Mapping[str, object], result: Mapping[str, object]) -> str:
    """Returns one result as a line of JSON Lines: the document's head followed by the result."""
    return json.dumps({**_head(command, options), **result}, ensure_ascii=True)


def _head(command: str, options: Mapping[str, object]) -> dict[str, object]:
    return {"schema": SCHEMA, "version": __version__, "command": command, "options": dict(options)}
