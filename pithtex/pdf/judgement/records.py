"""The records that a PDF is judged with, each verified once: that of the caller, and those of the PDF's receipts."""

from __future__ import annotations

import functools

from pithtex.format.compact_receipt import decode_receipt
from pithtex.format.keys import Keyring
from pithtex.format.record import Record
from pithtex.structs import NamedTuple
from pithtex.verification.record import Examination, examine_record


class Examined(NamedTuple):
    """A record, and what the verifier found."""

    record: Record
    examination: Examination


class Records:
    """Examines a record when it is first asked for: a PDF is judged up to three times as more of it is read.

    A record of the caller and the same one in a receipt are two documents, with a signature each.
    """

    def __init__(self, keyring: Keyring, given: Record | None = None) -> None:
        """Takes what is known before the PDF is read.

        Args:
            keyring: the keys to trust.
            given: a record given by the caller, not verified yet.
        """
        self._keyring = keyring
        self._given = given
        self._receipts: dict[str, Examined] = {}

    @functools.cached_property
    def given(self) -> Examined | None:
        """Returns the record that the caller gave."""
        return None if self._given is None else self._examined(self._given)

    def of_receipt(self, receipt: str) -> Examined:
        """Returns the record of a compact receipt.

        Raises:
            MalformedError: it is not a receipt.
        """
        if receipt not in self._receipts:
            self._receipts[receipt] = self._examined(decode_receipt(receipt))
        return self._receipts[receipt]

    def _examined(self, record: Record) -> Examined:
        return Examined(record, examine_record(record, self._keyring))
