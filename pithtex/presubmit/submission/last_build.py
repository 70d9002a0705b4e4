"""What the last run of TeX left: its log, its PDF, and which sources were changed since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pithtex.errors import PithError
from pithtex.format.keys import Keyring
from pithtex.limits import MAX_LOG_BYTES
from pithtex.manuscript.source.model import Manuscript
from pithtex.presubmit.submission.folder import read_at_most
from pithtex.presubmit.submission.model import Outcome

if TYPE_CHECKING:
    from pithtex.verify.record import VerifiedRecord


def read_outcome(
    manuscript: Manuscript, keyring: Keyring, proven: list[VerifiedRecord], log: Path | None, pdf: Path | None
) -> Outcome:
    """Reads the log and checks the PDF.

    Args:
        manuscript: the paper's sources.
        keyring: the keys to trust.
        proven: the records that verify, of whichever paper.
        log: the log to read in place of the one beside the main file.
        pdf: the PDF to check in place of the one beside the main file.
    """
    from pithtex.presubmit.submission.log import read_log

    stem = manuscript.main.path.stem
    log_path = manuscript.root / f"{stem}.log" if log is None else log
    pdf_path = manuscript.root / f"{stem}.pdf" if pdf is None else pdf
    data = read_at_most(log_path, MAX_LOG_BYTES, cut=True)
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
