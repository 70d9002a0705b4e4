"""What is so of a submission, line by line: said also where there is nothing to find fault with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pithtex.findings import Status
from pithtex.manuscript.edit.companions import supplements
from pithtex.manuscript.edit.two_lines import has_reminder
from pithtex.manuscript.source.plain_text import plain_text
from pithtex.manuscript.source.referring import Kind as RefersTo
from pithtex.review.submission.log import Kind
from pithtex.review.submission.model import Agreement, Submission, suffix_of
from pithtex.review.texts.compare import Comparison, Match, compare_abstract, compare_title
from pithtex.structs import struct

_NAMED: Final = 5
"""Other documents that are named."""


@struct
class FactLine:
    """One of them. `message` and `details` may quote untrusted text."""

    name: str
    status: Status
    message: str
    details: tuple[tuple[str, str], ...] = ()
    """Texts to be shown one below the other: a word of ours, and the text."""


def facts_of(submission: Submission) -> tuple[FactLine, ...]:
    """Returns the facts, in the order in which they rest on each other."""
    facts = (_paper, _number, _record, _standing, _title, _abstract, _citations, _package, _log, _pdf)
    return tuple(fact for make in facts for fact in make(submission))


def _paper(submission: Submission) -> Iterator[FactLine]:
    """Yields which of several documents it is."""
    chosen = submission.chosen
    if chosen is not None and chosen.others:
        listed = ", ".join(chosen.others[:_NAMED]) + (" ..." if len(chosen.others) > _NAMED else "")
        message = f"{chosen.source.path.name}: {chosen.why}; not checked: {listed}"
        asked = (item.name for item in submission.map.of(RefersTo.DOCUMENT))
        found = supplements(chosen.others, asked)
        message += f"; --with {found[0]} checks and packs it as well" if found else ""
        yield FactLine(name="paper", status=Status.HOLDS, message=message)


def _number(submission: Submission) -> Iterator[FactLine]:
    use = submission.manuscript.number
    suffix = suffix_of(use)
    if use is None:
        awaited = has_reminder(submission.manuscript.main.text)
        said = (
            "none yet; the comment in the preamble says what to run once the paper is announced"
            if awaited
            else "none yet"
        )
        yield FactLine(name="number", status=Status.NOT_CHECKED, message=said)
        return
    line, _ = use.file.place(use.start)
    status = Status.FAILS if suffix is None else Status.HOLDS
    yield FactLine(name="number", status=status, message=f"{use.argument.strip()}, {use.file.name}:{line}")


def _record(submission: Submission) -> Iterator[FactLine]:
    record = submission.record
    if record is None:
        faults = [item for item in submission.records if item.fault is not None and not item.undecided]
        if faults:
            yield FactLine(name="record", status=Status.FAILS, message=f"does not verify, {faults[0].name}")
        elif submission.manuscript.number is not None:
            yield FactLine(name="record", status=Status.UNAVAILABLE, message="there is none here")
        return
    origin = next(item.name for item in submission.records if item.record is record)
    message = f"genuine, of {record.canonical.paper}, from {origin}"
    yield FactLine(name="record", status=Status.HOLDS, message=message)


def _standing(submission: Submission) -> Iterator[FactLine]:
    if submission.record is None:
        return
    standing = submission.standing
    status = Status.FAILS if standing.grave else Status.HOLDS if standing.known else Status.NOT_CHECKED
    yield FactLine(name="standing", status=status, message=standing.line)


def _title(submission: Submission) -> Iterator[FactLine]:
    title = submission.manuscript.title
    if title is None:
        yield FactLine(name="title", status=Status.NOT_CHECKED, message="not found in the source")
        return
    compared = compare_title(submission)
    details: tuple[tuple[str, str], ...] = ()
    if compared.match is Match.NOT_COMPARED:
        status, message = Status.NOT_CHECKED, f"{plain_text(title.expanded).text!r}"
    else:
        status, message = _said(compared)
    if compared.match is Match.DIFFERS:
        details = (("paper", compared.paper), ("record", compared.record), ("", marks(compared.paper, compared.record)))
    yield FactLine(name="title", status=status, message=message, details=details)


def _abstract(submission: Submission) -> Iterator[FactLine]:
    if submission.manuscript.abstract is not None and submission.record is not None:
        status, message = _said(compare_abstract(submission))
        yield FactLine(name="abstract", status=status, message=message)


def _said(compared: Comparison) -> tuple[Status, str]:
    return {
        Match.DIGEST: (Status.HOLDS, f"the record's, by its digest ({compared.how})"),
        Match.LETTERS: (Status.HOLDS, "the record's, letter by letter"),
        Match.DIFFERS: (Status.FAILS, "not the record's"),
        Match.UNCONFIRMED: (Status.UNAVAILABLE, "could not be confirmed as the record's"),
        Match.NOT_COMPARED: (Status.NOT_CHECKED, "not compared"),
    }[compared.match]


def _citations(submission: Submission) -> Iterator[FactLine]:
    """Yields how many references the records here confirm, and of how many they can tell nothing."""
    bibliography, count = submission.bibliography, Counter(item.agreement for item in submission.citations)
    details = tuple(("unread", name) for name in bibliography.unread[:_NAMED])
    if not submission.citations and not details:
        return
    named = count.total() - count[Agreement.UNNAMED]
    total = f"{count.total()}{'' if bibliography.whole else ' or more'}"
    if not named:
        said = f"{total}, not compared: none names a paper of arXiv"
        yield FactLine(name="citations", status=Status.NOT_CHECKED, message=said, details=details)
        return
    compared = named - count[Agreement.NO_RECORD]
    if not compared:
        none = "none was compared: no signed record of them is here (pithtex resolve --cited)"
        said = f"{named} of {total} name papers of arXiv, and {none}"
        yield FactLine(name="citations", status=Status.NOT_CHECKED, message=said, details=details)
        return
    parts = [f"{count[item]} {words}" for item, words in _AGREEMENTS.items() if count[item]]
    untold = [item.work.key for item in submission.citations if item.agreement is Agreement.NO_RECORD]
    if untold:
        details += (("no record", ", ".join(untold[:_NAMED]) + (", ..." if len(untold) > _NAMED else "")),)
    status = Status.FAILS if count[Agreement.OTHER_TITLE] else Status.HOLDS
    if not count[Agreement.CONFIRMED] and status is Status.HOLDS:
        status = Status.UNAVAILABLE
    yield FactLine(name="citations", status=status, message=f"{total}: {', '.join(parts)}", details=details)


_AGREEMENTS: Final = {
    Agreement.CONFIRMED: "confirmed by signed records",
    Agreement.OTHER_TITLE: "with another title than the record",
    Agreement.UNCONFIRMED: "whose title could not be compared",
    Agreement.NO_RECORD: "without a record here",
    Agreement.UNNAMED: "that name no paper of arXiv",
}
"""Which references these are, behind how many."""


def _package(submission: Submission) -> Iterator[FactLine]:
    package = submission.package
    if package is None:
        return
    if not package.ours:
        yield FactLine(name="pith.sty", status=Status.FAILS, message="not made by pithtex")
    elif package.number is None:
        yield FactLine(name="pith.sty", status=Status.NOT_CHECKED, message="carries no record")
    elif package.expected == package.data:
        yield FactLine(name="pith.sty", status=Status.HOLDS, message="carries the record, and is unchanged")
    else:
        yield FactLine(name="pith.sty", status=Status.FAILS, message="carries a record, but was changed")


def _log(submission: Submission) -> Iterator[FactLine]:
    log = submission.outcome.log
    if log is None:
        return
    errors = sum(message.kind is Kind.ERROR for message in log.messages)
    if errors:
        yield FactLine(name="log", status=Status.FAILS, message=f"{log.name}: {errors} errors")
    elif any(message.kind not in {Kind.LABEL, Kind.OVERFULL, Kind.TALL} for message in log.messages):
        yield FactLine(name="log", status=Status.FAILS, message=f"{log.name}: something is unresolved or missing")
    else:
        yield FactLine(name="log", status=Status.HOLDS, message=f"{log.name}: nothing unresolved or missing")


def _pdf(submission: Submission) -> Iterator[FactLine]:
    outcome = submission.outcome
    if outcome.pdf is None or outcome.verdict is None:
        return
    word = outcome.verdict.word.value
    status = {"valid": Status.HOLDS, "invalid": Status.FAILS}.get(word, Status.UNAVAILABLE)
    word += " (it carries no number)" if word == "absent" else ""
    word += ", older than its sources" if outcome.newer else ""
    yield FactLine(name="PDF", status=status, message=f"{outcome.pdf}: {word}")


def marks(one: str, other: str) -> str:
    """Returns a line of carets under the characters of the second text that the first has not."""
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, one[:400], other[:400], autojunk=False)
    line = [" "] * len(other[:400])
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag != "equal":
            line[start : max(end, start + 1)] = "^" * max(end - start, 1)
    return "".join(line).rstrip()
