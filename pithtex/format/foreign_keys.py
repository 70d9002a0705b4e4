"""Ed25519 keys in the forms of other programs: recognised, and refused with the line to write in their place.

None of them carries the `key_id` that receipts name, so none can be taken as it is (docs/reference/keys.md, "Keys of
other programs"). What is secret is never quoted.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, urlsafe_b64decode
from typing import Final

from pithtex.errors import MalformedError
from pithtex.format.fields import KEY_ID, Json
from pithtex.format.keys import PINNED_KEY
from pithtex.patterns import pattern

_SPKI: Final = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes in a SubjectPublicKeyInfo of Ed25519 (RFC 8410, 4)."""
_SSH: Final = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"
"""The same in OpenSSH's form (RFC 8709, 4)."""
_MINISIGN: Final = b"Ed"
"""The algorithm that minisign and signify name before the 8 bytes of their own key id."""

_PEM: Final = pattern(r"-----BEGIN ([A-Z0-9 ]{1,60})-----\s+([A-Za-z0-9+/=\s]*?)-----END \1-----")
_PEM_HEAD: Final = pattern(r"-----BEGIN ([A-Z0-9 ]{1,60})-----")
_COMMENTED: Final = pattern(r"untrusted comment:([^\r\n]*)\r?\n([A-Za-z0-9+/=]+)\s*")
_MINISIGN_KEY: Final = pattern(r"RW[A-Za-z0-9+/]{54}")
_SSH_LINE: Final = pattern(r"ssh-ed25519[ \t]+([A-Za-z0-9+/=]+)(?:[ \t][^\r\n]*)?\s*")


def foreign_text(data: bytes) -> MalformedError | None:
    """Returns why a file is refused that holds a key in another program's form; None if it is of no form known here.

    The forms: PEM (RFC 7468) and its DER, minisign and signify, OpenSSH, the bare 32 bytes.
    """
    if len(data) == len(_SPKI) + 32 and data.startswith(_SPKI):
        return _in_place_of("a key in DER", data[-32:])
    try:
        text = data.decode("ascii").strip()
    except UnicodeDecodeError:
        return _in_place_of("a key as 32 plain bytes", data) if len(data) == 32 else None
    if _PEM_HEAD.search(text):
        return _pem(text)
    if text.startswith("untrusted comment:") or _MINISIGN_KEY.fullmatch(text):
        return _minisign(text)
    ssh = _SSH_LINE.fullmatch(text)
    if ssh is not None:
        decoded = _base64(ssh[1])
        whole = len(decoded) == len(_SSH) + 32 and decoded.startswith(_SSH)
        return _in_place_of("a key in OpenSSH's form", decoded[-32:]) if whole else _damaged("a key in OpenSSH's form")
    return None


def foreign_json(value: Json) -> MalformedError | None:
    """Returns the same of a JSON Web Key (RFC 8037, 2); None if it is not one."""
    if not isinstance(value.get("kty"), str):
        return None
    if "d" in value:
        return _secret("a JSON Web Key")
    x = value.get("x")
    if value.get("kty") != "OKP" or value.get("crv") != "Ed25519" or not isinstance(x, str):
        return _other("a JSON Web Key")
    try:
        decoded = urlsafe_b64decode(x + "=" * (-len(x) % 4))
    except (ValueError, binascii.Error):
        decoded = b""
    kid = value.get("kid")
    named = kid if isinstance(kid, str) and KEY_ID.fullmatch(kid) else None
    what = "a JSON Web Key"
    return _in_place_of(what, decoded, named) if len(decoded) == 32 else _damaged(what)


def _pem(text: str) -> MalformedError:
    block, head = _PEM.search(text), _PEM_HEAD.search(text)
    label = "" if head is None else head[1]
    if "PRIVATE" in label or "SECRET" in label:
        return _secret("PEM")
    if label == "CERTIFICATE":
        hint = "`openssl x509 -in FILE -noout -pubkey` writes the key in it; then give that file"
        return MalformedError("a certificate, not a key", where="line 1", hint=hint)
    if label != "PUBLIC KEY":
        return _other(f"a block of {label}")
    decoded = b"" if block is None else _base64("".join(block[2].split()))
    if not decoded:
        return _damaged("a key in PEM")
    if len(decoded) != len(_SPKI) + 32 or not decoded.startswith(_SPKI):
        return _other("a key in PEM")
    return _in_place_of("a key in PEM", decoded[-32:])


def _minisign(text: str) -> MalformedError:
    commented = _COMMENTED.fullmatch(text + "\n")
    if commented is not None and "secret key" in commented[1]:
        return _secret("minisign's or signify's form")
    decoded = _base64(text if commented is None else commented[2])
    if len(decoded) > 42:
        return _other("a file of minisign or signify")
    if len(decoded) != 42 or not decoded.startswith(_MINISIGN):
        return _damaged("a key in minisign's form")
    return _in_place_of("a key in minisign's form", decoded[-32:])


def _in_place_of(what: str, public_key: bytes, named: str | None = None) -> MalformedError:
    pinned = public_key == PINNED_KEY.public_key
    key_id = PINNED_KEY.key_id if pinned else named or "ID"
    if pinned:
        hint = "this is the registry's key, which pithtex already trusts; as a line of a key file it is"
    elif named is None:
        hint = "write this line in its place, with the key_id that the receipts name for ID:"
    else:
        hint = "write this line in its place:"
    return MalformedError(f"{what}, which names no key_id", where="line 1", hint=f"{hint} {key_id} {public_key.hex()}")


def _secret(what: str) -> MalformedError:
    hint = "keep it secret, and give the public key instead"
    return MalformedError(f"a secret key ({what}); only public keys are accepted", where="line 1", hint=hint)


def _other(what: str) -> MalformedError:
    hint = "the registry's keys are Ed25519: write one a line, ID KEY, the key in hex or base64"
    return MalformedError(f"{what} that is not Ed25519 public key", where="line 1", hint=hint)


def _damaged(what: str) -> MalformedError:
    hint = "get the file again, or write a line: ID KEY, the key in hex or base64"
    return MalformedError(f"{what} that is damaged or cut short", where="line 1", hint=hint)


def _base64(text: str) -> bytes:
    """Returns the bytes, or none if it is not base64."""
    try:
        return b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""
