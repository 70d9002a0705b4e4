r"""Spellings of a title or an abstract, one of which a record's digest may be of.

A digest admits no tolerance, and the record's text is arXiv's metadata, which authors typed by hand: TeX or Unicode,
with the formulas as TeX. So a short, ordered list is tried, and which one matched is said. When none does, nothing is
proven: our rendering may be at fault, and not the author.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from pithtex.format.canonical import as_hashed, collapse, sha256_hex, title_matches
from pithtex.manuscript.source.model import Fragment
from pithtex.manuscript.source.plain_text import plain_text, plain_title
from pithtex.structs import struct

_QUOTES: Final = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u00a0": " "})
_DASHES: Final = str.maketrans({"\u2013": "-", "\u2014": "-"})
_TEX_DASHES: Final = str.maketrans({"\u2013": "--", "\u2014": "---"})
_MAX_TRIED: Final = 60


@struct
class Spelling:
    """One way to write a fragment, and what that way is called."""

    how: str
    text: str


def matching(fragment: Fragment, sha256: str, subtitle: Fragment | None = None) -> Spelling | None:
    """Returns the first spelling whose digest that is; None if none has it."""
    for count, spelling in enumerate(spellings(fragment, subtitle)):
        if count >= _MAX_TRIED:
            return None
        if title_matches(spelling.text, sha256):
            return spelling
    return None


def digests(fragment: Fragment, subtitle: Fragment | None = None) -> frozenset[str]:
    """Returns the digests of all spellings, in lower-case hex."""
    tried = islice(spellings(fragment, subtitle), _MAX_TRIED)
    return frozenset(
        sha256_hex(text.encode("utf-8", "surrogatepass")) for spelling in tried for text in as_hashed(spelling.text)
    )


def spellings(fragment: Fragment, subtitle: Fragment | None = None) -> Iterator[Spelling]:
    """Yields all spellings that are tried, in order, each once."""
    seen: set[str] = set()
    for base in _bases(fragment):
        for spelling in (base, *_variants(base)):
            if spelling.text and spelling.text not in seen:
                seen.add(spelling.text)
                yield spelling
    if subtitle is None:
        return
    for main, second in zip(_bases(fragment), _bases(subtitle), strict=False):
        for joint in (": ", " - ", " -- ", ". ", " "):
            text = f"{main.text.rstrip(':')}{joint}{second.text}"
            if text not in seen:
                seen.add(text)
                yield Spelling(how=f"{main.how}, with the subtitle", text=text)


def _bases(fragment: Fragment) -> Iterator[Spelling]:
    source = plain_title(fragment.raw)
    expanded = plain_title(fragment.expanded)
    yield Spelling(how="as the source has it", text=source)
    yield Spelling(how="with the paper's macros expanded", text=expanded)
    text = plain_text(fragment.expanded).text
    yield Spelling(how="as Unicode, formulas as in the source", text=text)
    yield Spelling(how="as Unicode, formulas as text", text=plain_text(fragment.expanded, math=True).text)
    if not text.isascii():
        yield Spelling(how="with accents as TeX", text=_tex_accents(text))


def _variants(base: Spelling) -> Iterator[Spelling]:
    straight = base.text.translate(_QUOTES)
    for what, text in (
        ("quotes straight", straight),
        ("dashes as hyphens", straight.translate(_DASHES).replace("---", "-").replace("--", "-")),
        ("dashes as TeX", straight.translate(_TEX_DASHES)),
        ("quotes as TeX", base.text.replace("\u201c", "``").replace("\u201d", "''").replace("\u2019", "'")),
        ("without braces", re.sub(r"(?<!\\)[{}]", "", base.text)),
        ("percent and ampersand plain", re.sub(r"\\([%&#_])", r"\1", base.text)),
        ("without the full stop", base.text.rstrip(". ")),
    ):
        yield Spelling(how=f"{base.how}, {what}", text=collapse(text))


def _tex_accents(text: str) -> str:
    from pylatexenc.latexencode import UnicodeToLatexEncoder

    encoder = UnicodeToLatexEncoder(
        non_ascii_only=True, replacement_latex_protection="none", unknown_char_policy="keep", unknown_char_warning=False
    )
    return collapse(str(encoder.unicode_to_latex(text)))
