"""Each rule fires on its bad example, alone, and is silent on the good one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pithtex.catalogue import CATALOGUE
from pithtex.review.review import review
from pithtex.review.rules_page import RULES_OF, finding_of, parts_of, rule_section, rules_page
from tests.conftest import ROOT
from tests.review.cases import EXAMPLES, realise, submission

CODES = sorted(rule.code for rule in CATALOGUE.values() if rule.code.startswith(("PITH6", "PITH8")))
OWN = [code for code in CODES if not "PITH661" <= code < "PITH681"]
"""Those of the rules here; the codes of the build and of packing have tests of their own."""


@pytest.fixture(autouse=True)
def _empty_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TEXMFHOME", raising=False)


def test_every_rule_has_its_examples() -> None:
    assert sorted(path.name for path in EXAMPLES.glob("PITH*")) == OWN
    for code in OWN:
        assert (EXAMPLES / code / "bad" / "main.tex").exists(), code
        assert (EXAMPLES / code / "good" / "main.tex").exists(), code


@pytest.mark.parametrize("code", OWN)
def test_the_bad_example(code: str, tmp_path: Path) -> None:
    result = review(submission(*realise(EXAMPLES / code / "bad", tmp_path / "paper")))
    assert {item.finding.code for item in result.items} == {code}, result.items
    for item in result.items:
        assert item.finding.message
        assert item.file.startswith(str(tmp_path / "paper"))


@pytest.mark.parametrize("code", OWN)
def test_the_good_example(code: str, tmp_path: Path) -> None:
    result = review(submission(*realise(EXAMPLES / code / "good", tmp_path / "paper")))
    assert result.items == ()


def test_the_page_is_that_of_the_rules() -> None:
    page = (ROOT / "docs" / "reference" / "presubmit.md").read_text()
    assert rules_page(page, EXAMPLES) == page, "python -m pithtex.review.rules_page docs/reference/presubmit.md " + str(
        EXAMPLES
    )


def test_the_rules_are_in_the_order_of_their_codes_and_none_lacks_its_rule() -> None:
    chapters = [[finding_of(rule).code for rule in rules] for rules in RULES_OF.values()]
    assert all(codes == sorted(codes) for codes in chapters)
    assert sorted(code for codes in chapters for code in codes) == OWN


@pytest.mark.parametrize("rule", [rule for rules in RULES_OF.values() for rule in rules])
def test_a_rule_is_its_page(rule: Callable[..., object]) -> None:
    stated = finding_of(rule)
    section = rule_section(rule, EXAMPLES)
    assert f"### {stated.code} {stated.name}" in section
    for part in ("What it does", "Why it matters", "How to fix it"):
        assert f"**{part}.** {parts_of(rule)[part].split()[0]}" in " ".join(section.split()), part


def test_a_rule_without_its_parts_is_refused_by_name(tmp_path: Path) -> None:
    def licence_differs() -> None:
        """PITH629."""

    def no_such_finding() -> None:
        """PITH699."""

    with pytest.raises(ValueError, match="licence_differs: its docstring"):
        parts_of(licence_differs)
    with pytest.raises(ValueError, match="no_such_finding: the catalogue"):
        finding_of(no_such_finding)
    with pytest.raises(ValueError, match="PITH629 has no folders bad and good"):
        rule_section(licences_rule(), tmp_path)


def licences_rule() -> Callable[..., object]:
    return next(rule for rules in RULES_OF.values() for rule in rules if rule.__name__ == "licence_differs")
