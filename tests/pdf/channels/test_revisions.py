"""What does not speak for the paper: earlier revisions and other XMP packets, read and reported."""

from __future__ import annotations

import io

import pikepdf
import pypdf
import pytest
from pikepdf import Dictionary, Name, Stream
from pypdf.generic import NameObject, NullObject, TextStringObject

from pithtex.limits import MAX_PACKETS, MAX_REVISIONS
from pithtex.pdf import read as reading
from pithtex.pdf.channels import revisions
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Verdict, Word
from pithtex.pdf.read import read_evidence
from tests.conftest import ROOT
from tests.pdf.conftest import NUMBER, PITH, SUFFIX, build, link, packet

OTHER = NUMBER.replace("A", "Z")
PAPER = ROOT / "examples" / "sparsex" / "main.pdf"
PAPER_NUMBER = "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53"


def updated(data: bytes, **info: str | None) -> bytes:
    """The file with its Info changed by an incremental update; None takes a key away."""
    writer = pypdf.PdfWriter(io.BytesIO(data), incremental=True)
    dictionary = writer._info
    assert dictionary is not None
    for key, value in info.items():
        dictionary[NameObject("/" + key)] = NullObject() if value is None else TextStringObject(value)
    out = io.BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(data)
    return out.getvalue()


def with_link(number: str) -> bytes:
    uri = f"https://pith.science/pith/{number[-26:]}"
    return build(info={"PithNumber": number}, annots=[link(uri, NM="pith-badge-1")])


def messages(verdict: Verdict, name: str) -> list[str]:
    return [item.message for item in verdict.all_findings if item.name == name]


def test_a_revision_is_what_the_file_was():
    first = with_link(NUMBER)
    second = updated(first, PithNumber=OTHER)
    evidence = read_evidence(updated(second, PithNumber="x"), text=False)
    assert evidence.info.number == "x"
    assert [(r.end, r.stated.info.number, len(r.stated.link)) for r in evidence.revisions] == [
        (len(first), NUMBER, 1),
        (len(second), OTHER, 1),
    ]


def test_a_changed_number_is_quoted_from_both_sides():
    verdict = check_pdf(updated(with_link(NUMBER), PithNumber=OTHER))
    (message,) = messages(verdict, "number-changed")
    assert message == f"info named {NUMBER!r}, and now names {OTHER!r}"
    (changed,) = [item for item in verdict.all_findings if item.name == "number-changed"]
    assert changed.where.startswith("revision 1 of 2, ")
    assert [(c.channel, c.number) for c in verdict.bystanders] == [("link", SUFFIX), ("info", NUMBER)]


def test_each_change_is_reported_once_from_the_latest_revision_that_had_it():
    data = updated(updated(with_link(NUMBER), Title="One"), Title="Two")
    verdict = check_pdf(updated(data, PithNumber=OTHER))
    assert [item.where.split(",")[0] for item in verdict.all_findings if item.name == "number-changed"] == [
        "revision 3 of 4"
    ]


def test_a_number_that_went_away():
    verdict = check_pdf(updated(build(info={"PithNumber": NUMBER}), PithNumber=None))
    assert verdict.word is Word.ABSENT
    assert messages(verdict, "number-removed") == [f"info named {NUMBER!r}, and now names nothing"]


def test_an_update_that_changes_no_number_is_no_finding():
    plain = check_pdf(PAPER)
    verdict = check_pdf(updated(PAPER.read_bytes(), Title="Another", PithNumber=None, PithReceipt=None))
    assert verdict.word is Word.VALID
    new = {item.name for item in verdict.all_findings} - {item.name for item in plain.all_findings}
    assert new == {"metadata-title-differs"}
    assert plain.bystanders == ()
    assert {(c.channel, c.number) for c in verdict.bystanders} == {
        ("link", PAPER_NUMBER[10:]),
        ("xmp", PAPER_NUMBER),
        ("info", PAPER_NUMBER),
    }
    assert verdict.to_dict()["bystanders"] == [channel.to_dict() for channel in verdict.bystanders]


def test_a_linearized_file_has_one_revision():
    data = build(info={"PithNumber": NUMBER}, linearize=True)
    assert data.count(b"startxref") == 2
    assert read_evidence(data, text=False).revisions == ()
    evidence = read_evidence(updated(data, PithNumber=OTHER), text=False)
    assert [(r.end, r.stated.info.number) for r in evidence.revisions] == [(len(data), NUMBER)]


def test_a_pdf_inside_a_pdf_is_no_revision():
    inner = build(info={"PithNumber": OTHER})

    def embed(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Inner = Stream(pdf, inner)

    data = build(info={"PithNumber": NUMBER}, change=embed, compress_streams=False)
    assert data.count(b"startxref") == 2
    assert read_evidence(data, text=False).revisions == ()


def test_an_encrypted_file_has_revisions_too():
    encryption = pikepdf.Encryption(owner="o", user="u")
    with pikepdf.open(io.BytesIO(build(info={"PithNumber": NUMBER}, encryption=encryption)), password="u") as pdf:
        assert pdf.is_encrypted
    data = build(info={"PithNumber": NUMBER}, encryption=pikepdf.Encryption(owner="o", user=""))
    # An update without change: one more end, and the trailer again.
    trailer = data[data.rfind(b"trailer") : data.rfind(b"startxref")]
    start = int(data[data.rfind(b"startxref") :].split()[1])
    update = b"xref\n0 0\n" + trailer.rstrip()[:-2] + b" /Prev %d >>\n" % start
    data += update + b"startxref\n%d\n%%%%EOF\n" % len(data)
    (revision,) = read_evidence(data, text=False).revisions
    assert revision.stated.info.number == NUMBER


def test_a_file_that_was_not_updated_is_not_searched(monkeypatch):
    def search(data: bytes) -> list[int]:
        raise AssertionError("searched")

    monkeypatch.setattr(revisions, "_ends_backwards", search)
    read_evidence(build(), text=False)
    with pytest.raises(AssertionError, match="searched"):
        read_evidence(build(info={"PithNumber": NUMBER}), text=False)


def test_the_number_of_revisions_is_bounded(monkeypatch):
    data = build(info={"PithNumber": NUMBER})
    start = int(data[data.rfind(b"startxref") :].split()[1])
    trailer = data[data.rfind(b"trailer") : data.rfind(b"startxref")].rstrip()[:-2]
    for _ in range(MAX_REVISIONS + 3):
        data, start = (
            data
            + b"xref\n0 0\n%s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (
                trailer,
                start,
                len(data),
            ),
            len(data),
        )
    evidence = read_evidence(data, text=False)
    assert len(evidence.revisions) == MAX_REVISIONS
    assert [f.name for f in evidence.findings] == ["channel-limit"]
    monkeypatch.setattr(reading, "MAX_PAGES", 5)
    evidence = read_evidence(data, text=False)
    assert len(evidence.revisions) == 5
    assert [f.name for f in evidence.findings] == ["channel-limit", "channel-limit"]
    monkeypatch.setattr(revisions, "MAX_REVISION_BYTES", len(data) + 1)
    assert len(read_evidence(data, text=False).revisions) == 1


def number_packet(number: str) -> bytes:
    return packet(f"<rdf:Description {PITH}><pith:number>{number}</pith:number></rdf:Description>")


def of_page(number: str, *, indirect: bool = True):
    """Puts a packet on page 1, or leaves it in the file where nothing refers to it."""

    def change(pdf: pikepdf.Pdf) -> None:
        stream = Stream(pdf, number_packet(number), Type=Name.Metadata, Subtype=Name.XML)
        if indirect:
            pdf.pages[0].obj.Metadata = stream
        else:
            pdf.Root.Unknown = Dictionary(Kept=stream)

    return change


@pytest.mark.parametrize("indirect", [True, False])
@pytest.mark.parametrize("save", [{}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate}, {"linearize": True}])
def test_a_packet_elsewhere_never_speaks(indirect, save):
    data = build(info={"PithNumber": NUMBER}, change=of_page(OTHER, indirect=indirect), **save)
    verdict = check_pdf(data)
    assert verdict.word is Word.UNVERIFIED
    assert verdict.number == NUMBER
    (message,) = messages(verdict, "other-packet")
    assert message == f"it names {OTHER!r}; the channels that speak for the paper name {NUMBER!r}"
    assert [(c.channel, c.number) for c in verdict.bystanders] == [("xmp", OTHER)]


def test_a_packet_elsewhere_that_agrees_is_no_finding():
    verdict = check_pdf(build(info={"PithNumber": NUMBER}, change=of_page(SUFFIX)))
    assert messages(verdict, "other-packet") == []
    assert [c.number for c in verdict.bystanders] == [SUFFIX]


def test_the_documents_own_packet_is_no_other():
    own = read_evidence(build(xmp=number_packet(NUMBER)), text=False)
    assert own.xmp.numbers == (NUMBER,)
    assert own.packets == ()


def test_packets_that_cannot_be_read_and_too_many_of_them():
    def change(pdf: pikepdf.Pdf) -> None:
        damaged = Stream(pdf, b"no flate", Type=Name.Metadata, Filter=Name.FlateDecode)
        pdf.Root.Packets = pikepdf.Array([damaged, *(Stream(pdf, number_packet(OTHER), Type=Name.Metadata)
                                                     for _ in range(2 * MAX_PACKETS))])  # fmt: skip

    evidence = read_evidence(build(info={"PithNumber": NUMBER}, change=change), text=False)
    assert len(evidence.packets) == MAX_PACKETS - 1
