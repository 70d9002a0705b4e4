"""Shows a verdict to people: the word, its meaning, then facts, channels and findings."""

from __future__ import annotations

from typing import Final

from pithtex.findings import Status
from pithtex.pdf.facts import Fact
from pithtex.pdf.judgement.verdict import Badge, Verdict, Word
from pithtex.report.standing import standing_lines
from pithtex.report.terminal import STATUS_COLOURS, Style, finding_lines
from pithtex.text import printable

COLOURS: Final = {
    Word.VALID: "green",
    Word.UNBOUND: "yellow",
    Word.UNVERIFIED: "yellow",
    Word.ABSENT: "dim",
    Word.UNREADABLE: "yellow",
    Word.INVALID: "red",
}

_MEANINGS: Final = {
    Word.UNBOUND: "the record is genuine, but this PDF does not show its title or stamp",
    Word.UNVERIFIED: "the number is consistent, but there is no record of it signed by a trusted key",
    Word.ABSENT: "the PDF carries no Pith Number",
    Word.UNREADABLE: "the file could not be opened, so nothing is known about it",
    Word.INVALID: "this PDF contradicts its signed record; see the errors below",
}

_SHOWS: Final = {
    "title": "this PDF shows that title",
    "arxiv-id": "this PDF bears that paper's arXiv stamp",
    "expected": "this is the paper that was expected",
}


def meaning(badge: Badge | None, word: Word) -> str:
    """Returns what a verdict's word means and, for the strongest, what it does not mean."""
    if word is Word.VALID and badge is not None:
        title = f" '{badge.title}'" if badge.title else " a paper whose title is not known"
        shows = _SHOWS[badge.facts.binding.by or "title"]
        return f"genuine record of{title} ({badge.source}), and {shows}{_of_the_abstract(badge.facts.abstract)}"
    if word is Word.UNBOUND and badge is not None and badge.facts.binding.status is Status.HOLDS:
        return "the record is genuine, and this PDF shows its title or stamp, but not its abstract"
    return _MEANINGS[word]


def _of_the_abstract(abstract: Fact) -> str:
    """Returns what was compared besides the title, and so what remains unproven."""
    if abstract.status is Status.HOLDS:
        return " and that abstract. Not proven: that the rest of the text is the paper the registry saw."
    compared = {
        Status.UNAVAILABLE: "its abstract was not compared: the PDF does not carry it",
        Status.NOT_CHECKED: abstract.message,
    }
    return f"; {compared[abstract.status]}. Not proven: that the text is the paper the registry saw."


def verdict_line(file: str, verdict: Verdict, style: Style) -> str:
    """Returns the verdict's word for one file, and the file's name."""
    standing = verdict.standing
    mark = standing.mark if standing is not None else ""
    word = f"{verdict.word.value}, {mark}" if mark else verdict.word.value
    colour = "red" if standing and standing.grave else COLOURS[verdict.word]
    return f"{style.paint(word, colour)}  {printable(file)}"


def verdict_lines(file: str, verdict: Verdict, style: Style) -> list[str]:
    """Returns the lines for one file."""
    lines = [verdict_line(file, verdict, style)]
    if not verdict.badges:
        lines.append(f"  {_MEANINGS.get(verdict.word, '')}")
    for badge in verdict.badges:
        lines += _badge_lines(badge, style, several=len(verdict.badges) > 1)
    told = {item for badge in verdict.badges for item in badge.standing.findings if item.name != "time-order"}
    for item in verdict.all_findings:
        if item in told:
            continue  # in the standing, with its words
        lines += finding_lines(item, style, "  ")
    return lines


def _badge_lines(badge: Badge, style: Style, *, several: bool) -> list[str]:
    place = "in the metadata" if badge.page is None else f"badge on page {badge.page}"
    word = f"{style.paint(badge.word.value, COLOURS[badge.word])}: " if several else ""
    number = style.paint(printable(badge.number or "no number"), "bold")
    lines = [f"  {word}{number}, {place}", f"  {printable(meaning(badge, badge.word))}"]
    lines += standing_lines(badge.standing, style)
    lines.append("  facts")
    for name, fact in badge.facts.items():
        status = style.paint(f"{fact.status.value:<11}", STATUS_COLOURS[fact.status])
        lines.append(f"    {name:<10}{status} {printable(fact.message)}")
    lines.append("  channels")
    for channel in badge.channels:
        number = printable(channel.number or "no number")
        receipt = ", with receipt" if channel.receipt else ""
        lines.append(f"    {channel.channel:<10}{number}{receipt}  ({printable(channel.where)})")
    return lines
