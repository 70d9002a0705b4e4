"""pithtex: verify Pith Number records, generate pith.sty, check what a PDF says of itself.

The names below are the public interface; everything else may change. docs/reference/python.md shows them at work.
Whatever is raised on purpose is a `PithError`. Importing this loads none of them: each comes when first asked for.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as type checkers know it, without loading the module of that name
if TYPE_CHECKING:
    from pithtex.api.badges import badge, decode, generate
    from pithtex.api.documents import VerifiedReport, examine, load, standing, verify
    from pithtex.api.keyring import Keyring, default_keyring
    from pithtex.api.papers import check_pdf, presubmit, resolve
    from pithtex.decoding.decode import Decoded
    from pithtex.errors import (
        DataError,
        MalformedError,
        OutputError,
        PithError,
        UnavailableError,
        UndecidedError,
        UsageError,
        VerificationError,
    )
    from pithtex.findings import Finding
    from pithtex.format.bundle import Bundle, load_bundle
    from pithtex.format.canonical import abstract_digest, canonical_bytes, digest, title_digest
    from pithtex.format.integrity_report import IntegrityReport
    from pithtex.format.keys import Key
    from pithtex.format.number import PithNumber
    from pithtex.format.record import Record, load_record
    from pithtex.format.state import State
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.render.products import Package, Rendered
    from pithtex.resolution.resolved import Resolved
    from pithtex.review.review import Review
    from pithtex.verification.bundle import VerifiedBundle, verify_bundle
    from pithtex.verification.examined import Examined
    from pithtex.verification.merge import merge
    from pithtex.verification.record import VerifiedRecord, verify_record
    from pithtex.verification.standing import Standing

__version__ = "0.1.0"

__all__ = [
    "Bundle",
    "DataError",
    "Decoded",
    "Examined",
    "Finding",
    "IntegrityReport",
    "Key",
    "Keyring",
    "MalformedError",
    "OutputError",
    "Package",
    "PithError",
    "PithNumber",
    "Record",
    "Rendered",
    "Resolved",
    "Review",
    "Standing",
    "State",
    "UnavailableError",
    "UndecidedError",
    "UsageError",
    "Verdict",
    "VerificationError",
    "VerifiedBundle",
    "VerifiedRecord",
    "VerifiedReport",
    "abstract_digest",
    "badge",
    "canonical_bytes",
    "check_pdf",
    "decode",
    "default_keyring",
    "digest",
    "examine",
    "generate",
    "load",
    "load_bundle",
    "load_record",
    "merge",
    "presubmit",
    "resolve",
    "standing",
    "title_digest",
    "verify",
    "verify_bundle",
    "verify_record",
]

_MODULES = {
    "api.badges": ("badge", "decode", "generate"),
    "api.documents": ("VerifiedReport", "examine", "load", "standing", "verify"),
    "api.keyring": ("Keyring", "default_keyring"),
    "api.papers": ("check_pdf", "presubmit", "resolve"),
    "decoding.decode": ("Decoded",),
    "errors": (
        "DataError",
        "MalformedError",
        "OutputError",
        "PithError",
        "UnavailableError",
        "UndecidedError",
        "UsageError",
        "VerificationError",
    ),
    "findings": ("Finding",),
    "format.bundle": ("Bundle", "load_bundle"),
    "format.canonical": ("abstract_digest", "canonical_bytes", "digest", "title_digest"),
    "format.integrity_report": ("IntegrityReport",),
    "format.keys": ("Key",),
    "format.number": ("PithNumber",),
    "format.record": ("Record", "load_record"),
    "format.state": ("State",),
    "pdf.judgement.verdict": ("Verdict",),
    "render.products": ("Package", "Rendered"),
    "resolution.resolved": ("Resolved",),
    "review.review": ("Review",),
    "verification.bundle": ("VerifiedBundle", "verify_bundle"),
    "verification.examined": ("Examined",),
    "verification.merge": ("merge",),
    "verification.record": ("VerifiedRecord", "verify_record"),
    "verification.standing": ("Standing",),
}
"""Where each name lives. Loaded when first asked for: a command needs some of it, and start-up is a feature."""


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> object:
    import importlib

    for module, names in _MODULES.items():
        if name in names:
            # Kept, since looking it up each time costs as much as some of the checks of a record.
            globals()[name] = getattr(importlib.import_module(f"pithtex.{module}"), name)
            return globals()[name]
    raise AttributeError(f"module 'pithtex' has no attribute {name!r}")
