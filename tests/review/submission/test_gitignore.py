"""Whether version control leaves pith.sty out: as `git check-ignore` says it."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from pithtex.review.submission.gitignore import ignoring_lines

NO_CONFIGURATION = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def repository(folder: Path) -> Path:
    """An empty repository, without the lines that a template of the machine may bring."""
    subprocess.run(["git", "init", "-q", "--template=", str(folder)], check=True, env=NO_CONFIGURATION)
    return folder


def ignored_by_git(root: Path, path: str) -> bool:
    done = subprocess.run(["git", "-C", str(root), "check-ignore", "-q", path], env=NO_CONFIGURATION, check=False)
    assert done.returncode in {0, 1}
    return done.returncode == 0


@pytest.mark.parametrize("place", [".", "paper", "paper/v2"])
@pytest.mark.parametrize(
    "lines",
    [
        "*.sty",
        "pith.sty",
        "/pith.sty",
        "p?th.sty",
        "p*.sty",
        "**/*.sty",
        "**/pith.sty",
        "*.log",
        "# *.sty",
        "",
        "PITH.STY",
        # with a folder, or several
        "paper/*.sty",
        "/paper/pith.sty",
        "paper/v2/pith.sty",
        "/paper/v2/*.sty",
        "paper/**/pith.sty",
        "v2/*.sty",
        "**/v2/pith.sty",
        "paper/*",
        "paper/**",
        "*/pith.sty",
        # folders as a whole, and what can't be taken in again below them
        "paper",
        "paper/",
        "/v2/",
        "**/v2",
        "pith.sty/",
        "pith.sty/*",
        "*/",
        "paper/\n!pith.sty",
        "v2\n!v2/pith.sty",
        "*.sty\n!paper/",
        "/*\n!/paper/",
        "/*\n!/paper\n/paper/*\n!/paper/v2/",
        "paper/**\n!paper/v2/\n!paper/v2/pith.sty",
        # the last line counts
        "*.sty\n!pith.sty",
        "!pith.sty\n*.sty",
        "*\n!*.sty",
        "*\n!*/\n!pith.sty",
        # characters with a meaning, and the same without it
        r"\*.sty",
        r"\pith.sty",
        r"\!pith.sty",
        r"\#pith.sty",
        "pith.sty\\",
        "[p]ith.sty",
        "[!a]ith.sty",
        "[^p]ith.sty",
        "pith.[a-s]ty",
        "pith.[t-a]ty",
        "[[:alpha:]]ith.sty",
        "[[:digit:]]ith.sty",
        "[pith.sty",
        "paper[!x]pith.sty",
        "paper[!x]v2/pith.sty",
        # blanks, ends of lines, marks
        "pith.sty  ",
        "pith.sty\\ ",
        "pith.sty\t",
        " pith.sty",
        "pith.sty\r\n",
        "\ufeffpith.sty",
        "!",
        "/",
        "**",
    ],
)
def test_a_pattern_says_what_it_says_to_git(tmp_path: Path, place: str, lines: str) -> None:
    root = repository(tmp_path / "repository")
    folder = root / "paper" / "v2"
    folder.mkdir(parents=True)
    (folder / "pith.sty").touch()
    (root / place / ".gitignore").write_text(lines, encoding="utf-8", newline="")
    assert bool(ignoring_lines(folder, "pith.sty")) == ignored_by_git(root, "paper/v2/pith.sty")


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("*.sty", "!pith.sty"),
        ("!pith.sty", "*.sty"),
        ("paper/", "!pith.sty"),
        ("*.sty", "!*.log"),
        ("*.sty", "!paper/pith.sty"),
        ("!*.sty", "pith.sty/"),
    ],
)
def test_the_deeper_file_goes_before_the_upper_one(tmp_path: Path, upper: str, lower: str) -> None:
    root = repository(tmp_path / "repository")
    folder = root / "paper"
    folder.mkdir()
    (folder / "pith.sty").touch()
    (root / ".gitignore").write_text(upper + "\n")
    (folder / ".gitignore").write_text(lower + "\n")
    assert bool(ignoring_lines(folder, "pith.sty")) == ignored_by_git(root, "paper/pith.sty")


def test_names_are_taken_as_they_are(tmp_path: Path) -> None:
    """A folder whose name has characters with a meaning in patterns, or is not UTF-8."""
    root = repository(tmp_path / "repository")
    for name in (b"a[b]*", b"caf\xe9", "caf\u00e9".encode()):
        folder = root / os.fsdecode(name)
        folder.mkdir()
        (folder / "pith.sty").touch()
        (root / ".gitignore").write_bytes(name + b"/pith.sty\n")
        assert bool(ignoring_lines(folder, "pith.sty")) == ignored_by_git(root, os.fsdecode(name) + "/pith.sty"), name


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    root = repository(tmp_path / "repository")
    (root / "pith.sty").touch()
    (tmp_path / "lines").write_text("*.sty\n")
    (root / ".gitignore").symlink_to(tmp_path / "lines")
    assert ignoring_lines(root, "pith.sty") == ()


def test_only_the_repository_counts(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("*.sty\n")
    root = tmp_path / "repository"
    folder = root / "paper"
    folder.mkdir(parents=True)
    assert ignoring_lines(folder, "pith.sty") == ()  # no repository: what lies above is not this paper's
    repository(root)
    assert ignoring_lines(folder, "pith.sty") == ()
    (root / ".gitignore").write_text("*.sty\n")
    assert ignoring_lines(folder, "pith.sty") == (".gitignore: *.sty",)
    (root / ".gitignore").write_text("/pith.sty\n")
    assert ignoring_lines(folder, "pith.sty") == ()


def test_hostile_patterns_take_no_time(tmp_path: Path) -> None:
    """Each of these would be tried in more ways than there is time for, on names as long as a file system takes."""
    folder = tmp_path.joinpath("repository", *["a" * 250] * 4)
    folder.mkdir(parents=True)
    repository(tmp_path / "repository")
    lines = ["*a" * 40 + "b", "**/*a*a*a*b", "/".join(["**", "*a*"] * 20), "a*" * 100 + "/b", "[[" * 2_000, "?*" * 50]
    (tmp_path / "repository" / ".gitignore").write_text("\n".join(lines * 400))
    started = time.process_time()
    assert ignoring_lines(folder, "pith.sty") == ()
    assert time.process_time() - started < 5
