"""What every reader of TeX sources here knows of TeX: verbatim text, conditionals with braces, comments."""

from __future__ import annotations

import re
from typing import Final

COMMENT_ENVIRONMENT: Final = "comment"
"""The environment whose text is not typeset at all."""

VERBATIM_ENVIRONMENTS: Final = frozenset(
    {"filecontents", "filecontents*", "verbatim", "verbatim*", "Verbatim", "Verbatim*", "BVerbatim", "LVerbatim"}
    | {"spverbatim", "alltt", "lstlisting", "minted", "tcblisting", "luacode", "luacode*", "pycode", "sagesilent"}
    | {COMMENT_ENVIRONMENT}
)
"""Environments in which a percent sign is not a comment, and a `\\begin` begins nothing."""

BRACED_IFS: Final = re.compile(
    r"\\if(?:thenelse|def(?:empty|void|string(?:equal)?|macro|param|prefix|protected|ltxprotect|strings|dimen|num|"
    r"counter|length|boolexpr)?|undef|cs(?:def|undef|empty|void|string|strequal|macro)|str(?:equal|empty)|blank|"
    r"notblank|bool|toggle|num(?:comp|equal|greater|less|odd)|dim(?:comp|equal|greater|less)|inlist(?:cs)?|rmnum|"
    r"patchable|boolexpr)(?![A-Za-z@])"
)
"""Commands of ifthen and etoolbox that look like conditionals and take their branches in braces."""

MAX_ENDLESS: Final = 50
"""Arguments without an end in one file, after which no more are looked for: a paper that compiles has none."""


def uncommented(text: str) -> str:
    """Returns the text without its comments, each with the end of its line and the blanks that begin the next one."""
    return text if "%" not in text else re.sub(r"(?<!\\)((?:\\\\)*)%[^\r\n]*(?:\r\n|[\r\n]|\Z)[ \t]*", r"\1", text)
