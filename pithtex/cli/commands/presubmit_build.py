"""Implements `pithtex presubmit --build` and `--pack`, which compile as arXiv does and make the upload."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pithtex.cli.shared.common import add_timeout_option, may_ask
from pithtex.errors import UsageError
from pithtex.findings import Status
from pithtex.limits import MAX_BUILD_SECONDS
from pithtex.structs import replace, struct

if TYPE_CHECKING:
    from pithtex.findings import Located
    from pithtex.manuscript.build.compile import Build, BuiltPaper
    from pithtex.manuscript.source.model import Manuscript
    from pithtex.manuscript.upload.pack import Packed
    from pithtex.pdf.judgement.verdict import Verdict
    from pithtex.review.facts import FactLine
    from pithtex.review.review import Review

_ENGINES: Final = ("pdflatex", "latex", "xelatex", "lualatex", "pdftex", "tex")
_SHOWN: Final = 30
"""Names of files listed in the text."""


def add_build_options(parser: Any) -> None:
    """Adds `--build`, `--pack` and their options."""
    group = parser.add_argument_group("compiling and packing")
    group.add_argument(
        "--build", action="store_true", help="compile a copy of the paper with arXiv's commands and limits"
    )
    group.add_argument(
        "--pack",
        metavar="FILE",
        help=(
            "if nothing is wrong, write the upload FILE.tar.gz: the files that the build read, tested by "
            "compiling them elsewhere"
        ),
    )
    comments = group.add_mutually_exclusive_group()
    comments.add_argument("--strip-comments", action="store_true", help="pack without comments")
    comments.add_argument("--keep-comments", action="store_true", help="pack with comments, without asking")
    group.add_argument("--engine", choices=_ENGINES, help="use this engine instead of the one that arXiv would choose")
    add_timeout_option(group, "the build", f"{MAX_BUILD_SECONDS:.0f}, as on arXiv")


def wants_build(args: argparse.Namespace) -> bool:
    """Tells whether these options request a build.

    Raises:
        UsageError: an option has no meaning without another, or the upload cannot stand where it should.
    """
    if (args.strip_comments or args.keep_comments) and not args.pack:
        option = "--strip-comments" if args.strip_comments else "--keep-comments"
        raise UsageError(f"{option} is for the upload", hint="give --pack FILE.tar.gz too", rule="no-archive-name")
    if not args.pack:
        return bool(args.build)
    from pithtex.manuscript.upload.pack import check_target

    check_target(Path(args.pack))
    return True


@struct
class Made:
    """A build, with its upload if there is one."""

    paper: BuiltPaper
    packed: Packed | None = None

    @property
    def findings(self) -> tuple[Located, ...]:
        """Returns the findings of the build and the upload."""
        return self.paper.findings + (() if self.packed is None else self.packed.findings)

    def left(self, main: str) -> tuple[Path, Path]:
        """Returns the log and the PDF of the main file; if it was not built, two paths that do not exist."""
        build = next((build for build in self.paper.builds if build.main == main), self.paper.builds[0])
        folder = self.paper.copy.folder
        if build.pdf is None:
            return folder / "not-built" / "log", folder / "not-built" / "pdf"
        return folder / f"{build.stem}.log", build.pdf


@contextmanager
def building(
    args: argparse.Namespace, manuscript: Manuscript, documents: tuple[str, ...], shown: Path
) -> Iterator[Made]:
    """Builds the paper and its companions; the results last for the `with` block.

    Args:
        args: the command's.
        manuscript: the paper.
        documents: the paper and its companions, in the order in which they are compiled; `00README.json` goes before.
        shown: the paper's folder as the user named it.

    Raises:
        PithError: as `built_paper`.
        OSError: likewise.
    """
    from pithtex.manuscript.build.arxiv_rules import Engine
    from pithtex.manuscript.build.compile import built_paper

    whole = Path(args.paper).is_dir() and (manuscript.root / "00README.json").is_file()
    with (
        _progress(args) as on_step,
        built_paper(
            shown,
            main=None if whole else documents,
            engine=None if args.engine is None else Engine(args.engine),
            seconds=args.timeout or MAX_BUILD_SECONDS,
            on_step=on_step,
        ) as paper,
    ):
        yield Made(paper=paper)


def wants_no_comments(args: argparse.Namespace, manuscript: Manuscript) -> bool:
    """Tells whether to strip comments from the upload, by the options or else by asking on a terminal."""
    if args.strip_comments or args.keep_comments or not may_ask(args):
        return bool(args.strip_comments)
    from pithtex.cli.shared.streams import say
    from pithtex.manuscript.source.giveaway import remarks

    said = remarks(manuscript)
    if said is None:
        return False
    count = said.comments + said.unprinted
    lines = f"{count} line{'' if count == 1 else 's'} of comments and text that is never printed"
    lines = lines if said.unprinted else f"{count} line{'' if count == 1 else 's'} of comments"
    say(f"{lines} would be published with the sources. Leave them out? [Y/n] ", end="")
    return sys.stdin.readline().strip().lower() in {"", "y", "yes"}


def with_upload(args: argparse.Namespace, made: Made, check: Callable[[bytes], Verdict], *, strip: bool) -> Made:
    """Returns the build with its upload, with or without comments, written if nothing is wrong with it.

    Raises:
        PithError: as `pack`.
        OSError: likewise.
    """
    from pithtex.manuscript.upload.pack import pack

    with _progress(args) as on_step:
        packed = pack(
            made.paper,
            Path(args.pack),
            check,
            strip_comments=strip,
            seconds=args.timeout or MAX_BUILD_SECONDS,
            on_step=on_step,
        )
    return replace(made, packed=packed)


def with_facts(args: argparse.Namespace, review: Review, made: Made) -> Review:
    """Returns the review with a line on the build and, if requested, one on the upload."""
    facts = [_build_fact(made.paper)]
    if args.pack:
        facts.append(_upload_fact(args, made.packed))
    return replace(review, facts=(*review.facts, *facts))


def build_document(made: Made) -> dict[str, object]:
    """Returns the build and the upload in the form of `--json`."""
    packed = made.packed
    upload = None
    if packed is not None:
        upload = {
            "file": str(packed.target),
            "written": packed.written,
            "size": len(packed.data),
            "sha256": packed.digest,
            "files": [{"name": name, "size": size} for name, size in packed.files],
            "verdict": None if packed.verdict is None else packed.verdict.word.value,
        }
    return {"build": [_document(build, made.paper.reason) for build in made.paper.builds], "upload": upload}


def _document(build: Build, reason: str) -> dict[str, object]:
    return {
        "main": build.main,
        "engine": build.engine.value,
        "reason": reason,
        "ok": build.ok,
        "steps": list(build.steps),
        "seconds": round(build.seconds, 2),
        "read": list(build.read),
        "outside": list(build.outside),
    }


def _build_fact(paper: BuiltPaper) -> FactLine:
    from pithtex.review.facts import FactLine

    build, *others = paper.builds
    status = {True: Status.HOLDS, False: Status.FAILS, None: Status.UNAVAILABLE}[paper.ok]
    runs = f"{build.runs} run{'' if build.runs == 1 else 's'}"
    if paper.ok:
        steps = "".join(f", {step}" for step in dict.fromkeys(build.steps) if step != build.engine.program)
        message = f"compiles as on arXiv: {build.engine}, {runs}{steps} ({paper.reason}), {build.seconds:.1f} s"
        message = f"{build.main} {message}; then {', '.join(one.main for one in others)}" if others else message
    else:
        message = f"{build.engine}, {runs} ({paper.reason})"
    return FactLine(name="build", status=status, message=message)


def _upload_fact(args: argparse.Namespace, packed: Packed | None) -> FactLine:
    from pithtex.review.facts import FactLine

    if packed is None:
        return FactLine(name="upload", status=Status.NOT_CHECKED, message=f"{args.pack} not written: see above")
    count = f"{len(packed.files)} file{'' if len(packed.files) == 1 else 's'}"
    if not packed.written:
        return FactLine(name="upload", status=Status.FAILS, message=f"{packed.target} not written: see above")
    verdict = None if packed.verdict is None else packed.verdict.word.value
    word = "" if verdict in {None, "absent"} else f", and pithtex check says {verdict} of its PDF"
    size = f"{-(-len(packed.data) // 1024):,} KiB"
    listed = [name for name, _ in packed.files[:_SHOWN]]
    listed += [f"and {len(packed.files) - _SHOWN} more"] if len(packed.files) > _SHOWN else []
    message = f"wrote {packed.target}: {count}, {size}; it compiles by itself{word}"
    return FactLine(name="upload", status=Status.HOLDS, message=message, details=(("files", ", ".join(listed)),))


@contextmanager
def _progress(args: argparse.Namespace) -> Iterator[Callable[[str], None] | None]:
    """Shows the running program in a line on a terminal."""
    if args.quiet or not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(total=None, bar_format="{desc} {elapsed}", leave=False) as bar:
        yield lambda step: bar.set_description_str(f"running {step}")
