"""The formats that programs read, in such programs and against their schemas."""

from __future__ import annotations

import json
import re
from datetime import date

import jsonschema
import pypandoc
import pytest
import requests.utils
import yaml

from pithtex.render.formats import BY_NAME
from pithtex.render.statement import Claims, Statement
from tests.conftest import ROOT
from tests.render.samples import HOSTILE, stated

titles = pytest.mark.parametrize("title", HOSTILE.values(), ids=HOSTILE.keys())
AUTHORS = Claims(authors=("Ann Author", 'Bo "B" <Author>', "C: {D} and E"))

SHIELDS = {
    # https://shields.io/badges/endpoint-badge
    "type": "object",
    "required": ["schemaVersion", "label", "message"],
    "additionalProperties": False,
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"type": "string"},
    },
}
CSL = {
    # The part of CSL-JSON 1.0.2 that is used: https://github.com/citation-style-language/schema
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            "type": {"const": "article"},
            **{name: {"type": "string"} for name in ("id", "title", "URL", "DOI", "number", "note", "publisher")},
            "author": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"literal": {"type": "string"}},
                    "additionalProperties": False,
                },
            },
            "issued": {
                "type": "object",
                "required": ["date-parts"],
                "additionalProperties": False,
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
                        "minItems": 1,
                        "maxItems": 2,
                    }
                },
            },
        },
    },
}


def rendered(name: str, badge: Statement) -> str:
    return BY_NAME[name].render(badge).decode("utf-8")


@titles
def test_shields(title: str) -> None:
    badge = stated(title, checked=date(2026, 11, 24))
    document = json.loads(rendered("shields", badge))
    jsonschema.validate(document, SHIELDS)
    assert document["message"] == f"{badge.source}, record signature checked 2026-11-24"


@titles
@pytest.mark.parametrize("claims", [None, AUTHORS])
def test_csl_json(title: str, claims: Claims | None) -> None:
    badge = stated(title, claims=claims)
    text = rendered("csl-json", badge)
    (item,) = json.loads(text)
    jsonschema.validate([item], CSL)
    assert item["title"] == badge.label
    assert ("claimed" in item["note"]) is ("author" in item) is (claims is not None)


def reference_of(text: str, form: str) -> tuple[str, str]:
    """What pandoc's citation processor makes of the title, and the whole entry."""
    metadata = json.loads(pypandoc.convert_text(text, "json", format=form))["meta"]["references"]
    (reference,) = metadata["c"]
    return plain(reference["c"]["title"]), plain(metadata)


def plain(node: object) -> str:
    """The text of a piece of pandoc's document."""
    if isinstance(node, list):
        return "".join(map(plain, node))
    if not isinstance(node, dict):
        return node if isinstance(node, str) else ""
    kind, content = node.get("t"), node.get("c")
    if kind in {"Space", "SoftBreak"}:
        return " "
    if kind == "Str" or kind == "MetaString":
        return str(content)
    return plain(list(node.values()) if kind is None else content)


@titles
def test_pandoc_reads_the_title_of_csl_json(title: str) -> None:
    """By custom its titles hold some tags of HTML, and pandoc makes quotation marks of quotes: both are left out."""
    badge = stated(title)
    read, _ = reference_of(rendered("csl-json", badge), "csljson")
    letters = re.compile(r"[\s\"'“”‘’]|</?[a-z]+[^<>]*>")
    assert letters.sub("", read) == letters.sub("", badge.label)


@titles
@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_pandoc_reads_one_entry(title: str, name: str) -> None:
    badge = stated(title)
    _, everything = reference_of(rendered(name, badge), name)
    assert badge.number in everything
    assert badge.suffix in everything


@titles
@pytest.mark.parametrize("claims", [None, AUTHORS])
def test_citation_cff(title: str, claims: Claims | None) -> None:
    """Within a file as users have it, against the official schema."""
    badge = stated(title, claims=claims)
    head = 'cff-version: 1.2.0\nmessage: "Cite it."\ntitle: Software\nauthors:\n  - name: Someone\n'
    said = yaml.safe_load(rendered("citation.cff", badge))
    assert said.keys() == {"references"}, "of the work that has the file nothing is said"
    (cited,) = said["references"]
    schema = json.loads((ROOT / "build" / "schemas" / "citation.json").read_bytes())
    for way in (said, {"preferred-citation": cited}):
        jsonschema.validate({**yaml.safe_load(head), **way}, schema)
    number, source = (identifier["value"] for identifier in cited["identifiers"])
    assert (cited["title"], number, source, cited["url"]) == (badge.label, badge.number, badge.source, badge.page)
    names = [author["name"] for author in cited["authors"]]
    assert names == (list(AUTHORS.authors) if claims else [f"Authors of {badge.source}"])


@pytest.mark.parametrize("form", ["csl-json", "biblatex"])
def test_a_citation_processor_prints_it(form: str) -> None:
    """Pandoc's, by the style that it begins with: title, year and address of the paper."""
    badge = stated("Λόγος and 中文: a Title, 50 % of it")
    reader = {"csl-json": "csljson"}.get(form, form)
    text = pypandoc.convert_text(
        rendered(form, badge), "plain", format=reader, extra_args=["--citeproc", "--wrap=none"]
    )
    for part in ("Λόγος", "中文", "50 % of", "2026", badge.doi):
        assert part in text, text


@titles
def test_signposting(title: str) -> None:
    """RFC 8288 fields: ASCII, a line each, with the relations of the FAIR Signposting Profile."""
    badge = stated(title)
    text = rendered("signposting", badge)
    lines = text.splitlines()
    assert all(re.fullmatch(r"Link: <https://[\x21-\x7e]+>(?:; [\x21-\x7e]+)+", line) for line in lines)
    links = [requests.utils.parse_header_links(line.removeprefix("Link: ")) for line in lines]
    assert [link["rel"] for (link,) in links] == ["cite-as", "describedby", "describedby", "item"]
    assert links[0][0]["url"] == badge.page
    encoded = links[0][0]["title*"].removeprefix("UTF-8''")
    assert requests.utils.unquote(encoded) == badge.alt


def test_claimed_authors_come_with_a_word_of_warning() -> None:
    for name in ("bibtex", "biblatex", "csl-json", "citation.cff", "json-ld"):
        assert "Ann Author" not in rendered(name, stated("A Title"))
        text = rendered(name, stated("A Title", claims=AUTHORS))
        assert "Ann Author" in text, name
        assert "claimed" in text, name
        assert "no signature" in text, name
