r"""The commands by which a paper refers to a file, a label or an entry, and what each takes.

Sources: the manuals of LaTeX (usrguide, grfguide), pdfpages, listings, fancyvrb, minted, pgf, pgfplots, overpic,
datatool, csvsimple, tcolorbox, catchfile, attachfile, adjustbox, animate, wallpaper, standalone, AASTeX, beamer,
biblatex, bibunits, natbib, cleveref, varioref, zref, xr, fontspec.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from pithtex.structs import NamedTuple


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
    LIBRARY = "library"


class Takes(NamedTuple):
    """How a command names its file: in its mandatory argument of that number, there by one of `keys` if it has any."""

    kind: Kind
    argument: int = 1
    keys: tuple[str, ...] | None = None
    more: int = 0
    """Arguments behind it that name a file each."""
    optional: bool = False
    """It stands in brackets, and may be left out."""


_FIGURES: Final = (
    *("includegraphics", "epsfbox", "epsffile", "includepdf", "includesvg", "pgfimage", "tcbincludegraphics"),
    *("adjincludegraphics", "includeinkscape", "tcbincludepdf", "scalegraphics", "pdfximage", "includepdfmerge"),
    *("plotone", "plotfiddle"),
)
OF_AASTEX: Final = frozenset({"fig", "leftfig", "rightfig", "boxedfig", "rotatefig"})
"""Commands of AASTeX whose names other papers give to commands of their own."""
_WALLPAPERS: Final = tuple(
    f"{this}{corner}WallPaper" for this in ("", "This") for corner in ("Center", "ULCorner", "URCorner", "LLCorner")
)
ANIMATION: Final = "animategraphics"
"""It takes a rate, the beginning of names, and the numbers at their ends: the first of the files is looked for."""
_FONTS: Final = ("setmainfont", "setsansfont", "setmonofont", "fontspec", "setmathfont")
_NAMED_FONTS: Final = ("newfontfamily", "newfontface", "setfontfamily", "setfontface", "renewfontfamily")

LISTINGS: Final = (
    *("lstinputlisting", "verbatiminput", "VerbatimInput", "BVerbatimInput", "LVerbatimInput", "loadglsentries"),
    *("attachfile", "textattachfile", "noattachfile", "embedfile", "markdownInput"),
)
"""Commands whose argument is a file whatever its name, also one without an ending."""
_CAUGHT: Final = ("CatchFileDef", "CatchFileEdef", "CatchFileBetweenTags", "CatchFileBetweenDelims")
_TABLES: Final = tuple(
    f"csvauto{booked}{kind}" for booked in ("", "book") for kind in ("tabular", "longtable", "tabularray", "longtblr")
)
LIBRARIES: Final[dict[str, tuple[str, ...]]] = {
    "usetikzlibrary": ("tikzlibrary{}.code.tex", "pgflibrary{}.code.tex"),
    "usepgflibrary": ("pgflibrary{}.code.tex",),
    "usepgfplotslibrary": ("tikzlibrarypgfplots.{}.code.tex", "pgflibrarypgfplots.{}.code.tex"),
    "usetheme": ("beamertheme{}.sty",),
    "usecolortheme": ("beamercolortheme{}.sty",),
    "usefonttheme": ("beamerfonttheme{}.sty",),
    "useinnertheme": ("beamerinnertheme{}.sty",),
    "useoutertheme": ("beameroutertheme{}.sty",),
}
"""Commands that load libraries and themes, and the names of their files; other classes have themes of other names."""

REFERRING: Final[dict[str, Takes]] = {
    **dict.fromkeys(_FIGURES, Takes(Kind.FIGURE)),
    **dict.fromkeys(("epsfig", "psfig"), Takes(Kind.FIGURE, keys=("file", "figure"))),
    **dict.fromkeys(("pgfdeclareimage", "adjustimage", *_WALLPAPERS, ANIMATION), Takes(Kind.FIGURE, 2)),
    **dict.fromkeys(("TileWallPaper", "ThisTileWallPaper"), Takes(Kind.FIGURE, 3)),
    "plottwo": Takes(Kind.FIGURE, more=1),
    **dict.fromkeys(OF_AASTEX - {"rotatefig"}, Takes(Kind.FIGURE)),
    "rotatefig": Takes(Kind.FIGURE, 2),
    **dict.fromkeys(("LoadClass", "LoadClassWithOptions"), Takes(Kind.CLASS)),
    "RequirePackageWithOptions": Takes(Kind.PACKAGE),
    **dict.fromkeys(
        ("bibliography", "nobibliography", "addbibresource", "addglobalbib", "defaultbibliography"),
        Takes(Kind.DATABASE),
    ),
    "putbib": Takes(Kind.DATABASE, optional=True),
    "bibliographystyle": Takes(Kind.STYLE),
    **dict.fromkeys(LISTINGS, Takes(Kind.DATA)),
    **dict.fromkeys(("inputminted", "DTLloaddb", "DTLloadrawdb", *_CAUGHT), Takes(Kind.DATA, 2)),
    **dict.fromkeys(("DTLread", "csvreader", *_TABLES), Takes(Kind.DATA)),
    "csvloop": Takes(Kind.DATA, keys=("file",)),
    "tcbinputlisting": Takes(Kind.DATA, keys=("listing file",)),
    "ExecuteMetaData": Takes(Kind.DATA, optional=True),
    **dict.fromkeys(LIBRARIES, Takes(Kind.LIBRARY)),
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
