"""What can be wrong with a build, said with its place and with what to do."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from pithtex.catalogue import finding
from pithtex.findings import Finding, Located
from pithtex.limits import MAX_BUILD_BYTES, MAX_BUILD_FILE_BYTES
from pithtex.manuscript.build.error_hints import hint_for
from pithtex.manuscript.build.process import Ran
from pithtex.manuscript.build.recorder import log_errors
from pithtex.manuscript.build.workcopy import WorkingCopy
from pithtex.manuscript.source.texlive import in_texlive
from pithtex.structs import replace

_TREES: Final = ("TEXMFROOT", "TEXMFDIST", "TEXMFSYSVAR", "TEXMFSYSCONFIG", "TEXMFDEBIAN", "TEXMFVAR")
"""The trees of a TeX distribution, by the names that kpathsea has for them; Debian has one of its own."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9_+.][A-Za-z0-9_+\-./ ]{0,200}")
_FONT: Final = re.compile(r"[Ff]ont [\"'`][^\n]{1,200}? cannot be")
_METRICS: Final = re.compile(r"Font [^\n=]{1,200}=(?P<name>[A-Za-z0-9-]{2,60})[^\n]{0,40} not loadable: Metric \(TFM\)")
_CONVERTED: Final = "-eps-converted-to.pdf"
"""So epstopdf.sty calls what it makes of an EPS figure."""
_WORDS: Final = 4
"""Words of an argument by which it is looked for."""
_LOOK_SECONDS: Final = 10
_MOST_NAMES: Final = 50
"""Files that are asked for at once."""


def located(copy: WorkingCopy, name: str, item: Finding, line: int | None = None) -> Located:
    """Returns a finding in one of the paper's files."""
    return Located(file=str(copy.origin / name), finding=item, line=line)


def log_error(copy: WorkingCopy, main: str, engine: str, log: str, otherwise: str) -> Located:
    """Returns the finding for the first error of a log, at its file and line.

    Args:
        copy: the paper.
        main: the file that was compiled.
        engine: the engine that compiled it.
        log: TeX's log.
        otherwise: what is said where the log has no error.
    """
    errors = log_errors(log)
    if not errors:
        return located(copy, main, finding("build-failed", otherwise, hint=None))
    first = errors[0]
    if first.opened is not None:
        return _never_ends(copy, main, *first.opened)
    lacking = _lacking_here(copy, first.message, first.missing)
    if lacking is not None:
        return no_file_of_tex(copy, main, lacking)
    name = os.path.normpath(first.file or main)
    known = name in copy.files  # what a paper prints may look like an error: a place is only ever in a file of its own
    # Of a package's own file the name tells which one it is.
    packaged = os.path.isabs(name) and name.endswith((".sty", ".cls", ".clo", ".def", ".ldf"))
    inside = f" (in {os.path.basename(name)}:{first.line})" if packaged and not known else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    hint = None if first.missing is None else _where_it_is(copy, first.missing)
    if "shell-escape" in first.message:
        hint = "arXiv runs no other programs; for minted, make its cache here and upload it with the option frozencache"
    elif hint is None and _FONT.search(first.message):
        hint = (
            "put the font file beside the paper and load it by file name, or install it here if it is part of TeX Live"
        )
    elif hint is None:
        hint = hint_for(first.message, engine)
    item = finding("build-failed", f"{first.message}{inside}{more}", hint=hint)
    return located(copy, name if known else main, item, first.line if known else None)


def _never_ends(copy: WorkingCopy, main: str, command: str, begins: str) -> Located:
    """Returns the finding for an argument without its closing brace, at its place if only one place fits."""
    words = begins.replace("\\par", " \n ").split("\n")[0].split()[:_WORDS]
    pattern = re.compile(rf"{re.escape(command)}\s*(?:\[[^\]\n]*\]\s*)?\{{\s*" + r"\s+".join(map(re.escape, words)))
    places = []
    for name in sorted(name for name in copy.files if name.endswith((".tex", ".ltx"))):
        text = (copy.folder / name).read_bytes().decode("utf-8", "replace")
        places += [(name, text.count("\n", 0, found.start()) + 1) for found in pattern.finditer(text)]
    name, line = places[0] if len(places) == 1 else (main, None)
    item = finding(
        "build-failed", f"a closing brace is missing: the file ends inside the argument of {command}", hint=None
    )
    return located(copy, name, item, line)


def _lacking_here(copy: WorkingCopy, message: str, missing: str | None) -> str | None:
    """Returns what this machine's TeX lacks and arXiv's has, if that caused the error; else None."""
    if missing is not None and missing not in copy.files and "/" not in missing and in_texlive(missing):
        return missing
    font = _METRICS.search(message)
    if font is None or f"{font['name']}.tfm" in copy.files:
        return None
    return f"the font {font['name']}"


def stopped(copy: WorkingCopy, main: str, program: str, ran: Ran) -> Located:
    """Returns the finding for a program that was stopped."""
    if ran.stopped == "time":
        what = f"{program} was ended after {ran.seconds:.0f} seconds"
        hint = "arXiv allows 595 seconds for a whole build; look for a loop, or draw large pictures beforehand"
    else:
        sizes = f"{MAX_BUILD_FILE_BYTES // 2**20} MiB into one file, or {MAX_BUILD_BYTES // 2**20} MiB in all"
        what = f"{program} was ended when it had written {sizes}"
        hint = "look for a loop that keeps writing, or make the figures smaller"
    return located(copy, main, finding("build-stopped", what, hint=hint))


def name_refused(copy: WorkingCopy, name: str) -> Located:
    """Returns the finding for a name that arXiv refuses."""
    hint = "rename the file and update the source; letters, digits and _+-.,= are safe"
    return located(
        copy, name, finding("name-refused", "arXiv refuses this file name because of its characters", hint=hint)
    )


def no_program(copy: WorkingCopy, main: str, program: str) -> Located:
    """Returns the finding for a program that is not installed."""
    hint = "install TeX Live, or build on a machine that has it; everything else was checked"
    item = located(copy, main, finding("build-unavailable", f"not built: {program} is not installed", hint=hint))
    return replace(item, undecided=True)


def no_file_of_tex(copy: WorkingCopy, main: str, what: str) -> Located:
    """Returns the finding for a file that arXiv's TeX Live has and this machine lacks: the build is undecided."""
    message = f"not built: TeX on this machine lacks {what}, which is part of TeX Live"
    hint = "install the rest of TeX Live, or build on a machine that has it; everything else was checked"
    item = located(copy, main, finding("build-unavailable", message, hint=hint))
    return replace(item, undecided=True)


def outside(copy: WorkingCopy, main: str, path: str) -> Located:
    """Returns the finding for a file that the build read and an upload will not have."""
    what = f"the build read {path}, which is neither in the paper's folder nor part of TeX"
    hint = "copy the file into the paper's folder, or use what TeX Live has; arXiv does not have your system's files"
    return located(copy, main, finding("outside-file", what, hint=hint))


def outside_distribution(paths: Iterable[str], environment: Mapping[str, str]) -> tuple[str, ...]:
    """Those of the absolute paths that are in no tree of the TeX distribution, nor fontconfig's own settings.

    In those are links to files of other Debian packages, such as fonts, and each tree may be a link itself.
    """
    left = sorted(paths)
    if not left:
        return ()
    trees = [*_trees(environment), environment["HOME"], environment["TEXMFVAR"], "/etc/fonts", "/dev/null"]
    roots = tuple(os.path.join(tree, "") for tree in trees)
    return tuple(
        path
        for path in left
        if path not in trees and not path.startswith(roots) and not os.path.realpath(path).startswith(roots)
    )


def _trees(environment: Mapping[str, str]) -> list[str]:
    """Returns the distribution's folders, with and without links resolved."""
    said = _kpsewhich([f"-expand-braces={os.pathsep.join(f'${name}' for name in _TREES)}"], environment)
    trees = [tree.removeprefix("!!") for tree in said.split(os.pathsep) if tree.removeprefix("!!").startswith("/")]
    return [path for tree in trees for path in (tree, os.path.realpath(tree))]


def _where_it_is(copy: WorkingCopy, name: str) -> str:
    """Returns what to do about a file that was not found: it may be where only the user's own TeX looks."""
    if name.startswith("/") or ".." in name.split("/"):
        return "arXiv has only the paper's folder: copy the file there, and use its path from there"
    base = os.path.basename(name)
    elsewhere = sorted(file for file in copy.files if os.path.basename(file).lower() == base.lower())
    if elsewhere:
        return f"the paper has {elsewhere[0]}: use its exact path from the paper's folder"
    figure = f"{name.removesuffix(_CONVERTED)}.eps"
    if name.endswith(_CONVERTED) and figure in copy.files:
        return f"arXiv does not convert figures; run epstopdf {shlex.quote(figure)} --outfile={shlex.quote(name)}"
    if _PLAIN.fullmatch(base):
        found = _kpsewhich([base], os.environ, folder=copy.place).strip()
        if found:
            return f"your TeX finds it at {found}, which arXiv does not have: put a copy beside the paper"
    if "/" in name:  # no file of TeX itself is named with its folder
        return "add the file: the paper's folder does not have it"
    return "put it beside the paper; or, if it is part of TeX Live, install it here"


def in_distribution(names: Iterable[str]) -> list[str]:
    """Those of the files that the TeX distribution of this machine has; none of the user's own are looked at."""
    plain = [name for name in names if _PLAIN.fullmatch(name)][:_MOST_NAMES]
    if not plain:
        return []
    nowhere = dict.fromkeys(("TEXMFHOME", "TEXMFLOCAL", "TEXMFVAR", "TEXMFCONFIG", "HOME"), "/nonexistent")
    said = _kpsewhich(plain, {**os.environ, **nowhere}, folder=Path("/"))
    found = {os.path.basename(line) for line in said.splitlines()}
    return [name for name in plain if name in found]


def _kpsewhich(arguments: list[str], environment: Mapping[str, str], folder: Path | None = None) -> str:
    program = shutil.which("kpsewhich")
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - the program is TeX's; of its arguments a paper can choose a plain name
            [program, *arguments],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LOOK_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return os.fsdecode(done.stdout[:100_000]).strip()
