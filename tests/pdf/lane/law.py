"""What the lane is held to."""

from __future__ import annotations

from pithtex.errors import UnreadablePdfError
from pithtex.pdf.channels.table import FROM_OBJECTS
from pithtex.pdf.read import read_evidence


def states_nothing(data: bytes) -> bool:
    """Whether the reader of link, XMP and Info opens the file, and finds nothing of Pith in any revision."""
    try:
        evidence = read_evidence(data, text=False)
    except UnreadablePdfError:
        return False
    revisions = [evidence.stated, *(revision.stated for revision in evidence.revisions)]
    return not any(stated.link or any(any(kind.says(stated)) for kind in FROM_OBJECTS) for stated in revisions)
