"""Files of keys, parsed: the registry's JSON form, or a line for each key (docs/reference/keys.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pithtex.errors import MalformedError
from pithtex.format.canonical import parse_json
from pithtex.format.fields import KEY_ID, ZONED_TIME, Fields, read_time
from pithtex.format.foreign_keys import foreign_json, foreign_text
from pithtex.format.keys import Key
from pithtex.limits import MAX_KEY_FILE_BYTES
from pithtex.patterns import pattern

_HEX_KEY: Final = pattern(r"[0-9a-fA-F]{64}")
_LINE: Final = pattern(r"(?:(?P<id>[A-Za-z0-9-]{1,40})(?:[ \t]*=[ \t]*|[ \t]+))?(?P<key>[0-9A-Za-z+/]{43}=|[^ \t=]+)")
_DOCUMENT_FIELDS: Final = ("bundle_type", "record_type", "canonical_record", "canonical_sha256")
_FINGERPRINTS_BASE32: Final = ("fingerprint_sha256_b32_first128bits", "fingerprint_sha256_b32")


def parse_keys(data: bytes, origin: str) -> tuple[Key, ...]:
    """Reads keys in the registry's JSON form, or as lines `ID KEY` with the key in hex or base64.

    JSON is one object, a list of them, or such a list under `keys` or `public_keys`. Whatever a key states twice
    (hex and base64, both fingerprints) must agree.

    Args:
        data: the file.
        origin: where it is from, kept in each key.

    Raises:
        MalformedError: `where` is the JSON path or the line. A record or bundle is refused: the keys that a document
            carries prove nothing about it. A key in another program's form is refused with the line to write instead.
    """
    if len(data) > MAX_KEY_FILE_BYTES:
        raise MalformedError(f"{len(data)} bytes, and at most {MAX_KEY_FILE_BYTES} are read of a key file")
    foreign = foreign_text(data)
    if foreign is not None:
        raise foreign
    keys = tuple(_json_keys(data, origin) if data.lstrip()[:1] in (b"{", b"[") else _text_keys(data, origin))
    if not keys:
        raise MalformedError("contains no key", hint="write one key per line: ID KEY, with the key in hex or base64")
    return keys


def _json_keys(data: bytes, origin: str) -> Iterator[Key]:
    value = parse_json(data, max_bytes=MAX_KEY_FILE_BYTES)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield _json_key(Fields(item, f"[{index}]"), origin)
        return
    fields = Fields(value, "")
    foreign = foreign_json(fields.raw)
    if foreign is not None:
        raise foreign
    if any(name in fields.raw for name in _DOCUMENT_FIELDS):
        raise MalformedError(
            "this is a record or bundle, not a file of keys; a key that a document carries proves nothing about it",
            hint="get the key from the registry itself, not from the document",
        )
    lists = [name for name in ("keys", "public_keys") if name in fields.raw]
    if len(lists) > 1:
        raise MalformedError("has both keys and public_keys")
    if not lists:
        yield _json_key(fields, origin)
        return
    for index, item in enumerate(fields.items(lists[0])):
        yield _json_key(Fields(item, f"{lists[0]}[{index}]"), origin)


def _json_key(fields: Fields, origin: str) -> Key:
    """One key in the form of a bundle's `public_keys` (docs/reference/keys.md, "What a key file holds")."""
    for name, known in (("algorithm", "ed25519"), ("format", "raw")):
        stated = fields.optional_text(name)
        if stated is None and name == "algorithm":
            raise MalformedError("the key 'algorithm' is missing", where=fields.where)
        if stated not in (None, known):
            raise MalformedError(f"{stated!r} is not known here, only {known!r}", where=fields.path(name))
    stated_at = _optional_time(fields, "revoked_at")
    revoked = fields.raw.get("revoked")
    if revoked is not None and not isinstance(revoked, bool):
        raise MalformedError("expected true or false", where=fields.path("revoked"))
    try:
        key = Key(
            key_id=fields.text("key_id", KEY_ID),
            public_key=_json_public_key(fields),
            origin=origin,
            rotates_at=_optional_time(fields, "rotates_at"),
            expires_at=_expiry(fields),
            revoked=stated_at is not None if revoked is None else revoked,
            revoked_at=stated_at,
        )
    except MalformedError as error:
        raise MalformedError(error.message, where=error.where or fields.where, hint=error.hint) from error
    expected = [("fingerprint_sha256_hex", key.fingerprint_hex)]
    expected += [(name, key.fingerprint_base32) for name in _FINGERPRINTS_BASE32]
    for name, derived in expected:
        stated = fields.optional_text(name)
        if stated is not None and stated != derived:
            raise MalformedError(f"{stated!r}, but the key's is {derived!r}", where=fields.path(name))
    return key


def _expiry(fields: Fields) -> datetime | None:
    """Returns the earlier of `expires_at` and `not_after`, or None."""
    times = (_optional_time(fields, name) for name in ("expires_at", "not_after"))
    return min((moment for moment in times if moment is not None), default=None)


def _json_public_key(fields: Fields) -> bytes:
    """Returns the key from `public_key_hex`, `public_key_b64` or both, which then agree."""
    found = []
    if fields.raw.get("public_key_hex") is not None:
        found.append(bytes.fromhex(fields.text("public_key_hex", _HEX_KEY)))
    if fields.raw.get("public_key_b64") is not None:
        found.append(fields.base64_bytes("public_key_b64", 32))
    if not found:
        raise MalformedError("neither public_key_hex nor public_key_b64", where=fields.where)
    if found[0] != found[-1]:
        raise MalformedError("public_key_hex and public_key_b64 are different keys", where=fields.where)
    return found[0]


def _optional_time(fields: Fields, name: str) -> datetime | None:
    """Returns an RFC 3339 time with zone, in UTC, or None if it is absent or null."""
    if fields.raw.get(name) is None:
        return None
    return read_time(fields.text(name, ZONED_TIME), fields.path(name))


def _text_keys(data: bytes, origin: str) -> Iterator[Key]:
    try:
        lines = data.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise MalformedError("neither JSON nor ASCII text", where=f"byte {error.start + 1}") from error
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        if text:
            yield _text_key(text, f"line {number}", origin)


def _text_key(text: str, where: str, origin: str) -> Key:
    """One line: `ID KEY` or `ID=KEY`."""
    parts = _LINE.fullmatch(text)
    if parts is None:
        raise MalformedError("not of the form ID KEY", where=where)
    encoded = parts["key"]
    try:
        is_hex = _HEX_KEY.fullmatch(encoded)
        public_key = bytes.fromhex(encoded) if is_hex else Fields({"key": encoded}, where).base64_bytes("key", 32)
    except MalformedError as error:
        message = "a key is 64 hex digits or the base64 of 32 bytes"
        raise MalformedError(f"{message}: {error.message}", where=where) from error
    if parts["id"] is None:
        raise MalformedError(
            "this key has no id; receipts name their key, so it would never be used",
            where=where,
            hint="write the key_id that the receipts name in front of it: ID KEY",
        )
    try:
        return Key(key_id=parts["id"], public_key=public_key, origin=origin)
    except MalformedError as error:
        raise MalformedError(error.message, where=where) from error
