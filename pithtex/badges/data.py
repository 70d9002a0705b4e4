"""The formats that are JSON. All of it is ASCII, so that no line or tag can be ended from within."""

from __future__ import annotations

import json

from pithtex.badges.statement import Statement


def shields(statement: Statement) -> bytes:
    """An endpoint of shields.io (https://shields.io/badges/endpoint-badge), as good as whoever serves it."""
    message = statement.suffix[:8]
    if statement.checked_text:
        message = f"{message}, {statement.checked_text}"
    return _json({"schemaVersion": 1, "label": "pith", "message": message, "color": "blue"})


def _json(value: object) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=True).encode("ascii") + b"\n"
