"""One escaper for each language that snippets are written in, each with a type of its own.

What comes in is printable and on one line already (`Statement`); what comes out is text to the language, and no more.
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(r"[A-Za-z0-9:/.#=_-]*")
_MARKDOWN: Final = str.maketrans({char: f"\\{char}" for char in r"""\`*_[]<>&|~$!#+={}%^@"'():"""})
_DOT: Final = re.compile(r"(?<=\S)\.(?=\S)")
"""What makes a name of a host, and so a link, of two words."""

_CHARACTER_REFERENCES: Final = str.maketrans(
    {char: f"&#{ord(char)};" for char in r"""!"#$%&'()*+-./:;<=>?@[\]^_`{|}~"""}
)


class MarkdownSafe(str):
    """Text that CommonMark and GFM show as it is, within a table too."""

    __slots__ = ()


class RstSafe(str):
    """Text for the value of a directive's option that takes it as it is."""

    __slots__ = ()


class AsciiDocSafe(str):
    """Text for a quoted attribute of an AsciiDoc macro."""

    __slots__ = ()


class OrgSafe(str):
    """Text for an Org line of fixed width, in which nothing is markup."""

    __slots__ = ()


class TypstSafe(str):
    """A Typst string with its quotes: what `text` shows of a string is never markup or code."""

    __slots__ = ()


class YamlSafe(str):
    """A YAML scalar with its quotes."""

    __slots__ = ()


def token(text: str) -> str:
    """Returns an address or number as it is: letters, digits and `:/.#=_-`, which act in none of these languages.

    Raises:
        ValueError: any other character. That is a fault of the caller, not of the record.
    """
    if not _TOKEN.fullmatch(text):
        raise ValueError("not a token")
    return text


def markdown_text(text: str) -> MarkdownSafe:
    """Backslashes before all that is markup in CommonMark, GFM, and what stands on them (Liquid, mathematics)."""
    return MarkdownSafe(_DOT.sub(r"\.", text.translate(_MARKDOWN)))


def markdown_token(text: str) -> MarkdownSafe:
    """See `token`."""
    return MarkdownSafe(token(text))


def rst_text(text: str) -> RstSafe:
    """Returns the value of `:alt:` is taken as it stands up to the line's end; it must not begin with white space."""
    if text != text.strip() or "\n" in text:
        raise ValueError("not one line")
    return RstSafe(text)


def rst_token(text: str) -> RstSafe:
    """See `token`. A final underscore would make it a reference by name."""
    if text.endswith("_"):
        raise ValueError("a reference by name")
    return RstSafe(token(text))


def asciidoc_text(text: str) -> AsciiDocSafe:
    """Punctuation as character references, since substitutions run over a macro before it is parsed."""
    return AsciiDocSafe(text.translate(_CHARACTER_REFERENCES))


def asciidoc_token(text: str) -> AsciiDocSafe:
    """See `token`. A receipt's hyphens and underscores would be taken for dashes and marks."""
    return AsciiDocSafe(token(text).replace("_", "&#95;").replace("--", "&#45;&#45;"))


def org_text(text: str) -> OrgSafe:
    """One line of fixed width has no markup (Org syntax, fixed-width areas)."""
    if "\n" in text:
        raise ValueError("not one line")
    return OrgSafe(text)


def org_token(text: str) -> OrgSafe:
    """See `token`."""
    return OrgSafe(token(text))


def typst_text(text: str) -> TypstSafe:
    """Returns a string: its backslash and quote are escaped, all else stands for itself."""
    return TypstSafe('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')


def yaml_text(text: str) -> YamlSafe:
    """Returns a double-quoted scalar (YAML 1.2, 7.3.1) of printable characters, of which two need an escape."""
    return YamlSafe('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"')
