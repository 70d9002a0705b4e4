"""PITH823, 824 and 828: the programs, drivers and engines that a paper asks for, and those that arXiv runs."""

from __future__ import annotations

import posixpath
import re
from typing import Final

from pithtex.findings import Severity
from pithtex.manuscript.build.arxiv_rules import README, Engine
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Reached
from pithtex.manuscript.source.referring import Kind
from pithtex.review.submission.engine import DRIVERS, OF_DRIVERS, OF_XETEX, is_of_dvips
from pithtex.review.submission.model import Findings, Submission, with_severity
from pithtex.structs import NamedTuple

_NO_DRIVERS: Final = frozenset({"dvipdfm", "dvipdfmx", "xdvi", "oztex", "textures", "vtex", "luatex"})
_DRIVERS: Final = {
    "dvips": frozenset({"eps"}),
    "pdftex": frozenset({"pdf", "png", "jpg"}),
}
"""Kinds of figures by the drivers that draw them (grfguide, section "Package options")."""
_WRITE_18: Final = re.compile(r"\\(?:immediate\s*\\)?write\s*18(?![0-9])")


_NO_LUA: Final = "change the paper so that pdfLaTeX or XeLaTeX can compile it"
_LUA: Final = frozenset(
    {"luacode", "luatextra", "luatexja", "luatexja-fontspec", "luatexja-preset", "luamplib", "emoji", "luatexko"}
    | {"lua-widow-control", "lua-ul", "luacolor", "lyluatex", "pyluatex", "luaplot", "lualinalg"}
)
"""Packages that stop every engine but LuaTeX."""
_PTEX: Final = frozenset(
    {"jsarticle", "jsbook", "jsreport", "jarticle", "jbook", "jreport", "ujarticle", "ujbook", "ujreport"}
    | {"tarticle", "tbook", "treport", "utarticle", "utbook", "utreport"}
)
"""Classes of pTeX."""
_BY_PST_PDF: Final = ("auto-pst-pdf", "pst-pdf", "pdftricks", "pdftricks2")
"""Packages that compile such drawings apart."""


class _Program(NamedTuple):
    """A package that starts a program, and what that leaves for TeX."""

    packages: tuple[str, ...]
    program: str
    left: re.Pattern[str]
    leaves: str


_PROGRAMS: Final = (
    _Program(("pythontex",), "Python", re.compile("^pythontex-files-"), "pythontex-files-*"),
    _Program(
        ("sagetex",), "Sage", re.compile("^sage-plots-for-|\\.sagetex\\.sout$"), "*.sagetex.sout, sage-plots-for-*"
    ),
    _Program(("gnuplottex",), "gnuplot", re.compile("-gnuplottex-fig[0-9]"), "*-gnuplottex-fig*"),
    _Program(("asymptote",), "Asymptote", re.compile("-[0-9]+\\.(?:pdf|eps|tex)$"), "the pictures *-1.pdf and so on"),
    _Program(("feynmp", "feynmp-auto", "emp"), "MetaPost", re.compile("\\.(?:[0-9]+|mps)$"), "the files *.1 and so on"),
    _Program(("auto-pst-pdf", "pst-pdf"), "a LaTeX of its own", re.compile("-(?:pics|autopp)\\.pdf$"), "*-pics.pdf"),
    _Program(("markdown",), "Lua", re.compile("^_markdown_"), "the folder _markdown_*, with the option frozenCache"),
    _Program(("dot2texi",), "dot2tex", re.compile("-dot2tex-fig[0-9]"), "*-dot2tex-fig*"),
)


def program_needed(submission: Submission) -> Findings:
    r"""PITH823.

    What it does:
        Reports what needs another program while TeX runs: minted without its option `frozencache` or without the cache,
        svg, pythontex, sagetex, gnuplottex, asymptote, feynmp, markdown and others, the externalisation of TikZ,
        `\write18` and `\input|`.

    Why it matters:
        arXiv runs no other program (no shell escape). minted, svg and a pipe stop TeX, the others print `??` or
        nothing.

    How to fix it:
        Run it here and upload what it leaves: for minted the cache, with the option `frozencache`; for svg the folder
        `svg-inkscape`; for TikZ the pictures, or compile them in the paper.
    """
    manuscript, listing = submission.manuscript, submission.map.listing
    yield from _minted(submission)
    for program in _PROGRAMS:
        use = manuscript.package(*program.packages)
        if use is not None and not any(program.left.search(name) for name in (*listing.folders, *listing.files)):
            name = next(name for name in use.names if name in program.packages)
            message = f"{name} needs {program.program}, which arXiv does not run"
            hint = f"compile here with shell escape and upload what it leaves: {program.leaves}"
            yield with_severity(submission.at(use, "program-needed", message, hint), Severity.WARNING)
    svg = next((item for item in submission.map.of(Kind.FIGURE) if item.use.name == "includesvg"), None)
    if svg is not None and svg.use.state is Reached.ACTIVE and "svg-inkscape" not in listing.folders:
        hint = "compile here with shell escape and upload the folder svg-inkscape"
        yield submission.at(svg.use, "program-needed", "\\includesvg needs Inkscape, which arXiv does not run", hint)
    externalized = manuscript.commands.get("tikzexternalize")
    if externalized is not None:
        hint = "remove \\tikzexternalize, or upload the pictures that it made with mode=graphics if exists"
        message = "TikZ is told to compile each picture separately, which needs a program that arXiv does not start"
        yield with_severity(submission.at(externalized, "program-needed", message, hint), Severity.WARNING)
    yield from _shell(submission)


def _minted(submission: Submission) -> Findings:
    use = submission.manuscript.package("minted")
    if use is None or "draft" in use.option_list:
        return
    hint = "compile here with the option frozencache=true and upload the cache: _minted-main/ or _minted/"
    if not any("frozencache" in option for option in use.option_list):
        yield submission.at(use, "program-needed", "minted needs Pygments, which arXiv does not run", hint)
        return
    chosen = next((option.partition("=")[2] for option in use.option_list if option.startswith("cachedir")), "")
    folder = posixpath.normpath(chosen.strip("{} ")) if chosen else ""
    if folder.startswith(".") and folder != ".":
        message = f"the cache of minted is in the hidden folder {folder}, which arXiv deletes"
        yield submission.at(use, "program-needed", message, "give cachedir another name")
    elif not any(_is_cached(name, folder) for name in submission.map.listing.files):
        message = "minted is told to use its cache, but the cache is missing"
        yield submission.at(use, "program-needed", message, "compile here with finalizecache, and upload the cache")


def _is_cached(name: str, folder: str) -> bool:
    """Tells whether a file is of minted's cache."""
    place, _, last = name.rpartition("/")
    inside = place == folder or (folder == "." and not place) if folder else place.startswith("_minted")
    return inside and last.endswith((".pygtex", ".pygstyle", ".minted", ".style.minted"))


def _shell(submission: Submission) -> Findings:
    manuscript = submission.manuscript
    pipe = next((use for use in manuscript.inputs if use.argument.startswith("|")), None)
    if pipe is not None and pipe.state is Reached.ACTIVE:
        message = f"\\{pipe.name} reads what another program prints, which arXiv does not start"
        yield submission.at(pipe, "program-needed", message, "save its output in a file and read that")
    for file in manuscript.files:
        for found in _WRITE_18.finditer(file.text) if "18" in file.text else ():
            if _certain(submission, file, found.start()):
                message = f"{found[0]} starts another program, which arXiv does not"
                hint = "run it here and upload what it writes"
                item = submission.at_offset(file, found.start(), "program-needed", message, hint)
                yield with_severity(item, Severity.WARNING)
                return


def _certain(submission: Submission, file: TexFile, offset: int) -> bool:
    """Tells whether TeX executes this place, in the preamble or in the document."""
    spans = submission.manuscript.unprinted.get(file.name, ())
    line = file.text.rfind("\n", 0, offset) + 1
    return "%" not in file.text[line:offset] and not any(start <= offset < end for start, end in spans)


def driver_option(submission: Submission) -> Findings:
    r"""PITH824.

    What it does:
        Reports a driver that the class, hyperref, graphics or graphicx is told to take, and that arXiv does not have,
        that is of another engine than arXiv would run, or that draws other figures than those of the paper.

    Why it matters:
        LaTeX and hyperref stop at a driver of another engine, and without the right one TeX does not find the size of
        the figures. Without the option they take the right driver.

    How to fix it:
        Remove the option.
    """
    kinds = {figure.is_kind for figure in submission.map.figures.values()}
    main, engine = submission.manuscript.document_class, submission.engine
    for use in (main, *submission.manuscript.packages):
        if use is None or use.state is not Reached.ACTIVE:
            continue
        drawing = bool({"graphicx", "graphics"} & set(use.names)) and use is not main
        for option in use.option_list:
            if drawing and option in _NO_DRIVERS:
                message, hint = f"arXiv has no driver {option} for figures", "remove the option"
            elif drawing and kinds - {None} - _DRIVERS.get(option, kinds):
                message = f"the driver {option} cannot draw this paper's figures"
                hint = "remove the option; the right driver is found without it"
            elif (use is main or "hyperref" in use.names) and _of_another(option, engine):
                message = f"the driver {option} does not work with {engine}, which arXiv would run"
                hint = "remove the option; the right driver is found without it"
            else:
                continue
            yield submission.at(use, "driver-option", message, hint)
            break


def _of_another(option: str, engine: str | None) -> bool:
    """Tells whether an option is a driver of another engine."""
    return option in OF_DRIVERS and option not in DRIVERS.get(engine or "", OF_DRIVERS)


def engine_mismatch(submission: Submission) -> Findings:
    r"""PITH828.

    What it does:
        Reports a class, a package or a command of an engine that arXiv does not offer (LuaLaTeX, pLaTeX, upLaTeX), and
        packages of XeLaTeX or of dvips where arXiv would run another engine. arXiv takes XeLaTeX where the main file
        itself loads fontspec, polyglossia or unicode-math; it does not look into styles, nor for other packages.

    Why it matters:
        TeX stops at once.

    How to fix it:
        Load fontspec in the main file, or name the engine in `00README.json`:
        `{"process": {"compiler": "xelatex"}}`. What needs LuaLaTeX has to be done in another way.
    """
    manuscript, engine = submission.manuscript, submission.engine
    if submission.options.engine is not None:
        return  # by the user's own word it is not arXiv's
    if submission.readme.engine is Engine.LUALATEX:
        yield submission.of(README, "engine-mismatch", "it asks for LuaLaTeX, which arXiv does not offer", _NO_LUA)
    main = manuscript.document_class
    if main is not None and (main.argument in _PTEX or main.argument.startswith("ltj")):
        wanted = "LuaLaTeX" if main.argument.startswith("ltj") else "pLaTeX or upLaTeX"
        message = f"the class {main.argument} needs {wanted}, which arXiv does not offer"
        yield submission.at(main, "engine-mismatch", message, "use a class for pdfLaTeX or XeLaTeX")
    commands = (manuscript.commands.get(name) for name in ("directlua", "luaexec", "luadirect", "usegdlibrary"))
    lua = manuscript.package(*_LUA) or next((use for use in commands if use is not None), None)
    if lua is not None:
        what = next((name for name in lua.names if name in _LUA), f"\\{lua.name}")
        message = f"{what} needs LuaLaTeX, which arXiv does not offer"
        yield submission.at(lua, "engine-mismatch", message, _NO_LUA)
    elif engine not in {None, "xelatex", "lualatex"}:
        yield from _of_other_engines(submission, str(engine))


def _of_other_engines(submission: Submission, engine: str) -> Findings:
    uses = [use for use in submission.manuscript.packages if use.state is Reached.ACTIVE]
    uses += [item.use for item in submission.map.of(Kind.PACKAGE) if item.use.state is Reached.ACTIVE]
    for use in uses:
        xetex = next((name for name in use.names if name in OF_XETEX), None)
        if xetex is not None:
            message = f"{xetex} needs XeLaTeX, but arXiv would run {engine}"
            hint = 'load fontspec in the main file, or write {"process": {"compiler": "xelatex"}} into 00README.json'
            yield submission.at(use, "engine-mismatch", message, hint)
            return
        dvips = next((name for name in use.names if is_of_dvips(name)), None)
        if dvips is not None and engine == "pdflatex" and submission.manuscript.package(*_BY_PST_PDF) is None:
            message = f"{dvips} needs dvips, but arXiv would run pdflatex"
            hint = 'write {"process": {"compiler": "latex"}} into 00README.json'
            yield with_severity(submission.at(use, "engine-mismatch", message, hint), Severity.WARNING)
            return


RULES: Final = (program_needed, driver_option, engine_mismatch)
