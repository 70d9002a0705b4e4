"""One thing that is said of a paper: what `statements` finds in events, and a standing is made of.

Apart from both, since a record alone, as most papers have, needs neither events nor what reads them.
"""

from __future__ import annotations

from enum import StrEnum

from pithtex.structs import struct


class Says(StrEnum):
    """What a statement says of a paper, the gravest first."""

    WITHDRAWN = "withdrawn"
    CRITICAL = "critical finding"
    CONTRADICTORY = "contradictory"
    SUPERSEDED = "superseded"
    CORRECTED = "corrected"
    ATTESTED = "author attested"
    ANCHORED = "anchored in time"
    STORED = "stored"
    REPLICATED = "replicated"
    CITED = "citations signed"


@struct
class Statement:
    """One thing that is said of the paper, by whom and when."""

    says: Says
    text: str
    """The signer's own words: one line, printable, bounded (`statements.MAX_STATEMENT_CHARS`); may be empty."""
    signer: str
    """Who signed it, as the event states, and by which key; the key is verified, the name is the signer's claim."""
    when: str | None
    """RFC 3339, as the signer states it."""
    event_id: str | None
    """None if the statement stands in a record that no event signs."""
    signed: bool = True
    """Whether a verified event says it. A record document's own words are claims."""

    @property
    def by(self) -> str:
        """Returns who signed it and when: `the registry, key k1, 2026-03-07T00:00:00Z`; that nobody did, of a claim."""
        if not self.signed:
            return "stated in the document, under no signature"
        return ", ".join(filter(None, (self.signer, self.when)))

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form."""
        return {
            "says": self.says.value,
            "text": self.text,
            "signer": self.signer,
            "when": self.when,
            "event_id": self.event_id,
            "signed": self.signed,
        }
