"""PITH821 to PITH827: what arXiv's machines lack or refuse, as far as the sources show it."""

from __future__ import annotations

from typing import Final

from pithtex.findings import Severity
from pithtex.manuscript.references.reference import Standing
from pithtex.manuscript.source.model import Reached
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.model import Findings, Submission, with_severity

_NO_DRIVERS: Final = frozenset({"dvipdfm", "dvipdfmx", "xdvi", "oztex", "textures", "vtex", "luatex"})
_DRIVERS: Final = {
    "dvips": frozenset({"eps"}),
    "pdftex": frozenset({"pdf", "png", "jpg"}),
}
"""Kinds of figures by the drivers that draw them (grfguide, section "Package options")."""
_SOURCES: Final = (".tex", ".ltx", ".sty", ".cls")
_FORMS: Final = ("yml", "yaml", "jsn", "ndjson", "toml")


def index_absent(submission: Submission) -> Findings:
    r"""PITH821.

    What it does:
        Reports an index, a glossary or a list of symbols that is to be printed and whose sorted file (`.ind`, `.gls`,
        `.nls`) is not there.

    Why it matters:
        arXiv runs no makeindex: the pages are left out, without an error.

    How to fix it:
        Run it here, and upload what it writes.
    """
    manuscript, listing = submission.manuscript, submission.map.listing
    wanted = (
        ("printindex", ("ind",), ("makeindex", "imakeidx", "index", "makeidx")),
        ("printglossaries", ("gls", "acr", "glstex"), ("makeglossaries",)),
        ("printglossary", ("gls", "acr", "glstex"), ("makeglossaries",)),
        ("printnomenclature", ("nls",), ("nomencl", "makenomenclature")),
    )
    for command, endings, needs in wanted:
        use = manuscript.commands.get(command)
        asked = any(name in manuscript.commands for name in needs) or manuscript.package(*needs) is not None
        found = any(name.rpartition(".")[2] in endings and "/" not in name for name in listing.files)
        if use is not None and asked and not found and listing.whole:
            name = f"{submission.map.stem}.{endings[0]}"
            message = f"\\{command} prints {name}, which is missing, and arXiv does not make it"
            yield submission.at(use, "index-absent", message, "make it here and upload it")
            return


def other_document(submission: Submission) -> Findings:
    r"""PITH822.

    What it does:
        Reports `\externaldocument`: the labels of another document, by its `.aux` file, unless that goes up with the
        paper.

    Why it matters:
        arXiv removes `.aux` files, and readers see `??` in the place of every reference to that document.

    How to fix it:
        Upload both as one submission, the other document first, so that arXiv compiles it first:
        `--pack FILE --with supplement.tex`. Or write the numbers.
    """
    for item in submission.map.of(Kind.DOCUMENT):
        together = f"{item.name.removesuffix('.tex')}.tex" in submission.companions
        if item.use.state is Reached.ACTIVE and not together:
            count = sum(key not in (submission.map.labels or ()) for key in submission.manuscript.names.asked)
            message = (
                f"arXiv will not have {item.name}.aux, which {count} reference{'s' if count != 1 else ''} may need"
            )
            hint = f"--pack FILE --with {item.name.removesuffix('.tex')}.tex packs both, and has arXiv compile it first"
            yield submission.at(item.use, "other-document", message, hint)


def program_needed(submission: Submission) -> Findings:
    r"""PITH823.

    What it does:
        Reports what needs another program while TeX runs: minted without its option `frozencache`, pythontex, sagetex,
        svg, the externalisation of TikZ.

    Why it matters:
        arXiv runs no other program (no shell escape). minted and svg stop TeX, the others print `??` or nothing.

    How to fix it:
        Run it here and upload what it leaves: for minted the cache, with the option `frozencache`; for svg the folder
        `svg-inkscape`; for TikZ the pictures, or compile them in the paper.
    """
    manuscript, listing = submission.manuscript, submission.map.listing
    minted = manuscript.package("minted")
    if minted is not None and not any("frozencache" in option or option == "draft" for option in minted.option_list):
        hint = "compile here with the option frozencache=true and upload the cache: _minted-main/ or _minted/"
        yield submission.at(minted, "program-needed", "minted needs Pygments, which arXiv does not run", hint)
    for name, folder in (("pythontex", "pythontex-files-"), ("sagetex", "sage-plots-for-")):
        use = manuscript.package(name)
        if use is not None and not any(entry.startswith(folder) for entry in listing.folders):
            message, hint = f"{name} runs another program, which arXiv does not", f"run it here and upload {folder}*"
            yield with_severity(submission.at(use, "program-needed", message, hint), Severity.WARNING)
    svg = next((item for item in submission.map.of(Kind.FIGURE) if item.use.name == "includesvg"), None)
    if svg is not None and svg.use.state is Reached.ACTIVE and "svg-inkscape" not in listing.folders:
        hint = "compile here with shell escape and upload the folder svg-inkscape"
        yield submission.at(svg.use, "program-needed", "\\includesvg needs Inkscape, which arXiv does not run", hint)
    externalized = manuscript.commands.get("tikzexternalize")
    if externalized is not None:
        hint = "remove \\tikzexternalize, or upload the pictures that it made with mode=graphics if exists"
        message = "TikZ is told to compile each picture separately, which needs a program that arXiv does not start"
        yield with_severity(submission.at(externalized, "program-needed", message, hint), Severity.WARNING)


def driver_option(submission: Submission) -> Findings:
    r"""PITH824.

    What it does:
        Reports a driver that graphics or graphicx is told to take, and that arXiv does not have or that draws other
        figures than those of the paper.

    Why it matters:
        TeX does not find the size of the figures, and stops. Without the option the packages take the right driver.

    How to fix it:
        Remove the option.
    """
    kinds = {figure.is_kind for figure in submission.map.figures.values()}
    for use in submission.manuscript.packages:
        if use.state is not Reached.ACTIVE or not {"graphicx", "graphics"} & set(use.names):
            continue
        for option in use.option_list:
            if option in _NO_DRIVERS:
                message = f"arXiv has no driver {option} for figures"
                yield submission.at(use, "driver-option", message, "remove the option")
            elif kinds - {None} - _DRIVERS.get(option, kinds):
                message = f"the driver {option} cannot draw this paper's figures"
                yield submission.at(
                    use, "driver-option", message, "remove the option; the right driver is found without it"
                )


def ancillary_source(submission: Submission) -> Findings:
    """PITH825.

    What it does:
        Reports a file of TeX in the folder `anc/`.

    Why it matters:
        arXiv takes what is there for data, and wants no TeX in it; what the paper reads from there is not found.

    How to fix it:
        Put it elsewhere.
    """
    for name in submission.map.listing.files:
        if name.startswith("anc/") and name.lower().endswith(_SOURCES):
            yield submission.of(
                name, "ancillary-source", "arXiv does not want TeX files in anc/", "move the file elsewhere"
            )
            return


def readme_form(submission: Submission) -> Findings:
    """PITH826.

    What it does:
        Reports a `00README` in YAML or TOML.

    Why it matters:
        arXiv reads `00README.json` alone since 2026, and the older `00README.XXX`; it ignores the others.

    How to fix it:
        Write it as JSON.
    """
    for name in submission.map.listing.files:
        stem, _, ending = name.rpartition(".")
        if stem.upper() == "00README" and ending.lower() in _FORMS:
            hint = "write it as 00README.json: https://info.arxiv.org/help/00README.html"
            yield submission.of(name, "readme-form", f"arXiv ignores 00README.{ending}", hint)


def bbl_of_other_format(submission: Submission) -> Findings:
    """PITH827.

    What it does:
        Reports a `.bbl` that biblatex wrote in another format than arXiv's TeX Live reads.

    Why it matters:
        arXiv stops at it.

    How to fix it:
        Leave the `.bbl` out of the upload, and arXiv makes its own from the `.bib` files; or choose TeX Live 2023 in
        `00README.json`, which reads format 3.2.
    """
    found, wanted = submission.map.bbl_format, submission.bbl_formats
    use = submission.manuscript.package("biblatex")
    if found is None or found in wanted or submission.map.bbl is None:
        return
    message = f"biblatex wrote format {found}, but arXiv reads {' and '.join(wanted)}"
    databases = [item for item in submission.map.of(Kind.DATABASE) if item.standing is Standing.THERE]
    hint = "remove it before the upload so that arXiv makes its own (--pack leaves it out)"
    hint = hint if databases else "add the .bib files so that arXiv makes its own .bbl"
    item = submission.of(submission.map.bbl, "bbl-of-other-format", message, hint)
    yield item if use is not None else with_severity(item, Severity.NOTE)


RULES: Final = (
    index_absent,
    other_document,
    program_needed,
    driver_option,
    ancillary_source,
    readme_form,
    bbl_of_other_format,
)
