"""Mutants of records and bundles, signed anew by the tests' key: what is left to differ on is what the fields say."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any, Final

import pithtex
from pithtex.errors import PithError
from pithtex.format.bundle import UNHASHED, load_bundle
from pithtex.format.canonical import canonical_bytes, sha256_hex
from pithtex.verification.merge import merge
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES

Document = dict[str, Any]

_VALUES: Final = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        2**53,
        10**400,
        1.0,
        1e16,
        0.1,
        "",
        " ",
        "x",
        "0",
        "1.0",
        [],
        [None],
        [1],
        ["x"],
        {},
        {"a": 1},
    ),
    *("2026-02-30T00:00:00Z", "2026-03-04T05:06:07.123456789Z", "0000-01-01T00:00:00Z", "2026-03-04T24:00:00Z"),
    *(
        "ed25519",
        "signed_v1",
        "0.3",
        "p1",
        "0.4",
        "pith_receipt",
        signing.TEST_KEY_ID,
        "unknown-key",
        "A" * 88,
        "=" * 4,
    ),
    *(
        "2606.01751",
        "hep-th/9901001",
        "math.AG/0601001",
        "\u0130\u0131\u1e9e\ufb01",
        "A\u0300 title",
        "\u1f80\u13a0",
        "a\x1cb\u2028",
    ),
    *(
        "https://pith.science/pith/AAAAAAAA",
        "https://arxiv.org/?arxiv=%E9&arxiv=2606.01751",
        "graph_snapshot",
        "record_created",
    ),
)
_KEYS: Final = (
    *(
        "title",
        "signed_at",
        "receipt",
        "paper",
        "source",
        "graph_snapshot",
        "links",
        "html",
        "json",
        "aliases",
        "prev_event",
    ),
    *(
        "supersedes",
        "key_id",
        "public_keys",
        "public_key_hex",
        "public_key_fingerprint",
        "schema_version",
        "state",
        "events",
    ),
    *("snapshot_sha256", "claims", "integrity", "count", "version", "bundle_signature", "canonical_record", "license"),
)


def document_mutant(seed: int) -> bytes:
    """The mutant of a seed: some values, keys or list items changed, then most of it signed anew."""
    chance = random.Random(seed)
    document = copy.deepcopy(chance.choice(_bases()))
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        holder = chance.choice([document, *_holders(document)] if chance.random() < 0.8 else [document])
        chance.choice(_CHANGES)(holder, chance)
        if chance.random() < 0.8:
            signed_anew(document)
    return json.dumps(document).encode()


def _bases() -> list[Document]:
    documents = [json.loads(path.read_bytes()) for path in (*RECORD_FILES, BUNDLE_FILE, BUNDLE_FILE)]
    documents.append(signing.record_document("\u0130stanbul \u00c4rger \u1e9e"))
    for document in documents:
        signed_anew(document)
    return documents


def _holders(value: Any) -> Iterator[Any]:
    """Every object and list, the document's own apart."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(item, dict | list):
            yield item
            yield from _holders(item)


def _replace(holder: Any, chance: random.Random) -> None:
    if holder:
        holder[chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))] = chance.choice(_VALUES)


def _remove(holder: Any, chance: random.Random) -> None:
    if holder:
        del holder[chance.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))]


def _add(holder: Any, chance: random.Random) -> None:
    if isinstance(holder, dict):
        holder[chance.choice(_KEYS)] = chance.choice(_VALUES)
    else:
        holder.append(chance.choice((*_VALUES, *holder)))


def _touch(holder: Any, chance: random.Random) -> None:
    """Changes a character of a text: another, another case, one more, or a mark that is not seen."""
    keys = [key for key in (holder if isinstance(holder, dict) else range(len(holder))) if isinstance(holder[key], str)]
    if keys:
        key = chance.choice(keys)
        text, at = holder[key], chance.randrange(len(holder[key]) + 1)
        holder[key] = chance.choice((
            text[:at] + chance.choice("aZ0 \u00e9\u200b\n\x85\u03c2") + text[at + 1 :],
            text.upper(), text.lower(), text + chance.choice("\n =\0A"), " " + text, text[:at],
        ))  # fmt: skip


_CHANGES: Final[tuple[Callable[[Any, random.Random], None], ...]] = (_replace, _replace, _remove, _add, _touch)


def signed_anew(document: Document) -> None:
    """Makes digest, number, events, state and signatures those of what the document says now, where there are any."""
    canonical = document.get("canonical_record")
    try:
        digest = pithtex.digest(canonical)
        number = pithtex.PithNumber.from_digest(digest, int(canonical["metadata"]["submitted_at"][:4]))
    except (PithError, ValueError, TypeError, KeyError):
        return
    old = {
        document.get(key): new
        for key, new in (("pith_number", number.full), ("canonical_sha256", digest))
        if isinstance(document.get(key), str)
    }
    for holder in [document, *_holders(document)]:
        for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            if isinstance(value, str) and value in old:
                holder[key] = old[value]
    if isinstance(document.get("receipt"), dict):
        _sign(document["receipt"], digest, "canonical_sha256_bytes")
    for event in document["events"] if isinstance(document.get("events"), list) else ():
        _sign_event(event, digest)
    if "state" in document:
        _restate(document)
    if isinstance(document.get("bundle_signature"), dict):
        content = sha256_hex(canonical_bytes({k: v for k, v in document.items() if k != "bundle_signature"}))
        document["bundle_signature"]["bundle_sha256"] = content
        _sign(document["bundle_signature"], content, "bundle_sha256_bytes")


def _restate(document: Document) -> None:
    try:
        document["state"] = json.loads(canonical_bytes(merge([load_bundle(document)], signing.keyring()).to_dict()))
    except PithError:
        return


def _sign_event(event: Any, digest: str) -> None:
    if not isinstance(event, dict):
        return
    payload = event.get("payload")
    if isinstance(payload, dict) and isinstance(payload.get("receipt"), dict):
        _sign(payload["receipt"], digest, "canonical_sha256_bytes")
    if isinstance(event.get("signer"), dict) and "key_id" in event["signer"]:
        event["signer"]["key_id"] = signing.TEST_KEY_ID
    content = sha256_hex(canonical_bytes({key: value for key, value in event.items() if key not in UNHASHED}))
    if "event_id" in event:
        event["event_id"] = f"sha256:{content}"
    if "content_sha256" in event:
        event["content_sha256"] = content
    if isinstance(event.get("signature"), dict):
        _sign(event["signature"], content, "open_graph_event_sha256_bytes")


def _sign(holder: Document, digest: str, signs: str) -> None:
    """Signs where the fields are still what they were; a field that the mutation made odd stays so."""
    fields = signing.signature_fields(digest, signs)
    if "signature_b64" in holder:
        holder["signature_b64"] = fields["signature_b64"]
    for key in ("key_id", "public_key_fingerprint"):
        if isinstance(holder.get(key), str) and holder[key] not in _VALUES:
            holder[key] = fields[key]
