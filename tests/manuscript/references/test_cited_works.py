"""What a paper's bibliography says of the works that it cites."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.limits import MAX_CITED, MAX_KEYS
from pithtex.manuscript.references.cited_works import Bibliography, read_bibliography
from pithtex.manuscript.references.paper_map import paper_map
from pithtex.manuscript.source.read import read_manuscript

HEAD = "\\documentclass{article}\\begin{document}\n"


def bibliography(
    folder: Path, bib: str = "", bbl: str = "", body: str = "\\nocite{*}\\bibliography{refs}"
) -> Bibliography:
    (folder / "main.tex").write_text(f"{HEAD}{body}\n\\end{{document}}\n", encoding="utf-8")
    if bib:
        (folder / "refs.bib").write_text(bib, encoding="utf-8")
    if bbl:
        (folder / "main.bbl").write_text(bbl, encoding="utf-8")
    manuscript = read_manuscript(folder / "main.tex")
    return read_bibliography(manuscript, paper_map(manuscript))


def titles(found: Bibliography) -> dict[str, str]:
    return {work.key: work.title for work in found.works}


@pytest.mark.parametrize(
    ("bib", "title"),
    [
        ("@misc{a, title = {A Title}}", "A Title"),
        ('@misc{a, title = "A Title", year = 2026}', "A Title"),
        ('@misc{a, title = "A {"}quoted{"} Title"}', 'A "quoted" Title'),
        ("@misc{a, title = {{A Title}}}", "A Title"),
        ("@misc(a, title = {A (short) Title})", "A (short) Title"),
        ("@MISC{a, TITLE = {A\n   Title\n}}", "A Title"),
        ("@misc\n{a,\n title = {A Title}}", "A Title"),
        ('@string{b = "A "} @string{c = b # {Title}} @misc{a, title = c}', "A Title"),
        ('@string{b = "A"} @misc{a, title = b # " # " # {T{it}le}}', "A # Title"),
        ("@misc{a, title = {A Title}, title = {Another}}", "A Title"),
        ("@misc{a, title = {A Title}} @misc{A, title = {Another}}", "A Title"),
        ("@misc{a,\n  % year = 2026, a = {b\n  title = {A Title}\n}", "A Title"),
        ("@misc{a, title = {A Title}, subtitle = {With More}}", "A Title: With More"),
        ("@misc{a, title = {Stra{\\ss}e \\& {\\'E}tude}}", "Straße & Étude"),
        ("@misc{a, year = 2026}", ""),
    ],
)
def test_the_title_of_an_entry(bib: str, title: str, tmp_path: Path) -> None:
    found = bibliography(tmp_path, bib)
    assert [work.title for work in found.works] == [title]
    assert found.unread == ()


def test_a_paper_s_own_macros_are_expanded(tmp_path: Path) -> None:
    body = "\\newcommand{\\name}{Sampler}\\nocite{*}\\bibliography{refs}"
    found = bibliography(tmp_path, "@misc{a, title = {\\name: A Title}}", body=body)
    assert titles(found) == {"a": "Sampler: A Title"}


def test_only_what_is_cited_is_read(tmp_path: Path) -> None:
    bib = "@misc{One, title = {A}}\n@misc{two, title = {B}}"
    assert titles(bibliography(tmp_path, bib, body="\\cite{one}\\bibliography{refs}")) == {"One": "A"}
    assert titles(bibliography(tmp_path, bib, body="Nothing.\\bibliography{refs}")) == {}


def test_the_place_is_that_of_the_entry(tmp_path: Path) -> None:
    found = bibliography(
        tmp_path, "% words\n\n@string{a = {b}}\n  @misc{one,\n title = {A}}\n@misc\n{two, title={B}}\n"
    )
    assert [work.file.place(work.start) for work in found.works] == [(4, 3), (6, 1)]


def test_an_entry_that_is_none_is_counted(tmp_path: Path) -> None:
    body = "\\nocite{*}\\bibliography{refs}\\bibliography{refs}"
    found = bibliography(tmp_path, "@misc{one, title}\n@misc{two, title = {B}}\n@misc{three, title = {C\n", body=body)
    assert titles(found) == {"two": "B"}
    assert found.unread == ("2 entries of refs.bib",)


def test_the_bbl_goes_before_what_the_database_has_since(tmp_path: Path) -> None:
    bib = (
        "@misc{same, title = {A {Title}}, eprint = {1604.02957}}\n@misc{other, title = {New}, eprint = {1309.2357}}\n"
        "@misc{untitled, title = {A Third}, eprint = {1610.09422}}\n@misc{gone, title = {D}}"
    )
    bbl = (
        "\\begin{thebibliography}{9}\n\\bibitem{same} A. Author.\n\\newblock A title.\n\\newblock {\\em J.}, 1.\n"
        "\\bibitem{other} A. Author.\n\\newblock Old title.\n\\newblock arXiv:1309.2357.\n"
        "\\bibitem{untitled} A. Author, J. Tests 1, 2 (2020), arXiv:1610.09422.\n\\end{thebibliography}\n"
    )
    found = bibliography(tmp_path, bib, bbl)
    assert titles(found) == {"same": "A Title", "other": "Old title", "untitled": "A Third"}
    assert [[item.paper for item in work.locators] for work in found.works] == [
        ["arXiv:1604.02957"],
        ["arXiv:1309.2357"],
        ["arXiv:1610.09422"],
    ]
    assert [work.file.name for work in found.works] == ["refs.bib", "main.bbl", "refs.bib"]


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("\\bibitem{a} A. Author.\n\\newblock A title.\n\\newblock {\\em J. Tests}, 2020.", "A title"),
        ("\\bibitem[Author(2020)]{a} Author, A. (2020).\n\\newblock A title.\n\\newblock J. Tests.", "A title"),
        ("\\bibitem[{Author {\\it et~al.}(2020)}]%\n {a} A. Author, ``A title,'' J. Tests.", "A title"),
        ("\\bibitem{a} A. Author, \u201cA title\u201d, J. Tests.", "A title"),
        (
            "\\bibitem [{\\citenamefont {A}(2020)}]{a}%\n  \\bibfield  {title} {\\bibinfo {title} {A title},\\ }}",
            "A title",
        ),
        ("\\bibitem{a} A. Author, J. Tests 3, 4 (2020).\n\\newblock Erratum in press.", ""),
        ("\\bibitem{a} A. Author.\n\\newblock {\\em J. Tests}, 2020.", ""),
        ("\\bibitem{a} A. Author.\n\\newblock \\url{https://example.org}.", ""),
        ("\\bibitem{a} A. Author.\n\\newblock A title, May 2020.\n\\newblock J. Tests.", "A title"),
        ("\\bibitem{a} A. Author.\n\\newblock arXiv preprint arXiv:2401.12345, 2024.", ""),
        ("\\bibitem{a} A. Author.\n\\newblock In Proceedings of the Tests, 2020.", ""),
        ("\\bibitem{a} A. Author.\n\\newblock In search of tests.\n\\newblock J. Tests.", "In search of tests"),
        ("\\bibitem{a} A. Author.\n\\newblock Proc. of the Tests.", ""),
        ("\\bibitem{a} A. Author.\n\\newblock Nature, 2020.", ""),
        ("\\bibitem{a} A. Author, A title, J. Tests.", ""),
        ("\\harvarditem[Author]{Author}{2020}{a} A. Author, ``A title'', J.", "A title"),
        (
            "\\entry{a}{misc}{}\n\\field{title}{A {Title}}\n\\field{eprinttype}{arxiv}\n"
            "\\verb{eprint}\n\\verb 1604.02957\n\\endverb\n\\endentry",
            "A Title",
        ),
    ],
)
def test_the_title_of_a_printed_reference(item: str, title: str, tmp_path: Path) -> None:
    found = bibliography(tmp_path, bbl=f"\\begin{{thebibliography}}{{9}}\n{item}\n\\end{{thebibliography}}\n")
    assert titles(found) == {"a": title}


def test_references_in_the_source_itself(tmp_path: Path) -> None:
    body = (
        "\\begin{thebibliography}{9}\n\\bibitem{a} A. Author. ``A title'', arXiv:1604.02957.\n% \\bibitem{b} B.\n"
        "\\bibitem{c} C. Author, hep-ex/0701053.\n\\end{thebibliography}"
    )
    found = bibliography(tmp_path, body=body)
    assert titles(found) == {"a": "A title", "c": ""}
    assert [work.locators[0].paper for work in found.works] == ["arXiv:1604.02957", "arXiv:hep-ex/0701053"]
    assert found.works[0].file.place(found.works[0].start) == (3, 1)


def test_a_bibliography_that_is_not_understood_is_said(tmp_path: Path) -> None:
    assert bibliography(tmp_path, "@misc{a, title = {A}}", "\\ownbibliography{x}").unread == ("main.bbl",)


def test_more_works_than_the_bound_are_left_out_and_said(tmp_path: Path) -> None:
    found = bibliography(tmp_path, "\n".join(f"@misc{{k{i}, title = {{T}}}}" for i in range(MAX_CITED + 3)))
    assert (len(found.works), found.whole) == (MAX_CITED, False)


def test_entries_beyond_the_bound_are_counted(tmp_path: Path) -> None:
    found = bibliography(tmp_path, "@misc{a, title = {A}}\n" + "@" * MAX_KEYS + "\n@misc{b, title = {B}}")
    assert titles(found) == {"a": "A"}
    assert found.unread == ("2 entries of refs.bib",)


HOSTILE = [
    "@a{" * 50_000,
    "@a{k, x = " + "{" * 50_000,
    '@a{k, x = "' + "{" * 20_000 + "}" * 20_000 + '"}',
    "".join(f"@string{{s{i + 1} = s{i} # s{i}}}\n" for i in range(3_000)) + "@string{s0 = {aaaaaaaa}}@a{k, x = s2999}",
    "@" * 200_000,
    "@a{k, title = " + " # ".join(["{a}"] * 20_000) + "}",
    "\n" * 100_000 + "@a{k" + " " * 100_000,
]


@pytest.mark.parametrize("bib", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_database_ends(bib: str, tmp_path: Path) -> None:
    bibliography(tmp_path, bib)


@given(st.text(alphabet='@{}"#=,%\\\n ab1', max_size=300))
def test_any_database_and_any_bbl_is_read(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    bibliography(tmp_path_factory.mktemp("any"), f"@misc{{k, title = {text}}}", f"\\bibitem{{k}} {text}")


@given(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_characters="\\{}\"%#$~^_&`'-@", exclude_categories=["C", "Z"])
    )
)
def test_a_title_comes_out_as_it_went_in(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    for form in (f"{{{title}}}", f'"{title}"', f"{{{{{title}}}}}"):
        (work,) = bibliography(folder, f"@misc{{k, title = {form}, year = 2026}}").works
        assert work.title == title.strip(" .,")
