"""PITH854 to PITH857: what publishers and readers meet in the compiled PDF, its figures and its references."""

from __future__ import annotations

from typing import Final

from pithtex.findings import Located
from pithtex.manuscript.references.reference import Reference
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.model import Findings, Submission

_SHOWN: Final = 5
"""Fonts, or sizes of pages, that are named."""
_PAPERS: Final = {"a4paper": (595, 842), "letterpaper": (612, 792), "a5paper": (420, 595), "b5paper": (499, 709)}
"""Options of classes and of geometry, and the sides in points (ISO 216; ANSI Y14.1)."""
_NEAR: Final = 2
"""Points by which engines and drivers differ."""
_MM: Final = 25.4 / 72


def font_not_embedded(submission: Submission) -> Findings:
    """PITH854.

    What it does:
        Reports fonts that are not in the compiled PDF, or not in a figure that is a PDF, from which most come.

    Why it matters:
        Each reader draws another font in their place; IEEE, ACM and others refuse the file.

    How to fix it:
        Export the figure with its fonts, or turn its text into paths.
    """
    hint = "export the figure with its fonts, or turn its text into paths"
    said: set[str] = set()
    for item in submission.map.of(Kind.FIGURE):
        contents = submission.figure_contents.get(item.file or "")
        if contents is not None and contents.absent and not said.issuperset(contents.absent):
            said |= set(contents.absent)
            message = f"{item.file} does not embed its fonts: {_listed(contents.absent)}"
            yield submission.at(item.use, "font-not-embedded", message, hint)
    outcome = submission.outcome
    absent = () if outcome.contents is None else tuple(name for name in outcome.contents.absent if name not in said)
    if outcome.pdf is not None and absent:
        yield submission.of(outcome.pdf, "font-not-embedded", f"not embedded: {_listed(absent)}", hint)


def font_of_type_3(submission: Submission) -> Findings:
    r"""PITH855.

    What it does:
        Reports fonts of Type 3, which are pictures of letters or little programs that draw them: in figures that are
        PDFs, and in the compiled PDF where no figure brings them.

    Why it matters:
        arXiv takes them. IEEE, EDAS, ScholarOne and others refuse them; bitmaps among them look coarse on a screen.

    How to fix it:
        matplotlib writes outlines with `rcParams["pdf.fonttype"] = 42`. In the paper itself a font's outlines are
        missing: install cm-super, or load lmodern.
    """
    drawn = [item for item in submission.map.of(Kind.FIGURE) if _type_3(submission, item)]
    outcome = submission.outcome
    if drawn:
        count = len({item.file for item in drawn})
        more = f" (and {count - 1} more figure{'s' if count > 2 else ''})" if count > 1 else ""
        hint = 'with matplotlib, rcParams["pdf.fonttype"] = 42 writes outlines'
        message = f"{drawn[0].file} has fonts of Type 3, which some venues refuse{more}"
        yield submission.at(drawn[0].use, "font-of-type-3", message, hint)
    elif outcome.pdf is not None and outcome.contents is not None and outcome.contents.drawn:
        count = outcome.contents.drawn
        message = f"{count} font{'s' if count > 1 else ''} of Type 3, which some venues refuse"
        hint = "install cm-super, or load lmodern, so that TeX finds outlines"
        yield submission.of(outcome.pdf, "font-of-type-3", message, hint)


def page_size(submission: Submission) -> Findings:
    """PITH856.

    What it does:
        Reports a compiled PDF whose pages are of several sizes, or of another size than the paper asks for by
        `a4paper`, `letterpaper` and the like.

    Why it matters:
        Checkers of venues refuse it, and printers cut or shrink pages. With dvips the size of the page is often that of
        the machine, and not the paper's.

    How to fix it:
        Load geometry, which tells every driver; give all its options in one place.
    """
    outcome = submission.outcome
    sizes = () if outcome.contents is None else outcome.contents.sizes
    if outcome.pdf is None or not sizes:
        return
    shown = ", ".join(f"{width * _MM:.0f} x {height * _MM:.0f} mm" for width, height in sizes[:_SHOWN])
    asked = _asked(submission)
    if len(sizes) > 1 and not _all_near(sizes):
        yield submission.of(
            outcome.pdf, "page-size", f"the pages have several sizes: {shown}", "give all pages the same size"
        )
    elif asked is not None and not _all_near((sizes[0], _PAPERS[asked])):
        message = f"the paper asks for {asked}, but its pages are {shown}"
        yield submission.of(outcome.pdf, "page-size", message, "load geometry, which sets the size for every driver")


def bibliography_warning(submission: Submission) -> Findings:
    """PITH857.

    What it does:
        Reports what BibTeX or Biber warned of in its last run, one finding a cause, at the entry that has it first.

    Why it matters:
        The reference is printed without what is lacking, or not at all; of an entry that is given twice one is ignored.

    How to fix it:
        Correct the entry.
    """
    for warning in submission.outcome.bibliography:
        more = f" (and {warning.count - 1} more like it)" if warning.count > 1 else ""
        item = submission.of(warning.file, "bibliography-warning", f"{warning.what}{more}", "correct the entry")
        yield Located(file=item.file, finding=item.finding, line=warning.line)


def _type_3(submission: Submission, item: Reference) -> bool:
    contents = submission.figure_contents.get(item.file or "")
    return contents is not None and contents.drawn > 0


def _asked(submission: Submission) -> str | None:
    """Returns the size that the class or geometry is asked for; None if both are asked, and for different ones."""
    manuscript = submission.manuscript
    uses = (manuscript.document_class, manuscript.package("geometry"))
    asked = {option for use in uses if use is not None for option in use.option_list if option in _PAPERS}
    return asked.pop() if len(asked) == 1 else None


def _all_near(sizes: tuple[tuple[int, int], ...]) -> bool:
    (width, height), *others = sizes
    return all(abs(width - one) <= _NEAR and abs(height - other) <= _NEAR for one, other in others)


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


RULES: Final = (font_not_embedded, font_of_type_3, page_size, bibliography_warning)
