"""Characters of a title: one word on every Python, whatever Unicode its release had."""

from __future__ import annotations

import json
import unicodedata

import pytest

import pithtex
from pithtex.characters import folded, lower, unfit_kind
from pithtex.errors import MalformedError
from pithtex.format.compact_receipt import decode_receipt, encode_receipt, title_fault
from pithtex.text import printable
from pithtex.unicode_table import UNICODE, YOUNG_CAPITALS
from tests import make_unicode_table, signing
from tests.conftest import ROOT
from tests.format.test_compact_receipt import compact
from tests.kit import needs

YOUNG = {
    "15.0": "Shaking \U0001fae8 faces in large language models",
    "15.1": "Ideographs \U0002ebf0 and where they stand",
    "16.0": "Eyes \U0001fae9 with bags",
    "17.0": "Of \ua7ceoices and pharynges",
}
"""A title with a character of each version that Python 3.11 does not know."""


def test_the_table_is_that_of_the_pinned_version() -> None:
    try:
        database = make_unicode_table.database()
    except ModuleNotFoundError:
        needs.missing("unicodedata2 is not installed: pip install -e '.[dev]'")
    assert make_unicode_table.TABLE.read_text("utf-8") == make_unicode_table.table(database)


def test_what_this_python_knows_is_classed_as_it_says() -> None:
    """The pinned version is at least as new as any Python here, and what is assigned stays what it is."""
    for code in range(0x110000):
        char = chr(code)
        if unicodedata.category(char) != "Cn":
            assert unfit_kind(char) == make_unicode_table.kind_of(unicodedata, char), hex(code)


@pytest.mark.parametrize("title", YOUNG.values(), ids=YOUNG)
def test_a_title_with_a_young_character_rides_in_a_receipt(title: str) -> None:
    record = pithtex.load_record(signing.record_document(title, canonical=signing.canonical_record(title)))
    verified = pithtex.verify_record(record, signing.keyring())
    receipt = encode_receipt(verified.canonical, verified.key.key_id, verified.signature, verified.title)
    assert pithtex.verify_record(decode_receipt(receipt), signing.keyring()).title == title


def test_the_digest_of_a_young_capital_is_that_of_its_small_letter() -> None:
    """Where Python knows the letter it makes it small itself; where it does not, the table does."""
    assert pithtex.title_digest(YOUNG["17.0"]) == pithtex.title_digest(YOUNG["17.0"].replace("\ua7ce", "\ua7cf"))
    for pair in YOUNG_CAPITALS.split():
        capital, small = (chr(int(code, 16)) for code in pair.split("-"))
        assert lower(f"A{capital}") == f"a{small}"
        assert folded(capital) == folded(small)
        assert capital.lower() in {capital, small}


@pytest.mark.parametrize(
    ("char", "said"),
    [
        ("\u0378", f"the unassigned character U+0378, by Unicode {UNICODE}"),
        ("\U0001ccd6", "the compatibility character U+1CCD6"),
        ("\U00013440", None),
        ("\U0001343f", "the format character U+1343F"),
        ("\ufdd0", f"the unassigned character U+FDD0, by Unicode {UNICODE}"),
        ("\u202e", "the format character U+202E"),
        ("\x1b", "the control character U+001B"),
    ],
)
def test_a_refusal_names_what_the_character_is(char: str, said: str | None) -> None:
    title = f"a{char}b"
    assert title_fault(title) == said
    payload = pithtex.canonical_bytes(signing.canonical_record()) + b"\n" + title.encode()
    if said is not None:
        with pytest.raises(MalformedError, match=said.replace("+", r"\+")):
            decode_receipt(compact(payload))


def test_what_is_shown_is_the_same_on_every_python() -> None:
    assert printable(YOUNG["15.0"]) == YOUNG["15.0"]
    assert printable("a\u0378b\u202ec\ufb01") == "a\\u{0378}b\\u{202e}c\ufb01"


def test_the_docs_name_the_version() -> None:
    page = (ROOT / "docs" / "reference" / "compact-receipt.md").read_text("utf-8")
    assert f"Unicode {UNICODE}" in page
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert json.dumps(f"unicodedata2=={make_unicode_table.VERSION}") in project
