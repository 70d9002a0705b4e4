"""The examples of each rule: a folder on disk, and what its case.toml adds that is not text: a record, a PDF, times."""

from __future__ import annotations

import json
import os
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pikepdf

import pithtex
from pithtex.format.keys import Keyring, default_keyring
from pithtex.manuscript.source.read import read_manuscript
from pithtex.render.package.pith_sty import render_package
from pithtex.resolution.store.store import Store
from pithtex.review.submission.citations import read_cited_records
from pithtex.review.submission.gather import gather
from pithtex.review.submission.model import Options, Submission
from pithtex.verification.document import load_document
from pithtex.verification.record import VerifiedRecord
from tests import signing
from tests.conftest import BUNDLE_FILE, DATA, ROOT, SEEDS
from tests.verification.bundles import bundle, event

EXAMPLES = DATA / "presubmit"
RECORDS = {"EL6A4QOT": SEEDS / "record-EL6A4QOT.json", "CNPMIFD4": BUNDLE_FILE}
KEYRING = Keyring([*default_keyring(), *signing.keyring()])


def document(name: str) -> dict[str, Any]:
    """A real record's document, or one of the tests' own: `test-1` is of version 1."""
    if name in RECORDS:
        loaded = json.loads(RECORDS[name].read_bytes())
        return loaded.get("record", loaded) if "bundle_type" in loaded else loaded
    return signing.record_document(canonical=signing.canonical_record(version=int(name.removeprefix("test-"))))


def verified(name: str) -> VerifiedRecord:
    if name in RECORDS:
        return pithtex.verify_record(load_document(RECORDS[name].read_bytes()).record, KEYRING)
    return pithtex.verify_record(pithtex.load_record(document(name)), KEYRING)


def realise(example: Path, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Copies an example and makes what its case.toml asks for; the folder, and the case."""
    case = tomllib.loads((example / "case.toml").read_text()) if (example / "case.toml").exists() else {}
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("case.toml"), symlinks=True)
    for path in list(folder.rglob("*")):  # names under which this project's own version control lets them be
        if path.name in {"main.log.txt", "dot-gitignore"}:
            path.rename(path.with_name({"main.log.txt": "main.log", "dot-gitignore": ".gitignore"}[path.name]))
    if "package" in case:
        _package(case, folder)
    _records(case, folder)
    for version in case.get("store", ()):
        Store().put(verified(f"test-{version}"))
    if "pdf" in case:
        _pdf(case, folder)
    if "outside" in case:
        (folder.parent / case["outside"]).write_text("Text.\n")
    return folder, case


def _records(case: dict[str, Any], folder: Path) -> None:
    if "record" in case:
        made = document(case["record"])
        made.get("receipt", {}).update(case.get("receipt", {}))
        if case.get("untitled"):
            made = {key: value for key, value in made.items() if key not in {"paper", "graph_snapshot"}}
        (folder / "record.json").write_text(json.dumps(made))
    if "cited" in case:
        cited = document(case["cited"])
        if case.get("forged"):
            cited["receipt"]["signature_b64"] = signing.sign("00" * 32)
        (folder / "cited").mkdir()
        (folder / "cited" / "record.json").write_text(json.dumps(cited))
    if "correction" in case:
        said = event("correction", "2026-03-07T00:00:00Z", {"text": case["correction"]})
        (folder / "bundle.json").write_bytes(bundle(said))


def _package(case: dict[str, Any], folder: Path) -> None:
    if case["package"] == "plain":
        data = (ROOT / "latex" / "pith.sty").read_bytes()
    elif case.get("untitled"):
        made = {k: v for k, v in document(case["package"]).items() if k not in {"paper", "graph_snapshot"}}
        data = render_package(pithtex.verify_record(pithtex.load_record(made), KEYRING))
    else:
        data = render_package(verified(case["package"]))
    for old, new in case.get("package_edits", ()):
        assert old.encode() in data
        data = data.replace(old.encode(), new.encode())
    (folder / "pith.sty").write_bytes(data)


def _pdf(case: dict[str, Any], folder: Path) -> None:
    target = folder / "main.pdf"
    if case["pdf"] == "blank":
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.save(target)
    else:
        shutil.copy(ROOT / "examples" / case["pdf"] / "main.pdf", target)
    now = target.stat().st_mtime
    for path in folder.rglob("*"):
        if path.suffix in {".tex", ".sty"}:
            os.utime(path, (now, now + (100 if case.get("older") else -100)))


def submission(folder: Path, case: dict[str, Any]) -> Submission:
    """What is at hand of a realised example."""
    options = Options(require=case.get("require", False), expect=case.get("expect"))
    cited = read_cited_records([str(folder / "cited")], KEYRING) if "cited" in case else ()
    return gather(read_manuscript(folder / "main.tex"), KEYRING, shown=folder, options=options, cited=cited)
