"""The names of the PDF profile, version 1 (docs/reference/pdf-profile.md): `pith.sty` writes, the inspector reads."""

from __future__ import annotations

from typing import Final

XMP_NAMESPACE: Final = "https://pith.science/ns/pith-number/1.0/"
INFO_NUMBER: Final = "/PithNumber"
INFO_RECEIPT: Final = "/PithReceipt"
BADGE_NAME: Final = "pith-badge-1"
"""`/NM` of the badge's link annotation."""
HARMLESS_ENTRIES: Final = frozenset({"/BS", "/Border", "/C", "/Contents", "/H", "/M", "/P", "/StructParent", "/Type"})
"""Entries that neither say what a link is nor what it does; pdfTeX writes some twice where packages ask for it."""
SHORT_PREFIX: Final = "pith:"
"""What a short form begins with, and a full number."""
REGISTRY_HOSTS: Final = frozenset({"pith.science", "www.pith.science"})
ARXIV_LOOKUP: Final = "https://pith.science/api/pith-number/resolve?arxiv={arxiv}&json=true"
"""Where the registry says which record is of a paper on arXiv: an identifier, with or without version."""
LINK_PREFIX: Final = "https://pith.science/pith/"
"""What a badge links to: this, the suffix, and `#r=` with the compact receipt."""
