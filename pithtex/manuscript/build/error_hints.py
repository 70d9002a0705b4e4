"""What to do about TeX's commonest errors: a command that no package defines, a character that LaTeX does not know."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from pithtex.text import nearest

_UNDEFINED: Final = re.compile(r"Undefined control sequence\.?[^\n]*?(\\[A-Za-z@]+)\s*\Z")
"""TeX shows the line up to the command that it does not know."""
_CHARACTER: Final = re.compile(r"Unicode character (?P<char>.)? ?\(U\+(?P<code>[0-9A-F]{4,6})\)", re.DOTALL)
_ENGINE: Final = re.compile(r"Xe(?:La)?TeX|Lua(?:La)?TeX|fontspec|fontset|mathspec")
"""In errors of papers that are compiled by an engine that they are not for."""
_PACKAGES: Final = {
    command: package
    for package, commands in {
        "amsmath": "text eqref align dfrac tfrac binom operatorname DeclareMathOperator boldsymbol overset underset "
        "intertext xrightarrow iint numberwithin substack",
        "amssymb": "mathbb mathfrak lesssim gtrsim leqslant geqslant checkmark square therefore because varnothing "
        "nexists blacksquare",
        "graphicx": "includegraphics graphicspath rotatebox scalebox resizebox",
        "xcolor": "textcolor color definecolor colorbox rowcolor cellcolor",
        "hyperref": "href hypersetup autoref nameref texorpdfstring hyperlink hypertarget phantomsection",
        "url": "url path",
        "natbib": "citep citet citealt citealp citeauthor citeyear citeyearpar bibpunct setcitestyle",
        "biblatex": "addbibresource printbibliography textcite parencite autocite footcite",
        "booktabs": "toprule midrule bottomrule cmidrule addlinespace",
        "multirow": "multirow",
        "cleveref": "cref Cref crefname Crefname crefrange",
        "siunitx": "SI si num qty unit ang SIrange qtyrange DeclareSIUnit sisetup",
        "bm": "bm",
        "mathtools": "coloneqq eqqcolon DeclarePairedDelimiter mathclap prescript",
        "physics": "dv pdv qty ket bra braket abs norm",
        "subcaption": "subcaption subcaptionbox",
        "caption": "captionsetup captionof",
        "algorithm2e": "SetKwInOut SetAlgoLined DontPrintSemicolon",
        "algpseudocode": "State Require Ensure If EndIf For EndFor While EndWhile Procedure Return",
        "enumitem": "setlist",
        "xspace": "xspace",
        "ulem": "sout uline uwave",
        "soul": "hl st",
        "todonotes": "todo missingfigure listoftodos",
        "listings": "lstset lstinline lstinputlisting",
        "tikz": "tikz usetikzlibrary tikzset",
        "pgfplots": "pgfplotsset addplot",
        "dsfont": "mathds",
        "mathrsfs": "mathscr",
        "textcomp": "textdegree texteuro textmu",
        "gensymb": "degree celsius ohm micro",
        "lipsum": "lipsum",
        "geometry": "geometry newgeometry",
        "fancyhdr": "fancyhead fancyfoot fancyhf rhead lhead cfoot",
        "setspace": "doublespacing onehalfspacing singlespacing",
        "lineno": "linenumbers",
        "authblk": "affil",
        "nicefrac": "nicefrac",
        "cancel": "cancel bcancel",
        "pifont": "ding",
        "float": "restylefloat newfloat",
        "wrapfig": "wrapfigure",
        "makecell": "makecell thead",
        "soulutf8": "sethlcolor",
        "csquotes": "enquote blockquote",
        "etoolbox": "newtoggle toggletrue ifdefempty apptocmd patchcmd",
    }.items()
    for command in commands.split()
}
_SIGNS: Final = {
    0x2212: "$-$",
    0x00D7: "$\\times$",
    0x2264: "$\\leq$",
    0x2265: "$\\geq$",
    0x2260: "$\\neq$",
    0x2248: "$\\approx$",
    0x2192: "$\\to$",
    0x221E: "$\\infty$",
    0x2208: "$\\in$",
    0x00B1: "$\\pm$",
    0x2202: "$\\partial$",
    0x2207: "$\\nabla$",
    0x2211: "$\\sum$",
    0x221A: "$\\sqrt{}$",
    0x03BC: "$\\mu$",
}
_LAST: Final = 0x10FFFF
_GREEK: Final = re.compile("GREEK (CAPITAL|SMALL) LETTER ([A-Z]+)")
_UNSEEN: Final = frozenset({"Cf", "Zs", "Cc", "Mn"})
"""Categories of characters that are not seen: joiners, marks of order, spaces, combining marks."""


def hint_for(message: str, engine: str) -> str | None:
    """Returns what to do about an error of TeX; None if it is none of these.

    Args:
        message: its words, with what TeX had read of the line.
        engine: the engine that compiled the paper.
    """
    character = _CHARACTER.search(message)
    if character is not None:
        return _of_character(int(character["code"], 16))
    undefined = _UNDEFINED.match(message)
    if undefined is not None:
        return _of_command(undefined[1][1:], engine)
    if engine != "xelatex" and _ENGINE.search(message):
        return "if the paper needs XeLaTeX, try --engine xelatex and name it in 00README.json for arXiv"
    return None


def _of_command(name: str, engine: str) -> str:
    if engine == "xelatex" and name.startswith("pdf"):
        return f"\\{name} may be a command of pdfTeX: try --engine pdflatex and name it in 00README.json for arXiv"
    package = _PACKAGES.get(name)
    if package is not None:
        return f"\\{name} is defined by the package {package}; add \\usepackage{{{package}}}"
    near = nearest(name, _PACKAGES, most=1) if len(name) > 3 else []
    if len(near) == 1:
        return (
            f"did you mean \\{near[0]} of the package {_PACKAGES[near[0]]}? Otherwise load the package that "
            f"defines \\{name}"
        )
    return f"check the spelling of \\{name}, define it, or load the package that defines it"


def _of_character(code: int) -> str:
    declare = f"\\DeclareUnicodeCharacter{{{code:04X}}}{{...}} in the preamble"
    name = unicodedata.name(chr(code), "") if code <= _LAST else ""
    if not name:
        return f"write it as a command, or {declare}"
    shown = repr(name.capitalize())
    if unicodedata.category(chr(code)) in _UNSEEN:
        return f"it is {shown}, which is invisible: delete it there"
    greek = _GREEK.fullmatch(name)
    command = None if greek is None else greek[2].capitalize() if greek[1] == "CAPITAL" else greek[2].lower()
    written = _SIGNS.get(code) or (None if command is None else f"$\\{command}$")
    return f"it is {shown}: write {written or 'it as a command'}, or {declare}"
