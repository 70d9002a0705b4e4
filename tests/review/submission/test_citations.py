"""References beside the signed records of the papers that they name."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import pithtex
from pithtex.cli.main import main
from pithtex.resolution.store.store import Store
from pithtex.review.submission.citations import stands_in
from tests import signing
from tests.conftest import DATA
from tests.kit import needs
from tests.verification.bundles import bundle, event

CASE = DATA / "citations"
ROWS = [json.loads(line) for line in (DATA / "vectors" / "records.jsonl").read_text(encoding="utf-8").splitlines()]
REAL = {
    row["arxiv_id"]: signing.record_document(row["title"], canonical=row["canonical_record"])
    for row in ROWS
    if "title" in row and "canonical_record" in row
}
"""Real canonical records, signed by the tests' key; arXiv:1604.02957, of the case, is not among them."""
FIRST = "From vertex detectors to inner trackers with CMOS pixel sensors"


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))


@pytest.fixture
def key(tmp_path: Path) -> str:
    path = tmp_path / "key.txt"
    path.write_text(f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n")
    return str(path)


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """An export with all records of the case."""
    canonical = signing.canonical_record(FIRST, id="1604.02957")
    documents = [*REAL.values(), signing.record_document(FIRST, canonical=canonical)]
    path = tmp_path / "records.jsonl"
    path.write_text("".join(f"{json.dumps(document)}\n" for document in documents))
    return path


def run(capsys: pytest.CaptureFixture[str], *args: str | Path) -> dict[str, Any]:
    main(["presubmit", *map(str, args), "--json"])
    (result,) = json.loads(capsys.readouterr().out)["results"]
    return dict(result)


def agreements(result: dict[str, Any]) -> dict[str, str]:
    return {item["key"]: item["agreement"] for item in result["citations"]}


def paper(folder: Path, bib: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "main.tex").write_text(
        "\\documentclass{article}\\title{T}\\begin{document}\\maketitle\n\\nocite{*}\\bibliographystyle{plain}"
        "\\bibliography{refs}\\end{document}\n"
    )
    (folder / "refs.bib").write_text(bib)
    return folder / "main.tex"


def entry(title: str, arxiv: str = "2603.01234", more: str = "") -> str:
    return f"@misc{{a, author = {{A. Author}}, title = {{{title}}}, eprint = {{{arxiv}}}, {more}}}\n"


def write(path: Path, *documents: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(document)}\n" for document in documents))
    return path


# --- the case of the field -------------------------------------------------------------------------------------------


def test_the_case(records: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, CASE / "refs.tex", "--cited", records, "--key", key)
    by_kind = Counter((name.rstrip("0123456789"), said) for name, said in agreements(result).items())
    assert by_kind == {("right", "confirmed"): 12, ("wrong", "other-title"): 12, ("invented", "other-title"): 3}
    titles = {name: document["paper"]["title"] for name, document in REAL.items()} | {"1604.02957": FIRST}
    for item in result["citations"]:
        named = item["papers"][0].removeprefix("arXiv:")
        assert item["record"]["title"] == titles[named]
        said = [found for found in result["findings"] if found["line"] == item["line"] and found["code"] == "PITH813"]
        assert len(said) == (item["agreement"] == "other-title")
        assert all(repr(titles[named]) in found["message"] and found["severity"] == "warning" for found in said)
    owned = {item["key"]: item["owner"] for item in result["citations"]}
    assert owned["wrong0"] == "arXiv:1309.2357v1"
    assert owned["invented0"] is None


def test_without_their_records_it_cannot_be_told(key: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    result = run(capsys, CASE / "refs.tex")
    assert set(agreements(result).values()) == {"no-record"}
    fact = result["facts"]["citations"]
    assert fact["status"] == "not-checked"
    assert "none was compared" in fact["message"]
    some = write(tmp_path / "some.jsonl", REAL["1309.2357"])
    said = agreements(run(capsys, CASE / "refs.tex", "--cited", some, "--key", key))
    assert (said["right1"], said["wrong1"], said["right2"]) == ("confirmed", "other-title", "no-record")


def test_the_store_and_a_folder_serve_as_well(records: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    want = agreements(run(capsys, CASE / "refs.tex", "--cited", records, "--key", key))
    folder = records.parent / "folder"
    folder.mkdir()
    for number, line in enumerate(records.read_text().splitlines()):
        (folder / f"{number}.json").write_text(line)
    assert agreements(run(capsys, CASE / "refs.tex", "--cited", folder, "--key", key)) == want
    assert main(["store", "import", str(records), "--key", key]) == 0
    capsys.readouterr()
    assert agreements(run(capsys, CASE / "refs.tex", "--key", key)) == want


def test_people_read_the_same(records: Path, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presubmit", str(CASE / "refs.tex"), "--cited", str(records), "--key", key]) == 0
    out = capsys.readouterr().out
    assert "citations 27: 12 confirmed by signed records, 15 with another title than the record" in out
    assert "   75 | " not in out
    assert "   74 | @misc{wrong0,\n" in out


# --- what confirms, and what does not --------------------------------------------------------------------------------


def document(title: str, **changes: Any) -> dict[str, Any]:
    return signing.record_document(title, canonical=signing.canonical_record(title, **changes))


@pytest.mark.parametrize(
    ("signed", "cited", "said"),
    [
        ("A Study of Sampling", "A study of {Sampling}.", "confirmed"),
        ("A Study of Sampling", "A Study of {\\textit{Sampling}}", "confirmed"),
        ("The $\\alpha$-Effect: Proofs", "The {$\\alpha$}-effect: proofs", "confirmed"),
        ("The α-Effect: Proofs", "The $\\alpha$-effect --- proofs", "confirmed"),
        ("Schr\\\"odinger's Cat", "Schr{\\\"o}dinger's cat", "confirmed"),
        ("Zero-shot Learning", "Zero-Shot Learning", "confirmed"),
        ("A Study of Sampling", "A Study of Samplers", "other-title"),
        ("Networks Are Robust", "Networks Are Not Robust", "other-title"),
        ("Sampling, Part I", "Sampling, Part II", "other-title"),
        ("Learning C", "Learning C++", "other-title"),
        ("Is Sampling Fair?", "Is Sampling Fair", "other-title"),
        ("Sampling in 2+1 Dimensions", "Sampling in 21 Dimensions", "other-title"),
    ],
)
def test_titles(
    signed: str, cited: str, said: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = write(tmp_path / "r.json", document(signed))
    result = run(capsys, paper(tmp_path / "p", entry(cited)), "--cited", given, "--key", key)
    assert agreements(result) == {"a": said}


def test_nearly_the_same_title_is_a_note(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = write(tmp_path / "r.json", document("Networks Are Robust Against Noise"))
    source = paper(tmp_path / "p", entry("Networks Are Not Robust Against Noise"))
    found = run(capsys, source, "--cited", given, "--key", key)["findings"]
    assert [item["severity"] for item in found if item["code"] == "PITH813"] == ["note"]


def test_the_cited_version_is_compared_first_and_any_may_confirm(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = write(tmp_path / "r.jsonl", document("The First Title", version=1), document("A Second One", version=2))
    for title, version, said, record in (
        ("The First Title", "", "confirmed", 1),
        ("The First Title", "v2", "confirmed", 1),
        ("Quite Another", "", "other-title", 2),
        ("Quite Another", "v1", "other-title", 1),
    ):
        source = paper(tmp_path / "p", entry(title, f"2603.01234{version}"))
        (item,) = run(capsys, source, "--cited", given, "--key", key)["citations"]
        assert (item["agreement"], item["record"]["paper"]) == (said, f"arXiv:2603.01234v{record}")


def test_a_record_without_its_title_says_less(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = {name: part for name, part in document("A Study of Sampling").items() if name not in {"paper"}}
    given = write(tmp_path / "r.json", bare)
    other = paper(tmp_path / "p", entry("Quite Another"))
    assert agreements(run(capsys, other, "--cited", given, "--key", key)) == {"a": "unconfirmed"}
    both = paper(tmp_path / "p", entry("Quite Another") + entry("A study of sampling").replace("{a,", "{b,"))
    result = run(capsys, both, "--cited", given, "--key", key)
    assert agreements(result) == {"a": "other-title", "b": "confirmed"}  # the digest of b's title proves it for a
    assert result["citations"][0]["record"]["title"] == "A study of sampling"


@pytest.mark.parametrize("how", ["key", "signature", "digest"])
def test_a_forged_record_counts_for_nothing(
    how: str, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "Quite Another"
    forged = document(title)
    if how == "key":
        forged = signing.record_document(title, canonical=signing.canonical_record(title), key=signing.OTHER_KEY)
    elif how == "signature":
        forged["receipt"]["signature_b64"] = signing.sign("00" * 32)
    else:
        forged["canonical_record"]["source"]["id"] = "2603.04321"
    result = run(
        capsys, paper(tmp_path / "p", entry(title)), "--cited", write(tmp_path / "r.json", forged), "--key", key
    )
    assert agreements(result) == {"a": "no-record"}
    assert "PITH817" in {item["code"] for item in result["findings"]}


def test_the_records_of_an_unknown_key_are_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = write(tmp_path / "r.jsonl", document("One"), document("Two", id="2603.04321"))
    result = run(capsys, paper(tmp_path / "p", entry("One")), "--cited", given)
    (said,) = (item for item in result["findings"] if item["code"] == "PITH817")
    assert "(and 1 more)" in said["message"]


def test_records_beyond_the_bound_are_said(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pithtex.review.submission.citations.MAX_CITED_RECORDS", 1)
    given = write(tmp_path / "r.jsonl", document("One"), document("Two", id="2603.04321"))
    result = run(capsys, paper(tmp_path / "p", entry("One")), "--cited", given, "--key", key)
    assert agreements(result) == {"a": "confirmed"}
    (said,) = (item for item in result["findings"] if item["code"] == "PITH817")
    assert said["message"].endswith("r.jsonl:2 is not used: only the first 1 records were read")


def test_a_number_names_the_record_too(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = document("A Study of Sampling")
    given = write(tmp_path / "r.json", made)
    source = paper(tmp_path / "p", f"@misc{{a, title = {{A Study of Sampling}}, note = {{{made['pith_number']}}}}}")
    assert agreements(run(capsys, source, "--cited", given, "--key", key)) == {"a": "confirmed"}


def test_a_withdrawn_paper_is_said_with_the_registry_s_words(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = event("correction", "2026-03-07T00:00:00Z", {"text": "Withdrawn by the authors: the proof is wrong."})
    (tmp_path / "b.json").write_bytes(bundle(gone))
    source = paper(tmp_path / "p", entry("A Title of Some Length for the Tests"))
    result = run(capsys, source, "--cited", tmp_path / "b.json", "--key", key)
    assert agreements(result) == {"a": "confirmed"}
    (said,) = (item for item in result["findings"] if item["code"] == "PITH814")
    assert "the proof is wrong" in said["message"]


def test_a_record_beside_the_paper_that_it_cites_is_not_taken_for_its_own(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = paper(tmp_path / "p", entry("A Study of Sampling"))
    write(source.parent / "cited.json", document("A Study of Sampling"))
    result = run(capsys, source, "--key", key)
    assert agreements(result) == {"a": "confirmed"}
    assert {item["code"] for item in result["findings"]} == {"PITH601"}
    assert "record" not in result["facts"]


def test_a_comment_above_an_entry_silences_it(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = write(tmp_path / "r.json", document("A Study of Sampling"))
    source = paper(tmp_path / "p", "% pithtex: ignore=PITH813 (published under another title)\n" + entry("Another"))
    result = run(capsys, source, "--cited", given, "--key", key)
    assert agreements(result) == {"a": "other-title"}
    assert [item["code"] for item in result["silenced"]] == ["PITH813"]


def test_the_configuration_names_records_too(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = paper(tmp_path / "p", entry("A Study of Sampling"))
    (source.parent / "records").mkdir()
    write(source.parent / "records" / "r.json", document("A Study of Sampling"))
    (source.parent / ".pithtex.toml").write_text('cited = ["records"]\n')
    assert agreements(run(capsys, source, "--key", key)) == {"a": "confirmed"}
    keyring = signing.keyring()
    found = pithtex.presubmit(source, keyring)
    assert [item.agreement.value for item in found.submission.citations] == ["confirmed"]
    (source.parent / ".pithtex.toml").unlink()
    again = pithtex.presubmit(source, keyring, cited=[source.parent / "records"])
    assert again.submission.citations == found.submission.citations


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["presubmit", str(paper(tmp_path / "p", entry("A"))), "--cited", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("A. Author, Protocol Channels, J. Tests 1 (2020)", True),
        ("Author, A.: Protocol channels. J. Tests 1 (2020)", True),
        ("A. Author (2020). Protocol channels. J. Tests", True),
        ("A. Author, “Protocol channels,” J. Tests", True),
        ("Protocol Channels", True),
        ("A. Author, On Protocol Channels, J. Tests", False),
        ("A. Author, Protocol Channels in IPv6, J. Tests", False),
        ("A. Author, Security: Protocol Channels, J. Tests", False),
        ("A. Author, Protocol Channels: A Survey, J. Tests", False),
        ("A. Author, Protocol Channels++, J. Tests", False),
        ("A. Author, Covert Channels, J. Tests", False),
        ("", False),
    ],
)
def test_a_title_in_a_reference_without_fields(text: str, *, stands: bool) -> None:
    assert stands_in("Protocol Channels", text) is stands


def test_a_long_reference_is_read_within_a_bound() -> None:
    assert not stands_in("aa", "a" * 10_000)


# --- what BibTeX and Biber make of it --------------------------------------------------------------------------------

STYLES = {
    "plain": ("article", ""),
    "alpha": ("article", ""),
    "apalike": ("article", ""),
    "amsplain": ("article", ""),
    "IEEEtran": ("article", ""),
    "splncs04": ("article", ""),
    "plainnat": ("article", "\\usepackage{natbib}"),
    "elsarticle-num": ("article", ""),
    "apsrev4-2": ("revtex4-2", ""),
    "ACM-Reference-Format": ("acmart", "\\settopmatter{printacmref=false}"),
    "iopart-num": ("article", ""),
    "aasjournal": ("article", "\\usepackage{natbib}"),
    "agsm": ("article", "\\usepackage{harvard}"),
}


def database() -> str:
    """An entry with its own title and one with another's for each of some real records, in many forms."""
    documents = list(REAL.values())[:40]
    lines = []
    for number, made in enumerate(documents):
        arxiv = made["source"]["id"]
        kind = ("article", "misc", "inproceedings")[number % 3]
        where = {"article": "journal = {J. Tests}, volume = 3,", "inproceedings": "booktitle = {Proc. Tests},"}
        names = (f"eprint = {{{arxiv}}}, archivePrefix = {{arXiv}}", f"note = {{arXiv:{arxiv}}}")[number % 2]
        for what, other in (("right", made), ("wrong", documents[(number + 7) % len(documents)])):
            title = other["paper"]["title"]
            lines.append(
                f"@{kind}{{{what}{number}, author = {{Author{number}, A. and Other, B.}}, title = {{{title}}},"
                f" {where.get(kind, '')} {names}, year = {1980 + number}}}\n"
            )
    return "".join(lines)


@pytest.mark.parametrize("style", [*STYLES, "biblatex"])
def test_no_style_makes_a_wrong_reference_right(
    style: str, records: Path, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "refs.bib").write_text(database())
    name, packages = STYLES.get(style, ("article", "\\usepackage{biblatex}\\addbibresource{refs.bib}"))
    ends = f"\\bibliographystyle{{{style}}}\\bibliography{{refs}}" if style in STYLES else "\\printbibliography"
    (folder / "main.tex").write_text(
        f"\\documentclass{{{name}}}{packages}\\title{{T}}\\author{{A}}\\begin{{document}}\\maketitle\\nocite{{*}}{ends}"
        "\\end{document}\n"
    )
    for command in (["pdflatex", "-interaction=nonstopmode"], ["bibtex" if style in STYLES else "biber"]):
        needs.program(command[0])
        subprocess.run([*command, "main"], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (folder / "main.bbl").stat().st_size > 2000, "the style is not there, or the database is refused"
    both = agreements(run(capsys, folder / "main.tex", "--cited", records, "--key", key))
    (folder / "refs.bib").unlink()
    alone = agreements(run(capsys, folder / "main.tex", "--cited", records, "--key", key))
    for said in (both, alone):
        assert len(said) == 80
        wrong = {agreement for name, agreement in said.items() if name.startswith("wrong")}
        right = {agreement for name, agreement in said.items() if name.startswith("right")}
        assert "confirmed" not in wrong
        assert "other-title" not in right
    assert list(both.values()).count("confirmed") >= 20


def test_resolve_gets_the_records_of_the_papers_that_it_cites(
    key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store()
    store.put(pithtex.verify_record(pithtex.load_record(document("A Study of Sampling")), signing.keyring()))
    source = paper(tmp_path / "p", entry("A Study of Sampling") + entry("B", "2603.04321").replace("{a,", "{b,"))
    assert main(["resolve", "--cited", str(source), "--offline", "--key", key]) == 3
    out, err = capsys.readouterr()
    assert "A Study of Sampling" in out
    assert "2603.04321" in err
    assert main(["resolve", "--offline"]) == 2
    (tmp_path / "none").mkdir()
    assert main(["resolve", "--offline", "--cited", str(paper(tmp_path / "none", "@misc{a, title = {A}}"))]) == 2
    assert "name no paper of arXiv" in capsys.readouterr().err
    shutil.rmtree(store.folder)
