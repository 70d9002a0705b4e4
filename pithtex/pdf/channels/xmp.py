"""The XMP packets of a PDF (ISO 32000-1, 14.3.2; ISO 16684-1), read with expat: the catalog's, and apart all others.

Not with pikepdf's metadata model: going through its items takes quadratic time (a 39 KB packet: 37 s). Properties
are matched by namespace URI, never by prefix, and every value is kept: readers differ on which of two counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from xml.parsers import expat

import pikepdf

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.format.profile import XMP_NAMESPACE
from pithtex.limits import MAX_CARRIED_ABSTRACT_CHARS, MAX_PACKETS, MAX_VALUE_CHARS, MAX_XMP_BYTES
from pithtex.patterns import pattern
from pithtex.pdf.evidence import Packet, XmpEvidence
from pithtex.pdf.untrusted import READ_ERRORS, cut, entry

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns# "
_ROOT: Final = _RDF + "RDF"
_DESCRIPTION: Final = _RDF + "Description"
_VALUE: Final = _RDF + "value"
_VALUE_ELEMENTS: Final = frozenset({_RDF + "li", _VALUE})
_VALUE_ATTRIBUTES: Final = (_VALUE, _RDF + "resource")
_SCHEMAS: Final = "http://www.aiim.org/pdfa/ns/extension/ schemas"
"""The PDF/A extension schema (ISO 19005-2, 6.6.2.3.3): it describes our properties, and holds none."""
_PROPERTIES: Final = {
    f"{XMP_NAMESPACE} number": "numbers",
    f"{XMP_NAMESPACE} canonicalSHA256": "digests",
    f"{XMP_NAMESPACE} receipt": "receipts",
    f"{XMP_NAMESPACE} profile": "profiles",
    f"{XMP_NAMESPACE} abstract": "abstracts",
    "http://purl.org/dc/elements/1.1/ title": "titles",
}
_METADATA: Final = b"/Metadata"
_OBJECT: Final = pattern(rb"(?<![0-9])([0-9]{1,9})\s{1,4}([0-9]{1,5})\s{1,4}obj\b")
_NEAR: Final = 16
_FAR: Final = 1024
"""Bytes before the name in which `/Type`, and the object's beginning, are looked for."""
_MAX_MARKS: Final = 100 * MAX_PACKETS
_PADDING: Final = b" \t\r\n\0"
_PACKET_END: Final = pattern(rb"<\?xpacket\s+end[^>]*\?>")
"""Of a packet in UTF-8 (ISO 16684-1, 7.3.2)."""
_MAX_PACKETS: Final = 16
"""Of one stream; the document's packet is one."""
_MAX_DEPTH: Final = 100
"""Nesting of elements; real packets nest about 10 deep."""


class _PacketError(ValueError):
    """The packet is refused; the message is ours, with nothing of the packet in it."""


def read_xmp(pdf: pikepdf.Pdf) -> tuple[XmpEvidence, list[Finding]]:
    """Reads every value of our properties, and of dc:title, from the catalog's metadata stream.

    What stood before the place where a packet is damaged is kept, as lenient readers see it too. A value that is
    blank claims nothing and is left out.
    """
    try:
        stream = entry(pdf.Root, "/Metadata")
        if stream is None:
            return XmpEvidence(), []
        if not isinstance(stream, pikepdf.Stream):
            raise TypeError("not a stream")
        data = stream.read_bytes()
    except READ_ERRORS as error:
        return XmpEvidence(), [_damaged(f"the XMP packet could not be decoded ({type(error).__name__})")]
    if len(data) > MAX_XMP_BYTES:
        message = f"the XMP packet is longer than {MAX_XMP_BYTES} bytes and was not read"
        return XmpEvidence(), [finding("channel-limit", message, where="xmp")]
    return parse_packet(data)


def other_packets(pdf: pikepdf.Pdf, data: bytes) -> tuple[Packet, ...]:
    """Reads the packets that are not the document's, and keeps those that have a value of ours.

    Any stream of type Metadata is one, whether something refers to it or not. Streams are found in the file's bytes,
    where their dictionaries always stand (7.5.7), at a fraction of the cost of going through all objects.
    """
    packets: list[Packet] = []
    try:
        seen = {pdf.Root["/Metadata"].objgen}
    except READ_ERRORS:
        seen = set()
    left = 4 * MAX_XMP_BYTES
    for objgen in _metadata_objects(data):
        if objgen in seen:
            continue
        seen.add(objgen)
        if len(seen) > MAX_PACKETS or left < 0:
            break
        try:
            stream = pdf.get_object(objgen)
            if not isinstance(stream, pikepdf.Stream) or stream.get("/Type") != pikepdf.Name.Metadata:
                continue
            packet = stream.read_bytes()
        except READ_ERRORS:
            continue
        left -= len(packet)
        xmp = parse_packet(packet)[0] if len(packet) <= MAX_XMP_BYTES else XmpEvidence()
        if xmp.numbers or xmp.digests or xmp.receipts:
            packets.append(Packet(where=f"an XMP packet that is not the document's, object {objgen[0]}", xmp=xmp))
    return tuple(packets)


def _metadata_objects(data: bytes) -> Iterator[tuple[int, int]]:
    """Yields the objects whose dictionaries say that they are of type Metadata, as object and generation number."""
    at = data.find(_METADATA)
    for _ in range(_MAX_MARKS):
        if at < 0:
            return
        if data[max(0, at - _NEAR) : at].rstrip().endswith(b"/Type"):
            starts = list(_OBJECT.finditer(data, max(0, at - _FAR), at))
            if starts:
                yield int(starts[-1][1]), int(starts[-1][2])
        at = data.find(_METADATA, at + 1)


def parse_packet(data: bytes) -> tuple[XmpEvidence, list[Finding]]:
    """Parses a packet of which the size is known to be bounded; see `read_xmp`."""
    findings: list[Finding] = []
    values: dict[str, list[str]] = {name: [] for name in _PROPERTIES.values()}
    # Readers that search for packets find every one in the stream, and some take the last.
    parts = [part for part in _PACKET_END.split(data, maxsplit=_MAX_PACKETS) if part.strip(_PADDING)]
    for part in parts or [data]:
        collector = _Collector(values, findings)
        try:
            collector.parse(part)
        except _PacketError as error:
            findings.append(_damaged(f"the XMP packet {error}"))
        except READ_ERRORS as error:
            findings.append(_damaged(f"the XMP packet is not well-formed XML ({type(error).__name__})"))
    return XmpEvidence(**{name: tuple(found) for name, found in values.items()}), findings


def _damaged(message: str) -> Finding:
    return finding("channel-damaged", message, where="xmp")


class _Collector:
    """Collects the values of the known properties in one pass over the packet.

    A property is an attribute or a child of an rdf:Description inside rdf:RDF (ISO 16684-1, 7.4 and 7.9.2.2);
    its values are its text, its rdf:li items, rdf:value and rdf:resource.
    """

    def __init__(self, values: dict[str, list[str]], findings: list[Finding]) -> None:
        self.values = values
        self._findings = findings
        self._stack: list[str] = []
        self._texts: list[list[str]] = []
        self._rdf_depth = 0
        self._schemas_depth = 0
        self._property: str | None = None
        self._property_depth = 0

    def parse(self, data: bytes) -> None:
        """Feeds the packet to expat.

        Raises:
            _PacketError: it declares a document type or entities, or nests too deep.
            expat.ExpatError: it is not well-formed.
        """
        # Names come as "URI local". Newer expat versions refuse a URI that holds the separator.
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        if not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = data.strip(_PADDING)  # padding that writers leave; not so in UTF-16, where NUL is half a letter
        parser.Parse(data, True)

    def _refuse(self, *_: object) -> None:
        raise _PacketError("declares a document type, which XMP forbids")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        parent = self._stack[-1] if self._stack else ""
        self._stack.append(name)
        self._texts.append([])
        depth = len(self._stack)
        if depth > _MAX_DEPTH:
            raise _PacketError(f"nests deeper than {_MAX_DEPTH} elements")
        if name == _ROOT and not self._rdf_depth:
            self._rdf_depth = depth
        elif name == _SCHEMAS and not self._schemas_depth:
            self._schemas_depth = depth
        if self._rdf_depth and not self._schemas_depth:
            self._collect(name, parent, attributes)

    def _collect(self, name: str, parent: str, attributes: Mapping[str, str]) -> None:
        """Begins a property, and keeps the values that are given as attributes."""
        if parent == _DESCRIPTION and self._property is None and name in _PROPERTIES:
            self._property, self._property_depth = _PROPERTIES[name], len(self._stack)
        if name == _DESCRIPTION:
            for key in attributes:
                if key in _PROPERTIES:
                    self._keep(_PROPERTIES[key], attributes[key])
        if self._property is not None:
            for key in _VALUE_ATTRIBUTES:
                self._keep(self._property, attributes.get(key, ""))

    def _text(self, text: str) -> None:
        if self._property is not None:
            self._texts[-1].append(text)

    def _end(self, name: str) -> None:
        depth = len(self._stack)
        self._stack.pop()
        text = "".join(self._texts.pop())
        if self._property is not None:
            if depth == self._property_depth or name in _VALUE_ELEMENTS or self._stack[-1] == _DESCRIPTION:
                self._keep(self._property, text)
            if depth == self._property_depth:
                self._property = None
        if depth == self._rdf_depth:
            self._rdf_depth = 0
        if depth == self._schemas_depth:
            self._schemas_depth = 0

    def _keep(self, name: str, text: str) -> None:
        text = text.strip()
        if text:
            most = MAX_CARRIED_ABSTRACT_CHARS if name == "abstracts" else MAX_VALUE_CHARS
            self.values[name].append(cut(text, "xmp", f"one of the {name}", self._findings, most))
