"""What is left of a number after a way, and what `check` says of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pithtex.format.record import Record
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Word
from pithtex.pdf.read import read_evidence
from pithtex.verification.document import load_document
from tests.survival.papers import EXAMPLE, NUMBER, SHORT

CHANNELS: Final = ("link", "xmp", "info", "text")
_LINK: Final = f"https://pith.science/pith/{NUMBER[10:]}#r=p1."


@cache
def record() -> Record:
    """The paper's record, as a user would download it."""
    return load_document((EXAMPLE / "bundle.json").read_bytes()).record


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One PDF at the end of its way."""

    channels: frozenset[str]
    """Those that still carry the number and, but for the text, the whole receipt."""
    word: Word
    number: str | None
    """As `check` names it without a record."""
    word_with_record: Word
    number_with_record: str | None

    @classmethod
    def of(cls, pdf: Path) -> Outcome:
        """Looks at the channels one by one, and lets `check` judge twice."""
        alone, helped = check_pdf(pdf), check_pdf(pdf, record())
        return cls(
            channels=_channels(pdf),
            word=alone.word,
            number=alone.number,
            word_with_record=helped.word,
            number_with_record=helped.number,
        )

    @property
    def broken(self) -> str:
        """Which of the two rules does not hold; empty where both do.

        Where a receipt survives, the word is `valid` with nothing else. Where only the visible text does, it is
        `unverified` with the right short form, and `valid` with the record.
        """
        said = (self.word, self.number, self.word_with_record, self.number_with_record)
        if self.channels - {"text"}:
            expected = (Word.VALID, NUMBER, Word.VALID, NUMBER)
        elif self.channels:
            expected = (Word.UNVERIFIED, SHORT, Word.VALID, NUMBER)
        else:
            expected = (Word.ABSENT, None, Word.ABSENT, None)
        return "" if said == expected else f"{said} and not {expected}"


def _channels(pdf: Path) -> frozenset[str]:
    evidence = read_evidence(pdf)
    found = {
        "link": any(link.uri.startswith(_LINK) and len(link.uri) > len(_LINK) + 300 for link in evidence.links),
        "xmp": NUMBER in evidence.xmp.numbers and bool(evidence.xmp.receipts),
        "info": evidence.info.number == NUMBER and evidence.info.receipt is not None,
        "text": any(SHORT in line.text for page in evidence.texts for line in page.lines),
    }
    return frozenset(channel for channel, there in found.items() if there)
