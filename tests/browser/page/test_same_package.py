"""What the page puts into `pith.sty`, against Python: the receipt by its own encoder, and the QR code."""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pithtex import abstract_digest
from pithtex.format.abstract import decode_abstract
from pithtex.format.canonical import canonical_bytes
from pithtex.format.compact_receipt import decode_receipt, encode_receipt
from pithtex.limits import MAX_ABSTRACT_BYTES
from pithtex.render.package.pith_sty import render_package
from pithtex.render.package.qr_rows import qr_rows
from pithtex.render.products import carried_abstract
from pithtex.verification.document import load_document, verify_document
from tests import signing
from tests.browser.node import call
from tests.browser.verify.test_same_receipts import seed_receipts


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cn", "Cs"]), max_size=60), min_size=1, max_size=60))
def test_receipts_made_by_the_page_are_taken_by_python(titles: list[str]) -> None:
    """encode in JavaScript, decode in Python: the same record, and the title or none.

    Of characters that Python knows: the browser may know newer ones (docs/reference/verify-page.md).
    """
    values = []
    for title in titles:
        canonical = signing.canonical_record(title.encode("utf-8", "replace").decode())
        values.append(
            {
                "text": canonical_bytes(canonical).decode(),
                "title": title,
                "titleDigest": canonical["metadata"]["title_canon_sha256"],
            }
        )
    expression = "web.encodeReceipt({...value, keyId: 'k', signature: new Uint8Array(64)})"
    for value, receipt in zip(values, call(expression, values), strict=True):
        record = decode_receipt(receipt)
        assert record.canonical.data.decode() == value["text"]
        ours = decode_receipt(encode_receipt(record.canonical, "k", bytes(64), value["title"]))
        assert record.title == ours.title


def test_receipts_made_by_the_page_are_small() -> None:
    """Its fixed codes cost little against zlib's best."""
    seeds = seed_receipts()
    expression = "web.encodeReceipt({...web.decodeReceipt(value)})"
    for ours, theirs in zip(seeds, call(expression, seeds), strict=True):
        assert decode_receipt(theirs).canonical == decode_receipt(ours).canonical
        assert len(theirs) < 1.2 * len(ours)


ABSTRACT = "We reuse a segment's cache, $O(n)$ of it, for 50\\% of all requests \u2014 na\u00efvely put. " * 12
_CARRIED = re.compile(r"\\__pith_abstract:n\n  \{\n((?:    .{1,88}\n)*)  \}\n(?=[^ ])")
EXCERPTS = {
    "all of it": ABSTRACT,
    "in lines": ABSTRACT.replace(" ", "\n  "),
    "its beginning": ABSTRACT[:500],
    "another text": "An abstract.",
    "none": None,
    "no text": 7,
    "too long": ABSTRACT + " " * 10 + "x" * MAX_ABSTRACT_BYTES,
}


@pytest.mark.parametrize("name", EXCERPTS)
def test_the_abstract_is_carried_where_the_document_has_all_of_it(name: str) -> None:
    """As `pithtex generate` carries it, but for the spelling of what is compressed."""
    canonical = signing.canonical_record(abstract_canon_sha256=abstract_digest(ABSTRACT))
    document = signing.record_document(canonical=canonical)
    document["paper"]["abstract_excerpt"] = EXCERPTS[name]
    expression = "web.makePackage((await web.verifyDocument(web.utf8(value))).record)"
    keyring = signing.keyring()
    (ours,) = call(expression, [json.dumps(document)], keys=list(keyring))
    record = verify_document(load_document(json.dumps(document).encode()), keyring)
    abstract = carried_abstract(record)
    assert (abstract is not None) == (name in {"all of it", "in lines"})
    block = _CARRIED.search(ours)
    assert (block is not None) == (abstract is not None)
    if block is not None:
        assert decode_abstract("".join(block[1].split()), record.canonical) == abstract
        theirs = render_package(record, abstract).decode()
        other = _CARRIED.search(theirs)
        assert other is not None
        assert ours.partition(block[0])[2] == theirs.partition(other[0])[2]


def test_qr_codes_are_those_of_python() -> None:
    """Square by square: versions 1 to 40, each level of correction, and one character too many."""
    rng = random.Random(1)
    sizes = [*range(1, 60), *range(60, 900, 37), 1_000, 1_500, 2_900, 2_953, 2_954]
    texts = ["".join(rng.choices("https://pith.science#ABC237_-", k=size)) for size in sizes]
    assert call("web.qrRows(value)", texts) == [qr_rows(text) for text in texts]
