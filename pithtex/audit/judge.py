"""One PDF to the body of one line. Pure but for the library: an engine of any kind can call it."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from pithtex.audit.described import described
from pithtex.audit.lines import told
from pithtex.audit.records import Library
from pithtex.audit.unit import Setup, Unit
from pithtex.catalogue import finding
from pithtex.errors import UsageError
from pithtex.pdf.lane.no_trace import Metadata, metadata_of_untraced
from pithtex.structs import replace

if TYPE_CHECKING:
    from pithtex.findings import Finding
    from pithtex.pdf.judgement.verdict import Badge, Verdict
    from pithtex.pdf.options import PdfCheck
    from pithtex.verification.standing import Standing

_MOST_LOOK_UPS: Final = 100
"""Records looked up for one PDF; a volume of proceedings has some dozens of badges."""

Judge = Callable[[bytes, Unit], tuple[str, dict[str, Any]]]
"""Gives a PDF's word and the rest of its line."""


def judge_of(setup: Setup, before_reading: Callable[[], None] = lambda: None) -> Judge:
    """The function that judges one PDF after the other, with what it keeps between them.

    Args:
        setup: how.
        before_reading: is called before a library reads a file, which may end the process.
    """
    library = Library(setup.keyring, setup.records, setup.store)

    def judge(data: bytes, unit: Unit) -> tuple[str, dict[str, Any]]:
        metadata = None if setup.text else metadata_of_untraced(data)
        if metadata is None or setup.iscc:
            before_reading()
        word, body = _judged(data, unit, setup, library) if metadata is None else _absent(data, unit, metadata)
        if setup.digests:
            body["sha256"] = hashlib.sha256(data).hexdigest()
        if setup.iscc and word != "unreadable" and (code := _text_code(data)):
            body["iscc"] = code
        return word, body

    return judge


@functools.cache
def _reader() -> PdfCheck:
    """What `check` calls. It is loaded when the first file needs it: most carry nothing, and the lane says so."""
    from pithtex.pdf.check import check_pdf
    from pithtex.pdf.worker import throw_once

    throw_once()
    return check_pdf


def _noted(unit: Unit) -> list[Finding]:
    return [finding("manifest-conflict", unit.note)] if unit.note else []


def _absent(data: bytes, unit: Unit, metadata: Metadata) -> tuple[str, dict[str, Any]]:
    nothing = finding("no-metadata", "no link, XMP or Info names a number; the pages' text was not read")
    return "absent", {"findings": told([*_noted(unit), nothing]), **described(data, *metadata), "text": False}


def _judged(data: bytes, unit: Unit, setup: Setup, library: Library) -> tuple[str, dict[str, Any]]:
    notes = _noted(unit)
    expect = unit.expect or None
    try:
        verdict = _with_records(_reader()(data, keyring=setup.keyring, expect=expect), data, expect, setup, library)
    except UsageError as error:  # what the manifest names is not a paper: the file is judged without it
        notes.append(finding("manifest-conflict", error.message))
        verdict = _with_records(_reader()(data, keyring=setup.keyring), data, None, setup, library)
    return verdict.word.value, {**_of_verdict(verdict, notes), **described(data), "text": True}


def _with_records(verdict: Verdict, data: bytes, expect: str | None, setup: Setup, library: Library) -> Verdict:
    """The verdict with records that the PDF lacks looked up, and with the standing of its papers."""
    badges = list(verdict.badges)
    for index, badge in list(enumerate(badges))[:_MOST_LOOK_UPS]:
        if badge.word.value == "unverified" and badge.number:
            known = library.find(badge.number)
            if known is not None:
                badges[index] = _reader()(data, record=known, keyring=setup.keyring, expect=expect).badges[index]
    for index, badge in list(enumerate(badges))[:_MOST_LOOK_UPS]:
        if badge.record is not None:
            standing = library.standing(badge.record)
            badges[index] = replace(badge, standing=standing) if standing.known else badge
    return type(verdict).of(tuple(badges), verdict.findings, bystanders=verdict.bystanders) if badges else verdict


def _of_verdict(verdict: Verdict, notes: list[Finding]) -> dict[str, Any]:
    body: dict[str, Any] = {"findings": told([*notes, *verdict.all_findings])}
    speaker: Badge | None = next((badge for badge in verdict.badges if badge.word is verdict.word), None)
    if speaker is None:
        return body
    standing = verdict.standing
    body |= {
        "number": speaker.number,
        "title": speaker.title,
        "source": speaker.source,
        "standing": _words(standing),
        "facts": {name: fact.status.value for name, fact in speaker.facts.items()},
        "channels": sorted({channel.channel for channel in verdict.channels}),
        "badges": len(verdict.badges),
    }
    shown = speaker.facts.binding.shows
    if shown is not None:
        body["shows"] = shown[1][:300]
    return body


def _words(standing: Standing | None) -> list[str]:
    """What is said of the paper; that nothing is said beyond its registration is a word, too."""
    if standing is None or not standing.known:
        return ["unknown"]
    return [word.value for word in standing.words] or ["registered"]


def _text_code(data: bytes) -> str | None:
    """The text code; none on a worker that lacks what makes it."""
    try:
        from pithtex.audit.textcode import text_code
    except ImportError:
        return None
    return text_code(data)
