"""Whether the lines of a page are a record's title: letter by letter, with all signs that carry meaning.

What is tolerated is named (docs/reference/equal-titles.md): compatibility forms, case but in formulas, spaces and
punctuation, ligatures that a program has garbled, a footnote's mark, a number set apart before the title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import Final

from pithtex.patterns import pattern
from pithtex.pdf.binding.wording import is_leftward, letters_of
from pithtex.pdf.evidence import TextLine
from pithtex.structs import NamedTuple

_SOURCE: Final = pattern(r"\\([A-Za-z]+)\*?\s*|\\(.)|(.)", re.DOTALL)
_SCRIPTS: Final = pattern(r"_(\{[^{}]*\}|\\[A-Za-z]+|[^\\{}])\^(\{[^{}]*\}|\\[A-Za-z]+|[^\\{}])")
"""A subscript and its superscript: TeX sets the latter first."""
_DASHES: Final = pattern(r"(?<=[\s\w])-{2,3}(?=[\s\w])")
_WORD_LIST: Final = pattern(r"\S+")
_SYMBOLS: Final = dict(
    re.findall(
        r"(\S+) (\S+)",
        "ss ß o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ ell ℓ sqrt √ times x to → rightarrow → longrightarrow → mapsto ↦ pm ±"
        " leftarrow ← leftrightarrow ↔ Rightarrow ⇒ leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ not \u0338 lt < gt > ll ≪ gg ≫"
        " approx ≈ simeq ≃ cong ≅ sim ∼ equiv ≡ propto ∝ infty ∞ partial ∂ nabla ∇ sum Σ prod Π int ∫ in ∈ notin ∉"
        " subset ⊂ subseteq ⊆ supset ⊃ cup ∪ cap ∩ setminus ∖ oplus ⊕ otimes ⊗ wedge ∧ vee ∨ neg ¬ lnot ¬ forall ∀"
        " exists ∃ perp ⊥ hbar ħ circ ° degree ° textdegree ° prime ′ ast * star * lesssim ≲ gtrsim ≳ aleph ℵ Re ℜ Im ℑ"
        " textasciitilde ~",
    )
)
"""What commands stand for, other than Greek letters."""
_FUNCTIONS: Final = frozenset(
    _WORD_LIST.findall(
        "log ln lg exp sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan min max sup inf lim det dim ker gcd"
        " arg deg hom Pr mod TeX LaTeX"
    )
)
"""Commands that print their own name."""
_SAME_SIGN: Final = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\xad", "-"),
    **dict.fromkeys("\u2217\u22c6\u2605", "*"),
    **dict.fromkeys("\u2018\u2019\u2032\u02b9", "'"),
    **dict.fromkeys("\u2044\u2215", "/"),
    **dict.fromkeys("\u223c\u02dc", "~"),
    **dict.fromkeys("\u2218\u25e6\u02da", "\xb0"),
    **dict.fromkeys("\u2219\u22c5\u2022", "\xb7"),
    **dict.fromkeys("\u2223\u2225\u2016", "|"),
}
_EVER: Final = frozenset("!?%#&@~*")
_IN_FORMULAS: Final = frozenset("/'*!")
_NEVER: Final = frozenset("|\xb7.,:;'/")
"""Where no digits stand on both sides of them."""
_KEPT: Final = "\xad\u0338"
"""Of what is dropped as accents are: a hyphen at a line's end, and the stroke that negates a relation."""
_LIGATURE: Final = pattern("ff[il]?|f[il]")
_MAX_LIGATURES: Final = 50
"""In one title."""
_WORD: Final = 3
"""Letters: after a shorter word a mark may be an exponent."""
_STARS: Final = "*\u2217\u22c6\u2605\u2606\u2729\u2730"
_MARK: Final = pattern(rf"(?:[{_STARS}\u2020\u2021\xa7\xb6\u2016#?]|\d|[a-e])(?:,?[{_STARS}\u2020\u2021\d])?")
_INNER_MARK: Final = pattern(rf"(?<=[a-z]{{3}})[{_STARS}\u2020\u2021\xa7\d](?=[\s,:;]|$)")
"""In a title of two halves, or of several lines: raised, and behind a word in small letters."""
_FLAT_MARK: Final = pattern(r"(?:^|.*[\s-])[A-Z]?[a-z]{3,}1", re.DOTALL)
"""On the line, and in the title's size: only the first footnote's, behind a plain word."""
_NUMBER: Final = pattern(r"\d{1,3}(?:\.\d{1,3})+ ")


class _Item(NamedTuple):
    """A character, decomposed."""

    char: str
    formula: bool = False
    raised: bool = False


class Spelling(NamedTuple):
    """A title's letters, and the signs before, between and behind them."""

    letters: str
    """And digits; folded."""
    exact: str
    """The same as they are written; of a source a space where case does not count."""
    signs: dict[int, str]
    """By the number of letters before them."""
    needed: dict[int, str]
    """Those that carry meaning."""
    raised: frozenset[int]
    """Which letters and digits are raised: exponents, and marks."""
    spaces: frozenset[int]
    """Where white space stands, by the number of letters before it."""


def read_source(title: str) -> Spelling:
    """Reads a title as records and sources have it: with formulas and commands of TeX."""
    return _spell([part for item in _source(title) for part in _decomposed(item)], source=True)


def are_equal(one: str, other: str) -> bool:
    """Tells whether two titles in the form of sources are equal (docs/reference/equal-titles.md)."""
    return _same(read_source(one), read_source(other))


def _source(title: str) -> Iterator[_Item]:
    formula, exponent = False, ""
    for command, escaped, char in _SOURCE.findall(_DASHES.sub("\u2013", _SCRIPTS.sub(r"^\2_\1", title))):
        raised = exponent != ""
        if char == "}" or (exponent == "^" and char != "{"):
            exponent = ""
        if char == "^" or (char == "{" and exponent):
            exponent = char  # of the next sign, or up to the closing bracket
        if char == "$" or escaped in {"(", ")"}:
            formula = not formula
        elif command:
            shown = command if command in _FUNCTIONS else _SYMBOLS.get(command) or _greek(command)
            yield from (_Item(each, formula, raised) for each in shown)
        elif escaped in {"%", "#", "&", "$", "_"}:
            yield _Item(escaped)
        elif escaped.isspace() or escaped == "\\" or (char == "~" and not formula):
            yield _Item(" ")
        elif char and char not in "{}^_":
            yield _Item(char, formula, raised)


def _greek(name: str) -> str:
    size = "CAPITAL" if name[:1].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {name.removeprefix('var').upper()}")
    except KeyError:
        return ""


def _decomposed(item: _Item) -> Iterator[_Item]:
    if item.char.isascii() and item.char not in "^`":
        yield item
        return
    raised = item.raised or unicodedata.decomposition(item.char).startswith("<super>")
    for char in unicodedata.normalize("NFKD", item.char):
        if unicodedata.category(char) not in {"Mn", "Sk", "Cf"} or char in _KEPT:
            yield item._replace(char=char, raised=raised)


def _spell(items: Sequence[_Item], *, source: bool = False) -> Spelling:
    letters: list[str] = []
    exact: list[str] = []
    signs: dict[int, str] = {}
    needed: dict[int, str] = {}
    raised: set[int] = set()
    spaces: set[int] = set()
    for place, item in enumerate(items):
        folded = item.char.lower() if item.char.isascii() and item.char.isalnum() else letters_of(item.char)
        if folded:
            raised |= {len(letters) + step for step in range(len(folded) if item.raised else 0)}
            letters += folded
            exact += (item.char if not source or item.formula else " ") * len(folded)
        elif item.char.isspace():
            spaces.add(len(letters))
            if _parts_digits(items, place):
                signs[len(letters)] = needed[len(letters)] = " "
        elif not (item.raised and item.char in "?#" and _ends_word(items, place)):
            sign, gap = _SAME_SIGN.get(item.char, item.char), len(letters)
            if sign != "-" or not signs.get(gap, "").endswith("-"):
                signs[gap] = signs.get(gap, "") + sign
                if _carries_meaning(items, place, sign):
                    needed[gap] = needed.get(gap, "") + sign
    return Spelling("".join(letters), "".join(exact), signs, needed, frozenset(raised), frozenset(spaces))


def _parts_digits(items: Sequence[_Item], place: int) -> bool:
    """Tells whether white space stands between two digits, as in "3 5"."""
    around = [item.char for item in items[max(place - 1, 0) : place + 2]]
    return len(around) == 3 and around[0].isdigit() and around[2].isdigit()


def _carries_meaning(items: Sequence[_Item], place: int, sign: str) -> bool:
    """Tells whether a sign makes a title another one."""
    item = items[place]
    before = items[place - 1].char if place else " "
    after = items[place + 1].char if place + 1 < len(items) else " "
    kind = unicodedata.category(item.char)
    if item.char in "\ufffd\u0338":
        return True
    if item.char in "([" and after.isalpha() and not item.formula:
        return True  # "(Not)"
    if item.char in ")]" and before.isalpha() and not item.formula:
        return True
    if kind in {"Ps", "Pe", "Pi", "Pf"} or item.char in '"`':
        return False
    if before.isdigit() and after.isdigit():
        return True
    if sign == "-":  # a hyphen joins, a dash separates; at a line's end both may be the typesetter's
        minus = item.formula or item.char == "\u2212"
        return minus or (item.char == "-" and after != "\n" and before.isalnum() != after.isalnum())
    if sign == "*" and not after.isalnum() and _ends_word(items, place):
        return False
    if item.char == "\u2032" or (item.formula and (sign in _IN_FORMULAS or kind == "Sm")):
        return True
    return sign not in _NEVER and (sign in _EVER or kind in {"Sm", "Sc", "So"})


def _ends_word(items: Sequence[_Item], place: int) -> bool:
    """Tells whether a word of some letters ends right before a place."""
    while place and not items[place - 1].char.isalnum():
        place -= 1
    return place >= _WORD and all(item.char.isalpha() and not item.raised for item in items[place - _WORD : place])


def is_title(wanted: Spelling, lines: Sequence[TextLine]) -> bool:
    """Tells whether lines, one below the other, are a title and nothing else."""
    return any(_same(wanted, _spell(items)) for items in _readings(lines))


def _readings(lines: Sequence[TextLine]) -> Iterator[list[_Item]]:
    """Yields the ways to read lines: as they stand, without a mark at the end, without a number in front."""
    marked = [(line.text, line.levels.ljust(len(line.text))) for line in lines]
    yield _items(marked)
    if any("^_" in levels for _, levels in marked):
        yield _items([_swapped(*line) for line in marked])
    if any(is_leftward(char) for text, _ in marked for char in text):
        # Of scripts that are written from the right LuaTeX's files have the letters as they stand, from the left.
        yield _items([(text[::-1] if all(map(is_leftward, letters_of(text))) else text, "") for text, _ in marked])
    text, levels = marked[-1]
    bare = len(levels.rstrip("^"))
    if bare == len(text) and _FLAT_MARK.fullmatch(text):
        bare -= 1
    # A raised digit or letter behind capitals may be an exponent, unless all are capitals.
    acronym = text[bare:].isalnum() and text[:bare][-_WORD:].isupper() and any(map(str.islower, text))
    if bare < len(text) and _MARK.fullmatch(text, bare) and not acronym:
        bared = [*marked[:-1], (text[:bare].rstrip(), levels)]
        items = _items(bared)
        if _ends_word(items, len(items)):
            marked = bared
            yield items
    inner = [_unmarked(*line) for line in marked]
    if inner != marked:
        yield _items(inner)
    number = _NUMBER.match(marked[0][0])
    if number and marked[0][1][number.end() - 1] == "=":
        yield _items([(marked[0][0][number.end() :], marked[0][1][number.end() :]), *marked[1:]])


def _unmarked(text: str, levels: str) -> tuple[str, str]:
    """Returns a line without the marks of footnotes that stand in it."""
    if "^" not in levels:
        return text, levels
    for match in reversed([*_INNER_MARK.finditer(text)]):
        place = match.start()
        if levels[place : place + 1] == "^":
            text, levels = text[:place] + text[place + 1 :], levels[:place] + levels[place + 1 :]
    return text, levels


def _swapped(text: str, levels: str) -> tuple[str, str]:
    """Returns a line with subscripts before superscripts: TeX sets them the other way round."""
    for match in re.finditer(r"(\^+)(_+)", levels):
        start, middle, end = match.start(1), match.start(2), match.end(2)
        text = text[:start] + text[middle:end] + text[start:middle] + text[end:]
        levels = levels[:start] + match[2] + match[1] + levels[end:]
    return text, levels


def _items(lines: Sequence[tuple[str, str]]) -> list[_Item]:
    items: list[_Item] = []
    for text, levels in lines:
        if items:
            items.append(_Item("\n"))
        for char, level in zip(text, levels.ljust(len(text)), strict=False):
            items += _decomposed(_Item(char, raised=level == "^"))
    return items


def _same(wanted: Spelling, found: Spelling) -> bool:
    places = _aligned(wanted.letters, found.letters, found.signs.keys() | found.spaces)
    if places is None:
        return False
    if found.exact != found.exact.upper():
        pairs = ((wanted.exact[own : own + 1], found.exact[other : other + 1]) for own, other in places.items())
        if any(one != other and one.lower() == other.lower() for one, other in pairs):
            return False  # another case, in a formula
    if any(places.get(own, own) not in found.raised for own in wanted.raised if own in places):
        return False  # 106 is not 10^6
    if any(own not in wanted.raised and _is_power(found, other) for own, other in places.items()):
        return False  # nor the other way round
    for own, other in places.items():
        lacking = _without(wanted.needed.get(own, ""), found.signs.get(other, ""))
        if lacking or _without(found.needed.get(other, ""), wanted.signs.get(own, "")):
            return False
    return True


def _without(signs: str, others: str) -> str:
    for sign in others:
        signs = signs.replace(sign, "", 1)
    return signs


def _is_power(spelling: Spelling, place: int) -> bool:
    """Tells whether a digit is raised behind one that is not."""
    return (
        place > 0
        and place in spelling.raised
        and place - 1 not in spelling.raised
        and spelling.letters[place].isdigit()
        and spelling.letters[place - 1].isdigit()
    )


def _aligned(wanted: str, found: str, apart: AbstractSet[int]) -> dict[int, int] | None:
    """Returns where each gap between letters of one title is in the other; None if they are not the same.

    They may differ in ligatures, which programs that rewrite fonts lose or garble: Ghostscript 10 swaps bytes of what
    "ffi" stands for, others leave a control character. In a ligature's place there may be letters of other scripts, or
    a sign or white space (`apart` says where), and its last letter where only "ff" was one.
    """
    if wanted == found:
        return {place: place for place in range(len(wanted) + 1)}
    ligatures = [match.span() for match in _LIGATURE.finditer(wanted)]
    # Ligatures side by side, as no title has them, could be told apart in too many ways.
    if not ligatures or len(ligatures) > _MAX_LIGATURES or abs(len(wanted) - len(found)) > 3 * len(ligatures):
        return None
    edges = [0, *(edge for span in ligatures for edge in span), len(wanted)]
    parts = [wanted[start:end] for start, end in pairwise(edges)]
    if not all(parts[2:-1:2]):
        return None
    garbled = "({0}|[^\\x00-\\x7f]{{0,3}}{1}?)"
    odd = (garbled.format(part, part[-1:]) if place % 2 else f"({part})" for place, part in enumerate(parts))
    match = re.fullmatch("".join(odd), found)
    if match is None:
        return None
    places: dict[int, int] = {}
    for place, (start, part) in enumerate(zip(edges, parts, strict=False)):
        if place % 2 == 0 or match[place + 1] == part:
            places |= {start + step: match.start(place + 1) + step for step in range(len(part) + 1)}
    for place in range(1, len(parts), 2):
        if match[place + 1] != parts[place]:  # a sign that stands there is the ligature
            if match[place + 1].isascii() and match.start(place + 1) not in apart:
                return None
            places.pop(edges[place])
            places.pop(edges[place + 1])
    return places
