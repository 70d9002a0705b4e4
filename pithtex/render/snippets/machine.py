"""The formats that programs read. All of them are ASCII, so that no line or tag can be ended from within."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import quote

from pithtex.render.statement import Statement

_COLOURS: Final = {"grave": "red", "changed": "orange", "plain": "blue"}
_CLAIMED: Final = "authors: claimed by the record's document, under no signature"


def shields(statement: Statement) -> bytes:
    """Returns an endpoint of shields.io (https://shields.io/badges/endpoint-badge), as good as whoever serves it."""
    said = (statement.mark, statement.shown, statement.checked_text)
    badge: dict[str, object] = {
        "schemaVersion": 1,
        "label": "pith",
        "message": ", ".join(filter(None, said)),
        "color": _COLOURS[statement.tone],
    }
    if statement.tone == "grave":
        badge["isError"] = True  # so that no parameter of the address paints it in another colour
    return _json(badge).encode("ascii") + b"\n"


def csl_json(statement: Statement) -> bytes:
    """Returns an item of CSL-JSON 1.0.2, as Zotero, pandoc and citation processors read it."""
    year, month, day = map(int, statement.date.split("-"))
    item: dict[str, object] = {
        "id": f"pith-{statement.suffix[:8]}",
        "type": "article",
        "title": statement.cited,
        "issued": {"date-parts": [[year, month, day]]},
        "URL": statement.page,
        "number": statement.source,
        "note": "; ".join(filter(None, (statement.number, statement.stated))),
    }
    if statement.mark:
        item["status"] = statement.mark
    if statement.doi:
        item |= {"DOI": statement.doi, "publisher": "arXiv"}
    if statement.claims and statement.claims.authors:
        item["author"] = [{"literal": name} for name in statement.claims.authors]
        item["note"] = f"{item['note']}; {_CLAIMED}"
    return _json([item]).encode("ascii") + b"\n"


def json_ld(statement: Statement) -> bytes:
    """Returns a `script` element with a schema.org ScholarlyArticle, whose identifier is a PropertyValue."""
    number = {
        "@type": "PropertyValue",
        "propertyID": "Pith Number",
        "value": statement.number,
        "url": statement.page,
    }
    source = {"@type": "PropertyValue", "propertyID": _kind(statement), "value": statement.source}
    article: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "name": statement.label,
        "identifier": [number, source],
        "dateCreated": statement.date,
        "url": statement.link,
    }
    if statement.mark:
        article["creativeWorkStatus"] = statement.stated
        article["correction"] = f"{statement.mark}: {statement.reason}" if statement.reason else statement.mark
    if statement.record.arxiv_id:
        article["sameAs"] = f"https://arxiv.org/abs/{statement.record.arxiv_id}"
    if statement.claims and statement.claims.authors:
        article["author"] = [{"@type": "Thing", "name": name} for name in statement.claims.authors]
        article["creditText"] = _CLAIMED
    text = _json(article)
    for char in "<>&":  # what could end a `script` element or begin a comment in it (HTML, 4.12.1.3)
        text = text.replace(char, f"\\u{ord(char):04x}")
    return f'<script type="application/ld+json">\n{text}\n</script>\n'.encode("ascii")


def signposting(statement: Statement) -> bytes:
    """HTTP `Link` fields (RFC 8288) for a paper's page, by the FAIR Signposting Profile: one a line."""
    title = quote(statement.alt, safe="")
    canonical = statement.record.canonical
    lines = [
        f"<{statement.page}>; rel=\"cite-as\"; title*=UTF-8''{title}",
        f'<{statement.page}.json>; rel="describedby"; type="application/json"',
        f'<{statement.page}/bundle.json>; rel="describedby"; type="application/json"',
    ]
    if statement.record.arxiv_id:
        pdf = f"https://arxiv.org/pdf/{statement.record.arxiv_id}v{canonical.source_version}"
        lines.append(f'<{pdf}>; rel="item"; type="application/pdf"')
    return "".join(f"Link: {line}\n" for line in lines).encode("ascii")


def _kind(statement: Statement) -> str:
    return statement.source.partition(":")[0]


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=True)
