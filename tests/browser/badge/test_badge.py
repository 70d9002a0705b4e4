"""The component in a real browser: from the file system, under a strict policy, without Ed25519, without script."""

from __future__ import annotations

import html
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from pithtex.browser import scripts
from pithtex.cli.main import main
from pithtex.render.snippets.html import badge_integrity
from pithtex.verification.document import load_document, verify_document
from tests import signing
from tests.browser import kit
from tests.browser.kit import shown, signed_receipt, written
from tests.browser.test_build import MINIFIED
from tests.browser.verify.test_same_receipts import seed_receipts
from tests.conftest import BUNDLE_FILE

PAGE = "https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53"
LINK = f'<a href="{PAGE}">pith:CNPMIFD4</a>'
GENUINE = seed_receipts()[-1]
STATES = {
    "verified in your browser": GENUINE,
    "does not verify": GENUINE[:-4] + "AAAA",
    "cannot check here": GENUINE.replace("2026-05", "2027-01"),
}
"""The three states, each with a receipt that brings it about."""


def document(receipts: Iterable[str], script: str = '<script src="pith-badge.min.js" defer></script>') -> str:
    badges = "".join(f'<p>Paper: <pith-badge receipt="{html.escape(r)}">{LINK}</pith-badge></p>' for r in receipts)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Papers</title>'
        '<meta name="color-scheme" content="light dark">'
        f'<meta name="viewport" content="width=device-width">{script}</head>'
        f"<body><main><h1>Papers</h1>{badges}</main></body></html>"
    )


def words(page: Page, count: int = 1) -> list[str]:
    """What the badges say, when all have said it."""
    page.wait_for_function(
        "count => { const all = [...document.querySelectorAll('pith-badge')];"
        " return all.length === count && all.every((e) => e.shadowRoot?.querySelector('.word')?.textContent"
        " && !e.shadowRoot.querySelector('.waiting')); }",
        arg=count,
    )
    return [text.split(" ", 1)[1] for text in page.locator("pith-badge").get_by_role("status").all_text_contents()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path / "pith-badge.min.js", MINIFIED.read_bytes())
    written(tmp_path / "page.html", document(STATES.values()))
    return tmp_path


def test_three_states_from_the_file_system(browser: Browser, folder: Path) -> None:
    with shown(browser, (folder / "page.html").as_uri()) as view:
        assert words(view.page, 3) == list(STATES)
        assert view.console == []
        assert [url.rpartition("/")[2] for url in view.requests] == ["page.html", "pith-badge.min.js"]
        first, *others = view.page.locator("pith-badge").all()
        assert first.get_by_role("link").get_attribute("href") == f"{PAGE}#r={GENUINE}"
        # Of what is not verified the page's own link is all there is.
        assert [badge.get_by_role("link").inner_text() for badge in others] == ["pith:CNPMIFD4"] * 2


def test_the_paper_is_named_as_everywhere(browser: Browser, folder: Path) -> None:
    with shown(browser, (folder / "page.html").as_uri()) as view:
        words(view.page, 3)
        view.page.locator("summary").first.click()
        record = verify_document(load_document(BUNDLE_FILE.read_bytes())).canonical
        assert view.page.locator("dd").nth(3).inner_text() == record.paper == "arXiv:2606.01751v1"


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1100, False)])
def test_readable_by_all(browser: Browser, folder: Path, width: int, dark: bool) -> None:
    with shown(browser, (folder / "page.html").as_uri(), width=width, dark=dark) as view:
        words(view.page, 3)
        for summary in view.page.locator("pith-badge summary").all():
            summary.press("Enter")
            assert view.page.evaluate("document.documentElement.scrollWidth") == width
            assert view.violations() == []
            summary.press("Enter")


def test_opening_moves_nothing(browser: Browser, folder: Path) -> None:
    with shown(browser, (folder / "page.html").as_uri()) as view:
        words(view.page, 3)
        places = "[...document.querySelectorAll('pith-badge')].map(badge => badge.getBoundingClientRect().toJSON())"
        before = view.page.evaluate(places)
        view.page.locator("summary").first.click()
        assert view.page.locator("dl").first.is_visible()
        assert view.page.evaluate(places) == before


@pytest.mark.parametrize("font", ["DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono"])
@pytest.mark.parametrize(("lang", "width"), [("en", 640), ("de", 640), ("en", 360), ("de", 320)])
def test_a_number_is_broken_before_its_suffix_alone(
    browser: Browser, folder: Path, lang: str, width: int, font: str
) -> None:
    page = written(folder / "lang.html", document([GENUINE]).replace('lang="en"', f'lang="{lang}"'))
    with shown(browser, page.as_uri(), width=width) as view:
        words(view.page)
        view.page.add_style_tag(content=f":root {{ --pith-font: '{font}' }}")
        view.page.locator("summary").click()
        suffix_and_lines = view.page.evaluate(
            "() => { const [, suffix] = [...document.querySelector('pith-badge').shadowRoot"
            ".querySelectorAll('dd bdi')[1].childNodes].filter((node) => node.data);"
            " const range = document.createRange(); range.selectNodeContents(suffix);"
            " return [suffix.data, range.getClientRects().length]; }"
        )
        assert suffix_and_lines == ["CNPMIFD42NONUMCBYNP4XLPY53", 1]


def test_escape_closes_and_one_panel_is_open(browser: Browser, folder: Path) -> None:
    with shown(browser, (folder / "page.html").as_uri()) as view:
        words(view.page, 3)
        first, second, _ = view.page.locator("pith-badge details").all()
        first.locator("summary").press("Enter")
        assert first.get_attribute("open") is not None
        second.locator("summary").press("Enter")  # its panel would lie over the other's
        view.page.wait_for_function("!document.querySelector('pith-badge').shadowRoot.querySelector('details').open")
        assert second.get_attribute("open") is not None
        view.page.keyboard.press("Escape")
        assert second.get_attribute("open") is None
        focused = "document.querySelectorAll('pith-badge')[1].shadowRoot.activeElement.localName"
        assert view.page.evaluate(focused) == "summary"
        view.page.keyboard.press("Escape")
        assert view.console == []


LANGUAGES = {
    "": "verified in your browser",
    "de": "in Ihrem Browser gepr\u00fcft",
    "de-AT": "in Ihrem Browser gepr\u00fcft",
    "FR": "v\u00e9rifi\u00e9 dans votre navigateur",
    "es": "verificado en su navegador",
    "ja": "verified in your browser",
    "__proto__": "verified in your browser",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_language_of_its_page(browser: Browser, folder: Path, language: str) -> None:
    page = document([GENUINE]).replace("<pith-badge", f'<div lang="{language}"><pith-badge', 1)
    written(folder / "page.html", page)
    with shown(browser, (folder / "page.html").as_uri()) as view:
        assert words(view.page) == [LANGUAGES[language]]
        texts = view.page.evaluate("document.querySelector('pith-badge').shadowRoot.textContent")
        assert "undefined" not in texts
        spoken = view.page.evaluate("document.querySelector('pith-badge').shadowRoot.querySelector('.box').lang")
        assert spoken == (language[:2].lower() if language[:2].lower() in {"de", "fr", "es"} else "en")


def test_pages_style_it(browser: Browser, folder: Path) -> None:
    """By custom properties and by its parts."""
    style = "<style>pith-badge{--pith-ground:rgb(1, 2, 3)}pith-badge::part(word){text-transform:uppercase}</style>"
    written(folder / "page.html", style + document([GENUINE]))
    with shown(browser, (folder / "page.html").as_uri()) as view:
        words(view.page)
        parts = view.page.evaluate(
            "[...document.querySelector('pith-badge').shadowRoot.querySelectorAll('[part]')].map(e => e.part.value)"
        )
        assert parts == ["box", "link", "word", "details"]
        root = "document.querySelector('pith-badge').shadowRoot"
        ground = view.page.evaluate(f"getComputedStyle({root}.querySelector('.box')).backgroundColor")
        case = view.page.evaluate(f"getComputedStyle({root}.querySelector('.word')).textTransform")
        assert (ground, case) == ("rgb(1, 2, 3)", "uppercase")


def test_on_paper_it_is_a_link(browser: Browser, folder: Path) -> None:
    """Nothing is verified on paper: what contradicts is still said."""
    with shown(browser, (folder / "page.html").as_uri()) as view:
        words(view.page, 3)
        view.page.emulate_media(media="print")
        seen = [badge.locator(".word").is_visible() for badge in view.page.locator("pith-badge").all()]
        assert seen == [False, True, True]
        assert not view.page.locator("summary").first.is_visible()


def test_by_keyboard_alone(browser: Browser, folder: Path) -> None:
    """Link, details, link, details ...: Enter opens them, and what was said is in them."""
    with shown(browser, (folder / "page.html").as_uri()) as view:
        words(view.page, 3)
        reached = []
        for _ in range(6):
            view.page.keyboard.press("Tab")
            reached.append(
                view.page.evaluate(
                    "(document.activeElement.shadowRoot?.activeElement ?? document.activeElement).localName"
                )
            )
        assert reached == ["a", "summary"] * 3
        view.page.keyboard.press("Enter")
        assert view.page.get_by_text("Why: signed by a key that is not pinned here.").is_visible()


def test_the_snippet_as_it_is_written(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "badge.html"
    assert main(["badge", str(BUNDLE_FILE), "--format", "html-verified", "-o", str(path), "-q"]) == 0
    with shown(browser, path.as_uri()) as view:
        assert words(view.page) == ["verified in your browser"]


def test_a_browser_without_script_shows_the_link(browser: Browser, folder: Path) -> None:
    with shown(browser, (folder / "page.html").as_uri(), script=False) as view:
        assert view.page.get_by_role("link", name="pith:CNPMIFD4").count() == 3


@pytest.mark.parametrize(("lack", "why"), kit.LACKS, ids=["Ed25519", "WebCrypto"])
def test_a_browser_that_lacks_what_it_takes(browser: Browser, folder: Path, lack: str, why: str) -> None:
    """It does not say that a genuine record is wrong, and still says so of what is malformed."""
    written(folder / "page.html", document([GENUINE, "p1.x"]))
    with shown(browser, (folder / "page.html").as_uri(), init=lack) as view:
        assert words(view.page, 2) == ["cannot check here", "does not verify"]
        view.page.locator("summary").first.click()
        assert why in view.page.locator("details").first.inner_text()


def test_a_strict_policy_and_the_scripts_digest(browser: Browser) -> None:
    """No inline script or style, no eval, trusted types, and a script known by its digest."""
    digest = badge_integrity()
    policy = f"default-src 'none'; script-src '{digest}'; require-trusted-types-for 'script'; trusted-types 'none'"
    tag = '<script src="pith-badge.min.js" integrity="{}" crossorigin="anonymous" defer></script>'
    pages = {
        "good": document(STATES.values(), tag.format(digest)),
        "bad": document([GENUINE], tag.format("sha384-" + "A" * 64)),
    }
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    answers = {f"/{name}.html": (text.encode(), headers) for name, text in pages.items()}
    answers["/pith-badge.min.js"] = (MINIFIED.read_bytes(), {"Content-Type": "text/javascript"})
    with kit.serving(answers) as address:
        with shown(browser, f"{address}/good.html", offline=False) as view:
            assert words(view.page, 3) == list(STATES)
            assert view.console == []
            assert (
                view.page.locator("pith-badge .verified").evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"
            )
        with shown(browser, f"{address}/bad.html", offline=False) as view:
            assert view.page.evaluate("customElements.get('pith-badge') === undefined")
            assert view.page.get_by_role("link", name="pith:CNPMIFD4").is_visible()
            assert view.console != []


@pytest.fixture
def test_key_folder(tmp_path: Path) -> Path:
    """A folder with a script that trusts the tests' key."""
    written(tmp_path / "pith-badge.min.js", scripts.script(scripts.BADGE, keys=list(signing.keyring())))
    return tmp_path


@pytest.mark.parametrize("title", kit.HOSTILE)
def test_hostile_titles_are_text(browser: Browser, test_key_folder: Path, title: str) -> None:
    path = written(test_key_folder / "page.html", document([signed_receipt(title)]))
    with shown(browser, path.as_uri(), width=360) as view:
        assert words(view.page) == ["verified in your browser"]
        view.page.locator("summary").click()
        assert view.page.locator("bdi").all_text_contents()[2] == title
        elements = view.page.evaluate(
            "[...document.querySelector('pith-badge').shadowRoot.querySelectorAll('*')].map(e => e.localName)"
        )
        assert set(elements) <= {"div", "span", "b", "a", "details", "summary", "dl", "dt", "dd", "bdi", "wbr"}
        assert view.page.title() == "Papers"
        assert view.page.evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize("title", ["a\u202egpj.live", "a\u2066b", "a\x00b", "a\u200bb", "a\u2028b", "\ufeffa"])
def test_titles_that_deceive_do_not_verify(browser: Browser, test_key_folder: Path, title: str) -> None:
    path = written(test_key_folder / "page.html", document([signed_receipt(title)]))
    with shown(browser, path.as_uri()) as view:
        assert words(view.page) == ["does not verify"]


@pytest.mark.parametrize(
    "receipt",
    ["", "p1.", "x" * 100_000, "javascript:alert(1)", '"><img src=x onerror=alert(1)>', "p1.k." + "A" * 16_000 + ".A"],
)
def test_what_is_no_receipt_does_not_verify(browser: Browser, folder: Path, receipt: str) -> None:
    path = written(folder / "page.html", document([receipt]))
    with shown(browser, path.as_uri()) as view:
        assert words(view.page) == ["does not verify"]
        assert view.console == []


def test_another_receipt_in_the_same_element(browser: Browser, folder: Path) -> None:
    """The last one counts, however fast they follow each other; taken out and put back, it says the same."""
    with shown(browser, (folder / "page.html").as_uri()) as view:
        words(view.page, 3)
        view.page.evaluate(
            "receipts => { const badge = document.querySelector('pith-badge');"
            " for (const one of receipts) badge.setAttribute('receipt', one); }",
            [*STATES.values(), STATES["does not verify"]],
        )
        assert words(view.page, 3)[0] == "does not verify"
        view.page.evaluate(
            "(b => { b.remove(); document.querySelector('main').append(b); })(document.querySelector('pith-badge'))"
        )
        assert words(view.page, 3)[-1] == "does not verify"


def test_the_script_twice_on_one_page(browser: Browser, folder: Path) -> None:
    tag = '<script src="pith-badge.min.js" defer></script>'
    path = written(folder / "page.html", document([GENUINE], tag + tag))
    with shown(browser, path.as_uri()) as view:
        assert words(view.page) == ["verified in your browser"]
        assert view.console == []
