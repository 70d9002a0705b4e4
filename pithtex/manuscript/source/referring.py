r"""The commands by which a paper refers to a file, a label or an entry, and what each takes.

Sources: the manuals of LaTeX (usrguide, grfguide), pdfpages, listings, fancyvrb, minted, pgf, pgfplots, overpic,
datatool, biblatex, natbib, cleveref, varioref, zref, xr, fontspec.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple


class Kind(StrEnum):
    """What a reference is to."""

    CLASS = "class"
    PACKAGE = "package"
    FIGURE = "figure"
    DATABASE = "bibliography"
    STYLE = "bibliography style"
    DATA = "data"
    FONT = "font"
    DOCUMENT = "other document"


class Takes(NamedTuple):
    """How a command names its file: in its mandatory argument of that number, there by one of `keys` if it has any."""

    kind: Kind
    argument: int = 1
    keys: tuple[str, ...] | None = None


_FIGURES: Final = (
    *("includegraphics", "epsfbox", "epsffile", "includepdf", "includesvg", "pgfimage", "tcbincludegraphics"),
)
_FONTS: Final = ("setmainfont", "setsansfont", "setmonofont", "fontspec", "setmathfont")
_NAMED_FONTS: Final = ("newfontfamily", "newfontface", "setfontfamily", "setfontface", "renewfontfamily")

REFERRING: Final[dict[str, Takes]] = {
    **dict.fromkeys(_FIGURES, Takes(Kind.FIGURE)),
    **dict.fromkeys(("epsfig", "psfig"), Takes(Kind.FIGURE, keys=("file", "figure"))),
    **dict.fromkeys(("LoadClass", "LoadClassWithOptions"), Takes(Kind.CLASS)),
    "RequirePackageWithOptions": Takes(Kind.PACKAGE),
    **dict.fromkeys(("bibliography", "nobibliography", "addbibresource", "addglobalbib"), Takes(Kind.DATABASE)),
    "bibliographystyle": Takes(Kind.STYLE),
    **dict.fromkeys(("lstinputlisting", "verbatiminput", "VerbatimInput", "BVerbatimInput"), Takes(Kind.DATA)),
    **dict.fromkeys(("inputminted", "DTLloaddb", "DTLloadrawdb"), Takes(Kind.DATA, 2)),
    **dict.fromkeys(("loadglsentries", "csvautotabular", "csvreader", "csvautobooktabular"), Takes(Kind.DATA)),
    **dict.fromkeys(_FONTS, Takes(Kind.FONT)),
    **dict.fromkeys(_NAMED_FONTS, Takes(Kind.FONT, 2)),
    "externaldocument": Takes(Kind.DOCUMENT),
}
"""Commands that name a file; classes and packages that the paper itself loads have handlers of their own."""

LABELS: Final = frozenset({"label", "zlabel", "bibitem"})
"""Commands that give a name to a place or an entry."""

REFERENCES: Final = frozenset(
    {
        "ref",
        "eqref",
        "pageref",
        "autoref",
        "autopageref",
        "cref",
        "Cref",
        "cpageref",
        "Cpageref",
        "labelcref",
        "nameref",
    }
    | {"Nameref", "vref", "Vref", "vpageref", "fullref", "zref", "zcref"}
)
"""Commands that ask for labels."""

CITATIONS: Final = frozenset(
    {
        "cite",
        "citep",
        "citet",
        "citealp",
        "citealt",
        "citeauthor",
        "citeyear",
        "citeyearpar",
        "Citet",
        "Citep",
        "Citealp",
    }
    | {"Citealt", "Citeauthor", "citenum", "onlinecite", "parencite", "Parencite", "textcite", "Textcite", "autocite"}
    | {"Autocite", "footcite", "smartcite", "supercite", "fullcite", "footfullcite", "nocite"}
)
"""Commands that ask for entries of a bibliography."""

OPAQUE: Final = frozenset({"DeclareOption", "DeclareOptionX", "define@key", "AtEndOfPackage", "DeclareVoidOption"})
"""Commands of classes and packages whose arguments are run later, or never."""

BRANCHING: Final = frozenset(
    {"IfFileExists", "InputIfFileExists", "ifthenelse", "@ifpackageloaded", "@ifclassloaded", "@ifundefined", "@ifstar"}
    | {"@ifnextchar", "IfBooleanTF", "IfBooleanT", "IfBooleanF", "IfValueTF", "IfNoValueTF", "@ifclasswith", "iftoggle"}
    | {"@ifpackagewith", "@ifl@t@r", "IfPackageLoadedTF", "IfClassLoadedTF", "ifbool", "ifdef", "ifundef", "ifcsdef"}
)
"""Commands that run one of their arguments in braces, or none of them."""
