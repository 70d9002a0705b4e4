"""Types of what checks a PDF, for type checkers: a check does not load them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, TypedDict, Unpack

from pithtex.format.bundle import Bundle
from pithtex.format.keys import Keyring
from pithtex.format.record import Record
from pithtex.pdf.binding.expectation import Expectation
from pithtex.pdf.judgement.verdict import Verdict
from pithtex.verification.bundle import VerifiedBundle
from pithtex.verification.record import VerifiedRecord


class CheckOptions(TypedDict, total=False):
    """What may be given with a PDF: the arguments of `check_pdf` behind the path, which says what they mean."""

    record: Record | VerifiedRecord | Bundle | VerifiedBundle | None
    keyring: Keyring | Callable[[], Keyring] | None
    expect: str | Expectation | None
    password: str
    mirrors: Iterable[str]
    abstract: str | None
    require_abstract: bool
    now: datetime | None


class PdfCheck(Protocol):
    """What checks one PDF: `check_pdf`, or a `worker.Worker` that does so elsewhere."""

    def __call__(self, path: bytes | str | os.PathLike[str], **options: Unpack[CheckOptions]) -> Verdict:
        """Checks what a PDF says of itself."""
