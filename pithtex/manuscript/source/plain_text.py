r"""TeX fragments as text that people read: accents and symbols as Unicode, formulas as they stand.

pylatexenc does it, with the commands of titles that it does not know. It is loaded only where a fragment has TeX in it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from pithtex.limits import MAX_FRAGMENT_CHARS
from pithtex.manuscript.tokens import uncommented
from pithtex.structs import struct

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.macrospec import LatexContextDb

_PLAIN: Final = re.compile(r"[^\\{}$~`'\"^_&#%-]*")
_COMMAND: Final = re.compile(r"\\(?:([A-Za-z@]+)|[\s\S])")
_DISTANCE: Final = re.compile(
    r"\\(?:kern|hskip|vskip|raise|lower|moveleft|moveright|hspace|vspace)(?![A-Za-z@])\*?\s*=?\s*\{?\s*[-+]?[\d.]*\s*"
    r"(?:em|ex|pt|mm|cm|in|pc|sp|bp|dd|cc|mu|\\[A-Za-z]+)\s*\}?"
)
"""Shifts as logos have them."""
_MAX_DEPTH: Final = 60
"""Groups in groups; pylatexenc calls itself for each."""

DROPPED: Final = {
    **dict.fromkeys(
        (
            "thanks",
            "footnote",
            "footnotetext",
            "footnotemark",
            "tnoteref",
            "tnotetext",
            "fnref",
            "thanksref",
            "titletag",
            "note",
        ),
        "[{",
    ),
    **dict.fromkeys(("cite", "citep", "citet", "citealp", "autocite", "textcite", "parencite"), "[[{"),
    **dict.fromkeys(("orcidlink", "orcidID", "inst", "affil", "vspace", "hspace", "vskip", "label", "index"), "*{"),
    **dict.fromkeys(("corref", "cortext", "email", "ead", "IEEEmembership", "icmlaffiliation", "color"), "[{"),
    **dict.fromkeys(("authornote", "authorrunning", "titlerunning", "runninghead", "selectlanguage"), "{"),
    **dict.fromkeys(("fontsize", "markboth"), "{{"),
    **dict.fromkeys(("includegraphics", "thispagestyle", "pagestyle", "setcounter", "setlength", "raisebox"), "[{"),
}
"""Commands that say nothing of the text they stand in, with their arguments: `[` optional, `{` mandatory."""
_EMPTY: Final = (
    *("centering", "bfseries", "mdseries", "itshape", "upshape", "scshape", "slshape", "sffamily", "rmfamily"),
    *("ttfamily", "normalfont", "tiny", "scriptsize", "footnotesize", "small", "normalsize", "large", "Large", "LARGE"),
    *("huge", "Huge", "bf", "it", "sc", "rm", "sf", "tt", "sl", "em", "boldmath", "unboldmath", "par", "noindent"),
    *("protect", "relax", "ignorespaces", "unskip", "raggedright", "leavevmode", "nobreak", "medskip", "smallskip"),
    *("bigskip", "maketitle", "vfill", "hfill", "xspace", "displaystyle", "textstyle", "null", "strut", "sloppy"),
    *("allowbreak", "singlespacing", "doublespacing", "onehalfspacing", "noindent", "hbox", "selectfont", "fontfamily"),
    *("bgroup", "egroup", "begingroup", "endgroup", "baselineskip", "textwidth", "linewidth", "columnwidth"),
)
_SHOWN: Final = (
    *("textbf", "textit", "textsl", "textsc", "texttt", "textsf", "textrm", "textup", "textmd", "textnormal", "emph"),
    *("underline", "mbox", "uppercase", "MakeUppercase", "MakeLowercase", "lowercase", "NoCaseChange", "text", "hbox"),
    *(
        "textsuperscript",
        "textsubscript",
        "boldsymbol",
        "mathrm",
        "IEEEauthorblockN",
        "smash",
        "uline",
        "bm",
        "hologo",
        "title",
    ),
)
_WORDS: Final = {
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "LaTeXe": "LaTeX2e",
    "BibTeX": "BibTeX",
    "XeTeX": "XeTeX",
    "AmS": "AMS",
    "XeLaTeX": "XeLaTeX",
    "LuaTeX": "LuaTeX",
    "LuaLaTeX": "LuaLaTeX",
    "pdfTeX": "pdfTeX",
    "pdfLaTeX": "pdfLaTeX",
    "AmSLaTeX": "AMS-LaTeX",
    "newline": " ",
    "linebreak": " ",
    "newblock": " ",
    "and": " and ",
    "And": " and ",
    "AND": " and ",
    "quad": " ",
    "qquad": " ",
    "break": " ",
    "titlebreak": " ",
    "newauthor": " ",
    "space": " ",
    "slash": "/",
    "hyp": "-",
    "textendash": "\u2013",
    "textemdash": "\u2014",
    "copyright": "\u00a9",
    "degree": "\u00b0",
    "textregistered": "\u00ae",
    "texttrademark": "\u2122",
    "textquotesingle": "'",
    "shy": "",
    "enspace": " ",
}

KNOWN: Final = frozenset(
    (*DROPPED, *_EMPTY, *_SHOWN, *_WORDS, "texorpdfstring", "textcolor", "href", "ensuremath", "ref")
)
"""What these say is known here, so that a paper's own version of one, which changes its looks, is not expanded."""


@struct
class Plain:
    """A fragment as text."""

    text: str
    """White space collapsed."""
    unknown: tuple[str, ...] = ()
    """Commands, outside of formulas, that are not known here: what they print is missing in the text."""


def plain_text(fragment: str, *, math: bool = False) -> Plain:
    r"""Returns the text of a fragment.

    Args:
        fragment: its source, with the paper's own macros expanded, without comments.
        math: formulas as text too (`$\alpha$` as `α`); else they stand as in the source, as in arXiv's metadata.
    """
    if len(fragment) > MAX_FRAGMENT_CHARS or _too_deep(fragment):
        return Plain(text=" ".join(fragment[:MAX_FRAGMENT_CHARS].split()))
    fragment = _DISTANCE.sub("", fragment)
    if _PLAIN.fullmatch(fragment):
        return Plain(text=" ".join(fragment.split()))
    from pylatexenc.latexwalker import LatexWalker

    parsing, converter = _converter(math=math)
    unknown: list[str] = []
    try:
        walker = LatexWalker(fragment, latex_context=parsing, tolerant_parsing=True)
        text = str(converter.nodelist_to_text(walker.get_latex_nodes()[0]))
        unknown = _unknown(fragment, parsing, converter.latex_context)
    except (RecursionError, ValueError, IndexError, KeyError, AttributeError, TypeError):
        # Whatever it stumbles on, the fragment can be shown as it stands (pylatexenc#99 is an IndexError).
        text = fragment
    return Plain(text=" ".join(text.split()), unknown=tuple(dict.fromkeys(unknown)))


def plain_title(title: str) -> str:
    """Returns a title's source on one line: comments, notes and line breaks left out, commands as they stand."""
    text = uncommented(title)
    text = re.sub(r"\\(?:thanks|footnote|footnotemark|tnoteref)\s*(?:\[[^\]]*\])?\{(?:[^{}]|\{[^{}]*\})*\}", "", text)
    text = re.sub(r"\\\\(?:\[[^\]]*\])?|\\newline\b|~", " ", text)
    return " ".join(text.split())


def _too_deep(fragment: str) -> bool:
    depth = 0
    for char in fragment:
        depth += (char == "{") - (char == "}")
        if depth > _MAX_DEPTH:
            return True
    # Commands that take the next token as their argument nest without a brace.
    return re.search(r"(?:\\[A-Za-z]+\s*){200}", fragment) is not None or fragment.count("$") > 1000


def _unknown(fragment: str, parsing: LatexContextDb, shown: LatexContextDb) -> list[str]:
    """Commands that neither table has. Of those they give a specification without a name, or none."""
    outside = re.sub(r"\$[^$]*\$", "", fragment)
    names = dict.fromkeys(found[1] for found in _COMMAND.finditer(outside) if found[1])
    return [
        name
        for name in names
        if getattr(parsing.get_macro_spec(name), "macroname", "") != name
        and getattr(shown.get_macro_spec(name), "macroname", "") != name
    ][:20]


@cache
def _converter(*, math: bool) -> tuple[LatexContextDb, LatexNodes2Text]:
    """Returns the parser's and the converter's tables, with what titles have beside."""
    from pylatexenc import latex2text, latexwalker
    from pylatexenc.latex2text import MacroTextSpec
    from pylatexenc.macrospec import MacroSpec

    parsing = latexwalker.get_default_latex_context_db()
    shown = latex2text.get_default_latex_context_db()
    macros = [MacroSpec(name, args) for name, args in DROPPED.items()]
    macros += [MacroSpec(name, "") for name in (*_EMPTY, *_WORDS)]
    macros += [MacroSpec(name, "{") for name in _SHOWN]
    macros += [MacroSpec("texorpdfstring", "{{"), MacroSpec("textcolor", "[{{"), MacroSpec("href", "{{")]
    macros += [MacroSpec("parbox", "[[[{{"), MacroSpec("resizebox", "{{{"), MacroSpec("scalebox", "{{")]
    macros.append(MacroSpec("foreignlanguage", "{{"))
    macros += [MacroSpec("ensuremath", "{"), MacroSpec("\\", "*["), MacroSpec("ref", "{")]
    texts = [MacroTextSpec(name, "") for name in (*DROPPED, *_EMPTY)]
    texts += [MacroTextSpec(name, word) for name, word in _WORDS.items()]
    texts += [MacroTextSpec(name, "%s") for name in _SHOWN]
    texts += [
        MacroTextSpec("texorpdfstring", "%(1)s"),
        MacroTextSpec("textcolor", "%(3)s"),
        MacroTextSpec("href", "%(2)s"),
        MacroTextSpec("parbox", "%(5)s"),
        MacroTextSpec("resizebox", "%(3)s"),
        MacroTextSpec("scalebox", "%(2)s"),
        MacroTextSpec("foreignlanguage", "%(2)s"),
        MacroTextSpec("ref", ""),
        MacroTextSpec("\\", " "),
        MacroTextSpec("ensuremath", "%s" if math else "$%s$"),
    ]
    parsing.add_context_category("titles", macros=macros, prepend=True)
    shown.add_context_category("titles", macros=texts, prepend=True)
    converter = latex2text.LatexNodes2Text(
        latex_context=shown, math_mode="text" if math else "verbatim", strict_latex_spaces=False, keep_comments=False
    )
    return parsing, converter
