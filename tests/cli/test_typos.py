"""Mistyped commands, options, formats and codes: what was probably meant, and the usage of the command typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pithtex.text import did_you_mean
from tests.conftest import BUNDLE_FILE, ROOT
from tests.kit.command_line import EXAMPLE, RECORD, run

PAPER = ROOT / "examples" / "sparsex"


@pytest.mark.parametrize(
    ("words", "usage", "said"),
    [
        ("chekc paper.pdf", "pithtex", "unknown command 'chekc'; did you mean check?"),
        ("Verify x", "pithtex", "unknown command 'Verify'; did you mean verify?"),
        ("keys-list", "pithtex", "unknown command 'keys-list'; did you mean keys?"),
        ("help chekc", "pithtex", "unknown command 'chekc'; did you mean check?"),
        ("xyzzy", "pithtex", "unknown command 'xyzzy'; pithtex --help lists them"),
        ("--verison", "pithtex", "unknown option --verison; did you mean --version?"),
        ("check --fromat sarif paper.pdf", "pithtex check", "unknown option --fromat; did you mean --format?"),
        ("check --fromat=sarif paper.pdf", "pithtex check", "unknown option --fromat; did you mean --format?"),
        ("badge --fromat md x.json", "pithtex badge", "unknown option --fromat; did you mean --format?"),
        ("check --xyzzy paper.pdf", "pithtex check", "unknown option --xyzzy"),
        ("check -x paper.pdf", "pithtex check", "unknown option -x"),
        ("check --format sarfi a.pdf", "pithtex check", "--format: unknown format 'sarfi'; did you mean sarif?"),
        ("keys extra", "pithtex keys", "unexpected argument 'extra'"),
        ("badge --format markdown b.json", "pithtex badge", "unknown format 'markdown'; did you mean md?"),
        ("badge --format bibtx b.json", "pithtex badge", "unknown format 'bibtx'; did you mean bibtex?"),
        ("badge --format asciidoc b.json", "pithtex badge", "unknown format 'asciidoc'; did you mean adoc?"),
        ("badge --format xyzzy b.json", "pithtex badge", "unknown format 'xyzzy'; pithtex badge --help lists them"),
        ("badge --format md --style flatt b.json", "pithtex badge", "unknown style 'flatt'; did you mean flat?"),
        ("store lst", "pithtex store", "unknown action 'lst'; did you mean list?"),
        ("store list --quite", "pithtex store list", "unknown option --quite; did you mean --quiet?"),
        ("mirror exprot x", "pithtex mirror", "unknown action 'exprot'; did you mean export?"),
    ],
)
def test_a_typo_is_named_with_what_was_meant(
    words: str, usage: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, *words.split())
    assert (code, out) == (2, "")
    assert err.startswith(f"usage: {usage} [")
    assert err.splitlines()[-1].startswith(f"{usage}: error: ")
    assert err.rstrip("\n").endswith(said)


def test_a_mistyped_code_a_verdict_and_a_key_of_the_configuration(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, _, err = run(capsys, "presubmit", "--ignore", "abstract-unconfirmd", PAPER)
    assert (code, "unknown finding 'abstract-unconfirmd'; did you mean abstract-unconfirmed?" in err) == (2, True)
    code, _, err = run(capsys, "check", "--allow", "absnet", EXAMPLE)
    assert (code, "unknown verdict 'absnet'; did you mean absent?" in err) == (2, True)


def test_the_beginning_of_an_option_is_still_enough(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "badge", "--form", "md", BUNDLE_FILE)[0] == 0


def test_a_value_that_looks_like_an_option_can_be_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "verify", "--", "--fromat")[0] == 2
    assert "usage" not in run(capsys, "verify", "--", "--fromat")[2]


@pytest.mark.parametrize(("words", "same"), [("help", "--help"), ("version", "--version"), ("-V", "--version")])
def test_help_and_version_as_words(words: str, same: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, words) == run(capsys, same)
    assert run(capsys, words)[0] == 0


@pytest.mark.parametrize("command", ["check", "store", "store import"])
def test_help_of_a_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "help", *command.split())
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: pithtex {command} [-h]")


@pytest.mark.parametrize("words", [("-v", "verify", RECORD), ("verify", "-v", RECORD), ("verify", RECORD, "--verbose")])
def test_verbose_says_what_is_read(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, *words)
    assert code == 0
    assert f"pithtex: reading {RECORD}" in err.splitlines()
    assert run(capsys, "verify", RECORD)[2] == ""


def test_what_was_meant() -> None:
    assert did_you_mean("chekc", ["check", "keys"]) == "; did you mean check?"
    assert did_you_mean("x" * 10_000, ["check"]) == ""
    assert did_you_mean("", ["check"]) == ""
    assert did_you_mean("tex", {"latex": "LaTeX", "md": "Markdown"}) == "; did you mean latex?"
