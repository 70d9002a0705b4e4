"""What a release says of itself: versions, licences, addresses, the files for other programs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from release import addresses, check, files
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
FORMS = {
    "vendor.citation-file-format": ["CITATION.cff"],
    "vendor.github-workflows": sorted(str(path) for path in (ROOT / ".github" / "workflows").glob("*.yml")),
    "vendor.gitlab-ci": [".gitlab-ci.yml"],
    "vendor.github-issue-config": [".github/ISSUE_TEMPLATE/config.yml"],
    "vendor.github-issue-forms": [
        str(path) for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"
    ],
}


def test_every_file_has_a_licence(tmp_path: Path) -> None:
    root = ROOT
    if not (ROOT / ".git").exists():  # in an sdist reuse would take what was installed and built there for the project
        root = tmp_path / "project"
        shutil.copytree(
            ROOT, root, ignore=shutil.ignore_patterns(".venv", "build", "dist", "site", ".*_cache", ".cache")
        )
    done = subprocess.run(
        [sys.executable, "-m", "reuse", "lint", "--lines"], cwd=root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_the_licences_are_those_that_stand_elsewhere() -> None:
    for text, copy in {"Apache-2.0": "LICENSE", "LPPL-1.3c": "latex/LICENSE"}.items():
        assert (ROOT / "LICENSES" / f"{text}.txt").read_bytes() == (ROOT / copy).read_bytes()


def test_one_version_is_stated() -> None:
    assert set(check.stated_versions().values()) == {PROJECT["version"]}


@pytest.mark.parametrize("schema", FORMS)
def test_files_for_other_programs_have_their_forms(schema: str) -> None:
    assert FORMS[schema]
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *FORMS[schema]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_constraints_are_of_what_is_used() -> None:
    """`make constraints` writes them; they have no addresses."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)] == []
    pinned = {name.lower().replace("_", "-"): version for name, version in (line.split("==") for line in lines)}
    extras = PROJECT["optional-dependencies"]
    for line in [*PROJECT["dependencies"], *extras["dev"], *extras["release"]]:
        wanted = Requirement(line)
        assert pinned[wanted.name.lower()] in wanted.specifier, f"{line}: run make constraints"


def test_recipes_ask_for_what_the_project_asks_for() -> None:
    recipe = (ROOT / "release" / "conda" / "recipe.yaml").read_text()
    wanted = [re.sub(r"(?=[><=])", " ", line, count=1) for line in PROJECT["dependencies"]]
    assert re.findall(r"^    - (\S+ .+)$", recipe.partition("  run:\n")[2].partition("\ntests:")[0], re.M) == [
        f"python {PROJECT['requires-python']}",
        *wanted,
    ]


def test_the_debian_package_does_too() -> None:
    """dh_python3 writes names without versions, and leaves out what Debian does not have."""
    control = (ROOT / "release" / "debian" / "control").read_text()
    stated = set(re.findall(r"python3-([\w-]+) \((>=|<<) ([\w.]+)\)", control))
    debian = {"pillow": "pil", "pynacl": "nacl"}
    wanted = {
        (debian.get(each.name, each.name), {"<": "<<"}.get(bound.operator, bound.operator), bound.version)
        for each in map(Requirement, PROJECT["dependencies"])
        for bound in each.specifier
    }
    assert stated == wanted


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's files that name addresses, to be changed."""
    for path in {path for value in addresses.addresses().values() for path in addresses.naming(value)}:
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    monkeypatch.setattr(files, "ROOT", tmp_path)
    monkeypatch.setattr(addresses, "ROOT", tmp_path)
    monkeypatch.setattr(addresses, "FILE", tmp_path / "release" / "addresses.toml")
    return tmp_path


def test_an_address_is_set_everywhere(copy: Path) -> None:
    new = {
        "slug": "somebody/pithtex",
        "site": "https://somebody.test/pithtex",
        "contact": "hello@somebody.test",
        "security": "holes@somebody.test",
    }
    assert set(new) == set(addresses.addresses())
    for name, value in new.items():
        assert addresses.main([name, value]) == 0
    assert addresses.placeholders() == {}
    for path in copy.rglob("*"):
        if path.is_file() and path.name != "addresses.py":
            text = path.read_text("utf-8")
            assert "OWNER/" not in text, path
            assert "pithtex.example.org" not in text, path
    assert 'Source = "https://github.com/somebody/pithtex"' in (copy / "pyproject.toml").read_text()
    assert "{holes@somebody.test}" not in (copy / "latex" / "pith-contact.tex").read_text()
    assert "{hello@somebody.test}" in (copy / "latex" / "pith-contact.tex").read_text()


@pytest.mark.parametrize(
    "arguments", [("site", "http://a.test"), ("site", "https://a.test/"), ("slug", "a"), ("x", "y")]
)
def test_what_is_no_address_is_refused(copy: Path, arguments: tuple[str, str]) -> None:
    before = (copy / "release" / "addresses.toml").read_bytes()
    assert addresses.main([*arguments]) == 2
    assert (copy / "release" / "addresses.toml").read_bytes() == before


def test_a_release_is_refused_while_a_placeholder_stands() -> None:
    standing = list(check.placeholders())
    assert len([line for line in standing if line.startswith("release/addresses.toml")]) == len(
        addresses.placeholders()
    )
