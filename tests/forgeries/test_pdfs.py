"""Forged PDFs, made from a real compiled paper: each must get the word and the finding that it deserves."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

import pithtex
from pithtex.findings import Status
from pithtex.graph import load_bundle
from pithtex.pdf.check import check_pdf
from pithtex.pdf.verdict import Verdict, Word
from pithtex.receipt import encode_receipt
from pithtex.report.jsondoc import json_document
from pithtex.report.style import Style
from pithtex.report.verdict import verdict_lines
from pithtex.verify import verify_bundle
from tests import signing
from tests.conftest import BUNDLE_FILE, ROOT, SEEDS

PAPER = ROOT / "examples" / "sparsex" / "main.pdf"
OTHER_PAPER = ROOT / "examples" / "amsart" / "main.pdf"
FULL = "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"
SUFFIX = FULL[10:]
OTHER_FULL = "pith:2026:EL6A4QOTPLYS3LFEIZGOL5QVTM"
OTHER_SUFFIX = OTHER_FULL[10:]

Forge = Callable[[pikepdf.Pdf], None]


def receipt_of(path: Path) -> str:
    data = json.loads(path.read_bytes())
    if "bundle_type" in data:
        record = verify_bundle(load_bundle(data)).record
    else:
        record = pithtex.verify_record(pithtex.load_record(data))
    return encode_receipt(record.canonical, record.key.key_id, record.signature, record.title)


RECEIPT = receipt_of(BUNDLE_FILE)
OTHER_RECEIPT = receipt_of(SEEDS / "record-EL6A4QOT.json")


def badge_link(pdf: pikepdf.Pdf) -> pikepdf.Object:
    for annotation in pdf.pages[0].Annots:
        if str(annotation.get("/NM", "")) == "pith-badge-1":
            return annotation
    raise AssertionError("no badge")


def set_uri(uri: str) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        badge_link(pdf).A.URI = pikepdf.String(uri)

    return forge


def set_info(key: str, value: str | None) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        if value is None:
            del pdf.trailer.Info[key]
        else:
            pdf.trailer.Info[key] = pikepdf.String(value)

    return forge


def edit_xmp(old: str, new: str) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert old.encode() in packet
        pdf.Root.Metadata.write(packet.replace(old.encode(), new.encode()))

    return forge


def no_xmp(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Metadata"]


def no_info(pdf: pikepdf.Pdf) -> None:
    del pdf.trailer["/Info"]


def no_links(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        if "/Annots" in page:
            del page["/Annots"]


def all_of(*forges: Forge) -> Forge:
    def forge(pdf: pikepdf.Pdf) -> None:
        for each in forges:
            each(pdf)

    return forge


def link(suffix: str, receipt: str | None, host: str = "https://pith.science") -> str:
    return f"{host}/pith/{suffix}" + (f"#r={receipt}" if receipt else "")


def every_channel(number: str, receipt: str) -> Forge:
    return all_of(
        set_uri(link(number[-26:], receipt)),
        set_info("/PithNumber", number),
        set_info("/PithReceipt", receipt),
        edit_xmp(RECEIPT, receipt),
        edit_xmp(FULL, number),
    )


def forged(forge: Forge, source: Path = PAPER) -> bytes:
    with pikepdf.open(source) as pdf:
        forge(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def names(verdict: Verdict) -> set[str]:
    return {item.name for item in verdict.all_findings}


def self_signed() -> str:
    """The paper's record under a key of the attacker's."""
    canonical = verify_bundle(load_bundle(BUNDLE_FILE.read_bytes())).record.canonical
    digest = pithtex.digest(canonical.raw)
    signature = base64.b64decode(signing.sign(digest, signing.OTHER_KEY))
    title = "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
    return encode_receipt(canonical, "attacker-1", signature, title)


def under_the_trusted_id() -> str:
    return self_signed().replace(".attacker-1.", ".pith-v1-2026-05.")


INVALID: dict[str, tuple[Forge, str]] = {
    "number changed in Info": (set_info("/PithNumber", OTHER_FULL), "channel-conflict"),
    "number changed in XMP": (edit_xmp(FULL, OTHER_FULL), "channel-conflict"),
    "number changed in the link": (set_uri(link(OTHER_SUFFIX, RECEIPT)), "channel-conflict"),
    "one character changed in Info": (set_info("/PithNumber", FULL[:-1] + "2"), "channel-conflict"),
    "digest changed in XMP": (edit_xmp("135ec4147cd3", "035ec4147cd3"), "channel-conflict"),
    "year changed in Info": (set_info("/PithNumber", FULL.replace("2026", "2025")), "channel-conflict"),
    "year changed everywhere": (
        every_channel(FULL.replace("2026", "2025"), RECEIPT),
        "receipt-of-another-record",
    ),
    "number in lower case": (set_info("/PithNumber", FULL.lower()), "channel-malformed"),
    "number in lower case in the link": (set_uri(link(SUFFIX.lower(), RECEIPT)), "channel-malformed"),
    "number with a homoglyph": (set_info("/PithNumber", FULL.replace("C", "\u0421")), "channel-malformed"),
    "number with full-width letters": (set_info("/PithNumber", "\uff23" + SUFFIX[1:]), "channel-malformed"),
    "number with a line feed": (set_info("/PithNumber", FULL + "\n"), "channel-malformed"),
    "a short form for a number": (set_info("/PithNumber", "pith:CNPMIFD4"), "channel-malformed"),
    "receipt of another record in the link": (
        set_uri(link(SUFFIX, OTHER_RECEIPT)),
        "receipt-of-another-record",
    ),
    "receipt of another record everywhere": (
        every_channel(FULL, OTHER_RECEIPT),
        "receipt-of-another-record",
    ),
    "all machine channels of another record, the text not": (
        every_channel(OTHER_FULL, OTHER_RECEIPT),
        "channel-conflict",
    ),
    "receipt cut short": (set_uri(link(SUFFIX, RECEIPT[:-20])), "receipt-malformed"),
    "receipt with one character changed": (
        set_info("/PithReceipt", RECEIPT[:60] + ("A" if RECEIPT[60] != "A" else "B") + RECEIPT[61:]),
        "receipt-malformed",
    ),
    "self-signed under the trusted id": (every_channel(FULL, under_the_trusted_id()), "signature-invalid"),
    "self-signed beside the genuine one": (set_info("/PithReceipt", self_signed()), "channel-conflict"),
    "link to a subdomain trick": (
        set_uri(link(SUFFIX, RECEIPT, "https://pith.science.example.com")),
        "look-alike-host",
    ),
    "link to an IDN homograph": (set_uri(link(SUFFIX, RECEIPT, "https://xn--pth-7la.science")), "look-alike-host"),
    "link with user information": (
        set_uri(link(SUFFIX, RECEIPT, "https://pith.science@example.com")),
        "look-alike-host",
    ),
    "link with a port": (set_uri(link(SUFFIX, RECEIPT, "https://pith.science:8443")), "look-alike-host"),
    "link over http": (set_uri(link(SUFFIX, RECEIPT, "http://pith.science")), "look-alike-host"),
    "link with a backslash": (set_uri(f"https://pith.science\\@example.com/pith/{SUFFIX}"), "channel-malformed"),
    "link with a query": (set_uri(f"https://pith.science/pith/{SUFFIX}?next=//example.com"), "channel-malformed"),
    "link to a deeper path": (set_uri(f"https://pith.science/pith/{SUFFIX}/../x"), "channel-malformed"),
    "link that runs a script": (
        lambda pdf: badge_link(pdf).__setitem__(
            "/A", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        ),
        "channel-malformed",
    ),
}


@pytest.mark.parametrize("name", INVALID)
def test_invalid(name: str) -> None:
    forge, code = INVALID[name]
    verdict = check_pdf(forged(forge))
    assert verdict.word is Word.INVALID
    assert code in names(verdict)


def test_a_self_signed_receipt_proves_nothing() -> None:
    """The attacker's key is named by the receipt and beside it: no key is ever taken from the document."""
    verdict = check_pdf(forged(every_channel(FULL, self_signed())))
    assert verdict.word is Word.UNVERIFIED
    assert verdict.facts.key.status is Status.UNAVAILABLE
    keys = signing.keyring(signing.OTHER_KEY, "attacker-1")
    assert check_pdf(forged(every_channel(FULL, self_signed())), keyring=keys).word is Word.VALID


def test_an_event_passed_off_as_a_receipt(bundle) -> None:
    from tests.unit.test_receipt import compact

    event = bundle["events"][1]
    body = {k: v for k, v in event.items() if k not in {"signature", "content_sha256", "event_id"}}
    number = pithtex.PithNumber.from_digest(pithtex.digest(body), 2026)
    signature = base64.b64decode(event["signature"]["signature_b64"])
    receipt = compact(pithtex.canonical_bytes(body) + b"\n", key_id="pith-v1-2026-05", signature=signature)
    verdict = check_pdf(forged(all_of(no_xmp, no_info, set_uri(link(number.suffix, receipt)))))
    assert verdict.word is Word.INVALID
    assert "receipt-malformed" in names(verdict)


def test_a_badge_from_another_paper_is_unbound() -> None:
    """Everything is genuine and agrees; only the page is another paper's. Both titles are named."""

    def transplant(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(PAPER) as genuine:
            badge = pdf.copy_foreign(badge_link(genuine))
            pdf.pages[0].Annots = pdf.make_indirect([badge])
            pdf.trailer.Info["/PithNumber"] = pikepdf.String(FULL)
            pdf.trailer.Info["/PithReceipt"] = pikepdf.String(RECEIPT)
            pdf.Root.Metadata = pdf.copy_foreign(genuine.Root.Metadata)
            # Where the stolen link stands is no text of the old badge.
            badge.Rect = pikepdf.Array([10, 10, 60, 20])

    verdict = check_pdf(forged(transplant, OTHER_PAPER))
    assert verdict.word is Word.UNBOUND
    binding = verdict.facts.binding
    assert (binding.status, binding.by) == (Status.FAILS, "title")
    assert "SparseX" in binding.message
    assert "PERSISTENTKV" in binding.message
    assert {fact.status for name, fact in verdict.facts.items() if name != "binding"} == {Status.HOLDS}


def test_metadata_does_not_bind() -> None:
    """The stolen title in Info and XMP, where no reader sees it, makes no binding."""

    def transplant(pdf: pikepdf.Pdf) -> None:
        no_links(pdf)
        for key, value in (("/PithNumber", FULL), ("/PithReceipt", RECEIPT)):
            pdf.trailer.Info[key] = pikepdf.String(value)
        pdf.trailer.Info["/Title"] = pikepdf.String(
            "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving"
        )
        del pdf.Root["/Metadata"]
        pdf.pages.remove(p=1)
        pdf.add_blank_page()

    assert check_pdf(forged(transplant, OTHER_PAPER)).word is Word.UNBOUND


@pytest.mark.parametrize(
    ("forge", "channels"),
    [
        (no_xmp, {"link", "info", "text"}),
        (no_info, {"link", "xmp", "text"}),
        (all_of(no_xmp, no_info), {"link", "text"}),
        (no_links, {"info", "xmp", "text"}),
    ],
)
def test_an_absent_channel_is_no_disagreement(forge: Forge, channels: set[str]) -> None:
    verdict = check_pdf(forged(forge))
    assert verdict.word is Word.VALID
    assert {channel.channel for channel in verdict.channels} == channels


def test_text_alone_names_and_does_not_prove() -> None:
    data = forged(all_of(no_links, no_xmp, no_info))
    verdict = check_pdf(data)
    assert (verdict.word, verdict.number) == (Word.UNVERIFIED, "pith:CNPMIFD4")
    with_record = check_pdf(data, load_bundle(BUNDLE_FILE.read_bytes()).record)
    assert (with_record.word, with_record.number) == (Word.VALID, FULL)


def test_a_plain_badge_without_receipt_is_unverified_until_a_record_is_given() -> None:
    """What the registry's own package writes: a link and a text, under no name of ours."""

    def plain(pdf: pikepdf.Pdf) -> None:
        all_of(no_xmp, no_info, set_uri(link(SUFFIX, None)))(pdf)
        del badge_link(pdf)["/NM"]

    verdict = check_pdf(forged(plain))
    assert (verdict.word, verdict.number) == (Word.UNVERIFIED, SUFFIX)
    record = load_bundle(BUNDLE_FILE.read_bytes()).record
    assert check_pdf(forged(plain), record).word is Word.VALID


def test_a_record_of_another_number_is_wrong() -> None:
    verdict = check_pdf(PAPER, pithtex.load_record((SEEDS / "record-EL6A4QOT.json").read_bytes()))
    assert verdict.word is Word.INVALID
    assert "record-of-another-number" in names(verdict)


def test_no_metadata_is_absent(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(tmp_path / "blank.pdf")
    assert check_pdf(tmp_path / "blank.pdf").word is Word.ABSENT


def test_a_citation_does_not_speak_for_the_paper() -> None:
    def cite(pdf: pikepdf.Pdf) -> None:
        pdf.pages[-1].Annots = pdf.make_indirect(
            [
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Annot,
                    Subtype=pikepdf.Name.Link,
                    Rect=[100, 100, 200, 120],
                    A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(link(OTHER_SUFFIX, None))),
                )
            ]
        )

    verdict = check_pdf(forged(cite))
    assert verdict.word is Word.VALID
    assert "citation-link" in names(verdict)


@pytest.mark.parametrize(
    ("text", "word", "by"),
    [
        ("arXiv:2606.01751v2  [cs.PF]  3 Jun 2026", Word.VALID, "arxiv-id"),
        ("arXiv:2606.01751v1  [cs.PF]  1 Jun 2026", Word.VALID, "arxiv-id"),
        ("arXiv:2606.01752v1  [cs.PF]  1 Jun 2026", Word.INVALID, "arxiv-id"),
    ],
)
def test_the_arxiv_stamp_outranks_the_title(text: str, word: Word, by: str) -> None:
    """Stamped as arXiv does: a form of text that runs upwards in the left margin of page 1."""

    def stamp(pdf: pikepdf.Pdf) -> None:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Times-Roman")
        )
        page = pdf.pages[0]
        page.add_resource(font, pikepdf.Name.Font, pikepdf.Name("/PithStamp"))
        content = f"q BT /PithStamp 20 Tf 0 1 -1 0 28 250 Tm ({text}) Tj ET Q".encode()
        page.contents_add(pdf.make_stream(content))

    verdict = check_pdf(forged(stamp))
    assert (verdict.word, verdict.facts.binding.by) == (word, by)
    assert ("version-note" in names(verdict)) == ("v2" in text)


def test_one_character_changed_in_the_bytes() -> None:
    """As in the README's demonstration: the file is not rewritten, one character of it is another."""
    data = PAPER.read_bytes()
    assert data.count(SUFFIX.encode()) >= 1
    assert check_pdf(data.replace(SUFFIX.encode(), SUFFIX[:-1].encode() + b"2", 1)).word is Word.INVALID


def test_a_record_may_be_given_in_any_form() -> None:
    data = forged(all_of(no_links, no_xmp, no_info))
    bundle = load_bundle(BUNDLE_FILE.read_bytes())
    verified = verify_bundle(bundle)
    for given in (bundle, bundle.record, verified, verified.record):
        assert check_pdf(data, given).word is Word.VALID
        # What one keyring verified, another need not trust.
        assert check_pdf(data, given, signing.keyring()).word is Word.UNVERIFIED


def test_a_number_with_terminal_controls_is_shown_escaped() -> None:
    evil = "pith:2026:\x1b[2J\u202e\nvalid  paper.pdf"
    verdict = check_pdf(forged(set_info("/PithNumber", evil)))
    lines = verdict_lines("x\x1b.pdf", verdict, Style(enabled=False))
    assert verdict.word is Word.INVALID
    assert not set("\x1b\u202e\n") & set("".join(lines))
    assert json_document("check", [verdict.to_dict()]).isascii()
