"""The `pith.sty` beside a paper, and the record inside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from pithtex.errors import DataError, MalformedError
from pithtex.format.abstract import ProvenAbstract, decode_abstract
from pithtex.format.keys import Keyring
from pithtex.format.record import CanonicalRecord
from pithtex.limits import MAX_SOURCE_BYTES
from pithtex.manuscript.references.reference import PaperMap, Standing
from pithtex.manuscript.source.referring import Kind
from pithtex.render.package.read_back import read_back
from pithtex.review.submission.folder import is_inside, read_at_most
from pithtex.review.submission.model import PackageFile, RecordFile
from pithtex.review.submission.records import verified_file


def read_package(root: Path, keyring: Keyring) -> tuple[PackageFile | None, RecordFile | None]:
    """Returns the `pith.sty` beside the paper, and the record inside."""
    data = read_at_most(root / "pith.sty", MAX_SOURCE_BYTES) if is_inside(root / "pith.sty", root) else None
    if data is None:
        return None, None
    found = read_back(data)
    record = None
    if found.number is not None and found.receipt is not None:
        record = _receipt_in(found.receipt, found.number, keyring)
    expected = abstract = None
    if record is not None and record.record is not None:
        from pithtex.render.package.pith_sty import render_package

        abstract = _abstract_in(found.abstract, record.record.canonical)
        expected = render_package(record.record, abstract, found.said)
    package = PackageFile(
        name="pith.sty",
        data=data,
        ours=found.ours,
        version=found.version,
        number=found.number,
        expected=expected,
        abstract=abstract,
    )
    return package, record


def _receipt_in(receipt: str, number: str, keyring: Keyring) -> RecordFile:
    from pithtex.format.compact_receipt import decode_receipt
    from pithtex.verification.record import verify_record

    try:
        record = decode_receipt(receipt)
    except DataError as error:
        return RecordFile(name="pith.sty", number=number, record=None, fault=error.finding)
    return verified_file("pith.sty", record, lambda: verify_record(record, keyring))


def _abstract_in(carried: str | None, canonical: CanonicalRecord) -> ProvenAbstract | None:
    """Returns what the file carries, if it is the record's: a file with another text is not as pithtex writes it."""
    try:
        return None if carried is None else decode_abstract(carried, canonical)
    except MalformedError:
        return None


def elsewhere(root: Path) -> str | None:
    """Returns where a `pith.sty` is that TeX on this machine finds and arXiv does not.

    Behind a link that leads out of the paper's folder, or in the user's own tree of TeX files.
    """
    if (root / "pith.sty").is_file():
        return str((root / "pith.sty").resolve().parent)
    tree = Path(os.environ.get("TEXMFHOME") or Path.home() / "texmf")
    for place in ("tex/latex/pith", "tex/latex", "tex/latex/local"):
        if (tree / place / "pith.sty").is_file():
            return str(tree / place)
    return None


_ENDINGS: Final = {Kind.CLASS: ".cls", Kind.PACKAGE: ".sty", Kind.STYLE: ".bst", Kind.LIBRARY: ""}


def found_by_tex(refers: PaperMap) -> frozenset[str]:
    """Those of the absent classes, packages and styles that the TeX distribution of this machine has."""
    wanted = {
        f"{item.name}{_ENDINGS[item.kind]}": item.name
        for item in refers.of(*_ENDINGS)
        if item.standing is Standing.ABSENT
    }
    if not wanted:
        return frozenset()
    from pithtex.manuscript.build.problems import in_distribution

    return frozenset(wanted[name] for name in in_distribution(wanted))
