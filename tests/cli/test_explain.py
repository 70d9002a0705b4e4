"""`verify --explain`: a person who redoes the commands gets what the verifier got."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from pithtex.findings import Status
from pithtex.report.explain import explain
from pithtex.verification.document import examine_document, load_document
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES


def redo(commands: list[str], folder: Path) -> str:
    script = "set -eu\n" + "\n".join(commands)
    done = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.needs("basenc", "jq", "openssl")
@pytest.mark.parametrize("path", [RECORD_FILES[0], BUNDLE_FILE], ids=lambda path: path.stem)
def test_every_command_gives_what_is_claimed(path: Path, tmp_path: Path) -> None:
    redone = []
    for check in examine_document(load_document(path.read_bytes())).checks:
        lines = explain(check, str(path))
        commands = [line[2:] for line in lines if line.startswith("$ ") and not line.startswith("$ curl")]
        if not commands:
            continue
        out = redo(commands, tmp_path).split()[0]
        values = dict(check.inputs)
        if "signature" in values:
            assert out == "Signature"  # "Signature Verified Successfully", and a non-zero exit otherwise
        elif check.name == "title":
            assert out == values["title_canon_sha256"]
        else:
            assert out in check.message or out in values.values()
        assert check.status is Status.HOLDS
        redone.append(check.name)
    assert {"digest", "number", "year", "title", "receipt signature", "snapshot claims"} <= set(redone)
    if path == BUNDLE_FILE:
        assert {"events[0] digest", "events[1] signature", "bundle digest", "bundle signature"} <= set(redone)


@pytest.mark.needs("jq")
@pytest.mark.parametrize(
    "title",
    [
        "\u03a3-types in ALGEBRA",
        "\u039f\u0394\u039f\u03a3 and \u0130stanbul",
        "100% 'quoted' \\n \u00c9tudes",
        "Plain ASCII,  with\ttwo spaces ",
        "\u00ad\u0645\u200d",
    ],
)
def test_the_titles_command_lowers_as_unicode_does(title: str, tmp_path: Path) -> None:
    path = tmp_path / "the record.json"
    path.write_text(json.dumps(signing.record_document(title, canonical=signing.canonical_record(title))))
    checks = examine_document(load_document(path.read_bytes()), signing.keyring()).checks
    (check,) = (check for check in checks if check.name == "title")
    (command,) = (line[2:] for line in explain(check, str(path)) if line.startswith("$ "))
    assert check.status is Status.HOLDS
    assert redo([command], tmp_path).split()[0] == dict(check.inputs)["title_canon_sha256"]
