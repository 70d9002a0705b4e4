"""PITH641 to PITH647: the files themselves, as reading them found them."""

from __future__ import annotations

import re
from typing import Final

from pithtex.findings import Severity
from pithtex.presubmit.submission.model import Findings, Submission, with_severity

_SAFE: Final = re.compile(r"[A-Za-z0-9_+.,=/-]+")
"""Characters that arXiv takes in names (arXiv help: Considerations for TeX submissions, file names)."""


def reading(submission: Submission) -> Findings:
    """PITH641 to PITH646: what the reader met, already with its rule."""
    for problem in submission.manuscript.problems:
        if problem.file is not None:
            item = submission.at_offset(problem.file, problem.start, problem.rule, problem.message, problem.hint)
            yield with_severity(item, Severity.ERROR) if problem.certain else item
        else:
            yield submission.of(problem.name, problem.rule, problem.message, problem.hint)


def file_name(submission: Submission) -> Findings:
    """PITH647."""
    for file in submission.manuscript.files:
        if not _SAFE.fullmatch(file.name):
            odd = sorted(set(re.sub(_SAFE, "", file.name)))
            message = f"arXiv takes letters, digits and _ + - . , = in names, and this has {' '.join(map(repr, odd))}"
            yield submission.of(file.name, "file-name", message, "rename it, and what reads it in")


RULES: Final = (reading, file_name)
