"""PITH801 to PITH812: the files, labels and entries that the paper refers to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from pithtex.findings import Located, Severity
from pithtex.limits import MAX_FIGURE_PIXELS
from pithtex.manuscript.references.reference import Reference, Standing
from pithtex.manuscript.source.model import Use
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.model import Findings, Submission, with_severity

_SHOWN: Final = 10
"""Findings of one cause; those beyond are counted in the last."""
_OF_PACKAGES: Final = frozenset({"LastPage", "lastpage", "VeryLastPage", "TotPages"})
"""Labels that packages give."""
_STYLELESS: Final = frozenset(
    {"article", "report", "book", "scrartcl", "scrreprt", "scrbook", "memoir", "IEEEtran", "llncs", "amsart"}
)
"""Classes that set no style of BibTeX."""
_STYLING: Final = frozenset({"achemso", "rsc", "jurabib", "harvard", "chicago", "apacite", "natmove", "bibunits"})
"""Packages that may set one, or run BibTeX in their own way."""
_NAMES: Final = {
    "pdf": "a PDF",
    "png": "a PNG",
    "jpg": "a JPEG",
    "eps": "an EPS",
    "gif": "a GIF",
    "tif": "a TIFF",
    "bmp": "a BMP",
    "svg": "an SVG or XML",
    "html": "an HTML",
    "zip": "a ZIP",
}
_UNDRAWN: Final = frozenset({"gif", "tif", "svg", "webp", "heic", "emf", "wmf"})
"""Kinds that no engine of arXiv's draws (help page "Considerations for TeX Submissions", figures)."""


def figure_absent(submission: Submission) -> Findings:
    r"""PITH801.

    What it does:
        Reports a figure that is not in the paper's folder, nor in those of `\graphicspath`, under any ending that TeX
        tries. Nothing is reported of a figure in a conditional, in a definition, or whose name a command gives.

    Why it matters:
        arXiv's preflight asks for it, and TeX stops or leaves an empty frame.

    How to fix it:
        Put it into the folder, or correct the name. A folder's name must be right to the letter's case.
    """
    for item in _absent(submission, Kind.FIGURE):
        yield submission.at(item.use, "figure-absent", f"the figure {item.name!r} is missing", _where(item))


def figure_unfit(submission: Submission) -> Findings:
    """PITH802.

    What it does:
        Reports a figure whose bytes are not what its name says, such as a PNG that is called `.pdf`, an empty file or a
        pointer of Git LFS, and one of a kind that no engine draws, such as SVG or TIFF.

    Why it matters:
        arXiv stops at it before it compiles.

    How to fix it:
        Export the figure again as PDF, PNG or JPEG.
    """
    for item in _first_of_each(submission):
        figure = submission.map.figures.get(item.file or "")
        if figure is None:
            continue
        if figure.misnamed:
            message = f"{figure.name} is named as {_named(figure.says)}, but it is {_named(figure.is_kind)}"
            yield submission.at(item.use, "figure-unfit", message, "export it again, or correct its file extension")
        elif figure.says in _UNDRAWN and item.use.name != "includesvg":
            message = f"{figure.name}: no engine of arXiv's draws {figure.says}"
            yield submission.at(item.use, "figure-unfit", message, "export it as PDF, PNG or JPEG")


def _named(kind: str | None) -> str:
    """Returns a kind of file in words."""
    if kind is None:
        return "not a known kind of picture"
    return f"{_NAMES[kind]} file" if kind in _NAMES else kind


def figure_oversized(submission: Submission) -> Findings:
    """PITH803.

    What it does:
        Reports a PNG or JPEG of more than 34 million pixels.

    Why it matters:
        arXiv warns of it since 2026: it is more than a page of A4 holds at 600 dots an inch, and compiling may take too
        long.

    How to fix it:
        Scale the picture down.
    """
    for item in _first_of_each(submission):
        figure = submission.map.figures.get(item.file or "")
        if figure is not None and (figure.pixels or 0) > MAX_FIGURE_PIXELS:
            message = f"{figure.name} has {(figure.pixels or 0) / 2**20:.1f} megapixels, and arXiv warns from 34"
            yield submission.at(item.use, "figure-oversized", message, "scale it down")


def package_absent(submission: Submission) -> Findings:
    r"""PITH804.

    What it does:
        Reports a class, a package, or a library or theme of TikZ, pgfplots or beamer that is neither in the paper's
        folder nor in TeX Live (of 2022 and 2024, as Debian has them) nor found by the TeX of this machine. The paper's
        own classes and packages are read, too.

    Why it matters:
        TeX stops.

    How to fix it:
        Put the file beside the main one.
    """
    endings = {Kind.CLASS: ".cls", Kind.PACKAGE: ".sty", Kind.LIBRARY: ""}
    for item in _absent(submission, *endings):
        if item.name == "pith" or item.name in submission.known_to_tex:
            continue  # PITH611 is said of pith.sty
        message = f"{item.name}{endings[item.kind]} is neither here nor in TeX Live"
        yield submission.at(item.use, "package-absent", message, _where(item))


def bibliography_absent(submission: Submission) -> Findings:
    r"""PITH805.

    What it does:
        Reports a bibliography whose `.bib` file is not there, where there is no `.bbl` of the main file's name either.

    Why it matters:
        The paper has no references; arXiv's preflight stops.

    How to fix it:
        Add the `.bib` file, or the `.bbl` under the main file's name.
    """
    if submission.map.bbl is not None:
        return
    wanted = f"{submission.map.stem}.bbl"
    others = [name for name in submission.map.listing.files if name.endswith(".bbl")]
    for item in _absent(submission, Kind.DATABASE):
        if item.elsewhere == f"{item.name}.bib":
            message = f"\\{item.use.name} needs the full name {item.elsewhere}"
            yield submission.at(item.use, "bibliography-absent", message, f"write {{{item.elsewhere}}}")
            continue
        ending = "" if item.name.endswith(".bib") else ".bib"
        message = f"there is no {item.name}{ending}, and no {wanted}"
        hint = f"rename {others[0]} to {wanted}" if others else _where(item)
        yield submission.at(item.use, "bibliography-absent", message, hint)


def bibliography_style_absent(submission: Submission) -> Findings:
    r"""PITH806.

    What it does:
        Reports a style of BibTeX (`.bst`) that is neither in the folder nor in TeX Live, where there is no `.bbl`; and
        a paper in a class that sets no style, such as article, with `\bibliography` without `\bibliographystyle`.

    Why it matters:
        arXiv's BibTeX writes no references without it.

    How to fix it:
        Add the `.bst` file, or the `.bbl`.
    """
    if submission.map.bbl is None:
        yield from _no_style(submission)
        for item in _absent(submission, Kind.STYLE):
            if item.name not in submission.known_to_tex:
                message = f"{item.name}.bst is neither here nor in TeX Live"
                yield submission.at(item.use, "bibliography-style-absent", message, _where(item))


def _no_style(submission: Submission) -> Findings:
    """Yields a bibliography without a style, where neither the class nor a package can have set one."""
    manuscript = submission.manuscript
    use = manuscript.commands.get("bibliography")
    main = manuscript.document_class
    if use is None or main is None or main.argument not in _STYLELESS or manuscript.package("biblatex") is not None:
        return
    texts = (*manuscript.files, *manuscript.names.styles.values())
    loaded = {name for package in manuscript.packages for name in package.names}
    if loaded & _STYLING or any("bibliographystyle" in file.text or "bibstyle" in file.text for file in texts):
        return
    message = "\\bibliography without \\bibliographystyle: BibTeX writes no references"
    item = submission.at(use, "bibliography-style-absent", message, "add \\bibliographystyle{plain} or another style")
    yield with_severity(item, Severity.WARNING)


def data_absent(submission: Submission) -> Findings:
    r"""PITH807.

    What it does:
        Reports a file of data or of program text that is not there: those of `\lstinputlisting`, `\inputminted`,
        `\addplot table` and the like.

    Why it matters:
        TeX stops.

    How to fix it:
        Add the file.
    """
    for item in _absent(submission, Kind.DATA):
        yield submission.at(item.use, "data-absent", f"the file {item.name!r} is missing", _where(item))


def font_absent(submission: Submission) -> Findings:
    r"""PITH808.

    What it does:
        Reports a font that fontspec is told to take from a file of the paper's folder, and that is not there.

    Why it matters:
        TeX stops.

    How to fix it:
        Add the font's file, where its licence lets you.
    """
    for item in _absent(submission, Kind.FONT):
        yield submission.at(item.use, "font-absent", f"the font {item.name!r} is missing", _where(item))


def file_hidden(submission: Submission) -> Findings:
    """PITH809.

    What it does:
        Reports a file that the paper reads and whose name, or whose folder's name, begins with a dot.

    Why it matters:
        arXiv deletes hidden files from the upload.

    How to fix it:
        Rename it, and what names it.
    """
    for item in submission.map.references:
        if item.standing is Standing.HIDDEN:
            yield _hidden(submission, item.use, item.name)
    for use in submission.manuscript.inputs:
        name = use.argument.removeprefix("./")
        read = any(file.name in {name, f"{name}.tex"} for file in submission.manuscript.files)
        if read and any(part.startswith(".") and part != ".." for part in name.split("/")):
            yield _hidden(submission, use, use.argument)


def _hidden(submission: Submission, use: Use, name: str) -> Located:
    return submission.at(
        use, "file-hidden", f"{name!r} is a hidden file, which arXiv deletes", "rename the file without the leading dot"
    )


def label_absent(submission: Submission) -> Findings:
    r"""PITH810.

    What it does:
        Reports a reference to a label that no file of the paper gives. Nothing is reported where labels come from
        commands of the paper's own, or where a file was not read.

    Why it matters:
        Readers see `??`.

    How to fix it:
        Correct the label.
    """
    labels = submission.map.labels
    if labels is None or submission.other_documents or submission.outcome.log is not None:
        return  # the log knows better
    asked = submission.manuscript.names.asked
    absent = [use for key, use in asked.items() if key not in labels and key not in _OF_PACKAGES]
    names = [name.casefold() for name in labels]
    for use in islice(absent, _SHOWN):
        if submission.named_elsewhere(use):
            continue
        near = next(
            (label for label, folded in zip(labels, names, strict=True) if folded == use.argument.casefold()), None
        )
        message = f"there is no \\label{{{use.argument}}}" + _more(absent, use)
        yield submission.at(
            use, "label-absent", message, f"did you mean {near}?" if near else "correct it, or add the label"
        )


def entry_absent(submission: Submission) -> Findings:
    r"""PITH811.

    What it does:
        Reports a citation of which neither the `.bbl` nor, without one, the `.bib` files have an entry.

    Why it matters:
        Readers see `[?]`. arXiv takes a `.bbl` as it is, even where the `.bib` files have more.

    How to fix it:
        Add the entry; where the `.bbl` is old, remove it or make it again.
    """
    entries = submission.map.entries
    if entries is None or submission.outcome.log is not None:
        return
    cited = submission.manuscript.names.cited
    absent = [use for key, use in cited.items() if key != "*" and key.lower() not in entries]
    if absent and not entries and submission.map.bbl is None:
        message = f"there is no entry for {absent[0].argument}" + _more(absent, absent[0], among=1)
        yield submission.at(absent[0], "entry-absent", f"{message}: the paper has no bibliography", "add it")
        return
    for use in islice(absent, _SHOWN):
        stale = submission.map.bbl is not None and use.argument.lower() in submission.map.database_entries
        message = f"there is no entry {use.argument}" + (f" in {submission.map.bbl}" if submission.map.bbl else "")
        hint = (
            f"the .bib has it: remove {submission.map.bbl} or make it again" if stale else "add it, or correct the key"
        )
        yield submission.at(use, "entry-absent", message + _more(absent, use), hint)


def label_repeated(submission: Submission) -> Findings:
    r"""PITH812.

    What it does:
        Reports a label that is given twice.

    Why it matters:
        References lead to the last of them.

    How to fix it:
        Rename one of them.
    """
    names = submission.manuscript.names
    repeated = []
    for uses in names.labels.values():
        active = [use for use in uses if use.state == "active"]
        if len(active) > 1 and len({(use.file.name, use.start) for use in active}) > 1:
            repeated.append((active[1], active[0]))
    for use, first in islice(repeated, _SHOWN):
        line, _ = first.file.place(first.start)
        message = f"the label {use.argument} is already defined at {first.file.name}:{line}"
        others = [use for use, _ in repeated]
        yield submission.at(use, "label-repeated", message + _more(others, use), "rename one of them")


def _absent(submission: Submission, *kinds: Kind) -> Iterator[Reference]:
    """Yields the references of these kinds that lead to nothing, each name once."""
    seen = set()
    for item in submission.map.of(*kinds):
        if item.standing is Standing.ABSENT and item.name not in seen:
            seen.add(item.name)
            yield item


def _first_of_each(submission: Submission) -> Iterator[Reference]:
    seen = set()
    for item in submission.map.of(Kind.FIGURE):
        if item.standing is Standing.THERE and item.file not in seen:
            seen.add(item.file)
            yield item


def _where(item: Reference) -> str:
    if item.elsewhere is not None and not item.elsewhere.isascii() and not item.name.isascii():
        return (
            f"the paper has {item.elsewhere}, whose accents may be encoded differently: use plain letters in its name"
        )
    if item.elsewhere is not None:
        return f"the paper has {item.elsewhere}: use its exact path from the paper's folder"
    return "add it to the paper's folder, or correct the name"


def _more(all_of: list[Use], use: Use, among: int = _SHOWN) -> str:
    """At the last of those that are shown, how many more there are."""
    left = len(all_of) - among
    return f" (and {left} more)" if left > 0 and use is all_of[among - 1] else ""


RULES: Final = (
    figure_absent,
    figure_unfit,
    figure_oversized,
    package_absent,
    bibliography_absent,
    bibliography_style_absent,
    data_absent,
    font_absent,
    file_hidden,
    label_absent,
    entry_absent,
    label_repeated,
)
