"""Keys: which are trusted, what is refused on loading, and what a signature is."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import SigningKey

import pithtex
from pithtex.errors import MalformedError, UndecidedError, UsageError, VerificationError
from pithtex.findings import Status
from pithtex.format.integrity_report import IntegrityReport
from pithtex.format.key_files import parse_keys
from pithtex.format.keys import PINNED_KEY, Key, Keyring
from pithtex.limits import MAX_KEY_FILE_BYTES
from pithtex.verification.document import load_document
from pithtex.verification.integrity_report import integrity_steps
from pithtex.verification.record import examine_record
from tests import signing
from tests.conftest import BUNDLE_FILE, VECTORS

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
HEX = PINNED_KEY.hex
BASE64 = base64.b64encode(PINNED_KEY.public_key).decode()
OTHER = bytes(signing.OTHER_KEY.verify_key)
REVOKED_AT = datetime(2026, 9, 1, tzinfo=UTC)

SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",  # order 1
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # order 2
    "0000000000000000000000000000000000000000000000000000000000000000",  # order 4
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  # order 8
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
)
IDENTITY = bytes.fromhex(SMALL_ORDER[0])

RFC_8032 = {
    "TEST 1": (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    "TEST 2": (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    "TEST 3": (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    "TEST 1024": (
        "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
        "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e",
        "08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f54e9f77b1"
        "e355f6c50544e23fb1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37c93a1b270b20329d"
        "658675fc6ea534e0810a4432826bf58c941efb65d57a338bbd2e26640f89ffbc1a858efcb8550ee3a5e1998bd177e93a"
        "7363c344fe6b199ee5d02e82d522c4feba15452f80288a821a579116ec6dad2b3b310da903401aa62100ab5d1a36553e"
        "06203b33890cc9b832f79ef80560ccb9a39ce767967ed628c6ad573cb116dbefefd75499da96bd68a8a97b928a8bbc10"
        "3b6621fcde2beca1231d206be6cd9ec7aff6f6c94fcd7204ed3455c68c83f4a41da4af2b74ef5c53f1d8ac70bdcb7ed1"
        "85ce81bd84359d44254d95629e9855a94a7c1958d1f8ada5d0532ed8a5aa3fb2d17ba70eb6248e594e1a2297acbbb39d"
        "502f1a8c6eb6f1ce22b3de1a1f40cc24554119a831a9aad6079cad88425de6bde1a9187ebb6092cf67bf2b13fd65f270"
        "88d78b7e883c8759d2c4f5c65adb7553878ad575f9fad878e80a0c9ba63bcbcc2732e69485bbc9c90bfbd62481d9089b"
        "eccf80cfe2df16a2cf65bd92dd597b0707e0917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128ba"
        "b27af87a71314f318c782b23ebfe808b82b0ce26401d2e22f04d83d1255dc51addd3b75a2b1ae0784504df543af8969b"
        "e3ea7082ff7fc9888c144da2af58429ec96031dbcad3dad9af0dcbaaaf268cb8fcffead94f3c7ca495e056a9b47acdb7"
        "51fb73e666c6c655ade8297297d07ad1ba5e43f1bca32301651339e22904cc8c42f58c30c04aafdb038dda0847dd988d"
        "cda6f3bfd15c4b4c4525004aa06eeff8ca61783aacec57fb3d1f92b0fe2fd1a85f6724517b65e614ad6808d6f6ee34df"
        "f7310fdc82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a7e08d78ff4ef5d63653a65040cf9bfd4aca7"
        "984a74d37145986780fc0b16ac451649de6188a7dbdf191f64b5fc5e2ab47b57f7f7276cd419c17a3ca8e1b939ae49e4"
        "88acba6b965610b5480109c8b17b80e1b7b750dfc7598d5d5011fd2dcc5600a32ef5b52a1ecc820e308aa342721aac09"
        "43bf6686b64b2579376504ccc493d97e6aed3fb0f9cd71a43dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5f"
        "b93246f6b1116398a346f1a641f3b041e989f7914f90cc2c7fff357876e506b50d334ba77c225bc307ba537152f3f161"
        "0e4eafe595f6d9d90d11faa933a15ef1369546868a7f3a45a96768d40fd9d03412c091c6315cf4fde7cb68606937380d"
        "b2eaaa707b4c4185c32eddcdd306705e4dc1ffc872eeee475a64dfac86aba41c0618983f8741c5ef68d3a101e8a3b8ca"
        "c60c905c15fc910840b94c00a0b9d0",
        "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436d94b"
        "5e8fcd4f681e30a6ac00a9704a188a03",
    ),
    "TEST SHA(abc)": (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
}


def key(public_key: bytes, **changes: Any) -> Key:
    return Key(**{"key_id": "k-1", "public_key": public_key, "origin": "the tests", **changes})


def unchecked(public_key: bytes) -> Key:
    """A key as no parser lets it be."""
    made = object.__new__(Key)
    object.__setattr__(made, "public_key", public_key)
    return made


def registry_form(**changes: object) -> dict[str, object]:
    form = {**json.loads(BUNDLE_FILE.read_bytes())["public_keys"][0], **changes}
    return {name: value for name, value in form.items() if value is not ...}


def parse(value: object) -> tuple[Key, ...]:
    return parse_keys(json.dumps(value).encode(), "the tests")


def scalar(signing_key: SigningKey) -> int:
    """The secret scalar (RFC 8032, 5.1.5)."""
    half = bytearray(hashlib.sha512(bytes(signing_key)).digest()[:32])
    half[0] &= 0xF8
    half[31] = half[31] & 0x7F | 0x40
    return int.from_bytes(half, "little")


def challenge(nonce_point: bytes, public_key: bytes, message: bytes) -> int:
    return int.from_bytes(hashlib.sha512(nonce_point + public_key + message).digest(), "little") % L


# Signatures


@pytest.mark.parametrize("name", RFC_8032)
def test_rfc_8032_section_7_1(name: str) -> None:
    secret, public, message, signature = (bytes.fromhex(part) for part in RFC_8032[name])
    assert bytes(SigningKey(secret).verify_key) == public
    assert key(public).verifies(message, signature)
    assert not key(public).verifies(message + b"\0", signature)
    assert not key(OTHER).verifies(message, signature)


def test_every_flipped_bit_is_noticed() -> None:
    _, public, message, signature = (bytes.fromhex(part) for part in RFC_8032["TEST 3"])
    for index in range(8 * len(signature)):
        changed = bytearray(signature)
        changed[index // 8] ^= 1 << index % 8
        assert not key(public).verifies(message, bytes(changed)), index
    for index in range(8 * len(message)):
        changed = bytearray(message)
        changed[index // 8] ^= 1 << index % 8
        assert not key(public).verifies(bytes(changed), signature), index


@pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 128])
def test_a_signature_of_another_length(length: int) -> None:
    _, public, message, signature = (bytes.fromhex(part) for part in RFC_8032["TEST 2"])
    assert not key(public).verifies(message, (signature * 2)[:length])


@pytest.mark.parametrize("times", [1, 2, 7])
def test_a_non_canonical_s(times: int) -> None:
    """S + nL is the same number to a lenient verifier, and so a second signature (RFC 8032, 8.4)."""
    _, public, message, signature = (bytes.fromhex(part) for part in RFC_8032["TEST 1"])
    s = int.from_bytes(signature[32:], "little") + times * L
    assert not key(public).verifies(message, signature[:32] + s.to_bytes(32, "little"))


def test_a_nonce_of_small_order() -> None:
    """R is the identity and S = k a, so that S B = R + k A to the letter: refused all the same."""
    public = bytes(signing.TEST_KEY.verify_key)
    k = challenge(IDENTITY, public, b"message")
    s = k * scalar(signing.TEST_KEY) % L
    assert not key(public).verifies(b"message", IDENTITY + s.to_bytes(32, "little"))


def test_a_key_of_small_order_signs_everything() -> None:
    """With A the identity, R = S B is a signature of every message to a lenient verifier."""
    nonce_point = bytes(signing.TEST_KEY.verify_key)
    signature = nonce_point + (scalar(signing.TEST_KEY) % L).to_bytes(32, "little")
    assert not unchecked(IDENTITY).verifies(b"any message", signature)
    for encoded in SMALL_ORDER:
        assert not unchecked(bytes.fromhex(encoded)).verifies(b"any message", signature)
        assert not unchecked(bytes.fromhex(encoded)).verifies(b"", bytes(64))


# What is a key


@pytest.mark.parametrize("encoded", SMALL_ORDER)
def test_keys_of_small_order_are_refused(encoded: str) -> None:
    with pytest.raises(MalformedError, match="small order"):
        key(bytes.fromhex(encoded))
    with pytest.raises(MalformedError, match="line 1: k-1: a point of small order"):
        parse_keys(f"k-1 {encoded}".encode(), "the tests")
    with pytest.raises(MalformedError, match="small order"):
        parse(registry_form(public_key_hex=encoded, public_key_b64=None))


@pytest.mark.parametrize("sign", [0, 1])
@pytest.mark.parametrize("y", [*range(P, 2**255), 1, P - 1])
def test_non_canonical_encodings_are_refused(y: int, sign: int) -> None:
    """All 19 with y not reduced, and x = 0 with the sign bit set, of which y is 1 or p - 1 (RFC 8032, 5.1.3)."""
    with pytest.raises(MalformedError, match=r"canonical|small order"):
        key((y | sign << 255).to_bytes(32, "little"))


def test_bytes_that_are_no_point_are_refused() -> None:
    with pytest.raises(MalformedError, match="not a point"):
        key(b"\x02" + bytes(31))


@given(st.binary(min_size=32, max_size=32))
def test_every_true_key_is_taken(seed: bytes) -> None:
    public = bytes(SigningKey(seed).verify_key)
    assert key(public).public_key == public


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length(length: int) -> None:
    with pytest.raises(MalformedError, match="32 bytes"):
        key(bytes(length))


def test_times_need_a_zone_and_a_revocation() -> None:
    with pytest.raises(MalformedError, match="zone"):
        key(OTHER, rotates_at=datetime(2027, 1, 1))
    with pytest.raises(MalformedError, match="revoked_at"):
        key(OTHER, revoked_at=datetime(2027, 1, 1, tzinfo=UTC))


# Files


def test_the_registrys_form() -> None:
    (read,) = parse(registry_form())
    assert (read.key_id, read.public_key, read.origin) == (PINNED_KEY.key_id, PINNED_KEY.public_key, "the tests")
    assert (read.rotates_at, read.revoked, read.revoked_at) == (None, False, None)
    form = registry_form()
    assert parse([form]) == parse({"keys": [form]}) == parse({"public_keys": [form]}) == (read,)
    assert parse(registry_form(public_key_hex=...)) == parse(registry_form(public_key_b64=...)) == (read,)
    assert parse(registry_form(rotates_at=..., format=..., notes=...)) == (read,)


def test_times_of_the_registrys_form() -> None:
    (read,) = parse(registry_form(rotates_at="2027-06-01T02:00:00+02:00", revoked_at="2026-12-01T00:00:00.5Z"))
    assert read.rotates_at == datetime(2027, 6, 1, tzinfo=UTC)
    assert read.revoked
    assert read.revoked_at == datetime(2026, 12, 1, microsecond=500_000, tzinfo=UTC)
    (read,) = parse(registry_form(revoked=True))
    assert (read.revoked, read.revoked_at) == (True, None)
    assert not parse(registry_form(revoked=False, revoked_at=None))[0].revoked


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key_id": ...}, "key_id"),
        ({"key_id": "a b"}, "key_id"),
        ({"key_id": "k" * 41}, "key_id"),
        ({"algorithm": ...}, "'algorithm' is missing"),
        ({"algorithm": "Ed25519"}, "algorithm: 'Ed25519' is not known"),
        ({"algorithm": "ed448"}, "algorithm: 'ed448' is not known"),
        ({"format": "pem"}, "format: 'pem' is not known"),
        ({"public_key_hex": OTHER.hex()}, "different keys"),
        ({"public_key_hex": HEX[:-2]}, "public_key_hex"),
        ({"public_key_b64": BASE64[:-4]}, "public_key_b64"),
        ({"public_key_b64": BASE64[:-2] + "N="}, "canonical base64"),
        ({"public_key_b64": None, "public_key_hex": None}, "neither"),
        ({"public_key_b64": OTHER.hex(), "public_key_hex": None}, "public_key_b64"),
        ({"fingerprint_sha256_hex": "0" * 32}, "fingerprint_sha256_hex: '0{32}', but the key's is"),
        ({"fingerprint_sha256_hex": 1}, "fingerprint_sha256_hex: expected text"),
        ({"fingerprint_sha256_b32_first128bits": "A" * 26}, "first128bits"),
        ({"fingerprint_sha256_b32": PINNED_KEY.fingerprint_base32[:25]}, "fingerprint_sha256_b32"),
        ({"rotates_at": "2027-06-01T00:00:00"}, "rotates_at"),
        ({"rotates_at": "2027-06-01"}, "rotates_at"),
        ({"rotates_at": "2027-13-01T00:00:00Z"}, "not a date and time"),
        ({"rotates_at": "0001-01-01T00:00:00+14:00"}, "not a date and time"),
        ({"rotates_at": 1}, "rotates_at"),
        ({"expires_at": "2027"}, "expires_at"),
        ({"not_after": 1798761600}, "not_after"),
        ({"revoked": "yes"}, "true or false"),
        ({"revoked": 1}, "true or false"),
        ({"revoked": False, "revoked_at": "2026-12-01T00:00:00Z"}, "not revoked, and yet"),
        ({"revoked": False, "revoked_at": "soon"}, "revoked_at"),
    ],
)
def test_what_the_registrys_form_refuses(changes: dict[str, object], message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        parse(registry_form(**changes))


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "contains no key"),
        ({"keys": []}, "contains no key"),
        ({"keys": [], "public_keys": []}, "both"),
        ({"keys": {}}, "expected a list"),
        ({"keys": [1]}, r"keys\[0\]: expected an object"),
        ([registry_form(), registry_form(algorithm="rsa")], r"\[1\].algorithm"),
        ({"keys": [registry_form(public_key_b64=None, public_key_hex=SMALL_ORDER[0])]}, r"^keys\[0\]: .*small order"),
    ],
)
def test_what_lists_refuse(value: object, message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        parse(value)


def test_a_document_is_no_key_file(record: dict[str, Any], bundle: dict[str, Any]) -> None:
    """The key that a bundle carries must never be the key that it is checked with."""
    for document in (record, bundle):
        with pytest.raises(MalformedError, match="a key that a document carries proves nothing"):
            parse(document)


def test_lines_of_text() -> None:
    text = f"# mine\n\na-1 {HEX}\r\nb={HEX.upper()} # upper case\n\tc = {BASE64}\nd\t{BASE64}\n"
    read = parse_keys(text.encode(), "the tests")
    assert [item.key_id for item in read] == ["a-1", "b", "c", "d"]
    assert {item.public_key for item in read} == {PINNED_KEY.public_key}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "contains no key"),
        (b"# nothing\n", "contains no key"),
        (HEX.encode(), "line 1: this key has no id"),
        (BASE64.encode(), "line 1: this key has no id"),
        (b"\n\nk " + HEX[:-1].encode(), "line 3: a key is 64 hex digits or the base64 of 32 bytes"),
        (b"k " + HEX.encode() + b"00", "line 1: a key is"),
        (b"k " + BASE64[:-1].encode(), "line 1: a key is"),
        (b"k k " + HEX.encode(), "line 1: not of the form"),
        (b"k" * 41 + b" " + HEX.encode(), "line 1: not of the form"),
        (b"k\xc3\xa9 " + HEX.encode(), "byte 2: neither JSON nor ASCII"),
        (b"\xef\xbb\xbf{}", "neither JSON nor ASCII"),
        (b'{"key_id": 1, "key_id": 2}', "twice"),
        (b"[NaN]", "not JSON"),
        (b"[" * 100, "nested"),
        (b"#" * (MAX_KEY_FILE_BYTES + 1), "at most"),
        (b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n", "line 1"),
    ],
)
def test_what_files_refuse(data: bytes, message: str) -> None:
    with pytest.raises(MalformedError, match=message):
        parse_keys(data, "the tests")


def test_a_bare_key_comes_with_a_hint() -> None:
    with pytest.raises(MalformedError) as caught:
        parse_keys(HEX.encode(), "the tests")
    assert "ID KEY" in (caught.value.hint or "")


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps).map(str.encode)
)
def test_any_bytes_are_keys_or_malformed(data: bytes) -> None:
    with contextlib.suppress(MalformedError):
        assert parse_keys(data, "the tests")


# The keyring


def test_a_file_never_replaces_a_key() -> None:
    with pytest.raises(UsageError) as caught:
        Keyring([PINNED_KEY, key(OTHER, key_id=PINNED_KEY.key_id, origin="--key evil.json")])
    assert "pinned in pithtex" in str(caught.value)
    assert "--key evil.json" in str(caught.value)


def test_several_keys_by_their_ids() -> None:
    ring = Keyring([PINNED_KEY, key(OTHER), key(OTHER, key_id="k-2")])
    assert [item.key_id for item in ring] == ["pith-v1-2026-05", "k-1", "k-2"]
    assert len(ring) == 3
    assert ring.get("k-3") is None


def test_any_source_revokes_and_none_takes_it_back() -> None:
    early, late = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
    plain = key(OTHER, origin="one")
    dated = key(OTHER, origin="two", revoked=True, revoked_at=late)
    earlier = key(OTHER, origin="three", revoked=True, revoked_at=early)
    undated = key(OTHER, origin="four", revoked=True)

    def united(*keys: Key) -> tuple[bool, datetime | None, str]:
        (only,) = Keyring(keys)
        return only.revoked, only.revoked_at, only.origin

    assert united(plain, plain) == (False, None, "one")
    assert united(plain, dated) == (True, late, "one, revoked by two")
    assert united(dated, plain) == (True, late, "two")
    assert united(dated, earlier)[1] == united(earlier, dated)[1] == early
    assert united(dated, undated)[1] is united(undated, earlier)[1] is None
    assert united(plain, undated, dated) == (True, None, "one, revoked by four")


def test_a_key_is_revoked_under_every_id() -> None:
    """The bytes are the key: what one source calls it is no way out."""
    stolen = key(OTHER, key_id="stolen", origin="a file", revoked=True, revoked_at=REVOKED_AT)
    for keys in ([key(OTHER), stolen], [stolen, key(OTHER)]):
        found = {item.key_id: item for item in Keyring([*keys, PINNED_KEY])}
        assert (found["k-1"].revoked, found["k-1"].revoked_at) == (True, REVOKED_AT)
        assert found["k-1"].origin == "the tests, revoked by a file under the id stolen"
        assert found["stolen"].origin == "a file"
        assert not found[PINNED_KEY.key_id].revoked
    spared = Keyring([key(OTHER), stolen]).for_signatures_made_by(REVOKED_AT - timedelta(days=1))
    assert not any(item.revoked for item in spared)


def test_the_seed_does_not_verify_with_its_key_revoked_under_another_id(record: dict[str, Any]) -> None:
    revoked = parse(registry_form(key_id="compromised", revoked=True))
    with pytest.raises(VerificationError) as caught:
        pithtex.verify_record(pithtex.load_record(record), Keyring([PINNED_KEY, *revoked]))
    assert caught.value.finding.name == "key-revoked"
    assert "compromised" in caught.value.message


@pytest.mark.parametrize("field", ["expires_at", "not_after"])
def test_a_key_that_has_expired_proves_nothing(field: str) -> None:
    """No contradiction: the signature may be older, and nothing proves that it is."""
    moment = datetime(2026, 9, 1, tzinfo=UTC)
    public = bytes(signing.TEST_KEY.verify_key).hex()
    form = {"algorithm": "ed25519", "key_id": signing.TEST_KEY_ID, "public_key_hex": public}
    (read,) = parse({**form, field: "2026-09-01T00:00:00Z"})
    assert read.expires_at == moment
    record = pithtex.load_record(signing.record_document())
    hour = timedelta(hours=1)
    assert pithtex.verify_record(record, Keyring([read]))
    assert pithtex.verify_record(record, Keyring([read], now=moment - hour))
    late = Keyring([read], now=moment)
    for _ in range(2):
        with pytest.raises(UndecidedError) as caught:
            pithtex.verify_record(record, late)
        assert caught.value.finding.name == "key-expired"
        late = Keyring(late)
    assert pithtex.verify_record(record, late.for_signatures_made_by(moment - hour))
    with pytest.raises(UndecidedError):
        pithtex.verify_record(record, late.for_signatures_made_by(moment))
    other = key(bytes(signing.TEST_KEY.verify_key), key_id="same-bytes")
    assert all(item.expired for item in Keyring([other, read], now=moment))
    with pytest.raises(UsageError):
        Keyring([read], now=datetime(2026, 9, 1))


def test_of_two_ends_the_earlier_counts() -> None:
    (read,) = parse(registry_form(expires_at="2027-06-01T00:00:00Z", not_after="2027-05-01T00:00:00Z"))
    assert read.expires_at == datetime(2027, 5, 1, tzinfo=UTC)


def test_a_report_by_a_key_that_has_ended() -> None:
    """Integrity reports are held to the same keys as records."""
    report = load_document((VECTORS / "integrity-2604.20237.json").read_bytes()).parsed
    assert isinstance(report, IntegrityReport)
    gone = Keyring([PINNED_KEY, key(PINNED_KEY.public_key, key_id="gone", revoked=True)])
    names = [check.finding.name for check in integrity_steps(report, gone) if check.finding is not None]
    assert "key-revoked" in names


def test_the_earliest_rotation_is_shown() -> None:
    times = [datetime(2027, month, 1, tzinfo=UTC) for month in (3, 2)]
    (only,) = Keyring([key(OTHER), *(key(OTHER, rotates_at=time) for time in times)])
    assert only.rotates_at == times[1]


# What revocation does to a record


def ring(**changes: Any) -> Keyring:
    return Keyring([key(bytes(signing.TEST_KEY.verify_key), key_id=signing.TEST_KEY_ID, **changes)])


@pytest.mark.parametrize("fingerprint", [True, False])
def test_a_revoked_keys_receipt_falls(fingerprint: bool) -> None:
    document = signing.record_document()
    if not fingerprint:
        del document["receipt"]["public_key_fingerprint"]
    record = pithtex.load_record(document)
    assert pithtex.verify_record(record, ring())
    for revoked in (ring(revoked=True), ring(revoked=True, revoked_at=REVOKED_AT)):
        with pytest.raises(VerificationError) as caught:
            pithtex.verify_record(record, revoked)
        assert caught.value.finding.name == "key-revoked"
        checks = {}
        for check in examine_record(record, revoked).checks:
            checks.setdefault(check.name, check.status)
        assert checks["receipt key"] is Status.FAILS
        assert checks["receipt signature"] is Status.HOLDS


def test_signed_at_saves_no_receipt() -> None:
    """It is under no signature: whoever stole the key writes there what they like."""
    document = signing.record_document()
    document["receipt"]["signed_at"] = "2026-03-05T00:00:00Z"
    with pytest.raises(VerificationError, match="revoked since 2026-09-01"):
        pithtex.verify_record(pithtex.load_record(document), ring(revoked=True, revoked_at=REVOKED_AT))


def test_a_proof_that_the_signature_is_older_saves_it() -> None:
    record = pithtex.load_record(signing.record_document())
    revoked = ring(revoked=True, revoked_at=REVOKED_AT)
    hour = timedelta(hours=1)
    assert pithtex.verify_record(record, revoked.for_signatures_made_by(REVOKED_AT - hour))
    same_moment = REVOKED_AT.astimezone(timezone(9 * hour))
    for moment in (same_moment, REVOKED_AT + hour):
        with pytest.raises(VerificationError):
            pithtex.verify_record(record, revoked.for_signatures_made_by(moment))
    with pytest.raises(VerificationError):
        pithtex.verify_record(record, ring(revoked=True).for_signatures_made_by(REVOKED_AT - hour))
    with pytest.raises(UsageError):
        revoked.for_signatures_made_by(datetime(2026, 1, 1))
    assert revoked.get(signing.TEST_KEY_ID).revoked  # type: ignore[union-attr]


def test_rotation_changes_no_verdict() -> None:
    record = pithtex.load_record(signing.record_document())
    assert pithtex.verify_record(record, ring(rotates_at=datetime(2020, 1, 1, tzinfo=UTC)))
