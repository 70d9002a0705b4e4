"""What the last run of TeX left: its log, its PDF, and which sources were changed since."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.errors import PithError
from pithtex.format.keys import Keyring
from pithtex.limits import MAX_LOG_BYTES, MAX_PAPER_FILE_BYTES, MAX_SOURCE_BYTES
from pithtex.manuscript.references.reference import PaperMap
from pithtex.manuscript.source.model import Manuscript
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.folder import read_at_most
from pithtex.review.submission.model import Outcome

if TYPE_CHECKING:
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.review.submission.bib_log import BibWarning
    from pithtex.review.submission.log import TexLog
    from pithtex.verification.record import VerifiedRecord

_KEPT: Final = re.compile(r'^\s*"([^"\n]{1,1000})" [0-9.]+ [0-9]+ ([0-9a-f]{32}) "', re.MULTILINE)
"""A file that a run of latexmk read, with its MD5 digest (latexmk.pl: "fdb_latexmk")."""


def read_outcome(
    manuscript: Manuscript,
    keyring: Keyring,
    proven: list[VerifiedRecord],
    refers: PaperMap,
    *,
    log: Path | None,
    pdf: Path | None,
) -> Outcome:
    """Reads the logs and checks the PDF.

    Args:
        manuscript: the paper's sources.
        keyring: the keys to trust.
        proven: the records that verify, of whichever paper.
        refers: all that the paper refers to.
        log: the log to read in place of the one beside the main file.
        pdf: the PDF to check in place of the one beside the main file.
    """
    stem = manuscript.main.path.stem
    log_path = manuscript.root / f"{stem}.log" if log is None else log
    pdf_path = manuscript.root / f"{stem}.pdf" if pdf is None else pdf
    read, bibliography = _log_of(log_path), _bibliography(manuscript, log_path, refers)
    verdict = _verdict(manuscript, keyring, proven, pdf_path) if pdf_path.is_file() else None
    if verdict is None:
        return Outcome(log=read, bibliography=bibliography)
    from pithtex.pdf.contents import contents_of

    return Outcome(
        log=read,
        pdf=pdf_path.name,
        verdict=verdict,
        newer=_newer(manuscript, pdf_path) if pdf is None else (),
        contents=contents_of(pdf_path),
        bibliography=bibliography,
        same_files=read is not None and read.finished and _same_files(manuscript, stem, refers),
    )


def _log_of(path: Path) -> TexLog | None:
    from pithtex.review.submission.log import read_log

    data = read_at_most(path, MAX_LOG_BYTES, cut=True)
    return None if data is None else read_log(data.decode("utf-8", "backslashreplace"), path.name)


def _bibliography(manuscript: Manuscript, log: Path, refers: PaperMap) -> tuple[BibWarning, ...]:
    """Returns what BibTeX or Biber warned of, beside the log of TeX."""
    data = read_at_most(log.with_suffix(".blg"), MAX_LOG_BYTES, cut=True)
    if data is None:
        return ()
    from pithtex.review.submission.bib_log import read_bib_log

    names = {item.file for item in refers.of(Kind.DATABASE) if item.file is not None}
    found = {name: read_at_most(manuscript.root / name, MAX_SOURCE_BYTES) for name in sorted(names)}
    databases = {name: text.decode("utf-8", "replace") for name, text in found.items() if text is not None}
    return read_bib_log(data.decode("utf-8", "replace"), log.with_suffix(".blg").name, databases)


def _verdict(manuscript: Manuscript, keyring: Keyring, proven: list[VerifiedRecord], pdf: Path) -> Verdict | None:
    """Returns what the PDF says of itself; None if it cannot be checked."""
    from pithtex.pdf.check import check_pdf

    use = manuscript.number
    suffix = None if use is None else use.argument.strip()
    record = next((item for item in proven if item.number.suffix == suffix), None)
    try:
        return check_pdf(pdf, record=record, keyring=keyring, now=datetime.now(UTC))
    except (PithError, OSError):
        return None


def _same_files(manuscript: Manuscript, stem: str, refers: PaperMap) -> bool:
    """Tells whether latexmk's last run read exactly these files, by the digests that it keeps (`.fdb_latexmk`)."""
    data = read_at_most(manuscript.root / f"{stem}.fdb_latexmk", MAX_LOG_BYTES)
    if data is None:
        return False
    kept = {name.removeprefix("./"): digest for name, digest in _KEPT.findall(data.decode("utf-8", "replace"))}
    names = {file.name for file in manuscript.files} | refers.sources
    names -= {name for name in names if name.endswith(".bib") and refers.bbl is not None}
    return bool(names) and all(kept.get(name) == _md5(manuscript.root / name) for name in names)


def _md5(path: Path) -> str | None:
    data = read_at_most(path, MAX_PAPER_FILE_BYTES)
    return None if data is None else hashlib.md5(data, usedforsecurity=False).hexdigest()


def _newer(manuscript: Manuscript, pdf: Path) -> tuple[str, ...]:
    """Returns the sources that were changed after the PDF, by the clock of the file system."""
    made = pdf.stat().st_mtime
    paths = [(file.name, file.path) for file in manuscript.files]
    if (manuscript.root / "pith.sty").is_file():
        paths.append(("pith.sty", manuscript.root / "pith.sty"))
    # A second is what the coarsest file systems and archives keep.
    return tuple(name for name, path in paths if path.stat().st_mtime > made + 1)
