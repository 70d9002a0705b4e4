"""What a badge or snippet may say of a paper: facts of a verified record, and claims only where they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from pithtex.format.bundle import Bundle
from pithtex.format.canonical import collapse
from pithtex.format.compact_receipt import encode_receipt
from pithtex.format.fields import is_object
from pithtex.format.keys import Keyring
from pithtex.format.profile import LINK_PREFIX
from pithtex.render.look import PLAIN, Look
from pithtex.structs import field, struct
from pithtex.text import printable, shortened
from pithtex.verification.bundle import VerifiedBundle, verify_bundle
from pithtex.verification.document import Document, verify_document
from pithtex.verification.record import VerifiedRecord
from pithtex.verification.standing import UNKNOWN, Standing, from_record, from_state

MAX_TITLE_CHARS: Final = 1_000
"""A title in any format; a longer one is cut, with an ellipsis. Real ones stay under 300 characters."""

MAX_ALT_CHARS: Final = 400
"""A title where it stands for a picture, and is read out."""

MAX_CLAIMED_CHARS: Final = 2_000
"""A list of authors. Those of the largest collaborations are longer, and are cut and said to be."""

_CLAIMED_WORDS: Final = {
    "author_attested": "author attested",
    "externally_anchored": "anchored in time",
    "storage_verified": "stored",
    "citation_signatures": "citations signed",
    "replication_records": "replicated",
}
"""Word of `verification_status` to ours: those that only an event could prove."""


@struct
class Claims:
    """What the document says under no signature. Every format that shows any of it says that it is claimed."""

    authors: tuple[str, ...] = ()
    """As the document lists them: sorted by first name, split at commas, so that an affiliation can be among them."""
    words: tuple[str, ...] = ()
    """Status words that no verified event bears out."""


@struct
class Statement:
    """What the formats are rendered from. All text is printable and bounded; each format escapes it for its language.

    Nothing but a `VerifiedRecord` makes one.
    """

    record: VerifiedRecord = field(repr=False)
    title: str | None
    """The title that the signed digest proves, or None if the document does not state it."""
    receipt: str
    """The compact receipt (docs/reference/compact-receipt.md)."""
    standing: Standing = UNKNOWN
    """What verified events of the bundle say of the paper; unknown of a record alone."""
    claims: Claims | None = None
    """None if claims are to be left out."""
    checked: date | None = None
    """The day (UTC) on which the signature was verified, where it is to be said."""
    look: Look = PLAIN
    """How the author wants it to look."""

    def __post_init__(self) -> None:
        if not isinstance(self.record, VerifiedRecord):
            raise TypeError("a badge can only be made from a VerifiedRecord")

    @property
    def words(self) -> tuple[str, ...]:
        """Returns the words of the standing, from verified events, the gravest first."""
        return tuple(word.value for word in self.standing.words)

    @property
    def mark(self) -> str:
        """Returns what every format says beside the number where something is said against the paper: `withdrawn`."""
        return self.standing.mark

    @property
    def tone(self) -> str:
        """Returns how the badge looks: `grave`, `changed` or `plain`."""
        return self.standing.tone.value

    @property
    def stated(self) -> str:
        """Returns the mark and as of when that is known: `withdrawn, as of 2026-03-07`; empty without a mark."""
        day = f", as of {self.standing.as_of[:10]}" if self.standing.as_of else ""
        return f"{self.mark}{day}" if self.mark else ""

    @property
    def freshness(self) -> str:
        """As of which event, and from how many sources."""
        return self.standing.freshness

    @property
    def reason(self) -> str:
        """Returns the signer's words for the mark, printable and bounded; empty if there are none."""
        return self.standing.against[0].text if self.standing.against else ""

    @property
    def cited(self) -> str:
        """Returns the title in a citation, `[withdrawn] Title`, as citation styles may show no other field."""
        return f"[{self.mark}] {self.label}" if self.mark else self.label

    @property
    def number(self) -> str:
        """Returns the full number."""
        return self.record.number.full

    @property
    def suffix(self) -> str:
        """Returns the 26 characters."""
        return self.record.number.suffix

    @property
    def short(self) -> str:
        """`pith:` and 8 characters."""
        return self.record.number.short

    @property
    def source(self) -> str:
        """Returns the paper's name at its source: `arXiv:2606.01751v1`."""
        return self.record.canonical.paper

    @property
    def shown(self) -> str:
        """Returns the text beside `pith` on a badge: the paper's name at its source, or 8 characters of the number."""
        return self.source if self.look.message == "arxiv" else self.suffix[:8]

    @property
    def label(self) -> str:
        """Returns what names the paper: its title, or its source where the title is not stated."""
        return self.title or self.source

    @property
    def alt(self) -> str:
        """Returns the alternative text of a badge: `pith:CNPMIFD4, withdrawn, ` and the title, of bounded length."""
        said = ", ".join(filter(None, (self.short, self.mark, self.label)))
        return shortened(said, MAX_ALT_CHARS, "…")

    @property
    def date(self) -> str:
        """`YYYY-MM-DD`: the date of version 1, whatever version the record is of (docs/reference/format.md)."""
        return self.record.canonical.submitted_at[:10]

    @property
    def page(self) -> str:
        """Returns the address of the number at the registry."""
        return LINK_PREFIX + self.suffix

    @property
    def link(self) -> str:
        """Returns the address that carries the record: the page, and the compact receipt in its fragment."""
        return f"{self.page}#r={self.receipt}"

    @property
    def doi(self) -> str | None:
        """Returns the DOI that arXiv gives the paper: the same for all its versions."""
        return None if self.record.arxiv_id is None else f"10.48550/arXiv.{self.record.arxiv_id}"

    @property
    def checked_text(self) -> str | None:
        """Returns what was checked and when; never that a paper is true, or that a badge proves anything by itself."""
        return None if self.checked is None else f"record signature checked {self.checked.isoformat()}"


def statement_of(
    document: Document,
    keyring: Keyring,
    *,
    claimed: bool = False,
    checked: date | None = None,
    now: datetime | None = None,
) -> Statement:
    """Verifies a record or a bundle and says what may be said of it.

    Args:
        document: a record document or a bundle.
        keyring: the keys to trust.
        claimed: whether to give what stands under no signature, too.
        checked: the day to state as that of the check.
        now: the time, with a zone, that no event may be after; not looked at by default.

    Raises:
        VerificationError: something contradicts.
        UndecidedError: nothing is proven.
        MalformedError: it has no record, or one that is too large for a compact receipt.
    """
    parsed = document.parsed
    verified = verify_bundle(parsed, keyring) if isinstance(parsed, Bundle) else verify_document(document, keyring)
    return statement_of_verified(verified, claimed=claimed, checked=checked, now=now)


def statement_of_verified(
    verified: VerifiedRecord | VerifiedBundle,
    *,
    claimed: bool = False,
    checked: date | None = None,
    now: datetime | None = None,
) -> Statement:
    """Returns what may be said of a verified record or bundle; the arguments are those of `statement_of`.

    Raises:
        MalformedError: the record is too large for a compact receipt.
    """
    if isinstance(verified, VerifiedBundle):
        record, standing = verified.record, from_state(verified.state, now=now)
    else:
        record, standing = verified, from_record(verified.record)
    claims = _claims(record, [word.value for word in standing.words]) if claimed else None
    return statement(record, standing=standing, claims=claims, checked=checked)


def statement(
    record: VerifiedRecord,
    *,
    standing: Standing = UNKNOWN,
    claims: Claims | None = None,
    checked: date | None = None,
) -> Statement:
    """Returns what may be said of a verified record.

    Args:
        record: what `verify_record` returned.
        standing: what is known of the paper beyond its record.
        claims: what the document says under no signature, to be shown as claimed.
        checked: the day to state as that of the check.

    Raises:
        MalformedError: the record is too large for a compact receipt.
    """
    return Statement(
        record=record,
        title=None if record.title is None else _shown(record.title, MAX_TITLE_CHARS) or None,
        receipt=encode_receipt(record.canonical, record.key.key_id, record.signature, record.title),
        standing=standing,
        claims=None if claims is None else Claims(authors=_lines(claims.authors), words=_lines(claims.words)),
        checked=checked,
    )


def _claims(record: VerifiedRecord, proven: Sequence[str]) -> Claims:
    paper, status = record.claimed.get("paper"), record.claimed.get("verification_status")
    text = paper.get("authors_text") if is_object(paper) else None
    names = shortened(text, MAX_CLAIMED_CHARS, "…").split(",") if isinstance(text, str) else []
    stated = status if is_object(status) else {}
    claimed = (word for key, word in _CLAIMED_WORDS.items() if stated.get(key) not in (None, False, 0))
    return Claims(
        authors=tuple(names),
        words=tuple(word for word in claimed if word not in proven),
    )


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(shown for text in texts if (shown := _shown(text, MAX_CLAIMED_CHARS)))


def _shown(text: str, limit: int) -> str:
    return shortened(printable(collapse(text[: limit + 1])), limit, "…")
