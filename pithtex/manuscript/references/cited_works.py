r"""The works that a paper cites: what its bibliography says of each.

TeX prints the `.bbl` where there is one, else what BibTeX or Biber makes of the `.bib` files. An entry of a `.bib` is
read in place of the `.bbl`'s that shows its title, or no title and the same paper: it has fields, and is what authors
correct.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final

from pithtex.limits import MAX_CITED, MAX_FRAGMENT_CHARS, MAX_IGNORES, MAX_KEYS
from pithtex.manuscript.arguments import Arguments
from pithtex.manuscript.references.locators import Locator, locators_in, locators_of
from pithtex.manuscript.references.reference import PaperMap
from pithtex.manuscript.source.comments import ignore_in
from pithtex.manuscript.source.expand import expand
from pithtex.manuscript.source.files import Folder, TexFile
from pithtex.manuscript.source.model import Fragment, Ignore, Macro, Manuscript, Reached, Use
from pithtex.manuscript.source.plain_text import plain_text
from pithtex.manuscript.source.referring import Kind
from pithtex.manuscript.tokens import uncommented
from pithtex.structs import struct

if TYPE_CHECKING:
    from bibtexparser.model import Entry

_ITEM: Final = re.compile(r"\\(?:bibitem(?![A-Za-z])|entry(?=\{)|harvarditem(?=[\[{]))")
_ITEM_ENDS: Final = re.compile(
    r"\\(?:bib|harvard)item(?![A-Za-z])|\\endentry(?![A-Za-z])|\\end\s*\{(?:thebibliography|references)\}"
)
_MAX_ITEM: Final = 10_000
"""Characters of one reference."""
_COMMAND: Final = re.compile(r"\\[A-Za-z]+")
_FIELD: Final = re.compile(r"\\field(?=\{([a-z]{1,40})\})")
_VERB: Final = re.compile(r"\\verb\{([a-z]{1,40})\}\s*\\verb ([^\r\n]{0,2000})")
_COMMENT: Final = re.compile(r"^[ \t]*%([^@\n]*)$", re.MULTILINE)
"""A line that Biber and editors take for a comment."""
_BRACE_BELOW: Final = re.compile(r"^([ \t]*@\w{1,40})([ \t]*\r?\n\s{0,100})([{(])", re.MULTILINE)
_DELIMITER: Final = re.compile(r'["{}#]')
_MAX_STRINGS: Final = 5_000
_MAX_STRING: Final = 1_000
"""`@string`s of one database, and characters of one: names of journals."""
_QUOTED: Final = re.compile(
    r"``((?:(?!``|'')[\s\S]){3,1000})''|\u201c([^\u201c\u201d]{3,1000})\u201d|\"([^\"]{3,1000})\""
)
_TITLE_COMMAND: Final = re.compile(r"\\(?:bibinfo\s*\{title\}|showarticletitle|bibtitle|Title)\s*(?=\{)")
_NEWBLOCK: Final = re.compile(r"\\newblock(?![A-Za-z])\s*")
_YEAR: Final = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_DATE: Final = re.compile(r",\s*(?:[A-Z][a-z]{2,8}\.?\s*)?(?:1[89]|20)\d\d[a-z]?[.\s]*\Z")
_NO_TITLE: Final = re.compile(
    r"\A(?:In\s+(?:Proc|\{?\\)|\{?\\(?:em|emph|textit|it|bf|textbf)(?![A-Za-z]))|(?:\A|\s)[A-Z][a-z]{0,5}\.\s|https?:"
)
"""How a block begins that is a journal or a volume, and what stands in one: an abbreviated name, an address."""


@struct
class CitedWork:
    """One work of the bibliography."""

    key: str
    file: TexFile
    start: int
    """Offset of the entry in the file's text."""
    titles: tuple[Fragment, ...]
    """Its title, as a field or a mark has it; several where marks leave it open."""
    subtitle: Fragment | None = None
    source: str = ""
    """The whole reference as TeX has it, where it has no fields; else empty."""
    locators: tuple[Locator, ...]
    """The papers that it names."""

    @property
    def title(self) -> str:
        """Returns its title as people read it; empty where it is not told apart."""
        if not self.titles:
            return ""
        second = "" if self.subtitle is None else f": {plain_text(self.subtitle.expanded).text}"
        return f"{plain_text(self.titles[0].expanded).text.strip(' .,')}{second}"

    @property
    def text(self) -> str:
        """Returns the whole reference as people read it, where it has no fields."""
        return plain_text(self.source, math=True).text


@struct
class Bibliography:
    """What a paper cites."""

    works: tuple[CitedWork, ...] = ()
    """In the order of its bibliographies, at most `MAX_CITED`."""
    ignores: tuple[Ignore, ...] = ()
    """Comments in databases that silence findings."""
    unread: tuple[str, ...] = ()
    """Files of it that were not read, and entries."""
    whole: bool = True
    """Whether there are no more works than that."""


def read_bibliography(manuscript: Manuscript, refers: PaperMap) -> Bibliography:
    r"""Returns what the paper cites.

    Without a `.bbl` these are the entries that a citation asks for, and all after `\nocite{*}`. A citation that a macro
    of the paper's own makes is not seen.
    """
    reader = _Reader(manuscript, refers)
    works = tuple(islice(reader.works(), MAX_CITED + 1))
    return Bibliography(
        works=works[:MAX_CITED],
        ignores=tuple(reader.ignores[:MAX_IGNORES]),
        unread=tuple(reader.unread),
        whole=len(works) <= MAX_CITED,
    )


class _Reader:
    def __init__(self, manuscript: Manuscript, refers: PaperMap) -> None:
        self.manuscript = manuscript
        self.refers = refers
        self.unread: list[str] = []
        self.ignores: list[Ignore] = []
        self._folder = Folder(manuscript.root)

    def works(self) -> Iterator[CitedWork]:
        """Yields each key's first work."""
        seen = set()
        for work in self._all():
            if work.key.lower() not in seen:
                seen.add(work.key.lower())
                yield work

    def _all(self) -> Iterator[CitedWork]:
        manuscript, refers = self.manuscript, self.refers
        databases: dict[str, CitedWork] = {}
        for file in self._databases():
            for work in self._of_database(file):
                databases.setdefault(work.key.lower(), work)  # BibTeX takes the first of two
        for uses in manuscript.names.entries.values():
            yield from (self._item(use.file, use.start, use.end, use.argument) for use in uses if _is_active(use))
        bbl = None if refers.bbl is None else self._file(refers.bbl)
        if bbl is not None:
            works = list(islice(self._of_bbl(bbl), MAX_KEYS))
            if not works:
                self.unread.append(bbl.name)
            for work in works:
                known = databases.get(work.key.lower())
                yield known if known is not None and _is_of(work, known) else work
            return
        cited = {key.lower() for key in manuscript.names.cited}
        yield from (work for key, work in databases.items() if key in cited or "*" in cited)

    def _databases(self) -> Iterator[TexFile]:
        named = (item.file for item in self.refers.of(Kind.DATABASE) if item.file is not None)
        for name in dict.fromkeys(named):
            file = self._file(name)
            if file is not None:
                yield file
        for name, text in self.manuscript.names.written.items():
            if name.endswith(".bib"):
                yield TexFile(path=self.manuscript.main.path, name=name, text=text)

    def _file(self, name: str) -> TexFile | None:
        file = self._folder.read(name)
        if isinstance(file, TexFile):
            return file
        self.unread.append(name)
        return None

    # --- BibTeX's databases ------------------------------------------------------------------------------------------

    def _of_database(self, file: TexFile) -> Iterator[CitedWork]:
        if "pithtex" in file.text:
            comments = (ignore_in(found[1], file, found.start()) for found in _COMMENT.finditer(file.text))
            self.ignores += (comment for comment in comments if comment is not None)
        entries, lost = _entries(file.text)
        if lost:
            self.unread.append(f"{lost} entries of {file.name}")
        for entry, strings in entries:
            line = file.line_span((entry.start_line or 0) + 1)
            start = 0 if line is None else line[0]
            start = max(file.text.find("@", start), start)
            fields = {item.key.lower(): _value(item.value, strings) for item in reversed(entry.fields)}
            yield self._of_fields(entry.key, file, start, fields)

    def _of_fields(self, key: str, file: TexFile, start: int, fields: Mapping[str, str]) -> CitedWork:
        title, subtitle = fields.get("title", ""), fields.get("subtitle", "")
        return CitedWork(
            key=key,
            file=file,
            start=start,
            titles=(self._fragment(title, file, start),) if title else (),
            subtitle=self._fragment(subtitle, file, start) if subtitle else None,
            locators=locators_of(fields),
        )

    def _fragment(self, source: str, file: TexFile, start: int) -> Fragment:
        use = Use(name="title", argument=source, state=Reached.ACTIVE, file=file, start=start, end=start)
        macros: Mapping[str, Macro] = self.manuscript.macros
        return Fragment(use=use, raw=source, expanded=" ".join(expand(source, macros).split()))

    # --- what TeX reads ----------------------------------------------------------------------------------------------

    def _of_bbl(self, file: TexFile) -> Iterator[CitedWork]:
        arguments = Arguments(file.text)
        for found in islice(_ITEM.finditer(file.text), MAX_KEYS):
            position, _ = arguments.optional(found.end())
            if found[0].endswith("harvarditem"):  # the names and the year stand before the key
                position = arguments.behind_groups(position, 2)
            group = arguments.group(position)
            if group is not None:
                key = uncommented(file.text[slice(*group)]).strip()
                yield self._item(file, found.start(), group[1] + 1, key)

    def _item(self, file: TexFile, start: int, behind: int, key: str) -> CitedWork:
        """Returns a reference as TeX has it: biblatex's with fields, others as they are printed."""
        ends = _ITEM_ENDS.search(file.text, behind, behind + _MAX_ITEM)
        source = uncommented(file.text[behind : behind + _MAX_ITEM if ends is None else ends.start()])
        fields = _fields_of_biblatex(source)
        if fields:
            return self._of_fields(key, file, start, fields)
        return CitedWork(
            key=key,
            file=file,
            start=start,
            titles=tuple(self._fragment(title, file, start) for title in _marked_titles(source)),
            source=_NEWBLOCK.sub(" ", expand(source, self.manuscript.macros)),
            locators=locators_in(source),
        )


def _is_active(use: Use) -> bool:
    return use.state is Reached.ACTIVE


def _is_of(printed: CitedWork, entry: CitedWork) -> bool:
    """Tells whether a printed reference is that of an entry of a database.

    It shows its title, but for case, TeX and punctuation; or none that is told apart, and the same paper.
    """
    title = _letters(entry.titles[0].raw) if entry.titles else ""
    if title and title in _letters(printed.source or " ".join(item.raw for item in printed.titles)):
        return True
    papers = {locator.paper for locator in entry.locators}
    return not printed.titles and any(locator.paper in papers for locator in printed.locators)


def _letters(source: str) -> str:
    plain = unicodedata.normalize("NFKD", _COMMAND.sub("", source)).casefold()
    return "".join(filter(str.isalnum, plain))


def _entries(text: str) -> tuple[list[tuple[Entry, Mapping[str, str]]], int]:
    """Returns the entries of a database, each with the values of its `@string`s, and how many could not be read."""
    import logging

    from bibtexparser.model import Entry, ParsingFailedBlock, String
    from bibtexparser.splitter import Splitter

    lost = max(text.count("@") - MAX_KEYS, 0)
    if lost:
        text = text[: _place_of(text, "@", MAX_KEYS)]
    text = _BRACE_BELOW.sub(r"\1 \3\2", _COMMENT.sub("", text))  # the parser knows neither; lines stay where they are
    log = logging.getLogger("bibtexparser.splitter")
    was, log.disabled = log.disabled, True  # BibTeX says better what is no entry
    try:
        blocks = Splitter(text).split().blocks
    finally:
        log.disabled = was
    strings: dict[str, str] = {}
    entries: list[tuple[Entry, Mapping[str, str]]] = []
    for block in blocks:
        found = getattr(block, "ignore_error_block", None) or block  # a field or an entry that is given twice
        if isinstance(found, String) and len(strings) < _MAX_STRINGS:
            strings[found.key.lower()] = _value(found.value, strings)[:_MAX_STRING]
        elif isinstance(found, Entry):
            entries.append((found, strings))
        elif isinstance(found, ParsingFailedBlock):
            lost += 1
    return entries, lost


def _place_of(text: str, sign: str, count: int) -> int:
    place = -1
    for _ in range(count):
        place = text.index(sign, place + 1)
    return place


def _value(source: str, strings: Mapping[str, str]) -> str:
    """Returns the value of a field: what stands in braces or quotation marks, numbers, and strings, joined by `#`."""
    source = source[:MAX_FRAGMENT_CHARS]
    pieces, depth, quoted, start = [], 0, False, 0
    for found in _DELIMITER.finditer(source):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth == 0 and found[0] == '"':
            quoted = not quoted
        elif depth == 0 and found[0] == "#" and not quoted:
            pieces.append(source[start : found.start()].strip())
            start = found.end()
    pieces.append(source[start:].strip())
    values = (piece[1:-1] if piece[:1] in {"{", '"'} else strings.get(piece.lower(), piece) for piece in pieces)
    return "".join(values)[:MAX_FRAGMENT_CHARS]


def _fields_of_biblatex(source: str) -> dict[str, str]:
    arguments = Arguments(source)
    fields = {name: value.strip() for name, value in _VERB.findall(source)}
    for found in _FIELD.finditer(source):
        group = arguments.group(found.end() + len(found[1]) + 2)
        if group is not None:
            fields[found[1]] = source[slice(*group)]
    return fields


def _marked_titles(source: str) -> Iterator[str]:
    r"""Yields what marks as a title have: a command, quotation marks, or the block behind that of the authors.

    BibTeX's styles write `authors \newblock title. \newblock journal`.
    """
    arguments = Arguments(source)
    for found in _TITLE_COMMAND.finditer(source):
        group = arguments.group(found.end())
        if group is not None:
            yield source[slice(*group)]
    yield from (quoted.strip(" ,.") for found in _QUOTED.findall(source) for quoted in found if quoted)
    authors, *blocks = _NEWBLOCK.split(source)
    if not blocks or any(map(str.isdigit, _YEAR.sub("", authors))):  # a style without titles has the pages before it
        return
    title = _DATE.sub("", blocks[0].strip())
    if len(title.split()) > 1 and not _NO_TITLE.search(title) and not locators_in(title):
        yield title.rstrip(" .,")
