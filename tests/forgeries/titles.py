"""Stolen badges in papers that show the record's title for all to see, and as another paper's: they cite it."""

from __future__ import annotations

from typing import Any

from pithtex.pdf.judgement.verdict import Word
from tests.forgeries.kit import TITLE, Forgery, body_with, printed, thief

OWN = "A Quite Different Paper on Caching"
_LONG = "Words about caches and about what is kept in them. " * 20


def _cited(name: str, attack: str, **parts: Any) -> Forgery:
    return printed(name, attack, Word.UNBOUND, "title-not-shown", **parts)


def _by_hand(name: str, attack: str, head: str, body: str = "") -> Forgery:
    """A paper without a title of its own: what stands where is set by hand."""
    # An author that no \maketitle prints is a sign of an anonymous paper, in which nothing of the number would be.
    # And since none comes, the badge's place is known in the second run.
    source = "\\pithsetup{anonymous=false}\\let\\maketitle\\relax "
    return _cited(name, attack, more=source, runs=2, body=f"\\noindent {head}\\par\n{body or body_with('')}")


def _center(words: str) -> str:
    return f"\\begin{{center}}{words}\\end{{center}}"


_ABOVE = (
    _cited(
        "comment in other type",
        '"Comment on" stands above the title, smaller.',
        title=f"{{\\large Comment on}}\\\\ {TITLE}",
    ),
    _cited(
        "comment in italics",
        '"Comment on" stands above the title, in another font.',
        title=f"\\textit{{Comment on}}\\\\ {TITLE}",
    ),
    _cited(
        "reply in large type", '"Reply to" stands above the title, larger.', title=f"{{\\Huge Reply to}}\\\\ {TITLE}"
    ),
    _cited(
        "review in footnote type",
        '"A review of" stands above the title, small.',
        title=f"{{\\footnotesize A review of}}\\\\ {TITLE}",
    ),
    _cited(
        "comment a line above",
        'A gap is left between "Comment on" and the title.',
        title=f"{{\\large Comment on}}\\\\[2em] {TITLE}",
    ),
    _cited(
        "a sentence that ends in the title",
        "What stands above the title is not a preposition.",
        title=f"{{\\large Why You Should Not Trust}}\\\\ {TITLE}",
    ),
    _cited(
        "retraction of a title", "One word above the title takes it back.", title=f"{{\\large RETRACTED}}\\\\ {TITLE}"
    ),
    _cited(
        "supplement to a title", "The paper is the supplement.", title=f"{{\\large Supplementary Material}}\\\\ {TITLE}"
    ),
    _cited(
        "comment in spaced letters",
        '"Comment on" stands above the title, its letters apart.',
        title=f"{{\\large C o m m e n t\\quad o n}}\\\\[2em] {TITLE}",
    ),
    _cited(
        "comment in Dutch",
        "A comment says so in small type, in another language.",
        title=f"{{\\small\\itshape Opmerkingen bij}}\\\\[2em] {TITLE}",
    ),
    _cited(
        "correction in Danish",
        "A correction says so in small type, in another language.",
        title=f"{{\\small\\itshape Rettelse}}\\\\[2em] {TITLE}",
    ),
    _by_hand(
        "comment to the left",
        '"Comment on" stands at the left, the title at the right below it.',
        f"{{\\large Comment on}}\\par\\begin{{flushright}}\\LARGE {TITLE}\\end{{flushright}}",
    ),
    _by_hand(
        "comment that is drawn last",
        '"Comment on" is put above the title from further below in the file.',
        _center(f"\\LARGE {TITLE}"),
        f"{_LONG}\\begin{{picture}}(0,0)\\put(0,222){{\\large Comment on}}\\end{{picture}}",
    ),
)

_QUOTED = (
    _cited("title in quotation marks", "The title is quoted.", title=f"``{TITLE}''"),
    _cited("title in brackets", "The title stands in brackets, as a translated one does.", title=f"{{}}[{TITLE}]"),
    _cited("title in single quotation marks", "The title is quoted otherwise.", title=f"`{TITLE}'"),
    _by_hand(
        "title between large quotation marks",
        "The quotation marks stand above and below.",
        _center(f"{{\\Huge ``}}\\\\ {{\\LARGE {TITLE}}}\\\\ {{\\Huge ''}}"),
    ),
)

_BEHIND = (
    _cited(
        "title refuted in the next line",
        "The next line goes on with the title.",
        title=f"{TITLE}\\\\ Considered Harmful",
    ),
    _cited(
        "title with a dash below",
        "A dash leads on, in smaller type.",
        title=f"{TITLE}\\\\ {{\\large --- Not Really}}",
    ),
    _cited(
        "title with a second half below",
        "Words of a title go on right below, in smaller type.",
        title=f"{TITLE}\\\\ {{\\Large Fails in Practice}}",
    ),
    _cited(
        "title with a rebuttal below",
        "A colon leads to a line in smaller type.",
        title=f"{TITLE}:\\\\ {{\\large A Rebuttal}}",
    ),
)

_SECOND = (
    _cited(
        "title as a subtitle",
        "The title stands below the paper's own, smaller.",
        title=f"{OWN}\\\\ {{\\large {TITLE}}}",
    ),
    _cited(
        "title as a subtitle in italics", "It is as large, in another font.", title=f"{OWN}\\\\ \\textit{{{TITLE}}}"
    ),
    _cited(
        "title below a single word", "The paper's own title is one word.", title=f"{{\\Huge Cachemania}}\\\\ {TITLE}"
    ),
    _cited(
        "title as an author",
        "The title stands where authors do.",
        title=OWN,
        body=body_with(_center(f"\\Large {TITLE}")),
    ),
    _cited(
        "title as a motto",
        "The title is quoted above the paper's own.",
        title=f"{{\\large\\itshape {TITLE}}}\\\\[2em] {OWN}",
    ),
    _cited(
        "title as an epigraph",
        "The title is quoted below the paper's own.",
        body=body_with(f"\\begin{{quote}}\\large\\itshape {TITLE}\\end{{quote}}"),
    ),
    _cited("title as a heading", "A section has the title.", body=f"\\section*{{{TITLE}}} {_LONG}"),
    _cited(
        "title as a heading below small type",
        "The paper's own title is small and bold.",
        title=f"\\normalsize\\bfseries {OWN}",
        body=body_with(f"\\begin{{abstract}}{_LONG}\\end{{abstract}}\\section*{{{TITLE}}}"),
    ),
    _cited(
        "title as a heading on page 2",
        "A section on the page after the badge's has the title.",
        body=f"{_LONG}\\newpage\\section*{{{TITLE}}} {_LONG}",
    ),
    _cited(
        "title as a large heading on page 2",
        "It is larger than the paper's own title.",
        body=f"{_LONG}\\newpage\\section*{{\\Huge {TITLE}}} {_LONG}",
    ),
    _cited(
        "title in a list of works",
        'Under a heading that is not "References".',
        body=f"\\section*{{Literature}}\\noindent {TITLE}\\par\\noindent 2026\\par {_LONG}",
    ),
    _cited(
        "title in the table of contents",
        "A chapter is called so.",
        body=f"\\section*{{Chapters}}{{\\Large\\noindent {TITLE}\\par}} {_LONG}",
    ),
    _cited(
        "title in a figure",
        "A screenshot shows the title.",
        body=f"\\begin{{figure}}[h]\\fbox{{\\parbox{{10cm}}{{\\centering\\Huge {TITLE}\\par}}}}\\end{{figure}} {_LONG}",
    ),
    _cited(
        "title in a large running head",
        "It stands above the paper's own title, in larger type than the text.",
        body=_LONG,
        more=f"\\makeatletter\\def\\ps@plain{{\\def\\@oddhead{{\\hss\\large {TITLE}\\hss}}"
        "\\let\\@oddfoot\\@empty}\\makeatother\n",
    ),
)

_PRINTED = (
    Forgery(
        name="title below a journal's name",
        attack="A journal's name and the kind of article above a printed title make it no other title.",
        make=lambda: thief(title=f"{{\\large Journal of Caches}}\\\\ {{\\large Research Article}}\\\\[1ex] {TITLE}"),
        word=Word.VALID,
    ),
)

FORGERIES = (*_ABOVE, *_QUOTED, *_BEHIND, *_SECOND, *_PRINTED)
