"""A file may crash, hang or bloat what judges it: it gets its verdict, and every other file its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.papers import EXAMPLES, PLAIN, audit, lines, names_of, words
from tests.audit.traps import trapped

GOOD = EXAMPLES[0].read_bytes()
BAD = {
    "segfault": "worker-crashed",
    "exit": "worker-crashed",
    "lie": "worker-crashed",
    "hang": "check-stopped",
    "memory": "check-stopped",
    "error": "check-stopped",
}


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An audit of forty good files and two of each bad kind among them, where some shards have several of them."""
    folder = tmp_path_factory.mktemp("papers")
    for index in range(40):
        (folder / f"good{index}.pdf").write_bytes(GOOD if index % 2 else PLAIN.read_bytes())
    for kind in BAD:
        for index in range(2):
            (folder / f"{kind}{index}.pdf").write_bytes(trapped(GOOD, kind))
    (folder / "once.pdf").write_bytes(trapped(GOOD, f"once {folder}/sprung"))
    output = folder.parent / "out"
    done = audit(folder, "-o", output, "--jobs", "2", "--timeout", "5")
    assert done.returncode == 3, done.stderr
    return output


def test_every_file_has_one_verdict(output: Path) -> None:
    found = words(output)
    assert len(found) == 40 + 2 * len(BAD) + 1
    assert {found[f"good{index}.pdf"] for index in range(1, 40, 2)} == {"valid"}
    assert {found[f"good{index}.pdf"] for index in range(0, 40, 2)} == {"absent"}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_unreadable_and_says_why(output: Path, kind: str) -> None:
    found = [line for line in lines(output) if line["file"].rpartition("/")[2] in {f"{kind}0.pdf", f"{kind}1.pdf"}]
    assert [(line["verdict"], names_of(line)) for line in found] == 2 * [("unreadable", [BAD[kind]])]
    if kind == "hang":
        said = [item["message"] for line in found for item in line["findings"]]
        assert said == 2 * ["checking the file was stopped: checking it took longer than 5 seconds"]


def test_an_accident_is_no_verdict(output: Path) -> None:
    """What ends its process once, as when the machine has no memory left, is judged again."""
    assert words(output)["once.pdf"] == "valid"


def test_a_crash_is_put_down_to_no_file_before_it(tmp_path: Path) -> None:
    """The files of a shard stand side by side, and what is said of the one before may not have left the process."""
    papers = tmp_path / "in"
    papers.mkdir()
    for index in range(12):
        (papers / f"{index:02}.pdf").write_bytes(trapped(GOOD, "segfault") if index % 3 == 2 else PLAIN.read_bytes())
    audit(papers, "-o", tmp_path / "out", "--jobs", "1", "--text")
    found = words(tmp_path / "out")
    assert [found[f"{index:02}.pdf"] for index in range(12)] == 4 * ["absent", "absent", "unreadable"]


def test_a_file_that_goes_away_meanwhile_has_its_verdict(tmp_path: Path) -> None:
    """The first one to be judged takes the others away, which were listed already: each says so, and is asked again."""
    papers = tmp_path / "in"
    papers.mkdir()
    for index in range(6):
        (papers / f"{index}.pdf").write_bytes(trapped(GOOD, f"remove {papers}"))
    done = audit(papers, "-o", tmp_path / "out", "--jobs", "1")
    assert done.returncode == 2
    found = [(line["verdict"], names_of(line)) for line in lines(tmp_path / "out")]
    assert len(found) == 6
    assert [names for word, names in found if word == "unreadable"] == 5 * [["no-input"]]
    for index in range(6):
        (papers / f"{index}.pdf").write_bytes(GOOD)
    audit(papers, "-o", tmp_path / "out")
    assert set(words(tmp_path / "out").values()) == {"valid"}
    assert len(words(tmp_path / "out")) == 6


def test_archives_lose_only_the_member_that_crashes(tmp_path: Path) -> None:
    import tarfile
    import zipfile

    kinds = ("good1", "segfault", "good2", "hang", "exit", "good3")
    for kind in kinds:
        (tmp_path / f"{kind}.pdf").write_bytes(GOOD if kind.startswith("good") else trapped(GOOD, kind))
    with tarfile.open(tmp_path / "all.tar", "w") as tar, zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for kind in kinds:
            tar.add(tmp_path / f"{kind}.pdf", f"x/{kind}.pdf")
            archive.write(tmp_path / f"{kind}.pdf", f"x/{kind}.pdf")
    for name in ("all.tar", "all.zip"):
        audit(tmp_path / name, "-o", tmp_path / f"out-{name}", "--timeout", "3", "--jobs", "1")
        assert words(tmp_path / f"out-{name}") == {
            f"{kind}.pdf": "valid" if kind.startswith("good") else "unreadable" for kind in kinds
        }
