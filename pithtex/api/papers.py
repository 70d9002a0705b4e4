"""Checks PDFs, reviews sources before the upload, and looks up records by name."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pithtex.api.arguments import PathLike, expect, expect_time, reading, texts, trusted
from pithtex.errors import UsageError
from pithtex.format.bundle import Bundle
from pithtex.format.keys import Keyring
from pithtex.format.record import Record
from pithtex.limits import MAX_TIMEOUT_SECONDS
from pithtex.verification.bundle import VerifiedBundle
from pithtex.verification.record import VerifiedRecord

if TYPE_CHECKING:
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.resolution.resolved import Resolved
    from pithtex.review.review import Review

_A_RECORD = (Record, Bundle, VerifiedRecord, VerifiedBundle)


def check_pdf(
    path: bytes | PathLike,
    record: Record | VerifiedRecord | Bundle | VerifiedBundle | None = None,
    keyring: Keyring | None = None,
    *,
    expect: str | None = None,
    password: str = "",
    mirrors: Iterable[str] = (),
    abstract: str | None = None,
    require_abstract: bool = False,
    now: datetime | None = None,
) -> Verdict:
    """Checks offline what a PDF claims about itself.

    The standing of its paper is that which a bundle's events give; of a record alone it is unknown.

    Args:
        path: the PDF, or its bytes.
        record: a record or bundle of the paper, verified or not: it is verified here in any case.
        keyring: the keys to trust; the pinned registry key by default.
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
        UsageError: the file is not there, `expect` names no paper, one of `mirrors` is not a host name, or an argument
            is of another type.
    """
    from pithtex.pdf.check import check_pdf as check

    _check_pdf_types(path, record, expect, password, abstract)
    expect_time(now)
    with reading(path if isinstance(path, str | os.PathLike) else "path"):
        return check(
            path,
            record,
            trusted(keyring),
            expect=expect,
            password=password,
            mirrors=texts(mirrors, "mirrors"),
            abstract=abstract,
            require_abstract=bool(require_abstract),
            now=now,
        )


def presubmit(
    paper: PathLike = ".",
    keyring: Keyring | None = None,
    *,
    records: Iterable[PathLike] = (),
    cited: Iterable[PathLike] = (),
    expect: str | None = None,
    require: bool = False,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Review:
    """Reviews a paper's sources before the upload. It changes nothing, compiles nothing and opens no socket.

    The paper's configuration (docs/reference/presubmit.md, "Configuration") holds where an argument says nothing else.

    Args:
        paper: its folder or main file.
        keyring: the keys to trust; the pinned registry key by default.
        records: files with records or bundles of the paper, beside those in its folder.
        cited: files and folders with records or bundles of papers that it cites, beside those in the store.
        expect: the paper this must be: arXiv id, DOI or number.
        require: whether a paper without a number is an error.
        select: only these findings: codes, beginnings of codes, or names.
        ignore: all but these.

    Raises:
        UsageError: no main file, a file that is not there, no such code, or an argument of another type.
    """
    from pithtex.review.config import find_config
    from pithtex.review.review import review
    from pithtex.review.submission.citations import read_cited_records
    from pithtex.review.submission.opened import opened
    from pithtex.review.submission.records import read_records

    keyring = trusted(keyring)
    name = _path(paper, "paper")
    named = [_path(record, "records") for record in _several(records, "records")]
    named_cited = [_path(record, "cited") for record in _several(cited, "cited")]
    _text(expect, "expect")
    with reading(name):
        folder = Path(name)
        config = find_config(folder if folder.is_dir() else folder.parent)
        given = read_records((*named, *map(config.path, config.record)), keyring)
        others = read_cited_records((*named_cited, *map(config.path, config.cited)), keyring)
        submission = opened(name, config, keyring, given, others, expect=expect, require=bool(require))
        chosen = texts(select, "select") or config.select
        return review(submission, select=chosen, ignore=texts(ignore, "ignore") or config.ignore)


def resolve(
    name: str,
    keyring: Keyring | None = None,
    *,
    mirrors: Iterable[str] = (),
    offline: bool = False,
    bundle: bool = False,
    timeout: float | None = None,
) -> Resolved:
    """Finds the record of a number or paper, in the store or on a mirror, verifies it, and keeps it.

    Args:
        name: a Pith Number, its 26 characters or the first 8, 12 or 16; an arXiv id, with or without version; an arXiv
            DOI; an address of arXiv or of the registry.
        keyring: the keys to trust; the pinned registry key by default.
        mirrors: addresses of mirrors, or files that list some, to be asked in place of the usual ones.
        offline: whether to open no socket; PITHTEX_OFFLINE=1 in the environment says so too.
        bundle: whether to collect all mirrors' bundles, and with them the paper's standing.
        timeout: how many seconds one reply may take in all.

    Raises:
        UsageError: the name is not of a known kind, a mirror's address is invalid, or an argument has the
                wrong type.
        UnavailableError: not found, ambiguous, or no mirror could be asked.
        UndecidedError: a record is there, and its key is not in the keyring.
        VerificationError: what the mirrors sent contradicts itself.
    """
    from pithtex.resolution.mirrors.network import Network, offline_by_environment
    from pithtex.resolution.resolved import look_up
    from pithtex.resolution.resolver import Resolver
    from pithtex.resolution.store.store import Store, home_folder

    keyring = trusted(keyring)
    given = texts(mirrors, "mirrors")
    expect(name, str, "name", "a text", "pithtex.resolve('2606.01751')")
    if timeout is not None:
        expect(timeout, (int, float), "timeout", "a number of seconds")
        if not 0 < timeout <= MAX_TIMEOUT_SECONDS:
            message = f"expected more than 0 and at most {MAX_TIMEOUT_SECONDS:.0f} seconds, not {timeout}"
            raise UsageError(message, where="timeout")
    with reading("mirrors"):
        network = None
        if not offline and not offline_by_environment():
            network = Network(given, keyring, cache=home_folder() / "http", reply_seconds=timeout)
        resolver = Resolver(Store(), keyring, None if network is None else network.hosts)
        return look_up(resolver, name, now=datetime.now(UTC), whole=bool(bundle))


def _check_pdf_types(path: object, record: object, expected: object, password: object, abstract: object) -> None:
    expect(path, (bytes, str, os.PathLike), "path", "the path of a PDF, or its bytes")
    if record is not None:
        expect(record, _A_RECORD, "record", "a record or a bundle", "pithtex.load(path)")
    _text(expected, "expect")
    expect(password, str, "password", "a text")
    _text(abstract, "abstract")


def _text(value: object, name: str) -> None:
    if value is not None:
        expect(value, str, name, "a text")


def _path(value: PathLike, name: str) -> str:
    expect(value, (str, os.PathLike), name, "a path")
    return os.fsdecode(value)


def _several(values: Iterable[PathLike], name: str) -> tuple[PathLike, ...]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise UsageError(f"expected a list of paths, not {type(values).__name__}", where=name)
    return tuple(values)
