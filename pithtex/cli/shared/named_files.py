"""Files that are named where a command takes something else: an identifier, or a paper's sources."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from pithtex.errors import UsageError


def instead_of_a_name(text: str) -> UsageError | None:
    """Returns the error for a file or folder given instead of a paper's name; None if there is no such file.

    Args:
        text: what was given, and is not an identifier.
    """
    from pithtex.limits import MAX_DOCUMENT_BYTES
    from pithtex.system.files import open_file
    from pithtex.system.kinds import kind_of, wrong_kind

    wanted = "the name of a paper, such as 2606.01751"
    if os.path.isdir(text):
        hint = f"give the arXiv id, DOI or Pith Number; to check the paper in it: pithtex presubmit {shlex.quote(text)}"
        return UsageError(f"this is a folder, not {wanted}", where=text, hint=hint, rule="wrong-kind")
    if not os.path.isfile(text):
        return None
    try:
        with open_file(text) as stream:
            data = stream.read(MAX_DOCUMENT_BYTES)
    except OSError:
        return None
    return wrong_kind(kind_of(data), text, wanted)


def refuse_other_than_sources(paper: str) -> None:
    """Refuses a file that certainly is not TeX source, where a paper's main file or folder is wanted.

    Raises:
        UsageError: it is of another kind.
        OSError: it cannot be read.
    """
    from pithtex.limits import MAX_DOCUMENT_BYTES
    from pithtex.system.files import open_file
    from pithtex.system.kinds import Kind, refuse_other_kinds

    if Path(paper).is_file():
        with open_file(paper) as stream:
            data = stream.read(MAX_DOCUMENT_BYTES)
        refuse_other_kinds(data, paper, "a paper's main file or folder", {Kind.TEX, Kind.TEXT})
