"""Fonts of drawings (Type 3) whose glyphs are named by numbers: what their codes stand for.

Programs that make a font of TeX's bitmaps give them names such as /a76, /G76 or /c76, and Distiller /CE: a letter and a
digit of base 36. Some put them at other codes than these numbers, which are those of the font before. PDFium takes the
code for the character then; Poppler and MuPDF take the name, and so does a reader who copies the text.
"""

from __future__ import annotations

from typing import Final

import pikepdf
from pikepdf import Dictionary

from pithtex.patterns import pattern
from pithtex.pdf.untrusted import entry

_DECIMAL: Final = pattern(r"([A-Za-z]{1,2})(\d{1,3})")
_BASE_36: Final = pattern(r"([A-H])([0-9A-Z])")
NAMELESS: Final = ".notdef"
CODES: Final = 256
_MAP: Final = """\
/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
%d beginbfchar
%s
endbfchar endcmap CMapName currentdict /CMap defineresource pop end end"""


def differences(encoding: pikepdf.Object | None) -> dict[int, str]:
    """Returns the glyphs' names that an encoding has of its own, by their codes (9.6.6.1)."""
    listed = entry(encoding, "/Differences") if isinstance(encoding, Dictionary) else None
    names: dict[int, str] = {}
    code = 0
    for token in [] if listed is None else listed.unparse().strip(b"[] ").split():
        if token.startswith(b"/"):
            names[code] = token[1:].decode("latin-1")
            code += 1
        else:
            code = int(token)
    return names


def numbered(font: pikepdf.Object) -> dict[int, int]:
    """Returns the number in each glyph's name by its code; nothing if they are named by codes or otherwise."""
    if "/ToUnicode" in font:
        return {}
    named = differences(entry(font, "/Encoding"))
    names = {code: name for code, name in named.items() if name != NAMELESS and 0 <= code < CODES}
    for form, base in ((_DECIMAL, 10), (_BASE_36, 36)):
        matches = {code: match for code, name in names.items() if (match := form.fullmatch(name))}
        alike = base == 36 or len({match[1] for match in matches.values()}) == 1
        if len(matches) == len(names) and alike:
            above = {match[1]: 36 * (ord(match[1]) - ord("A")) if base == 36 else 0 for match in matches.values()}
            numbers = {code: above[match[1]] + int(match[2], base) for code, match in matches.items()}
            return numbers if any(code != number < CODES for code, number in numbers.items()) else {}
    return {}


def name_characters(pdf: pikepdf.Pdf, font: pikepdf.Object, numbers: dict[int, int]) -> None:
    """Gives a font a map from its codes to characters (9.10.3), in memory alone."""
    rows = [f"<{code:02X}> <{number:04X}>" for code, number in sorted(numbers.items()) if number < CODES]
    font.ToUnicode = pdf.make_stream((_MAP % (len(rows), "\n".join(rows))).encode())
