"""The commands that are looked for in a paper's sources, by what they take."""

from __future__ import annotations

import re
from typing import Final

TITLES: Final = (
    "title",
    "icmltitle",
    "Title",
    "TITLE",
    "ptitle",
    "papertitle",
    "aistatstitle",
    "jmlrtitle",
    "articletitle",
    "titel",
    "etitle",
    "maintitle",
    "thesistitle",
)
"""Commands of classes and styles that take the paper's title."""
TITLE_LIKE: Final = "...title"
"""Under this name stand uses of commands that are called like a title, as classes that are not known have them."""
OTHER_TITLES: Final = re.compile(
    r"(?:.*(?:sub|short|book|running|cite|pdf|section|chapter|part|frame|series|toc|contents|list|print|page|table|"
    r"figure|box|theorem|proof|journal|volume|the|make|note|parse|format|if|head|foot|block|poster|event)|@.*)title",
    re.IGNORECASE,
)
"""Commands that are called so and are something else."""
AUTHORS: Final = (
    *("author", "Author", "AUTHOR", "icmlauthor", "name", "authors", "IEEEauthorblockN", "addauthor", "authorsnames"),
    "SetAuthors",
)
ABSTRACTS: Final = ("abstract", "Abstract", "ABSTRACT", "abstracttext", "Abstracttext")
TWO_ARGUMENTS: Final = ("import", "subimport", "inputfrom", "subinputfrom", "includefrom", "subincludefrom")
"""Commands of the package import: a folder, and a file in it."""
STANDALONE: Final = "includestandalone"
"""A drawing that is a document of its own, or what was compiled from it."""
INPUTS: Final = (
    *("input", "include", "subfile", "subfileinclude", "InputIfFileExists", "@input", STANDALONE, *TWO_ARGUMENTS),
)
LISTED: Final = (
    "graphicspath",
    "pithnumber",
    "pithsetup",
    "subtitle",
    "includeonly",
    "IfFileExists",
)
FLAGS: Final = (
    "iclrfinalcopy",
    "aclfinalcopy",
    "colmfinalcopy",
    "maketitle",
    "today",
    "linenumbers",
    "printindex",
    "printglossaries",
    "printglossary",
    "printnoidxglossaries",
    "printnomenclature",
    "makeglossaries",
    "makeindex",
    "makenomenclature",
    "tikzexternalize",
    "listoftodos",
    "printbibliography",
    "doublespacing",
    "py",
    "pyc",
    "directlua",
    "luaexec",
    "luadirect",
    "usegdlibrary",
    "ShellEscape",
    "GlsXtrLoadResources",
    "printunsrtglossary",
    "printunsrtglossaries",
)
ASKED: Final = (
    *("setcopyright", "setcctype", "arxivnumber", "preprint", "eprint", "arxivid", "hypersetup"),
    *("isaccepted", "todo", "DIFadd", "date"),
)
"""Commands of which a rule wants to know whether they are used, and with what argument."""
DEFINING: Final = frozenset(
    {
        *("newcommand", "renewcommand", "providecommand", "DeclareRobustCommand", "newrobustcmd", "renewrobustcmd"),
        *("DeclareTextFontCommand", "DeclareMathOperator"),
    }
)
XPARSE: Final = frozenset({"NewDocumentCommand", "RenewDocumentCommand", "ProvideDocumentCommand"} | {
    "DeclareDocumentCommand", "NewExpandableDocumentCommand", "DeclareExpandableDocumentCommand",
})  # fmt: skip
ENVIRONMENTS: Final = frozenset({"newenvironment", "renewenvironment", "NewDocumentEnvironment"})
PRIMITIVES: Final = frozenset({"if", "ifx", "ifcat", "iftrue", "iffalse", "ifvmode", "ifhmode", "ifmmode", "ifinner"})
