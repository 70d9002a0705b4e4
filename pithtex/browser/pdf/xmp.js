// The document's XMP packet (ISO 32000-1, 14.3.2; ISO 16684-1), as pithtex/pdf/channels/xmp.py reads it: every value of
// our properties.

import { MAX_XMP, XMP_NAMESPACE } from "../constants.js";
import { strip } from "../verify/text.js";
import { damaged, MAX_NESTED, Stream, unreadable } from "./objects.js";

/** @import { PdfFile } from "./file.js" */

/** @typedef {{ where: string, number: string | null, receipt: string | null, digest?: string | null }} Claim */
/** @typedef {[rule: string, message: string]} Fault */
/** @typedef {Record<string, Set<string>>} Values by the name of the property */

const MAX_PACKETS = 16;
const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const DUBLIN_CORE = "http://purl.org/dc/elements/1.1/";
const SCHEMAS = "http://www.aiim.org/pdfa/ns/extension/"; // ISO 19005-2, 6.6.2.3.3: it describes our properties
const PACKET_END = /<\?xpacket\s+end[^>]*\?>/;

/** @type {(node: Element | Attr, space: string, name: string) => boolean} */
const isNamed = ({ namespaceURI, localName }, space, name) => namespaceURI === space && localName === name;

/**
 * A property is an attribute or a child of an rdf:Description in rdf:RDF (ISO 16684-1, 7.4 and 7.9.2.2); its values are
 * its own text, and that of list items, rdf:value and rdf:resource in it.
 * @param {Element} element
 * @param {Values} values
 * @param {{ property?: string | null, inRdf?: boolean, inSchemas?: boolean, depth?: number }} place
 */
function collect(element, values, { property = null, inRdf = false, inSchemas = false, depth = 1 }) {
  if (depth > MAX_NESTED) unreadable(`XMP that nests deeper than ${MAX_NESTED} elements`);
  const propertyOf = (/** @type {Element | Attr} */ { namespaceURI, localName }) =>
    namespaceURI === XMP_NAMESPACE && Object.hasOwn(values, localName) ? localName
    : namespaceURI === DUBLIN_CORE && localName === "title" ? "title"
    : null;
  const add = (/** @type {string | null} */ name, /** @type {string} */ text) => {
    const value = strip(text);
    if (name && value) values[name].add(value);
  };
  const inside = inRdf || isNamed(element, RDF, "RDF");
  const described = inSchemas || isNamed(element, SCHEMAS, "schemas");
  const isChild = element.parentElement !== null && isNamed(element.parentElement, RDF, "Description");
  const own = property ?? (inside && !described && isChild ? propertyOf(element) : null);
  if (inside && !described) {
    for (const item of element.attributes) {
      if (isNamed(element, RDF, "Description")) add(propertyOf(item), item.value);
      if (isNamed(item, RDF, "value") || isNamed(item, RDF, "resource")) add(own, item.value);
    }
  }
  const within = { property: own, inRdf: inside, inSchemas: described, depth: depth + 1 };
  for (const child of element.children) collect(child, values, within);
  if (own && (!property || isChild || isNamed(element, RDF, "li") || isNamed(element, RDF, "value")))
    add(own, [...element.childNodes].map((node) => (node instanceof Text ? node.data : "")).join(""));
}

/**
 * A stream's packets, as text: in UTF-8, or UTF-16 with its mark.
 * @param {Uint8Array} bytes
 */
function packets(bytes) {
  if (bytes.length > MAX_XMP) unreadable("XMP of more than 1 MiB");
  const encoding = bytes[0] === 0xfe ? "utf-16be" : bytes[0] === 0xff ? "utf-16le" : "utf-8";
  let text;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    damaged("the encoding of its XMP");
  }
  const found = text.split(PACKET_END).map((part) => part.replace(/^[ \t\r\n\0\ufeff]+|[ \t\r\n\0]+$/g, ""));
  if (found.length > MAX_PACKETS) unreadable("more XMP packets in one stream than this page reads");
  return found.filter(Boolean);
}

/**
 * @param {PdfFile} pdf
 * @param {Fault[]} faults
 * @returns {Claim[]}
 */
export function readXmp(pdf, faults) {
  const stream = pdf.entry(pdf.root, "Metadata");
  if (stream === null) return [];
  if (!(stream instanceof Stream)) damaged("its XMP is not a stream");
  /** @type {Values} */
  const values = {};
  for (const name of ["number", "receipt", "canonicalSHA256", "profile", "title"]) values[name] = new Set();
  for (const text of packets(pdf.bytes(stream))) {
    const declared = /^<\?xml[^>]*encoding\s*=\s*["']([^"']*)/.exec(text)?.[1] ?? "utf-8";
    const root = new DOMParser().parseFromString(text, "application/xml");
    const isSound = /^utf-?(?:8|16)$/i.test(declared) && !root.doctype && !root.querySelector("parsererror");
    if (!isSound) damaged("its XMP is not well-formed");
    collect(root.documentElement, values, {});
  }
  const [number, receipt, digest] = ["number", "receipt", "canonicalSHA256"].map((name) => {
    const found = [...values[name]];
    if (found.length > 1) faults.push(["channel-duplicate", `XMP gives ${found.length} values of ${name}`]);
    return found[0] ?? null;
  });
  return number || receipt || digest ? [{ where: "XMP", number, receipt, digest }] : [];
}
