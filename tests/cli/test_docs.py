"""The documentation says what is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pithtex
from pithtex.catalogue import CATALOGUE
from pithtex.cli.main import build_parser, main
from pithtex.findings import Severity
from pithtex.format.profile import BADGE_NAME, INFO_NUMBER, INFO_RECEIPT, LINK_PREFIX, XMP_NAMESPACE
from pithtex.report.findings_page import catalogue_page
from tests.conftest import BUNDLE_FILE, ROOT

README = (ROOT / "README.md").read_text()


def test_the_page_of_findings_is_that_of_the_catalogue() -> None:
    assert (ROOT / "docs" / "findings.md").read_text() == catalogue_page()


def test_codes_are_distinct_and_in_order_and_every_rule_is_used() -> None:
    codes = [rule.code for rule in CATALOGUE.values()]
    assert codes == sorted(set(codes))
    sources = "".join(path.read_text() for path in (ROOT / "pithtex").rglob("*.py") if path.name != "catalogue.py")
    assert [name for name in CATALOGUE if f'"{name}"' not in sources] == []
    assert {rule.severity for rule in CATALOGUE.values()} == set(Severity)


def test_the_readme_lists_every_command() -> None:
    parser = build_parser()
    for command in re.findall(r"\{?([a-z]+)", parser.format_help().partition("commands:")[2].partition("example:")[0]):
        if command in {"verify", "generate", "check", "keys", "add", "resolve", "store", "mirror", "presubmit"}:
            assert f"    pithtex {command} " in README or f"    pithtex {command}\n" in README


def test_the_readmes_first_way_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands of the README's first section, as they stand there, and what it shows of their output.

    The record is in the store already; how it gets there over a network is tested with the mirrors.
    """
    commands = re.findall(r"^    (pithtex .*)$", README.partition("## Start")[0], re.M)
    assert commands == ["pithtex add 2606.01751", "pithtex presubmit", "pithtex presubmit --pack upload.tar.gz"]
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "store"))
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")
    assert main(["store", "import", "-q", str(BUNDLE_FILE)]) == 0
    example = (ROOT / "examples" / "sparsex" / "main.tex").read_text()
    lines = "\\usepackage{pith}\n\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n"
    assert "".join(f"    {line}\n" for line in lines.splitlines()) in README
    (tmp_path / "main.tex").write_text(example.replace(lines, ""))
    monkeypatch.chdir(tmp_path)
    assert main([*commands[0].split()[1:], "--yes"]) == 0
    assert (tmp_path / "main.tex").read_text() == example
    (tmp_path / "main.pdf").write_bytes((ROOT / "examples" / "sparsex" / "main.pdf").read_bytes())
    capsys.readouterr()
    assert main(commands[1].split()[1:]) == 0
    shown = "".join(f"    {line}".rstrip() + "\n" for line in capsys.readouterr().out.splitlines())
    assert README.partition("    pithtex presubmit\n\n")[2].startswith(shown)
    assert main(commands[2].split()[1:]) == 0
    assert "upload    wrote upload.tar.gz: 2 files" in capsys.readouterr().out


def test_the_codes_of_builds_and_uploads_are_documented() -> None:
    page = (ROOT / "docs" / "build-and-pack.md").read_text()
    rows = re.findall(r"^\| (PITH[0-9]+) \| ([a-z-]+) \|", page, re.M)
    assert rows == [(rule.code, rule.name) for rule in CATALOGUE.values() if "PITH661" <= rule.code < "PITH681"]


def test_the_codes_of_the_network_are_documented() -> None:
    codes = sorted(rule.code for rule in CATALOGUE.values() if rule.code.startswith("PITH5"))
    page = " ".join((ROOT / "docs" / "resolve.md").read_text().split())
    assert f"{codes[0]} to {codes[-1]}" in page


def test_the_readmes_python(tmp_path: Path) -> None:
    program = README.partition("```python\n")[2].partition("```")[0]
    (tmp_path / "bundle.json").write_bytes(BUNDLE_FILE.read_bytes())
    (tmp_path / "main.pdf").write_bytes((ROOT / "examples" / "sparsex" / "main.pdf").read_bytes())
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[1] == "valid"


def test_the_profile_is_the_same_in_code_docs_and_latex() -> None:
    documented = (ROOT / "docs" / "pdf-profile.md").read_text()
    package = (ROOT / "latex" / "pith.sty").read_text()
    for name in (BADGE_NAME, INFO_NUMBER[1:], INFO_RECEIPT[1:], LINK_PREFIX.removesuffix("pith/"), XMP_NAMESPACE):
        assert name in documented, name
        assert name in package, name


def test_links_between_documents_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "latex" / "README.md"):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if not target.startswith("https://"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_version_is_stated_once() -> None:
    assert f'version = "{pithtex.__version__}"' in (ROOT / "pyproject.toml").read_text()
