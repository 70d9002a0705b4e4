"""The check as a plug-in of arXiv's preflight: its entry points for source trees and for PDFs.

The contract is that of arXiv/submission-tools, tex2pdf_tools/preflight/plugin_api.py (June 2026): a source check takes
the files of a document and gives issues; a PDF check is provided with its name and severity. A check that raises is
passed over there. Both give warnings alone: what arXiv refuses is arXiv's to say.
"""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pithtex.findings import Located

_MODELS: Final = "tex2pdf_tools.preflight.models"
_API: Final = "tex2pdf_tools.preflight.plugin_api"
PDF_CHECK: Final = "pithtex-number"
_RULES: Final = (
    "conflict-marks",
    "unfinished",
    "secret-in-source",
    "label-absent",
    "label-repeated",
    "number-malformed",
)
"""What the sources alone show; files are not handed over."""


def check_tree(tree_files: Sequence[tuple[str, bytes]]) -> list[Any]:
    """Issues of one document (entry point group `tex2pdf_tools.preflight.source_tree_checks`).

    Args:
        tree_files: names relative to the upload, and contents; the main file first.
    """
    issue = importlib.import_module(_MODELS).TeXFileIssue
    with tempfile.TemporaryDirectory(prefix="pithtex-arxiv-") as name:
        root = Path(name)
        _lay_out(root, tree_files)
        return [
            issue(key=f"pithtex_{item.finding.name}", info=_said(item), filename=_relative(item, root))
            for item in _found(root, tree_files[0][0])
        ]


def pdf_check() -> Any:
    """Returns the check of a PDF (entry point group `tex2pdf_tools.preflight.pdf_checks`)."""
    models, api = importlib.import_module(_MODELS), importlib.import_module(_API)
    return api.CheckSpec(name=PDF_CHECK, func=_check_pdf, severity=models.CheckSeverity.warning)


def _check_pdf(info: dict[str, Any], severity: Any) -> Any:
    from pithtex.pdf.check import check_pdf

    models = importlib.import_module(_MODELS)
    path = Path(str(info["pdf_path"]))
    verdict = check_pdf(path)
    wrong = verdict.word.value == "invalid"
    said = f"the PDF carries a Pith Number that is not valid; pithtex check {path.name} says why" if wrong else ""
    issues = [models.TeXFileIssue(key="pithtex_pdf-invalid", info=said, filename=path.name)] if wrong else []
    return models.CheckResult(check_passed=not wrong, info=said, long_info=said, severity=severity, issues=issues)


def _lay_out(root: Path, tree_files: Sequence[tuple[str, bytes]]) -> None:
    for name, data in tree_files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)


def _found(root: Path, main: str) -> Iterator[Located]:
    from pithtex.format.keys import default_keyring
    from pithtex.manuscript.source.read import read_from
    from pithtex.review.review import review
    from pithtex.review.submission.gather import gather

    submission = gather(read_from(root, main), default_keyring(), shown=root, store=False)
    yield from review(submission, select=_RULES).items


def _said(item: Located) -> str:
    line = "" if item.line is None else f"line {item.line}: "
    return f"{line}{item.finding.message}"


def _relative(item: Located, root: Path) -> str:
    path = Path(item.file)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else item.file
