"""What the commands that may use the network share: their options, and the resolver that these make."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from pithtex.cli.shared.common import add_timeout_option
from pithtex.cli.shared.streams import say
from pithtex.errors import PithError
from pithtex.findings import Severity
from pithtex.structs import replace

if TYPE_CHECKING:
    from pithtex.findings import Finding
    from pithtex.format.bundle import Bundle
    from pithtex.format.keys import Keyring
    from pithtex.format.record import Record
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.resolution.mirrors.network import Network
    from pithtex.resolution.resolver import Resolver
    from pithtex.verification.record import VerifiedRecord
    from pithtex.verification.standing import Standing


_MOST_LOOK_UPS: Final = 100
"""Records looked up for one PDF; a volume of proceedings has some dozens of badges."""


def add_network_options(parser: argparse.ArgumentParser) -> None:
    """`--offline`, `--mirror`, `--timeout`."""
    group = parser.add_argument_group("network")
    group.add_argument(
        "--offline",
        action="store_true",
        help="do not use the network, only the local store (same as PITHTEX_OFFLINE=1)",
    )
    group.add_argument(
        "--mirror",
        action="append",
        default=[],
        metavar="URL",
        help=(
            "ask this mirror, or the mirrors in this manifest (URL or file), instead of the usual ones; "
            "http only on this machine; may be repeated"
        ),
    )
    add_timeout_option(group, "waiting for one reply", "30")


def network_of(
    args: argparse.Namespace, keyring: Keyring, mirrors: list[str], reply_seconds: float | None = None
) -> Network | None:
    """Returns the network as the options have it; None offline."""
    from pithtex.resolution.mirrors.network import Network, offline_by_environment
    from pithtex.resolution.store.store import home_folder

    if args.offline or offline_by_environment():
        return None
    return Network(
        mirrors,
        keyring,
        cache=home_folder() / "http",
        jobs=getattr(args, "jobs", None) or 1,
        reply_seconds=reply_seconds,
    )


def resolver_of(args: argparse.Namespace, keyring: Keyring, network: Network | None) -> Resolver:
    """Returns a resolver over the user's store and that network."""
    from pithtex.resolution.resolver import Resolver
    from pithtex.resolution.store.store import Store

    return Resolver(Store(), keyring, None if network is None else network.hosts)


@contextlib.contextmanager
def waiting(args: argparse.Namespace) -> Iterator[None]:
    """Says on a terminal, after a second, that something is being waited for."""
    if args.quiet or not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    timer = Timer(1.0, say, ["asking mirrors ..."])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def completed(
    check: Callable[[Record | None], Verdict],
    given: Record | Bundle | None,
    keyring: Callable[[], Keyring],
    resolver: Resolver | None,
) -> Verdict:
    """Returns the verdict on a PDF with its papers' standing, after looking up what it lacks: `check --online`.

    Args:
        check: checks the PDF, with a given record or without one.
        given: the record or bundle that the user gave.
        keyring: gives the keys to trust.
        resolver: looks up the records that the PDF lacks, and all bundles; None for the store's bundles alone.
    """
    verdict = check(None)
    if not verdict.badges:
        return verdict
    if resolver is not None and given is None:
        verdict = _with_records(verdict, check, resolver)
    from pithtex.format.number import suffix_in

    badges, findings = list(verdict.badges), list(verdict.findings)
    for index, badge in list(enumerate(badges))[:_MOST_LOOK_UPS]:
        suffix = "" if badge.record is None else badge.record.number.suffix
        if badge.record is None or not suffix.startswith(suffix_in(badge.number)):
            continue  # the record given is of another paper than the PDF
        standing, problems = paper_standing(badge.record, keyring(), resolver, _bundles_of(given, suffix))
        findings += problems
        if standing.known:
            badges[index] = replace(badge, standing=standing)
    return replace(verdict, badges=tuple(badges), findings=tuple(dict.fromkeys(findings)))


def _bundles_of(given: Record | Bundle | None, suffix: str) -> list[Bundle]:
    """Returns what the user gave, if it is a bundle of that number."""
    if given is None:
        return []
    from pithtex.format.bundle import Bundle

    if isinstance(given, Bundle) and given.record.canonical.number.suffix == suffix:
        return [given]
    return []


def paper_standing(
    record: VerifiedRecord, keyring: Keyring, resolver: Resolver | None, given: Sequence[Bundle] = ()
) -> tuple[Standing, tuple[Finding, ...]]:
    """Returns what is known of a paper from the given bundles, the store and, with a resolver, all mirrors.

    That no mirror has one, or none can be asked, is not an error: the standing is then by what there is, and unknown
    without any.
    """
    from pithtex.cli.shared.standing import now
    from pithtex.resolution.standing import stored_standing
    from pithtex.verification.standing import standing_of

    if resolver is None:
        return stored_standing(record.number.suffix, keyring, given, now=now()), ()
    from pithtex.resolution.all_bundles import collect

    try:
        found = collect(resolver, record)
    except PithError as error:
        silent = error.rule in {"record-not-found", "offline"}  # which an unknown standing says as well
        problems = () if silent else (_lesser(error.finding),)
        return stored_standing(record.number.suffix, keyring, given, now=now()), problems
    sources = found.sources + len(given)
    return standing_of([*found.bundles, *given], keyring, sources=sources, now=now()), tuple(
        map(_lesser, found.findings)
    )


def _lesser(item: Finding) -> Finding:
    """Returns a finding about the look-up, which is not an error of the PDF."""
    return replace(item, severity=Severity.WARNING) if item.severity is Severity.ERROR else item


def _with_records(verdict: Verdict, check: Callable[[Record | None], Verdict], resolver: Resolver) -> Verdict:
    """Returns the verdict, with the records looked up that the PDF lacks."""
    from pithtex.format.identifiers import parse_identifier
    from pithtex.format.number import PithNumber

    badges = list(verdict.badges)
    findings: list[Finding] = []
    for index, badge in list(enumerate(badges))[:_MOST_LOOK_UPS]:
        if badge.word.value != "unverified" or badge.number is None:
            continue
        try:
            asked = parse_identifier(badge.number)
            # Without its year, so that one that is wrong is the PDF's contradiction and no failure to find.
            resolution = resolver.resolve(PithNumber(asked.suffix) if isinstance(asked, PithNumber) else asked)
        except PithError as error:
            badges[index] = replace(badge, findings=(*badge.findings, error.finding))
            continue
        findings += resolution.findings
        badges[index] = check(resolution.record.record).badges[index]
    return type(verdict).of(tuple(badges), (*verdict.findings, *findings)) if badges else verdict
