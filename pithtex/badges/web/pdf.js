// What a PDF says of its Pith Number (docs/pdf-profile.md): the badge's link, Info, XMP. Objects are found by going through
// the file, and of several with one number the last counts, as after an incremental update. Drawn text is not read.

const MAX_PDF = 67108864, MAX_STREAM = 16777216, MAX_UNPACKED = 100663296, MAX_XMP = 1048576, MAX_PAGES = 20000, MAX_LINKS = 200000;
const MAX_BADGES = 200, MAX_NESTED = 100, MAX_VALUE = 65536;
const SUFFIX = "[A-Z2-7]{26}";
const PITH_LINK = new RegExp(`^https://(?:www\\.)?pith\\.science/pith/(${SUFFIX})(?:#r=([A-Za-z0-9._-]+))?$`);
const NUMBER_FORM = new RegExp(`^(?:pith:([0-9]{4}):)?(${SUFFIX})$`);

// Why a file cannot be checked here. It is no contradiction.
class Unreadable extends Error {}
class TooLarge extends Unreadable {}

class Name {
  constructor(text) {
    this.text = text;
  }
}
class Text {
  constructor(bytes) {
    this.bytes = bytes;
  }
}
class Ref {
  constructor(number) {
    this.number = number;
  }
}

const WHITE = /(?:[\0\t\n\f\r ]+|%[^\r\n]*)*/y;
const TOKEN = /<<|>>|[[\](<]|\/[^\0\t\n\f\r ()<>[\]{}/%]*|[^\0\t\n\f\r ()<>[\]{}/%]+/y;
const REFERENCE = /[\0\t\n\f\r ]+[0-9]{1,5}[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const STRING_ESCAPES = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

// One object from a place in the file's bytes, which stand as the characters U+0000 to U+00FF (ISO 32000-1, 7.3).
class Reader {
  constructor(data, at) {
    this.data = data;
    this.at = at;
  }
  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.data);
    if (found) this.at += found[0].length;
    return found?.[0];
  }
  read(depth = 0) {
    this.take(WHITE);
    const token = this.take(TOKEN);
    if (token === undefined || depth > MAX_NESTED) throw new Unreadable("a damaged object");
    if (token === "<<") return this.dictionary(depth);
    if (token === "[") {
      const items = [];
      for (let item; (item = this.read(depth + 1)) !== "]"; ) items.push(item);
      return items;
    }
    if (token === "(") return new Text(this.literal());
    if (token === "<") return new Text(this.hexadecimal());
    if (token[0] === "/") return new Name(token.slice(1).replace(/#([0-9a-fA-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16))));
    if (/^[-+]?[0-9.]+$/.test(token)) return /^[0-9]{1,10}$/.test(token) && this.take(REFERENCE) ? new Ref(Number(token)) : Number(token);
    if (depth && /^(?:obj|endobj|stream|endstream)$/.test(token)) throw new Unreadable("a damaged object");
    return token; // a keyword, or the end of an array or dictionary
  }
  dictionary(depth) {
    const result = new Map();
    result.twice = new Set();
    for (let key; (key = this.read(depth + 1)) !== ">>"; ) {
      if (!(key instanceof Name)) throw new Unreadable("a damaged dictionary");
      const value = this.read(depth + 1);
      if (value === ">>") throw new Unreadable("a damaged dictionary");
      if (result.has(key.text)) result.twice.add(key.text);
      if (value !== "null") result.set(key.text, value);
    }
    return result;
  }
  literal() {
    const pieces = [];
    for (let open = 1, from = this.at; ; this.at++) {
      const code = this.data.charCodeAt(this.at);
      if (Number.isNaN(code)) throw new Unreadable("a text without end");
      if (code === 40) open++;
      else if (code === 41 && !--open) return pieces.concat(this.data.slice(from, this.at++)).join("");
      else if (code === 92) {
        pieces.push(this.data.slice(from, this.at++), this.escape());
        from = this.at--;
      }
    }
  }
  escape() {
    const octal = this.take(/[0-7]{1,3}/y);
    if (octal) return String.fromCharCode(parseInt(octal, 8) & 255);
    if (this.take(/\r\n?|\n/y)) return "";
    const char = this.data[this.at++] ?? "";
    return STRING_ESCAPES[char] ?? char;
  }
  hexadecimal() {
    const digits = (this.take(/[0-9a-fA-F\0\t\n\f\r ]*/y) ?? "").replace(/[^0-9a-fA-F]/g, "");
    this.at++;
    return (digits + (digits.length % 2 ? "0" : "")).replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
  }
}

const latin1 = (bytes) => {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode.apply(null, bytes.subarray(at, at + 8192)));
  return pieces.join("");
};
function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

// A text string (ISO 32000-1, 7.9.2.2). What is not ASCII in PDFDocEncoding is no part of a number, however it is read.
function textOf(value) {
  if (!(value instanceof Text)) return null;
  const text = value.bytes.slice(0, MAX_VALUE);
  const encoding = { "\xfe\xff": "utf-16be", "\xff\xfe": "utf-16le", "\xef\xbb": "utf-8" }[text.slice(0, 2)];
  return encoding ? new TextDecoder(encoding).decode(bytesOf(text)) : text;
}

// PNG's predictors (ISO 32000-1, 7.4.4.4), for streams that are written so.
function unpredicted(bytes, parameters) {
  const predictor = parameters?.get("Predictor") ?? 1;
  if (predictor < 10) return bytes;
  const columns = parameters.get("Columns") ?? 1, colors = parameters.get("Colors") ?? 1, depth = parameters.get("BitsPerComponent") ?? 8;
  const pixel = Math.max(1, (colors * depth) >> 3), row = Math.ceil((columns * colors * depth) / 8);
  if (!(row > 0 && row < MAX_STREAM)) throw new Unreadable("a damaged stream");
  const rows = Math.floor(bytes.length / (row + 1)), out = new Uint8Array(rows * row);
  const paeth = (left, up, corner) => {
    const [a, b, c] = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
    return a <= b && a <= c ? left : b <= c ? up : corner;
  };
  for (let line = 0; line < rows; line++) {
    const kind = bytes[line * (row + 1)], start = line * row;
    for (let at = 0; at < row; at++) {
      const left = at < pixel ? 0 : out[start + at - pixel], up = line ? out[start + at - row] : 0;
      const corner = line && at >= pixel ? out[start + at - row - pixel] : 0;
      const added = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind] ?? 0;
      out[start + at] = bytes[line * (row + 1) + 1 + at] + added;
    }
  }
  return out;
}

class Pdf {
  #objects = new Map();
  #left = MAX_UNPACKED;
  trailers = [];

  constructor(bytes) {
    if (bytes.length > MAX_PDF) throw new Unreadable(`the file is larger than ${MAX_PDF >> 20} MiB, and this page reads no larger ones: use pithtex check`);
    this.data = latin1(bytes);
    if (!this.data.slice(0, 1024).includes("%PDF-")) throw new Unreadable("not a PDF file");
    this.#scan();
    this.trailer = this.trailers.findLast((item) => item.has("Root")) ?? new Map();
    if (this.trailers.some((item) => item.has("Encrypt"))) throw new Unreadable("the file is encrypted, and this page reads no encrypted files: use pithtex check");
    this.root = this.get(this.trailer.get("Root"));
    if (!isObject(this.root)) throw new Unreadable("the file is damaged: it has no catalog");
  }
  #scan() {
    const marks = /(?<![0-9])([0-9]{1,10})[\0\t\n\f\r ]+[0-9]{1,5}[\0\t\n\f\r ]+obj(?![a-z])|(?<![a-z])trailer(?=[\0\t\n\f\r ]*<<)/g;
    let wasted = 0;
    for (let found; (found = marks.exec(this.data)); ) {
      const reader = new Reader(this.data, marks.lastIndex);
      let value;
      try {
        value = reader.read();
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        if ((wasted += reader.at - marks.lastIndex) > MAX_STREAM) throw new Unreadable("the file is damaged in too many places");
        continue;
      }
      if (found[1] === undefined) {
        if (isObject(value)) this.trailers.push(value);
      } else {
        reader.take(WHITE);
        if (isObject(value) && reader.take(/stream(?:\r\n|\n|\r)/y)) this.#stream(value, reader);
        this.#objects.set(Number(found[1]), value);
        this.#unpack(value);
      }
      marks.lastIndex = reader.at;
    }
  }
  #stream(value, reader) {
    value.start = reader.at;
    const length = value.get("Length"), end = reader.at + (typeof length === "number" ? length : NaN);
    value.end = /^[\0\t\n\f\r ]*endstream/.test(this.data.slice(end, end + 20)) ? end : this.data.indexOf("endstream", reader.at);
    if (value.end < value.start) value.end = this.data.length;
    reader.at = value.end;
  }
  #unpack(value) {
    const type = isObject(value) && value.start !== undefined && value.get("Type");
    if (!(type instanceof Name)) return;
    if (type.text === "XRef") this.trailers.push(value);
    if (type.text !== "ObjStm") return;
    let data;
    try {
      data = latin1(this.bytes(value));
    } catch (error) {
      if (error instanceof TooLarge || !(error instanceof Refused || error instanceof Unreadable)) throw error;
      return;
    }
    const index = new Reader(data, 0), first = value.get("First");
    // Each object is read once; a stream in which they lie over each other is not read to its end.
    for (let count = value.get("N"), left = 2 * data.length; count > 0 && left > 0; count--) {
      try {
        const number = index.read(), at = index.read();
        if (typeof number !== "number" || typeof at !== "number") return;
        const reader = new Reader(data, first + at);
        this.#objects.set(number, reader.read());
        left -= reader.at - first - at;
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        return;
      }
    }
  }
  get(value) {
    for (let steps = 0; value instanceof Ref && steps < MAX_NESTED; steps++) value = this.#objects.get(value.number);
    return value;
  }
  // The decoded bytes of a stream; no filter but FlateDecode is read.
  bytes(stream) {
    const raw = bytesOf(this.data.slice(stream.start, stream.end));
    const listed = this.get(stream.get("Filter")) ?? [];
    const filters = Array.isArray(listed) ? listed.map((item) => this.get(item)) : [listed];
    if (!filters.length) return raw;
    if (filters.length > 1 || filters[0]?.text !== "FlateDecode") throw new Unreadable("a stream with a filter that is not read here");
    this.#left -= MAX_STREAM; // until it is known to be less
    if (this.#left < 0) throw new TooLarge("the file unpacks to more than this page reads: use pithtex check");
    const { bytes } = inflate(raw.subarray(2), new Uint8Array(0), MAX_STREAM);
    this.#left += MAX_STREAM - bytes.length;
    const parameters = this.get(stream.get("DecodeParms"));
    return unpredicted(bytes, this.get(Array.isArray(parameters) ? parameters[0] : parameters));
  }
  // Every annotation of every page.
  *annotations() {
    const seen = new Set(), waiting = [this.root.get("Pages")];
    let pages = 0, links = 0, nodes = 0;
    const bound = (within) => {
      if (!within) throw new Unreadable("more pages or links than this page reads: use pithtex check");
    };
    while (waiting.length) {
      const node = this.get(waiting.pop());
      if (!isObject(node) || seen.has(node)) continue;
      seen.add(node);
      const kids = this.get(node.get("Kids"));
      if (Array.isArray(kids)) {
        bound((nodes += kids.length) <= MAX_LINKS);
        for (let at = kids.length; at--; ) waiting.push(kids[at]);
      }
      const annotations = this.get(node.get("Annots"));
      if (!Array.isArray(annotations)) continue;
      bound(++pages <= MAX_PAGES && (links += annotations.length) <= MAX_LINKS);
      for (const item of annotations) if (isObject(this.get(item))) yield this.get(item);
    }
  }
}

// The badges of a file: its links by the badge's name, or where there is none, those that carry a receipt.
function findBadges(pdf) {
  const named = [], carrying = [];
  let left = MAX_STREAM; // of all addresses together: one can be shared by every annotation
  for (const annotation of pdf.annotations()) {
    const action = pdf.get(annotation.get("A") ?? annotation.get("PA"));
    const uri = (isObject(action) && textOf(pdf.get(action.get("URI")))) || "";
    const found = PITH_LINK.exec(uri);
    if ((left -= uri.length) < 0) throw new Unreadable("longer links than this page reads: use pithtex check");
    const isPlain = isObject(action) && pdf.get(action.get("S"))?.text === "URI" && !action.has("Next") && annotation.has("A");
    const badge = { where: "link", uri, number: found?.[1] ?? null, receipt: found?.[2] ?? null };
    if (!found) badge.fault = "leads elsewhere than to a number's page at the registry";
    else if (!isPlain || ["AA", "PA", "Dest"].some((key) => annotation.has(key))) badge.fault = "does more than open a page";
    if (textOf(pdf.get(annotation.get("NM"))) === BADGE_ANNOTATION) named.push(badge);
    else if (badge.receipt) carrying.push(badge);
    if (named.length + carrying.length > MAX_BADGES) throw new Unreadable("more badges than this page reads: use pithtex check");
  }
  return named.length ? named : carrying;
}

const unlessBlank = (text) => (text && !/^[ \t\r\n\0]*$/.test(text) ? text : null);

function readInfo(pdf, faults) {
  const info = pdf.get(pdf.trailer.get("Info"));
  if (!isObject(info)) return [];
  for (const key of [INFO_NUMBER, INFO_RECEIPT]) if (info.twice.has(key)) faults.push(["channel-duplicate", `Info has ${key} twice`]);
  const number = unlessBlank(textOf(pdf.get(info.get(INFO_NUMBER)))), receipt = unlessBlank(textOf(pdf.get(info.get(INFO_RECEIPT))));
  return number || receipt ? [{ where: "Info", number, receipt }] : [];
}

const RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

// The values of our properties in one packet: attributes, texts, list items. Of a damaged packet those before the damage, in
// browsers that keep them.
function packetValues(text, values) {
  const root = new DOMParser().parseFromString(text, "application/xml");
  const add = (name, value) => values[name] && unlessBlank(value) && values[name].add(value);
  for (const description of root.getElementsByTagNameNS(RDF, "Description")) {
    if (description.parentElement?.namespaceURI !== RDF || description.parentElement.localName !== "RDF") continue;
    for (const { namespaceURI, localName, value } of description.attributes) if (namespaceURI === XMP_NAMESPACE) add(localName, value);
    for (const property of description.children) {
      if (property.namespaceURI !== XMP_NAMESPACE) continue;
      const inner = [...property.getElementsByTagName("*")];
      for (const leaf of inner.length ? inner.filter((item) => !item.children.length) : [property]) add(property.localName, leaf.textContent);
      for (const item of [property, ...inner]) for (const name of ["value", "resource"]) add(property.localName, item.getAttributeNS(RDF, name));
    }
  }
  return !root.querySelector("parsererror");
}

function readXmp(pdf, faults, notes) {
  const stream = pdf.get(pdf.root.get("Metadata"));
  if (!isObject(stream) || stream.start === undefined) return [];
  const values = { number: new Set(), receipt: new Set(), canonicalSHA256: new Set() };
  try {
    const bytes = pdf.bytes(stream);
    if (bytes.length > MAX_XMP) throw new Unreadable("larger than 1 MiB");
    const utf16 = bytes[0] === 0xfe ? "utf-16be" : bytes[0] === 0xff ? "utf-16le" : "utf-8";
    const packets = new TextDecoder(utf16).decode(bytes).split(/<\?xpacket\s+end[^>]*\?>/, 16);
    for (const packet of packets.map((text) => text.replace(/^[\s\0\ufeff]+|[\s\0]+$/g, "")))
      if (packet && (packet.includes("<!DOCTYPE") || !packetValues(packet, values))) throw new Unreadable("not well-formed");
  } catch (error) {
    if (error instanceof TooLarge || !(error instanceof Refused || error instanceof Unreadable)) throw error;
    notes.push(`XMP could not be read here: ${error.message}`);
  }
  for (const [name, found] of Object.entries(values)) if (found.size > 1) faults.push(["channel-duplicate", `XMP gives ${found.size} values of ${name}`]);
  const [number = null, receipt = null, digest = null] = Object.values(values).map((found) => [...found][0]);
  return number || receipt || digest ? [{ where: "XMP", number, receipt, digest }] : [];
}

// One badge with all that speaks for it: every receipt verifies, and every number and digest is that of the record.
async function judgeBadge(claims, faults, notes) {
  const verdicts = new Map();
  for (const claim of claims) {
    if (claim.fault) faults.push([claim.number ? "channel-malformed" : "look-alike-host", `the badge's link ${claim.fault}`]);
    if (claim.number && !NUMBER_FORM.test(claim.number)) faults.push(["channel-malformed", `${claim.where}: the number is not spelled as a number is`]);
    if (claim.receipt && !verdicts.has(claim.receipt)) verdicts.set(claim.receipt, await verifyReceipt(claim.receipt));
    const verdict = claim.receipt && verdicts.get(claim.receipt);
    if (verdict?.word === FAILS) faults.push([verdict.rule, `${claim.where}: ${verdict.reason}`]);
    if (verdict?.word === UNDECIDED) notes.push(`${claim.where}: ${verdict.reason}`);
  }
  const records = [...verdicts.values()].map((verdict) => verdict.record).filter(Boolean);
  const record = records[0] ?? null;
  if (records.some((other) => other.number !== record.number)) faults.push(["channel-conflict", "the channels carry records of several papers"]);
  if (record && [...verdicts.values()].some((verdict) => !verdict.record)) faults.push(["channel-conflict", "beside a genuine record stands one that is not proven"]);
  const years = new Set(), suffixes = new Set();
  for (const claim of claims) {
    const [, year, suffix] = NUMBER_FORM.exec(claim.number ?? "") ?? [];
    if (suffix) suffixes.add(suffix);
    if (year) years.add(year);
    if (record && suffix && suffix !== record.suffix) faults.push(["receipt-of-another-record", `${claim.where}: the number is not that of the record`]);
    if (record && year && year !== record.number.slice(5, 9)) faults.push(["receipt-of-another-record", `${claim.where}: the year is not that of the record`]);
    if (claim.digest && !SHA256.test(claim.digest)) faults.push(["channel-malformed", `${claim.where}: the digest is none`]);
    else if (record && claim.digest && claim.digest !== record.digest) faults.push(["channel-conflict", `${claim.where}: the digest is not that of the record`]);
  }
  if (suffixes.size > 1 || years.size > 1) faults.push(["channel-conflict", "the channels name several numbers"]);
  return record;
}

// { word, rules, reasons, record, notes }: what the channels of a PDF prove; never that the paper is the record's.
async function verifyPdf(bytes) {
  const faults = [], notes = [], records = [];
  const result = (word, said) => ({
    word, rules: said.map(([rule]) => rule), reasons: said.map(([, message]) => message), record: word === VERIFIED ? records[0] : null,
    count: records.length, notes,
  });
  let claims;
  try {
    const pdf = new Pdf(bytes);
    claims = { badges: findBadges(pdf), document: [...readInfo(pdf, faults), ...readXmp(pdf, faults, notes)] };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return result(UNDECIDED, [["unreadable", error.message]]);
  }
  const { badges, document } = claims;
  const suffixes = new Set(badges.map((badge) => badge.number));
  const own = (claim) => (claim.number ?? "").split(":").pop();
  for (const badge of badges.length ? badges : [null]) {
    const speaking = document.filter((claim) => !suffixes.has(own(claim)) || own(claim) === badge?.number);
    const all = badge ? [badge, ...speaking] : document;
    if (all.length) records.push(await judgeBadge(all, faults, notes));
  }
  if (faults.length) return result(FAILS, faults);
  if (!records.length) return result(UNDECIDED, [["no-metadata", "the file carries no Pith Number in its links and metadata"]]);
  if (records.includes(null)) return result(UNDECIDED, [["record-unavailable", notes[0] ?? "the file names a number, and carries no record of it"]]);
  return result(VERIFIED, []);
}
