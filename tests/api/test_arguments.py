"""Whatever a caller gives, what is raised is a `PithError`, with a code, and with words that say what to give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pithtex
from tests import signing
from tests.conftest import BUNDLE_FILE
from tests.kit.command_line import RECORD

JUNK: dict[str, Any] = {
    "None": None,
    "a number": 3,
    "a float": float("nan"),
    "an object": object(),
    "a list": [None],
    "a text": "no such thing",
    "an empty text": "",
    "text of JSON": "[1, 2]",
    "a surrogate": '{"a": "\ud800"}',
    "bytes": b"no such thing",
    "no bytes": b"",
    "a mapping": {"record_type": "pith_number_record", "canonical_record": 3},
    "a mapping without texts": {1: 2},
    "a path": Path("no-such-file.json"),
    "a folder": Path("/"),
    "a NUL": "a\0b",
    "a class": dict,
    "an unverified record": pithtex.load_record(signing.record_document()),
}
VERIFIED = pithtex.verify(pithtex.load_record(Path(RECORD).read_bytes()))
RECORD_BYTES = Path(RECORD).read_bytes()


def calls(junk: Any) -> dict[str, Callable[[], Any]]:
    """Every public function, with the junk in each place."""
    from pithtex import PithNumber

    record = VERIFIED.record
    return {
        "load": lambda: pithtex.load(junk),
        "load_record": lambda: pithtex.load_record(junk),
        "load_bundle": lambda: pithtex.load_bundle(junk),
        "verify": lambda: pithtex.verify(junk),
        "verify, keyring": lambda: pithtex.verify(record, junk),
        "verify_record": lambda: pithtex.verify_record(junk),
        "verify_record, keyring": lambda: pithtex.verify_record(record, junk),
        "verify_bundle": lambda: pithtex.verify_bundle(junk),
        "examine": lambda: pithtex.examine(junk),
        "examine, keyring": lambda: pithtex.examine(record, junk),
        "examine, now": lambda: pithtex.examine(record, now=junk),
        "standing": lambda: pithtex.standing(junk),
        "standing, keyring": lambda: pithtex.standing(pithtex.load_bundle(BUNDLE_FILE.read_bytes()), junk),
        "merge": lambda: pithtex.merge(junk),
        "merge, of": lambda: pithtex.merge([junk]),
        "merge, keyring": lambda: pithtex.merge([pithtex.load_bundle(BUNDLE_FILE.read_bytes())], junk),
        "generate": lambda: pithtex.generate(junk),
        "generate, abstract": lambda: pithtex.generate(VERIFIED, abstract=junk),
        "badge": lambda: pithtex.badge(junk),
        "badge, format": lambda: pithtex.badge(VERIFIED, junk),
        "badge, style": lambda: pithtex.badge(VERIFIED, style=junk),
        "badge, url": lambda: pithtex.badge(VERIFIED, url=junk),
        "badge, checked": lambda: pithtex.badge(VERIFIED, checked=junk),
        "decode": lambda: pithtex.decode(junk),
        "decode, keyring": lambda: pithtex.decode("x", junk),
        "decode, mirrors": lambda: pithtex.decode("x", mirrors=junk),
        "resolve": lambda: pithtex.resolve(junk, offline=True),
        "resolve, keyring": lambda: pithtex.resolve("2606.01751", junk, offline=True),
        "resolve, mirrors": lambda: pithtex.resolve("2606.01751", mirrors=junk, offline=True),
        "resolve, timeout": lambda: pithtex.resolve("2606.01751", timeout=junk, offline=True),
        "check_pdf": lambda: pithtex.check_pdf(junk),
        "check_pdf, record": lambda: pithtex.check_pdf(b"", junk),
        "check_pdf, keyring": lambda: pithtex.check_pdf(b"", None, junk),
        "check_pdf, expect": lambda: pithtex.check_pdf(b"", expect=junk),
        "check_pdf, mirrors": lambda: pithtex.check_pdf(b"", mirrors=junk),
        "check_pdf, password": lambda: pithtex.check_pdf(b"", password=junk),
        "check_pdf, abstract": lambda: pithtex.check_pdf(b"", abstract=junk),
        "presubmit": lambda: pithtex.presubmit("no-such-folder" if junk == "" else junk),
        "presubmit, keyring": lambda: pithtex.presubmit("no-such-folder", junk),
        "presubmit, records": lambda: pithtex.presubmit("no-such-folder", records=junk),
        "presubmit, expect": lambda: pithtex.presubmit("no-such-folder", expect=junk),
        "presubmit, select": lambda: pithtex.presubmit("no-such-folder", select=junk),
        "canonical_bytes": lambda: pithtex.canonical_bytes(junk),
        "digest": lambda: pithtex.digest(junk),
        "title_digest": lambda: pithtex.title_digest(junk),
        "abstract_digest": lambda: pithtex.abstract_digest(junk),
        "PithNumber": lambda: PithNumber(junk),
        "PithNumber, year": lambda: PithNumber("A" * 26, junk),
        "PithNumber.parse": lambda: PithNumber.parse(junk),
        "PithNumber.from_digest": lambda: PithNumber.from_digest(junk, 2026),
        "PithNumber.from_digest, year": lambda: PithNumber.from_digest("0" * 64, junk),
        "Keyring": lambda: pithtex.Keyring(junk),
        "Keyring, now": lambda: pithtex.Keyring([], now=junk),
        "Keyring.from_file": lambda: pithtex.Keyring.from_file(junk),
        "Keyring.with_key": lambda: pithtex.Keyring().with_key(junk),
        "Keyring.with_key, key": lambda: pithtex.Keyring().with_key("id", junk),
        "Key": lambda: pithtex.Key(key_id="id", public_key=junk, origin="x"),
        "Key, id": lambda: pithtex.Key(key_id=junk, public_key=VERIFIED.key.public_key, origin="x"),
        "VerifiedRecord": lambda: pithtex.VerifiedRecord(record=junk, key=VERIFIED.key),
        "VerifiedRecord, key": lambda: pithtex.VerifiedRecord(record=record, key=junk),
        "VerifiedBundle": lambda: pithtex.VerifiedBundle(bundle=junk, keyring=pithtex.default_keyring()),
        "VerifiedReport": lambda: pithtex.VerifiedReport(report=junk, keyring=pithtex.default_keyring()),
    }


NOT_CALLED = {"Keyring", "Key", "PithNumber", "VerifiedRecord", "VerifiedBundle", "VerifiedReport"}


def test_every_public_function_is_tried() -> None:
    tried = {name.partition(",")[0].partition(".")[0] for name in calls(None)}
    functions = {name for name in pithtex.__all__ if not isinstance(getattr(pithtex, name), type)}
    assert functions - {"default_keyring"} <= tried
    assert tried - functions == NOT_CALLED


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_what_is_raised_is_an_error_of_this_package(junk: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # which holds no paper
    for name, call in calls(junk).items():
        raised = _raised_by(call)
        assert raised is None or isinstance(raised, pithtex.PithError), name
        assert raised is None or (raised.code.startswith("PITH") and raised.message), name


def _raised_by(call: Callable[[], Any]) -> Exception | None:
    try:
        call()
    except Exception as error:  # noqa: BLE001  which one it is, is what is tested
        return error
    return None


@pytest.mark.parametrize("name", ["load_record", "load_bundle"])
def test_the_name_of_a_file_is_told_from_a_document(name: str) -> None:
    with pytest.raises(pithtex.UsageError) as caught:
        getattr(pithtex, name)(RECORD)
    assert "pithtex.load" in (caught.value.hint or "")


def test_a_text_that_begins_with_a_brace_is_a_document_and_any_other_a_path(tmp_path: Path) -> None:
    text = RECORD_BYTES.decode()
    record = VERIFIED.record
    assert (
        pithtex.load(text) == pithtex.load(f" \n{text}") == pithtex.load(RECORD) == pithtex.load(Path(RECORD)) == record
    )
    assert pithtex.load(bytearray(RECORD_BYTES)) == pithtex.load(memoryview(RECORD_BYTES)) == record
    assert pithtex.load(dict(record.document)) == record
    odd = tmp_path / "{odd}.json"
    odd.write_bytes(RECORD_BYTES)
    assert pithtex.load(odd) == record
    with pytest.raises(pithtex.MalformedError):
        pithtex.load("{odd}.json")
    with pytest.raises(pithtex.UsageError) as caught:
        pithtex.load("no-such-file.json")
    assert (caught.value.code, caught.value.where) == ("PITH004", "no-such-file.json")
    with pytest.raises(pithtex.UsageError):
        pithtex.load(b"%PDF-1.7")


def test_a_file_called_minus_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-").write_bytes(RECORD_BYTES)
    assert pithtex.load("-") == VERIFIED.record


def test_errors_say_where_and_what_to_do() -> None:
    with pytest.raises(pithtex.UsageError) as caught:
        pithtex.badge(VERIFIED, "markdwn")
    assert caught.value.where == "format"
    with pytest.raises(pithtex.UsageError) as caught:
        pithtex.badge(VERIFIED, "bibtx")
    assert caught.value.hint == "did you mean 'bibtex'?"
    assert caught.value.likely == ("bibtex",)
