"""Each marked-up format in its own language's program: a hostile title is text there, and nothing happens."""

from __future__ import annotations

import io
import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import docutils.core
import pypandoc
import pypdfium2
import pytest
import typst
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pithtex.render.formats import BY_NAME
from pithtex.render.statement import Statement
from tests.render.samples import HOSTILE, stated

titles = pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE.keys())


class Elements(HTMLParser):
    """The elements of a piece of HTML, with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(name: str, badge: Statement) -> str:
    return BY_NAME[name].render(badge).decode("utf-8")


def assert_linked_picture(elements: Elements, badge: Statement) -> None:
    """A link around a picture whose alternative text is the title, and nothing besides."""
    (link,) = [attributes for tag, attributes in elements.found if tag == "a"]
    (picture,) = [attributes for tag, attributes in elements.found if tag == "img"]
    assert link["href"] == badge.link
    assert picture["src"] == "pith-badge.svg"
    assert picture["alt"] == badge.alt
    assert {tag for tag, _ in elements.found} <= {"p", "div", "span", "a", "img", "table", "thead", "tbody"} | {
        *("tr", "th", "td", "html", "head", "body", "meta", "title", "style", "main", "article")
    }


@titles
@pytest.mark.parametrize("preset", ["commonmark", "gfm-like"])
def test_markdown(title: str, preset: str) -> None:
    badge = stated(title)
    renderer = MarkdownIt(preset, {"html": True, "typographer": False})
    assert_linked_picture(Elements(renderer.render(rendered("md", badge))), badge)


@titles
def test_markdown_within_a_table(title: str) -> None:
    badge = stated(title)
    cell = rendered("md", badge).strip()
    html = MarkdownIt("gfm-like").render(f"| paper | badge |\n|---|---|\n| one | {cell} |\n| two | none |\n")
    elements = Elements(html)
    assert [tag for tag, _ in elements.found].count("td") == 4
    assert_linked_picture(elements, badge)


def test_markdown_holds_no_tags_of_site_generators() -> None:
    """Liquid and Jinja run before Markdown is read, and know no backslash."""
    text = rendered("md", stated(HOSTILE["entities"]))
    assert "{{" not in text
    assert "{%" not in text


MARKUP = st.text(st.sampled_from("""ab1 .,:;!?'"`*_~^|\\/<>&#%$@()[]{}=+-é\u202e"""), min_size=1, max_size=60)
"""Titles of little but what is markup somewhere."""


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_any_title_in_markdown(title: str) -> None:
    """CommonMark: what is escaped is itself. Within a cell, as GFM has them, too."""
    badge = stated(" ".join(title.split()) or "x")
    text = rendered("md", badge)
    assert_linked_picture(Elements(MarkdownIt("commonmark").render(text)), badge)
    table = f"| a | b |\n|---|---|\n| {text.strip()} | end |\n"
    assert_linked_picture(Elements(MarkdownIt("gfm-like").render(table)), badge)


@settings(max_examples=100, deadline=None)
@given(MARKUP)
def test_any_title_in_rst_and_yaml(title: str) -> None:
    """A directive's option, and YAML's double-quoted scalar, give back what was put in."""
    badge = stated(" ".join(title.split()) or "x")
    settings = {"report_level": 1, "halt_level": 1, "embed_stylesheet": False, "output_encoding": "unicode"}
    html = docutils.core.publish_parts(rendered("rst", badge), writer="html5", settings_overrides=settings)
    assert_linked_picture(Elements(html["html_body"]), badge)
    (cited,) = yaml.safe_load(rendered("citation.cff", badge))["references"]
    assert cited["title"] == badge.label


@settings(max_examples=8, deadline=None)
@given(st.lists(MARKUP, min_size=40, max_size=40))
def test_any_titles_in_asciidoc(titles: list[str]) -> None:
    """Many in one run of Asciidoctor, and so many receipts, whose hyphens and underscores are marks to it."""
    badges = [stated(" ".join(title.split()) or "x") for title in titles]
    done = subprocess.run(
        ["asciidoctor", "--safe-mode", "safe", "--embedded", "--failure-level", "INFO", "-o", "-", "-"],
        input="\n".join(rendered("adoc", badge) for badge in badges),
        capture_output=True,
        text=True,
        check=True,
    )
    found = Elements(done.stdout).found
    assert [attributes["alt"] for tag, attributes in found if tag == "img"] == [badge.alt for badge in badges]
    assert [attributes["href"] for tag, attributes in found if tag == "a"] == [badge.link for badge in badges]


@titles
def test_rst(title: str) -> None:
    badge = stated(title)
    settings = {"report_level": 1, "halt_level": 1, "embed_stylesheet": False, "output_encoding": "unicode"}
    html = docutils.core.publish_parts(rendered("rst", badge), writer="html5", settings_overrides=settings)
    assert_linked_picture(Elements(html["html_body"]), badge)


@titles
def test_asciidoc(title: str, tmp_path: Path) -> None:
    badge = stated(title)
    done = subprocess.run(
        [
            "asciidoctor",
            "--safe-mode",
            "safe",
            "--embedded",
            "--failure-level",
            "INFO",
            "-o",
            "-",
            "-",
        ],
        input=f":docname: leaked\n\n{rendered('adoc', badge)}\nbeside it\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    elements = Elements(done.stdout)
    assert done.stderr == ""
    assert elements.text.strip() == "beside it"
    assert_linked_picture(elements, badge)


@titles
def test_org(title: str) -> None:
    badge = stated(title)
    blocks = json.loads(pypandoc.convert_text(rendered("org", badge), "json", format="org"))["blocks"]
    assert [block["t"] for block in blocks] == ["Para", "CodeBlock"]
    (inline,) = blocks[0]["c"]
    assert (inline["t"], inline["c"][2][0]) == ("Link", badge.link)
    assert [part["t"] for part in inline["c"][1]] == ["Image"]
    assert blocks[1]["c"][1].strip() == badge.alt


@titles
def test_typst(title: str, tmp_path: Path) -> None:
    badge = stated(title)
    source = tmp_path / "main.typ"
    source.write_text(f"#set page(width: 400cm, height: auto)\n{rendered('typst', badge)}", encoding="utf-8")
    with pypdfium2.PdfDocument(io.BytesIO(typst.compile(str(source), root=str(tmp_path)))) as document:
        shown = document[0].get_textpage().get_text_bounded()
    expected = f"{badge.short}{badge.label}"
    if "العنوان" in title:  # which comes out of a PDF in the order of the page; and no font here has the emoji
        shown, expected = "".join(sorted(shown)), "".join(sorted(expected.replace("🙂", "")))
    assert "".join(shown.split()) == "".join(expected.split())
    assert "root:" not in shown
    links = typst.query(str(source), "link", field="dest", root=str(tmp_path))
    assert json.loads(links) == [badge.link]
