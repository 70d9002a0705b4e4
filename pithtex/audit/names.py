"""What a name says of an input: an address, an archive, a PDF."""

from __future__ import annotations

from typing import Final, Protocol

_ZIP: Final = ".zip"
ARCHIVES: Final = (
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst", _ZIP,
)  # fmt: skip


class Source(Protocol):
    """What is read from."""

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, or fewer at the end."""


def is_remote(name: str) -> bool:
    """Whether it is an address: `s3://...`, and not a path."""
    scheme, found, _ = name.partition("://")
    return bool(found) and scheme.replace("+", "").isalnum() and not scheme.isdigit()


def is_archive(name: str) -> bool:
    """Whether a file of that name is an archive."""
    return name.lower().endswith(ARCHIVES)


def is_zip(name: str) -> bool:
    """Whether an archive of that name is a zip file and no tar."""
    return name.lower().endswith(_ZIP)


def is_pdf(name: str) -> bool:
    """Whether a file of that name is taken for a PDF."""
    return name.lower().endswith(".pdf")
