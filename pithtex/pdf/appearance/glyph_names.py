"""Fonts of drawings (Type 3) whose glyphs are named by numbers: what their codes stand for.

Programs that make a font of TeX's bitmaps give them names such as /a76, /G76 or /c76, and Distiller /CE: a letter and a
digit of base 36. Some put them at other codes than these numbers, which are those of the font before. PDFium takes the
code for the character then; Poppler and MuPDF take the name, and so does a reader who copies the text.
"""

from __future__ import annotations

import re
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from pithtex.patterns import pattern
from pithtex.pdf.untrusted import entry

_DECIMAL: Final = pattern(r"/([A-Za-z]{1,2})(\d{1,3})")
_BASE_36: Final = pattern(r"/([A-H])([0-9A-Z])")
_NAMELESS: Final = "/.notdef"
_CODES: Final = 256
_MAP: Final = """\
/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
%d beginbfchar
%s
endbfchar endcmap CMapName currentdict /CMap defineresource pop end end"""


def numbered(font: pikepdf.Object) -> dict[int, int]:
    """Returns the number in each glyph's name by its code; nothing if they are named by codes or otherwise."""
    encoding = entry(font, "/Encoding")
    differences = entry(encoding, "/Differences") if isinstance(encoding, Dictionary) else None
    if "/ToUnicode" in font or not isinstance(differences, Array):
        return {}
    names: dict[int, str] = {}
    code = 0
    for index in range(min(len(differences), 2 * _CODES)):
        item = differences[index]
        if isinstance(item, Name):
            names[code] = str(item)
            code += 1
        else:
            code = int(item)
    names = {code: name for code, name in names.items() if name != _NAMELESS and 0 <= code < _CODES}
    for form in (_DECIMAL, _BASE_36):
        matches = {code: match for code, name in names.items() if (match := form.fullmatch(name))}
        alike = form is _BASE_36 or len({match[1] for match in matches.values()}) == 1
        if len(matches) == len(names) and alike:
            numbers = {code: _number(match, form is _BASE_36) for code, match in matches.items()}
            return numbers if any(code != number < _CODES for code, number in numbers.items()) else {}
    return {}


def _number(match: re.Match[str], base_36: bool) -> int:
    return 36 * (ord(match[1]) - ord("A")) + int(match[2], 36) if base_36 else int(match[2])


def name_characters(pdf: pikepdf.Pdf, font: pikepdf.Object, numbers: dict[int, int]) -> None:
    """Gives a font a map from its codes to characters (9.10.3), in memory alone."""
    rows = [f"<{code:02X}> <{number:04X}>" for code, number in sorted(numbers.items()) if number < _CODES]
    font.ToUnicode = pdf.make_stream((_MAP % (len(rows), "\n".join(rows))).encode())
