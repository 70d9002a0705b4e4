"""Compact receipts: a record and its signature small enough to ride in a link (docs/reference/compact-receipt.md).

    p1.<key_id>.<base64url(raw DEFLATE of payload, with a preset dictionary)>.<base64url(signature)>

The payload is the canonical bytes, a newline, and the record's title (empty when unknown). Decoding proves nothing:
the result is a claim like any other, for `verify_record` to judge.
"""

from __future__ import annotations

import zlib
from typing import Final

from pithtex.characters import unfit_kind
from pithtex.errors import MalformedError
from pithtex.format.base64url import from_base64url, to_base64url
from pithtex.format.canonical import canonical_bytes, collapse, parse_json, sha256_hex, title_digest
from pithtex.format.record import CanonicalRecord, Receipt, Record, Signature, parse_canonical_record
from pithtex.limits import MAX_RECEIPT_CHARS, MAX_RECEIPT_PAYLOAD_BYTES
from pithtex.patterns import pattern
from pithtex.unicode_table import UNICODE

VERSION: Final = "p1"
_FORM: Final = pattern(r"p1\.([A-Za-z0-9-]{1,40})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")

# Chosen on 111 real records, and frozen: another dictionary is another version. The words and categories at the
# front help titles and cross lists; what every record holds stands at the end, where DEFLATE finds it cheapest.
DICTIONARY: Final = (
    b" Approach Analysis of Networks Network Graph Quantum Models Language Large Learning Deep Neu"
    b"ral Model Data System Systems Efficient Multi- Based -Based Method Theory Problem Dynamics D"
    b"etection Optimization Generation Reasoning Agents Evaluation Framework A Study and the in wi"
    b"th from via Using for on of "
    b'astro-ph.CO","astro-ph.EP","astro-ph.GA","astro-ph.HE","astro-ph.IM","astro-ph.SR","cond-mat'
    b'.dis-nn","cond-mat.mes-hall","cond-mat.mtrl-sci","cond-mat.quant-gas","cond-mat.soft","cond-'
    b'mat.stat-mech","cond-mat.str-el","cond-mat.supr-con","gr-qc","hep-ex","hep-lat","hep-ph","he'
    b'p-th","nucl-ex","nucl-th","nlin.CD","nlin.PS","nlin.SI","math-ph","physics.ao-ph","physics.a'
    b'tom-ph","physics.bio-ph","physics.chem-ph","physics.comp-ph","physics.data-an","physics.flu-'
    b'dyn","physics.gen-ph","physics.geo-ph","physics.hist-ph","physics.ins-det","physics.med-ph",'
    b'"physics.optics","physics.plasm-ph","physics.soc-ph","physics.space-ph","quant-ph","q-bio.BM'
    b'","q-bio.GN","q-bio.NC","q-bio.PE","q-bio.QM","q-fin","econ.EM","econ.TH","econ.GN","eess.AS'
    b'","eess.IV","eess.SP","eess.SY","math.AC","math.AG","math.AP","math.AT","math.CA","math.CO",'
    b'"math.CT","math.CV","math.DG","math.DS","math.FA","math.GR","math.GT","math.LO","math.MP","m'
    b'ath.NA","math.NT","math.OC","math.PR","math.QA","math.RA","math.RT","math.SG","math.SP","mat'
    b'h.ST","stat.AP","stat.CO","stat.ME","stat.ML","stat.TH","cs.AR","cs.CC","cs.CE","cs.CG","cs.'
    b'CR","cs.CY","cs.DB","cs.DC","cs.DL","cs.DM","cs.DS","cs.ET","cs.FL","cs.GR","cs.GT","cs.HC",'
    b'"cs.IR","cs.IT","cs.LO","cs.MA","cs.MM","cs.MS","cs.NA","cs.NE","cs.NI","cs.OS","cs.PF","cs.'
    b'PL","cs.RO","cs.SC","cs.SD","cs.SE","cs.SI","cs.SY","cs.CL","cs.CV","cs.AI","cs.LG'
    b'","http://creativecommons.org/licenses/publicdomain/","http://creativecommons.org/licenses/b'
    b'y-nc-nd/4.0/","http://creativecommons.org/licenses/by-nc-sa/3.0/","http://creativecommons.or'
    b'g/licenses/by/3.0/","http://creativecommons.org/publicdomain/zero/1.0/","http://creativecomm'
    b'ons.org/licenses/by-nc-sa/4.0/","http://creativecommons.org/licenses/by-sa/4.0/","http://cre'
    b"ativecommons.org/licenses/by/4.0/"
    b'"],"license":"","primary_cat":"'
    b'{"metadata":{"abstract_canon_sha256":"","cross_cats_sorted":["cs.AI","cs.LG"],'
    b'"license":"http://arxiv.org/licenses/nonexclusive-distrib/1.0/","primary_cat":"cs.LG",'
    b'"submitted_at":"2026-01T00:00:00Z","title_canon_sha256":""},"schema_version":"1.0",'
    b'"source":{"id":"2606.","kind":"arxiv","version":1}}\n'
)


def encode_receipt(canonical: CanonicalRecord, key_id: str, signature: bytes, title: str | None) -> str:
    """Encodes a record and its signature.

    A title that would not survive decoding (compatibility or control characters) or that is not the preimage of the
    record's title digest by the plain rule is left out.

    Args:
        canonical: the signed part.
        key_id: the id of the signing key, `[A-Za-z0-9-]{1,40}`.
        signature: 64 bytes.
        title: the title's text, or None.

    Raises:
        MalformedError: the result would not decode.
    """
    text = "" if title is None else collapse(title)
    if title_fault(text) or title_digest(text) != canonical.title_sha256:
        text = ""
    payload = canonical.data + b"\n" + text.encode("utf-8")
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARY)
    body = deflate.compress(payload) + deflate.flush()
    encoded = f"{VERSION}.{key_id}.{to_base64url(body)}.{to_base64url(signature)}"
    decode_receipt(encoded)
    return encoded


def decode_receipt(text: str) -> Record:
    """Decodes a compact receipt into the record it claims, bounded and to the letter.

    Two receipts are equal when what they decode to is: DEFLATE has many spellings of the same payload.

    Raises:
        MalformedError: of rule `receipt-malformed`; or `record-shape`, when it decodes to what is not a record.
    """
    if len(text) > MAX_RECEIPT_CHARS:
        raise _error(f"{len(text)} characters, and at most {MAX_RECEIPT_CHARS} are read")
    parts = _FORM.fullmatch(text)
    if parts is None:
        raise _error("not of the form p1.<key id>.<payload>.<signature>")
    signature = _bytes_of(parts[3])
    if len(signature) != 64:
        raise _error(f"the signature has {len(signature)} bytes instead of 64")
    value, data, title = _read_payload(_inflate(_bytes_of(parts[2])))
    return Record(
        canonical=parse_canonical_record(value, "receipt"),
        receipt=Receipt(
            kind="pith_receipt",
            version=VERSION,
            digest=sha256_hex(data),
            signature=Signature(
                key_id=parts[1],
                signature=signature,
                algorithm="ed25519",
                signed_message="canonical_sha256_bytes",
                status="signed_v1",
                fingerprint=None,
                signed_at=None,
                where="receipt",
            ),
        ),
        document={},
        title=title or None,
        where_title="receipt title",
    )


def _read_payload(payload: bytes) -> tuple[object, bytes, str]:
    """Returns the canonical record, its bytes, and the title, which may be empty."""
    canonical_part, newline, title_part = payload.partition(b"\n")
    if not newline:
        raise _error("the payload has no line break after the canonical record")
    try:
        value = parse_json(canonical_part)
        same = canonical_bytes(value) == canonical_part
        title = title_part.decode("utf-8", "strict")
    except (MalformedError, UnicodeDecodeError) as error:
        raise _error(f"the payload is not a canonical record and a title: {error}") from error
    if not same:
        raise _error("the record in the payload is not in canonical form")
    fault = title_fault(title)
    if fault:
        raise _error(f"the title in the payload contains {fault}")
    return value, canonical_part, title


def _inflate(body: bytes) -> bytes:
    inflate = zlib.decompressobj(-15, zdict=DICTIONARY)
    try:
        payload = inflate.decompress(body, MAX_RECEIPT_PAYLOAD_BYTES)
    except zlib.error as error:
        raise _error("the payload is not DEFLATE data") from error
    if not inflate.eof or len(payload) >= MAX_RECEIPT_PAYLOAD_BYTES:
        # Either the output bound was met, which the stream's end may follow, or the data ended before the stream did.
        reason = "is too large" if len(payload) >= MAX_RECEIPT_PAYLOAD_BYTES else "is cut short"
        raise _error(f"the payload {reason}")
    if inflate.unused_data:
        raise _error("something follows the payload")
    return payload


def _bytes_of(text: str) -> bytes:
    try:
        return from_base64url(text)
    except ValueError as error:
        raise _error(str(error)) from error


def title_fault(title: str) -> str | None:
    """Returns why a title cannot be in a compact receipt: uncollapsed white space, or deceptive characters."""
    if title != collapse(title):
        return "white space that is not collapsed"
    if title.isascii() and title.isprintable():
        return None
    for char in title:
        kind = unfit_kind(char)
        if kind is not None:
            shown = "the line separator" if kind == "separator" else f"the {kind} character"
            return f"{shown} U+{ord(char):04X}" + (f", by Unicode {UNICODE}" if kind == "unassigned" else "")
    return None


def _error(message: str) -> MalformedError:
    return MalformedError(f"not a compact receipt: {message}", rule="receipt-malformed")
