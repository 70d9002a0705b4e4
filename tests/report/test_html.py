"""The HTML report in a real browser: what it shows, that all can read it, and that no document's text does anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Browser, Page

import pithtex
from pithtex import limits
from pithtex.catalogue import finding
from pithtex.cli.main import main
from pithtex.findings import Status
from pithtex.pdf.check import check_pdf
from pithtex.pdf.facts import Fact, Facts
from pithtex.pdf.judgement.verdict import Badge, Channel, Verdict, Word
from pithtex.pdf.text.page_image import draw_page
from pithtex.report.html import MAX_TEXT, Entry, html_page, places
from tests import signing
from tests.conftest import ROOT, SEEDS

PAPER = ROOT / "examples" / "sparsex" / "main.pdf"
OTHER_PAPER = ROOT / "examples" / "amsart" / "main.pdf"
RECORD = SEEDS / "record-EL6A4QOT.json"
HOSTILE = [
    "</script></style></title></svg><script>document.title='forged'</script>",
    '"><svg onload="document.title=\'forged\'">',
    "'><img src=https://evil.example/x.png onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &#x3c;b&#x3e;",
    "\u202egpj.live\u2069 \u200f\x00\x1b[31m \udcff \u2028",
    "x" * 10_000,
    "שלום العنوان 中文 🙂",
]


OURS = re.compile(
    "html|head|meta|title|style|body|div|header|main|footer|article|figure|figcaption|svg|circle|path|section"
    "|details|summary|image|rect|text|h1|h2|h3|p|table|caption|thead|tbody|tr|th|td|a|bdi|strong|span|dl|dt|dd|ul|ol|li|br|wbr"
)
"""The elements of the report's own templates."""


@dataclass
class Shown:
    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What axe-core finds. It is evaluated as source: the report's policy allows no script."""
        self.page.evaluate((ROOT / "build" / "npm" / "axe.min.js").read_text())
        found = self.page.evaluate("axe.run()")
        assert len(found["passes"]) > 10
        return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found["violations"]]


@contextmanager
def shown(browser: Browser, path: Path, *, width: int = 1100, dark: bool = False) -> Iterator[Shown]:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", offline=True
    )
    result = Shown(context.new_page())
    result.page.on("console", lambda message: result.console.append(message.text))
    result.page.on("pageerror", lambda error: result.console.append(str(error)))
    result.page.on("request", lambda request: result.requests.append(request.url))
    result.page.on("dialog", lambda dialog: result.dialogs.append(dialog.message))
    result.page.goto(path.as_uri())
    # The file itself and its own pictures; every other request would be one of a document's making.
    asked = [url for url in result.requests if not url.startswith("data:image/png;base64,")]
    assert (asked, result.console, result.dialogs) == ([path.as_uri()], [], [])
    yield result
    context.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good, bad, unreadable and missing files on one page."""
    folder = tmp_path_factory.mktemp("a-folder-with-a-rather-long-name-such-as-people-give-to-their-folders")
    path = folder / "report.html"
    damaged = folder / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\ndamaged")
    files = [PAPER, OTHER_PAPER, damaged, folder / "nothing.pdf"]
    assert main(["check", "--quiet", "--html", str(path), *map(str, files), "--record", str(RECORD)]) == 1
    return path


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1100])
def test_readable_by_all(browser: Browser, report: Path, width: int, dark: bool) -> None:
    with shown(browser, report, width=width, dark=dark) as view:
        assert view.page.evaluate("document.documentElement.scrollWidth") == width
        background = view.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (max(map(int, re.findall(r"\d+", background))) < 80) is dark
        assert view.violations() == []


def unfold(view: Shown) -> None:
    """Opens what is folded."""
    view.page.locator("details").evaluate_all("all => all.forEach(each => { each.open = true; })")


def test_the_word_comes_first_and_facts_are_a_table(browser: Browser, report: Path) -> None:
    with shown(browser, report) as view:
        headings = view.page.locator("h2").all_inner_texts()
        words = [heading.split()[0] for heading in headings]
        assert words == ["invalid", "valid", "unreadable", "not"]
        tops = [view.page.locator(part).first.bounding_box() for part in (".verdict", "figure", "table.facts")]
        assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
        folded = view.page.locator("details").evaluate_all("all => all.map(each => [each.className, each.open])")
        assert [is_open for _, is_open in folded[:3]] == [False, False, True], "an error is seen at once"
        unfold(view)
        article = view.page.locator("article").nth(1)
        facts = article.get_by_role("table", name="Facts").get_by_role("row").all_inner_texts()
        assert [row.split()[:2] for row in facts[1:]] == [
            *([name, "holds"] for name in ("number", "channels", "record", "digest", "signature", "key", "binding")),
            ["abstract", "unavailable"],
        ]
        channels = article.get_by_role("table", name="Channels").get_by_role("rowheader").all_inner_texts()
        assert channels == ["link", "info", "xmp", "text"]
        assert "Not proven: that the text is the paper the registry saw." in article.inner_text()
        assert "PITH404 record-of-another-number" in view.page.locator("article").first.inner_text()
        assert "No such file" in view.page.locator("article").last.inner_text()


def test_what_is_proven_stands_apart_from_what_is_claimed(browser: Browser, report: Path) -> None:
    record = json.loads(RECORD.read_bytes())
    with shown(browser, report) as view:
        unfold(view)
        article = view.page.locator("article").nth(1)
        proven, claimed = article.locator("dl").all()
        assert record["paper"]["title"] in proven.inner_text()
        assert record["canonical_sha256"] in proven.inner_text()
        authors = record["paper"]["authors_text"]
        assert authors not in proven.inner_text()
        assert authors in claimed.inner_text()
        assert all(term.endswith("(claimed)") for term in claimed.locator("dt").all_inner_texts())


def test_the_badge_is_framed_where_it_stands(browser: Browser, tmp_path: Path) -> None:
    """The frame of the link, in the browser, lies around its rectangle in the PDF."""
    path = tmp_path / "report.html"
    assert main(["check", "-q", "--html", str(path), str(PAPER)]) == 0
    with pikepdf.open(PAPER) as pdf:
        page = pdf.pages[0]
        rect = next([float(x) for x in a.Rect] for a in page.Annots if str(a.get("/NM", "")) == "pith-badge-1")
        left, bottom, right, top = (float(x) for x in page.mediabox)
    with shown(browser, path) as view:
        picture = view.page.locator("figure svg").bounding_box()
        frame = view.page.locator("rect.mark.link").bounding_box()
        assert picture is not None
        assert frame is not None
        scale = picture["width"] / (right - left)
        assert picture["height"] == pytest.approx((top - bottom) * scale, rel=0.01)
        assert frame["x"] == pytest.approx(picture["x"] + (rect[0] - left) * scale, abs=8)
        assert frame["y"] == pytest.approx(picture["y"] + (top - rect[3]) * scale, abs=8)
        assert frame["width"] == pytest.approx((rect[2] - rect[0]) * scale, abs=16)
        assert view.page.locator("rect.mark.text").count() == 1
        view.page.locator("figure").screenshot(path=tmp_path / "figure.png")
    # And on the picture itself there is ink: the page was drawn.
    drawn = draw_page(PAPER, 1)
    assert drawn is not None
    assert len(drawn.png) > 20_000


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_shown_as_it_is_read(turn: int, tmp_path: Path) -> None:
    path = tmp_path / "turned.pdf"
    with pikepdf.open(PAPER) as pdf:
        pdf.pages[0].Rotate = turn
        width, height = (float(x) for x in pdf.pages[0].mediabox[2:])
        pdf.save(path)
    picture = draw_page(path, 1, [(0, 0, width / 2, height / 4)])
    assert picture is not None
    across, down = (picture.width, picture.height) if turn % 180 == 0 else (picture.height, picture.width)
    assert across < down
    # The lower left quarter, where the page's turn puts it: lower left, upper left, upper right, lower right.
    left, top, right, bottom = picture.boxes[0]
    corner = {0: (0, 1), 90: (0, 0), 180: (1, 0), 270: (1, 1)}[turn]
    assert (left > 0, top > 0) == (bool(corner[0]), bool(corner[1]))
    assert (right == picture.width, bottom == picture.height) == (bool(corner[0]), bool(corner[1]))


def hostile_entry(text: str) -> Entry:
    """Every text that a document or a caller can bring, set to one."""
    fact = Fact(status=Status.FAILS, message=text)
    found = finding("channel-conflict", text, where=text, hint=text)
    document = signing.record_document()
    document["paper"]["authors_text"] = text.replace("\udcff", "")  # which no JSON may hold
    record = pithtex.verify_record(pithtex.load_record(document), signing.keyring())
    channel = Channel(channel="link", where=text, number=text, receipt=True, page=1, rect=(0, 0, 9, 9))
    facts = Facts(**dict.fromkeys(("number", "channels", "record", "digest", "signature", "key", "binding"), fact))
    badge = Badge(
        page=1, number=text, facts=facts, channels=(channel,), findings=(found,), title=text, source=text, record=record
    )
    verdict = Verdict(word=Word.INVALID, badges=(badge, badge), findings=(found,))
    return Entry(file=text, verdict=verdict, picture=draw_page(PAPER, 1, [(0, 0, 9, 9)]), marks=(channel,))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(browser: Browser, tmp_path: Path, text: str) -> None:
    path = tmp_path / "report.html"
    entry = hostile_entry(text)
    path.write_text(html_page([entry, entry], "1.0"), "utf-8")
    with shown(browser, path, width=360) as view:
        tags = set(view.page.evaluate("[...document.querySelectorAll('*')].map(e => e.localName)"))
        assert [tag for tag in tags if not OURS.fullmatch(tag)] == []
        handlers = "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => /^on/.test(a.name))"
        assert view.page.evaluate(f"{handlers}.length") == 0
        assert view.page.title() != "forged"
        seen = view.page.locator("h2 bdi").first.text_content() or ""
        assert not set(seen) & set("\x00\x1b\u202e\u2069\u200f\u2028\udcff")
        if text.isprintable() and len(text) <= MAX_TEXT:
            assert seen == text
        if len(text) > MAX_TEXT:
            assert seen == "x" * MAX_TEXT + f" [and {len(text) - MAX_TEXT} more characters]"
        assert view.page.evaluate("document.documentElement.scrollWidth") == 360
        assert view.violations() == []


def test_a_hostile_pdf_from_end_to_end(browser: Browser, tmp_path: Path) -> None:
    """A title in the metadata that would be markup, in a file with such a name."""
    title = "</bdi><script>document.title='forged'</script>\u202e"
    pdf_path = tmp_path / "<img src=x onerror=alert(1)>.pdf"
    with pikepdf.open(PAPER) as pdf:
        pdf.trailer.Info.Title = pikepdf.String(title)
        pdf.save(pdf_path)
    path = tmp_path / "report.html"
    assert main(["check", "-q", "--html", str(path), str(pdf_path)]) == 0
    with shown(browser, path) as view:
        unfold(view)
        assert "</bdi><script>" in view.page.locator("ul").inner_text()
        assert view.page.locator("script").count() == 0
        assert view.page.title() == f"valid: {pdf_path}"


def test_the_policy_allows_nothing_else(browser: Browser, report: Path, tmp_path: Path) -> None:
    """The same page with a script, a style, a frame and a picture from elsewhere put in: none is let through."""
    path = tmp_path / "injected.html"
    injected = (
        "<script>document.title='forged'</script><style>body{display:none}</style>"
        "<img src='https://evil.example/x.png'><iframe src='data:text/html,x'></iframe></main>"
    )
    path.write_text(report.read_text("utf-8").replace("</main>", injected), "utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(path.as_uri())
    assert page.title() != "forged"
    assert page.locator("main").is_visible()
    assert sum("Content Security Policy" in text for text in refused) >= 4
    context.close()


def test_printed_in_black_on_white(browser: Browser, report: Path) -> None:
    with shown(browser, report, dark=True) as view:
        view.page.emulate_media(media="print")
        assert view.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_pictures_of_one_report_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_REPORT_PICTURES", 100_000)
    path = tmp_path / "report.html"
    main(["check", "-q", "--html", str(path), *[str(PAPER)] * 4])
    text = path.read_text("utf-8")
    assert text.count("data:image/png") == 2  # each is 69 KB: the second still began below the bound
    assert text.count("No picture of the page") == 2


def test_the_page_shown_is_that_of_the_badge(tmp_path: Path) -> None:
    path = tmp_path / "cover.pdf"
    with pikepdf.open(OTHER_PAPER) as cover, pikepdf.open(PAPER) as paper:
        cover.pages[0].Annots = pikepdf.Array()
        cover.add_pages_from(paper)
        cover.save(path)
    page, marks = places(check_pdf(path))
    with pikepdf.open(OTHER_PAPER) as cover:
        assert page == len(cover.pages) + 1
    assert {mark.channel for mark in marks} >= {"link"}


def test_a_report_that_cannot_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["check", str(PAPER), "--json", "--html", str(tmp_path / "no" / "report.html")]) == 2
    out, err = capsys.readouterr()
    assert "no-output" in err
    document: dict[str, Any] = json.loads(out)
    assert document["results"][0]["findings"][0]["code"] == "PITH005"
