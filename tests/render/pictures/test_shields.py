"""The badge among others: shields' styles at their metrics, the mark, the state in a part of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from pithtex.cli.main import main
from pithtex.errors import UsageError
from pithtex.render.formats import BY_NAME
from pithtex.render.look import MESSAGES, STYLES, Look, picture_at
from pithtex.render.pictures.shields import COLOURS, MARK_SIDE, segments_of
from pithtex.render.pictures.shields import STYLES as DRAWN
from tests.conftest import BUNDLE_FILE
from tests.render.samples import HOSTILE, said, stated

ROWS = json.loads((Path(__file__).parent / "shields.json").read_text())
"""Made by shields' own badge-maker: make_shields.mjs."""
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['style']}-{row['message']}")
def test_the_metrics_are_those_of_shields(row: dict[str, Any]) -> None:
    style = DRAWN[row["style"]]
    label, message = segments_of([("pith", "label"), (row["message"], "plain")], row["style"])
    assert [message.x + message.width, style.height] == pytest.approx(row["size"])
    assert message.x == pytest.approx(row["edge"])
    assert style.radius == row["radius"]
    drawn = [[part.middle, style.baseline, part.length] for part in (label, message)]
    assert drawn == [pytest.approx(text) for text in row["texts"]]


def badge(style: str, *words: str) -> ElementTree.Element:
    statement = stated("A title", standing=said(*words))
    return ElementTree.fromstring(BY_NAME["svg"].render(replace(statement, look=Look(style=style))))


@pytest.mark.parametrize("style", STYLES)
def test_the_mark_stands_where_a_logo_does(style: str) -> None:
    mark = next(row["mark"] for row in ROWS if row["style"] == style)
    drawing = badge(style)
    (place,) = [group.get("transform") for group in drawing.iter(f"{SVG}g") if group.get("transform")]
    assert place == f"translate({mark[0]:g} {mark[1]:g})"
    assert MARK_SIDE == 14


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("message", MESSAGES)
def test_it_says_the_paper_or_the_number(style: str, message: str) -> None:
    statement = replace(stated("A title"), look=Look(style=style, message=message))
    name = statement.source if message == "arxiv" else statement.suffix[:8]
    texts = [text.text for text in ElementTree.fromstring(BY_NAME["svg"].render(statement)).iter(f"{SVG}text")]
    assert (name.upper() if style == "for-the-badge" else name) in texts


@pytest.mark.parametrize("style", STYLES)
def test_a_withdrawn_paper_has_a_part_more(style: str) -> None:
    plain, grave = badge(style), badge(style, "withdrawn")
    grounds = [[rect.get("fill") for rect in each.iter(f"{SVG}rect") if rect.get("class")] for each in (plain, grave)]
    assert grounds == [[COLOURS["label"], COLOURS["plain"]], [COLOURS["label"], COLOURS["quiet"], COLOURS["grave"]]]
    assert "withdrawn" in [str(text.text).lower() for text in grave.iter(f"{SVG}text")]


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("role", COLOURS)
def test_white_letters_can_be_read(role: str) -> None:
    """WCAG 2.2, 1.4.3."""
    assert 1.05 / (luminance(COLOURS[role]) + 0.05) >= 4.5


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_a_record_is_markup(name: str) -> None:
    ElementTree.fromstring(BY_NAME["svg"].render(stated(HOSTILE[name])))


@pytest.mark.parametrize("form", ["md", "rst", "adoc", "org"])
def test_the_picture_is_written_beside_the_text(form: str, tmp_path: Path) -> None:
    target = tmp_path / "badge.txt"
    assert main(["badge", str(BUNDLE_FILE), "--format", form, "--style", "plastic", "-o", str(target)]) == 0
    assert "pith-badge.svg" in target.read_text("utf-8")
    assert b'height="18"' in (tmp_path / "pith-badge.svg").read_bytes()


@pytest.mark.parametrize("form", ["md", "rst", "adoc", "org"])
def test_the_picture_may_be_elsewhere(form: str, tmp_path: Path) -> None:
    target = tmp_path / "badge.txt"
    address = "https://example.org/badges/"
    assert main(["badge", str(BUNDLE_FILE), "--format", form, "--url", address, "-o", str(target)]) == 0
    assert f"{address}pith-badge.svg" in target.read_text("utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["badge.txt"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x.svg",
        "javascript:alert(1)",
        "https://",
        "https://x.org/a b",
        "https://x.org/](y",
        'https://x.org/"x',
        "//x/y",
    ],
)
def test_an_address_that_some_language_would_read_otherwise(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError):
        picture_at(address)
    assert main(["badge", str(BUNDLE_FILE), "--format", "md", "--url", address]) == 2
    assert capsys.readouterr().out == ""
