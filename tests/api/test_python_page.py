"""docs/reference/python.md: its examples give what they show, and each task takes at most five lines."""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import pytest

import pithtex
from tests import signing
from tests.conftest import BUNDLE_FILE, ROOT
from tests.kit.command_line import EXAMPLE, RECORD

PAGE = (ROOT / "docs" / "reference" / "python.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^(?:###? )(.+)\n((?:(?!##).*\n)*)", PAGE, re.MULTILINE))
TASKS = [name for name in SECTIONS if name[0].isdigit()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stored: None) -> Path:
    """The files that the examples name."""
    shutil.copy(RECORD, tmp_path / "record.json")
    shutil.copy(BUNDLE_FILE, tmp_path / "bundle.json")
    shutil.copy(EXAMPLE, tmp_path / "paper.pdf")
    shutil.copytree(EXAMPLE.parent, tmp_path / "paper")
    key = signing.TEST_KEY.verify_key.encode().hex()
    (tmp_path / "keys.txt").write_text(f"{signing.TEST_KEY_ID} {key}\n")
    badge = pithtex.badge(pithtex.verify(pithtex.load_bundle(BUNDLE_FILE.read_bytes())), "md")
    (tmp_path / "README.md").write_text(f"# Code\n\n{badge}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_are_fifteen_tasks() -> None:
    assert [int(name.partition(".")[0]) for name in TASKS] == list(range(1, 16))


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["pithtex from Python", *TASKS, "Results"])
def test_the_examples_give_what_they_show(name: str) -> None:
    text = PAGE.partition("\n## ")[0] if name == "pithtex from Python" else SECTIONS[name]
    found = doctest.DocTestParser().get_doctest(text, {"pithtex": pithtex}, name, "docs/reference/python.md", 0)
    assert found.examples
    told: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(found, out=told.append)
    assert not results.failed, "".join(told)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_takes_at_most_five_lines(name: str) -> None:
    assert 1 <= len(re.findall(r"^(?:>>>|\.\.\.) ", SECTIONS[name], re.MULTILINE)) <= 5


def test_every_public_name_is_on_the_page_or_well_known() -> None:
    """The older names: docs/reference/format.md, docs/reference/merge.md and the docstrings have them."""
    older = {"Finding", "Key", "MalformedError", "PithNumber", "State", "abstract_digest", "canonical_bytes"}
    older |= {"default_keyring", "digest", "load_bundle", "load_record", "merge", "title_digest"}
    older |= {"verify_bundle", "verify_record"}
    assert {name for name in pithtex.__all__ if not re.search(rf"\b{name}\b", PAGE)} <= older
