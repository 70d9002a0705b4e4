"""Shows what the registry says of a paper, to people and as JSON, for `pithtex show`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from pithtex.format.profile import LINK_PREFIX
from pithtex.report.standing import MAX_SHOWN, TONE_COLOURS
from pithtex.report.terminal import Style, finding_lines
from pithtex.text import printable
from pithtex.verification.record import VerifiedRecord
from pithtex.verification.standing import Moment, Standing, Tone

_WIDTH: Final = 96
"""Columns of the page's texts."""
_MAX_MOMENTS: Final = 40
"""Of the timeline: the first and the last of more."""

NOT_PROVEN: Final = (
    (
        "that the paper is right, or who wrote it: the registry signs digests of the title and "
        "abstract, and what it was told"
    ),
    "that a file of yours is this paper: pithtex check FILE.pdf compares it",
)


def paper_dict(record: VerifiedRecord, standing: Standing) -> dict[str, object]:
    """Returns the JSON form: names, standing, timeline, and what is not proven."""
    return {
        "number": record.number.full,
        "title": record.title,
        "source": record.canonical.paper,
        "address": _address(record),
        "record": LINK_PREFIX + record.number.suffix,
        "submitted_at": record.canonical.submitted_at,
        "key": record.key.key_id,
        "standing": standing.to_dict(),
        "timeline": [moment.to_dict() for moment in standing.timeline],
        "not_proven": list(_not_proven(record, standing)),
    }


def page_lines(record: VerifiedRecord, standing: Standing, style: Style) -> Iterator[str]:
    """Yields the printable page: title, names, standing with the signers' words, history, what is not proven."""
    title = printable(record.title or "(title not stated in any document here)")
    yield from (style.paint(line, "bold") for line in textwrap.wrap(title, _WIDTH))
    yield "  ".join(filter(None, (printable(record.canonical.paper), _address(record))))
    yield f"{record.number.full}  {LINK_PREFIX}{record.number.suffix}"
    yield ""
    yield from _standing(standing, style)
    yield ""
    yield style.paint("history", "bold")
    yield f"  {record.canonical.submitted_at[:10]}  submitted, by the signed record"
    yield from _timeline(standing)
    yield ""
    yield style.paint("not proven", "bold")
    for text in _not_proven(record, standing):
        yield from textwrap.wrap(text, _WIDTH, initial_indent="  - ", subsequent_indent="    ", break_on_hyphens=False)
    yield ""


def _standing(standing: Standing, style: Style) -> Iterator[str]:
    heading = standing.mark.upper() or ("nothing is said against it" if standing.known else "standing unknown")
    colour = TONE_COLOURS[standing.tone] if standing.tone is not Tone.PLAIN else "bold"
    freshness = f"  {printable(standing.freshness)}" if standing.known or standing.mark else ""
    yield f"{style.paint(heading, colour)}{freshness}"
    for item in standing.statements[:MAX_SHOWN]:
        said = f"{item.says.value}: {item.text}" if item.text else item.says.value
        yield from _wrapped(printable(said), "  ")
        yield f"    {printable(item.by)}"
    more = len(standing.statements) + standing.left_out - MAX_SHOWN
    if more > 0:
        yield f"  and {more} more: --json has them"
    for odd in standing.odd_times:
        yield from finding_lines(odd, style, "  ")


def _timeline(standing: Standing) -> Iterator[str]:
    moments: list[Moment | None] = list(standing.timeline)
    if len(moments) > _MAX_MOMENTS:
        half = _MAX_MOMENTS // 2
        moments = [*moments[:half], None, *moments[-half:]]
    for moment in moments:
        if moment is None:
            yield f"  ...         {len(standing.timeline) - _MAX_MOMENTS} more: --json has them"
        else:
            said = f"{moment.what}: {moment.text}" if moment.text else moment.what
            yield from _wrapped(printable(said), f"  {moment.when[:10]}  ", "              ")


def _wrapped(text: str, first: str, then: str | None = None) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=then or f"{first}  ")


def _address(record: VerifiedRecord) -> str | None:
    """Returns the address of the paper's page at arXiv, in the record's version."""
    if record.arxiv_id is None:
        return None
    return f"https://arxiv.org/abs/{record.arxiv_id}v{record.canonical.source_version}"


def _not_proven(record: VerifiedRecord, standing: Standing) -> Iterator[str]:
    if standing.known:
        count = standing.sources
        places = f"in {count} source{'' if count == 1 else 's'}"
        yield f"that nothing was said since {standing.as_of}: this is what was seen {places}"
    else:
        asking = f"pithtex show {record.number.suffix} asks the mirrors"
        yield f"what was said of the paper since: no signed event was seen; {asking}"
    yield from NOT_PROVEN
