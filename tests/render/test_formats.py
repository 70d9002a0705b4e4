"""The registry of formats, what a statement says, and the commands that write them.

After a wanted change: `python -m tests.render.test_formats` writes the golden files again, and `git diff` shows what
changed.
"""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import pithtex
from pithtex.cli.main import main
from pithtex.errors import UsageError, VerificationError
from pithtex.format.keys import default_keyring
from pithtex.render.escape import MarkdownSafe, markdown_text, token
from pithtex.render.formats import BY_NAME, FORMATS, Format
from pithtex.render.statement import Claims, Statement, statement_of
from pithtex.render.templating import typed_environment
from pithtex.render.tex import TexSafe
from pithtex.verification.document import load_document
from tests import signing
from tests.conftest import BUNDLE_FILE, ROOT, SEEDS
from tests.render.samples import HOSTILE, stated

GOLDEN = Path(__file__).parent / "golden"
DAY = date(2026, 11, 24)
RECORD = str(SEEDS / "record-EL6A4QOT.json")
TEXTS = [form for form in FORMATS if not form.binary and not form.name.startswith(("qr", "latex-poster"))]
"""Those that a person can read; the codes are read by a scanner, in other tests."""


def real(**options: Any) -> Statement:
    return statement_of(load_document(BUNDLE_FILE.read_bytes()), default_keyring(), checked=DAY, **options)


def event(kind: str, payload: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An event about the tests' record, signed."""
    body = {
        "event_type": kind,
        "subject_pith_number": signing.record_document()["pith_number"],
        "target": "record",
        "created_at": "2026-05-01T00:00:00Z",
        "signer": {"signer_id": "someone", "key_id": signing.TEST_KEY_ID},
        "supersedes": [],
        "prev_event": None,
        "payload": payload,
        "schema_version": "1.0",
        **changes,
    }
    digest = pithtex.digest(body)
    signature = signing.signature_fields(digest, "open_graph_event_sha256_bytes")
    return {**body, "content_sha256": digest, "event_id": f"sha256:{digest}", "signature": signature}


def bundle(*events: dict[str, Any]) -> dict[str, Any]:
    record = signing.record_document()
    created = event("record_created", {key: record[key] for key in ("canonical_record", "canonical_sha256", "receipt")})
    return {
        "bundle_type": "pith_open_graph_bundle",
        "bundle_version": "1.0",
        **{key: record[key] for key in ("pith_number", "canonical_record", "canonical_sha256")},
        "source_aliases": [],
        "events": [created, *events],
    }


def words(document: dict[str, Any]) -> tuple[str, ...]:
    return statement_of(load_document(document), signing.keyring()).words


@pytest.mark.parametrize("form", TEXTS, ids=[form.name for form in TEXTS])
def test_output_is_that_of_the_file(form: Format) -> None:
    assert form.render(real()) == (GOLDEN / form.file_name).read_bytes()


@pytest.mark.parametrize("form", FORMATS, ids=[form.name for form in FORMATS])
def test_the_same_record_gives_the_same_bytes(form: Format) -> None:
    assert form.render(real(claimed=True)) == form.render(real(claimed=True))


@pytest.mark.parametrize("form", FORMATS, ids=[form.name for form in FORMATS])
def test_every_format_takes_every_title(form: Format) -> None:
    few = {"scripts", "long", "controls"}  # looking for the machine's fonts takes its time
    for title in (HOSTILE[name] for name in (few if form.binary else HOSTILE)):
        assert form.render(stated(title, claims=Claims(authors=(title,), words=(title,)), checked=DAY))


def test_nothing_but_a_verified_record_is_rendered(record: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Statement(record=pithtex.load_record(record), title="T", receipt="p1")  # type: ignore[arg-type]
    with pytest.raises(VerificationError):
        statement_of(load_document(signing.record_document()), default_keyring())


def test_text_of_another_kind_is_refused() -> None:
    """What an escaper of another language made, and what none made."""
    environment = typed_environment("pithtex.render", MarkdownSafe, {"text": markdown_text})
    template = environment.from_string("<< value >>")
    assert template.render(value=markdown_text("a*b")) == r"a\*b"
    for value in ("raw", TexSafe("raw"), 7):
        with pytest.raises(TypeError):
            template.render(value=value)


@pytest.mark.parametrize("text", ["a b", "a<b", "a\nb", "é", "a|b", "a)b"])
def test_a_token_is_no_text(text: str) -> None:
    with pytest.raises(ValueError, match="not a token"):
        token(text)


def test_status_words_are_those_of_verified_events() -> None:
    anchor, storage = event("timestamp_anchor", {}), event("storage_attestation", {})
    assert words(bundle()) == ()
    assert words(bundle(storage, anchor)) == ("anchored in time", "stored")
    assert words(bundle(event("correction", {}))) == ("corrected",)
    withdrawn = event("correction", {}, supersedes=[storage["event_id"]])
    assert words(bundle(storage, withdrawn)) == ("corrected",), "what is superseded is not a status"


def test_a_forged_event_gives_no_word_and_no_badge() -> None:
    forged = copy.deepcopy(event("storage_attestation", {}))
    forged["payload"] = {"changed": True}
    with pytest.raises(VerificationError):
        words(bundle(forged))


def test_claims_are_left_out_unless_asked_for(record: dict[str, Any]) -> None:
    record["verification_status"] |= {"author_attested": True, "externally_anchored": True}
    plain = statement_of(load_document(record), default_keyring())
    assert (plain.words, plain.claims) == ((), None)
    asked = statement_of(load_document(record), default_keyring(), claimed=True)
    assert asked.words == ()
    assert asked.claims == Claims(authors=("Muhammad Ahmed",), words=("author attested", "anchored in time"))


@pytest.mark.parametrize("authors", [None, 7, "", "\x00\u202e", ["A"], {"a": 1}, "A" * 5_000])
def test_odd_authors(record: dict[str, Any], authors: object) -> None:
    """A list of authors is under no signature: anything can stand there."""
    record["paper"]["authors_text"] = authors
    record["graph_snapshot"]["paper"].pop("authors_text", None)
    claims = statement_of(load_document(record), default_keyring(), claimed=True).claims
    assert claims is not None
    assert all(name.isprintable() and len(name) <= 2_000 for name in claims.authors)


def test_a_record_whose_title_is_not_stated(record: dict[str, Any]) -> None:
    for part in (record["paper"], record["graph_snapshot"]["paper"]):
        part.pop("title")
    badge = statement_of(load_document(record), default_keyring())
    assert (badge.title, badge.label) == (None, "arXiv:2606.26666v1")
    for form in FORMATS:
        assert form.render(badge)


def test_other_sources_than_arxiv() -> None:
    """Their identifiers are any printable ASCII."""
    canonical = signing.canonical_record("T", kind="x", id="</script>\"'{}%#|`*")
    document = signing.record_document("T", canonical=canonical)
    badge = statement_of(load_document(document), signing.keyring())
    for form in FORMATS:
        content = form.render(badge)
        assert b"arxiv.org" not in content
        if form.file_name.endswith((".svg", ".html")):
            assert content.count(b"</script>") == (form.name in {"json-ld", "html-verified"})


# --- the commands ----------------------------------------------------------------------------------------------------


def run(*args: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "pithtex", *args], capture_output=True, check=False)


def test_badge_writes_to_stdout_what_it_writes_to_a_file(tmp_path: Path) -> None:
    for name in ("md", "png"):
        path = tmp_path / name
        done = run("badge", RECORD, "--format", name)
        assert (done.returncode, done.stderr) == (0, b"")
        said = run("badge", RECORD, "--format", name, "-o", str(path)).stdout.decode().splitlines()
        assert said == [f"wrote {path}", *([f"wrote {tmp_path / 'pith-badge.svg'}"] if name == "md" else [])]
        assert path.read_bytes() == done.stdout


@pytest.mark.parametrize(("changes", "code"), [({"canonical_sha256": "0" * 64}, 1), ({"receipt": None}, 3)])
def test_badge_writes_nothing_of_an_unverified_record(
    record: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any], code: int
) -> None:
    source, target = tmp_path / "record.json", tmp_path / "badge.svg"
    source.write_text(json.dumps(record | changes))
    assert main(["badge", str(source), "--format", "svg", "-o", str(target)]) == code
    assert capsys.readouterr().err.count("PITH") == 1
    assert not target.exists()


def test_badge_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["badge", RECORD, "--format", "md", "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["content"].startswith("[![pith\\:EL6A4QOT")
    assert result["number"] == "pith:2026:EL6A4QOTPLYS3LFEIZGOL5QVTM"
    target = str(tmp_path / "b.png")
    assert main(["badge", RECORD, "--format", "png", "--json", "-o", target]) == 0
    assert json.loads(capsys.readouterr().out)["results"][0]["files"] == [target]


def test_the_day_of_a_status(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert main(["badge", RECORD, "--format", "shields", "--status", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)["results"][0]["content"]
    assert "record signature checked 1970-01-02" in content
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert main(["badge", RECORD, "--format", "shields", "--status"]) == 2


def test_a_missing_extra_is_said_and_generate_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    monkeypatch.delitem(sys.modules, "pithtex.render.pictures.png", raising=False)
    with pytest.raises(UsageError, match="resvg_py"):
        BY_NAME["png"].render(real())
    assert main(["badge", RECORD, "--format", "png"]) == 2
    assert "pip install 'pithtex[png]'" in capsys.readouterr().err
    assert main(["generate", RECORD, "-o", str(tmp_path)]) == 0
    assert "left out: the format png needs resvg_py" in capsys.readouterr().out
    names = {path.name for path in (tmp_path / "pith-badges").iterdir()}
    assert "pith-card.svg" in names
    assert "pith-card.png" not in names


def test_a_title_too_long_for_a_qr_code_is_left_out_of_its_receipt() -> None:
    """The record in it is whole without its title."""
    title = "".join(
        random.Random(7).choices("abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", k=4_000)
    )
    badge = stated(" ".join(title.split()))
    assert len(badge.link) > 2_953
    assert b"QR code" in BY_NAME["qr"].render(badge)


def test_the_documentation_shows_what_is_written() -> None:
    """Every format is on the page, and those that are text to their readers to the letter."""
    page = (ROOT / "docs" / "reference" / "badges.md").read_text()
    for form in FORMATS:
        assert f"`{form.name}`" in page, form.name
    for name in ("bibtex", "biblatex", "csl-json", "citation.cff", "shields", "json-ld", "signposting"):
        assert f"\n{BY_NAME[name].render(real()).decode()}```\n" in page, name
    for name in ("svg", "svg-card", "qr"):
        file = ROOT / "docs" / "reference" / "badges" / BY_NAME[name].file_name
        assert file.read_bytes() == BY_NAME[name].render(real())


def test_names_of_formats_and_files_are_distinct() -> None:
    assert len(BY_NAME) == len(FORMATS) == len({form.file_name for form in FORMATS})
    contract = {"svg", "html", "md", "rst", "latex", "shields", "png", "qr"}
    assert contract <= BY_NAME.keys()


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for item in TEXTS:
        (GOLDEN / item.file_name).write_bytes(item.render(real()))
