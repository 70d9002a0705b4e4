"""The syntax of content: the operators of ISO 32000-1, annex A, each with exactly the operands that it takes.

Readers repair other content, each in its own way: of too many operands one takes the first and another the last, an
unknown operator eats them or not, and `6-90` is 6, 690 or nothing. Only content without any such place is read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.untrusted import OddError

_SPACE: Final = rb"\t\n\f\r "
"""Without NUL (7.2.2), which no program writes between tokens."""
_END: Final = rb"(?=[%s()<>\[\]{}/%%]|\Z)" % _SPACE
_SPACES: Final = rb"[%s]*+" % _SPACE
_GAP: Final = rb"(?:[%s]++|%%[^\r\n]*+[\r\n])*+" % _SPACE
_NUMBER: Final = rb"[+-]?(?:\d{1,7}+(?:\.\d*+)?|\.\d++)" + _END + _GAP
_NAME: Final = rb"/[!\"$&'*-.0-;=?-Z\\^-z|~]++" + _GAP
_RUN: Final = rb"[^()\\\r]++|\\(?:[^0-9\r]|\r\n?|[0-3]?[0-7]{1,2})"
_LITERAL: Final = rb"\((?:%s|\((?:%s|\((?:%s)*+\))*+\))*+\)" % (_RUN, _RUN, _RUN)
"""Of some brackets in brackets. A carriage return in it is read as itself or as a line feed (7.3.4.2)."""
_HEX: Final = rb"<%s(?:[0-9A-Fa-f]%s[0-9A-Fa-f]%s)*+>" % (_SPACES, _SPACES, _SPACES)
"""White space may stand anywhere (7.3.4.3), as cairo ends its lines."""
_STRING: Final = rb"(?:%s|%s)" % (_LITERAL, _HEX) + _GAP
_PLAIN: Final = rb"(?:%s|%s|%s|(?:true|false|null)%s%s)" % (_NUMBER, _NAME, _STRING, _END, _GAP)
_ENTRIES: Final = rb"(?:%s(?:%s|\[%s%s*+\]%s|<<%s(?:%s)++>>%s))*+" % (
    _NAME, _PLAIN, _GAP, _PLAIN, _GAP, _GAP, _PLAIN, _GAP,
)  # fmt: skip
_STATEMENT: Final = pattern(
    rb"%s(?P<numbers>(?:%s)*+)(?:(?P<name>%s)(?:(?P<list>%s)|(?P<size>%s))?+|(?P<string>%s)"
    rb"|(?P<array>\[%s(?:%s|(?:%s)++)*+\]%s)(?P<phase>%s)?+)?+(?:[A-Za-z][A-Za-z0-9*]*+|['\"])%s"
    % (_GAP, _NUMBER, _NAME, _NAME, _NUMBER, _STRING, _GAP, _STRING, _NUMBER, _GAP, _NUMBER, _END),
    re.DOTALL,
)
"""Numbers, then nothing else, a name (alone or with another or a number), a string, or an array; then an operator."""
_UNCOMMENTED: Final = pattern(_STATEMENT.pattern.replace(_GAP, _SPACES), re.DOTALL)
"""The same in content without a per cent sign, which nearly all is: matched in half the time."""
_MARKED: Final = pattern(
    rb"%s(?P<numbers>)(?P<name>%s)(?P<entries><<%s%s>>%s)(?:BDC|DP)%s" % (_GAP, _NAME, _GAP, _ENTRIES, _GAP, _END),
    re.DOTALL,
)
"""A name and a dictionary."""

Picture = tuple[dict[bytes, bytes], bytes]
"""An inline picture (8.9.7): its entries, by their long names, and its data."""
PAGE, _OPENED, _POINT, _PATH, _DOT, _CLIP, _TEXT = range(7)
_Rule = tuple[frozenset[int], dict[int, int]]
"""How many numbers stand first, and from which object of the page to which the operator leads (figure 9).

By the operator and what stands right before it: the last group of the pattern.
"""


def _rules() -> dict[tuple[bytes, str], _Rule]:
    rules: dict[tuple[bytes, str], _Rule] = {}

    def add(names: str, counts: int | range, states: dict[int, int], kind: str = "numbers") -> None:
        numbers = frozenset([counts] if isinstance(counts, int) else counts)
        rules.update({(name.encode(), kind): (numbers, states) for name in names.split()})

    page, text, path = {PAGE: PAGE}, {_TEXT: _TEXT}, {_PATH: _PATH}
    drawn = {_POINT: _PATH, _PATH: _PATH, _DOT: _DOT}  # a path with a dot in it, which some draw when it is stroked
    both = page | text
    # MuPDF names the colour of a path when the path is made; figure 9 has it named before, and no reader minds.
    coloured = both | path | {_CLIP: _CLIP, _POINT: _POINT}
    begun = {PAGE: _PATH, _OPENED: _PATH, **drawn}
    add("w J j M i Tc Tw Tz TL Tr Ts", 1, both)
    add("g G", 1, coloured)
    add("rg RG", 3, coloured)
    add("k K", 4, coloured)
    add("sc SC scn SCN", range(1, 33), coloured)
    add("scn SCN", range(33), coloured, "name")
    add("cs CS", 0, coloured, "name")
    add("gs ri BMC MP", 0, both, "name")
    for names, kind in (("d", "phase"), ("Tf", "size"), ("BDC DP", "list"), ("BDC DP", "entries")):
        add(names, 0, both, kind)
    add("EMC BX EX", 0, both)
    add("q Q BI", 0, page)
    add("cm d1", 6, page)
    add("d0", 2, page)
    add("Do sh", 0, page, "name")
    add("m", 2, {state: _DOT if state == _DOT else _POINT for state in begun})
    add("re", 4, begun)
    add("l", 2, drawn)
    add("v y", 4, drawn)
    add("c", 6, drawn)
    add("h", 0, path | {_POINT: _DOT, _DOT: _DOT})
    add("W W*", 0, {_POINT: _CLIP, _PATH: _CLIP, PAGE: _OPENED})  # old Ghostscript begins a path with it
    painted = {_POINT: PAGE, _PATH: PAGE, _CLIP: PAGE} | page  # without a path they paint nothing
    add("n f F f*", 0, painted | {_DOT: PAGE})
    add("B B* b b* S s", 0, painted)
    add("BT", 0, {PAGE: _TEXT})
    add("ET", 0, {_TEXT: PAGE})
    add("T*", 0, text)
    add("Td TD", 2, text)
    add("Tm", 6, text)
    add("Tj '", 0, text, "string")
    add('"', 2, text, "string")
    add("TJ", 0, text, "array")
    return rules


RULES: Final = _rules()
NEVER: Final[_Rule] = (frozenset(), {})
_REST: Final = pattern(_GAP)
_INLINE: Final = pattern(rb"%s(%s)ID(?:[ \n\t]|\r(?!\n))" % (_GAP, _ENTRIES))
_INLINE_END: Final = pattern(rb"(?:\r\n|[ \n\r\t])EI(?=[ \n\r][\n\r -~]{16}|[ \n\r][\n\r -~]{0,15}\Z|\Z)")
"""With plain text behind it: some readers take other bytes for a picture's data that go on, up to another end."""
_INLINE_ENDED: Final = pattern(rb"EI[%s][\t\n\r -~]{4}" % _SPACE)
"""What some readers take for an end, wherever it stands."""
_BEHIND: Final = 5
_ENTRY: Final = pattern(rb"/([^\s/\[]+)\s*(\[[^\]]*\]|/?[^\s/\[]+)\s*")


def statements(data: bytes, pictures: list[Picture]) -> Iterator[tuple[bytes, str, re.Match[bytes]]]:
    """Yields the operators of some content, each with what stands right before it, a key of `RULES`, and all operands.

    Args:
        data: the content.
        pictures: takes the inline ones.

    Raises:
        OddError: something else stands there; or readers see the end of a picture, or its entries, elsewhere.
    """
    form = _STATEMENT if b"%" in data else _UNCOMMENTED
    place = 0
    while (match := form.match(data, place)) or not _REST.fullmatch(data, place):
        match = match or _MARKED.match(data, place)
        if match is None:
            raise OddError("content does not consist of the standard's operators and operands")
        kind, place = match.lastgroup or "", match.end()
        operator = data[match.end(kind) : place]
        if operator == b"BI":
            entries, picture, place = _inline_picture(data, place)
            pictures.append((entries, picture))
        yield operator, kind, match


def _inline_picture(data: bytes, place: int) -> tuple[dict[bytes, bytes], bytes, int]:
    """Returns an inline picture's entries by their long names, its data, and where the next statement begins."""
    match = _INLINE.match(data, place)
    listed = _ENTRY.findall(match[1]) if match else []
    entries = {_LONG_NAMES.get(key, key): value.rstrip() for key, value in listed}
    if match is None or len(entries) != len(listed):
        raise OddError("an inline picture is damaged")
    start = match.end()
    size = None if b"Filter" in entries else inline_size(entries)
    end = _INLINE_END.search(data, start + (size or 0))
    if end is None or (size is not None and end.start() != start + size):
        raise OddError("an inline picture is damaged, or something unusual follows it")
    early = _INLINE_ENDED.search(data, start, end.end() + _BEHIND)
    if early is not None and early.start() < end.end() - len(b"EI"):
        raise OddError("an inline picture has what looks like its end within it")
    return entries, data[start : end.start()], end.end()


def inline_size(entries: dict[bytes, bytes]) -> int:
    """Returns how many bytes the data of an inline picture take that are not encoded.

    Raises:
        OddError: the entries do not say so.
    """
    try:
        width, height = int(entries[b"Width"]), int(entries[b"Height"])
        depth = int(entries.get(b"BitsPerComponent", b"1"))
        colours = 1 if entries.get(b"ImageMask") == b"true" else _COMPONENTS[entries[b"ColorSpace"]]
    except (KeyError, ValueError):
        raise OddError("an inline picture is damaged") from None
    return -(-width * colours * depth // 8) * height


_LONG_NAMES: Final = {
    b"W": b"Width", b"H": b"Height", b"BPC": b"BitsPerComponent", b"IM": b"ImageMask", b"CS": b"ColorSpace",
    b"F": b"Filter", b"DP": b"DecodeParms", b"D": b"Decode", b"I": b"Interpolate",
}  # fmt: skip
"""Table 93."""
_COMPONENTS: Final = {
    b"/G": 1, b"/DeviceGray": 1, b"/RGB": 3, b"/DeviceRGB": 3, b"/CMYK": 4, b"/DeviceCMYK": 4,
}  # fmt: skip
