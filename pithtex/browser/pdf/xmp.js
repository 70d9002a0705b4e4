// The document's XMP packet (ISO 32000-1, 14.3.2; ISO 16684-1), as pithtex/pdf/channels/xmp.py reads it: every value of our properties.

const MAX_XMP = 1048576, MAX_PACKETS = 16;
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", DUBLIN_CORE = "http://purl.org/dc/elements/1.1/";
const SCHEMAS = "http://www.aiim.org/pdfa/ns/extension/"; // ISO 19005-2, 6.6.2.3.3: it describes our properties, and holds none
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g"); // as Python's strip
const PACKET_END = /<\?xpacket\s+end[^>]*\?>/;

const isNamed = ({ namespaceURI, localName }, space, name) => namespaceURI === space && localName === name;

// A property is an attribute or a child of an rdf:Description in rdf:RDF (ISO 16684-1, 7.4 and 7.9.2.2); its values are
// its own text, and that of list items, rdf:value and rdf:resource in it.
function collect(element, values, { property = null, inRdf = false, inSchemas = false, depth = 1 }) {
  if (depth > MAX_NESTED) throw new Unreadable(`XMP that nests deeper than ${MAX_NESTED} elements`);
  const nameOf = ({ namespaceURI, localName }) =>
    namespaceURI === XMP_NAMESPACE && Object.hasOwn(values, localName) ? localName
    : namespaceURI === DUBLIN_CORE && localName === "title" ? "title"
    : null;
  const add = (name, text) => name && (text = text.replace(ENDS, "")) && values[name].add(text);
  const inside = inRdf || isNamed(element, RDF, "RDF"), described = inSchemas || isNamed(element, SCHEMAS, "schemas");
  const isChild = element.parentElement !== null && isNamed(element.parentElement, RDF, "Description");
  const own = property ?? (inside && !described && isChild ? nameOf(element) : null);
  if (inside && !described) {
    for (const item of element.attributes) {
      if (isNamed(element, RDF, "Description")) add(nameOf(item), item.value);
      if (isNamed(item, RDF, "value") || isNamed(item, RDF, "resource")) add(own, item.value);
    }
  }
  for (const child of element.children) collect(child, values, { property: own, inRdf: inside, inSchemas: described, depth: depth + 1 });
  if (own && (!property || isChild || isNamed(element, RDF, "li") || isNamed(element, RDF, "value")))
    add(own, [...element.childNodes].filter((node) => node.nodeType === 3 || node.nodeType === 4).map((node) => node.data).join(""));
}

// A stream's packets, as text: in UTF-8, or UTF-16 with its mark.
function packets(bytes) {
  if (bytes.length > MAX_XMP) throw new Unreadable("XMP of more than 1 MiB");
  const encoding = { 0xfe: "utf-16be", 0xff: "utf-16le" }[bytes[0]] ?? "utf-8";
  let text;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    damaged("the encoding of its XMP");
  }
  const found = text.split(PACKET_END).map((part) => part.replace(/^[ \t\r\n\0\ufeff]+|[ \t\r\n\0]+$/g, ""));
  if (found.length > MAX_PACKETS) throw new Unreadable("more XMP packets in one stream than this page reads");
  return found.filter(Boolean);
}

function readXmp(pdf, faults) {
  const stream = pdf.entry(pdf.root, "Metadata");
  if (stream === null) return [];
  if (!(stream instanceof Stream)) damaged("its XMP is no stream");
  const values = { number: new Set(), receipt: new Set(), canonicalSHA256: new Set(), profile: new Set(), title: new Set() };
  for (const text of packets(pdf.bytes(stream))) {
    const declared = /^<\?xml[^>]*encoding\s*=\s*["']([^"']*)/.exec(text)?.[1] ?? "utf-8";
    const root = new DOMParser().parseFromString(text, "application/xml");
    if (!/^utf-?(?:8|16)$/i.test(declared) || root.doctype || root.querySelector("parsererror")) damaged("its XMP is not well-formed");
    collect(root.documentElement, values, {});
  }
  const ours = [values.number, values.receipt, values.canonicalSHA256];
  ["number", "receipt", "canonicalSHA256"].forEach((name, at) => {
    if (ours[at].size > 1) faults.push(["channel-duplicate", `XMP gives ${ours[at].size} values of ${name}`]);
  });
  const [number = null, receipt = null, digest = null] = ours.map((found) => [...found][0]);
  return number || receipt || digest ? [{ where: "XMP", number, receipt, digest }] : [];
}
