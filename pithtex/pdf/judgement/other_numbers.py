"""What does not speak for the paper: XMP packets that are not the document's, and earlier revisions of the file.

Both can make other readers show another number, and neither changes the word. What differs is quoted from both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.format.number import suffix_in
from pithtex.pdf.channels.table import CHANNELS, XMP
from pithtex.pdf.evidence import Evidence, Revision
from pithtex.pdf.judgement.badges import BadgeClaims
from pithtex.pdf.judgement.verdict import Channel
from pithtex.text import shortened

_SHOWN: Final = 64
"""Characters of a value that a message quotes; a number has 36."""


def bystanders(evidence: Evidence, badges: Sequence[BadgeClaims]) -> tuple[tuple[Channel, ...], list[Finding]]:
    """Lists what bystanders say, and reports what the badges contradict.

    Args:
        evidence: its `packets` and `revisions` are looked at.
        badges: what the file says now; in proceedings, each of them.
    """
    if not evidence.packets and not evidence.revisions:
        return (), []
    now = {suffix_in(claim.number) for badge in badges for claim in badge.claims if claim.number}
    shorts = tuple(suffix_in(claim.number or "") for badge in badges for claim in badge.shorts)
    channels: list[Channel] = []
    findings: list[Finding] = []
    named = ", ".join(sorted({_quote(claim.number) for b in badges for claim in b.claims if claim.number})[:4])

    def known(number: str) -> bool:
        return suffix_in(number) in now or (not now and suffix_in(number).startswith(shorts))

    for packet in evidence.packets:
        numbers = dict.fromkeys(packet.xmp.numbers)
        channels += [_channel(XMP.name, packet.where, number, packet.xmp.receipts) for number in numbers or [None]]
        for number in numbers:
            if not known(number):
                message = f"it names {_quote(number)}; the channels that speak for the paper name {named or 'none'}"
                findings.append(finding("other-packet", message, where=packet.where))
    reported: set[tuple[str, str]] = set()
    for place, revision in reversed(list(enumerate(evidence.revisions, 1))):
        where = _where(place, revision, len(evidence.revisions) + 1)
        for kind in CHANNELS:
            said, today = kind.says(revision.stated), dict.fromkeys(kind.says(evidence.stated).numbers)
            for number in dict.fromkeys(said.numbers):
                channels.append(_channel(kind.name, where, number, said.receipts))
                # A channel that is gone took nothing with it that another still says.
                same = suffix_in(number) in map(suffix_in, today) if today else known(number)
                if not same and (kind.name, number) not in reported:
                    reported.add((kind.name, number))
                    findings.append(_changed(where, kind.name, number, today, named))
    return tuple(channels), findings


def _changed(where: str, channel: str, number: str, values: Iterable[str], named: str) -> Finding:
    today = ", ".join(map(_quote, values)) or "nothing"
    message = f"{channel} named {_quote(number)}, and now names {today}"
    if not named:
        return finding("number-removed", message, where=where)
    if today == "nothing":
        message += f"; the file names {named}"
    return finding("number-changed", message, where=where)


def _channel(channel: str, where: str, number: str | None, receipts: Sequence[str]) -> Channel:
    return Channel(channel=channel, where=where, number=number, receipt=bool(receipts))


def _where(place: int, revision: Revision, count: int) -> str:
    return f"revision {place} of {count}, the file's first {revision.end} bytes"


def _quote(number: str) -> str:
    return repr(shortened(number, _SHOWN))
