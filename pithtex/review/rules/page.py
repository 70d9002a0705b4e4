"""PITH831 to PITH836: what the page would show that its authors did not mean to publish, as the sources have it."""

from __future__ import annotations

import re
from typing import Final

from pithtex.findings import Located
from pithtex.limits import MAX_ABSTRACT_CHARS
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Reached
from pithtex.manuscript.source.plain_text import plain_text
from pithtex.review.submission.model import Findings, Submission

_CONFLICT: Final = re.compile(r"^<{7} [^\r\n]*\r?\n(?:(?!^[<>]{7} )[^\r\n]*\r?\n){0,2000}?^>{7} ", re.MULTILINE)
_UNFINISHED: Final = re.compile(r"(?<![A-Za-z0-9_\\:/.=-])(?:TODO|TBD|FIXME|XXX)(?![A-Za-z0-9_=-])")
_OF_A_NAME: Final = re.compile(
    r"\\(?:[A-Za-z]*(?:label|ref|cite[A-Za-z]*)|include[a-z]*|input|begin|end|url|href|path|bibliography|gls[a-z]*)\*?"
    r"(?:\[[^\]]*\])*\{[^{}\s]*\Z"
)
"""A word that a command takes for a key, a name or an address."""
_REVIEW_OPTIONS: Final = frozenset({"referee", "linenumbers", "lineno", "linenumber", "doublespacing"})
_FINAL_GRAPHICS: Final = re.compile(
    r"\[[^\]]*final[^\]]*\]\s*\{[^}]*graphicx|PassOptionsToPackage\s*\{[^}]*final[^}]*\}"
)


def conflict_marks(submission: Submission) -> Findings:
    """PITH831.

    What it does:
        Reports the marks of a merge that was not finished: a line that begins with `<<<<<<<`, and one with `>>>>>>>`.

    Why it matters:
        Both versions and the marks are printed.

    How to fix it:
        Keep one version, and delete the marks.
    """
    for file in submission.manuscript.files:
        found = _CONFLICT.search(file.text) if "<<<<<<<" in file.text else None
        if found is not None and submission.manuscript.is_printed(file, found.start()):
            message = "a merge is unfinished: both versions and the marks are printed"
            yield submission.at_offset(
                file, found.start(), "conflict-marks", message, "keep one version and delete the marks"
            )


def unfinished(submission: Submission) -> Findings:
    r"""PITH832.

    What it does:
        Reports TODO, TBD, FIXME and XXX in text that is printed, and notes of `\todo`.

    Why it matters:
        Readers see them.

    How to fix it:
        Finish the text; load todonotes with the option `disable`.
    """
    places = [place for file in submission.manuscript.files for place in _words(submission, file)]
    use = submission.manuscript.commands.get("todo")
    notes = submission.manuscript.package("todonotes", "easy-todo", "todo", "fixme")
    quiet = notes is not None and {"disable", "final", "obeyFinal"} & set(notes.option_list)
    if use is not None and not quiet and (notes is not None or "todo" in submission.manuscript.macros):
        places.append((use.file, use.start, "a \\todo note"))
    if places:
        file, start, what = places[0]
        more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
        hint = "finish it, or hide the notes with \\usepackage[disable]{todonotes}" if notes else "finish the text"
        yield submission.at_offset(file, start, "unfinished", f"{what} is printed{more}", hint)


def _words(submission: Submission, file: TexFile) -> list[tuple[TexFile, int, str]]:
    if not any(word in file.text for word in ("TODO", "TBD", "FIXME", "XXX")):
        return []
    return [
        (file, found.start(), found[0])
        for found in _UNFINISHED.finditer(file.text)
        if submission.manuscript.is_printed(file, found.start())
        and not _OF_A_NAME.search(file.text, max(0, found.start() - 200), found.start())
    ]


def draft_mode(submission: Submission) -> Findings:
    r"""PITH833.

    What it does:
        Reports the option `draft` of the class or of graphicx, where the paper has figures.

    Why it matters:
        An empty frame is printed in the place of each figure, and a black bar beside each line that is too long.

    How to fix it:
        Remove the option; a class that wants it goes with `\usepackage[final]{graphicx}`.
    """
    main = submission.manuscript.document_class
    texts = (*submission.manuscript.files, *submission.manuscript.names.styles.values())
    if not submission.map.figures or any(_FINAL_GRAPHICS.search(file.text) for file in texts):
        return
    graphics = (use for use in submission.manuscript.packages if {"graphicx", "graphics"} & set(use.names))
    for use in (main, *graphics):
        if use is not None and use.state is Reached.ACTIVE and {"draft", "draft=true"} & set(use.option_list):
            message = "with the option draft each figure is printed as an empty frame"
            yield submission.at(use, "draft-mode", message, "remove it, or write \\usepackage[final]{graphicx}")
            return


def date_of_today(submission: Submission) -> Findings:
    r"""PITH834.

    What it does:
        Reports `\today` in text that is printed.

    Why it matters:
        arXiv compiles papers again, months or years later, and the date changes each time.

    How to fix it:
        Write the date.
    """
    date, use = (submission.manuscript.commands.get(name) for name in ("date", "today"))
    if date is not None and "\\today" in date.argument:
        use = date
    if use is not None:
        message = "\\today changes each time arXiv compiles the paper"
        yield submission.at(use, "date-of-today", message, "write the date in full")


def abstract_long(submission: Submission) -> Findings:
    """PITH835.

    What it does:
        Reports an abstract of more than 1,920 characters.

    Why it matters:
        arXiv's form takes no more.

    How to fix it:
        Have a shorter one for the form.
    """
    abstract = submission.manuscript.abstract
    count = 0 if abstract is None else len(plain_text(abstract.expanded).text)
    if abstract is not None and count > MAX_ABSTRACT_CHARS:
        message = f"the abstract has {count:,} characters; arXiv's form accepts {MAX_ABSTRACT_CHARS:,}"
        yield submission.at(abstract.use, "abstract-long", message, "prepare a shorter one for the form")


def review_layout(submission: Submission) -> Findings:
    r"""PITH836.

    What it does:
        Reports what is for reviewers and editors: the anonymous mode of a class or style, numbers of lines, the options
        `referee` and `linenumbers`, and the marks of latexdiff.

    Why it matters:
        A paper on arXiv names its authors, and "Do not distribute" or "Under review" should not stand below it.

    How to fix it:
        Choose the option for preprints or the final version.
    """
    mode = submission.anonymity
    if mode is not None and submission.manuscript.number is None:
        message = f"the paper is in its anonymous mode ({mode.name})"
        hint = "for arXiv use the style's option for preprints or the final version"
        yield submission.at(mode.use, "review-layout", message, hint)
    yield from _marks_of_review(submission)


def _marks_of_review(submission: Submission) -> list[Located]:
    manuscript = submission.manuscript
    changed, numbered, main = (
        manuscript.commands.get("DIFadd"),
        manuscript.commands.get("linenumbers"),
        manuscript.document_class,
    )
    if changed is not None:
        return [
            submission.at(changed, "review-layout", "the marks of latexdiff are printed", "upload the paper itself")
        ]
    options = set() if main is None else _REVIEW_OPTIONS & set(main.option_list)
    if main is not None and options:
        message = f"the option {min(options)} is for reviewers"
        return [submission.at(main, "review-layout", message, "remove it for arXiv")]
    if numbered is not None:
        return [submission.at(numbered, "review-layout", "lines are numbered as for reviewers", "remove it for arXiv")]
    return []


RULES: Final = (conflict_marks, unfinished, draft_mode, date_of_today, abstract_long, review_layout)
