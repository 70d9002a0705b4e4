"""Gathers what the rules see: pith.sty, records, log, PDF. The one place of this package that reads files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.errors import DataError, PithError, UndecidedError
from pithtex.format.keys import Keyring
from pithtex.limits import MAX_DOCUMENT_BYTES, MAX_LOG_BYTES, MAX_SOURCE_BYTES
from pithtex.manuscript.edit.two_lines import is_ours
from pithtex.manuscript.source.model import Manuscript
from pithtex.presubmit.submission.gitignore import ignoring_lines
from pithtex.presubmit.submission.model import Options, Outcome, PackageFile, RecordFile, Submission

if TYPE_CHECKING:
    from pithtex.format.record import Record
    from pithtex.verify.document import Document
    from pithtex.verify.record import VerifiedRecord

_MAX_DOCUMENTS: Final = 50
"""JSON files of the folder that are looked at; those that are no records are passed over."""
_BLOCK: Final = re.compile(
    r"^\\__pith_record:nnnn\s*\{\s*([^{}\s]{1,80})\s*\}\s*\{[^{}]{0,200}\}\s*\{([^{}]{0,20000})\}", re.MULTILINE
)
_VERSION: Final = re.compile(
    r"^% The record that this copy of pith\.sty carries, verified by pithtex (\S{1,40}):", re.M
)


def gather(
    manuscript: Manuscript,
    keyring: Keyring,
    *,
    shown: Path,
    options: Options | None = None,
    records: tuple[RecordFile, ...] = (),
    store: bool = True,
    log: Path | None = None,
    pdf: Path | None = None,
) -> Submission:
    """Gathers what is at hand of a paper.

    Args:
        manuscript: the paper's sources.
        keyring: the keys to trust.
        shown: the paper's folder as the user named it.
        options: what the user asks for.
        records: what was given, as of `read_records`.
        store: whether to look into the store of records.
        log: the log to read in place of the one beside the main file, as after a build elsewhere.
        pdf: the PDF to check in place of the one beside the main file.
    """
    package, inside = _package(manuscript.root, keyring)
    found = list(records)
    found += [inside] if inside is not None else []
    found += _beside(manuscript, keyring)
    newest: VerifiedRecord | None = None
    if store:
        kept, newest = _from_store(manuscript, found, keyring)
        found += kept
    proven = [item.record for item in found if item.record is not None]
    return Submission(
        manuscript=manuscript,
        shown=shown,
        options=options or Options(),
        package=package,
        records=tuple(found),
        outcome=_outcome(manuscript, keyring, proven, log, pdf),
        ignored=() if package is None else ignoring_lines(manuscript.root, "pith.sty"),
        elsewhere=None if package is not None else _elsewhere(manuscript.root),
        newest=newest,
    )


# --- pith.sty --------------------------------------------------------------------------------------------------------


def _package(root: Path, keyring: Keyring) -> tuple[PackageFile | None, RecordFile | None]:
    """The `pith.sty` beside the paper, and the record inside."""
    data = _bytes(root / "pith.sty", MAX_SOURCE_BYTES) if _inside(root / "pith.sty", root) else None
    if data is None:
        return None, None
    text = data.decode("latin-1")
    block = _BLOCK.search(text)
    version = _VERSION.search(text)
    record = None if block is None else _receipt_in(re.sub(r"\s", "", block[2]), block[1], keyring)
    expected = None
    if record is not None and record.record is not None:
        from pithtex.render.package.pith_sty import render_package

        expected = render_package(record.record)
    package = PackageFile(
        name="pith.sty",
        data=data,
        ours=is_ours(data),
        version=version[1] if version else None,
        number=block[1] if block else None,
        expected=expected,
    )
    return package, record


def _receipt_in(receipt: str, number: str, keyring: Keyring) -> RecordFile:
    from pithtex.format.compact_receipt import decode_receipt
    from pithtex.verify.record import verify_record

    try:
        record = decode_receipt(receipt)
    except DataError as error:
        return RecordFile(name="pith.sty", number=number, record=None, fault=error.finding)
    return _judged("pith.sty", record, lambda: verify_record(record, keyring))


def _elsewhere(root: Path) -> str | None:
    """Where a `pith.sty` is that TeX on this machine finds and arXiv does not.

    Behind a link that leads out of the paper's folder, or in the user's own tree of TeX files.
    """
    if (root / "pith.sty").is_file():
        return str((root / "pith.sty").resolve().parent)
    tree = Path(os.environ.get("TEXMFHOME") or Path.home() / "texmf")
    for place in ("tex/latex/pith", "tex/latex", "tex/latex/local"):
        if (tree / place / "pith.sty").is_file():
            return str(tree / place)
    return None


# --- records ---------------------------------------------------------------------------------------------------------


def read_records(paths: Iterable[str], keyring: Keyring) -> tuple[RecordFile, ...]:
    """The records and bundles of these files; `-` is standard input.

    Raises:
        OSError: one cannot be read.
        UsageError: as `read_document`.
    """
    return tuple(_given(path, keyring) for path in paths)


def _given(path: str, keyring: Keyring) -> RecordFile:
    from pithtex.system.files import read_document

    try:
        return _document(path, read_document(path), keyring)
    except DataError as error:
        return RecordFile(name=path, number=None, record=None, fault=error.finding)


def _beside(manuscript: Manuscript, keyring: Keyring) -> list[RecordFile]:
    """Records and bundles among the JSON files beside the main file."""
    from pithtex.verify.document import load_document

    found = []
    for path in sorted(manuscript.root.glob("*.json"))[:_MAX_DOCUMENTS]:
        data = _bytes(path, MAX_DOCUMENT_BYTES) if _inside(path, manuscript.root) else None
        if data is None or not (b'"pith_number_record"' in data or b'"pith_open_graph_bundle"' in data):
            continue
        try:
            found.append(_document(path.name, load_document(data), keyring))
        except DataError as error:
            found.append(RecordFile(name=path.name, number=None, record=None, fault=error.finding))
    return found


def _document(name: str, document: Document, keyring: Keyring) -> RecordFile:
    """A record or bundle, verified whole."""
    from pithtex.verify.document import verify_document

    return _judged(name, document.record, lambda: verify_document(document, keyring))


def _judged(name: str, record: Record, verify: Callable[[], VerifiedRecord]) -> RecordFile:
    number = record.canonical.number.full
    try:
        return RecordFile(name=name, number=number, record=verify())
    except UndecidedError as error:
        return RecordFile(name=name, number=number, record=None, fault=error.finding, undecided=True)
    except DataError as error:
        return RecordFile(name=name, number=number, record=None, fault=error.finding)


def _from_store(
    manuscript: Manuscript, found: list[RecordFile], keyring: Keyring
) -> tuple[list[RecordFile], VerifiedRecord | None]:
    """The store's record of the paper's number, and the newest that it has of the same paper."""
    from pithtex.errors import MalformedError
    from pithtex.format.identifiers import ArxivId
    from pithtex.format.number import PithNumber
    from pithtex.resolve.store.store import Store

    use = manuscript.number
    try:
        suffix = None if use is None else PithNumber(use.argument.strip()).suffix
    except MalformedError:
        return [], None
    known = next((item.record for item in found if item.record is not None), None)
    kept: list[RecordFile] = []
    store = Store()
    if known is None and suffix is not None:
        known, _ = store.get(suffix, keyring)
        kept = [] if known is None else [RecordFile(name="the store", number=known.number.full, record=known)]
    arxiv = None if known is None or known.arxiv_id is None else ArxivId.parse(known.arxiv_id)
    if known is None or arxiv is None or (suffix is not None and known.number.suffix != suffix):
        return kept, None
    for version, other in reversed(store.versions(arxiv)):
        newer, _ = store.get(other, keyring) if version > known.canonical.source_version else (None, ())
        if newer is not None and newer.arxiv_id == known.arxiv_id:
            return kept, newer
    return kept, None


# --- what compiling left ---------------------------------------------------------------------------------------------


def _outcome(
    manuscript: Manuscript, keyring: Keyring, proven: list[VerifiedRecord], log: Path | None, pdf: Path | None
) -> Outcome:
    from pithtex.presubmit.submission.log import read_log

    stem = manuscript.main.path.stem
    log_path = manuscript.root / f"{stem}.log" if log is None else log
    pdf_path = manuscript.root / f"{stem}.pdf" if pdf is None else pdf
    data = _bytes(log_path, MAX_LOG_BYTES, cut=True)
    read = None if data is None else read_log(data.decode("utf-8", "replace"), log_path.name)
    if not pdf_path.is_file():
        return Outcome(log=read)
    newer = _newer(manuscript, pdf_path) if pdf is None else ()
    from pithtex.pdf.check import check_pdf

    use = manuscript.number
    suffix = None if use is None else use.argument.strip()
    record = next((item for item in proven if item.number.suffix == suffix), None)
    try:
        verdict = check_pdf(pdf_path, record=record, keyring=keyring)
    except (PithError, OSError):
        return Outcome(log=read)
    return Outcome(log=read, pdf=pdf_path.name, verdict=verdict, newer=newer)


def _newer(manuscript: Manuscript, pdf: Path) -> tuple[str, ...]:
    """The sources that were changed after the PDF, by the clock of the file system."""
    made = pdf.stat().st_mtime
    paths = [(file.name, file.path) for file in manuscript.files]
    if (manuscript.root / "pith.sty").is_file():
        paths.append(("pith.sty", manuscript.root / "pith.sty"))
    # A second is what the coarsest file systems and archives keep.
    return tuple(name for name, path in paths if path.stat().st_mtime > made + 1)


def _inside(path: Path, root: Path) -> bool:
    """Whether the file itself lies in the paper's folder, where a link leads to it."""
    try:
        return path.resolve().is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _bytes(path: Path, limit: int, *, cut: bool = False) -> bytes | None:
    """The file's bytes; None where it is none, cannot be read, or is too large and may not be cut."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            data = stream.read(limit + 1)
    except (OSError, ValueError):
        return None
    if len(data) <= limit:
        return data
    return data[:limit] if cut else None


def shown_folder(paper: str) -> Path:
    """The folder of the paper as its path is shown: relative, where the user gave it so."""
    path = Path(paper)
    return path if path.is_dir() else Path(os.path.relpath(path.parent)) if not path.is_absolute() else path.parent
