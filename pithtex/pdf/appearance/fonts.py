"""Fonts whose codes stand for the same glyphs and characters to all readers (ISO 32000-1, 9.6, 9.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise, starmap
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pithtex.patterns import pattern
from pithtex.pdf.appearance.glyph_names import CODES, NAMELESS, differences
from pithtex.pdf.appearance.streams import beginning, data_of
from pithtex.pdf.untrusted import OddError, entry, flags_of

_SIMPLE: Final = frozenset({"/MMType1", "/TrueType", "/Type1"})
_PROGRAMS: Final = {
    "/FontFile": (b"%!", b"\x80\x01"),
    "/FontFile2": (b"\0\1\0\0", b"true", b"OTTO"),
    "/FontFile3": (b"\1", b"OTTO", b"\0\1\0\0", b"true"),
}
"""How programs of each kind begin (table 126)."""
_BEGINNING: Final = 512
_OUTLINES: Final = (b"\0\1\0\0", b"true")
"""How a font of TrueType begins."""
_NEEDED: Final = frozenset({b"glyf", b"head", b"hhea", b"hmtx", b"loca", b"maxp"})
"""Its tables (9.9): of a font that lacks one some readers take another font."""
_SYMBOLIC, _NONSYMBOLIC = 0x04, 0x20
"""Flags of a font (table 123)."""
_ENCODINGS: Final = frozenset({
    "/MacExpertEncoding", "/MacRomanEncoding", "/PDFDocEncoding", "/StandardEncoding", "/WinAnsiEncoding",
})  # fmt: skip
_LATIN: Final = _ENCODINGS - {"/MacExpertEncoding"}
"""In which ASCII letters and digits have their own codes (annex D)."""
_DIGITS: Final = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9",
}  # fmt: skip
_SYMBOLS: Final = ("/Symbol", "/Webdings", "/Wingdings", "/ZapfDingbats")
_MAX_WIDTHS: Final = 65_536
_MAX_MAP: Final = 1_000_000
"""Bytes of a map, which has at most 65,536 entries."""

_MAPS: Final = {
    "GB1": pattern(r"/(?:(?:GBpc|GB|GBKp?)-EUC|GBK2K|UniGB-(?:UCS2|UTF16))-[HV]"),
    "CNS1": pattern(r"/(?:B5pc|HKscs-B5|ETen(?:ms)?-B5|CNS-EUC|UniCNS-(?:UCS2|UTF16))-[HV]"),
    "Japan1": pattern(r"/(?:(?:(?:83pv|90msp?|90pv|Add|Ext)-RKSJ|EUC|UniJIS-(?:UCS2(?:-HW)?|UTF16))-)?[HV]"),
    "Korea1": pattern(r"/(?:KSC-EUC|KSCms-UHC(?:-HW)?|KSCpc-EUC|UniKS-(?:UCS2|UTF16))-[HV]"),
}
"""The character maps that readers have without a file's help (table 118), by the glyphs that they lead to."""
_IDENTITY: Final = frozenset({"/Identity-H", "/Identity-V"})
_SECTION: Final = pattern(rb"\bbegin(\w+)")
_CODE_SECTIONS: Final = frozenset({b"cmap", b"codespacerange", b"cidrange", b"cidchar"})
_LINE_OF_COMMENT: Final = pattern(rb"(?m)^%[^\r\n]*")
_MODE: Final = pattern(rb"/WMode\s+(\d+)\s+def")
_RANGE: Final = pattern(rb"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{2,4})>\s*(\d+)?")
_ONE: Final = pattern(rb"<([0-9A-Fa-f]{2,4})>\s*(\d+)")
_PART: Final = pattern(rb"begin(codespacerange|cidrange|cidchar)\b(.*?)\bend", 16)  # re.DOTALL
_TO_UNICODE: Final = pattern(rb"begin(bfchar|bfrange)\b(.*?)\bend", 16)
_CHARACTER: Final = pattern(rb"<([0-9A-Fa-f]{1,4})>\s*<([0-9A-Fa-f]{4})>")
_CHARACTERS: Final = pattern(rb"<([0-9A-Fa-f]{1,4})>\s*<([0-9A-Fa-f]{1,4})>\s*(?:<([0-9A-Fa-f]{4})>|\[([^\]]*)\])")


def check_font(font: pikepdf.Object) -> None:
    """Checks that a font is one that all readers draw alike, as far as its dictionaries tell.

    Raises:
        OddError: it is not.
        READ_ERRORS: it could not be read.
    """
    kind, encoding = str(entry(font, "/Subtype")), entry(font, "/Encoding")
    if kind in _SIMPLE:
        own = entry(font, "/FontDescriptor")
        embedded = _check_program(own)
        _check_encoding(encoding)
        flags = flags_of(None if own is None else entry(own, "/Flags"))
        symbols = flags & _SYMBOLIC or str(entry(font, "/BaseFont")).startswith(_SYMBOLS)
        if not embedded and not symbols and not all(starmap(_is_named, differences(encoding).items())):
            raise OddError("a font that readers have names glyphs that they may not find")
        said = entry(font, "/ToUnicode")
        if embedded and kind == "/TrueType" and NAMELESS in differences(encoding).values():
            raise OddError("a font gives codes no glyph, and readers draw one or none")
        chosen = embedded and kind == "/TrueType" and _is_chosen(flags, encoding)
        names = _names(encoding, latin=not embedded and not symbols) if chosen or said is not None else {}
        first, last = entry(font, "/FirstChar"), entry(font, "/LastChar")
        if chosen and (encoding is None or not names.keys().isdisjoint(range(int(first or 0), int(last or 0) + 1))):
            raise OddError("a font is symbolic and has an encoding, or neither, and readers choose its glyphs")
        pairs = _said(said) if names and isinstance(said, Stream) else ()
        if any(char.isalnum() and char.casefold() != names.get(code, char).casefold() for code, char in pairs):
            raise OddError("a font says that its characters are others than those that it names")
    elif kind == "/Type0":
        inner = entry(font, "/DescendantFonts")
        if not isinstance(inner, Array) or len(inner) != 1:
            raise OddError("a font has not one font of glyphs")
        _check_map(encoding, inner[0], embedded=_check_program(entry(inner[0], "/FontDescriptor")))
        _check_widths(entry(inner[0], "/W"))
        if "/W2" in inner[0] and str(encoding) not in {"/Identity-H", "/H"}:
            raise OddError("a font gives its glyphs places of their own when set from top to bottom")
    elif kind != "/Type3":
        raise OddError("a font has an unknown type")


def _is_named(code: int, name: str) -> bool:
    """Tells whether readers that do not know a glyph's name have nothing in its place, as the letter of its code."""
    letter = name in _DIGITS or (len(name) == 1 and name.isascii() and name.isalpha())
    return letter or (
        ((name.isascii() and name.isalpha()) or name == NAMELESS) and not (code < 128 and chr(code).isalnum())
    )


def _is_chosen(flags: int, encoding: object) -> bool:
    """Tells whether a font of TrueType is neither symbolic without encoding nor the contrary (9.6.6.4)."""
    kind = flags & (_SYMBOLIC | _NONSYMBOLIC)
    return kind != (_SYMBOLIC if encoding is None else _NONSYMBOLIC)


def _base(encoding: pikepdf.Object | None) -> pikepdf.Object | None:
    return entry(encoding, "/BaseEncoding") if isinstance(encoding, Dictionary) else encoding


def _check_encoding(encoding: pikepdf.Object | None) -> None:
    base = _base(encoding)
    if base is not None and (not isinstance(base, Name) or str(base) not in _ENCODINGS):
        raise OddError("a font has an encoding that the standard does not define")


def _check_program(own: pikepdf.Object | None) -> bool:
    """Checks that there is one program at most, of its kind; says whether there is one."""
    held = [key for key in _PROGRAMS if own is not None and key in own]
    if len(held) > 1:
        raise OddError("a font has two programs, and readers take one of them")
    for key in held:
        stream = own[key]  # type: ignore[index]
        start = _beginning(stream) if isinstance(stream, Stream) else b""
        if not start.startswith(_PROGRAMS[key]) or (start.startswith(_OUTLINES) and not _is_complete(start)):
            raise OddError("a font's program is not of the kind that it is said to be")
    return bool(held)


def _beginning(stream: Stream) -> bytes:
    if entry(stream, "/Filter") == Name.FlateDecode and "/F" not in stream:
        return beginning(stream.read_raw_bytes(), _BEGINNING)
    return data_of(stream)[:_BEGINNING]


def _is_complete(start: bytes) -> bool:
    """Tells whether a font of TrueType has all tables that its outlines take, by its beginning."""
    count = int.from_bytes(start[4:6], "big")
    return {start[place : place + 4] for place in range(12, 12 + 16 * count, 16)} >= _NEEDED


def _names(encoding: pikepdf.Object | None, *, latin: bool) -> dict[int, str]:
    """Returns the letters and digits that an encoding names, by their codes (9.6.6).

    Args:
        encoding: the font's entry.
        latin: whether a font without one has a Latin one of its own, as those that are not embedded.
    """
    base = _base(encoding)
    known = latin if base is None else str(base) in _LATIN
    names = {code: chr(code) for code in range(128 if known else 0) if chr(code).isalnum()}
    for code, name in differences(encoding).items():
        names.pop(code, None)
        if name in _DIGITS or (len(name) == 1 and name.isascii() and name.isalpha()):
            names[code] = _DIGITS.get(name, name)
    return names


def _said(stream: Stream) -> Iterator[tuple[int, str]]:
    """Yields what single codes stand for, as a font's map to characters has it (9.10.3)."""
    for kind, part in _TO_UNICODE.findall(_text(stream)):
        if kind == b"bfchar":
            yield from ((int(code, 16), _char(value)) for code, value in _CHARACTER.findall(part))
            continue
        for first, last, value, listed in _CHARACTERS.findall(part):
            start, count = int(first, 16), min(int(last, 16) - int(first, 16) + 1, CODES)
            if value:
                yield from ((start + step, chr(ord(_char(value)) + step)) for step in range(count))
            else:
                each = listed.replace(b"<", b" ").replace(b">", b" ").split()
                yield from ((start + step, _char(one)) for step, one in enumerate(each) if len(one) == 4)


def _char(digits: bytes) -> str:
    return chr(int(digits, 16))


def _text(stream: Stream) -> bytes:
    text = data_of(stream)
    if len(text) > _MAX_MAP:
        raise OddError("a font's map of characters is larger than any")
    return text


def _check_map(encoding: pikepdf.Object | None, inner: pikepdf.Object, *, embedded: bool) -> None:
    """Checks that codes stand for the same glyphs to all: by a map that each reader has, or by a plain one (9.7.5)."""
    if isinstance(encoding, Name) and str(encoding) in _IDENTITY:
        return
    if isinstance(encoding, Name):
        system = entry(inner, "/CIDSystemInfo")
        known = None if system is None else _MAPS.get(str(entry(system, "/Ordering")))
        own = embedded and entry(inner, "/Subtype") == Name.CIDFontType2 and "/CIDToGIDMap" not in inner
        if known is not None and known.fullmatch(str(encoding)) and not own:
            return
    if not isinstance(encoding, Stream):
        raise OddError("a font names a character map that no reader has")
    text = _LINE_OF_COMMENT.sub(b"", _text(encoding))
    parts = _PART.findall(text)
    spans = [
        (int(first, 16), int(last, 16), len(first), len(last))
        for kind, part in parts
        for first, last, *_ in (
            ((code, code) for code, _ in _ONE.findall(part)) if kind == b"cidchar" else _RANGE.findall(part)
        )
        if kind != b"codespacerange"
    ]
    spaces = [code for kind, part in parts if kind == b"codespacerange" for code in _RANGE.findall(part)]
    modes = {int(mode) for mode in _MODE.findall(text)} or {0}
    if (
        not set(_SECTION.findall(text)) <= _CODE_SECTIONS
        or b"usecmap" in text
        or b"%" in text
        or "/UseCMap" in encoding
        or modes != {flags_of(entry(encoding, "/WMode"))}
        or len(spaces) != 1
        or any({len(spaces[0][0]), len(spaces[0][1])} != {length, other} for _, _, length, other in spans)
        or _overlap(spans)
    ):
        raise OddError("a font has a character map of its own that not all readers read alike")


def _check_widths(widths: pikepdf.Object | None) -> None:
    """Checks that each glyph has one width (9.7.4.3)."""
    if widths is None:
        return
    spans: list[tuple[int, int]] = []
    index = 0
    while index < min(len(widths), _MAX_WIDTHS):
        first, second = int(widths[index]), widths[index + 1]
        listed = isinstance(second, Array)
        spans.append((first, first + len(second) - 1 if listed else int(second)))
        index += 2 if listed else 3
    if index != len(widths) or _overlap(spans):
        raise OddError("a font gives a glyph two widths")


def _overlap(spans: Sequence[tuple[int, ...]]) -> bool:
    return any(before[1] >= after[0] for before, after in pairwise(sorted(spans)))
