"""The cases of tests/vectors/conformance.jsonl that are one document: what it is, the word on it, and why.

A case is a name, what is done to a document, and the rules that it then breaks, which are written here by hand, from
the docs; `make_conformance` writes what it is given, and the tests hold every reader to it.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import pithtex
from tests import signing
from tests.verification import bundles

Document = dict[str, Any]
Change = Callable[[Document], object]
Case = tuple[str, Change, str]
"""A name, what is done to the document, and the rules that it then breaks: none where it is verified."""

UNDECIDED: Final = frozenset({"no-receipt", "unknown-key"})


class Vector(NamedTuple):
    """One line of the file."""

    section: str
    name: str
    data: bytes
    word: str
    rules: tuple[str, ...]


def word_of(rules: tuple[str, ...]) -> str:
    """The word that follows from what is broken."""
    if not rules:
        return "verified"
    return "undecided" if UNDECIDED.issuperset(rules) else "fails"


# --- changes --------------------------------------------------------------------------------------------------------


def put(path: str, value: object) -> Change:
    """Sets the field at a path of names and numbers, joined by dots."""

    def change(document: Document) -> None:
        *holders, last = path.split(".")
        holder: Any = document
        for key in holders:
            holder = holder[int(key) if key.isdigit() else key]
        holder[int(last) if last.isdigit() else last] = copy.deepcopy(value)

    return change


def cut(path: str) -> Change:
    """Takes the field at a path away."""

    def change(document: Document) -> None:
        *holders, last = path.split(".")
        holder: Any = document
        for key in holders:
            holder = holder[int(key) if key.isdigit() else key]
        del holder[int(last) if last.isdigit() else last]

    return change


def both(*changes: Change) -> Change:
    """One after the other."""

    def change(document: Document) -> None:
        for each in changes:
            each(document)

    return change


def nothing(document: Document) -> None:
    """Leaves it as it is."""


# --- what is changed ------------------------------------------------------------------------------------------------


def full_record() -> Document:
    """A record with all that one may have."""
    record = signing.record_document()
    number, suffix = record["pith_number"], record["pith_number"][-26:]
    empty = pithtex.digest({"payload": []})
    record["aliases"] = [
        {"alias_kind": "arxiv", "alias_value": "2603.01234"},
        {"alias_kind": "arxiv_version", "alias_value": "2603.01234v1"},
        {"alias_kind": "doi", "alias_value": "10.48550/arXiv.2603.01234"},
        {"alias_kind": "pith_short_12", "alias_value": suffix[:12]},
        {"alias_kind": "other", "alias_value": "x"},
    ]
    record["links"] = {
        "html": f"https://pith.science/pith/{suffix}",
        "paper": f"https://pith.science/paper/{suffix[:8]}",
    }
    record["agent_actions"] = {
        "resolve_alias": "https://pith.science/api/pith-number/resolve?arxiv=2603.01234&json=true",
        "actions": {"attest_author": f"https://pith.science/pith/{suffix}/action/author"},
    }
    record["graph_snapshot"] = {
        "paper": dict(record["paper"]),
        "source": dict(record["source"]),
        "claims": {"count": 0, "items": [], "snapshot_sha256": empty},
        "integrity": {
            "detectors_run": [{"name": "d"}],
            "findings": [],
            "snapshot_sha256": pithtex.digest({"payload": {"detectors": [{"name": "d"}], "findings": []}}),
        },
    }
    assert number.startswith("pith:2026:")
    return record


def changed_canonical(**changes: Any) -> Change:
    """The canonical record with other values, hashed and signed again, so that the shape alone can be wrong."""

    def change(document: Document) -> None:
        canonical = signing.canonical_record()
        for key, value in changes.items():
            holder = canonical["metadata"] if key in canonical["metadata"] else canonical["source"]
            if value is ...:
                del holder[key]
            else:
                holder[key] = value
        renew(document, canonical)

    return change


def renew(document: Document, canonical: Document) -> None:
    """Makes a record of another canonical record, copies and signature too."""
    digest, metadata = pithtex.digest(canonical), canonical["metadata"]
    year = str(metadata.get("submitted_at"))[:4]
    number = pithtex.PithNumber.from_digest(digest, int(year) if year.isdigit() else 2026)
    paper = {"license": "license", "primary_cat": "primary_cat", "cross_cats": "cross_cats_sorted"}
    document |= {
        "canonical_record": canonical,
        "canonical_sha256": digest,
        "pith_number": f"pith:{year}:{number.suffix}",
        "short_pith_number": number.short,
        "source": copy.deepcopy(canonical["source"]),
        "paper": {key: metadata.get(name) for key, name in (*paper.items(), ("submitted_at", "submitted_at"))},
    }
    document["receipt"] |= {"canonical_sha256": digest, "signature_b64": signing.sign(digest)}
    for name in ("aliases", "links", "agent_actions", "graph_snapshot"):
        document.pop(name, None)


def titled(title: str, stated: str | None = None) -> Change:
    """A record of a title, which the document may spell otherwise."""

    def change(document: Document) -> None:
        renew(document, signing.canonical_record(title))
        document["paper"]["title"] = title if stated is None else stated

    return change


def signed_over(path: str, digest: str) -> Change:
    """A signature that holds, over another digest."""
    return put(path, signing.sign(digest))


def of_another_key(key_id: str) -> Change:
    """A receipt by a key that nobody trusts, or under a name of this one."""

    def change(document: Document) -> None:
        digest = document["canonical_sha256"]
        fields = signing.signature_fields(digest, "canonical_sha256_bytes", signing.OTHER_KEY, key_id)
        document["receipt"] |= fields

    return change


def malleable(document: Document) -> None:
    """S and the order of the base point: the same equation holds, and RFC 8032, 5.1.7, refuses it."""
    import base64

    raw = base64.b64decode(document["receipt"]["signature_b64"])
    s = int.from_bytes(raw[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    document["receipt"]["signature_b64"] = base64.b64encode(raw[:32] + s.to_bytes(32, "little")).decode()


L, M, S = "malformed-document", "copy-mismatch", "record-shape"
_EXACT: Final = "2026-03-04T05:06:07"
_TITLE: Final = "A Title of Some Length for the Tests"

RECORDS: Final[dict[str, tuple[Case, ...]]] = {
    "2": (
        ("a key more", lambda d: d["canonical_record"].update(note=1), S),
        ("a key less", changed_canonical(license=...), S),
        ("version true", changed_canonical(version=True), S),
        ("version 1.0", changed_canonical(version=1.0), S),
        ("version text", changed_canonical(version="1"), S),
        ("version 0", changed_canonical(version=0), S),
        ("version of 400 digits", changed_canonical(version=10**399), ""),
        ("license empty", changed_canonical(license=""), ""),
        ("license null", changed_canonical(license=None), S),
        ("cross lists unsorted", changed_canonical(cross_cats_sorted=["cs.LG", "cs.AI"]), S),
        ("cross list twice", changed_canonical(cross_cats_sorted=["cs.AI", "cs.AI"]), S),
        ("cross list empty text", changed_canonical(cross_cats_sorted=["", "cs.AI"]), ""),
        ("cross lists by code point", changed_canonical(cross_cats_sorted=["\ufb33", "\U0001f600"]), ""),
        ("cross lists by UTF-16 unit", changed_canonical(cross_cats_sorted=["\U0001f600", "\ufb33"]), S),
        ("cross list a number", changed_canonical(cross_cats_sorted=[1]), S),
        ("category with a blank", changed_canonical(primary_cat="cs DL"), S),
        ("category of 201 characters", changed_canonical(primary_cat="c" * 201), S),
        ("digest in capitals", changed_canonical(title_canon_sha256="A" * 64), S),
        ("arXiv id with a version", changed_canonical(id="2603.01234v1"), S),
        ("arXiv id, old", changed_canonical(id="hep-th/0305021"), ""),
        ("arXiv id, old with a class", changed_canonical(id="math.AG/0305021"), ""),
        ("another source", changed_canonical(kind="zenodo", id="a/b:c"), ""),
        ("a fraction of nine digits", changed_canonical(submitted_at=f"{_EXACT}.123456789Z"), ""),
        ("a fraction of ten digits", changed_canonical(submitted_at=f"{_EXACT}.1234567890Z"), S),
        ("a fraction of none", changed_canonical(submitted_at=f"{_EXACT}.Z"), S),
        ("second 60", changed_canonical(submitted_at="2026-03-04T05:06:60Z"), S),
        ("hour 24", changed_canonical(submitted_at="2026-03-04T24:00:00Z"), S),
        ("year 0", changed_canonical(submitted_at="0000-03-04T05:06:07Z"), S),
        ("year 1", changed_canonical(submitted_at="0001-03-04T05:06:07Z"), ""),
        ("the 30th of February", changed_canonical(submitted_at="2026-02-30T05:06:07Z"), S),
        ("a zone", changed_canonical(submitted_at=f"{_EXACT}+00:00"), S),
        ("small letters", changed_canonical(submitted_at="2026-03-04t05:06:07z"), S),
        ("a newline after the time", changed_canonical(submitted_at=f"{_EXACT}Z\n"), S),
    ),
    "3": (
        ("digest wrong", put("canonical_sha256", "0" * 64), "digest-mismatch"),
        ("digest no text", put("canonical_sha256", 5), L),
        ("digest null", put("canonical_sha256", None), L),
        ("number wrong", put("pith_number", f"pith:2026:{'A' * 26}"), "number-mismatch"),
        (
            "number of another year",
            lambda d: d.update(pith_number=d["pith_number"].replace("2026", "2025")),
            "year-mismatch",
        ),
        (
            "number in small letters",
            lambda d: d.update(pith_number=d["pith_number"].lower()),
            "number-mismatch",
        ),
        ("number no number", put("pith_number", "x"), "number-mismatch year-mismatch"),
        ("number absent", cut("pith_number"), L),
        ("short form wrong", put("short_pith_number", "pith:AAAAAAAA"), "short-form-mismatch"),
        ("short form null", put("short_pith_number", None), ""),
        ("short form false", put("short_pith_number", False), L),
    ),
    "4": (
        ("all as it is", nothing, ""),
        ("source of another version", put("source.version", 2), M),
        ("source version true", put("source.version", True), M),
        ("source version 1.0", put("source.version", 1.0), M),
        ("source null", put("source", None), ""),
        ("source a list", put("source", []), L),
        ("paper absent", cut("paper"), ""),
        ("paper a text", put("paper", "x"), L),
        ("licence null", put("paper.license", None), ""),
        ("cross lists in another order", put("paper.cross_cats", ["cs.LG"]), M),
        ("schema version a number", put("schema_version", 1), M),
        ("schema version null", put("schema_version", None), ""),
        ("title null", put("paper.title", None), ""),
        ("title absent", cut("paper.title"), ""),
        ("title in the snapshot null", put("graph_snapshot.paper.title", None), ""),
        ("title nowhere", both(cut("paper.title"), cut("graph_snapshot.paper.title")), ""),
        ("title another in the snapshot", put("graph_snapshot.paper.title", "x"), M),
        ("title another in the paper", put("paper.title", "x"), f"{M} title-mismatch"),
        ("title with more blanks in the paper", put("paper.title", _TITLE.replace(" ", "  ")), M),
        ("title a number", put("paper.title", 5), L),
        ("title in the snapshot a number", put("graph_snapshot.paper.title", 5), L),
        ("alias of another paper", put("aliases.0.alias_value", "2603.01235"), "alias-mismatch"),
        ("alias of another version", put("aliases.1.alias_value", "2603.01234v2"), "alias-mismatch"),
        ("alias short form", put("aliases.3.alias_value", "A" * 12), "short-form-mismatch"),
        ("alias of a kind not known", put("aliases.4.alias_value", "y"), ""),
        ("alias no text", put("aliases.0.alias_value", 1), L),
        ("alias no object", put("aliases.0", "x"), L),
        ("aliases null", put("aliases", None), ""),
        ("aliases an object", put("aliases", {}), L),
        ("link to another number", put("links.html", f"https://pith.science/pith/{'A' * 26}"), "link-mismatch"),
        ("link to another short form", put("links.paper", "https://pith.science/paper/AAAAAAAA"), "link-mismatch"),
        ("link of another name", put("links.previous", f"https://pith.science/pith/{'A' * 26}"), ""),
        ("link to another paper", put("agent_actions.resolve_alias", "https://x/?arxiv=2603.1"), "link-mismatch"),
        ("link with a version", put("agent_actions.resolve_alias", "https://x/?arxiv=2603.01234v1"), ""),
        ("link percent-encoded", put("agent_actions.resolve_alias", "https://x/?arxiv=2603%2E01234"), ""),
        ("link that is not UTF-8", put("agent_actions.resolve_alias", "https://x/?arxiv=%E9"), "link-mismatch"),
        ("link in small letters", put("links.paper", "https://pith.science/paper/aaaaaaaa"), ""),
        (
            "link two levels deep",
            put("agent_actions.actions.attest_author", "https://x/pith/AAAAAAAA"),
            "link-mismatch",
        ),
        ("link three levels deep", put("links.more", {"most": {"html": "https://x/pith/AAAAAAAA"}}), ""),
        ("link to another host", put("links.html", "https://example.org/"), ""),
        ("link a number", put("links.html", 5), L),
        ("link of another name a number", put("links.size", 5), ""),
        ("link below another name a number", put("links.more", {"html": 5}), L),
        ("link an object", put("links.html", {"html": "https://x/"}), L),
        ("link null", put("links.html", None), ""),
        ("links false", put("links", False), L),
        ("links null", put("links", None), ""),
        ("actions a list", put("agent_actions", []), L),
        (
            "a contradiction beside no receipt",
            both(cut("receipt"), put("source.version", 2)),
            f"{M} no-receipt",
        ),
        ("form outranks a contradiction", both(put("links", 1), put("source.version", 2)), L),
    ),
    "5": (
        ("title in capitals", titled(_TITLE, _TITLE.upper()), ""),
        ("title with white space", titled(_TITLE, f"\n {_TITLE}\t"), ""),
        *(
            (f"title with U+{ord(c):04X}", titled("A title", f"A{c}title"), "")
            for c in "\x1c\x85\xa0\u2003\u2028\u3000"
        ),
        *(
            (f"title with U+{ord(c):04X}, no white space", titled("A title", f"A{c}title"), "title-mismatch")
            for c in "\u200b\ufeff"
        ),
        ("title composed", titled("\u00c5ngstr\u00f6m", "A\u030angstro\u0308m"), ""),
        ("title decomposed", titled("A\u030angstro\u0308m", "\u00c5ngstr\u00f6m"), ""),
        ("title with a ligature", titled("\ufb01eld", "FIELD"), "title-mismatch"),
        ("title, a final sigma", titled("\u03a3\u039f\u03a3"), ""),
        ("title, a dotted I", titled("\u0130stanbul"), ""),
        ("title, a sharp s", titled("Stra\u00dfe"), ""),
        ("title of a young character", titled("Shaking \U0001fae8 faces"), ""),
        ("title of a young capital", titled("Of \ua7ce"), ""),
        ("title empty", titled(""), ""),
        ("title another", titled(_TITLE, "Another"), "title-mismatch"),
    ),
    "6": (
        ("no receipt", cut("receipt"), "no-receipt"),
        ("receipt null", put("receipt", None), "no-receipt"),
        ("receipt a text", put("receipt", "x"), L),
        (
            "receipt under another key's name",
            of_another_key(signing.TEST_KEY_ID),
            "fingerprint-mismatch signature-invalid",
        ),
        ("a key that is not trusted", of_another_key("another-key"), "unknown-key"),
        ("key id of another form", put("receipt.key_id", "a b"), L),
        ("key id of 41 characters", put("receipt.key_id", "k" * 41), L),
        ("kind", put("receipt.kind", "x"), "receipt-field"),
        ("kind absent", cut("receipt.kind"), L),
        ("version not known", put("receipt.receipt_version", "0.4"), "receipt-field"),
        ("algorithm", put("receipt.algorithm", "Ed25519"), "receipt-field"),
        ("signed message of an event", put("receipt.signed_message", "open_graph_event_sha256_bytes"), "receipt-field"),
        ("status", put("receipt.signature_status", "unsigned"), "receipt-field"),
        ("digest", put("receipt.canonical_sha256", "0" * 64), "digest-mismatch"),
        ("fingerprint null", put("receipt.public_key_fingerprint", None), ""),
        ("fingerprint of another key", put("receipt.public_key_fingerprint", "0" * 32), "fingerprint-mismatch"),
        ("fingerprint a number", put("receipt.public_key_fingerprint", 0), L),
        ("time of signing a number", put("receipt.signed_at", 0), L),
        ("signature over another digest", signed_over("receipt.signature_b64", "0" * 64), "signature-invalid"),
        ("signature of 63 bytes", put("receipt.signature_b64", "A" * 84), L),
        (
            "signature without padding",
            lambda d: d["receipt"].update(signature_b64=d["receipt"]["signature_b64"][:-2]),
            L,
        ),
        ("signature with bits left over", lambda d: d["receipt"].update(signature_b64="A" * 85 + "B=="), L),
        (
            "signature with a line break",
            lambda d: d["receipt"].update(signature_b64=d["receipt"]["signature_b64"] + "\n"),
            L,
        ),
        ("signature with S + L", malleable, "signature-invalid"),
    ),
    "7": (
        ("snapshot null", put("graph_snapshot", None), ""),
        ("snapshot false", put("graph_snapshot", False), L),
        ("claims digest wrong", put("graph_snapshot.claims.snapshot_sha256", "0" * 64), "snapshot-mismatch"),
        ("claims digest null", put("graph_snapshot.claims.snapshot_sha256", None), ""),
        ("claims digest a number", put("graph_snapshot.claims.snapshot_sha256", 7), L),
        ("claims a text", put("graph_snapshot.claims", "none"), L),
        ("claims null", put("graph_snapshot.claims", None), ""),
        ("claims with entries", put("graph_snapshot.claims", {"count": 1, "snapshot_sha256": "0" * 64}), ""),
        *(
            (
                f"claims count {json.dumps(value)}",
                put("graph_snapshot.claims", {"count": value, "snapshot_sha256": "0" * 64}),
                "snapshot-mismatch",
            )
            for value in (None, False, 0, 0.0, "", [], {})
        ),
        ("claims sample of one", put("graph_snapshot.claims", {"sample": [0], "snapshot_sha256": "0" * 64}), ""),
        ("integrity without findings", cut("graph_snapshot.integrity.findings"), "snapshot-mismatch"),
        (
            "integrity without findings, hashed as null",
            put(
                "graph_snapshot.integrity",
                {
                    "detectors_run": [],
                    "snapshot_sha256": pithtex.digest({"payload": {"detectors": [], "findings": None}}),
                },
            ),
            "",
        ),
        (
            "integrity, one finding more",
            lambda d: d["graph_snapshot"]["integrity"]["findings"].append({}),
            "snapshot-mismatch",
        ),
    ),
    "9": (
        ("claims of another type", put("verification_status", 5), ""),
        ("a field that is not known", put("note", {"a": [1, 2]}), ""),
        ("Receipt in capitals beside receipt", lambda d: d.update(Receipt={"key_id": 5}), ""),
        ("a summary that does not fit", put("graph_snapshot.integrity.summary", {"critical": 3}), ""),
    ),
}


def record_cases() -> Iterator[Vector]:
    """Records, each with one thing changed."""
    for section, cases in RECORDS.items():
        for name, change, rules in cases:
            document = full_record()
            change(document)
            yield _vector(section, f"record: {name}", document, rules)


def _vector(section: str, name: str, document: Document, rules: str) -> Vector:
    broken = tuple(sorted(rules.split()))
    data = json.dumps(document, ensure_ascii=False).encode()
    return Vector(section, name, data, word_of(broken), broken)


# --- JSON -----------------------------------------------------------------------------------------------------------


def json_cases() -> Iterator[Vector]:
    """Texts that a strict reader takes or refuses, and numbers and texts in their canonical form."""
    record = json.dumps(full_record()).encode()
    end = record[:-1]
    refused = {
        "a byte-order mark": b"\xef\xbb\xbf" + record,
        "UTF-16": record.decode().encode("utf-16"),
        "no UTF-8": end + b', "note": "\xff"}',
        "a key twice": end + b', "pith_number": "x"}',
        "a key twice, one escaped": end + b', "\\u0070ith_number": "x"}',
        "a key twice, deep": end + b', "note": [{"a": 1, "a": 1}]}',
        "NaN": end + b', "note": NaN}',
        "Infinity": end + b', "note": -Infinity}',
        "an overflow": end + b', "note": 1e999}',
        "a lone surrogate": end + b', "note": "\\ud800"}',
        "a pair the wrong way round": end + b', "note": "\\udc00\\ud800"}',
        "a tab in a text": end + b', "note": "\t"}',
        "an unknown escape": end + b', "note": "\\x41"}',
        "a no-break space": end + b',\xc2\xa0"note": 1}',
        "a form feed": end + b',\x0c"note": 1}',
        "a leading zero": end + b', "note": 01}',
        "a plus": end + b', "note": +1}',
        "a point without digits": end + b', "note": 1.}',
        "a comma at the end": end + b",}",
        "a comment": end + b"/**/}",
        "something after it": record + b"x",
        "a list": b"[" + record + b"]",
        "65 levels": end + b', "note": ' + b"[" * 64 + b"]" * 64 + b"}",
        "4301 digits": end + b', "note": ' + b"1" * 4301 + b"}",
        "empty": b"",
    }
    for name, data in refused.items():
        yield Vector("1", f"JSON: {name}", data, "fails", (L,))
    taken = {
        "64 levels": end + b', "note": ' + b"[" * 63 + b"]" * 63 + b"}",
        "white space": b" \t\r\n" + record + b"\n",
        "a pair of surrogates": end + b', "note": "\\ud83d\\ude00"}',
        "4300 digits": end + b', "note": ' + b"1" * 4300 + b"}",
    }
    for name, data in taken.items():
        yield Vector("1", f"JSON: {name}", data, "verified", ())
    for name, text, canonical in CANONICAL:
        yield _signed_text(name, text, canonical)


CANONICAL: Final = (
    ("minus zero", "-0", "0"),
    ("minus zero with a fraction", "-0.0", "-0.0"),
    ("1.0", "1.0", "1.0"),
    ("1e2", "1e2", "100.0"),
    ("1E+16", "1E+16", "1e+16"),
    ("123456789012345680.0", "123456789012345680.0", "1.2345678901234568e+17"),
    ("0.0001", "0.0001", "0.0001"),
    ("0.00001", "0.00001", "1e-05"),
    ("the least", "4.9e-324", "5e-324"),
    ("the largest", "1.7976931348623157e308", "1.7976931348623157e+308"),
    ("too small", "1e-400", "0.0"),
    ("2^53 + 1", "9007199254740993", "9007199254740993"),
    ("keys by code point", '{"\U0001f600": 1, "\ufb33": 2}', '{"\ufb33":2,"\U0001f600":1}'),
    ("escapes", '"\\u00e9\\/\\u007f\\u2028\\u001F\\b"', '"\u00e9/\x7f\u2028\\u001f\\b"'),
)
"""A name, a value as a document spells it, and its canonical form."""


def _signed_text(name: str, text: str, canonical: str) -> Vector:
    """A bundle with the value in it, signed over the canonical form that the docs give."""
    value = json.loads(bundles.bundle())
    del value["bundle_signature"]
    value["note"] = "@@"
    form = pithtex.canonical_bytes(value).replace(b'"@@"', canonical.encode())
    digest = pithtex.format.canonical.sha256_hex(form)
    value["bundle_signature"] = {**signing.signature_fields(digest, "bundle_sha256_bytes"), "bundle_sha256": digest}
    data = json.dumps(value, ensure_ascii=False).replace('"@@"', text).encode()
    return Vector("1", f"canonical: {name}", data, "verified", ())


# --- bundles and reports --------------------------------------------------------------------------------------------


def _open(*events: Document) -> Document:
    """A bundle without a signature of its own, so that it can be changed."""
    value: Document = json.loads(bundles.bundle(*events))
    del value["bundle_signature"]
    return value


def _resigned(path: str, value: object) -> Change:
    """An event changed and signed anew: its form alone can be wrong."""

    def change(document: Document) -> None:
        body = {key: item for key, item in document["events"][0].items() if key not in {"content_sha256", "event_id"}}
        holder: Document = {"e": body}
        (cut(f"e.{path}") if value is ... else put(f"e.{path}", value))(holder)
        signature = body.pop("signature", None)
        content = pithtex.digest(body)
        body |= {"content_sha256": content, "event_id": f"sha256:{content}"}
        if isinstance(signature, dict):
            body["signature"] = signature | {"signature_b64": signing.sign(content)}
        document["events"][0] = body

    return change


E, U = "event-malformed", "unknown-key"
BUNDLES: Final[tuple[Case, ...]] = (
    ("as it is, unsigned", nothing, ""),
    ("signature null", put("bundle_signature", None), ""),
    ("signature false", put("bundle_signature", False), L),
    ("events null", put("events", None), "no-receipt"),
    ("events absent", cut("events"), "no-receipt"),
    ("events an object", put("events", {}), L),
    ("an entry that is not an object", lambda d: d["events"].append(5), E),
    ("an event without signer", _resigned("signer", ...), f"{E} no-receipt"),
    ("an event without target", _resigned("target", ...), f"{E} no-receipt"),
    ("an event without payload", _resigned("payload", ...), f"{E} no-receipt"),
    ("an event without signature", _resigned("signature", ...), f"{E} no-receipt"),
    ("an event of another schema", _resigned("schema_version", "1.1"), f"{E} no-receipt"),
    ("an event of no time", _resigned("created_at", "2026-03-04"), f"{E} no-receipt"),
    ("an event of second 60", _resigned("created_at", "2026-03-04T05:06:60Z"), f"{E} no-receipt"),
    ("supersedes null", _resigned("supersedes", None), ""),
    ("supersedes absent", _resigned("supersedes", ...), ""),
    ("supersedes a text", _resigned("supersedes", "x"), f"{E} no-receipt"),
    ("supersedes a number", _resigned("supersedes", [1]), f"{E} no-receipt"),
    ("previous event a number", _resigned("prev_event", 1), f"{E} no-receipt"),
    ("signer's key null", _resigned("signer.key_id", None), ""),
    ("signer's key a number", _resigned("signer.key_id", 1), f"{E} no-receipt"),
    ("signer's key another", _resigned("signer.key_id", "another"), "signer-mismatch"),
    ("receipt in the event null", _resigned("payload.receipt", None), "no-receipt"),
    ("receipt in the event false", _resigned("payload.receipt", False), f"{E} no-receipt"),
    ("receipt in the event without kind", _resigned("payload.receipt.kind", ...), f"{E} no-receipt"),
    ("restated digest another", _resigned("payload.canonical_sha256", "0" * 64), M),
    ("restated version true", _resigned("payload.source_version", True), M),
    ("restated record null", _resigned("payload.canonical_record", None), ""),
    ("event of another record", _resigned("subject_pith_number", f"pith:2026:{'A' * 26}"), "foreign-event"),
    ("event of a type not known", _resigned("event_type", "endorsement"), "no-receipt"),
    ("content digest wrong", put("events.0.content_sha256", "0" * 64), "event-id-mismatch"),
    ("content digest in capitals", put("events.0.content_sha256", "A" * 64), f"{E} no-receipt"),
    ("event id wrong", put("events.0.event_id", "x"), "event-id-mismatch"),
    ("event's signature wrong", signed_over("events.0.signature.signature_b64", "0" * 64), "event-invalid"),
    ("event by a key that is not trusted", put("events.0.signature.key_id", "another"), f"signer-mismatch {U}"),
    (
        "event that says it signs a record",
        put("events.0.signature.signed_message", "canonical_sha256_bytes"),
        "receipt-field",
    ),
    (
        "key embedded, the trusted one",
        put(
            "public_keys", [{"key_id": signing.TEST_KEY_ID, "public_key_hex": bytes(signing.TEST_KEY.verify_key).hex()}]
        ),
        "",
    ),
    (
        "key embedded, another",
        put("public_keys", [{"key_id": signing.TEST_KEY_ID, "public_key_hex": "00" * 32}]),
        "embedded-key-mismatch",
    ),
    (
        "key embedded in capitals",
        put(
            "public_keys",
            [{"key_id": signing.TEST_KEY_ID, "public_key_hex": bytes(signing.TEST_KEY.verify_key).hex().upper()}],
        ),
        "embedded-key-mismatch",
    ),
    ("key embedded, of a name not trusted", put("public_keys", [{"key_id": "x", "public_key_hex": "00"}]), ""),
    ("key embedded without a name", put("public_keys", [{"public_key_hex": "00"}]), L),
    ("key embedded, null", put("public_keys", [{"key_id": "x", "public_key_hex": None}]), ""),
    ("state null", put("state", None), ""),
    ("state a list", put("state", []), L),
    ("state of another digest", lambda d: d.update(state=_state(d) | {"state_sha256": "0" * 64}), "state-mismatch"),
    ("state as recomputed", lambda d: d.update(state=_state(d)), ""),
    (
        "state that lists another record",
        lambda d: d.update(state=_restated(_state(d), "pith_number", "x")),
        "state-mismatch",
    ),
    ("state of another merge", lambda d: d.update(state=_restated(_state(d), "merge_version", "x")), ""),
)


def _state(document: Document) -> Document:
    state: Document = pithtex.merge([pithtex.load_bundle(document)], signing.keyring()).to_dict()
    return state


def _restated(state: Document, key: str, value: object) -> Document:
    rest = {name: item for name, item in state.items() if name != "state_sha256"} | {key: value}
    return rest | {"state_sha256": pithtex.digest(rest)}


SNAPSHOTS: Final[tuple[Case, ...]] = (
    ("snapshot as it is", nothing, ""),
    ("snapshot absent from its event", _resigned("payload", {}), E),
    ("snapshot null in its event", _resigned("payload.graph_snapshot", None), E),
    ("snapshot with a title that is a number", _resigned("payload.graph_snapshot.paper.title", 1), E),
    ("snapshot with claims that are a text", _resigned("payload.graph_snapshot.claims", "x"), E),
    ("snapshot of another title", _resigned("payload.graph_snapshot.paper.title", "x"), "title-mismatch"),
    ("snapshot of another source", _resigned("payload.graph_snapshot.source.version", 2), M),
)

REPORT: Final = "https://pith.science/schemas/pith-integrity/v1.json"
REPORTS: Final[tuple[Case, ...]] = (
    ("as it is", nothing, ""),
    ("digest null", put("integrity.snapshot_sha256", None), ""),
    ("digest absent", cut("integrity.snapshot_sha256"), ""),
    ("digest wrong", put("integrity.snapshot_sha256", "0" * 64), "snapshot-mismatch"),
    ("digest a number", put("integrity.snapshot_sha256", 1), L),
    ("integrity absent", cut("integrity"), L),
    ("number another paper's", put("pith_number", "2603.1"), L),
    ("number null", put("pith_number", None), ""),
    ("events absent", cut("events"), ""),
    (
        "events under the collector's name",
        lambda d: d.update(events=None, _events_visible=[{**d["events"][0], "signing_key_id": "x"}]),
        U,
    ),
    ("event without a type", cut("events.0.event_type"), L),
    ("event of another type", put("events.0.event_type", "x"), ""),
    ("event of another form of key id", put("events.0.signing_key_id", "a b"), L),
    ("event by a key that is not trusted", put("events.0.signing_key_id", "x"), U),
    ("event's signature wrong", signed_over("events.0.signature_b64", "0" * 64), "event-invalid"),
)


def bundle_cases() -> Iterator[Vector]:
    """Bundles and reports, each with one thing changed."""
    for name, change, rules in BUNDLES:
        document = _open()
        change(document)
        yield _vector("8", f"bundle: {name}", document, rules)
    paper = full_record()["graph_snapshot"]
    snapshot = bundles.event("graph_snapshot", "2026-03-05T00:00:01Z", {"graph_snapshot": paper}, target="graph")
    for name, change, rules in SNAPSHOTS:
        document = _open(snapshot)
        document["events"].reverse()
        change(document)
        yield _vector("8", f"bundle: {name}", document, rules)
    yield Vector("8", "bundle: signed", bundles.bundle(snapshot), "verified", ())
    signed = json.loads(bundles.bundle(snapshot))
    broken = "bundle-digest-mismatch bundle-signature-invalid"
    yield _vector("8", "bundle: signed, one more field", signed | {"note": 1}, broken)
    for name, change, rules in REPORTS:
        document = report()
        change(document)
        yield _vector("7", f"report: {name}", document, rules)


def report() -> Document:
    """A report with a finding and a signed event."""
    part: Document = {"detectors_run": [], "findings": [{"detector": "d", "severity": "advisory"}]}
    digest = pithtex.digest({"payload": {"detectors": [], "findings": part["findings"]}})
    event = {"event_type": "pith.integrity.v1", "payload_sha256": digest, "signing_key_id": signing.TEST_KEY_ID}
    return {
        "schema": REPORT,
        "arxiv_id": "2603.01234",
        "pith_number": "2603.01234",
        "integrity": part | {"snapshot_sha256": digest},
        "events": [event | {"signature_b64": signing.sign(digest)}],
    }


def documents() -> Iterator[Vector]:
    """Every case of one document."""
    yield from json_cases()
    yield from record_cases()
    yield from bundle_cases()
