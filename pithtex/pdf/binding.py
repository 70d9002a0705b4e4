"""The binding: does this PDF show the record's title or stamp? Visible text only (DESIGN: Binding)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from pithtex.findings import Finding, Status, finding
from pithtex.pdf.evidence import Evidence, PageText, TextLine
from pithtex.pdf.verdict import Fact
from pithtex.verify import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.pdf.expectation import Expectation

SHORT_TITLE_CHARS: Final = 12
SHORT_TITLE_WORDS: Final = 3
"""A title with fewer normalised characters or words is too common to be looked for: it must be the whole block."""

EDITS_PER_CHAR: Final = 0.03
"""Characters that extraction may lose or add per character of the title: a ligature, a hyphen, a footnote mark."""

SMALLEST_TITLE: Final = 0.008
"""Type size of a title as a share of the page's longer side: 6.7 points on A4. Smaller type is a footnote's."""

TITLE_SHARE: Final = 0.95
"""Of the size of the page's text: smaller type is no title's."""

MAX_TITLE_LINES: Final = 12
_MAX_SHOWN_LINES: Final = 6
"""A longer block is no title that a message should quote."""

_COMMAND: Final = re.compile(r"\\([A-Za-z]+|.)\s?", re.DOTALL)
_MATH: Final = re.compile(r"\$[^$]*\$")
_LIGATURES: Final = re.compile("(ff[il]?|f[il])")
_MAX_LIGATURES: Final = 101
"""Parts of a title between its ligatures, and these: of fifty in one title."""
_LETTERS: Final = {"ss": "ss", "o": "o", "O": "O", "l": "l", "L": "L", "ae": "ae", "AE": "AE", "oe": "oe", "OE": "OE"}
_PLAIN: Final = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i", "ȷ": "j", "þ": "th"})
_REFERENCES: Final = re.compile(
    r"\W*(?:[0-9IVX]+\.?\s*)?(?:references|bibliography|literature cited)\W*", re.IGNORECASE
)
_STAMP: Final = re.compile(r"arXiv:([a-z.-]+/[0-9]{7}|[0-9]{4}\.[0-9]{4,5})(?:v[0-9]+)?(?![0-9])", re.IGNORECASE)
"""Without spaces, which kerned or scattered type seems to have anywhere."""
_VERSION: Final = re.compile(r"v ?([0-9]{1,4})(?![0-9])", re.IGNORECASE)
"""With them: old stamps have the date behind it, with nothing else between."""


class Stamp(NamedTuple):
    """An arXiv stamp: the rotated text in the left margin of page 1."""

    arxiv_id: str
    version: int | None
    text: str


def find_stamps(texts: Sequence[PageText]) -> list[Stamp]:
    """The arXiv stamps of page 1: text that runs upwards in the left eighth of the page."""
    stamps = []
    for page in (text.upright for text in texts):
        left, _, right, _ = page.box
        for line in page.lines if page.page == 1 else ():
            match = _STAMP.match(line.text.replace(" ", ""))
            if match and line.angle == 90 and line.rect[2] < left + (right - left) / 8:
                version = _VERSION.search(line.text)
                stamps.append(Stamp(arxiv_id=match[1], version=int(version[1]) if version else None, text=line.text))
    return stamps


def title_blocks(page: PageText) -> Iterator[list[TextLine]]:
    """Runs of lines that could be a title.

    One size and font, one below the other, not smaller than the page's text, in the upper two thirds of the page, and
    not below the heading of a reference list.
    """
    page = page.upright
    lines = [line for line in page.lines if line.angle == 0 and normalise(line.text)]
    _, bottom, _, top = page.box
    floor = bottom + (top - bottom) / 3
    references = max((line.rect[3] for line in lines if _REFERENCES.fullmatch(line.text)), default=bottom)
    body = page.largest or _body_size(lines)
    least = SMALLEST_TITLE * max(page.box[2] - page.box[0], top - bottom)
    block: list[TextLine] = []
    for line in lines:
        if block and not _continues(block[-1], line):
            yield block
            block = []
        if line.size >= max(TITLE_SHARE * body, least) and line.rect[3] > max(floor, references):
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def shows_title(title: str, page: PageText, *, own: bool = True) -> str | None:
    """The text of the page that is the title, or None.

    A block matches when, from its first line on, some of its lines together are the title: what stands before the
    title ("Comment on") makes it another title, what follows in further lines (authors) does not.

    Args:
        title: the record's.
        page: where to look.
        own: whether the page is the badge's or the file's first, and not just one beside.
    """
    wanted = normalise(title)
    if not wanted:
        return None
    short = len(wanted) < SHORT_TITLE_CHARS or len(_words(title)) < SHORT_TITLE_WORDS
    if short and page.largest:  # smaller type may go on with the block, and was not read
        return None
    for block in title_blocks(page):
        if _running_head(block, page, own):
            continue
        for count in range(1, min(len(block), MAX_TITLE_LINES) + 1):
            text = " ".join(line.text for line in block[:count])
            found = normalise(text)
            if found == wanted and (not short or count == len(block)):
                return text
            if not short and (_close(wanted, found, _allowance(title, wanted)) or _but_ligatures(wanted, found)):
                return text
    return None


def _running_head(block: Sequence[TextLine], page: PageText, own: bool) -> bool:
    """Whether a block is a line at the top of its page in the size of the text, as running heads are.

    On a page that could be the paper's first it is one only if larger type follows: some classes set the title itself
    in the size of the text.
    """
    line = block[0]
    lines = [other for other in page.upright.lines if other.angle == 0]
    body = page.largest or _body_size(lines)
    if len(block) > 1 or line.size > 1.1 * body or any(other.rect[1] > line.rect[3] for other in lines):
        return False
    larger = (other for other in lines if other.size > 1.2 * line.size)
    return not own or any(len(_words(other.text)) >= SHORT_TITLE_WORDS for other in larger)


def shown_title(page: PageText) -> str | None:
    """What a reader would take for the title: the block in the largest type, for the message beside the record's."""
    blocks = [block for block in title_blocks(page) if len(block) <= _MAX_SHOWN_LINES]
    if not blocks:
        return None
    best = max(blocks, key=lambda block: (block[0].size, block[0].rect[3]))
    return " ".join(line.text for line in best)


def normalise(text: str) -> str:
    """Letters and digits alone, case-folded, without marks: what a title is compared by.

    TeX commands are dropped, but for Greek letters and the few that stand for Latin ones.
    """
    plain = _COMMAND.sub(_spell, text)
    decomposed = unicodedata.normalize("NFKD", plain).casefold().translate(_PLAIN)
    return "".join(char for char in decomposed if char.isalnum())


def _spell(command: re.Match[str]) -> str:
    name = command[1]
    if name in _LETTERS:
        return _LETTERS[name]
    size = "CAPITAL" if name[:1].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.removeprefix('var').upper()}")
    except KeyError:
        return ""


def _words(title: str) -> list[str]:
    return [word for word in re.split(r"[\s-]+", title) if normalise(word)]


def _allowance(title: str, wanted: str) -> int:
    """How many characters may differ: a share of the title, and its formulas, whose setting the source can't tell."""
    formulas = sum(len(normalise(part[0])) + part[0].count("\\") for part in _MATH.finditer(title))
    return int(EDITS_PER_CHAR * len(wanted)) + formulas


def _close(wanted: str, found: str, allowance: int) -> bool:
    """Whether two normalised texts differ by no more than the allowance, and agree at both ends."""
    if allowance == 0 or abs(len(wanted) - len(found)) > allowance:
        return False
    # Imported here because most files have a title that is equal, or no number at all.
    from rapidfuzz.distance import Levenshtein

    return bool(Levenshtein.distance(wanted, found, score_cutoff=allowance) <= allowance)


def _but_ligatures(wanted: str, found: str) -> bool:
    """Whether two normalised texts are equal but for ligatures, which programs that rewrite fonts lose or garble.

    Ghostscript 10 swaps bytes of what "ffi" stands for, others leave a control character. In a ligature's place there
    may be nothing or letters of other scripts, and its last letter where only "ff" was one.
    """
    parts = _LIGATURES.split(wanted)
    if len(parts) == 1 or abs(len(wanted) - len(found)) > 3 * len(parts):
        return False
    # Ligatures side by side, as no title has them, could be told apart in too many ways.
    if len(parts) > _MAX_LIGATURES or not all(parts[2:-1:2]):
        return False
    odd = ((f"(?:{part}|[^\\x00-\\x7f]{{0,3}}{part[-1]}?)" if place % 2 else part) for place, part in enumerate(parts))
    return re.fullmatch("".join(odd), found) is not None


def _body_size(lines: Sequence[TextLine]) -> float:
    """The size of most of the page's characters."""
    sizes: dict[float, int] = {}
    for line in lines:
        sizes[line.size] = sizes.get(line.size, 0) + len(line.text)
    return max(sizes, key=lambda size: sizes[size], default=0.0)


def _continues(above: TextLine, line: TextLine) -> bool:
    """Whether a line goes on with the block of the one before: same type, directly below, not beside."""
    same = abs(above.size - line.size) <= 0.06 * above.size and above.font == line.font
    step = above.rect[1] - line.rect[1]
    overlap = above.rect[0] < line.rect[2] and line.rect[0] < above.rect[2]
    return same and overlap and -0.5 * line.size <= step <= 2.5 * line.size


def bind(
    record: VerifiedRecord, evidence: Evidence, badge_page: int | None, expect: Expectation | None
) -> tuple[Fact, list[Finding]]:
    """Whether this PDF shows itself to be the record's paper: by expectation, then by stamp, then by title.

    Args:
        record: the verified record.
        evidence: its `texts` are all that is looked at: never Info, XMP or a link.
        badge_page: the badge's page, 1-based; None for metadata alone.
        expect: what the caller expects the paper to be.

    Returns:
        The fact, and findings that quote both sides.
    """
    findings: list[Finding] = []
    near = {1} if badge_page is None else {1, badge_page - 1, badge_page, badge_page + 1}
    pages = sorted((p for p in evidence.texts if p.page in near), key=lambda p: (p.page != badge_page, p.page))
    stamp = _stamp_fact(record, evidence, findings)
    title = _title_fact(record, pages, badge_page, findings)
    _compare_metadata(record, evidence, findings)
    if expect is not None:
        name = expect.text
        if expect.is_of(record):
            expected = Fact(status=Status.HOLDS, message=f"the record is of {name}, as expected", by="expected")
        else:
            message = f"{name} was expected, and the record is of {record.number.full} ({record.canonical.source_id})"
            findings.append(finding("expected-mismatch", message))
            expected = Fact(status=Status.FAILS, message=message, by="expected")
        if stamp is None or stamp.status is Status.HOLDS or expected.status is Status.FAILS:
            return expected, findings
    fact = stamp or title
    changes = evidence.changes
    for texts in evidence.renditions if fact.status is Status.HOLDS else ():
        other, _ = bind(record, evidence._replace(texts=texts, renditions=(), changes=()), badge_page, None)
        if other.message != fact.message:
            changes = (*evidence.changes, "it depends on layers, which readers turn on and off")
    if changes and fact.status is Status.HOLDS:
        message = f"{fact.message}, but readers may see something else: {'; '.join(changes)}"
        findings.append(finding("changing-document", message, hint="say what paper this is with --expect ID"))
        return Fact(status=Status.FAILS, message=message, by="title"), findings
    return fact, findings


def _stamp_fact(record: VerifiedRecord, evidence: Evidence, findings: list[Finding]) -> Fact | None:
    """The arXiv stamp, compared without version; None where there is none or the record is not of arXiv."""
    if record.arxiv_id is None:
        return None
    fact: Fact | None = None
    for stamp in find_stamps(evidence.texts):
        from pithtex.identifiers import plain_arxiv_id  # most files have no stamp

        if plain_arxiv_id(stamp.arxiv_id) != plain_arxiv_id(record.arxiv_id):
            message = f"the stamp on page 1 says {stamp.text!r}, the record is of arXiv:{record.arxiv_id}"
            findings.append(finding("stamp-mismatch", message, where="page 1"))
            return Fact(status=Status.FAILS, message=message, by="arxiv-id")
        own = record.canonical.source_version
        if stamp.version not in {None, own}:
            message = f"the paper is version {stamp.version}, the record is of version {own}: the normal case"
            findings.append(finding("version-note", message, where="page 1"))
        message = f"the stamp on page 1 says {stamp.text!r}"
        fact = Fact(status=Status.HOLDS, message=message, by="arxiv-id")
    return fact


def _title_fact(
    record: VerifiedRecord, pages: Sequence[PageText], badge_page: int | None, findings: list[Finding]
) -> Fact:
    if record.title is None:
        message = "the record's title is not known, only its digest"
        findings.append(finding("no-title", message, hint="give the record document with --record FILE"))
        return Fact(status=Status.UNAVAILABLE, message=message, by="title")
    for page in pages:
        text = shows_title(record.title, page, own=page.page in {1, badge_page})
        if text is not None:
            return Fact(status=Status.HOLDS, message=f"page {page.page} shows {text!r}", by="title")
    shown = next((title for page in pages if (title := shown_title(page)) is not None), None)
    seen = "no page that could show a title has readable text" if shown is None else f"the page shows {shown!r}"
    message = f"the record's title is {record.title!r}; {seen}"
    findings.append(finding("title-not-shown", message, hint="say what paper this is with --expect ID"))
    return Fact(status=Status.FAILS, message=message, by="title")


def _compare_metadata(record: VerifiedRecord, evidence: Evidence, findings: list[Finding]) -> None:
    """Info and XMP never bind; that they name another title is worth a note."""
    stated = [("Info", evidence.info.title), *(("XMP", title) for title in evidence.xmp.titles)]
    for where, title in stated:
        if record.title is not None and title and normalise(title) != normalise(record.title):
            message = f"the metadata's title is {title!r}, the record's {record.title!r}"
            findings.append(finding("metadata-title-differs", message, where=where))
