"""What an audit says as a whole: on the terminal, in files of other forms, and as a page in a real browser."""

from __future__ import annotations

import csv
import json
import random
import re
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Browser, Page

from pithtex.audit.doubles import Doubles
from pithtex.audit.lines import line
from pithtex.audit.parts import FOLDER, write_part
from pithtex.audit.summary import MAX_ROWS, page, summary
from pithtex.audit.unit import Unit
from pithtex.cli.main import main
from tests.audit.papers import EXAMPLES
from tests.audit.papers import audit as audit_run
from tests.audit.papers import words as words_by_name
from tests.audit.traps import trapped
from tests.report.test_html import HOSTILE, shown

WORDS = ("valid", "unbound", "unverified", "absent", "unreadable", "invalid")
NUMBERS = ("pith:2026:CNPMIFD42NONUMCBYNP4XLPY53", "pith:2026:EL6A4QOTPLYS3LFEIZGOL5QVTM")


def made(name: str, word: str = "absent", **body: Any) -> bytes:
    return line(Unit(name, state="x"), b"", word, {"findings": [], **body})


def audit(folder: Path, lines: list[bytes]) -> Path:
    """The results of an audit that found these lines."""
    (folder / FOLDER).mkdir(parents=True)
    for start in range(0, len(lines), 256):
        write_part(folder / FOLDER, lines[start : start + 256])
    return folder


def written(output: Path) -> Path:
    path = output / "page.html"
    path.write_text("".join(page(output, summary(output))), "utf-8")
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    finding = {"code": "PITH401", "name": "unreadable-pdf", "severity": "warning", "message": "broken", "where": ""}
    lines = [
        made(f"{index:03}.pdf", "valid", number=NUMBERS[0], title="Alpha", standing=["unknown"]) for index in range(150)
    ]
    lines += [
        made(f"bad {index}.pdf", "unreadable", findings=[finding], producer="pdfTeX-1.40.24") for index in range(30)
    ]
    lines += [made(f"<b>{text}", "invalid", title=text, producer=text) for text in HOSTILE]
    return audit(tmp_path / "out", lines)


def rows_of(page: Page) -> list[str]:
    return [str(text) for text in page.locator("#table tbody tr th").all_inner_texts()]


def test_the_page_shows_searches_and_sorts(output: Path, browser: Browser) -> None:
    with shown(browser, written(output)) as report:
        view = report.page
        view.locator("#table").wait_for()
        assert view.locator("#found").inner_text() == "187 of 187 files"
        assert len(rows_of(view)) == 100
        assert view.locator("#table tbody tr td.invalid").count() == len(HOSTILE)
        view.get_by_role("button", name="Next").click()
        assert len(rows_of(view)) == 87
        view.get_by_label("Search").fill("bad PITH401")
        view.get_by_text("30 of 187 files").wait_for()
        view.get_by_role("button", name="file", exact=True).click()
        view.get_by_role("button", name="file", exact=True).click()
        assert rows_of(view)[0] == "bad 9.pdf"
        assert view.locator("#table th[aria-sort=descending]").count() == 1
        view.get_by_label("Search").fill("")
        view.get_by_label("Verdict").select_option("valid")
        view.get_by_text("150 of 187 files").wait_for()
        view.get_by_label("Column").select_option("number")
        view.get_by_label("Search").fill("cnpmifd4")
        view.get_by_text("150 of 187 files").wait_for()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1200, 360])
def test_all_can_read_the_page(output: Path, browser: Browser, dark: bool, width: int) -> None:
    with shown(browser, written(output), dark=dark, width=width) as report:
        report.page.locator("#table").wait_for()
        # The policy allows no other script: axe-core is evaluated as source.
        assert report.violations() == []


def test_no_text_of_a_document_does_anything(output: Path, browser: Browser) -> None:
    with shown(browser, written(output)) as report:
        report.page.locator("#table").wait_for()
        assert report.page.title() == "Audit of 187 files"
        assert report.page.locator("#table b, #table img, #table script, .charts img").count() == 0
        text = report.page.inner_text("body")
        assert "\u202e" not in text
        assert "\x1b" not in text
        assert (report.dialogs, report.console) == ([], [])


def test_the_page_says_what_it_needs_where_scripts_are_off(output: Path, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    view = context.new_page()
    view.goto(written(output).as_uri())
    assert view.get_by_text("needs JavaScript").is_visible()
    assert view.locator(".chart").first.is_visible()
    context.close()


def test_two_hundred_thousand_rows(tmp_path: Path, browser: Browser) -> None:
    """Few bytes a row, and a search that keeps nobody waiting: a hundredth of the rows is found by three keys."""
    chance = random.Random(1)
    lines = [
        made(
            f"repository/{index // 1000:04}/{index:07}.pdf", chance.choices(WORDS, (80, 5, 5, 8, 1, 1))[0], made="2024"
        )
        for index in range(MAX_ROWS + 10)
    ]
    path = written(audit(tmp_path / "out", lines))
    assert path.stat().st_size < 40 * MAX_ROWS
    with shown(browser, path) as report:
        view = report.page
        view.locator("#table").wait_for(timeout=120_000)
        assert view.locator("#found").inner_text() == "200,000 of 200,000 files"
        view.get_by_label("Search").fill("repository/0123/")
        view.locator("#found", has_text=re.compile("^(?!200,000)")).wait_for()
        assert all("/0123/" in name for name in rows_of(view))
    assert "10 files with the best verdicts are not in this table" in path.read_text("utf-8")


@pytest.mark.parametrize("form", ["csv", "sqlite", "parquet"])
def test_other_forms(output: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "report", str(output), "--format", form]) == 1
    capsys.readouterr()
    path = output / f"audit.{form}"
    if form == "csv":
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    elif form == "sqlite":
        with sqlite3.connect(path) as base:
            base.row_factory = sqlite3.Row
            rows = [dict(row) for row in base.execute("select * from files")]
        base.close()
    else:
        from pyarrow import parquet

        rows = parquet.read_table(path).to_pylist()
    assert Counter(row["verdict"] for row in rows) == {"valid": 150, "unreadable": 30, "invalid": len(HOSTILE)}
    assert {row["number"] for row in rows} == {"", NUMBERS[0]}
    assert not any("\x1b" in value or "\u202e" in value for row in rows for value in row.values())


def test_a_table_of_calculations_finds_no_formula(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = audit(tmp_path / "out", [made("a.pdf", own_title="=HYPERLINK(1)", producer="@x")])
    main(["audit", "report", str(output), "--format", "csv"])
    text = (output / "audit.csv").read_text()
    assert "'=HYPERLINK(1)" in text
    assert "'@x" in text


def test_without_pyarrow_parquet_says_how(
    output: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert main(["audit", "report", str(output), "--format", "parquet"]) == 2
    assert "pip install 'pithtex[parquet]'" in capsys.readouterr().err
    assert not list(output.glob("*parquet*"))


def test_totals_on_a_terminal(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "report", str(output)]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("187 files\n          150  valid\n           30  unreadable\n")
    assert "           30  PITH401  unreadable-pdf\n" in shown
    assert "\x1b" not in shown
    assert main(["audit", "report", str(output), "--allow", "invalid,unreadable"]) == 0


def test_two_audits_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = audit(tmp_path / "old", [made("a", "valid"), made("b", "valid"), made("c", "absent"), made("gone", "valid")])
    new = audit(tmp_path / "new", [made("a", "valid"), made("b", "invalid"), made("c", "valid"), made("new", "absent")])
    assert main(["audit", "report", "--diff", str(old), str(new), "--json"]) == 1
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert (result["added"], result["gone"]) == (1, 1)
    assert {(item["from"], item["to"]): item["files"] for item in result["changed"]} == {
        ("valid", "invalid"): 1,
        ("absent", "valid"): 1,
    }
    assert [item["file"] for item in result["files"]] == ["b", "c", "gone", "new"]
    assert main(["audit", "report", "--diff", str(new), str(new)]) == 0
    assert main(["audit", "report", str(old), "--diff", str(old), str(new)]) == 2
    assert main(["audit", "report", str(tmp_path)]) == 2


def doubles(*lines: bytes) -> dict[str, list[tuple[str, list[str]]]]:
    with Doubles() as found:
        for text in lines:
            found.add(json.loads(text))
        kinds = found.kinds()
    return {kind.name: [(group.common, [file for file, _ in group.files]) for group in kind.groups] for kind in kinds}


def test_a_number_on_different_titles_and_a_title_under_several_numbers() -> None:
    suffix = NUMBERS[0][10:]
    found = doubles(
        made("a", "valid", number=NUMBERS[0], title="Alpha", shows="Alpha"),
        made("b", "unbound", number=NUMBERS[0], title="Alpha", own_title="Another paper"),
        made("c", "valid", number=NUMBERS[0], title="Alpha", shows="ALPHA!"),
        made("d", "valid", number=NUMBERS[1], title="Beta", shows="Beta"),
        made("e", "unverified", number="pith:2026:" + "A" * 26, own_title="beta"),
    )
    assert found == {"same-number": [(suffix, ["a", "b", "c"])], "same-title": [("beta", ["d", "e"])]}


def test_near_texts_are_those_whose_codes_differ_in_few_bits() -> None:
    code = 0x9F00AA55CC33F00F
    near = (code, code ^ 1, code ^ (1 << 63) ^ 1 ^ (1 << 20), code ^ 0b10)
    far = (code ^ 0xFFFF0000, ~code & (2**64 - 1))
    lines = [made(f"near{index}", iscc=f"{value:016x}") for index, value in enumerate(near)]
    lines += [made(f"far{index}", iscc=f"{value:016x}") for index, value in enumerate(far)]
    assert doubles(*lines) == {"near-texts": [("4 files", ["near0", "near1", "near2", "near3"])]}


def test_equal_bytes_are_judged_once(tmp_path: Path) -> None:
    """A trap tells how often a file was judged; what the manifest says of two copies may make them two papers."""
    folder = tmp_path / "in"
    folder.mkdir()
    counted = trapped(EXAMPLES[0].read_bytes(), f"count {tmp_path}/judged")
    for index in range(12):
        (folder / f"{index}.pdf").write_bytes(counted)
    (folder / "other.pdf").write_bytes(EXAMPLES[1].read_bytes())
    audit_run(folder, "-o", tmp_path / "out", "--dedupe")
    assert words_by_name(tmp_path / "out") == {**{f"{index}.pdf": "valid" for index in range(12)}, "other.pdf": "valid"}
    assert (tmp_path / "judged").read_text() == "x"
    found = summary(tmp_path / "out")
    assert [(kind.name, len(kind.groups), len(kind.groups[0].files)) for kind in found.doubles] == [
        ("same-bytes", 1, 12)
    ]
    (tmp_path / "m.csv").write_text("in/0.pdf,2606.26666\n")
    audit_run(folder, "--manifest", tmp_path / "m.csv", "-o", tmp_path / "out2", "--dedupe")
    assert words_by_name(tmp_path / "out2")["0.pdf"] == "invalid"
    assert words_by_name(tmp_path / "out2")["1.pdf"] == "valid"
    assert (tmp_path / "judged").read_text() == "xxx"


def test_nearly_the_same_text_is_found(tmp_path: Path) -> None:
    """One paper three times, with and without what was done to it on the way, and another paper."""
    folder = tmp_path / "in"
    folder.mkdir()
    with pikepdf.open(EXAMPLES[0]) as pdf:
        pdf.save(folder / "again.pdf", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    (folder / "one.pdf").write_bytes(EXAMPLES[0].read_bytes())
    (folder / "other.pdf").write_bytes(EXAMPLES[1].read_bytes())
    audit_run(folder, "-o", tmp_path / "out", "--text")
    kinds = {kind.name: kind.groups for kind in summary(tmp_path / "out").doubles}
    near = [[Path(file).name for file, _ in group.files] for group in kinds["near-texts"]]
    assert near == [["again.pdf", "one.pdf"]]
