"""The conformance vectors (docs/reference/conformance.md): both readers say what each line says."""

from __future__ import annotations

import base64
import json
import os
import random
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import pithtex
from pithtex.catalogue import finding
from pithtex.errors import MalformedError
from pithtex.findings import Status
from pithtex.format.canonical import canonical_bytes
from pithtex.format.compact_receipt import decode_receipt
from pithtex.format.keys import Key, Keyring
from pithtex.verification.document import examine_document, load_document
from pithtex.verification.record import Examination, examine_record
from tests.browser.node import call, source
from tests.vectors import make_conformance

Line = dict[str, Any]
HEAD, *LINES = [json.loads(line) for line in make_conformance.FILE.read_text("utf-8").splitlines()]
KEYS = Keyring([Key(key_id=i, public_key=bytes.fromhex(k), origin="the vectors") for i, k in HEAD["keys"].items()])
WORDS = {Status.HOLDS: "verified", Status.FAILS: "fails", Status.UNAVAILABLE: "undecided"}


def of_kind(kind: str) -> list[Line]:
    return [line for line in LINES if line["kind"] == kind]


def data_of(line: Line) -> bytes:
    return line["text"].encode() if "text" in line else base64.b64decode(line["base64"])


def named(line: Line) -> str:
    return str(line["name"])


def test_the_file_is_what_the_cases_give() -> None:
    text = make_conformance.FILE.read_text("utf-8")
    assert text == make_conformance.written(make_conformance.lines()), "run python -m tests.vectors.make_conformance"
    assert len({named(line) for line in LINES}) == len(LINES)
    assert Counter(line["kind"] for line in LINES) == {"document": 276, "receipt": 24, "merge": 40}


def examined(line: Line) -> Examination:
    if line["kind"] == "receipt":
        return examine_record(decode_receipt(line["text"]), KEYS)
    return examine_document(load_document(data_of(line)), KEYS)


def python_says(line: Line) -> tuple[str, list[str]]:
    try:
        examination = examined(line)
    except MalformedError as error:
        return "fails", [error.finding.name]
    broken = {
        check.finding.name
        for check in examination.checks
        if check.finding is not None and check.status in {Status.FAILS, Status.UNAVAILABLE} and not check.only_warns
    }
    return WORDS[examination.status], sorted(broken)


@pytest.mark.parametrize("line", of_kind("document") + of_kind("receipt"), ids=named)
def test_python(line: Line) -> None:
    assert python_says(line) == (line["word"], line["rules"])


@pytest.mark.needs("node")
def test_javascript_on_documents() -> None:
    """The word, and the rules but for what is missing beside a contradiction. Of reports: `second.test.js`."""
    documents = [line for line in of_kind("document") if not line["name"].startswith("report")]
    encoded = [base64.b64encode(data_of(line)).decode() for line in documents]
    found = call("web.verifyDocument(new Uint8Array(Buffer.from(value, 'base64')))", encoded, KEYS)
    for line, result in zip(documents, found, strict=True):
        if result["rules"] == ["state-not-comparable"]:
            assert line["rules"] == ["state-mismatch"]
            continue
        if result["rules"] == ["old-unicode"]:  # Node's Unicode is older than the title: Debian 12's is
            assert (line["word"], "young" in line["name"]) == ("verified", True)
            continue
        missing = {"no-receipt", "unknown-key"} if line["word"] == "fails" else set()
        assert result["word"] == line["word"], (line["name"], result)
        assert set(line["rules"]) - missing <= set(result["rules"]) <= set(line["rules"]), (line["name"], result)


@pytest.mark.needs("node")
def test_javascript_on_receipts() -> None:
    """What is not a strict JSON is not a canonical record either: Python asks the one first, JavaScript the other."""
    receipts = of_kind("receipt")
    found = call("web.verifyReceipt(value)", [line["text"] for line in receipts], KEYS)
    malformed = {"receipt-malformed", "record-shape"}
    for line, result in zip(receipts, found, strict=True):
        if result["rule"] == "old-unicode":  # Node's Unicode is older than the title
            assert result["word"] == "undecided"
            continue
        assert result["word"] == line["word"], (line["name"], result)
        same = [result["rule"]] == (line["rules"] or [""])
        assert same or {result["rule"], *line["rules"]} <= malformed, (line["name"], result)


@pytest.mark.needs("node")
def test_a_second_implementation_of_merges_and_reports(tmp_path: Path) -> None:
    """All merges to the byte, in two orders, and all reports, by a script that was written from the docs."""
    script, vectors = source(tmp_path / "web.js", KEYS), make_conformance.FILE
    env = {**os.environ, "PITH_SCRIPT": str(script), "PITH_VECTORS": str(vectors)}
    command = ["node", "--test", str(Path(__file__).with_name("second.test.js"))]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:]


@pytest.mark.parametrize("line", of_kind("merge"), ids=named)
def test_a_merge(line: Line) -> None:
    """The state, to the byte, in any order of the bundles; and its digest is that of the rest."""
    bundles = [pithtex.load_bundle(text.encode()) for text in line["bundles"]]
    stated = {key: value for key, value in line["state"].items() if key != "state_sha256"}
    assert pithtex.digest(stated) == line["state"]["state_sha256"]
    for seed in range(3):
        random.Random(seed).shuffle(bundles)
        assert canonical_bytes(pithtex.merge(bundles, KEYS).to_dict()) == canonical_bytes(line["state"])


GROUPED = [line for line in of_kind("merge") if line["name"].endswith(("the other way round", "a bundle each"))]


@pytest.mark.parametrize("line", GROUPED, ids=named)
def test_orders_and_groupings_give_one_state(line: Line) -> None:
    name = line["name"].rpartition(", ")[0].replace("the same", "two bundles")
    assert line["state"] == next(other["state"] for other in of_kind("merge") if other["name"] == name)


def test_every_rule_is_a_finding() -> None:
    for line in LINES:
        for rule in line.get("rules", ()):
            assert finding(rule, "x").name == rule
