"""Each cell of the table of channels is there and true: what a new channel needs, this names."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from pithtex.browser.constants import constants
from pithtex.format import profile
from pithtex.pdf.channels.table import CHANNELS, FROM_OBJECTS, INFO, LINK, TEXT, XMP, ChannelKind
from pithtex.pdf.check import check_pdf
from pithtex.pdf.evidence import Stated
from pithtex.pdf.read import read_evidence
from tests.pdf.channels.profile_page import PAGE, with_table

ROOT = Path(__file__).parents[3]
PAPER = ROOT / "examples" / "sparsex" / "main.pdf"
PACKAGE = (ROOT / "latex" / "pith.sty").read_text()
DOCS = PAGE.read_text()


def gaps(kind: ChannelKind) -> list[str]:
    """Each cell of a row that is empty or untrue, with what it lacks."""
    found = [cell.name for cell in fields(kind) if not getattr(kind, cell.name)]
    for name in kind.constants:
        text = getattr(profile, name, "").removeprefix("/")
        found += [f"constants: {name} is not in {place}" for place in missing(text, kind)]
    if kind.writer and not re.search(rf"\\cs_(?:new|gset)\w*:N\w+ {re.escape(kind.writer)}", PACKAGE):
        found.append(f"writer: latex/pith.sty defines no {kind.writer}")
    if kind.browser and not kind.browser.startswith("- "):
        module, _, function = kind.browser.partition(" ")
        script = ROOT / "pithtex" / "browser" / module
        if not script.is_file() or f"function {function}(" not in script.read_text():
            found.append(f"browser: {module} has no function {function!r}")
    if f"\n## {kind.docs}\n" not in DOCS:
        found.append(f"docs: docs/reference/pdf-profile.md has no heading {kind.docs!r}")
    if kind.name not in {said.channel for said in check_pdf(PAPER).channels}:
        found.append(f"read: a paper with pith.sty shows nothing in the channel {kind.name}")
    return found


def missing(text: str, kind: ChannelKind) -> list[str]:
    """Where a constant of the profile should stand and does not."""
    places = {"format/profile.py": text or "-", "latex/pith.sty": PACKAGE, "docs/reference/pdf-profile.md": DOCS}
    if kind.browser and not kind.browser.startswith("- "):
        places["the constants of browser/"] = str(constants(()))
    return [place for place, content in places.items() if not text or text not in content]


@pytest.mark.parametrize("kind", CHANNELS, ids=lambda kind: kind.name)
def test_no_cell_is_empty_or_untrue(kind: ChannelKind) -> None:
    assert gaps(kind) == []


@pytest.mark.parametrize("cell", [cell.name for cell in fields(ChannelKind)])
def test_a_gap_is_named(cell: str) -> None:
    assert cell in {gap.partition(":")[0] for gap in gaps(replace(INFO, **{cell: None if cell != "constants" else ()}))}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("name", "pieceinfo"),
        ("constants", ("PIECE_INFO",)),
        ("writer", r"\__pith_piece:n"),
        ("browser", "pdf/judge.js readPieces"),
        ("browser", "pdf/pieces.js readPieces"),
        ("docs", "Which piece is the badge"),
    ],
)
def test_an_untrue_cell_is_named(cell: str, value: object) -> None:
    """As of a channel of which one end was made, and the others forgotten."""
    found = gaps(replace(INFO, **{cell: value}))
    assert {gap.partition(":")[0] for gap in found} == {"read" if cell == "name" else cell}


def test_every_constant_of_the_profile_is_of_a_channel() -> None:
    """But for the registry's hosts and its look-up, and what counts for nothing: no PDF is written with them."""
    named = {name for kind in CHANNELS for name in kind.constants}
    unwritten = {"REGISTRY_HOSTS", "ARXIV_LOOKUP", "HARMLESS_ENTRIES"}
    assert named == {name for name in vars(profile) if name.isupper()} - unwritten


def test_what_objects_state_is_read_by_the_table() -> None:
    assert {kind.name for kind in FROM_OBJECTS} == set(Stated._fields)
    assert set(FROM_OBJECTS) == {LINK, INFO, XMP} == set(CHANNELS) - {TEXT}
    evidence = read_evidence(PAPER, text=False)
    for kind in FROM_OBJECTS:
        (number,) = kind.says(evidence.stated).numbers
        assert number.endswith("CNPMIFD42NONUMCBYNP4XLPY53")


def test_the_page_has_the_table() -> None:
    assert with_table(DOCS) == DOCS, "python -m tests.pdf.channels.profile_page"
