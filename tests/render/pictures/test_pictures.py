"""The drawings in a real browser: what they show, in which box and colour, and that no title does anything."""

from __future__ import annotations

import io
import itertools
import json
import xml.parsers.expat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page

from pithtex.render.formats import BY_NAME
from pithtex.render.pictures.metrics import all_known, width, wrap
from pithtex.render.statement import Claims, Statement
from tests.conftest import ROOT
from tests.render.samples import HOSTILE, said, stated

FULL = {
    "standing": said("corrected", "anchored in time", "stored", text="A typo in section 2."),
    "claims": Claims(words=("author attested", "replicated")),
    "checked": date(2026, 11, 24),
}
ELEMENTS = {"svg", "title", "desc", "metadata", "style", "path", "g", "text"}
ELEMENTS |= {"rect", "circle", "linearGradient", "stop", "clipPath"}
titles = pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE.keys())
drawings = pytest.mark.parametrize("name", ["svg", "svg-card", "qr"])

MEASURE = """[...document.querySelectorAll('text:not([aria-hidden])')].map(text => {
    const box = text.getBBox(), scale = text.getCTM().a
    return {left: scale * box.x, right: scale * (box.x + box.width),
            top: scale * box.y, bottom: scale * (box.y + box.height),
            length: scale * text.getComputedTextLength(), stated: scale * text.textLength.baseVal.value,
            size: parseFloat(getComputedStyle(text).fontSize),
            colour: getComputedStyle(text).fill, text: text.textContent, role: text.getAttribute('class')}
})"""
FILLS = """Object.fromEntries([...document.querySelectorAll('path[class],rect[class]')].map(
    path => [path.getAttribute('class'), getComputedStyle(path).fill]))"""


class Reader:
    """One page of the browser that opens file after file. Nothing may be asked for, said or run but the file itself."""

    def __init__(self, browser: Browser, folder: Path, *, dark: bool = False) -> None:
        self.context = browser.new_context(color_scheme="dark" if dark else "light", offline=True)
        self.page = self.context.new_page()
        self.folder = folder
        self.noise: list[str] = []
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("dialog", lambda dialog: self.noise.append(dialog.message))
        self.page.on("request", lambda request: self.noise.append(request.url))

    def open(self, content: str, name: str = "badge.svg") -> Page:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        self.noise.clear()
        self.page.goto(path.as_uri())
        assert self.noise == [path.as_uri()]
        return self.page


@pytest.fixture
def reader(browser: Browser, tmp_path: Path) -> Iterator[Reader]:
    started = Reader(browser, tmp_path)
    yield started
    assert len(started.noise) == 1, "something came later"
    started.context.close()


def drawn(name: str, badge: Statement) -> str:
    return BY_NAME[name].render(badge).decode("utf-8")


def luminance(colour: str) -> float:
    """Relative luminance of `rgb(r, g, b)` (WCAG 2.2)."""
    parts = [int(part) / 255 for part in colour[4:-1].split(",")]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@drawings
def test_a_hostile_title_is_text(reader: Reader, name: str) -> None:
    for title in HOSTILE.values():
        badge = stated(title, **FULL)
        page = reader.open(drawn(name, badge))
        elements = page.evaluate(
            "[...document.querySelectorAll('*')].map(e => [e.localName, e.getAttributeNames(), e.textContent])"
        )
        assert {element for element, _, _ in elements} <= ELEMENTS
        names = {attribute for _, attributes, _ in elements for attribute in attributes}
        assert not {attribute for attribute in names if attribute.startswith("on") or "href" in attribute}
        said = page.evaluate(
            "document.documentElement.getAttribute('aria-labelledby').split(' ')"
            ".map(id => document.getElementById(id).textContent)"
        )
        assert said[0] == ("QR code of " if name == "qr" else "") + badge.alt
        assert page.evaluate("document.documentElement.getAttribute('role')") == "img"


@titles
@drawings
def test_drawings_are_xml(title: str, name: str) -> None:
    parser = xml.parsers.expat.ParserCreate()
    parser.Parse(BY_NAME[name].render(stated(title, **FULL)), True)


@pytest.mark.parametrize("name", ["svg", "svg-card"])
def test_every_text_is_within_its_drawing(reader: Reader, name: str) -> None:
    for title in HOSTILE.values():
        page = reader.open(drawn(name, stated(title, **FULL)))
        wide, high = page.evaluate("['width', 'height'].map(name => document.documentElement[name].baseVal.value)")
        texts = page.evaluate(MEASURE)
        assert texts
        for text in texts:
            drawn_length = text["length"] if name == "svg-card" else text["right"] - text["left"]
            assert abs(drawn_length - text["stated"]) < 0.5, text
            assert 0 <= text["left"] < text["right"] <= wide, text
            assert 0 <= text["top"] < text["bottom"] <= high, text
        for one, other in itertools.combinations(sorted(texts, key=lambda text: text["top"]), 2):
            beside = one["right"] <= other["left"] or other["right"] <= one["left"]
            assert beside or other["top"] > one["top"] + 8, "one line of text is drawn over another"


def test_widths_are_those_of_the_font_in_the_browser(reader: Reader) -> None:
    """Without `textLength` the browser, which has DejaVu Sans here, sets each line as wide as it was measured."""
    drawing = drawn("svg-card", stated("Sphinx of black quartz, judge my vow: 0123456789 (Ünïcödé)", **FULL))
    page = reader.open(drawing)
    page.evaluate("document.querySelectorAll('text').forEach(text => text.removeAttribute('textLength'))")
    page.evaluate("document.querySelectorAll('text').forEach(text => text.style.fontKerning = 'none')")
    texts = page.evaluate(MEASURE)
    assert len(texts) > 6
    for text in texts:
        assert width(text["text"], text["size"]) == pytest.approx(text["length"], rel=0.01)


@pytest.mark.parametrize("dark", [False, True])
def test_contrast_of_the_card(browser: Browser, tmp_path: Path, dark: bool) -> None:
    """Text against its ground, light and dark: 4.5 : 1 at the least (WCAG 2.2, 1.4.3)."""
    page = Reader(browser, tmp_path, dark=dark).open(drawn("svg-card", stated("A Title", **FULL)))
    fills, texts = page.evaluate(FILLS), page.evaluate(MEASURE)
    assert {text["role"] for text in texts} == {"pith-accent", "pith-title", "pith-muted", "pith-alarm"}
    for text in texts:
        assert contrast(text["colour"], fills["pith-card"]) >= 4.5, text
    assert (luminance(fills["pith-card"]) < 0.1) is dark


@pytest.mark.parametrize("dark", [False, True])
def test_contrast_of_the_badge(browser: Browser, tmp_path: Path, dark: bool) -> None:
    """Its letters are white on every ground that it may have."""
    reader = Reader(browser, tmp_path, dark=dark)
    for state, ground in (("stored", "pith-plain"), ("withdrawn", "pith-grave"), ("corrected", "pith-changed")):
        page = reader.open(drawn("svg", stated("A Title", **FULL | {"standing": said(state, "stored")})))
        fills, texts = page.evaluate(FILLS), page.evaluate(MEASURE)
        assert {"pith-label", ground} <= fills.keys()
        for text, fill in itertools.product(texts, fills.values()):
            assert contrast(text["colour"], fill) >= 4.5, (state, text, fill)


def test_status_words_say_what_they_rest_on(reader: Reader) -> None:
    page = reader.open(drawn("svg-card", stated("A Title", **FULL)))
    texts = [text["text"] for text in page.evaluate(MEASURE)]
    assert "stored" in texts
    assert "claimed: replicated" in texts
    assert "replicated" not in texts
    assert "record signature checked 2026-11-24" in texts
    assert not any("verified" in text for text in texts)


def test_html(reader: Reader) -> None:
    for title in HOSTILE.values():
        badge = stated(title, **FULL)
        page = reader.open(
            f"<!doctype html><meta charset=utf-8><title>x</title><body>{drawn('html', badge)}</body>", "page.html"
        )
        links = page.evaluate(
            "[...document.body.querySelectorAll('*:not(style)')]"
            ".map(e => [e.localName, e.href, e.title, e.rel, e.textContent])"
        )
        said_first = f"corrected, as of 2026-03-07: {badge.label}"
        shown = f"pith · {badge.source} · corrected · {badge.checked_text}"
        assert links == [["a", badge.link, said_first, "noopener", shown]]
        assert page.title() == "x"


HTML_COLOURS = """(() => { const style = getComputedStyle(document.querySelector('a'));
    return [style.color, style.backgroundColor, style.borderTopColor] })()"""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("state", ["stored", "corrected", "withdrawn"])
def test_html_follows_the_scheme(browser: Browser, tmp_path: Path, state: str, dark: bool) -> None:
    page = Reader(browser, tmp_path, dark=dark).open(drawn("html", stated("T", standing=said(state))), "page.html")
    ink, ground, edge = page.evaluate(HTML_COLOURS)
    assert contrast(ink, ground) >= 4.5
    assert contrast(edge, "rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)") >= 3 or state == "withdrawn"
    assert (luminance(ground) < 0.1) is (dark or state == "withdrawn")


def test_html_takes_the_colours_of_its_page(reader: Reader) -> None:
    style = "<style>:root{--pith-ground:rgb(1, 2, 3);--pith-ink:rgb(4, 5, 6);--pith-edge:rgb(7, 8, 9)}</style>"
    page = reader.open(style + drawn("html", stated("T")), "page.html")
    assert page.evaluate(HTML_COLOURS) == ["rgb(4, 5, 6)", "rgb(1, 2, 3)", "rgb(7, 8, 9)"]


def test_html_prints_its_address(reader: Reader) -> None:
    badge = stated("T", standing=said("withdrawn"))
    page = reader.open(drawn("html", badge), "page.html")
    page.emulate_media(media="print")
    after = page.evaluate("getComputedStyle(document.querySelector('a'), '::after').content")
    assert after.replace('" "', "") == f'" ({badge.page})"'
    assert page.evaluate(HTML_COLOURS)[1] == "rgb(255, 255, 255)"


def test_json_ld(reader: Reader) -> None:
    for title in HOSTILE.values():
        badge = stated(title, claims=Claims(authors=(title,)))
        content = f"<!doctype html><meta charset=utf-8><title>x</title>{drawn('json-ld', badge)}<p>end</p>"
        page = reader.open(content, "page.html")
        assert page.evaluate("[...document.querySelectorAll('*')].map(e => e.localName)") == [
            *("html", "head", "meta", "title", "script", "body", "p")
        ]
        data: dict[str, Any] = json.loads(page.evaluate("document.querySelector('script').textContent"))
        assert (data["@type"], data["name"]) == ("ScholarlyArticle", badge.label)
        assert data["identifier"][0]["value"] == badge.number
        assert badge.claims is not None
        assert data["author"][0]["name"] == badge.claims.authors[0]


def test_no_fault_of_accessibility(reader: Reader) -> None:
    """Both drawings within a page, twice, as a list of papers has them."""
    axe = (ROOT / "build" / "npm" / "axe.min.js").read_text()
    body = "".join(drawn(name, stated(f"Title {n}", **FULL)) for n in (1, 2) for name in ("svg", "html", "qr"))
    cards = drawn("svg-card", stated("Title 3", **FULL))
    page_text = f"<!doctype html><html lang=en><meta charset=utf-8><title>x</title><main><h1>x</h1>{body}{cards}</main>"
    page = reader.open(page_text, "page.html")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]] == []


@pytest.mark.parametrize(("small", "drawing"), [("png", "svg"), ("png-card", "svg-card")])
def test_png_is_the_drawing(browser: Browser, tmp_path: Path, small: str, drawing: str) -> None:
    """Of the size of the drawing and twice that, and what the browser draws up to the smoothing of edges."""
    badge = stated("Sphinx of black quartz, judge my vow", **FULL)
    one, two = (Image.open(io.BytesIO(BY_NAME[name].render(badge))) for name in (small, f"{small}-2x"))
    assert two.size == (2 * one.width, 2 * one.height)
    (tmp_path / "badge.svg").write_bytes(BY_NAME[drawing].render(badge))
    page = browser.new_page(device_scale_factor=2, viewport={"width": one.width, "height": one.height})
    page.goto((tmp_path / "badge.svg").as_uri())
    shot = Image.open(io.BytesIO(page.screenshot())).convert("L")
    page.close()
    ground = Image.new("RGBA", two.size, "white")
    ours = Image.alpha_composite(ground, two.convert("RGBA")).convert("L")
    difference = ImageStat.Stat(ImageChops.difference(shot, ours))
    assert difference.mean[0] < 6
    assert ImageStat.Stat(ours).stddev[0] > 20


def test_png_is_the_same_again() -> None:
    badge = stated("A Title")
    assert BY_NAME["png-card"].render(badge) == BY_NAME["png-card"].render(badge)


def test_the_table_is_that_of_the_font() -> None:
    font = TTFont(ROOT / "pithtex" / "render" / "pictures" / "font" / "DejaVuSans-part.ttf")
    units, names = font["head"].unitsPerEm, font.getBestCmap()
    known = [char for char in map(chr, range(0x3000)) if all_known(char)]
    assert len(known) > 500
    for char in known:
        assert width(char, units) == font["hmtx"][names[ord(char)]][0]


@titles
def test_lines_are_as_narrow_as_asked(title: str) -> None:
    for limit in (60.0, 200.0, 404.0):
        lines = wrap(stated(title).label, 15, limit, 3)
        assert 1 <= len(lines) <= 3
        assert all(width(line, 15) <= limit for line in lines)


def test_lines_hold_the_whole_text_where_there_is_room() -> None:
    assert wrap("one two three", 10, 1_000, 2) == ["one two three"]
    assert wrap("one two three", 10, width("one two", 10), 2) == ["one two", "three"]
    assert wrap("one two three", 10, width("one two", 10), 1) == ["one t…"]
    assert wrap("", 10, 100, 3) == []
