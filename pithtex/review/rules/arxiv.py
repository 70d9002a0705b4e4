"""PITH821, 822 and 825 to 827: what arXiv's machines lack or refuse, as far as the sources show it."""

from __future__ import annotations

import re
from typing import Final

from pithtex.findings import Severity
from pithtex.manuscript.references.reference import Standing
from pithtex.manuscript.source.model import Reached, Use
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.model import Findings, Submission, with_severity

_OPTION: Final = re.compile(r"\[([A-Za-z0-9_-]{1,60})\]")
_E: Final = Severity.ERROR
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
    glossaries = ("gls", "acr", "glstex")
    wanted = (
        ("printindex", ("ind",), ("makeindex", "imakeidx", "index", "makeidx")),
        ("printglossaries", glossaries, ("makeglossaries",)),
        ("printglossary", glossaries, ("makeglossaries",)),
        ("printunsrtglossaries", ("glstex",), ("GlsXtrLoadResources",)),
        ("printunsrtglossary", ("glstex",), ("GlsXtrLoadResources",)),
        ("printnomenclature", ("nls",), ("nomencl", "makenomenclature")),
    )
    for command, endings, needs in wanted:
        use = manuscript.commands.get(command)
        asked = any(name in manuscript.commands for name in needs) or manuscript.package(*needs) is not None
        found = any(name.rpartition(".")[2] in endings and "/" not in name for name in listing.files)
        if use is not None and asked and not found and listing.whole:
            name = f"{_index_name(use) or submission.map.stem}.{endings[0]}"
            message = f"\\{command} prints {name}, which is missing, and arXiv does not make it"
            yield submission.at(use, "index-absent", message, "make it here and upload it")
            return


def _index_name(use: Use) -> str | None:
    r"""Returns the name that an index has of its own: `\\printindex[authors]`."""
    named = _OPTION.match(use.file.text, use.end) if use.name == "printindex" else None
    return None if named is None else named[1]


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
        Reports a `.bbl` that biblatex wrote in another format than arXiv's TeX Live reads, or that is of BibTeX where
        the paper loads biblatex, and the other way round.

    Why it matters:
        arXiv stops at it.

    How to fix it:
        Leave the `.bbl` out of the upload, and arXiv makes its own from the `.bib` files; or choose TeX Live 2023 in
        `00README.json`, which reads format 3.2.
    """
    refers, wanted = submission.map, submission.readme.bbl_formats
    use = submission.manuscript.package("biblatex")
    by_biblatex = use is not None or _uses_biblatex(submission)
    if refers.bbl is None:
        return
    databases = [item for item in refers.of(Kind.DATABASE) if item.standing is Standing.THERE]
    hint = "remove it before the upload so that arXiv makes its own (--pack leaves it out)"
    if refers.bbl_format is None and refers.bbl_of_bibtex and use is not None:
        message = "BibTeX wrote it, but the paper loads biblatex, which cannot read it"
        yield with_severity(submission.of(refers.bbl, "bbl-of-other-format", message, f"remove {refers.bbl}"), _E)
    elif refers.bbl_format is not None and not by_biblatex and refers.of(Kind.DATABASE):
        message = "biblatex wrote it, but the paper does not load biblatex"
        yield with_severity(submission.of(refers.bbl, "bbl-of-other-format", message, f"remove {refers.bbl}"), _E)
    elif refers.bbl_format is not None and refers.bbl_format not in wanted:
        message = f"biblatex wrote format {refers.bbl_format}, but arXiv reads {' and '.join(wanted)}"
        hint = hint if databases else "add the .bib files so that arXiv makes its own .bbl"
        item = submission.of(refers.bbl, "bbl-of-other-format", message, hint)
        yield item if by_biblatex else with_severity(item, Severity.NOTE)


def _uses_biblatex(submission: Submission) -> bool:
    """Tells whether a class or another package loads biblatex, as its commands and the paper's own files show."""
    manuscript = submission.manuscript
    loaded = (name for use in (*manuscript.packages, *manuscript.names.of_packages) for name in use.names)
    return any(name.startswith("biblatex") for name in loaded) or any(
        name in manuscript.commands for name in ("addbibresource", "printbibliography")
    )


RULES: Final = (
    index_absent,
    other_document,
    ancillary_source,
    readme_form,
    bbl_of_other_format,
)
