"""Each rule fires on its bad example, alone, and is silent on the good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pithtex.catalogue import CATALOGUE
from pithtex.presubmit.review import review
from tests.conftest import ROOT
from tests.presubmit.cases import EXAMPLES, realise, submission

CODES = sorted(rule.code for rule in CATALOGUE.values() if rule.code.startswith("PITH6"))
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


@pytest.mark.parametrize("code", OWN)
def test_every_rule_is_documented(code: str) -> None:
    page = (ROOT / "docs" / "presubmit.md").read_text()
    rule = next(rule for rule in CATALOGUE.values() if rule.code == code)
    _, heading, entry = page.partition(f"\n### {code} {rule.name}\n")
    assert heading, f"docs/presubmit.md has no section on {code} {rule.name}"
    entry = entry.partition("\n### ")[0]
    for part in ("**What.**", "**Why.**", "**Mend.**"):
        assert part in entry, f"{code}: {part}"
