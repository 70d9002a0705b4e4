// The compact receipt, version p1, decoded and verified as strictly as pithtex/format/compact_receipt.py does it (docs/compact-receipt.md).
// DICTIONARY, KEYS and LINK_PREFIX stand before this part: pithtex/browser/scripts.py writes them from Python's constants.

const MAX_RECEIPT = 16384; // characters of a receipt, and the bytes that its payload must stay under
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const METADATA = [
  "abstract_canon_sha256", "cross_cats_sorted", "license", "primary_cat", "submitted_at", "title_canon_sha256",
];
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n; // of Ed25519's base point (RFC 8032, 5.1)
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"; // Python's
const SPACES = new RegExp(`[${SPACE}]+`, "g");
const VERIFIED = "verified", FAILS = "fails", UNDECIDED = "undecided";

// What contradicts, or is not of its form: `rule` is the name of the finding in docs/findings.md.
class Refused extends Error {
  constructor(rule, message) {
    super(message);
    this.rule = rule;
  }
}

const refuse = (message, rule = "receipt-malformed") => {
  throw new Refused(rule, message);
};

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const utf8 = (text) => new TextEncoder().encode(text);
const fromUtf8 = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);

// RFC 4648, 5, without padding: the one spelling, with no bits left over.
function fromBase64url(text) {
  const bytes = [];
  let bits = 0, value = 0;
  for (const char of text) {
    value = (value << 6) | BASE64URL.indexOf(char);
    bits += 6;
    if (bits > 7) {
      bits -= 8;
      bytes.push(value >> bits);
      value &= (1 << bits) - 1;
    }
  }
  if (bits > 4 || value) refuse("not canonical base64url");
  return Uint8Array.from(bytes);
}

const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const lengthBits = (code) => (code < 8 || code > 27 ? 0 : (code >> 2) - 1);
const distanceBits = (code) => (code < 4 ? 0 : (code >> 1) - 1);
// What the codes of lengths and distances begin at: each where the one before it ends.
const bases = (least, codes, bitsOf) =>
  Array.from({ length: codes }, (_, code) => {
    const base = least;
    least += 1 << bitsOf(code);
    return base;
  });
const LENGTHS = [...bases(3, 28, lengthBits), 258];
const DISTANCES = bases(1, 30, distanceBits);

// RFC 1951. A browser's own inflater knows no dictionary, and some let bytes after the stream's end pass, so this is one:
// it takes what zlib takes. `output` holds the dictionary already, and grows to at most `limit`; the rest is refused.
function inflate(data, output, limit) {
  let at = 0, held = 0, count = 0, size = output.length;
  let out = new Uint8Array(Math.min(limit, size + 65536));
  out.set(output);
  const bits = (wanted) => {
    while (count < wanted) {
      if (at === data.length) refuse("the payload is cut short");
      held |= data[at++] << count;
      count += 8;
    }
    const value = held & ((1 << wanted) - 1);
    held >>>= wanted;
    count -= wanted;
    return value;
  };
  const put = (byte) => {
    if (size === out.length) {
      if (size >= limit) refuse("the payload is too large");
      const larger = new Uint8Array(Math.min(limit, 2 * size));
      larger.set(out);
      out = larger;
    }
    out[size++] = byte;
  };
  const corrupt = () => refuse("the payload is not DEFLATE data");
  // A canonical Huffman code: how many codes of each length, and the symbols in their order. One single code of one bit
  // may be alone, or none be there at all (`partial`); every other incomplete code is refused.
  const table = (lengths, partial) => {
    const counts = new Uint16Array(16), starts = new Uint16Array(17), symbols = [];
    for (const length of lengths) counts[length]++;
    let left = 1;
    for (let length = 1; length < 16; length++) {
      left = 2 * left - counts[length];
      if (left < 0) corrupt();
      starts[length + 1] = starts[length] + counts[length];
    }
    const used = lengths.length - counts[0];
    if (left && !(partial && (used === 0 || (used === 1 && counts[1])))) corrupt();
    lengths.forEach((length, symbol) => {
      if (length) symbols[starts[length]++] = symbol;
    });
    return { counts, symbols };
  };
  const decode = ({ counts, symbols }) => {
    let code = 0, first = 0, index = 0;
    for (let length = 1; length < 16; length++) {
      code |= bits(1);
      const here = counts[length];
      if (code - first < here) return symbols[index + code - first];
      index += here;
      first = (first + here) << 1;
      code <<= 1;
    }
    return corrupt();
  };
  const dynamic = () => {
    const literals = bits(5) + 257, distances = bits(5) + 1, codes = bits(4) + 4;
    if (literals > 286 || distances > 30) corrupt();
    const first = new Array(19).fill(0);
    for (let index = 0; index < codes; index++) first[CODE_ORDER[index]] = bits(3);
    const lengthCode = table(first, false), lengths = [];
    while (lengths.length < literals + distances) {
      const symbol = decode(lengthCode);
      if (symbol < 16) lengths.push(symbol);
      else {
        if (symbol === 16 && !lengths.length) corrupt();
        const value = symbol === 16 ? lengths[lengths.length - 1] : 0;
        let times = symbol === 16 ? 3 + bits(2) : symbol === 17 ? 3 + bits(3) : 11 + bits(7);
        while (times--) lengths.push(value);
      }
    }
    if (lengths.length > literals + distances || !lengths[256]) corrupt();
    return [table(lengths.slice(0, literals), true), table(lengths.slice(literals), true)];
  };
  const compressed = ([literal, distance]) => {
    for (let symbol; (symbol = decode(literal)) !== 256; ) {
      if (symbol < 256) {
        put(symbol);
        continue;
      }
      symbol -= 257;
      if (symbol > 28) corrupt();
      let length = LENGTHS[symbol] + bits(lengthBits(symbol));
      const far = decode(distance);
      if (far > 29) corrupt();
      const back = DISTANCES[far] + bits(distanceBits(far));
      if (back > size) corrupt();
      while (length--) put(out[size - back]);
    }
  };
  const stored = () => {
    held = count = 0;
    const length = bits(8) | (bits(8) << 8), check = bits(8) | (bits(8) << 8);
    if (length !== (check ^ 65535)) corrupt();
    for (let left = length; left--; ) put(bits(8));
  };
  for (let last = 0; !last; ) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) stored();
    else if (kind === 1) compressed(fixedCodes(table));
    else if (kind === 2) compressed(dynamic());
    else corrupt();
  }
  return { bytes: out.subarray(output.length, size), used: at };
}

// RFC 1951, 3.2.6.
function fixedCodes(table) {
  const lengths = Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8));
  return [table(lengths, false), table(new Array(32).fill(5), false)];
}

const collapse = (text) => text.replace(SPACES, " ").replace(/^ | $/g, "");

// Whether a title has what a compact receipt may not hold: rule 5 of docs/compact-receipt.md.
const deceives = (title) =>
  title !== collapse(title) ||
  /[\p{C}\p{Zl}\p{Zp}]/u.test(title) ||
  Array.from(title).some((char) => char.normalize("NFD") === char && char.normalize("NFKD") !== char);

const below = (one, other) => {
  const a = Array.from(one), b = Array.from(other);
  const at = a.findIndex((char, index) => char !== b[index]);
  return at < 0 ? a.length < b.length : at < b.length && a[at].codePointAt(0) < b[at].codePointAt(0);
};

const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?Z$/;
function isTime(text) {
  const [year, month, day, hour, minute, second] = (TIME.exec(text) ?? []).slice(1).map(Number);
  if (!year || month < 1 || month > 12) return false;
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return day > 0 && day <= days && hour < 24 && minute < 60 && second < 60;
}

const matches = (pattern, ...values) => values.every((value) => typeof value === "string" && pattern.test(value));
const PLAIN = /^[\x21-\x7e]{1,200}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const ARXIV_ID = /^(?:[0-9]{4}\.[0-9]{4,5}|[a-z]+(?:-[a-z]+)*(?:\.[A-Z]{2})?\/[0-9]{7})$/;

// A canonical record of version 1.0 from its canonical text: exactly these keys and types, and this one spelling. The
// shape is what tells a record from an event of the same key (docs/format.md, 2).
function parseCanonical(text) {
  let metadata, source;
  try {
    ({ metadata, source } = JSON.parse(text));
  } catch {
    refuse("the payload is not JSON");
  }
  const version = /"version":([1-9][0-9]{0,4299})\}\}$/.exec(text)?.[1];
  const shape = (holds) => holds || refuse("not the keys and types of a canonical record 1.0", "record-shape");
  shape(metadata && source && version);
  const pairs = (object, keys) => keys.map((key) => `"${key}":${JSON.stringify(object[key])}`).join();
  shape(
    text ===
      `{"metadata":{${pairs(metadata, METADATA)}},"schema_version":"1.0","source":{${pairs(source, ["id", "kind"])},"version":${version}}}`,
  );
  const { cross_cats_sorted: cross, license, submitted_at: submitted } = metadata;
  shape(Array.isArray(cross) && matches(/^[^]*$/, license, ...cross) && !/\p{Cs}/u.test(`${license},${cross}`));
  shape(cross.every((item, index) => !index || below(cross[index - 1], item)));
  shape(matches(SHA256, metadata.title_canon_sha256, metadata.abstract_canon_sha256));
  shape(matches(PLAIN, source.kind, source.id, metadata.primary_cat));
  shape(source.kind !== "arxiv" || ARXIV_ID.test(source.id));
  shape(matches(TIME, submitted) && isTime(submitted));
  return {
    text, version, license, submitted, cross, kind: source.kind, id: source.id, category: metadata.primary_cat,
    titleDigest: metadata.title_canon_sha256,
  };
}

// The receipt's claim, or Refused. Nothing is proven.
function decodeReceipt(text) {
  if (text.length > MAX_RECEIPT) refuse("too long");
  const parts = /^p1\.([A-Za-z0-9-]{1,40})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(text);
  if (!parts) refuse("not of the form p1.KEY.PAYLOAD.SIGNATURE");
  const signature = fromBase64url(parts[3]);
  if (signature.length !== 64) refuse("the signature has not 64 bytes");
  const body = fromBase64url(parts[2]), dictionary = utf8(DICTIONARY);
  const { bytes, used } = inflate(body, dictionary, dictionary.length + MAX_RECEIPT - 1);
  if (used !== body.length) refuse("something follows the payload");
  const end = bytes.indexOf(10);
  if (end < 0) refuse("the payload has no newline");
  let canonical, title;
  try {
    canonical = fromUtf8(bytes.subarray(0, end));
    title = fromUtf8(bytes.subarray(end + 1));
  } catch {
    refuse("the payload is not UTF-8");
  }
  if (deceives(title)) refuse("the title holds characters that deceive");
  return { ...parseCanonical(canonical), keyId: parts[1], signature, title: title || null };
}

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

// The full number: 130 bits of the digest in base32, after the year of submission.
function numberOf(digest, submitted) {
  const bits = Array.from(digest.subarray(0, 17), (byte) => byte.toString(2).padStart(8, "0")).join("");
  return `pith:${submitted.slice(0, 4)}:${bits.match(/.{5}/g).slice(0, 26).map((five) => BASE32[parseInt(five, 2)]).join("")}`;
}

// Full case folding by what every engine has. The exceptions are all there are (Unicode, CaseFolding.txt).
const fold = (text) =>
  Array.from(text, (char) =>
    char === "\u0131" ? char
    : /[\u13a0-\u13fd\uab70-\uabbf]/.test(char) ? char.toUpperCase()
    : char.toLowerCase().toUpperCase().toLowerCase(),
  ).join("");

// Whether a text is the preimage of a signed title digest: as it is, or where it is not ASCII in each normal form.
async function titleMatches(title, digest) {
  const texts = [collapse(title).toLowerCase()];
  if (/[^\0-\x7f]/.test(title)) {
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) {
      const text = collapse(title.normalize(form));
      texts.push(text.toLowerCase(), fold(text));
    }
  }
  for (const text of new Set(texts)) if (hex(await sha256(utf8(text))) === digest) return true;
  return false;
}

// Ed25519 by a pinned key. With a known good key only R and S can be odd, and of these S alone: engines differ on S >= L.
// Throws where the browser has no Ed25519.
async function isSigned(key, message, signature) {
  const imported = await crypto.subtle.importKey("raw", fromHex(key), "Ed25519", false, ["verify"]);
  const s = BigInt(`0x${hex(signature.slice(32).reverse())}`);
  return (await crypto.subtle.verify("Ed25519", imported, signature, message)) && s < ORDER;
}

// { word, rule, reason, record }: the word is VERIFIED, FAILS, or UNDECIDED where the browser or the keyring lacks something.
async function verifyReceipt(text) {
  let record = null;
  const result = (word, rule, reason) => ({ word, rule, reason, record: word === VERIFIED ? record : null });
  try {
    record = decodeReceipt(text);
    if (!globalThis.crypto?.subtle) return result(UNDECIDED, "no-webcrypto", "this browser offers no cryptography to this page");
    const digest = await sha256(utf8(record.text));
    record.digest = hex(digest);
    record.number = numberOf(digest, record.submitted);
    record.suffix = record.number.slice(10);
    record.receipt = text;
    record.link = `${LINK_PREFIX}${record.suffix}#r=${text}`;
    const key = Object.hasOwn(KEYS, record.keyId) && KEYS[record.keyId];
    let missing = key ? null : ["unknown-key", "signed by a key that is not pinned here"];
    try {
      if (key && !(await isSigned(key, digest, record.signature)))
        return result(FAILS, "signature-invalid", "the signature is not the registry's");
    } catch {
      missing = ["no-ed25519", "this browser has no Ed25519 signatures"];
    }
    if (record.title !== null && !(await titleMatches(record.title, record.titleDigest)))
      refuse("the title is not the one that was signed", "title-mismatch");
    return missing ? result(UNDECIDED, ...missing) : result(VERIFIED, "", "");
  } catch (error) {
    if (error instanceof Refused) return result(FAILS, error.rule, error.message);
    throw error;
  }
}
