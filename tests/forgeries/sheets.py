"""Stolen badges on pages set by hand, with records of any title: titles that are almost the same, and pages with two.

The records are signed by the tests' key. A sheet has a title, authors, an abstract and text; an attack changes one of
them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

import pithtex
from pithtex.format.compact_receipt import encode_receipt
from pithtex.pdf.judgement.verdict import Word
from tests import signing
from tests.forgeries.kit import Forgery, saved
from tests.forgeries.unread import outlines

UNBOUND, VALID = Word.UNBOUND, Word.VALID
STOLEN: Final = "Segment Level Cache Sharing for Interleaved Serving"
OWN: Final = "A Quite Different Paper on Caching"
_WORDS: Final = "We keep what was computed before, and ask when it may be used again by others of a kind."
_FONTS: Final = {"F1": "Helvetica", "F2": "Helvetica-Bold", "F3": "Times-Italic"}


def put(words: str, x: float, y: float, size: float, font: str = "F1", before: str = "") -> str:
    """A line of text."""
    escaped = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"q {before} BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm ({escaped}) Tj ET Q\n"


def heading(lines: Sequence[str], *, y: float = 700, size: float = 16) -> str:
    """A title, bold."""
    return "".join(put(line, 80, y - 1.2 * size * number, size, "F2") for number, line in enumerate(lines))


def rest(y: float = 640) -> str:
    """Authors, abstract and text."""
    text = "".join(put(_WORDS, 72, y - 58 - 12 * line, 10) for line in range(26))
    return put("A. Thief, Institute of Caches", 80, y, 11) + put("Abstract", 72, y - 40, 12, "F2") + text


def sheet(*pages: str, title: str = STOLEN, size: tuple[float, float] = (612, 792)) -> bytes:
    """A file whose last page bears the badge of the record of a title.

    Args:
        pages: the content of each.
        title: the record's.
        size: of the pages, in points.
    """
    record = pithtex.verify_record(pithtex.load_record(signing.record_document(title)), signing.keyring())
    receipt = encode_receipt(record.canonical, record.key.key_id, record.signature, title)
    pdf = pikepdf.new()
    for content in pages:
        page = pdf.add_blank_page(page_size=size)
        fonts = {
            f"/{name}": Dictionary(
                Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{base}"), Encoding=Name.WinAnsiEncoding
            )
            for name, base in _FONTS.items()
        }
        page.obj.Resources = Dictionary(Font=Dictionary(fonts))
        page.obj.Contents = pdf.make_stream(content.encode("cp1252"))
    page.contents_add(("\n" + put(record.number.short, 72, 40, 8)).encode())
    page.obj.Annots = Array([])
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([71, 38, 134, 48]), Border=Array([0, 0, 0]), F=4,
        NM=String("pith-badge-1"),
        A=Dictionary(S=Name.URI, URI=String(f"https://pith.science/pith/{record.number.suffix}#r={receipt}")),
    )  # fmt: skip
    page.obj.Annots.append(pdf.make_indirect(link))
    pdf.docinfo["/PithNumber"], pdf.docinfo["/PithReceipt"] = String(record.number.full), String(receipt)
    return saved(pdf)


def _row(name: str, attack: str, make: Callable[[], bytes], word: Word = UNBOUND) -> Forgery:
    findings = ("title-not-shown",) if word is UNBOUND else ()
    return Forgery(name=name, attack=attack, make=make, word=word, findings=findings, keyring=signing.keyring())


def _other(name: str, attack: str, title: str, *shown: str, word: Word = UNBOUND, size: float = 13) -> Forgery:
    """A paper whose title is almost the record's."""
    return _row(name, attack, lambda: sheet(heading(shown, size=size) + rest(), title=title), word)


def _above(
    line: str, attack: str, word: Word = UNBOUND, *, size: float = 10, gap: float = 30, font: str = "F1"
) -> Forgery:
    """A line above the title."""
    content = put(line, 80, 700 + gap, size, font) + heading([STOLEN]) + rest()
    return _row(f'"{line}" above the title', attack, lambda: sheet(content), word)


def _page(name: str, attack: str, *pages: str, word: Word = UNBOUND, size: tuple[float, float] = (612, 792)) -> Forgery:
    return _row(name, attack, lambda: sheet(*pages, size=size), word)


_LONG = "Deep Neural Networks Trained by Gradient Descent on Large Amounts of Noisy Labels Are Robust to Perturbations"

_SIBLINGS = (
    _other("title printed on a sheet", "Nothing differs: no forgery.", STOLEN, STOLEN, word=VALID),
    _other("the second part", "The badge of Part I.", "On the Stability of Caches in Four Dimensions, Part I",
           "On the Stability of Caches in Four Dimensions, Part II"),
    _other("another dimension", "One digit makes it another theorem.", "Regularity for the Euler Equations in 2D",
           "Regularity for the Euler Equations in 3D"),
    _other("another system", "One letter makes it another system.", f"SparseX: {STOLEN}", f"SparseY: {STOLEN}"),
    _other("another year", "One digit makes it another report.", "Caches of the World: A Report for 2025",
           "Caches of the World: A Report for 2026"),
    _other("a word for its contrary", "Three letters turn the claim round.", "Learning Caches with Many Noisy Labels",
           "Learning Caches without Many Noisy Labels"),
    _other("the contrary of a long title", '"Not" is three letters of a hundred.', _LONG,
           "Deep Neural Networks Trained by Gradient Descent on Large Amounts of Noisy Labels",
           "Are Not Robust to Perturbations", size=11),
    _other("another group", "Within a formula one digit differs.", "Confinement in $SU(2)$ Gauge Theory",
           "Confinement in SU(5) Gauge Theory"),
    _other("another class", "Within a formula the case of a letter differs.", "Caches in $o(n)$ Space and Some Time",
           "Caches in O(n) Space and Some Time"),
    _other("another relation", "One sign differs.", "A Short Proof that P = NP for Some Oracles",
           "A Short Proof that P < NP for Some Oracles"),
    _other("plus for minus", "One sign within a formula differs.", "Caches on $n-1$ Processors and Some More",
           "Caches on n+1 Processors and Some More"),
    _other("another language", "Two signs are added.", "A Verified Compiler for a Subset of C",
           "A Verified Compiler for a Subset of C++"),
    _other("a title as a question", "A question mark is added.", "Large Language Models Are Reasoners",
           "Large Language Models Are Reasoners?"),
    _other("a doubt in brackets", "Brackets take back what a word says.", "Caches Are Not Useful in Most Systems",
           "Caches Are (Not) Useful in Most Systems"),
    _other("a power for a number", "Two digits are a number, and a digit with a raised one another.",
           "A Bound of 102 for Interleaved Caches", "A Bound of 10\xb2 for Interleaved Caches"),
    _other("digits set apart", "A space makes two numbers of one.", "A Report on 35 Interleaved Systems",
           "A Report on 3 5 Interleaved Systems"),
    _other("letters in a ligature's place", "Two letters are left out, as if a ligature had been lost.",
           "Misfit Caches of Interleaved Systems", "Mist Caches of Interleaved Systems"),
    _other("another number", "A decimal point is left out.", "Tuner Testing of a Dressed 3.9 GHz Cavity",
           "Tuner Testing of a Dressed 39 GHz Cavity"),
    _other("a later version", "A full-size digit behind a name is not a footnote's mark.", "Serving with the Llama",
           "Serving with the Llama2"),
    _other("footnote mark on the line", "A footnote's mark that is not raised: no forgery.",
           "Hints for Computer System Design", "Hints for Computer System Design1", word=VALID),
    _other("formula as it is printed", "A formula's letters and signs: no forgery.",
           "On $SU(2)\\times U(1)$ Caches with $n+1$ Keys", "On SU(2) \xd7 U(1) Caches with n + 1 Keys", word=VALID),
    _other("title goes on in capitals", "The title goes on in the next line, in title case.", STOLEN,
           STOLEN, "Without Any Benefit"),
    _other("title goes on as a survey", "A subtitle in the title's own type is a part of it.", STOLEN,
           STOLEN, "A Survey of Failures"),
    _other("title goes on with a number", "The next line says that it is another part.", STOLEN, STOLEN, "II"),
    _other("title goes on with a part", "The next line says so in words.", STOLEN, STOLEN, "Part II"),
    _other("title goes on in small letters", "The next line begins in lower case.", STOLEN, STOLEN, "by nobody at all"),
    _other("authors in the title's type", "Names with initials do not go on with a title: no forgery.", STOLEN,
           STOLEN, "A. Thief and B. van Helper", word=VALID),
)  # fmt: skip

_DOCUMENTS = (
    _above("Authors' Response to the Reviewers", "A reply to referees."),
    _above("Referee Report", "A referee's report on the paper."),
    _above("Peer Review File", "What Nature publishes under the paper's title."),
    _above("Publisher Correction", "A correction under the paper's title."),
    _above("Online Appendix", "A part that is not the paper."),
    _above("Electronic Supplementary Material", "A supplement under the paper's title."),
    _above("Press Release", "An announcement of the paper."),
    _above("A Replication Study", "Others repeat what the paper did."),
    _above("Discussion of the paper", "Others discuss the paper."),
    _above("Anh\xe4nge und Erg\xe4nzungen: Berichtigung", "A correction in German."),
    _above("R\xe9ponse aux rapporteurs", "A reply in French."),
    _above("Executive Summary", "A summary under the paper's title."),
    _above("Rejected Manuscript", "It says what the paper is: no forgery.", VALID),
    _above("COMPUTER SCIENCE", "A journal prints the field above the title: no forgery.", VALID, size=8, gap=22),
    _above("DEBUNKING", "A word in the field's place leads into the title.", size=8, gap=22),
    _above("ScienceDirect", "A publisher's name as large as the title: no forgery.", VALID, size=16, gap=70, font="F2"),
    _above("1.1 / SESSION 1 / PLENARY / 2026", "A conference's running head: no forgery.", VALID, gap=40, font="F2"),
    _above("Universidade do Estado do Rio de Janeiro", "A thesis in Portuguese: no forgery.", VALID, size=18, gap=70),
    _above("Review:", "The kind of the article, with a colon: no forgery.", VALID, size=12),
    _above("Lecture Slides", "Slides about the paper."),
    _above("Blog Post", "Somebody writes about the paper."),
    _above("Frequently Asked Questions", "Questions about the paper."),
    _above("Interview", "Somebody is asked about the paper."),
    _above("Buchbesprechung", "A review in German."),
    _above("Notice of Plagiarism", "A journal takes the paper back."),
    _above("Riassunto", "A summary in Italian."),
    _above("Attacking", "A verb leads into the title."),
    _above("Part II", "Another part of the paper."),
    _above("Minutes of the Reading Club", "Readers talked about the paper."),
    _above("What Its Authors Got Wrong", "A claim in small type near the title."),
    _above(
        "Under consideration for publication in J. Caches", "The paper says where it is to appear: no forgery.", VALID
    ),
    _above(
        "Journal of Thieves",
        "The own title has a journal's form, near the title.",
        size=24,
        gap=26,
        font="F2",
    ),
    _above("Workshop on Stolen Caches", "The own title has a workshop's form.", size=24, gap=26, font="F2"),
    _above("Why Nobody Needs Any", "A claim as large as the title stands above it.", size=16, gap=40, font="F2"),
)

_TWO = (
    _page("two titles of one size", "The own title stands below, in bold.",
          put(STOLEN, 80, 720, 16, "F3") + heading([OWN], y=680, size=17) + rest()),
    _page("the own title a little smaller", "It stands below all the same.",
          put(STOLEN, 80, 720, 18, "F3") + heading([OWN], y=680) + rest()),
    _page("the own title in small print", "It stands above, with the paper's text, in small type.",
          put(OWN, 72, 760, 9, "F2") + "".join(put(_WORDS, 72, 745 - 10 * line, 9) for line in range(10))
          + put(STOLEN, 72, 620, 12, "F2") + "".join(put(_WORDS, 72, 600 - 12 * line, 10) for line in range(30))),
    _page("the own title on the other half", "A wide page has the own title at the right, larger.",
          put(STOLEN, 30, 540, 12) + put(OWN, 430, 540, 20, "F2") + put("A. Thief", 430, 510, 12)
          + "".join(put("We keep what was computed before.", 430, 480 - 12 * line, 10) for line in range(20)),
          size=(792, 612)),
    _page("the stolen title is pale", "It stands in grey above the own one, like a watermark.",
          put(STOLEN, 60, 750, 20, "F2", "0.83 g") + heading([OWN], size=18) + rest()),
    _page("the stolen title is pale and large", "It is twice as large as the own one.",
          put(STOLEN, 20, 750, 22, "F2", "0.83 g") + heading([OWN], size=12) + rest()),
    _page("the stolen title on a cover", "Page 1 is a decoy: the badge's page shows the own title.",
          put("Dedicated to the work of others", 80, 600, 10) + heading([STOLEN]), heading([OWN]) + rest()),
    _page("the own title above its author, as a journal's name", "Its author stands between it and the title.",
          put("Transactions on Stolen Caches", 80, 740, 24, "F2") + put("A. Thief and B. Thief", 80, 715, 11)
          + heading([STOLEN], y=640) + rest(600)),
    _page("the own title at the foot", "It stands in the lower third, much larger.",
          heading([STOLEN]) + put("A. Thief", 80, 670, 11) + put(OWN, 60, 200, 26, "F2")),
    _page("the own title below a heading", "A heading of contents stands before it, as if the text began.",
          put(STOLEN, 80, 720, 12, "F2") + put("Contents", 80, 700, 8) + put(OWN, 60, 640, 26, "F2")),
    _page("a question mark below the title", "It stands in a line of its own, in the title's type.",
          heading([STOLEN]) + put("?", 250, 681, 16, "F2") + rest()),
    _page("a number below the title", "The title is that of the first volume, and a 2 follows in its type.",
          heading([STOLEN]) + put("2", 250, 681, 16, "F2") + rest()),
    _page("a supplement below its authors", "The line between authors and text says what it is.",
          heading([STOLEN]) + put("A. Thief", 80, 672, 11) + put("Supplementary Material", 80, 640, 14, "F2")
          + "".join(put(_WORDS, 72, 600 - 12 * line, 10) for line in range(30))),
    _page("the own title of two words", "It stands below in larger type.",
          heading([STOLEN]) + put("A. Thief", 80, 672, 11) + put("Broken Caches", 80, 630, 28, "F2") + rest(600)),
    _page("refuted in outlines far to the right", "It is drawn in the title's row, apart from it.",
          heading([STOLEN], size=12) + outlines("Refuted", 500, 700, 12) + rest()),
    _page("the own title up the margin", "It runs upwards, larger than the stolen one.",
          f"q BT /F2 24 Tf 0 1 -1 0 50 200 Tm ({OWN}) Tj ET Q " + heading([STOLEN], size=14) + rest()),
    _page("the stolen title as a running head", "The text follows at once, in the same type.",
          put(STOLEN, 72, 770, 10) + "".join(put(_WORDS, 72, 740 - 12 * line, 10) for line in range(50))),
    _page("another page on the sheet", "A section's heading stands higher on the page at the right: no forgery.",
          put("4 How It Is Checked", 450, 560, 12, "F2") + put(_WORDS, 450, 470, 7)
          + heading(["Segment Level Cache", "Sharing for", "Interleaved Serving"], y=540, size=14)
          + "".join(put("We keep what was.", 80, 470 - 9 * line, 8) for line in range(20)),
          size=(792, 612), word=VALID),
    _page("a column that begins higher", "The text at the right begins above the title: no forgery.",
          "".join(put("We keep what was computed.", 400, 740 - 12 * line, 10) for line in range(30))
          + put("1. Introduction", 400, 752, 10, "F2")
          + heading(["Segment Level Cache Sharing", "for Interleaved Serving"])
          + "".join(put("We keep what was computed before.", 80, 640 - 12 * line, 10) for line in range(20)),
          word=VALID),
)  # fmt: skip

FORGERIES = (*_SIBLINGS, *_DOCUMENTS, *_TWO)
