"""The record's abstract on the command line: given to generate and check, found by add, read back by presubmit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import pithtex
from pithtex.cli.main import main
from pithtex.render.package.read_back import read_back
from tests import signing
from tests.conftest import ROOT, VECTORS

ROW = json.loads((VECTORS / "abstracts.jsonl").read_text().splitlines()[1])
EXAMPLE = str(ROOT / "examples" / "sparsex" / "main.pdf")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A record of a real title and abstract, signed by the tests' key, and its abstract in a file."""
    canonical = signing.canonical_record(ROW["title"], abstract_canon_sha256=pithtex.abstract_digest(ROW["abstract"]))
    (tmp_path / "record.json").write_text(json.dumps(signing.record_document(ROW["title"], canonical=canonical)))
    (tmp_path / "abstract.txt").write_text(ROW["abstract"])
    key = bytes(signing.TEST_KEY.verify_key).hex()
    (tmp_path / "test.key").write_text(f"{signing.TEST_KEY_ID} {key}\n")
    return tmp_path


def generate(paper: Path, *more: str) -> int:
    arguments = [str(paper / "record.json"), "-o", str(paper / "out"), "--key", str(paper / "test.key")]
    return main(["generate", *arguments, *more])


def test_generate_takes_the_abstract_from_a_file(paper: Path) -> None:
    assert generate(paper, "--abstract", str(paper / "abstract.txt")) == 0
    carried = read_back((paper / "out" / "pith.sty").read_bytes()).abstract
    assert carried is not None
    assert carried.startswith("a1.")


def test_generate_takes_no_other_text(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (paper / "abstract.txt").write_text(ROW["abstract"].replace("deep", "shallow"))
    assert generate(paper, "--abstract", str(paper / "abstract.txt")) == 1
    assert "its digest is different" in capsys.readouterr().err
    assert not (paper / "out" / "pith.sty").exists()


def test_generate_finds_an_excerpt_that_is_whole_and_leaves_out_one_that_is_not(paper: Path) -> None:
    document = json.loads((paper / "record.json").read_text())
    for excerpt, there in ((ROW["abstract"], True), (ROW["abstract"][:600], False)):
        document["paper"]["abstract_excerpt"] = excerpt
        (paper / "record.json").write_text(json.dumps(document))
        assert generate(paper) == 0
        assert (read_back((paper / "out" / "pith.sty").read_bytes()).abstract is not None) is there


def test_presubmit_reads_it_back(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A revised spelling of the source is confirmed by the text that pith.sty carries, and pith.sty is as written."""
    assert generate(paper, "--abstract", str(paper / "abstract.txt")) == 0
    folder = paper / "source"
    folder.mkdir()
    (folder / "pith.sty").write_bytes((paper / "out" / "pith.sty").read_bytes())
    number = json.loads((paper / "record.json").read_text())["pith_number"][-26:]
    shown = ROW["abstract"].replace("%", "\\%").replace("long standing", "long-standing")
    (folder / "main.tex").write_text(
        "\\documentclass{article}\n\\usepackage{pith}\n"
        f"\\pithnumber{{{number}}}\n\\title{{{ROW['title']}}}\n\\author{{A}}\n\\begin{{document}}\n\\maketitle\n"
        f"\\begin{{abstract}}\n{shown}\n\\end{{abstract}}\n\\end{{document}}\n"
    )
    capsys.readouterr()
    assert main(["presubmit", str(folder), "--key", str(paper / "test.key"), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert {"abstract-unconfirmed", "package-differs"} & {item["name"] for item in result["findings"]} == set()
    assert result["facts"]["abstract"]["status"] == "holds"


def test_check_takes_a_text_that_is_none_of_the_records_as_a_finding(
    paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", EXAMPLE, "--abstract", str(paper / "abstract.txt"), "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert "abstract-mismatch" in {item["name"] for item in result["findings"]}
    assert main(["check", EXAMPLE, "--require-abstract", "-q"]) == 3
    assert main(["check", EXAMPLE, "--require-abstract", "--timeout", "60", "-q"]) == 3


def test_a_file_that_cannot_be_an_abstract_is_wrong_usage(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (paper / "bad.txt").write_bytes(b"\xff\x00")
    (paper / "long.txt").write_bytes(b"long " * 20_000)
    for name, said in (
        ("bad.txt", "not text in UTF-8"),
        ("long.txt", "larger than 65536 bytes"),
        ("nowhere.txt", "No such file"),
        ("record.json", "this is a record, not the text of an abstract"),
    ):
        assert main(["check", EXAMPLE, "--abstract", str(paper / name)]) == 2
        assert said in capsys.readouterr().err
