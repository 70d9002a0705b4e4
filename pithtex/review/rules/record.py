"""PITH621 to PITH624: the record of the paper's number."""

from __future__ import annotations

from typing import Final

from pithtex.format.number import suffix_in
from pithtex.format.record import name_of
from pithtex.review.submission.model import Findings, RecordFile, Remedy, Submission, suffix_of, with_remedy
from pithtex.structs import replace


def record_not_genuine(submission: Submission) -> Findings:
    """PITH621.

    What it does:
        Reports a record of the number that contradicts itself or its signature: from `--record`, a JSON file beside the
        paper, the receipt inside `pith.sty`, or the store.

    Why it matters:
        The record is damaged or forged, and no badge should be made from it.

    How to fix it:
        `pithtex verify FILE` says what is wrong. Get the record again with `pithtex resolve`.
    """
    suffix = suffix_of(submission.manuscript.number)
    for item in submission.records:
        if item.fault is None or item.undecided:
            continue
        other = suffix_in(item.number)
        # What contradicts itself is said of a record of this number, and of what does not even say of which it is.
        if suffix is None or other in {suffix, ""}:
            message = f"does not verify: {item.fault.message}"
            hint = "get the record again with pithtex resolve or pithtex add"
            yield submission.of(item.name, "record-not-genuine", message, item.fault.hint or hint)


def record_not_at_hand(submission: Submission) -> Findings:
    """PITH622.

    What it does:
        Reports a number for which no signed record was found, or none by a trusted key.

    Why it matters:
        Nothing contradicts the number, and nothing proves it: title, licence and identifier are not compared. Where
        nothing else is wrong, the exit code is 3.

    How to fix it:
        `pithtex resolve NUMBER` keeps the record in the store, `--record FILE` names one, and `--key` trusts another
        registry.
    """
    use = submission.manuscript.number
    suffix = suffix_of(use)
    if use is None or suffix is None or submission.record is not None:
        return
    faults = [item for item in submission.records if item.fault is not None and _of(item, suffix)]
    if any(not item.undecided for item in faults):
        return  # said already, and louder
    why = next((f": {item.name}: {item.fault.message}" for item in faults if item.fault), "")
    message = f"there is no signed record of {suffix} here, so it is not known whose number this is{why}"
    hint = f"get it with pithtex resolve {suffix}, or give it with --record"
    item = submission.at(use, "record-not-at-hand", message, hint)
    yield replace(item, remedy=Remedy.NUMBER, undecided=True)


def record_beside_differs(submission: Submission) -> Findings:
    """PITH623.

    What it does:
        Reports a record beside the paper that is of another number than the paper, and of no paper that it cites.

    Why it matters:
        One of the two is left over from another paper or version.

    How to fix it:
        Move the record away, or correct the number.
    """
    suffix = suffix_of(submission.manuscript.number)
    if suffix is None:
        return
    cited = {citation.record.number.full for citation in submission.citations if citation.record is not None}
    for item in submission.records:
        if item.name == "pith.sty" or item.number is None or item.number in cited:
            continue
        if not _of(item, suffix):
            message = f"this is a record of {item.number}, but the paper's number is {suffix}"
            found = submission.of(
                item.name, "record-beside-differs", message, "one of the two belongs to another paper"
            )
            yield with_remedy(found, Remedy.NUMBER)


def newer_record(submission: Submission) -> Findings:
    """PITH624.

    What it does:
        Reports a genuine record of a later version of the same paper in the store.

    Why it matters:
        Both are true. A badge with the older one says so: it names its version.

    How to fix it:
        If you want the newer one, run `pithtex add ARXIV-ID`.
    """
    use, record, newest = submission.manuscript.number, submission.record, submission.newest
    if use is None or record is None or newest is None:
        return
    canonical = newest.canonical
    paper = name_of(canonical.source_kind, canonical.source_id)
    message = (
        f"the number is that of version {record.canonical.source_version}; of {paper} there is a"
        f" record of version {canonical.source_version} too, {newest.number.suffix}"
    )
    yield submission.at(
        use, "newer-record", message, "both are genuine; the newer one is for the text that readers find"
    )


def _of(item: RecordFile, suffix: str) -> bool:
    return suffix_in(item.number) == suffix


RULES: Final = (record_not_genuine, record_not_at_hand, record_beside_differs, newer_record)
