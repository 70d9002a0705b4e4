"""PITH611 to PITH616: the pith.sty beside the paper."""

from __future__ import annotations

from typing import Final

from pithtex.format.number import suffix_in
from pithtex.review.submission.model import Findings, Remedy, Submission, suffix_of, with_remedy


def _generate(submission: Submission) -> str:
    """Returns how to get a `pith.sty` that is as it should be."""
    return "pithtex presubmit --fix writes it" if submission.record is not None else "pithtex add ARXIV-ID writes it"


def package_missing(submission: Submission) -> Findings:
    """PITH611.

    What it does:
        Reports a paper that loads `pith` with no `pith.sty` beside its main file.

    Why it matters:
        arXiv has no such package, and stops because it cannot find the file.

    How to fix it:
        `--fix` writes the file where the record is available. Otherwise run `pithtex add ARXIV-ID`.
    """
    use = submission.manuscript.package("pith")
    if use is not None and submission.package is None and submission.elsewhere is None:
        message = (
            f"there is no pith.sty beside {submission.manuscript.main.name}; arXiv does not have it either, "
            "and stops here"
        )
        yield with_remedy(submission.at(use, "package-missing", message, _generate(submission)), Remedy.PACKAGE)


def package_stale(submission: Submission) -> Findings:
    """PITH612.

    What it does:
        Reports a `pith.sty` that another version of pithtex made, and that this version would write differently.

    Why it matters:
        The file works, but lacks what has been corrected since.

    How to fix it:
        `--fix` writes it again.
    """
    from pithtex import __version__

    package = submission.package
    if package is None or not package.ours or package.expected in {None, package.data} or package.version is None:
        return
    if package.version != __version__:
        message = f"made by pithtex {package.version}; this is {__version__}"
        yield with_remedy(submission.of(package.name, "package-stale", message, _generate(submission)), Remedy.PACKAGE)


def package_edited(submission: Submission) -> Findings:
    """PITH613.

    What it does:
        Reports a `pith.sty` whose bytes are not those that this version writes for the record inside, or that pithtex
        did not make.

    Why it matters:
        An edited copy may show one number and state another. One byte that an editor or a mail program changed can
        break the file, too.

    How to fix it:
        `--fix` writes it again. A file that pithtex did not make is left alone: move it away first.
    """
    from pithtex import __version__

    package = submission.package
    if package is None:
        return
    if not package.ours:
        message = "this pith.sty was not made by pithtex"
        yield submission.of(package.name, "package-edited", message, "move it away, then run pithtex presubmit --fix")
    elif package.expected is not None and package.version == __version__ and package.expected != package.data:
        line = _first_difference(package.expected, package.data)
        message = f"changed since pithtex wrote it; the first change is in line {line}"
        yield with_remedy(submission.of(package.name, "package-edited", message, _generate(submission)), Remedy.PACKAGE)


def package_of_another_number(submission: Submission) -> Findings:
    r"""PITH614.

    What it does:
        Reports a `pith.sty` whose record is of another number than `\pithnumber`.

    Why it matters:
        The PDF gets the number without a receipt, and the log gets a warning.

    How to fix it:
        `--fix` writes `pith.sty` for the number, where that number's record is available. Where the number is mistyped,
        at most three letters away from that of `pith.sty`, it writes that one. Is the number the wrong one? Then
        correct it.
    """
    package, use = submission.package, submission.manuscript.number
    suffix = suffix_of(use)
    if use is None or package is None or package.number is None or suffix is None:
        return
    inside = suffix_in(package.number)
    if inside != suffix:
        message = (
            f"pith.sty carries the record of {inside}, but the paper's number is {suffix}, so no receipt is written"
        )
        hint = f"did you mean {inside}? pithtex presubmit --fix writes it"
        mistyped = submission.record is None and submission.meant_by(use) == inside
        item = submission.at(use, "package-of-another-number", message, hint if mistyped else _generate(submission))
        yield with_remedy(item, Remedy.NUMBER if mistyped else Remedy.PACKAGE)


def package_without_record(submission: Submission) -> Findings:
    """PITH615.

    What it does:
        Reports a `pith.sty` that carries no record: the plain file.

    Why it matters:
        The PDF will carry 26 characters and no signature, so that nobody can check it offline.

    How to fix it:
        `--fix`, where the record is available. Otherwise run `pithtex add ARXIV-ID`.
    """
    package = submission.package
    if package is not None and package.ours and package.number is None and suffix_of(submission.manuscript.number):
        message = "carries no record: the PDF will have the number, but no signature that a reader can check offline"
        yield with_remedy(
            submission.of(package.name, "package-without-record", message, _generate(submission)), Remedy.PACKAGE
        )


def package_not_uploaded(submission: Submission) -> Findings:
    """PITH616.

    What it does:
        Reports a `pith.sty` that a `.gitignore` leaves out of the repository, or that is only in your own tree of TeX
        files.

    Why it matters:
        What is packed from the repository or the folder lacks the file, and arXiv stops. The patterns mean what they
        mean to git; its other lists of what to ignore (`.git/info/exclude`, the user's own) are not read.

    How to fix it:
        Add `!pith.sty` to the `.gitignore` beside the file, or copy the file to the main one.
    """
    use = submission.manuscript.package("pith")
    if use is None:
        return
    if submission.package is None and submission.elsewhere is not None:
        message = f"pith.sty is in {submission.elsewhere}, not in the paper's folder, so the upload will lack it"
        yield submission.at(use, "package-not-uploaded", message, "copy it beside the main file")
    elif submission.package is not None and submission.ignored:
        message = f"git ignores pith.sty: {submission.ignored[0]}"
        yield submission.of(submission.package.name, "package-not-uploaded", message, "add the line !pith.sty")


def _first_difference(expected: bytes, found: bytes) -> int:
    pairs = zip(expected.split(b"\n"), found.split(b"\n"), strict=False)
    return next((line for line, (one, other) in enumerate(pairs, 1) if one != other), 1 + found.count(b"\n"))


RULES: Final = (
    package_missing,
    package_stale,
    package_edited,
    package_of_another_number,
    package_without_record,
    package_not_uploaded,
)
