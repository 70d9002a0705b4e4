"""One PDF to one verdict. Most carry nothing, and are told at a glance, before any parser of PDFs is loaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pithtex.pdf.glance import glance
from pithtex.system.files import read_pdf

if TYPE_CHECKING:
    from datetime import datetime

    from pithtex.format.bundle import Bundle
    from pithtex.format.keys import Keyring
    from pithtex.format.record import Record
    from pithtex.pdf.binding.expectation import Expectation
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.verification.bundle import VerifiedBundle
    from pithtex.verification.record import VerifiedRecord


def check_pdf(
    path: bytes | str | os.PathLike[str],
    record: Record | VerifiedRecord | Bundle | VerifiedBundle | None = None,
    keyring: Keyring | Callable[[], Keyring] | None = None,
    *,
    expect: str | Expectation | None = None,
    password: str = "",
    mirrors: Iterable[str] = (),
    abstract: str | None = None,
    require_abstract: bool = False,
    now: datetime | None = None,
) -> Verdict:
    """Checks what a PDF says of itself, offline.

    The standing of its paper is that which a bundle's events give; of a record alone it is unknown.

    Args:
        path: the PDF, or its bytes.
        record: a record or bundle of the paper, verified or not: it is verified here in any case.
        keyring: the keys to trust, or what gives them if they are needed; the pinned registry key by default.
        expect: the paper this should be: arXiv id, DOI or number.
        password: for an encrypted file.
        mirrors: host names, beside the registry's, that a badge may link to over https.
        abstract: the text of the record's abstract, where the PDF does not carry it; it counts if it hashes to the
            signed digest.
        require_abstract: whether a paper whose abstract is not shown to be the record's is `unbound`.
        now: the time, with a zone, that no event may be after; not looked at by default.

    Returns:
        The verdict: `unreadable` where the file cannot be opened.

    Raises:
        UsageError: `expect` names no paper, or one of the `mirrors` is not a host name.
        OSError: the path cannot be read.
    """
    expectation, hosts = _expected(expect, mirrors)
    data = path if isinstance(path, bytes) else read_pdf(path)
    seen = glance(data)
    if seen is not None and seen.verdict is not None:
        return seen.verdict
    from pithtex.pdf.whole_check import check_whole  # with it come the parsers

    return check_whole(
        data,
        record,
        keyring() if callable(keyring) else keyring,
        expect=expectation,
        password=password,
        hosts=hosts,
        abstract=abstract,
        require_abstract=require_abstract,
        now=now,
        named=None if seen is None else seen.named,
    )


def _expected(expect: str | Expectation | None, mirrors: Iterable[str]) -> tuple[Expectation | None, frozenset[str]]:
    """Returns what the caller says of the paper. Most say nothing, and are spared loading what reads it."""
    if expect is None and not mirrors:
        return None, frozenset()
    from pithtex.pdf.binding.expectation import Expectation, mirror_hosts

    return Expectation.parse(expect) if isinstance(expect, str) else expect, mirror_hosts(mirrors)
