"""From evidence to badges: which link is a badge, and which channels speak for it (docs/reference/pdf-profile.md)."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect
from pithtex.format.badge_link import read_address
from pithtex.format.number import suffix_in
from pithtex.format.profile import BADGE_NAME, REGISTRY_HOSTS, SHORT_PREFIX
from pithtex.patterns import pattern
from pithtex.pdf.binding.titles import title_blocks
from pithtex.pdf.binding.wording import is_heading
from pithtex.pdf.channels.table import FROM_OBJECTS, LINK, TEXT, Said, Speaks
from pithtex.pdf.evidence import UNSEEN, Evidence, LinkEvidence, PageText, TextLine
from pithtex.pdf.judgement.verdict import Channel
from pithtex.structs import NamedTuple, field, struct

_SHORT: Final = pattern(re.escape(SHORT_PREFIX) + r"\s?([A-Z2-7]{8})(?![A-Za-z0-9])")
_ZONE_END: Final = ("introduction", "contents", "references", "bibliography")
_COLUMN: Final = 3
"""Lines to the left of a heading, and lower, that make its column a right one."""
_BESIDE: Final = 16
"""Characters beside the short form in a line that is a badge's; a citation stands in a sentence."""
_TITLE_SIZE: Final = 1.15
"""Of the badge's: type larger than that is a title's, on a page that is not the file's first."""
_NEAR: Final = 4.0
"""Of its size: how far from a link a short form may stand that a reader takes for the link's."""


class Claim(NamedTuple):
    """What one channel says: its number as written, and the receipt as written."""

    channel: str
    where: str
    number: str | None
    receipt: str | None = None
    digest: str | None = None
    page: int | None = None
    rect: Rect | None = None

    @property
    def report(self) -> Channel:
        """For the verdict."""
        return Channel(
            channel=self.channel,
            where=self.where,
            number=self.number,
            receipt=self.receipt is not None,
            page=self.page,
            rect=self.rect,
        )


@struct(frozen=False)
class BadgeClaims:
    """All that speaks for one badge."""

    page: int | None
    claims: list[Claim] = field(default_factory=list)
    shorts: list[Claim] = field(default_factory=list)
    """Short forms in visible text: names that can contradict, and never prove."""
    findings: list[Finding] = field(default_factory=list)


def badge_claims(evidence: Evidence, mirrors: Collection[str] = ()) -> tuple[list[BadgeClaims], list[Finding]]:
    """Sorts the evidence into badges.

    A badge is a link with the badge's name, or, in a file without one, a link over the text `pith:<8>` in the title
    zone of its page. Every other link to Pith is a citation. Without any badge, Info, XMP or such a text alone still
    make one: what they say is judged without a link.

    Args:
        evidence: all of it.
        mirrors: hosts, beside the registry's, that a badge may link to.

    Returns:
        The badges, and findings about the file as a whole.
    """
    pages = {text.page: text for text in evidence.texts}
    findings: list[Finding] = []
    named = [link for link in evidence.links if link.name == BADGE_NAME]
    # A badge by name that shows no number does not silence one that does.
    silent = [link for link in named if _unseen(link, pages.get(link.page)) or not _shows(link, pages.get(link.page))]
    plain = silent or not named
    chosen = [link for link in evidence.links if link in named or (plain and _shows(link, pages.get(link.page)))]
    for link in evidence.links:
        if link not in chosen:
            unseen = _unseen(link, pages.get(link.page))
            hidden = f"; it is not visible: it is {unseen}" if unseen else ""
            message = f"a link to {link.uri!r}: a citation, which says nothing about this paper{hidden}"
            findings.append(finding("citation-link", message, where=link.where))
    hosts = REGISTRY_HOSTS.union(mirrors)
    badges = [_link_badge(link, pages.get(link.page), hosts, evidence) for link in chosen]
    for badge, link in zip(badges, chosen, strict=True):
        theirs = {suffix_in(other.claims[0].number)[:8] for other in badges if other is not badge}
        beside = _short_forms_beside(link, pages.get(link.page), evidence)
        badge.shorts += [claim for claim in beside if suffix_in(claim.number) not in theirs]
    document, found = _document_claims(evidence)
    findings += found
    if not badges:
        loose = _loose_badge(evidence)
        badges = [loose] if document or loose.shorts else []
    for badge in badges:
        badge.claims += [claim for claim in document if _speaks_for(claim, badge, badges)]
    return badges, findings


def title_zone(page: PageText) -> float:
    """Returns the lower edge of a page's title zone: its middle, or the first heading above that which begins the text.

    A heading at the top of a right column ends nothing: the title's text goes on below, in the left one. All on the
    page as it is shown (`PageText.upright`).
    """
    lines = [line for line in page.upright.lines if line.angle == 0]
    _, bottom, _, top = page.upright.box
    headings = (line for line in lines if is_heading(line.text, *_ZONE_END))
    return max([(bottom + top) / 2, *(line.rect[3] for line in headings if not _of_right_column(line, lines))])


def _of_right_column(heading: TextLine, lines: Sequence[TextLine]) -> bool:
    left = (line for line in lines if line.rect[2] < heading.rect[0] and line.rect[1] < heading.rect[1])
    return sum(not line.text.isdigit() for line in left) >= _COLUMN


def _link_badge(link: LinkEvidence, page: PageText | None, hosts: Collection[str], evidence: Evidence) -> BadgeClaims:
    badge = BadgeClaims(page=link.page)
    address = read_address(link.uri, hosts, link.where)
    badge.findings += address.findings
    number, receipt = address.number, address.receipt
    said = Claim(channel=LINK.name, where=link.where, number=number, receipt=receipt, page=link.page, rect=link.rect)
    badge.claims.append(said)
    badge.shorts += _short_forms_under(link, page, zone=False)
    if link.twice:
        message = (
            f"the badge's link has {', '.join(link.twice)} more than once, and readers disagree on which one counts"
        )
        badge.findings.append(finding("channel-duplicate", message, where=link.where))
    unseen = _unseen(link, page)
    if unseen:
        message = f"the badge's link is not visible: it is {unseen}"
        badge.findings.append(finding("hidden-badge", message, where=link.where))
    over = next((rival for rival in evidence.rivals if (rival.page, rival.index) == (link.page, link.index)), None)
    if over is not None:
        message = f"annotation {over.other + 1} of the page lies over the badge and does something else when clicked"
        badge.findings.append(finding("badge-covered", message, where=link.where))
    if page is not None and not badge.shorts and any(_overlap(link.rect, line.rect) for line in page.covered):
        message = "something lies over the badge's text, so a reader sees something else"
        badge.findings.append(finding("badge-covered", message, where=link.where))
    if link.action != "URI" or link.more:
        also = ", and then " + ", ".join(map(repr, link.more)) if link.more else ""
        message = f"the badge does not just open a page: action {link.action!r}{also}"
        badge.findings.append(finding("channel-malformed", message, where=link.where))
    return badge


def _unseen(link: LinkEvidence, page: PageText | None) -> str:
    """Returns why a reader cannot see or hit a link; empty if nothing speaks against it."""
    if link.flags & UNSEEN:
        return "hidden"
    sizeable = [box for box in link.regions if box[2] - box[0] >= 1 and box[3] - box[1] >= 1]
    if not sizeable:
        return "without size"
    if page is not None and not any(_overlap(box, page.box) for box in sizeable):
        return "off the page"
    return ""


def _document_claims(evidence: Evidence) -> tuple[list[Claim], list[Finding]]:
    claims: list[Claim] = []
    findings: list[Finding] = []
    for kind in FROM_OBJECTS:
        said = kind.says(evidence.stated) if kind.speaks is Speaks.FILE else Said()
        if not any(said):
            continue
        for name, values in (("numbers", said.numbers), ("digests", said.digests), ("receipts", said.receipts)):
            if len(set(values)) > 1:
                message = f"{kind.title} gives {len(values)} {name}: {', '.join(map(repr, values[:4]))}"
                findings.append(finding("channel-duplicate", message, where=kind.where))
        number, receipt, digest = (next(iter(values), None) for values in said)
        claims.append(Claim(channel=kind.name, where=kind.where, number=number, receipt=receipt, digest=digest))
    return claims, findings


def _speaks_for(claim: Claim, badge: BadgeClaims, badges: list[BadgeClaims]) -> bool:
    """Metadata of the file speaks for each badge it agrees with, and against all when it agrees with none."""

    def suffixes(of: BadgeClaims) -> set[str]:
        return {suffix_in(said.number) for said in of.claims if said.number and said.channel == LINK.name}

    own = suffix_in(claim.number)
    agreeing = [other for other in badges if own in suffixes(other)]
    return badge in agreeing or not agreeing


def _shows(link: LinkEvidence, page: PageText | None) -> bool:
    """Tells whether a link lies over a badge's text, by whatever package it was made.

    The text decides that the link speaks for the paper; a link that then names another number is a contradiction.
    """
    return bool(_short_forms_under(link, page, zone=True))


def _short_forms_under(link: LinkEvidence, page: PageText | None, *, zone: bool) -> list[Claim]:
    """Returns the short forms in visible text below a link; with `zone`, only those in the page's title zone."""
    if page is None:
        return []
    edge = title_zone(page) if zone else -math.inf
    lines = [line for line, top in _tops(page) if top > edge and (_stands_alone(line) or not zone)]
    found = (
        claim
        for region in link.regions
        for line in lines
        if _overlap(region, line.rect)
        for claim in _shorts(page, line, region)
    )
    return list(dict.fromkeys(found))


def _short_forms_beside(link: LinkEvidence, page: PageText | None, evidence: Evidence) -> list[Claim]:
    """Returns the short forms that no link lies over: those of the title zone, and those next to a link.

    A reader takes them for the badge's, wherever the link is, and whatever it lies over; unless another badge has lost
    its text so.
    """
    if page is None:
        return []
    edge = title_zone(page)
    found: list[Claim] = []
    for line, top in _tops(page):
        near = any(_overlap(_widened(region, _NEAR * line.size), line.rect) for region in link.regions)
        if (near or top > edge or line.angle) and _stands_alone(line) and not _is_linked(line, page, evidence):
            found += _shorts(page, line, None)
    return found


def _widened(rect: Rect, margin: float) -> Rect:
    return (rect[0] - margin, rect[1] - margin, rect[2] + margin, rect[3] + margin)


def _is_linked(line: TextLine, page: PageText, evidence: Evidence) -> bool:
    """Tells whether a line lies under a link to Pith."""
    regions = (region for link in evidence.links if link.page == page.page for region in link.regions)
    return any(_overlap(line.rect, region) for region in regions)


def _shorts(page: PageText, line: TextLine, rect: Rect | None) -> Iterator[Claim]:
    for match in _SHORT.finditer(line.text):
        if rect is None or _within(line, match, rect, page.turn):
            short = f"{SHORT_PREFIX}{match[1]}"
            yield Claim(channel=TEXT.name, where=f"page {page.page}", number=short, page=page.page, rect=line.rect)


def _stands_alone(line: TextLine) -> bool:
    return len(line.text) <= len(SHORT_PREFIX) + 8 + _BESIDE


def _tops(page: PageText) -> Iterator[tuple[TextLine, float]]:
    """Returns each line, and how high it reaches on the page as it is shown."""
    return ((line, shown.rect[3]) for line, shown in zip(page.lines, page.upright.lines, strict=True))


def _within(line: TextLine, match: re.Match[str], rect: Rect, turn: int) -> bool:
    """Tells whether the matched part of a line stands, by its share of the line's length, under the rectangle."""
    if (line.angle + turn) % 360:
        return True
    width = (line.rect[2] - line.rect[0]) / max(len(line.text), 1)
    middle = line.rect[0] + width * (match.start() + match.end()) / 2
    return rect[0] - width <= middle <= rect[2] + width


def _loose_badge(evidence: Evidence) -> BadgeClaims:
    """Returns a badge without link: the text that is left where one stood, or none at all.

    It is looked for in the title zone of page 1; and, where a cover sheet may have been put before the paper, in that
    of page 2, below larger type: that tells a paper's first page from one that goes on.
    """
    for page in evidence.texts[:2]:
        shorts = _loose_shorts(evidence, page) if page.page <= 2 else []
        if shorts:
            return BadgeClaims(page=page.page, shorts=shorts)
    return BadgeClaims(page=None)


def _loose_shorts(evidence: Evidence, page: PageText) -> list[Claim]:
    edge = title_zone(page)
    alone = ((line, top) for line, top in _tops(page) if (top > edge or line.angle) and _stands_alone(line))
    free = [(line, top) for line, top in alone if not _is_linked(line, page, evidence)]
    if page.page > 1:
        titles = [(block[-1].rect[1], block[0].size) for block in title_blocks(page)]
        free = [
            (line, top)
            for line, top in free
            if any(low > top and size > _TITLE_SIZE * line.size for low, size in titles)
        ]
    return [claim for line, _ in free for claim in _shorts(page, line, None)]


def _overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
