"""Implements `pithtex add` and `pithtex remove`, which put the badge into a paper's sources and take it out."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pithtex.cli.commands.add_changes import ask, carry_out, may_answer
from pithtex.cli.shared.common import Exit, add_key_option, add_output_options, command, report_failure
from pithtex.cli.shared.named_files import refuse_other_than_sources
from pithtex.cli.shared.online import add_network_options, network_of, paper_standing, resolver_of, waiting
from pithtex.cli.shared.streams import print_lines, say
from pithtex.errors import UsageError

if TYPE_CHECKING:
    from pithtex.errors import PithError
    from pithtex.findings import Finding
    from pithtex.format.identifiers import Identifier
    from pithtex.format.keys import Keyring
    from pithtex.manuscript.edit.main_file import Source
    from pithtex.manuscript.source.model import Manuscript, Use
    from pithtex.resolution.resolver import Resolution
    from pithtex.verification.document import Document
    from pithtex.verification.standing import Standing

_ADD = """\
example:
  pithtex add 2606.01751                  the paper in this folder
  pithtex add 2606.01751 paper/main.tex   this file
  pithtex add record.json                 use the record or bundle in a file, without the network
  pithtex add --dry-run 2606.01751        show the changes without making them
  pithtex add --offline 2606.01751        use a record from the store
  pithtex add --when-announced            a first submission: mark the place with a comment

ID is anything that pithtex resolve takes, or a file with a record or bundle. The command writes pith.sty beside the
paper's main file and inserts two lines after its packages:
  \\usepackage{pith}
  \\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}

A number exists only after arXiv has announced the paper. Until then, --when-announced inserts a comment that says what
to run; the next pithtex add replaces it with the lines, and pithtex remove removes it.

exit codes: 0 written, or nothing to do; 1 a record does not verify; 2 wrong usage, no main file found, or not
confirmed; 3 no record found. Unless the code is 0, the paper is unchanged.
"""

_REMOVE = """\
example:
  pithtex remove            the paper in this folder
  pithtex remove main.tex   this file

If the lines were moved into another file or into a conditional, the command names them and changes nothing.

exit codes: 0 removed, or nothing to do; 2 wrong usage, no main file found, not confirmed, or lines that you have to
remove by hand
"""


def add_parser(subparsers: Any) -> None:
    """Adds both subcommands."""
    for name, act, epilog in (
        ("add", _add, _ADD),
        ("remove", _remove, _REMOVE),
    ):
        parser = command(
            subparsers,
            name,
            description=(
                "Finds the record, writes pith.sty, and inserts two lines into the paper's main file."
                if name == "add"
                else "Undoes pithtex add: removes the two lines and the pith.sty that pithtex wrote."
            ),
            epilog=epilog,
        )
        if name == "add":
            parser.add_argument(
                "id",
                metavar="ID",
                nargs="?",
                help="arXiv id, DOI, Pith Number or address of the paper, or a file with its record or bundle",
            )
            parser.add_argument(
                "--when-announced",
                action="store_true",
                help="if there is no record yet, insert a comment instead of the two lines; ID may be omitted",
            )
            parser.add_argument(
                "--allow-anonymous",
                action="store_true",
                help="add the number even though the paper is in its anonymous mode",
            )
        parser.add_argument("paper", metavar="PAPER", nargs="?", default=".", help="main file or folder (default: .)")
        parser.add_argument("--dry-run", action="store_true", help="show the changes without making them")
        parser.add_argument("-y", "--yes", action="store_true", help="do not ask for confirmation")
        if name == "add":
            add_network_options(parser)
            add_key_option(parser)
        add_output_options(parser)
        parser.set_defaults(run=run, act=act, name=name)


def run(args: argparse.Namespace) -> Exit:
    """Runs either subcommand."""
    from pithtex.errors import PithError

    try:
        return Exit(args.act(args))
    except (PithError, OSError) as error:
        return report_failure(args, args.name, args.paper, error)


def _add(args: argparse.Namespace) -> Exit:
    from pithtex.errors import UnavailableError
    from pithtex.system.key_files import load_keyring

    _take_paper(args)
    refuse_other_than_sources(args.paper)
    asked = None if args.id is None else _asked(args.id)
    source = _main_file(args)
    if asked is None:
        return _remind(args, source, None)
    keyring = load_keyring(args.key)
    try:
        resolution, standing, problems = _resolved(args, asked, keyring)
    except UnavailableError as error:
        if not args.when_announced or error.rule not in {"record-not-found", "offline"}:
            raise
        return _remind(args, source, error)
    return _add_record(args, source, resolution, standing, problems)


def _take_paper(args: argparse.Namespace) -> None:
    """Takes the argument in the place of ID as the paper, if it can be nothing else.

    Raises:
        UsageError: there is no ID, and none can be done without.
    """
    given = args.id
    is_paper = given is not None and args.paper == "." and (Path(given).is_dir() or given.endswith((".tex", ".ltx")))
    if args.when_announced and is_paper:
        args.id, args.paper = None, given
    if args.id is None and not args.when_announced:
        hint = "as in pithtex add 2606.01751; before the paper has one: pithtex add --when-announced"
        raise UsageError("the paper's ID is missing", hint=hint)


def _remind(args: argparse.Namespace, source: Source, error: PithError | None) -> Exit:
    """Leaves a comment in the place of the two lines."""
    from pithtex.catalogue import finding
    from pithtex.format.identifiers import ArxivId
    from pithtex.manuscript.edit.two_lines import with_reminder
    from pithtex.manuscript.source.read import read_from
    from pithtex.report.terminal import Style, finding_lines

    arxiv = None if args.id is None else ArxivId.parse(args.id)
    if arxiv is not None:  # the comment names it
        _check_not_anonymous(args, read_from(source.path.parent, source.path.name))
    if error is not None:
        note = finding("number-awaited", error.message, hint=error.hint)
    else:
        hint = "run it again once arXiv has announced the paper and given it an identifier"
        note = finding("number-awaited", "the paper has no identifier yet, so it has no number", hint=hint)
    if not (args.json or args.quiet):
        print_lines(finding_lines(note, Style.choose(args.color, sys.stdout), ""))
    wanted = {source.path: with_reminder(source, None if arxiv is None else arxiv.id)}
    return carry_out(args, source, wanted, None, (note,))


def _add_record(
    args: argparse.Namespace,
    source: Source,
    resolution: Resolution,
    standing: Standing,
    problems: tuple[Finding, ...],
) -> Exit:
    """Writes pith.sty and the two lines."""
    from pithtex.manuscript.edit.two_lines import with_number
    from pithtex.manuscript.source.read import read_from, title_text
    from pithtex.render.package.pith_sty import render_package, said_of
    from pithtex.review.texts.compare import proven_abstract

    record = resolution.record
    package = source.path.parent / "pith.sty"
    if package.exists() and not _is_ours(package):
        message = f"{package} is there already, and not made by pithtex"
        raise UsageError(message, hint="move the file away, then try again", rule="foreign-package")
    manuscript = read_from(source.path.parent, source.path.name)
    _check_not_anonymous(args, manuscript)
    use = manuscript.number
    if use is None or use.file is manuscript.main:
        after = with_number(source, record.number.suffix)
    elif use.argument.strip() == record.number.suffix:
        after = source.data
    else:
        message = (
            f"{_place(use)} has \\pithnumber{{{use.argument.strip()}}}, and only {source.path.name} is changed here"
        )
        raise UsageError(message, hint=f"change it there: \\pithnumber{{{record.number.suffix}}}", rule="no-place")
    # The package first: should the run end between the two, the paper does not ask for what is not there.
    wanted = {
        package: render_package(record, proven_abstract(manuscript, record), said_of(standing)),
        source.path: after,
    }
    title = title_text(manuscript)
    findings = (*resolution.findings, *problems, *_titles_differ(record.title, title, source))
    _show_record(args, resolution, standing, title, (*findings, *standing.odd_times))
    return carry_out(args, source, wanted, record.number.full, (*standing.findings, *findings), standing=standing)


def _asked(name: str) -> Identifier | Document:
    """Returns what names the record: an identifier, or a file that holds it.

    Raises:
        UsageError: neither; a file of another kind is named.
        MalformedError: JSON, and not a document.
        OSError: the file cannot be read.
    """
    from pithtex.format.identifiers import parse_identifier
    from pithtex.system.documents import read_document

    try:
        return parse_identifier(name)
    except UsageError:
        if name != "-" and not Path(name).exists():
            raise
    if Path(name).is_dir():
        hint = f"name the paper first: pithtex add 2606.01751 {shlex.quote(name)}"
        raise UsageError(
            "this is a folder, not the name or record of a paper", where=name, hint=hint, rule="wrong-kind"
        )
    return read_document(name, reports=False)


def _resolved(
    args: argparse.Namespace, asked: Identifier | Document, keyring: Keyring
) -> tuple[Resolution, Standing, tuple[Finding, ...]]:
    """Returns the verified record and the paper's standing; with a file, from that file and the store alone.

    Raises:
        PithError: no record is found, or it does not verify.
    """
    from pithtex.format.bundle import Bundle
    from pithtex.resolution.resolver import Resolution
    from pithtex.verification.document import Document, verify_document

    if isinstance(asked, Document):
        record = verify_document(asked, keyring)
        given = [asked.parsed] if isinstance(asked.parsed, Bundle) else []
        origin = "standard input" if args.id == "-" else args.id
        return Resolution(record=record, origin=origin), *paper_standing(record, keyring, None, given)
    with waiting(args):
        network = network_of(args, keyring, args.mirror, args.timeout)
        resolver = resolver_of(args, keyring, network)
        resolution = resolver.resolve(asked)
        standing, problems = paper_standing(resolution.record, keyring, None if network is None else resolver)
    return resolution, standing, problems


def _check_not_anonymous(args: argparse.Namespace, manuscript: Manuscript) -> None:
    """Asks before a number goes into an anonymous paper, whose sources it would give away.

    Raises:
        UsageError: the user does not want it, or nobody can be asked.
    """
    from pithtex.review.submission.anonymity import anonymity_of

    mode = None if args.allow_anonymous else anonymity_of(manuscript, _compiled(manuscript))
    if mode is None:
        return
    message = f"{_place(mode.use)}: the paper is in its anonymous mode ({mode.name}), and a number leads to its authors"
    if may_answer(args):
        say(message)
        if ask("Add it all the same? [y/N] ").lower() in {"y", "yes"}:
            return
    hint = "add it to the final version; --allow-anonymous adds it now"
    raise UsageError(message, hint=hint, rule="record-in-anonymous")


def _compiled(manuscript: Manuscript) -> Path | None:
    """Returns the PDF beside the main file, unless a source is newer."""
    pdf = manuscript.main.path.with_suffix(".pdf")
    if not pdf.is_file():
        return None
    made = pdf.stat().st_mtime + 1  # as old as the coarsest clocks of file systems tell
    return pdf if all(file.path.stat().st_mtime <= made for file in manuscript.files) else None


def _remove(args: argparse.Namespace) -> Exit:
    from pithtex.manuscript.edit.two_lines import without_number

    refuse_other_than_sources(args.paper)
    source = _main_file(args)
    _check_left(source)
    package = source.path.parent / "pith.sty"
    wanted: dict[Path, bytes | None] = {source.path: without_number(source)}
    if _is_ours(package):
        wanted[package] = None
    return carry_out(args, source, wanted, None, ())


def _is_ours(package: Path) -> bool:
    """Tells whether pithtex made the file that is there. Devices, which may never end, are not read."""
    from pithtex.limits import MAX_SOURCE_BYTES
    from pithtex.render.package.read_back import is_ours

    if not package.is_file():
        return False
    with package.open("rb") as stream:
        return is_ours(stream.read(MAX_SOURCE_BYTES))


def _check_left(source: Source) -> None:
    """Refuses to take out a part: without pith.sty what is left would stop TeX.

    Raises:
        UsageError: the package or the number stands in another file, or not at the top of the main one's preamble.
    """
    from pithtex.manuscript.edit.two_lines import PACKAGE
    from pithtex.manuscript.source.model import Reached
    from pithtex.manuscript.source.read import read_from

    manuscript = read_from(source.path.parent, source.path.name)
    uses = [*manuscript.numbers, *(use for use in manuscript.packages if PACKAGE in use.names)]
    run = [use for use in uses if use.state in {Reached.ACTIVE, Reached.CONDITIONAL}]
    left = [_place(use) for use in run if use.file is not manuscript.main]
    loads = [use for use in source.preamble.packages if PACKAGE in use.names]
    taken = [use for use in (*loads, *source.preamble.numbers) if not use.nested]
    if sum(use.file is manuscript.main for use in run) > len(taken):
        left.append(f"{source.path.name}, in a conditional, a group or the text")
    if left:
        message = (
            f"cannot remove the lines in {' and in '.join(dict.fromkeys(left))} with certainty, so nothing was changed"
        )
        raise UsageError(message, hint="remove them by hand", rule="no-place")


def _place(use: Use) -> str:
    return f"{use.file.name}:{use.file.place(use.start)[0]}"


def _main_file(args: argparse.Namespace) -> Source:
    """Returns the paper's main file; if there are several, asks the user on a terminal.

    Raises:
        UsageError: none, or several and nobody to ask.
    """
    from pithtex.manuscript.edit.main_file import main_files, several_main_files
    from pithtex.manuscript.edit.which_paper import decided, ordered
    from pithtex.text import printable

    found = ordered(main_files(Path(args.paper)))
    chosen = decided(found, Path(args.paper))
    if chosen is not None:
        return chosen.source
    if may_answer(args):
        for number, source in enumerate(found, 1):
            say(f"  {number}  {printable(str(source.path.name))}")
        answer = ask(f"Which is the paper's main file? [1-{len(found)}] ")
        if answer.isdecimal() and 1 <= int(answer) <= len(found):
            return found[int(answer) - 1]
    named = "--when-announced" if args.name == "add" and args.id is None else shlex.quote(args.id or "")
    command = args.name if args.name == "remove" else f"add {named}"
    raise several_main_files(found, Path(args.paper), command)


def _titles_differ(ours: str | None, theirs: str | None, source: Source) -> list[Finding]:
    from pithtex.catalogue import finding
    from pithtex.pdf.binding.wording import normalise

    if ours is None or theirs is None or normalise(ours) == normalise(theirs):
        return []
    message = "the title in the source differs from the record's; check that this is the right paper"
    return [finding("paper-title-differs", message, where=str(source.path))]


def _show_record(
    args: argparse.Namespace,
    resolution: Resolution,
    standing: Standing,
    title: str | None,
    findings: tuple[Finding, ...],
) -> None:
    from pithtex.report.standing import standing_lines
    from pithtex.report.terminal import Style, finding_lines
    from pithtex.text import printable

    if args.json or args.quiet:
        return
    record, style = resolution.record, Style.choose(args.color, sys.stdout)
    print_lines(
        [
            f"{record.number.full}, from {printable(resolution.origin)}",
            *standing_lines(standing, style),
            f"  title of the record  {printable(record.title or '(not stated)')}",
            f"  title of the paper   {printable(title or '(not found in its source)')}",
            *(line for item in findings for line in finding_lines(item, style, "  ")),
        ]
    )
