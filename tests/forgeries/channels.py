"""Forged metadata: Info, XMP, and the receipts in all channels."""

from __future__ import annotations

import base64
import json

import pikepdf
from pikepdf import Dictionary, String

import pithtex
from pithtex.format.profile import XMP_NAMESPACE
from pithtex.pdf.judgement.verdict import Word
from tests.conftest import BUNDLE_FILE
from tests.forgeries import kit
from tests.forgeries.kit import (
    FULL,
    OTHER_FULL,
    OTHER_RECEIPT,
    OTHER_SUFFIX,
    RECEIPT,
    SUFFIX,
    Forgery,
    all_of,
    edit_xmp,
    edited,
    every_channel,
    link_to,
    no_info,
    no_links,
    no_xmp,
    set_info,
    set_uri,
)
from tests.format.test_compact_receipt import compact

INVALID, VALID, UNVERIFIED, ABSENT = Word.INVALID, Word.VALID, Word.UNVERIFIED, Word.ABSENT
CONFLICT, MALFORMED = "channel-conflict", "channel-malformed"
NUMBER, RECEIPT_KEY = "/PithNumber", "/PithReceipt"


def _only_keywords(pdf: pikepdf.Pdf) -> None:
    pdf.trailer.Info = pdf.make_indirect(Dictionary(Keywords=String(f"{FULL} {RECEIPT}")))
    while len(pdf.pages) > 1:
        del pdf.pages[-1]
    pdf.pages[0].Contents = pdf.make_stream(b"")


_NUMBERS = (
    edited("number changed in Info", "Info names another number.", set_info(NUMBER, OTHER_FULL), INVALID, CONFLICT),
    edited("number changed in XMP", "XMP names another number.", edit_xmp(FULL, OTHER_FULL), INVALID, CONFLICT),
    edited(
        "number changed in the link",
        "The badge's link goes to another number's page.",
        set_uri(link_to(OTHER_SUFFIX, RECEIPT)),
        INVALID,
        CONFLICT,
    ),
    edited(
        "one character changed",
        "The last character of the number in Info is another.",
        set_info(NUMBER, FULL[:-1] + "2"),
        INVALID,
        CONFLICT,
    ),
    edited(
        "digest changed in XMP",
        "XMP states the digest of another record.",
        edit_xmp("135ec4147cd3", "035ec4147cd3"),
        INVALID,
        CONFLICT,
    ),
    edited(
        "digest in XMP ends otherwise",
        "XMP states a digest of which all that the number holds is the record's, and not the last digit.",
        edit_xmp("7f50b12c", "7f50b12d"),
        INVALID,
        CONFLICT,
    ),
    edited(
        "digest in XMP is none",
        "XMP states a digest that is too short.",
        edit_xmp("135ec4147cd35cda", "135e"),
        INVALID,
        MALFORMED,
    ),
    edited(
        "year changed in Info",
        "Info gives the number with another year.",
        set_info(NUMBER, FULL.replace("2026", "2025")),
        INVALID,
        CONFLICT,
    ),
    edited(
        "year changed everywhere",
        "Every channel gives the number with another year.",
        every_channel(FULL.replace("2026", "2025"), RECEIPT),
        INVALID,
        "receipt-of-another-record",
    ),
    edited(
        "everything but the print",
        "All that machines read is of another record; the badge's text is not.",
        every_channel(OTHER_FULL, OTHER_RECEIPT),
        INVALID,
        CONFLICT,
    ),
    edited(
        "number in Keywords only",
        "The only trace of a number is in /Keywords, which no channel is.",
        all_of(no_links, no_xmp, no_info, _only_keywords),
        ABSENT,
        "no-metadata",
    ),
)


def _spelt(name: str, attack: str, value: str | bytes) -> Forgery:
    return edited(name, attack, set_info(NUMBER, value), INVALID, MALFORMED)


_SPELLINGS = (
    _spelt("number in lower case", "Info gives the number in lower case.", FULL.lower()),
    _spelt("number with a homoglyph", "A Cyrillic letter stands in the number.", FULL.replace("C", "\u0421")),
    _spelt("number with full-width letters", "A full-width letter stands in the number.", "\uff23" + SUFFIX[1:]),
    _spelt("number with a line feed", "A line feed stands behind the number.", FULL + "\n"),
    _spelt("number with a NUL", "A NUL byte stands in the number; readers in C see half of it.", FULL[:20] + "\0" * 6),
    _spelt("number with NUL bytes behind", "NUL bytes and another number follow the number.", f"{FULL}\0{OTHER_FULL}"),
    _spelt(
        "number with a soft hyphen",
        "PDFDocEncoding's soft hyphen stands in the number, and is not shown.",
        FULL[:20].encode() + b"\xad" + FULL[20:].encode(),
    ),
    _spelt(
        "number with a language escape",
        "UTF-16's escape for a language stands in the number (ISO 32000-1, 7.9.2.2).",
        b"\xfe\xff" + "\x1ben\x1b".encode("utf-16-be") + FULL.encode("utf-16-be"),
    ),
    _spelt("a short form for a number", "Info gives a short form, which many numbers share.", "pith:CNPMIFD4"),
    _spelt(
        "terminal escapes in Info",
        "The number clears the screen and writes 'valid' on a line of its own.",
        "pith:2026:\x1b[2J\u202e\nvalid  paper.pdf",
    ),
    edited(
        "another number in UTF-16",
        "Info gives another number in UTF-16BE, which a search for bytes does not find.",
        set_info(NUMBER, b"\xfe\xff" + OTHER_FULL.encode("utf-16-be")),
        INVALID,
        CONFLICT,
    ),
    edited(
        "another number in little-endian UTF-16",
        "Info gives another number in UTF-16LE, which ISO 32000 does not know, and some readers decode.",
        set_info(NUMBER, b"\xff\xfe" + OTHER_FULL.encode("utf-16-le")),
        INVALID,
        CONFLICT,
    ),
    edited(
        "another number in UTF-8",
        "Info gives another number in UTF-8 after its mark.",
        set_info(NUMBER, b"\xef\xbb\xbf" + OTHER_FULL.encode()),
        INVALID,
        CONFLICT,
    ),
    edited(
        "the number in UTF-16",
        "Info gives the right number in UTF-16BE: another spelling of the truth, and no forgery.",
        set_info(NUMBER, b"\xfe\xff" + FULL.encode("utf-16-be")),
        VALID,
    ),
    edited(
        "keywords of 4 MiB",
        "4 MiB of keywords name another number again and again.",
        set_info("/Keywords", OTHER_FULL * (4 * 1024 * 1024 // len(OTHER_FULL))),
        VALID,
    ),
    edited(
        "number of 4 MiB",
        "The number in Info is followed by 4 MiB of blanks.",
        set_info(NUMBER, FULL + " " * (4 * 1024 * 1024)),
        INVALID,
        MALFORMED,
        "channel-limit",
    ),
)


def _in_xmp(name: str, attack: str, old: str, new: str, word: Word, *findings: str) -> Forgery:
    return edited(name, attack, edit_xmp(old, new), word, *findings)


_ELEMENT = f"<pith:number>{FULL}</pith:number>"
_DESCRIPTION_END = "</rdf:Description>"
_OTHER_ELEMENT = f"<pith:number>{OTHER_FULL}</pith:number>"
_ANOTHER_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description rdf:about="" xmlns:pith="{XMP_NAMESPACE}">{_OTHER_ELEMENT}</rdf:Description>'
    "</rdf:RDF></x:xmpmeta>"
)


def _packet(body: str) -> str:
    return f'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>{body}<?xpacket end="w"?>'


def _second_packet_in_the_stream(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes() + _packet(_ANOTHER_PACKET).encode())


def _packet_on_the_page(pdf: pikepdf.Pdf) -> None:
    stream = pdf.make_stream(_packet(_ANOTHER_PACKET).encode())
    stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    pdf.pages[0].Metadata = stream


_PACKETS = (
    _in_xmp(
        "two numbers in XMP",
        "The packet gives the property twice; readers differ on which counts.",
        _ELEMENT,
        _ELEMENT + _OTHER_ELEMENT,
        INVALID,
        "channel-duplicate",
    ),
    _in_xmp(
        "attribute against element",
        "The packet gives another number as an attribute, before the element.",
        _DESCRIPTION_END,
        f'{_DESCRIPTION_END}<rdf:Description rdf:about="" xmlns:pith="{XMP_NAMESPACE}" pith:number="{OTHER_FULL}"/>',
        INVALID,
        "channel-duplicate",
    ),
    _in_xmp(
        "list in XMP",
        "The property is a list of two numbers.",
        _ELEMENT,
        f"<pith:number><rdf:Seq><rdf:li>{FULL}</rdf:li><rdf:li>{OTHER_FULL}</rdf:li></rdf:Seq></pith:number>",
        INVALID,
        "channel-duplicate",
    ),
    _in_xmp(
        "another prefix",
        "The property stands under another prefix of the same namespace, which a search for 'pith:' misses.",
        _DESCRIPTION_END,
        f'{_DESCRIPTION_END}<rdf:Description rdf:about="" xmlns:q="{XMP_NAMESPACE}"><q:number>{OTHER_FULL}</q:number>'
        "</rdf:Description>",
        INVALID,
        "channel-duplicate",
    ),
    _in_xmp(
        "the prefix of another namespace",
        "Another number stands under the prefix 'pith' of a namespace that is not ours; it is not a channel.",
        _DESCRIPTION_END,
        f'{_DESCRIPTION_END}<rdf:Description rdf:about="" xmlns:pith="https://example.com/">{_OTHER_ELEMENT}'
        "</rdf:Description>",
        VALID,
    ),
    _in_xmp(
        "number in an XML comment",
        "Another number stands in a comment, which readers that search for bytes take for real.",
        _ELEMENT,
        f"<!-- {_OTHER_ELEMENT} -->{_ELEMENT}",
        VALID,
    ),
    _in_xmp(
        "number by entity",
        "A document type defines an entity, and the packet's number is that entity.",
        "<x:xmpmeta",
        f'<!DOCTYPE x [<!ENTITY n "{OTHER_FULL}">]><x:xmpmeta',
        VALID,
        "channel-damaged",
    ),
    edited(
        "two XMP packets in one stream",
        "A second packet with another number follows the first in the same stream.",
        _second_packet_in_the_stream,
        INVALID,
        "channel-duplicate",
    ),
    edited(
        "two XMP packets in one file",
        "Page 1 has a packet of its own with another number; the document's packet is the catalog's.",
        _packet_on_the_page,
        VALID,
    ),
)


def _event_as_receipt() -> bytes:
    event = json.loads(BUNDLE_FILE.read_bytes())["events"][1]
    body = {k: v for k, v in event.items() if k not in {"signature", "content_sha256", "event_id"}}
    number = pithtex.PithNumber.from_digest(pithtex.digest(body), 2026)
    signature = base64.b64decode(event["signature"]["signature_b64"])
    receipt = compact(pithtex.canonical_bytes(body) + b"\n", key_id="pith-v1-2026-05", signature=signature)
    return kit.change(kit.paper(), all_of(no_xmp, no_info, set_uri(link_to(number.suffix, receipt))))


_RECEIPTS = (
    edited(
        "receipt of another record",
        "The link carries another paper's genuine receipt.",
        set_uri(link_to(SUFFIX, OTHER_RECEIPT)),
        INVALID,
        "receipt-of-another-record",
    ),
    edited(
        "receipt of another record everywhere",
        "Every channel carries another paper's genuine receipt.",
        every_channel(FULL, OTHER_RECEIPT),
        INVALID,
        "receipt-of-another-record",
    ),
    edited(
        "receipt spliced",
        "Every channel carries this record under the registry's signature of another.",
        every_channel(FULL, kit.spliced(RECEIPT, OTHER_RECEIPT)),
        INVALID,
        "signature-invalid",
    ),
    edited(
        "receipt cut short",
        "The link's receipt lacks its end.",
        set_uri(link_to(SUFFIX, RECEIPT[:-20])),
        INVALID,
        "receipt-malformed",
    ),
    edited(
        "one character of a receipt changed",
        "One character of the receipt in Info is another.",
        set_info(RECEIPT_KEY, RECEIPT[:60] + ("A" if RECEIPT[60] != "A" else "B") + RECEIPT[61:]),
        INVALID,
        "receipt-malformed",
    ),
    edited(
        "self-signed",
        "The record is signed by a key of the attacker's, which the receipt names.",
        every_channel(FULL, kit.self_signed()),
        UNVERIFIED,
        "unknown-key",
    ),
    edited(
        "self-signed under the trusted name",
        "The attacker's signature names the registry's key.",
        every_channel(FULL, kit.self_signed("pith-v1-2026-05")),
        INVALID,
        "signature-invalid",
    ),
    edited(
        "self-signed beside the genuine one",
        "Info carries a self-signed receipt, the other channels the genuine one.",
        set_info(RECEIPT_KEY, kit.self_signed()),
        INVALID,
        CONFLICT,
    ),
    Forgery(
        name="an event passed off as a receipt",
        attack="A signed event is carried as if it were a record.",
        make=_event_as_receipt,
        word=INVALID,
        findings=("receipt-malformed",),
    ),
)

FORGERIES = (*_NUMBERS, *_SPELLINGS, *_PACKETS, *_RECEIPTS)
