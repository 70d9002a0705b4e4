from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.limits import MAX_XMP_BYTES
from pithtex.pdf.channels.xmp import parse_packet
from pithtex.pdf.read import read_evidence
from tests.pdf.conftest import NUMBER, PITH, build, packet


def read(inside, before=""):
    return parse_packet(packet(inside, before))


@pytest.mark.parametrize(
    "inside",
    [
        f"<rdf:Description {PITH}><pith:number> {NUMBER}\n</pith:number></rdf:Description>",
        f'<rdf:Description {PITH} pith:number="{NUMBER}"/>',
        f"<rdf:Description {PITH.replace('pith=', 'p=')}><p:number>{NUMBER}</p:number></rdf:Description>",
        f"<rdf:Description {PITH}><pith:number><rdf:Bag><rdf:li>{NUMBER}</rdf:li></rdf:Bag></pith:number>"
        "</rdf:Description>",
        f"<rdf:Description {PITH}><pith:number rdf:parseType='Resource'><rdf:value>{NUMBER}</rdf:value></pith:number>"
        "</rdf:Description>",
        f"<rdf:Description {PITH}><pith:number rdf:resource='{NUMBER}'/></rdf:Description>",
        f"<rdf:Description {PITH}><pith:number><rdf:Description rdf:value='{NUMBER}'/></pith:number></rdf:Description>",
        f"<rdf:Description {PITH}><pith:number><![CDATA[{NUMBER}]]></pith:number></rdf:Description>",
    ],
)
def test_every_form_of_a_property(inside):
    evidence, findings = read(inside)
    assert evidence.numbers == (NUMBER,)
    assert findings == []


def test_all_properties_and_all_values_in_order():
    evidence, findings = read(
        f"<rdf:Description {PITH} pith:number='A' pith:profile='1' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<pith:number>B</pith:number><pith:canonicalSHA256>ab</pith:canonicalSHA256><pith:receipt>p1</pith:receipt>"
        "<dc:title><rdf:Alt><rdf:li>T</rdf:li><rdf:li>U</rdf:li></rdf:Alt></dc:title></rdf:Description>"
        f"<rdf:Description {PITH}><pith:number>C</pith:number></rdf:Description>"
    )
    assert findings == []
    assert evidence.numbers == ("A", "B", "C")
    assert (evidence.digests, evidence.receipts, evidence.profiles) == (("ab",), ("p1",), ("1",))
    assert evidence.titles == ("T", "U")


@pytest.mark.parametrize(
    "inside",
    [
        "<rdf:Description xmlns:pith='https://pith.science/ns/other/'><pith:number>A</pith:number></rdf:Description>",
        f"<rdf:Description {PITH}><!-- <pith:number>A</pith:number> --></rdf:Description>",
        f"<rdf:Description {PITH}><pith:number/></rdf:Description>",
        f"<rdf:Description {PITH} xmlns:e='http://www.aiim.org/pdfa/ns/extension/'><e:schemas><rdf:Bag>"
        "<rdf:li><rdf:Description pith:number='A'><pith:number>A</pith:number></rdf:Description></rdf:li>"
        "</rdf:Bag></e:schemas></rdf:Description>",
        f"<other {PITH} pith:number='A'><pith:number>A</pith:number></other>",
    ],
)
def test_what_is_no_property_of_ours(inside):
    evidence, findings = read(inside)
    assert evidence.numbers == ()
    assert findings == []


def test_after_the_extension_schemas_properties_count_again():
    evidence, _ = read(
        f"<rdf:Description {PITH} xmlns:e='http://www.aiim.org/pdfa/ns/extension/'>"
        "<e:schemas><rdf:Bag/></e:schemas><pith:number>A</pith:number></rdf:Description>"
    )
    assert evidence.numbers == ("A",)


def test_outside_rdf_nothing_counts():
    data = f"<a {PITH}><pith:number>A</pith:number></a>".encode()
    assert parse_packet(data)[0].numbers == ()


@pytest.mark.parametrize(
    "before",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY a "b">]>',
    ],
)
def test_a_document_type_is_refused(before):
    evidence, findings = read(f"<rdf:Description {PITH} pith:number='A'/>", before)
    assert evidence.numbers == ()
    assert [f.name for f in findings] == ["channel-damaged"]
    assert "document type" in findings[0].message


def test_depth_is_bounded():
    _, findings = read("<a>" * 500 + "</a>" * 500)
    assert [f.name for f in findings] == ["channel-damaged"]


def test_padding_and_utf_16():
    body = packet(f"<rdf:Description {PITH} pith:number='Ω'/>")
    assert parse_packet(b"\n " + body + b"\0\0\n")[0].numbers == ("Ω",)
    assert parse_packet(body.decode().encode("utf-16"))[0].numbers == ("Ω",)


def test_what_stood_before_the_damage_is_kept():
    evidence, findings = read(f"<rdf:Description {PITH} pith:number='A'/><broken")
    assert evidence.numbers == ("A",)
    assert [f.name for f in findings] == ["channel-damaged"]


def test_a_packet_over_the_limit_is_not_read():
    xmp = packet(f"<rdf:Description {PITH} pith:number='A'/>") + b" " * (2 * MAX_XMP_BYTES)
    evidence = read_evidence(build(xmp=xmp, compress_streams=True), text=False)
    assert evidence.xmp.numbers == ()
    assert [f.name for f in evidence.findings] == ["channel-limit"]


def test_a_hundred_thousand_attributes_take_no_time():
    attributes = " ".join(f"pith:a{i}=''" for i in range(60_000))
    started = time.process_time()
    evidence, _ = read(f"<rdf:Description {PITH} {attributes} pith:number='A'/>")
    assert evidence.numbers == ("A",)
    assert time.process_time() - started < 2


@given(st.binary(max_size=200))
def test_any_bytes(data):
    parse_packet(data)
    parse_packet(packet("") + data)
