"""What people call a record: a number, a short form, or the paper's arXiv identifier, in every usual spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, Self

from pithtex.errors import MalformedError, UsageError
from pithtex.format.number import SHORT_LENGTHS, PithNumber, ShortForm
from pithtex.format.profile import REGISTRY_HOSTS
from pithtex.format.record import WRITTEN_ARXIV_ID, name_of
from pithtex.structs import struct
from pithtex.text import nearest, shortened

_BEFORE: Final = (
    r"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|"
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:[ ]?)?10\.48550(?:/|%2f)arxiv\.|arxiv:[ ]?)?"
)
_AFTER: Final = r"(?:v(?P<version>[1-9][0-9]{0,5}))?(?:\.pdf)?/?(?:[?#]\S*)?"
# Compiled when first used: a number needs none of them, and most identifiers are neither found in a text nor mistyped.
_ARXIV: Final = rf"{_BEFORE}(?P<id>{WRITTEN_ARXIV_ID}){_AFTER}"
_WITHIN: Final = (
    rf"(?<![A-Z0-9-])(?P<named>arxiv\s{{0,3}}[:.]?\s{{0,3}})?"
    rf"(?P<id>{WRITTEN_ARXIV_ID})(?![0-9])(?:v(?P<version>[1-9][0-9]{{0,5}}))?(?![0-9])"
)
_NAMED: Final = (
    r"(?:(?P<named>arxiv(?:\.org)?(?:[^0-9A-Z]{0,8}(?:preprint|e-?prints?|abs|pdf|html|id|no)(?![A-Z])){0,3}"
    rf"[^0-9A-Z]{{0,8}}|(?<![A-Z])abs/)|(?<![A-Z0-9-]))(?P<id>{WRITTEN_ARXIV_ID})(?![0-9])(?:v(?P<version>[1-9][0-9]{{0,5}}))?(?![0-9])"
)
_MISTYPED: Final = (
    rf"{_BEFORE}(?:(?P<month>[0-9]{{3,4}})[.,:;_ /-]?(?P<number>[0-9]{{1,7}})|"
    rf"(?P<archive>[a-z]{{2,10}}(?:-[a-z]{{2,10}})?)(?:\.[a-z-]{{2,10}})?[ /:.-]?(?P<old>[0-9]{{7}})){_AFTER}"
)
_PAGE: Final = r"https?://(?P<host>[^/?#@:\\\s]+)/(?:pith|paper)/(?P<name>[A-Za-z0-9]+)(?:\.json)?/?(?:[?#]\S*)?"
_ARCHIVES: Final = frozenset(
    """acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga
    funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph
    q-alg q-bio quant-ph solv-int supr-con""".split()  # noqa: SIM905 - three lines, and not thirty-four
)
"""The archives that gave identifiers before April 2007."""
_DIGITS: Final = str.maketrans("OoIlB", "00118")
_LONGEST: Final = 200
"""Characters of a text that a likely identifier is looked for in."""


@struct(kw_only=False)
class ArxivId:
    """An arXiv identifier, with the version where one is named."""

    id: str
    """Lower case, without version and without the subject class of old ones: `math.LO/9509208` is `math/9509208`."""

    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Reads an identifier, an arXiv DOI or an address of arXiv; None if the text is neither.

        Of its form alone: `fault` says whether arXiv can have given it.
        """
        return cls._of(re.fullmatch(_ARXIV, text.strip(), re.IGNORECASE))

    @classmethod
    def given(cls, text: str) -> Self | None:
        """As `parse`, of what a user gives.

        Raises:
            UsageError: of the form of an identifier, but arXiv cannot have given it; the hint has the likely one.
        """
        arxiv = cls.parse(text)
        if arxiv is None or arxiv.fault is None:
            return arxiv
        likely = likely_arxiv_id(text)
        message = f"{shortened(text)!r} is not an arXiv identifier: {arxiv.fault}"
        hint = _FORMS if likely is None else f"did you mean {likely}?"
        raise UsageError(message, hint=hint, rule="unknown-identifier", likely=(likely,) if likely else ())

    @classmethod
    def find(cls, text: str) -> Self | None:
        """Returns the identifier that a text names: the first that `arXiv` stands before, else the first."""
        found = [item for item in re.finditer(_WITHIN, text, re.IGNORECASE) if _is_known(item["id"])]
        return cls._of(next((item for item in found if item["named"]), found[0] if found else None))

    @classmethod
    def named_in(cls, text: str) -> Iterator[Self]:
        """Yields the identifiers that a text says are arXiv's.

        Those behind `arXiv` in its usual spellings, an address, an arXiv DOI or the `abs/` of a bibliography, and those
        of before April 2007 with an archive. Of their form alone, as by `parse`.
        """
        for found in re.finditer(_NAMED, text, re.IGNORECASE):
            arxiv = cls._of(found)
            if arxiv is not None and (found["named"] or "/" in arxiv.id) and _is_known(found["id"]):
                yield arxiv

    @classmethod
    def _of(cls, found: re.Match[str] | None) -> Self | None:
        if found is None:
            return None
        return cls(plain_arxiv_id(found["id"]), int(found["version"]) if found["version"] else None)

    @property
    def fault(self) -> str | None:
        """Returns why arXiv cannot have given this identifier, in a few words; None if it can have.

        By https://info.arxiv.org/help/arxiv_identifier.html: `YYMM.NNNN` from April 2007, `YYMM.NNNNN` from 2015, and
        `archive/YYMMNNN` from August 1991 to March 2007.
        """
        archive, slash, digits = self.id.rpartition("/")
        month, number = (digits[:4], digits[4:]) if slash else tuple(digits.split("."))
        if not _is_month(month):
            return f"{month[2:]!r} is not a month"
        if not int(number):
            return "papers are numbered from 1"
        if slash:
            if archive not in _ARCHIVES:
                return f"arXiv has no archive {archive!r}"
            return None if month >= "9108" or month <= "0703" else "identifiers with an archive run from 9108 to 0703"
        if month < "0704":
            return "identifiers without an archive begin in 0704"
        if month < "1501":
            return None if len(number) == 4 else f"identifiers of {month} have four digits after the point"
        return None if len(number) == 5 else f"identifiers of {month} have five digits after the point"

    def __str__(self) -> str:
        return name_of("arxiv", self.id, self.version)


Identifier = PithNumber | ShortForm | ArxivId

_FORMS: Final = (
    "write year and month (01 to 12), a point and the number: 2606.01751, or 0704.0001 before 1501;"
    " before 0704 it is the archive and seven digits: math/9509208"
)


def plain_arxiv_id(source_id: str) -> str:
    """Returns the one spelling by which identifiers are compared."""
    archive, slash, rest = source_id.lower().partition("/")
    return f"{archive.partition('.')[0]}/{rest}" if slash else archive


def _is_month(year_and_month: str) -> bool:
    return "01" <= year_and_month[2:] <= "12"


def _is_known(written: str) -> bool:
    """Tells whether it names one of arXiv's archives, or none: much running text looks like an old identifier."""
    archive, slash, _ = plain_arxiv_id(written).partition("/")
    return not slash or archive in _ARCHIVES


def likely_arxiv_id(text: str) -> str | None:
    """Returns the identifier that was probably meant by a text that is not one, or not one that arXiv can have given.

    Digits of the month swapped, a zero lost or one too many, a letter for a digit, another separator, or an archive
    that is one edit away; else an identifier that stands somewhere in the text.
    """
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).strip()
    archive, slash, digits = plain.rpartition("/")
    for attempt in (plain, f"{archive}{slash}{digits.translate(_DIGITS)}"):
        mistyped = re.fullmatch(_MISTYPED, attempt, re.IGNORECASE)
        for arxiv in () if mistyped is None else _corrected(mistyped):
            if arxiv.fault is None:
                return str(arxiv)
    found = ArxivId.find(plain)
    return None if found is None or found.fault is not None else str(found)


def _corrected(found: re.Match[str]) -> Iterator[ArxivId]:
    """Yields what could have been meant, the most probable first; most of it cannot be an identifier either."""
    version = int(found["version"]) if found["version"] else None
    archive = (found["archive"] or "").lower()
    if archive and archive not in _ARCHIVES:
        near = nearest(archive, _ARCHIVES, most=1)
        archive = near[0] if len(near) == 1 else ""
    old = found["old"]
    month, number = (old[:4], old[4:]) if old else (found["month"].zfill(4), found["number"])
    spelled = [number]
    if not old and len(number) in {3, 4}:
        spelled.append(f"0{number}")
    elif not old and number.startswith("0"):
        spelled.append(number[1:])
    swapped = () if _is_month(month) else (month[:2] + month[:1:-1], month[2:] + month[:2])
    for meant in (month, *swapped):
        for digits in spelled:
            yield ArxivId(f"{archive}/{meant}{digits}" if old else f"{meant}.{digits}", version)


def parse_identifier(text: str) -> Identifier:
    """Reads whatever names a record.

    A full number, its 26 characters, or their first 8, 12 or 16; an arXiv identifier, DOI or address; the address of a
    record's page, record or bundle at the registry.

    Raises:
        UsageError: none of these, or an arXiv identifier that cannot be; with a hint where a likely one stands out.
    """
    number = PithNumber.exact(text)
    if number is not None:
        return number
    arxiv = ArxivId.given(text)
    if arxiv is not None:
        return arxiv
    page = re.fullmatch(_PAGE, text.strip(), re.IGNORECASE)
    name = text.strip()
    if page is not None and page["host"].lower() in REGISTRY_HOSTS:
        name = page["name"]
    bare = name[5:] if name.lower().startswith("pith:") else name
    try:
        return ShortForm.parse(name) if len(bare) in SHORT_LENGTHS else PithNumber.parse(text)
    except MalformedError as error:
        hint, likely = error.hint, error.likely
        if not likely and (meant := likely_arxiv_id(text)) is not None:
            hint, likely = f"did you mean {meant}?", (meant,)
        raise UsageError(
            f"{shortened(text)!r} is not an arXiv id, DOI or Pith Number",
            hint=hint or "use for example 2606.01751, 10.48550/arXiv.2606.01751 or pith:CNPMIFD4",
            rule="unknown-identifier",
            likely=likely,
        ) from error
