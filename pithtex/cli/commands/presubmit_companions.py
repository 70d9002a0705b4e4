"""Implements `pithtex presubmit --with`: which other documents go up with the paper, and how the program knows."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from pithtex.cli.shared.common import may_ask
from pithtex.errors import UsageError
from pithtex.structs import replace

if TYPE_CHECKING:
    from pithtex.findings import Located
    from pithtex.review.review import Review
    from pithtex.review.submission.model import Submission

_OWN: Final = "PITH64"
"""Findings from this code on are of any document; those before are of the paper's number, record and class."""


def add_companion_option(parser: Any) -> None:
    """Adds `--with`."""
    parser.add_argument(
        "--with",
        dest="companions",
        action="append",
        default=[],
        metavar="FILE",
        help="a supplement that is a document of its own, to go up with the paper; may be repeated",
    )


def companions_of(args: argparse.Namespace, submission: Submission) -> tuple[str, ...]:
    """Returns the other documents of the upload, by their names in the paper's folder.

    Raises:
        UsageError: the folder has no document of a given name.
    """
    root, paper = submission.manuscript.root, submission.manuscript.main.name
    others = () if submission.chosen is None else submission.chosen.others
    if not others and not args.companions:
        return ()
    from pithtex.manuscript.edit.companions import supplements
    from pithtex.manuscript.edit.readme_forms import named_toplevels

    told = named_toplevels(root) if (root / "00README.json").is_file() else ()
    if told and not set(args.companions) <= set(told):
        hint = 'list it there too: {"filename": ..., "usage": "toplevel"}'
        raise UsageError("--with names a document that 00README.json does not", hint=hint)
    if paper in told:
        return tuple(name for name in dict.fromkeys(told) if name != paper and (root / name).is_file())
    for name in args.companions:
        if name == paper or not _is_document(submission, name):
            hint = f"other documents: {', '.join(others)}" if others else "the folder has no other document"
            raise UsageError(f"--with {name}: no other document of the paper's folder", hint=hint)
    given = tuple(dict.fromkeys(args.companions))
    return given if given or (not (args.pack and may_ask(args))) else _agreed(supplements(others, _asked(submission)))


def _is_document(submission: Submission, name: str) -> bool:
    from pithtex.manuscript.edit.main_file import read_source

    path = submission.manuscript.root / name
    return (
        path.is_file()
        and path.resolve().is_relative_to(submission.manuscript.root)
        and read_source(path).preamble.is_main
    )


def _asked(submission: Submission) -> list[str]:
    """Returns the documents whose labels the paper uses."""
    from pithtex.manuscript.source.referring import Kind

    return [item.name for item in submission.map.of(Kind.DOCUMENT)]


def _agreed(found: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the documents that the user agrees to upload."""
    from pithtex.cli.shared.streams import say
    from pithtex.text import printable

    agreed = []
    for name in found:
        say(f"{printable(name)} is a document of its own. Does it go up with the paper? [y/N] ", end="")
        if sys.stdin.readline().strip().lower() in {"y", "yes"}:
            agreed.append(name)
    return tuple(agreed)


def documents_of(submission: Submission, companions: tuple[str, ...]) -> tuple[str, ...]:
    """Returns all documents to compile, in order."""
    from pithtex.manuscript.edit.companions import in_order

    return in_order(submission.manuscript.main.name, companions, _asked(submission))


def findings_beside(
    submission: Submission,
    companions: tuple[str, ...],
    opened: Callable[..., Submission],
    review: Callable[[Submission], Review],
) -> tuple[Located, ...]:
    """Returns the findings on the other documents, except those on the paper's own number and record."""
    from pithtex.format.keys import Keyring

    shown = [str(submission.shown / name) for name in companions]
    found = (item for name in shown for item in review(opened(name, keyring=Keyring(()), store=False)).items)
    return tuple(dict.fromkeys(item for item in found if item.finding.code >= _OWN))


def without_companions(submission: Submission, companions: tuple[str, ...]) -> Submission:
    """Returns the submission with the other documents counted as checked and their labels known."""
    chosen = submission.chosen
    if chosen is None or not companions:
        return submission
    left = tuple(name for name in chosen.others if name not in companions)
    return replace(submission, chosen=replace(chosen, others=left), companions=companions)
