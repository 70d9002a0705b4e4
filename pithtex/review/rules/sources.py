"""PITH641 to PITH648: the files themselves, as reading them found them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from pithtex.findings import Severity
from pithtex.limits import MAX_RULE_FINDINGS
from pithtex.manuscript.references.reference import Standing
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.model import Findings, Submission, with_severity
from pithtex.review.texts.compare import Match, compare_title

_ENTRY: Final = re.compile(r"@[A-Za-z]+\s*\{\s*([^\s,{}]{1,300})\s*,")
_SAFE: Final = re.compile(r"[A-Za-z0-9_+.,=/-]+")
"""Characters that arXiv takes in names (arXiv help: Considerations for TeX submissions, file names)."""


def input_missing(submission: Submission) -> Findings:
    r"""PITH641.

    What it does:
        Reports a file that the paper reads and that is neither in its folder nor in those of its `\input@path`.

    Why it matters:
        Unless it is one of TeX's own files, TeX stops. A name with a folder in it is never one of those, and a `.tex`
        file that TeX Live does not have is not either: these are errors. After `\include` LaTeX goes on without the
        file. Nothing is reported for a file that the paper asks for first (`\IfFileExists`).

    How to fix it:
        Add the file, or remove the command.
    """
    return _met(submission, "input-missing")


def input_outside(submission: Submission) -> Findings:
    """PITH642.

    What it does:
        Reports a file that is read from outside of the paper's folder, a source, a figure or any other: by `..`, an
        absolute path or a link.

    Why it matters:
        The upload will lack it. It is not read here either.

    How to fix it:
        Copy it into the folder.
    """
    yield from _met(submission, "input-outside")
    for item in submission.map.references:
        if item.standing is Standing.OUTSIDE and item.kind is not Kind.DOCUMENT:
            message = f"the {item.kind.value} {item.name!r} is outside the paper's folder, so arXiv will not have it"
            hint = (
                f"the paper has {item.elsewhere}: use that path"
                if item.elsewhere
                else "copy it into the paper's folder"
            )
            yield submission.at(item.use, "input-outside", message, hint)


def input_cycle(submission: Submission) -> Findings:
    """PITH643.

    What it does:
        Reports a file that reads itself, directly or by way of others.

    Why it matters:
        TeX stops when too many files are open within each other.

    How to fix it:
        Remove the command.
    """
    return _met(submission, "input-cycle")


def source_limit(submission: Submission) -> Findings:
    """PITH644.

    What it does:
        Reports a file of more than 4 MiB, a paper of more than 500 files or 24 MiB, or files that read each other 15
        deep.

    Why it matters:
        Whatever is behind the limit was not read, and nothing is known of it.

    How to fix it:
        Often the cause is a picture in the form of TeX code: look at what is large.
    """
    return _met(submission, "source-limit")


def source_encoding(submission: Submission) -> Findings:
    r"""PITH645.

    What it does:
        Reports bytes that are not UTF-8 in a paper without `\usepackage[latin1]{inputenc}` or the like, also in cited
        entries of a `.bib` file, and UTF-8 in a paper that declares another encoding.

    Why it matters:
        Since 2018 LaTeX expects UTF-8, and reports "Invalid UTF-8 byte".

    How to fix it:
        Save the file as UTF-8.
    """
    yield from _met(submission, "source-encoding")
    declared = any(file.encoding not in {"utf-8"} for file in submission.manuscript.files)
    for text in submission.other_texts:
        if text.name.endswith(".bib") and text.bad_byte is not None and not declared and _is_cited(submission, text):
            message = f"an entry that the paper cites is not UTF-8; read as {text.encoding}"
            yield submission.at_offset(text, text.bad_byte, "source-encoding", message, "save it as UTF-8")


def _is_cited(submission: Submission, text: TexFile) -> bool:
    """Tells whether the entry with the first bad byte is cited, and so gets into the `.bbl`."""
    keys = _ENTRY.findall(text.text, 0, text.bad_byte or 0)
    cited = {key.lower() for key in submission.manuscript.names.cited}
    return bool(keys) and ("*" in cited or keys[-1].lower() in cited)


def source_unreadable(submission: Submission) -> Findings:
    """PITH646.

    What it does:
        Reports a file in UTF-16, one with NUL bytes, and one that may not be read; also a `.bib` file in UTF-16.

    Why it matters:
        TeX cannot read it.

    How to fix it:
        Save the file as UTF-8.
    """
    yield from _met(submission, "source-unreadable")
    by_biber = submission.manuscript.package("biblatex") is not None
    for text in submission.other_texts:
        if text.name.endswith(".bib") and text.encoding == "utf-16" and not by_biber:
            message = f"{text.name} is UTF-16, which BibTeX cannot read"
            yield submission.of(text.name, "source-unreadable", message, "save it as UTF-8")


def file_name(submission: Submission) -> Findings:
    """PITH647.

    What it does:
        Reports a file name with a blank, an accent or any other character beyond `a-z A-Z 0-9 _ + - . , =`.

    Why it matters:
        arXiv accepts no others: it renames the file, and then does not find it.

    How to fix it:
        Rename the file, and correct the command that reads it.
    """
    uses = {item.file: item.use for item in submission.map.references if item.file is not None}
    for name in dict.fromkeys([*(file.name for file in submission.manuscript.files), *uses]):
        if not _SAFE.fullmatch(name):
            odd = sorted(set(re.sub(_SAFE, "", name)))
            message = (
                f"arXiv accepts letters, digits and _ + - . , = in names, but this one has {' '.join(map(repr, odd))}"
            )
            hint = "rename the file, and update the place that reads it"
            if name in uses:
                yield submission.at(uses[name], "file-name", f"{name}: {message}", hint)
            else:
                yield submission.of(name, "file-name", message, hint)


def title_incomplete(submission: Submission) -> Findings:
    """PITH648.

    What it does:
        Reports a command in the title that neither the paper defines nor pithtex knows, where without it the title
        cannot be confirmed as the record's.

    Why it matters:
        The command is left out where the title is shown and compared.

    How to fix it:
        Define it in the preamble, or write the title in plain words, as arXiv's form wants it in any case.
    """
    title, compared = submission.manuscript.title, compare_title(submission)
    unsure = compared.match is Match.UNCONFIRMED or (compared.match is Match.DIFFERS and compared.may_be_the_same)
    if title is not None and unsure and compared.unknown and submission.manuscript.number is not None:
        names = ", ".join(f"\\{name}" for name in compared.unknown)
        message = f"the title uses {names}, which pithtex does not know, so it cannot be compared with the record's"
        hint = "define it in the preamble, or avoid it: arXiv's form needs the title in plain words anyway"
        yield submission.at(title.use, "title-incomplete", message, hint)


def _met(submission: Submission, rule: str) -> Findings:
    """Yields what the reader met, already with its rule."""
    for problem in islice(submission.manuscript.problems, MAX_RULE_FINDINGS):
        if problem.rule != rule:
            continue
        if problem.file is not None:
            item = submission.at_offset(problem.file, problem.start, rule, problem.message, problem.hint)
            yield with_severity(item, Severity.ERROR) if problem.certain else item
        else:
            yield submission.of(problem.name, rule, problem.message, problem.hint)


RULES: Final = (
    input_missing,
    input_outside,
    input_cycle,
    source_limit,
    source_encoding,
    source_unreadable,
    file_name,
    title_incomplete,
)
