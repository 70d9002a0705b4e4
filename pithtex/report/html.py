"""Renders verdicts as one self-contained HTML page that runs no script, loads nothing and obeys no document.

Untrusted text is made printable (`style.printable`: control characters and what turns the reading order are spelt out)
and escaped by jinja2. The page's policy allows its own style sheet, by digest, and pictures inside it: nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from jinja2 import Environment
from markupsafe import Markup

from pithtex import palette
from pithtex.findings import Finding, Severity, docs_url
from pithtex.pdf.judgement.verdict import Badge, Channel, Verdict, Word
from pithtex.render.templating import markup_environment
from pithtex.report.standing import MAX_SHOWN, in_short
from pithtex.report.verdict import meaning
from pithtex.structs import struct
from pithtex.text import printable

if TYPE_CHECKING:
    from pithtex.pdf.text.page_image import Picture
    from pithtex.verification.record import VerifiedRecord

MAX_TEXT: Final = 4_000
"""Characters of one text that are shown; the page says how many more there were."""


@struct
class Entry:
    """A file: its verdict, or the problem that prevented one, and a picture of a page."""

    file: str
    verdict: Verdict | None
    problem: Finding | None = None
    picture: Picture | None = None
    marks: tuple[Channel, ...] = ()
    """The channels whose places `picture.boxes` gives, in that order."""


def places(verdict: Verdict) -> tuple[int, tuple[Channel, ...]]:
    """Returns the page to show (that of the badge behind the verdict, or page 1) and the channels on it."""
    badges = sorted(verdict.badges, key=lambda badge: badge.word is not verdict.word)
    page = next((badge.page for badge in badges if badge.page is not None), None)
    if page is None:
        page = next((channel.page for channel in verdict.channels if channel.page is not None), 1)
    marks = [channel for channel in verdict.channels if channel.page == page and channel.rect is not None]
    return page, (*marks, *_abstracts(verdict, page))


def _abstracts(verdict: Verdict, page: int) -> Iterator[Channel]:
    """Yields the places of the record's abstract on a page, to be marked."""
    for badge in verdict.badges:
        rects = [rect for number, rect in badge.abstract_rects if number == page]
        if rects:
            left, bottom, right, top = zip(*rects, strict=True)
            around = (min(left), min(bottom), max(right), max(top))
            yield Channel("abstract", f"page {page}", "the record's abstract", False, page, around)


def html_page(entries: Sequence[Entry], version: str) -> str:
    """Returns the page.

    Args:
        entries: the files, in order.
        version: the program's.
    """
    environment = _environment()
    style = environment.get_template("check.css.j2").render(variables=Markup(palette.variables()))  # noqa: S704 - ours
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    page = environment.get_template("check.html.j2")
    return page.render(entries=entries, version=version, style=Markup(style), style_digest=digest)  # noqa: S704 - ours


@cache
def _environment() -> Environment:
    environment = markup_environment("pithtex.report")
    environment.finalize = _shown
    environment.globals.update(meaning=meaning, signed=_signed, claimed=_claimed, data=_data, marked=_marked)
    environment.globals.update(in_short=in_short, mark=_mark, max_statements=MAX_SHOWN, docs_url=docs_url)
    environment.globals.update(logo=palette.MARK, sign=_sign, grave=_grave)
    return environment


def _mark(verdict: Verdict | None) -> str:
    """Returns what follows the verdict's word if something is said against the paper."""
    standing = None if verdict is None else verdict.standing
    return f", {standing.mark}" if standing is not None and standing.mark else ""


def _sign(verdict: Verdict | None) -> str:
    """Returns the sign beside the verdict's word: a tick, a cross, or a question mark if nothing is decided."""
    if verdict is None or verdict.word is Word.INVALID:
        return "M16 16l16 16M32 16l-16 16"
    return "M14 25l7 7l13-15" if verdict.word is Word.VALID else "M18 19a6 6 0 1 1 9 5q-3 2-3 5M24 35v.1"


def _grave(findings: Sequence[Finding]) -> bool:
    """Tells whether to show findings unfolded: errors and warnings, not notes."""
    return any(item.severity is not Severity.NOTE for item in findings)


def _shown(value: object) -> object:
    """Returns what a template prints: our own markup unchanged, all else printable and bounded in length."""
    if isinstance(value, Markup):
        return value
    text = str(value)
    shown = printable(text[:MAX_TEXT])
    return f"{shown} [and {len(text) - MAX_TEXT} more characters]" if len(text) > MAX_TEXT else shown


def _data(png: bytes) -> Markup:
    return Markup("data:image/png;base64," + base64.b64encode(png).decode("ascii"))  # noqa: S704 - base64 alone


def _marked(entry: Entry) -> Iterator[tuple[int, Channel, dict[str, int]]]:
    """Yields each mark: its number in the picture, its channel, and its rectangle with a rim."""
    boxes = () if entry.picture is None else entry.picture.boxes
    for number, (channel, box) in enumerate(zip(entry.marks, boxes, strict=True), 1):
        rim = 3 * number  # the badge's text lies within its link: their frames should not coincide
        left, top, right, bottom = (round(edge) for edge in box)
        yield (
            number,
            channel,
            {
                "x": left - rim,
                "y": top - rim,
                "width": right - left + 2 * rim,
                "height": bottom - top + 2 * rim,
            },
        )


def _signed(record: VerifiedRecord) -> Iterator[tuple[str, str]]:
    """Yields what the signed digest covers, and the title that it proves."""
    canonical = record.canonical
    yield "number", record.number.full
    yield "title", record.title or "not known: the record states only its digest"
    yield "source", canonical.paper
    yield "submitted", canonical.submitted_at
    yield "categories", ", ".join((canonical.primary_category, *canonical.cross_categories))
    yield "licence", canonical.license or "not stated"
    yield "SHA-256", record.digest
    yield "signing key", f"{record.key.key_id}, {record.key.fingerprint_hex}"


def _claimed(badge: Badge) -> Iterator[tuple[str, str]]:
    """Yields what else the record's document says, under no signature."""
    paper = badge.record.claimed.get("paper") if badge.record is not None else None
    for name, value in paper.items() if isinstance(paper, dict) else ():
        if isinstance(value, str) and value and name not in {"title", "license", "primary_cat"}:
            yield name.replace("_", " "), value
