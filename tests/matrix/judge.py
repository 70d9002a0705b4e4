"""What one class does with the badge on one engine: everything that an author would mind, checked."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import re
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pypdfium2

from pithtex.findings import Severity
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from tests.conftest import ROOT
from tests.matrix.cases import VARIANTS, Case, files, verified
from tests.matrix.engines import Compiled, Engine, System, compile_paper, fingerprint
from tests.matrix.page import Badge, Document, Rect, damage, moved

CHECKS: Final = {
    "baseline": "the paper compiles without the package",
    "compile": "it compiles with the package: exit code 0 of every program",
    "warnings": "the log and the programs after TeX say nothing that they do not say without the package",
    "badge": "one badge, on page 1",
    "inside": "the badge is inside the page",
    "clear": "the badge overlaps no word, and nothing that is drawn crosses its frame",
    "stamp": "the badge leaves the zone free where arXiv stamps (12 to 32 pt from the left edge)",
    "pages": "the paper has as many pages as without the package",
    "still": "`placement=margin` moves no character of any page",
    "file": "qpdf finds nothing to repair in the PDF",
    "channels": "`pithtex check` finds every channel of the profile",
    "verdict": "`pithtex check` says `valid`, or `unbound` for a sample that has a title of its own",
}
_STAMP: Final = (12.0, 32.0)
_SHOWN: Final = 200
_LOOSE: Final = "Underfull \\vbox"
"""A page that its text does not fill. Pages end elsewhere after a badge, as after one more line of the abstract."""
_OTHER_TITLE: Final = "Package pith Warning: The paper's title is not the record's."
"""Rightly, where a sample has a title of its own."""
_FLOW: Final = ("auto", "margin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A check that failed."""

    check: str
    variant: str
    message: str
    explanation: str | None = None
    """The table's, where the failure is an exception."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One class on one engine."""

    case: str
    engine: str
    place: str = ""
    """Where `auto` put the badge: `title` or `margin`."""
    pages: int = 0
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()
    stale: tuple[str, ...] = ()
    """Exceptions in the table for which there was no occasion."""
    not_supported: str = ""
    state: str = ""
    """A digest of all that this is the outcome of: the paper, `pith.sty`, the TeX Live, the table's row."""
    sty: str = ""
    """The beginning of the digest of `pith.sty`."""

    @property
    def bad(self) -> bool:
        """Something failed that the table does not explain."""
        return any(problem.explanation is None for problem in self.problems)

    @property
    def word(self) -> str:
        """`ok`, `exception`, `FAILED` or `-`."""
        if self.not_supported:
            return "-"
        return "FAILED" if self.bad else "exception" if self.problems else "ok"

    def to_dict(self) -> dict[str, Any]:
        """The JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Outcome:
        """Reads the JSON form."""
        problems = tuple(Problem(**problem) for problem in data.pop("problems"))
        return cls(**{**data, "stale": tuple(data["stale"])}, problems=problems)


@dataclass(slots=True)
class _Notes:
    """The failures of one class on one engine, as they are found."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, check: str, variant: str, message: str) -> None:
        assert check in CHECKS
        message = re.sub(r"\s+", " ", message)
        self.problems.append(Problem(check=check, variant=variant, message=message[:_SHOWN]))


def not_supported(case: Case, engine: str, system: System) -> str:
    """Why the paper is not compiled in this way, or nothing: the table says so, or this TeX Live has not the class."""
    reason = case.unsupported(engine, system.name)
    if not reason and case.sample and not (system.documents / case.sample).parent.is_dir():
        name = re.sub(r"\[.*?\]", "", case.cls).strip("{}")
        if system.run(["kpsewhich", f"{name}.cls"], system.work).returncode:
            reason = f"TeX Live {system.name} has no {name}.cls"
    return reason


def measure(case: Case, engine: Engine, system: System) -> Outcome:
    """Compiles a paper without the package, with it, and with `placement=margin`, and compares."""
    reason = not_supported(case, engine.name, system)
    if reason:
        return Outcome(case=case.name, engine=engine.name, not_supported=reason)
    notes = _Notes()
    compiled: dict[str, Compiled] = {}
    for variant in VARIANTS:
        folder = system.work / case.name / f"{engine.name}-{variant}"
        first = compiled.get("plain")
        compiled[variant] = compile_paper(system, engine, files(case, variant, engine, system), folder, first)
        if compiled[variant].returncode or not _readable(compiled[variant].pdf):
            notes.add("baseline" if variant == "plain" else "compile", variant, _failure(compiled[variant]))
            if variant == "plain":
                break
    rects: dict[str, Rect] = {}
    pages = 0
    if not any(problem.check == "baseline" for problem in notes.problems):
        plain = Document(compiled["plain"].pdf)
        pages = len(plain.pages)
        for variant in _FLOW:
            if _readable(compiled[variant].pdf):
                rects |= _compare(case, engine, variant, plain, compiled, notes)
        plain.close()
    problems, used = _explained(case, engine, system, notes)
    return Outcome(
        case=case.name,
        engine=engine.name,
        place=_where(rects),
        pages=pages,
        seconds=round(sum(one.seconds for one in compiled.values()), 1),
        problems=problems,
        stale=tuple(key for key in case.expected(engine.name, system.name) if key not in used),
        state=state(case, engine, system),
        sty=sty(),
    )


def state(case: Case, engine: Engine, system: System) -> str:
    """What an outcome depends on: as long as this is the same it need not be found out again."""
    papers = [sorted(files(case, variant, engine, system).items()) for variant in VARIANTS]
    way = (engine.tex, engine.after, engine.option, sorted(engine.expected))
    row = (case.title, bool(case.sample), sorted(case.exceptions.items()))
    return hashlib.sha256(repr((fingerprint(system), papers, way, row, sorted(CHECKS))).encode()).hexdigest()[:16]


@functools.cache
def sty() -> str:
    """The beginning of the digest of `pith.sty`."""
    return hashlib.sha256((ROOT / "latex" / "pith.sty").read_bytes()).hexdigest()[:12]


def _readable(pdf: Path) -> bool:
    """Whether there is a PDF; one that TeX did not finish is none."""
    try:
        Document(pdf).close()
    except (FileNotFoundError, pypdfium2.PdfiumError):
        return False
    return True


def _failure(compiled: Compiled) -> str:
    errors = [line for line in compiled.log.splitlines() if ":" in line and "rror" in line]
    return f"exit code {compiled.returncode}: {' / '.join(errors[:2])} {compiled.output[-80:]}"


def _explained(case: Case, engine: Engine, system: System, notes: _Notes) -> tuple[tuple[Problem, ...], set[str]]:
    """The failures with the table's explanations, and which of its exceptions were needed."""
    problems, used = [], set()
    for problem in notes.problems:
        key = case.exception(problem.check, engine.name, system.name, problem.message)
        # Nothing excuses movement by a badge in the margin.
        if key is None or (problem.variant == "margin" and problem.check in {"pages", "still"}):
            problems.append(problem)
        else:
            used.add(key)
            problems.append(dataclasses.replace(problem, explanation=case.exceptions[key]))
    return tuple(problems), used


def _compare(
    case: Case, engine: Engine, variant: str, plain: Document, compiled: dict[str, Compiled], notes: _Notes
) -> dict[str, Rect]:
    """All checks of one variant; returns where the badge is, if it is."""
    for message in new_complaints(compiled["plain"], compiled[variant]):
        if message.startswith(_OTHER_TITLE) and case.sample:
            continue
        if variant == "margin" or message != _LOOSE:
            notes.add("warnings", variant, message)
    document = Document(compiled[variant].pdf)
    try:
        badges = document.badges(f"pith:{verified().number.suffix[:8]}")
        if [badge.page for badge in badges] != [1]:
            where = ", ".join(str(badge.page) for badge in badges) or "none"
            notes.add("badge", variant, f"badges on page: {where}")
        if len(document.pages) != len(plain.pages):
            notes.add("pages", variant, f"{len(plain.pages)} pages, now {len(document.pages)}")
        for badge in badges[:1]:
            _place(document, badge, variant, notes)
            if variant == "margin" and (difference := moved(plain, document, badge)):
                notes.add("still", variant, difference)
    finally:
        document.close()
    for warning in damage(compiled[variant].pdf)[:2]:
        notes.add("file", variant, warning)
    _check(case, engine, variant, compiled[variant], notes)
    return {variant: badges[0].rect} if badges else {}


def _where(rects: dict[str, Rect]) -> str:
    """Where `auto` put the badge: where `margin` does, or else after the title."""
    if set(rects) != set(_FLOW):
        return ""
    same = all(abs(one - other) < 1 for one, other in zip(rects["auto"], rects["margin"], strict=True))
    return "margin" if same else "title"


def _place(document: Document, badge: Badge, variant: str, notes: _Notes) -> None:
    left, bottom, right, top = document.size(badge.page)
    x0, y0, x1, y1 = badge.rect
    box = f"({x0:.0f}, {y0:.0f}, {x1:.0f}, {y1:.0f})"
    if not (left <= x0 < x1 <= right and bottom <= y0 < y1 <= top):
        notes.add("inside", variant, f"{box} on a page of {right - left:.0f} by {top - bottom:.0f}")
    if x0 - left < _STAMP[1] and x1 - left > _STAMP[0]:
        notes.add("stamp", variant, box)
    under = document.overlapped(badge)
    if under:
        notes.add("clear", variant, f"over '{under[:40]}'")
    elif badge.linked and not document.clear_around(badge):  # without a link the frame is known only about
        notes.add("clear", variant, f"something crosses the frame {box}")


def _check(case: Case, engine: Engine, variant: str, compiled: Compiled, notes: _Notes) -> None:
    verdict = check_pdf(compiled.pdf)
    found = {channel.channel for badge in verdict.badges for channel in badge.channels}
    if missing := engine.expected - found:
        notes.add("channels", variant, f"missing: {', '.join(sorted(missing))}")
    expected = Word.UNBOUND if case.sample or not case.title else Word.VALID
    errors = [item.message for item in verdict.findings if item.severity is Severity.ERROR]
    if verdict.word is not expected or errors:
        notes.add("verdict", variant, f"{verdict.word} {'; '.join(errors)}".strip())


_START: Final = re.compile(
    r"(?:LaTeX|Package|Class|Module)[^:]* Warning:|(?:Over|Under)full \\|Missing character|! "
    r"|\S*[Ww]arning(?:\s|:)|\*\* WARNING|dvipdfmx:"
)
_VOLATILE: Final = (
    (re.compile(r" (?:on input line|at lines?|in paragraph at lines) [\d-]+\.?"), ""),
    (re.compile(r" on page \S+"), ""),
    (re.compile(r" \(page \S+\)"), ""),
    (re.compile(r"\([\d.]+pt too \w+\)|\(badness \d+\)|has occurred while \\output is active.*"), ""),
    (re.compile(r"(?<=detected )at lines.*|(?<=page )\d+|\[\d+\]?"), ""),
)


def complaints(log: str, output: str) -> Counter[str]:
    """The warnings and bad boxes of a log, without what differs from run to run: places and sizes."""
    found: Counter[str] = Counter()
    lines = [*log.splitlines(), *output.splitlines()]
    for index, line in enumerate(lines):
        if not _START.match(line):
            continue
        text = line
        for more in lines[index + 1 : index + 4]:
            if not re.match(r"\(\w+\) {2,}", more):
                break
            text += " " + more.partition(")")[2].strip()
        for pattern, replacement in _VOLATILE:
            text = pattern.sub(replacement, text)
        found[text.strip()] += 1
    return found


def new_complaints(before: Compiled, after: Compiled) -> list[str]:
    """What is said with the package, and not, or not so often, without it."""
    more = complaints(after.log, after.output) - complaints(before.log, before.output)
    return sorted(more)
