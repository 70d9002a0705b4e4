"""What a `pith.sty` looks like to whoever reads it: whether pithtex made it, which version, and the record inside.

What is found here is claimed by the file, and proven by nothing.
"""

from __future__ import annotations

import re
from typing import Final

from pithtex.structs import struct

_OURS: Final = re.compile(rb"^\\ProvidesExplPackage *\{pith\}", re.M)
_RECORD: Final = re.compile(
    r"^\\__pith_record:nnnn\s*\{\s*([^{}\s]{1,80})\s*\}\s*\{[^{}]{0,200}\}\s*\{([^{}]{0,20000})\}", re.MULTILINE
)
_ABSTRACT: Final = re.compile(r"^\\__pith_abstract:n\s*\{([^{}]{0,100000})\}", re.MULTILINE)
_STANDING: Final = re.compile(
    r"^\\__pith_standing:nn\s*\{\s*([a-z-]{1,60})\s*\}\s*\{\s*([a-z0-9-]{1,20})\s*\}", re.MULTILINE
)
_MADE_BY: Final = re.compile(
    r"^% The record that this copy of pith\.sty carries, verified by pithtex (\S{1,40}):", re.MULTILINE
)


@struct
class ReadBack:
    """What the file says of itself."""

    ours: bool
    """Whether pithtex made it, of whichever record and version."""
    version: str | None
    """Of the pithtex that put the record in."""
    number: str | None
    """The full number of the record inside; None if it carries none."""
    receipt: str | None
    """The record's compact receipt, without the ends of lines in it."""
    abstract: str | None
    """The record's abstract, as `format.abstract` has it."""
    said: tuple[str, str] | None
    """What the badge says against the paper, and as of which day."""


def is_ours(package: bytes) -> bool:
    """Tells whether a `pith.sty` is one that pithtex made, of whichever record and version."""
    return _OURS.search(package) is not None and b"the pithtex project" in package


def read_back(package: bytes) -> ReadBack:
    """Reads a `pith.sty`, as `render_package` writes it."""
    text = package.decode("latin-1")
    record, version, abstract = _RECORD.search(text), _MADE_BY.search(text), _ABSTRACT.search(text)
    said = _STANDING.search(text)
    return ReadBack(
        ours=is_ours(package),
        version=None if version is None else version[1],
        number=None if record is None else record[1],
        receipt=None if record is None else re.sub(r"\s", "", record[2]),
        abstract=None if abstract is None else re.sub(r"\s", "", abstract[1]),
        said=None if said is None else (said[1], said[2]),
    )
