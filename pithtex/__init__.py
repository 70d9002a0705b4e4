"""pithtex: verify Pith Number records, generate pith.sty, check what a PDF says of itself.

The names below are the public interface; everything else may change. Loaders and verifiers raise `PithError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pithtex.canonical import abstract_digest, canonical_bytes, digest, title_digest
from pithtex.errors import PithError
from pithtex.graph import Bundle, load_bundle
from pithtex.keys import Key, Keyring, default_keyring
from pithtex.merge import merge
from pithtex.number import PithNumber
from pithtex.record import Record, load_record
from pithtex.state import State
from pithtex.verify import VerifiedBundle, VerifiedRecord, verify_bundle, verify_record

if TYPE_CHECKING:
    from pithtex.pdf.check import check_pdf
    from pithtex.pdf.verdict import Verdict

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


def __getattr__(name: str) -> object:
    # The PDF ring loads pikepdf; who only verifies records need not wait for it.
    if name == "check_pdf":
        from pithtex.pdf.check import check_pdf

        return check_pdf
    if name == "Verdict":
        from pithtex.pdf.verdict import Verdict

        return Verdict
    raise AttributeError(f"module 'pithtex' has no attribute {name!r}")
