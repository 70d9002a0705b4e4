"""Writes tests/vectors/conformance.jsonl: python -m tests.vectors.make_conformance (docs/reference/conformance.md)."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from tests import signing
from tests.conftest import ROOT
from tests.vectors.conformance_cases import Vector, documents
from tests.vectors.conformance_more import receipts, states
from tests.verification.test_merge_laws import KEYRING

FILE: Final = ROOT / "tests" / "vectors" / "conformance.jsonl"


def lines() -> list[dict[str, Any]]:
    """Every line: what the file is, then a case each."""
    keys = {key.key_id: key.hex for key in (*signing.keyring(), *KEYRING)}
    head = {"kind": "about", "format": "docs/reference/format.md", "version": 1, "keys": keys}
    cases = [_line("document", each) for each in documents()] + [_line("receipt", each) for each in receipts()]
    return [head, *cases, *states()]


def _line(kind: str, vector: Vector) -> dict[str, Any]:
    try:
        data = {"text": vector.data.decode("utf-8")}
        if vector.data.startswith(b"\xef\xbb\xbf"):
            raise ValueError
    except ValueError:
        data = {"base64": base64.b64encode(vector.data).decode()}
    return {
        "kind": kind,
        "section": vector.section,
        "name": vector.name,
        **data,
        "word": vector.word,
        "rules": list(vector.rules),
    }


def written(rows: list[dict[str, Any]]) -> str:
    """The file's text."""
    return "".join(json.dumps(row) + "\n" for row in rows)


if __name__ == "__main__":
    FILE.write_text(written(lines()), "utf-8")
