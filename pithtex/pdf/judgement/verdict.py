"""The verdict: independent facts, and one word derived from them (docs/explanation/verdict.md)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pithtex.catalogue import finding
from pithtex.findings import Finding, Rect, Severity, Status
from pithtex.notebook import html_table, short_repr
from pithtex.pdf.facts import Facts
from pithtex.structs import NamedTuple, field, struct
from pithtex.verification.standing import UNKNOWN, Standing

if TYPE_CHECKING:
    from pithtex.verification.record import VerifiedRecord


class Word(StrEnum):
    """What the facts add up to, best first; `docs/explanation/verdict.md` says what each does and does not mean."""

    VALID = "valid"
    UNBOUND = "unbound"
    UNVERIFIED = "unverified"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    INVALID = "invalid"


_WORST_FIRST: Final = (Word.INVALID, Word.UNREADABLE, Word.ABSENT, Word.UNVERIFIED, Word.UNBOUND)


def no_metadata() -> Finding:
    """Returns the finding for a file in which no channel carries a number."""
    return finding("no-metadata", "no channel of the PDF carries a Pith Number")


class Channel(NamedTuple):
    """What one channel says, as it says it."""

    channel: str
    """`link`, `xmp`, `info` or `text`."""
    where: str
    number: str | None
    receipt: bool
    """Whether it carries a compact receipt."""
    page: int | None = None
    """Of a channel on a page, 1-based."""
    rect: Rect | None = None
    """Where on that page."""

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        return {"channel": self.channel, "where": self.where, "number": self.number, "receipt": self.receipt}


@struct
class Badge:
    """One badge, judged with its own page."""

    page: int | None
    """1-based; None if the number stands in the metadata alone."""
    number: str | None
    facts: Facts
    channels: tuple[Channel, ...]
    findings: tuple[Finding, ...]
    title: str | None
    """The verified record's title."""
    source: str | None
    """The verified record's source, as in `arXiv:2606.01751v1`."""
    record: VerifiedRecord | None = field(default=None, repr=False, compare=False)
    """The verified record, for reports that show it."""
    standing: Standing = UNKNOWN
    """What verified events say of the paper, where any were given. It changes no word."""
    abstract_required: bool = False
    """Whether the caller wants the abstract shown to be the record's."""
    abstract_rects: tuple[tuple[int, Rect], ...] = field(default=(), repr=False, compare=False)
    """The lines of the abstract, each with its page, for reports that show it."""

    @property
    def word(self) -> Word:
        """Returns the word that the facts give. A finding of severity error never stands beside a better one."""
        facts = self.facts
        proof = (facts.number, facts.channels, facts.record, facts.digest, facts.signature, facts.key)
        statuses = {fact.status for fact in proof}
        misbound = facts.binding.status is Status.FAILS and facts.binding.by != "title"
        errors = any(item.severity is Severity.ERROR for item in self.findings)
        if Status.FAILS in statuses or misbound or errors:
            return Word.INVALID
        if statuses != {Status.HOLDS}:
            return Word.UNVERIFIED
        abstract = facts.abstract.status
        another = abstract is Status.FAILS or (self.abstract_required and abstract is not Status.HOLDS)
        return Word.UNBOUND if facts.binding.status is not Status.HOLDS or another else Word.VALID

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        return {
            "page": self.page,
            "verdict": self.word.value,
            "number": self.number,
            "title": self.title,
            "source": self.source,
            "standing": self.standing.to_dict(),
            "facts": self.facts.to_dict(),
            "channels": [channel.to_dict() for channel in self.channels],
            "findings": [item.to_dict() for item in self.findings],
        }


@struct(repr=False)
class Verdict:
    """The word on one PDF: that of its worst badge, and the badges it rests on."""

    word: Word
    badges: tuple[Badge, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Those of the file; those of a badge stand with the badge."""
    bystanders: tuple[Channel, ...] = ()
    """What else in the file names a number and never speaks for the paper: other XMP packets, earlier revisions."""

    @classmethod
    def of(
        cls, badges: tuple[Badge, ...], findings: tuple[Finding, ...], *, bystanders: tuple[Channel, ...] = ()
    ) -> Verdict:
        """Returns the verdict on a file that could be opened."""
        words = {badge.word for badge in badges}
        word = next((word for word in _WORST_FIRST if word in words), Word.VALID) if badges else Word.ABSENT
        if any(item.severity is Severity.ERROR for item in findings):
            word = Word.INVALID
        return cls(word=word, badges=badges, findings=findings, bystanders=bystanders)

    @property
    def _speaker(self) -> Badge | None:
        return next((badge for badge in self.badges if badge.word is self.word), next(iter(self.badges), None))

    @property
    def number(self) -> str | None:
        """Returns the number of the badge that the word is about."""
        return self._speaker.number if self._speaker else None

    @property
    def facts(self) -> Facts:
        """Returns the facts of the badge that the word is about."""
        return self._speaker.facts if self._speaker else Facts()

    @property
    def standing(self) -> Standing | None:
        """Returns the gravest standing of the papers that the file carries badges of; None without a badge."""
        standings = [badge.standing for badge in self.badges]
        return min(
            standings, key=lambda standing: (not standing.grave, standing.known, not standing.against), default=None
        )

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Returns what every channel says, each once."""
        return tuple(dict.fromkeys(channel for badge in self.badges for channel in badge.channels))

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        """Returns the findings of the file and of its badges, each once."""
        of_badges = (item for badge in self.badges for item in (*badge.standing.findings, *badge.findings))
        return tuple(dict.fromkeys((*self.findings, *of_badges)))

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form of one result of `check`, but for the file's name."""
        return {
            "verdict": self.word.value,
            "number": self.number,
            "standing": None if self.standing is None else self.standing.to_dict(),
            "facts": self.facts.to_dict(),
            "badges": [badge.to_dict() for badge in self.badges],
            "channels": [channel.to_dict() for channel in self.channels],
            "bystanders": [channel.to_dict() for channel in self.bystanders],
            "findings": [item.to_dict() for item in self.all_findings],
        }

    def __repr__(self) -> str:
        return short_repr(self, self.word.value, self.number or "", self._title)

    def _repr_html_(self) -> str:
        facts = ((f"{name}: {fact.status.value}", fact.message) for name, fact in self.facts.items())
        return html_table(f"{self.word.value}: {self._title or self.number or 'no number'}", facts)

    @property
    def _title(self) -> str:
        return (self._speaker.title if self._speaker else None) or ""
