"""Keys as other programs write them: each refused with the line that takes its place, and that line is read."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from pithtex.errors import MalformedError
from pithtex.format.key_files import parse_keys
from pithtex.format.keys import PINNED_KEY
from tests import signing
from tests.conftest import SEEDS
from tests.kit import needs
from tests.kit.command_line import run

PUBLIC = bytes(signing.OTHER_KEY.verify_key)
SPKI = bytes.fromhex("302a300506032b6570032100")
LINE = re.compile(r"([A-Za-z0-9-]+) ([0-9a-f]{64})$")


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def pem(label: str, data: bytes, end: str = "\n") -> bytes:
    return end.join([f"-----BEGIN {label}-----", encoded(data), f"-----END {label}-----", ""]).encode()


def jwk(**changes: str) -> bytes:
    x = base64.urlsafe_b64encode(PUBLIC).decode().rstrip("=")
    return json.dumps({"kty": "OKP", "crv": "Ed25519", "x": x, **changes}).encode()


def ssh(algorithm: bytes, data: bytes) -> bytes:
    parts = b"".join(len(part).to_bytes(4, "big") + part for part in (algorithm, data))
    return algorithm + b" " + base64.b64encode(parts) + b" me@host\n"


MINISIGN = encoded(b"Ed" + bytes(range(8)) + PUBLIC)

PUBLIC_FORMS = {
    "PEM": pem("PUBLIC KEY", SPKI + PUBLIC),
    "PEM with CRLF": pem("PUBLIC KEY", SPKI + PUBLIC, "\r\n"),
    "PEM after words": b"# the key\n" + pem("PUBLIC KEY", SPKI + PUBLIC),
    "DER": SPKI + PUBLIC,
    "bare bytes": PUBLIC,
    "minisign": f"untrusted comment: minisign public key 0706050403020100\n{MINISIGN}\n".encode(),
    "minisign with CRLF": f"untrusted comment: minisign public key\r\n{MINISIGN}\r\n".encode(),
    "signify": f"untrusted comment: signify public key\n{MINISIGN}\n".encode(),
    "minisign's second line": MINISIGN.encode(),
    "OpenSSH": ssh(b"ssh-ed25519", PUBLIC),
    "JWK": jwk(),
}


@pytest.mark.parametrize("form", PUBLIC_FORMS)
def test_the_line_that_takes_its_place_is_read(form: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_keys(PUBLIC_FORMS[form], "the tests")
    assert "which names no key_id" in caught.value.message
    line = LINE.search(caught.value.hint or "")
    assert line is not None
    (read,) = parse_keys(line[0].encode(), "the tests")
    assert (read.key_id, read.public_key) == ("ID", PUBLIC)


def test_an_id_that_is_stated_is_in_the_line() -> None:
    with pytest.raises(MalformedError) as caught:
        parse_keys(jwk(kid="lab-1"), "the tests")
    assert (caught.value.hint or "").endswith(f"lab-1 {PUBLIC.hex()}")


def test_the_registrys_own_key_is_known() -> None:
    with pytest.raises(MalformedError) as caught:
        parse_keys(pem("PUBLIC KEY", SPKI + PINNED_KEY.public_key), "the tests")
    assert "already trusts" in (caught.value.hint or "")
    assert (caught.value.hint or "").endswith(f"{PINNED_KEY.key_id} {PINNED_KEY.hex}")


@pytest.mark.parametrize(
    "data",
    [
        pem("PRIVATE KEY", bytes.fromhex("302e020100300506032b657004220420") + bytes(signing.OTHER_KEY)),
        pem("OPENSSH PRIVATE KEY", bytes(signing.OTHER_KEY)),
        b"untrusted comment: minisign encrypted secret key\n" + base64.b64encode(bytes(signing.OTHER_KEY)) + b"\n",
        jwk(d=base64.urlsafe_b64encode(bytes(signing.OTHER_KEY)).decode()),
    ],
)
def test_what_is_secret_is_never_quoted(data: bytes) -> None:
    with pytest.raises(MalformedError, match="a secret key") as caught:
        parse_keys(data, "the tests")
    said = f"{caught.value} {caught.value.hint}"
    assert encoded(bytes(signing.OTHER_KEY))[:20] not in said
    assert PUBLIC.hex() not in said


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pem("PUBLIC KEY", SPKI + PUBLIC)[:60], "damaged or cut short"),
        (pem("PUBLIC KEY", b"")[:30], "damaged or cut short"),
        (pem("PUBLIC KEY", bytes(91)), "not Ed25519"),
        (pem("CERTIFICATE", bytes(200)), "a certificate, not a key"),
        (pem("PGP PUBLIC KEY BLOCK", bytes(200)), "not Ed25519"),
        (b"untrusted comment: minisign public key\nRWQ\n", "damaged or cut short"),
        (b"untrusted comment: minisign public key\n", "damaged or cut short"),
        (b"untrusted comment: signature\n" + base64.b64encode(b"ED" + bytes(72)), "not Ed25519"),
        (ssh(b"ssh-ed25519", PUBLIC[:-1]), "damaged or cut short"),
        (jwk(crv="X25519"), "not Ed25519"),
        (jwk(kty="EC"), "not Ed25519"),
        (jwk(x="AAAA"), "damaged or cut short"),
        (jwk(x="é"), "damaged or cut short"),
    ],
)
def test_what_is_no_such_key(data: bytes, message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        parse_keys(data, "the tests")


def test_what_openssl_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """From the program itself to a key that verifies: as the hints say, step by step."""
    openssl = needs.program("openssl")
    secret, public, certificate = (tmp_path / name for name in ("secret.pem", "public.pem", "certificate.pem"))
    for command in (
        ["genpkey", "-algorithm", "ed25519", "-out", secret],
        ["pkey", "-in", secret, "-pubout", "-out", public],
        ["req", "-x509", "-key", secret, "-subj", "/CN=x", "-days", "1", "-out", certificate],
    ):
        subprocess.run([openssl, *map(str, command)], check=True, capture_output=True)
    seed = base64.b64decode(secret.read_text().splitlines()[1])[-32:]
    hex_key = bytes(SigningKey(seed).verify_key).hex()
    for path, said in (
        (public, f"ID {hex_key}"),
        (secret, "keep it secret, and give the public key instead"),
        (certificate, "openssl x509 -in"),
    ):
        code, _, err = run(capsys, "keys", "--key", path)
        assert (code, said in err) == (2, True), err
    lines = tmp_path / "lab.keys"
    lines.write_text(f"lab-1 {hex_key}\n")
    assert run(capsys, "keys", "--key", lines)[0] == 0


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (PUBLIC.hex(), f"ID {PUBLIC.hex()}"),
        (PUBLIC.hex().upper(), f"ID {PUBLIC.hex().upper()}"),
        (encoded(PUBLIC), f"ID {encoded(PUBLIC)}"),
        (f"lab-1={PUBLIC.hex()}", f"lab-1 {PUBLIC.hex()}"),
        (f"lab-1 {PUBLIC.hex()}", f"lab-1 {PUBLIC.hex()}"),
    ],
)
def test_a_key_where_a_file_is_expected(capsys: pytest.CaptureFixture[str], given: str, line: str) -> None:
    code, _, err = run(capsys, "verify", SEEDS / "record-EL6A4QOT.json", "--key", given)
    assert (code, "a key is given where a file of keys is expected" in err, f"`{line}`" in err) == (2, True, True), err


def test_a_file_that_is_named_like_a_key_is_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / PUBLIC.hex()).write_text(f"lab-1 {PUBLIC.hex()}\n")
    assert run(capsys, "keys", "--key", PUBLIC.hex())[0] == 0
