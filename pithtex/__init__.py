"""pithtex: verify Pith Number records, generate pith.sty, check what a PDF says of itself.

The names below are the public interface; everything else may change. Loaders and verifiers raise `PithError`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pithtex.errors import PithError
    from pithtex.format.bundle import Bundle, load_bundle
    from pithtex.format.canonical import abstract_digest, canonical_bytes, digest, title_digest
    from pithtex.format.keys import Key, Keyring, default_keyring
    from pithtex.format.number import PithNumber
    from pithtex.format.record import Record, load_record
    from pithtex.format.state import State
    from pithtex.pdf.check import check_pdf
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.verification.bundle import VerifiedBundle, verify_bundle
    from pithtex.verification.merge import merge
    from pithtex.verification.record import VerifiedRecord, verify_record

__version__ = "0.1.0"

__all__ = [
    "Bundle",
    "Key",
    "Keyring",
    "PithError",
    "PithNumber",
    "Record",
    "State",
    "Verdict",
    "VerifiedBundle",
    "VerifiedRecord",
    "abstract_digest",
    "canonical_bytes",
    "check_pdf",
    "default_keyring",
    "digest",
    "load_bundle",
    "load_record",
    "merge",
    "title_digest",
    "verify_bundle",
    "verify_record",
]

_MODULES = {
    "format.canonical": ("abstract_digest", "canonical_bytes", "digest", "title_digest"),
    "errors": ("PithError",),
    "format.bundle": ("Bundle", "load_bundle"),
    "format.keys": ("Key", "Keyring", "default_keyring"),
    "verification.merge": ("merge",),
    "format.number": ("PithNumber",),
    "pdf.check": ("check_pdf",),
    "pdf.judgement.verdict": ("Verdict",),
    "format.record": ("Record", "load_record"),
    "format.state": ("State",),
    "verification.record": ("VerifiedRecord", "verify_record"),
    "verification.bundle": ("VerifiedBundle", "verify_bundle"),
}
"""Where each name lives. Loaded when first asked for: a command needs some of it, and start-up is a feature."""


def __getattr__(name: str) -> object:
    for module, names in _MODULES.items():
        if name in names:
            # Kept, since looking it up each time costs as much as some of the checks of a record.
            globals()[name] = getattr(importlib.import_module(f"pithtex.{module}"), name)
            return globals()[name]
    raise AttributeError(f"module 'pithtex' has no attribute {name!r}")
