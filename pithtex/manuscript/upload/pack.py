"""Packs a paper for arXiv: just the files that its build read, and the proof that they suffice.

1. What the build read of the paper's folder goes in, `pith.sty` among it; the `.bbl` in place of the `.bib` files;
   `00README.json`, and what lies in `anc/` (arXiv's place for files that go with a paper). No document goes in that
   arXiv would compile beside the paper.
2. The archive is the same, byte for byte, for the same files: sorted, with one time, owner and mode for all.
3. It is unpacked elsewhere and built there with the same engine; the PDF must read as the one from the paper's folder.
4. Only then is it written, under a temporary name first.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.errors import UsageError
from pithtex.findings import Finding, Located
from pithtex.limits import MAX_BUILD_SECONDS, MAX_UPLOAD_BYTES
from pithtex.manuscript.build.arxiv_rules import NAME, README
from pithtex.manuscript.build.bibliography import bbl_format, database_files
from pithtex.manuscript.build.compile import Build, BuiltPaper, built_paper
from pithtex.manuscript.build.problems import located, name_refused
from pithtex.manuscript.upload.documents import without_strays
from pithtex.manuscript.upload.strip_comments import without_comments
from pithtex.structs import struct
from pithtex.system.files import refuse_output, write_files

if TYPE_CHECKING:
    from pithtex.pdf.judgement.verdict import Verdict

ENDINGS: Final = (".tar.gz", ".tgz")
_ANCILLARY: Final = "anc/"
_READMES: Final = (README, "00README.XXX")
_UNSTRIPPED: Final = "pack with --keep-comments: something that looks like a comment is not one"
_DAY_ONE: Final = 315532800
"""1980-01-01, the time of all files where `SOURCE_DATE_EPOCH` (reproducible-builds.org) sets none: every format of
archives can hold it."""


@struct
class Packed:
    """An upload, and what its own build showed."""

    target: Path
    written: bool
    """Whether it stands at `target`: it does where nothing in `findings` is an error."""
    files: tuple[tuple[str, int], ...]
    """Names and sizes in bytes, in the archive's order."""
    data: bytes
    """The archive."""
    rebuilt: tuple[Build, ...]
    """The build of what was unpacked; its paths are gone."""
    verdict: Verdict | None
    """On the PDF of that build; None if there is none."""
    findings: tuple[Located, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the archive, in lower-case hex."""
        return hashlib.sha256(self.data).hexdigest()


def check_target(target: Path) -> None:
    """Refuses a name that is not an archive's.

    Raises:
        UsageError: it does not end in `.tar.gz`, or there is no such folder.
        OutputError: it is a folder, or may not be written.
    """
    if not target.name.endswith(ENDINGS):
        raise UsageError(
            f"{target}: the upload is a .tar.gz", hint="as in --pack upload.tar.gz", rule="no-archive-name"
        )
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent}: no such folder", hint="create it first", rule="no-archive-name")
    refuse_output(target)


def pack(
    paper: BuiltPaper,
    target: Path,
    check: Callable[[bytes], Verdict],
    *,
    strip_comments: bool = False,
    seconds: float = MAX_BUILD_SECONDS,
    on_step: Callable[[str], None] | None = None,
) -> Packed:
    """Packs a paper that was built, builds what was packed, and writes it if that holds.

    Args:
        paper: built, and its files still there.
        target: where the archive goes.
        check: gives a verdict on the PDF that is built from the archive.
        strip_comments: whether to take out comments.
        seconds: what the second build may take.
        on_step: is told each program before it runs.

    Raises:
        ValueError: the paper was not built.
        UsageError: `target` is not a name for it.
        OutputError: it cannot be written.
        OSError: a file of the paper cannot be read.
    """
    if not paper.ok:
        raise ValueError("only a paper that was built can be packed")
    check_target(target)
    data, sizes, found = _archived(paper, strip_comments=strip_comments)
    if len(data) > MAX_UPLOAD_BYTES:
        what = f"the upload has {len(data) / 2**20:.0f} MiB; arXiv accepts about {MAX_UPLOAD_BYTES // 2**20}"
        found.append(_at(target, finding("upload-too-large", what, hint="make the largest figures smaller")))
    build = functools.partial(built_paper, seconds=seconds, on_step=on_step)
    rebuilt, verdict, more = _tried(paper, data, build, check, strip_comments)
    found += [_at(target, item) for item in more]
    written = not any(item.finding.severity == "error" for item in found)
    if written:
        write_files({target: data})
    return Packed(
        target=target,
        written=written,
        files=sizes,
        data=data,
        rebuilt=rebuilt,
        verdict=verdict,
        findings=tuple(found),
    )


def _archived(paper: BuiltPaper, *, strip_comments: bool) -> tuple[bytes, tuple[tuple[str, int], ...], list[Located]]:
    """Returns the archive, the names and sizes of its files, and what was found on the way."""
    files, found = upload_files(paper)
    with ExitStack() as stack:
        if strip_comments:
            place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pithtex-pack-")))
            files, kept = without_comments(files, place)
            found += [located(paper.copy, name, _kept(reason)) for name, reason in kept.items()]
        return archive(files), tuple((name, files[name].stat().st_size) for name in sorted(files)), found


def _kept(reason: str) -> Finding:
    return finding(
        "comments-kept",
        f"this file was packed with its comments: {reason}",
        hint="read through them before you publish them",
    )


def upload_files(paper: BuiltPaper) -> tuple[dict[str, Path], list[Located]]:
    """Returns the files of the upload by name, and where each is; with what is to be said of them."""
    names = {name for build in paper.builds for name in build.read}
    names |= {name for name in paper.copy.files if name.startswith(_ANCILLARY) or name in _READMES}
    found: list[Located] = []
    for build in paper.builds:
        _settle_bibliography(paper, build, names, found)
    found += [name_refused(paper.copy, name) for name in sorted(names) if not NAME.fullmatch(name)]
    files = {name: paper.copy.folder / name for name in sorted(names)}
    return without_strays(files, [build.main for build in paper.builds], paper.copy.place / "upload"), found


def archive(files: Mapping[str, Path]) -> bytes:
    """Returns a `.tar.gz` of these files, the same bytes whenever and wherever it is made with one version of zlib."""
    when = int(os.environ.get("SOURCE_DATE_EPOCH") or _DAY_ONE)
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0, compresslevel=9) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for name in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = files[name].stat().st_size
            member.mtime, member.mode = when, 0o644
            with files[name].open("rb") as stream:
                tar.addfile(member, stream)
    return buffer.getvalue()


def unpack(data: bytes, folder: Path) -> None:
    """Unpacks an archive of plain files into a folder.

    Raises:
        ValueError: a member is something else, or would lie outside of the folder.
    """
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as tar:
        for member in tar:
            target = folder / member.name
            stream = tar.extractfile(member) if member.isreg() else None
            if stream is None or ".." in target.parts or not target.is_relative_to(folder):
                raise ValueError(f"not unpacked: {member.name!r}")
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(stream.read())


def _settle_bibliography(paper: BuiltPaper, build: Build, names: set[str], found: list[Located]) -> None:
    """Decides between the `.bbl` and the `.bib` files, as arXiv's TeX Live will read them."""
    bbl = f"{build.stem}.bbl"
    if not (paper.copy.folder / bbl).is_file():
        return
    names.add(bbl)
    stated = bbl_format(paper.copy.folder / bbl)
    wanted = paper.readme.bbl_formats
    if stated is None or stated in wanted:
        return
    what = f"{bbl} has biblatex' format {stated}, and arXiv reads {' and '.join(wanted)}"
    databases = database_files(build.bibliography.databases, paper.copy.files)
    if databases:
        names.discard(bbl)
        names.update(databases)
        item = finding("bibliography-left", f"{what}: the upload has {', '.join(databases)} in its place")
    else:
        hint = "put the .bib files beside the paper so that arXiv makes its own .bbl, or use a newer biblatex"
        item = finding("bbl-format", what, hint=hint)
    found.append(located(paper.copy, bbl, item))


def _tried(
    paper: BuiltPaper,
    data: bytes,
    build: Callable[..., AbstractContextManager[BuiltPaper]],
    check: Callable[[bytes], Verdict],
    stripped: bool,
) -> tuple[tuple[Build, ...], Verdict | None, list[Finding]]:
    """Builds what is in the archive, elsewhere."""
    first = paper.builds[0]
    main = first.main if len(paper.builds) == 1 else None
    with tempfile.TemporaryDirectory(prefix="pithtex-unpacked-") as name:
        unpack(data, Path(name))
        with build(Path(name), main=main, engine=first.engine) as again:
            failed = [item.finding for build in again.builds if not build.ok for item in build.findings]
            if failed:
                rule = "comments-matter" if stripped else "upload-incomplete"
                said = f"what was packed does not compile by itself: {failed[0].message}"
                return again.builds, None, [finding(rule, said, hint=_UNSTRIPPED if stripped else failed[0].hint)]
            verdicts = [check(_pdf(build)) for build in again.builds]  # the paper's is the one with a badge
            verdict = next((one for one in verdicts if one.badges), verdicts[0])
            return again.builds, verdict, _differences(paper.builds, again.builds, stripped)


def _differences(before: tuple[Build, ...], after: tuple[Build, ...], stripped: bool) -> list[Finding]:
    from pithtex.pdf.text.same_words import first_difference

    for one, other in zip(before, after, strict=True):
        what = first_difference(_pdf(one), _pdf(other))
        if what is not None and stripped:
            said = f"{one.main} and its copy without comments differ: {what}"
            return [finding("comments-matter", said, hint=_UNSTRIPPED)]
        if what is not None:
            hint = "look for something that changes from run to run, or that depends on a file missing from the log"
            return [finding("upload-differs", f"{one.main} and its packed copy differ: {what}", hint=hint)]
    return []


def _pdf(build: Build) -> bytes:
    return b"" if build.pdf is None else build.pdf.read_bytes()


def _at(target: Path, item: Finding) -> Located:
    return Located(file=str(target), finding=item)
