"""The page in a real browser, from the file system: what it says of files and texts, and that it sends nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from pithtex.browser import scripts
from pithtex.format.compact_receipt import decode_receipt
from pithtex.format.profile import LINK_PREFIX
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from pithtex.render.package.pith_sty import render_package
from pithtex.render.package.qr_rows import qr_rows
from pithtex.verification.document import load_document, verify_document
from tests import signing
from tests.browser import kit
from tests.browser.badge.test_badge import GENUINE, STATES
from tests.browser.kit import Shown, shown, written
from tests.browser.verify.test_same_documents import FORGED, undecided_documents
from tests.conftest import BUNDLE_FILE, RECORD_FILES, ROOT, VECTORS
from tests.forgeries import channels, links, structure
from tests.forgeries.kit import OTHER_PAPER, OTHER_SUFFIX, PAPER, SUFFIX, TITLE, Forgery
from tests.kit.latex import compile_tex


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("page") / "verify.html", scripts.verify_page())


@pytest.fixture(scope="module")
def view(browser: Browser, file: Path) -> Iterator[Shown]:
    """One page for many checks, as a person has it; at the end it has asked for nothing and complained of nothing."""
    with shown(browser, file.as_uri()) as opened:
        yield opened
        own = [url for url in opened.requests if not url.startswith("blob:")]
        assert (own, opened.console) == ([file.as_uri()], [])


def word(page: Page) -> str:
    page.wait_for_selector("#result[data-word]")
    return page.get_attribute("#result", "data-word") or ""


def paste(page: Page, text: str) -> str:
    """Pastes a text and says the word on it."""
    page.evaluate("text => { document.getElementById('paste').value = text; }", text)
    page.get_by_role("button", name="Check", exact=True).click()
    return word(page)


def choose(page: Page, path: Path) -> str:
    page.evaluate(
        "() => { document.getElementById('file').click(); delete document.getElementById('result').dataset.word; }"
    )
    page.set_input_files("#file", path)
    return word(page)


def test_the_example_is_verified_and_its_forged_twin_is_not(view: Shown, tmp_path: Path) -> None:
    """The twin is that of `make demo`: one character of the number changed, by its bytes."""
    assert choose(view.page, PAPER) == "verified"
    result = view.page.locator("#result").inner_text()
    assert result.startswith("✓ Verified in your browser")
    assert TITLE in result
    assert "Not checked here: that this paper shows that title" in result
    twin = written(tmp_path / "changed.pdf", PAPER.read_bytes().replace(SUFFIX.encode(), SUFFIX[:-1].encode() + b"2"))
    assert choose(view.page, twin) == "fails"
    result = view.page.locator("#result").inner_text()
    assert result.startswith("✗ Does not verify")
    assert "the number is not that of the record" in result
    assert view.page.get_by_role("link", name="Download").count() == 0


SHOWN_WORDS = {Word.VALID: "verified", Word.UNBOUND: "verified", Word.INVALID: "fails"}
"""What Python says of a PDF, and what the page does; it does not read what is drawn, so that unbound passes here."""

NOT_SEEN = frozenset(
    {
        "another number printed beside the badge",
        "another number printed further up",
        "another number drawn over the badge",
        "badge moved beside another number",
        "badge moved beside another number, its text in place",
        "badge moved to the foot",
    }
)
"""Forgeries that take a look at what is drawn."""

NOT_READ = frozenset({
    "encrypted without a password", "number by entity", "number of 4 MiB",
    "pages that readers count differently",
})  # fmt: skip
"""Files that the page does not read: it says that it cannot check them, whatever Python finds."""

FORGERIES = [item for group in (channels, links, structure) for item in group.FORGERIES]


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_forged_pdfs(view: Shown, tmp_path: Path, forgery: Forgery) -> None:
    found = choose(view.page, written(tmp_path / "forged.pdf", forgery.make()))
    if forgery.name in NOT_READ:
        assert found == "undecided"
    elif forgery.name not in NOT_SEEN:
        assert found == SHOWN_WORDS.get(forgery.word, "undecided"), view.page.locator("#result").inner_text()


@pytest.mark.parametrize(("name", "data"), FORGED, ids=[name for name, _ in FORGED])
def test_forged_records(view: Shown, name: str, data: bytes) -> None:
    """The table of the Python tests, pasted."""
    assert paste(view.page, data.decode()) == "fails"
    assert view.page.get_by_text("Download pith.sty").count() == 0


def test_records_without_proof(view: Shown) -> None:
    assert [paste(view.page, data.decode()) for data in undecided_documents()] == ["undecided"] * 2


@pytest.mark.parametrize("path", [*RECORD_FILES, BUNDLE_FILE], ids=lambda path: path.stem)
def test_genuine_records_as_files_and_as_texts(view: Shown, path: Path) -> None:
    assert choose(view.page, path) == paste(view.page, path.read_text("utf-8")) == "verified"
    assert (
        verify_document(load_document(path.read_bytes())).number.full
        in view.page.locator("#result dl").first.inner_text()
    )


LINKS = {
    f"https://pith.science/pith/{SUFFIX}#r={GENUINE}": "verified",
    f"  https://www.pith.science/pith/{SUFFIX}#r={GENUINE}\n": "verified",
    f"https://mirror.example/pith/{SUFFIX}#r={GENUINE}": "fails",
    f"http://pith.science/pith/{SUFFIX}#r={GENUINE}": "fails",
    f"HTTPS://pith.science/pith/{SUFFIX}#r={GENUINE}": "verified",
    f"https://pith.science:443/pith/{SUFFIX}#r={GENUINE}": "fails",
    f"https://pith.science@evil.example/pith/{SUFFIX}#r={GENUINE}": "fails",
    f"https://pith.science.evil.example/pith/{SUFFIX}#r={GENUINE}": "fails",
    f"https://evil.example/?https://pith.science/pith/{SUFFIX}#r={GENUINE}": "fails",
    f"javascript:alert(1)//https://pith.science/pith/{SUFFIX}#r={GENUINE}": "fails",
    f"data:text/html,#r={GENUINE}": "fails",
    f"https://pith.sc ience/pith/{SUFFIX}#r={GENUINE}": "verified",
    f"https://pith.science/pith/{SUFFIX}?#r={GENUINE}": "fails",
    f"https://pith.science/pith/{SUFFIX}/#r={GENUINE}": "fails",
    f"https://pith.science/pith/{SUFFIX.lower()}#r={GENUINE}": "fails",
    f"https://pith.science/pith/{SUFFIX}#r=": "fails",
    f"\ufeff{GENUINE}": "verified",
    f"{GENUINE[:50]} {GENUINE[50:]}": "undecided",
    "\u00a0{}": "fails",
    f"#r={GENUINE}": "verified",
    GENUINE: "verified",
    f"https://pith.science/pith/{OTHER_SUFFIX}#r={GENUINE}": "fails",
    f"https://pith.science/pith/{SUFFIX}#r={STATES['does not verify']}": "fails",
    STATES["does not verify"]: "fails",
    GENUINE + "A": "fails",
    "p1." + "x" * 100_000: "undecided",
    STATES["cannot check here"]: "undecided",
    f"https://pith.science/pith/{SUFFIX}": "undecided",
    "some text": "undecided",
    f"https://pith.science/pith/{SUFFIX}#r=" + "\n".join(GENUINE[at : at + 60] for at in range(0, 600, 60)): "verified",
    (VECTORS / "integrity-2604.20237.json").read_text("utf-8"): "undecided",
    "{}": "undecided",
    "{": "fails",
    '{"a":1,"a":2}': "fails",
    "[" * 100_000: "undecided",
}


@pytest.mark.parametrize("text", LINKS, ids=lambda text: text[:40])
def test_links_and_receipts(view: Shown, text: str) -> None:
    assert paste(view.page, text) == LINKS[text]


def test_a_receipt_in_the_pages_own_address(browser: Browser, file: Path) -> None:
    with shown(browser, f"{file.as_uri()}#r={GENUINE}") as opened:
        assert word(opened.page) == "verified"


def test_another_receipt_in_the_pages_own_address(browser: Browser, file: Path) -> None:
    """As the back button or an edit in the address bar gives it: the word is always that on what stands there."""
    with shown(browser, f"{file.as_uri()}#r={GENUINE}") as opened:
        assert word(opened.page) == "verified"
        for fragment, expected in (
            (f"#r={STATES['does not verify']}", "fails"),
            (f"#r={STATES['cannot check here']}", "undecided"),
            (f"#r={GENUINE}", "verified"),
        ):
            opened.page.evaluate("fragment => { location.hash = fragment; }", fragment)
            opened.page.wait_for_selector(f"#result[data-word={expected}]")
        opened.page.evaluate("location.hash = '#top'")
        opened.page.wait_for_selector("#result", state="hidden")
        opened.page.go_back()
        opened.page.wait_for_selector("#result[data-word=verified]")


def test_the_last_address_counts(browser: Browser, file: Path) -> None:
    with shown(browser, file.as_uri()) as opened:
        opened.page.evaluate(
            "([one, other]) => { location.hash = one; location.hash = other; }",
            [f"#r={GENUINE}", f"#r={STATES['does not verify']}"],
        )
        assert word(opened.page) == "fails"
        opened.page.wait_for_timeout(200)
        assert word(opened.page) == "fails"


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1100, False)])
def test_readable_by_all(browser: Browser, file: Path, width: int, dark: bool) -> None:
    with shown(browser, file.as_uri(), width=width, dark=dark) as opened:
        assert opened.violations() == []
        assert choose(opened.page, PAPER) == "verified"
        assert opened.page.evaluate("document.documentElement.scrollWidth") == width
        assert opened.violations() == []
        for text in (STATES["does not verify"], STATES["cannot check here"], FORGED[0][1].decode()):
            paste(opened.page, text)
            assert opened.page.evaluate("document.documentElement.scrollWidth") == width
            assert opened.violations() == []


def test_by_keyboard_alone(browser: Browser, file: Path) -> None:
    with shown(browser, file.as_uri()) as opened:
        keyboard = opened.page.keyboard
        keyboard.press("Tab")
        assert opened.page.evaluate("document.activeElement.id") == "file"
        keyboard.press("Tab")
        keyboard.insert_text(GENUINE)
        keyboard.press("Tab")
        keyboard.press("Enter")
        assert word(opened.page) == "verified"
        assert opened.page.evaluate("document.activeElement.id") == "result"
        assert opened.page.get_by_role("status").first.inner_text() == "✓ Verified in your browser"
        stops = []
        for opens in (True, False, True, False, False, False):
            keyboard.press("Tab")
            stops.append(opened.page.evaluate("document.activeElement.innerText").strip())
            if opens:
                keyboard.press("Enter")
        assert stops[:3] == ["More about the record", "The number’s page at the registry", "Put it into your paper"]
        assert stops[3].startswith("\\usepackage{pith}")
        assert stops[4:] == ["Download pith.sty", "Copy the two lines"]


def test_a_dropped_file(view: Shown) -> None:
    view.page.evaluate(
        "text => { const carried = new DataTransfer(); carried.items.add(new File([text], 'record.json'));"
        " document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true })); }",
        RECORD_FILES[0].read_text("utf-8"),
    )
    assert word(view.page) == "verified"


def test_nothing_can_leave_the_page(browser: Browser, file: Path) -> None:
    """Even a script that got in could send nothing: the policy is in the page."""
    asked: list[str] = []
    with kit.serving({}, asked) as address, shown(browser, file.as_uri(), offline=False) as opened:
        loaded = "new Promise((yes, no) => Object.assign(new Image(), { onload: yes, onerror: no, src: '%s/x.png' }))"
        for attempt in (f"fetch('{address}')", loaded % address):
            with pytest.raises(Error):
                opened.page.evaluate(attempt)
        script = "Object.assign(document.createElement('script'), { text: 'document.title = 1' })"
        opened.page.evaluate(f"document.body.append({script})")
        assert opened.page.title() == "Verify a Pith Number"
        assert sum("Content Security Policy" in text for text in opened.console) >= 3
    assert asked == []


@pytest.mark.parametrize(("lack", "why"), kit.LACKS, ids=["Ed25519", "WebCrypto"])
def test_a_browser_that_lacks_what_it_takes(browser: Browser, file: Path, lack: str, why: str) -> None:
    with shown(browser, file.as_uri(), init=lack) as opened:
        for check in (lambda p: paste(p, GENUINE), lambda p: choose(p, PAPER), lambda p: choose(p, BUNDLE_FILE)):
            assert check(opened.page) == "undecided"
            assert why in opened.page.locator("#result").inner_text()


@pytest.fixture(scope="module")
def trusting(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """A page that trusts the tests' key."""
    path = tmp_path_factory.mktemp("trusting") / "verify.html"
    with shown(browser, written(path, scripts.verify_page(keys=list(signing.keyring()))).as_uri(), width=360) as opened:
        yield opened


@pytest.mark.parametrize("title", [*kit.HOSTILE, "a\u202egpj.live\u0007\u200f"])
def test_hostile_titles_are_text(trusting: Shown, title: str) -> None:
    elements = "[...document.querySelectorAll('#said *, #word *')].map(e => e.localName)"
    assert paste(trusting.page, kit.signed_record(title)) == "verified"
    shown_title = trusting.page.locator("#result dd bdi").first.text_content() or ""
    if title.isprintable() and len(title) < 300:
        assert shown_title == title
    assert len(shown_title) < 400
    assert not set(shown_title) & set("\u202e\u0007\u200f")
    assert not {"svg", "img", "iframe", "b"} & set(trusting.page.evaluate(elements))
    assert trusting.page.title() == "Verify a Pith Number"
    assert trusting.page.evaluate("document.documentElement.scrollWidth") == 360
    assert trusting.console == []


HARD_FILES = {
    "empty": b"",
    "not a PDF": b"%PDF",
    "no objects": b"%PDF-1.4\n%%EOF",
    "brackets": b"%PDF-1.4\n1 0 obj " + b"[" * 1_000_000,
    "dictionaries": b"%PDF-1.4\n1 0 obj " + b"<</A" * 300_000,
    "texts without end": b"%PDF-1.4\n" + b"1 0 obj (" * 200_000,
}


@pytest.mark.parametrize("name", HARD_FILES)
def test_damaged_files_are_no_proof(view: Shown, tmp_path: Path, name: str) -> None:
    assert choose(view.page, written(tmp_path / "file.pdf", HARD_FILES[name])) == "undecided"


def test_nothing_is_said_about_a_file_that_is_not_of_the_plain_form(view: Shown, tmp_path: Path) -> None:
    assert choose(view.page, written(tmp_path / "file.pdf", b"startxref\n" + PAPER.read_bytes())) == "undecided"
    result = view.page.locator("#result").inner_text()
    assert "the file is not of the plain form: something else stands before %PDF-" in result
    assert "This page says nothing about such a file. Use pithtex check." in result
    assert "nothing wrong was found" not in result


def test_a_page_of_html_may_stand_before_the_file(view: Shown, tmp_path: Path) -> None:
    """As `pithtex check` has it: no reader finds anything there."""
    assert choose(view.page, written(tmp_path / "file.pdf", b"<html><!--\n" + PAPER.read_bytes())) == "verified"


def test_verified_is_never_larger_than_what_was_not_compared(view: Shown) -> None:
    """A stolen badge is genuine: who reads the word at the top reads there too that the title was not compared."""
    assert choose(view.page, PAPER) == "verified"
    word_of_file, limit = view.page.get_by_role("heading").nth(1), view.page.locator("h2 .limit")
    assert limit.inner_text() == "The paper’s title and abstract were not compared with the record’s."
    assert limit.text_content() in (view.page.get_by_role("status").first.text_content() or "")
    sizes = [
        [each.evaluate(f"e => getComputedStyle(e).{name}") for each in (word_of_file, limit)]
        for name in ("fontSize", "fontWeight")
    ]
    assert [one == other for one, other in sizes] == [True, True]
    larger = view.page.evaluate(
        "size => [...document.querySelectorAll('#result *')].filter((e) => e.textContent.includes('erified')"
        " && parseFloat(getComputedStyle(e).fontSize) > parseFloat(size)).length",
        sizes[0][1],
    )
    assert larger == 0


def test_giants_are_not_read(view: Shown, tmp_path: Path) -> None:
    for name, start, limit in (("giant.pdf", b"%PDF-1.4\n", "64 MiB"), ("giant.json", b"{", "8 MiB")):
        path = written(tmp_path / name, start)
        with path.open("r+b") as stream:
            stream.truncate(64 * 1024 * 1024 + 1)
        assert choose(view.page, path) == "undecided"
        assert f"larger than {limit}" in view.page.locator("#result").inner_text()


def downloaded(page: Page) -> str:
    page.get_by_text("Put it into your paper").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download pith.sty").click()
    assert waiting.value.suggested_filename == "pith.sty"
    return Path(waiting.value.path()).read_text("ascii")


def arguments(sty: str) -> tuple[str, str, str]:
    """A generated pith.sty without the third and fourth argument of its record, and these."""
    before, _, rest = sty.partition("  {\n    p1.")
    receipt, _, rest = rest.partition("  }\n  {\n")
    matrix, _, after = rest.partition("  }\n")
    return before + after, "p1." + "".join(receipt.split()), "".join(matrix.split())


@pytest.mark.parametrize("path", [*RECORD_FILES, BUNDLE_FILE], ids=lambda path: path.stem)
def test_pith_sty_is_that_of_generate(view: Shown, path: Path) -> None:
    """But for the spelling of the receipt; the QR code is of the link that has it."""
    record = verify_document(load_document(path.read_bytes()))
    assert choose(view.page, path) == "verified"
    ours, theirs = arguments(downloaded(view.page)), arguments(render_package(record).decode())
    assert ours[0] == theirs[0]
    assert decode_receipt(ours[1]) == decode_receipt(theirs[1])
    assert ours[2].split(".") == qr_rows(f"{LINK_PREFIX}{record.number.suffix}#r={ours[1]}")


@pytest.mark.parametrize("given", ["receipt", "link", "PDF"])
def test_where_a_receipt_was_given_it_is_the_same_to_the_byte(view: Shown, given: str) -> None:
    record = verify_document(load_document(BUNDLE_FILE.read_bytes()))
    if given == "PDF":
        assert choose(view.page, PAPER) == "verified"
    else:
        assert paste(view.page, GENUINE if given == "receipt" else f"{LINK_PREFIX}{SUFFIX}#r={GENUINE}") == "verified"
    assert downloaded(view.page).encode() == render_package(record)


@pytest.mark.tex
def test_a_paper_compiled_with_it_is_valid(view: Shown, tmp_path: Path) -> None:
    """From the browser to TeX to `pithtex check`."""
    assert choose(view.page, BUNDLE_FILE) == "verified"
    source = (ROOT / "examples" / "sparsex" / "main.tex").read_text("utf-8")
    source = source.replace("\\usepackage{pith}", "\\usepackage[qr]{pith}")
    result = compile_tex(tmp_path / "paper", source, sty=downloaded(view.page))
    assert result.returncode == 0
    assert result.of_pith() == ""
    assert check_pdf(result.pdf).word is Word.VALID
    assert choose(view.page, result.pdf) == "verified"


def test_two_papers_each_with_its_own_badge(view: Shown) -> None:
    assert choose(view.page, OTHER_PAPER) == "verified"
    assert OTHER_SUFFIX in view.page.locator("#result dl").first.inner_text()
    assert json.loads(RECORD_FILES[-1].read_bytes())["paper"]["title"] in view.page.locator("#result").inner_text()


def test_on_paper_there_is_the_result_alone(view: Shown) -> None:
    assert paste(view.page, GENUINE) == "verified"
    view.page.emulate_media(media="print")
    assert view.page.locator("#word").is_visible()
    assert view.page.locator("#result dl").first.is_visible()
    for shown_on_screen in ("form", "#said button", "#said pre", "#said details.made", "footer"):
        assert not view.page.locator(shown_on_screen).first.is_visible(), shown_on_screen
    view.page.emulate_media(media="screen")
    assert view.page.locator("form").is_visible()
