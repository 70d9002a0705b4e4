"""Gathers what the rules see: pith.sty, records, log, PDF. Files are read in this room alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.errors import PithError
from pithtex.format.keys import Keyring
from pithtex.manuscript.build.arxiv_rules import Readme, read_readme
from pithtex.manuscript.edit.which_paper import Paper
from pithtex.manuscript.references.cited_works import read_bibliography
from pithtex.manuscript.references.metadata import author_told
from pithtex.manuscript.references.paper_map import paper_map
from pithtex.manuscript.references.reference import PaperMap
from pithtex.manuscript.source.files import WIDE, TexFile
from pithtex.manuscript.source.model import Manuscript
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.anonymity import anonymity_of
from pithtex.review.submission.citations import citations_of
from pithtex.review.submission.engine import engine_at_arxiv
from pithtex.review.submission.folder import read_at_most
from pithtex.review.submission.gitignore import ignoring_lines
from pithtex.review.submission.last_build import read_outcome
from pithtex.review.submission.model import Options, Outcome, RecordFile, Submission
from pithtex.review.submission.package_file import elsewhere, found_by_tex, read_package
from pithtex.review.submission.records import records_beside, records_of_store, standing_by
from pithtex.structs import replace

if TYPE_CHECKING:
    from pithtex.pdf.contents import Contents

_TEXTS: Final = frozenset(
    {"bib", "bbl", "txt", "csv", "dat", "tsv", "json", "jsonl", "md", "py", "ipynb", "r", "jl", "m", "c", "h", "cpp"}
    | {"rs", "go", "js", "ts", "java", "sh", "yaml", "yml", "toml", "ini", "cfg", "env"}
)
"""Endings of texts."""
_MAX_TEXTS: Final = 100
_MAX_TEXT_BYTES: Final = 1024 * 1024
_MAX_FIGURES: Final = 100
_MAX_FIGURE_BYTES: Final = 16 * 1024 * 1024
"""Figures of one paper whose fonts are looked at, and bytes of one."""


def gather(
    manuscript: Manuscript,
    keyring: Keyring,
    *,
    shown: Path,
    options: Options | None = None,
    records: tuple[RecordFile, ...] = (),
    cited: tuple[RecordFile, ...] = (),
    store: bool = True,
    log: Path | None = None,
    pdf: Path | None = None,
    chosen: Paper | None = None,
) -> Submission:
    """Gathers what there is of a paper.

    Args:
        manuscript: the paper's sources.
        keyring: the keys to trust.
        shown: the paper's folder as the user named it.
        options: what the user asks for.
        records: what was given, as of `read_records`.
        cited: records of papers that the paper cites, as of `read_cited_records`.
        store: whether to look into the store of records.
        log: the log to read in place of the one beside the main file, as after a build elsewhere.
        pdf: the PDF to check in place of the one beside the main file.
        chosen: how the paper was told from other documents.
    """
    package, inside = read_package(manuscript.root, keyring)
    found = [*records, *([inside] if inside is not None else []), *records_beside(manuscript, keyring)]
    kept, newest = records_of_store(manuscript, found, keyring) if store else ([], None)
    found += kept
    proven = [item.record for item in found if item.record is not None]
    refers = paper_map(manuscript)
    contents = _figure_contents(refers)
    outcome = read_outcome(manuscript, keyring, proven, refers, log=log, pdf=pdf)
    readme = _readme(manuscript.root)
    bibliography = read_bibliography(manuscript, refers)
    now = datetime.now(UTC)
    gathered = Submission(
        manuscript=manuscript,
        shown=shown,
        options=options or Options(),
        package=package,
        records=tuple(found),
        outcome=outcome,
        ignored=() if package is None else ignoring_lines(manuscript.root, "pith.sty"),
        elsewhere=None if package is not None else elsewhere(manuscript.root),
        newest=newest,
        chosen=chosen,
        map=_with_authors(refers, contents),
        figure_contents=contents,
        anonymity=anonymity_of(manuscript, _current_pdf(manuscript, outcome, pdf)),
        known_to_tex=found_by_tex(refers),
        other_texts=tuple(_other_texts(refers)),
        readme=readme,
        engine=(options or Options()).engine or engine_at_arxiv(manuscript, refers, readme),
        bibliography=bibliography,
        citations=citations_of(bibliography, (*cited, *found), keyring, store=store, now=now),
        cited_records=cited,
    )
    if gathered.record is None:
        return gathered
    standing = standing_by(gathered.record, found, keyring, store=store, now=now)
    return replace(gathered, standing=standing)


def _current_pdf(manuscript: Manuscript, outcome: Outcome, built: Path | None) -> Path | None:
    """Returns what was compiled from just these sources; None if nothing was."""
    if outcome.pdf is None or outcome.newer:
        return None
    return manuscript.main.path.with_suffix(".pdf") if built is None else built


def _figure_contents(refers: PaperMap) -> dict[str, Contents]:
    names = [figure.name for figure in refers.figures.values() if figure.is_kind == "pdf"][:_MAX_FIGURES]
    names = [name for name in names if refers.listing.files.get(name, 0) < _MAX_FIGURE_BYTES]
    if not names:
        return {}
    from pithtex.pdf.contents import contents_of

    return {name: contents_of(refers.listing.root / name) for name in names}


def _with_authors(refers: PaperMap, contents: Mapping[str, Contents]) -> PaperMap:
    """Returns the map, with the authors whom figures name in what they keep compressed."""
    figures = dict(refers.figures)
    for name, inside in contents.items():
        told = author_told(inside.author)
        if told and not any(word.startswith("the author") for word in figures[name].metadata):
            figures[name] = replace(figures[name], metadata=(*told, *figures[name].metadata))
    return replace(refers, figures=figures)


def _other_texts(refers: PaperMap) -> Iterator[TexFile]:
    """Yields the texts that go up beside the sources, up to a size and a number."""
    named = [item.file for item in refers.of(Kind.DATA) if item.file is not None]
    named += [item.file for item in refers.of(Kind.DATABASE) if item.file is not None and refers.bbl is None]
    named += [name for name in refers.listing.files if name.startswith("anc/")]
    texts = [name for name in dict.fromkeys(named) if name.rpartition(".")[2].lower() in _TEXTS]
    for name in texts[:_MAX_TEXTS]:
        path = refers.listing.root / name
        data = read_at_most(path, _MAX_TEXT_BYTES, cut=True)
        if data is not None:
            yield _as_text(path, name, data)


def _as_text(path: Path, name: str, data: bytes) -> TexFile:
    """Returns a text that is not TeX, with the place of the first byte that is not UTF-8."""
    if data[:2] in WIDE:
        return TexFile(path=path, name=name, text=data.decode("utf-16", "replace"), encoding="utf-16")
    try:
        return TexFile(path=path, name=name, text=data.decode("utf-8"))
    except UnicodeDecodeError as error:
        bad = len(data[: error.start].decode("utf-8"))
        return TexFile(path=path, name=name, text=data.decode("iso8859-1"), encoding="iso8859-1", bad_byte=bad)


def _readme(root: Path) -> Readme:
    """Returns what `00README.json` says; of one that is malformed, which is an error of its own, nothing."""
    try:
        return read_readme(root)
    except (PithError, OSError):
        return Readme()
