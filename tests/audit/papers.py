"""Folders of PDFs for audits: real ones, with and without a number, changed in many ways."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from tests.conftest import ROOT
from tests.kit.documents import check_audit_about, check_audit_line

EXAMPLES = [ROOT / "examples" / name / "main.pdf" for name in ("sparsex", "amsart", "presubmission")]
PLAIN = ROOT / "examples" / "presubmission" / "figures" / "box.pdf"


def mutant(data: bytes, chance: random.Random) -> bytes:
    """The PDF cut short, or with some bytes of its end changed, left out or twice: some cannot be read any more.

    Fonts are left alone: of a damaged glyph PDFium draws what lay in memory, another thing each time.
    """
    way = chance.randrange(5)
    place = chance.randrange(len(data)) if way == 0 else chance.randrange(len(data) - 1500, len(data))
    if way == 0:
        return data[:place]
    if way == 1:
        return data[:place] + bytes(chance.randrange(256) for _ in range(4)) + data[place + 4 :]
    if way == 2:
        return data[:place] + data[place + chance.randrange(200) :]
    if way == 3:
        return data[:place] + data[max(0, place - 300) :]
    return data + b"\n%% %d\n" % chance.randrange(10**9)


def fill(folder: Path, count: int, *, seed: int = 1) -> Path:
    """Fills a folder with so many PDFs, in folders of a hundred."""
    chance = random.Random(seed)
    sources = [path.read_bytes() for path in (*EXAMPLES, PLAIN, PLAIN)]
    for index in range(count):
        place = folder / f"{index // 100:03}"
        place.mkdir(parents=True, exist_ok=True)
        data = sources[index % len(sources)]
        (place / f"{index:05}.pdf").write_bytes(data if index % 7 == 0 else mutant(data, chance))
    return folder


def megabyte() -> bytes:
    """A PDF of that size without a number, which cannot be compressed."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.Padding = pdf.make_stream(random.Random(1).randbytes(1024 * 1024))
    stream = io.BytesIO()
    pdf.save(stream, compress_streams=False)
    return stream.getvalue()


def audit(*args: str | Path, check: bool = True, **more: Any) -> subprocess.CompletedProcess[str]:
    """Runs `pithtex audit` with the traps set, as a program of its own."""
    command = [sys.executable, "-m", "tests.audit.driver", "audit", *map(str, args)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment(), **more)
    assert not check or done.returncode in {0, 1, 2, 3}, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PITHTEX_HOME": "/nonexistent/store"}


def lines(output: Path) -> Iterator[dict[str, Any]]:
    """The results, parsed; one of each make is held to the published schema."""
    held: set[tuple[str, ...]] = set()
    for path in sorted((output / "parts").glob("part-*.jsonl")):
        for text in path.read_text("ascii").splitlines():
            line = json.loads(text)
            make = (line["verdict"], *sorted(line), *names_of(line))
            if make not in held:
                held.add(make)
                check_audit_line(line)
            yield line


def words(output: Path) -> dict[str, str]:
    """The verdict of each file, by the last part of its name; no file may have two."""
    found = [(line["file"], line["verdict"]) for line in lines(output)]
    assert [file for file, count in Counter(file for file, _ in found).items() if count > 1] == []
    return {file.rpartition("/")[2]: word for file, word in found}


def totals(output: Path) -> dict[str, Any]:
    document = json.loads((output / "audit.json").read_bytes())
    check_audit_about(document)
    found: dict[str, Any] = document["totals"]
    return found


def names_of(line: dict[str, Any]) -> list[str]:
    """The names of a line's findings."""
    return [item["name"] for item in line["findings"]]
