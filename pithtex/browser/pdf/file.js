// A PDF file, read as a reader does: from its end by the cross-reference table or stream (ISO 32000-1, 7.5), and no
// object but those that it lists. A file is of the plain form if it begins with %PDF-, or what stands before it is
// nothing to any reader, each entry of its tables leads to its object, no section defines an object twice, and none is
// defined again by an /XRefStm; updates that keep to this are fine. What needs guessing, a key, or more than the bounds
// below is Unreadable: another reader may guess otherwise, and show something else.

import { MAX_STREAM } from "../constants.js";
import { inflate } from "../verify/inflate.js";
import { Refused } from "../verify/verdict.js";
import {
  bytesOf, damaged, isDictionary, latin1, MAX_NESTED, nameOf, notPlain, Reader, Ref, Stream, unreadable,
} from "./objects.js";

/** @import { Bytes } from "../verify/bytes.js" */
/** @import { PdfValue } from "../types.js" */
/** @import { Dictionary } from "./objects.js" */

/** @typedef {{ isPacked: boolean, place: number, second: number }} Entry offset and generation, or stream and index */
/** @typedef {Map<number, Entry | null>} Entries by object number; null where it is free */
/** @typedef {{ trailer: Dictionary, entries: Entries }} Section */
/** @typedef {{ value: PdfValue, number: number, generation: number }} Found */
/** @typedef {{ data: string, numbers: number[], places: number[] }} Packed an object stream */

export const MAX_PDF = 67108864;
const MAX_UNPACKED = 100663296;
const MAX_PARSED = 134217728;
const MAX_SECTIONS = 100;
const MAX_ENTRIES = 500000;
const MAX_NODES = 40000;

const START = /[\r\n]startxref[\t\n\f\r ]+([0-9]{1,10})[\t\n\f\r ]+%%EOF[\0\t\n\f\r ]{0,1024}$/;
const SUBSECTION = /([0-9]{1,10}) ([0-9]{1,10}) ?(?:\r\n|\n|\r)/y;
const ENTRY = /^([0-9]{10}) ([0-9]{5}) ([nf])(?: \r| \n|\r\n)$/;
const HEAD = /[\0\t\n\f\r ]*([0-9]{1,10})[\0\t\n\f\r ]+([0-9]{1,5})[\0\t\n\f\r ]+obj(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const ANY_OBJECT = /[0-9]+[\t\n\v\f\r ]+[0-9]+[\t\n\v\f\r ]+obj/g;
const TAIL = /[\0\t\n\f\r ]*endobj(?![^\0\t\n\f\r ()<>[\]{}/%])/y;

/** @type {(value: unknown, most: number) => value is number} */
const isCount = (value, most) => typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most;

/** @type {() => never} */
const rebuilt = () => notPlain("its cross-reference table would have to be rebuilt");
/** @type {() => never} */
const elsewhere = () => notPlain("an object is not where its cross-reference table says");

/**
 * PNG's predictors (7.4.4.4), for streams that are written so.
 * @param {Uint8Array} bytes
 * @param {number} number
 * @param {number} row
 * @param {number} pixel
 */
function unpredicted(bytes, number, row, pixel) {
  if (number < 10 || bytes.length % (row + 1)) damaged("a stream's predictor");
  const rows = bytes.length / (row + 1), out = new Uint8Array(rows * row);
  const paeth = (/** @type {number} */ left, /** @type {number} */ up, /** @type {number} */ corner) => {
    const [a, b, c] = [left, up, corner].map((one) => Math.abs(left + up - corner - one));
    return a <= b && a <= c ? left : b <= c ? up : corner;
  };
  for (let line = 0; line < rows; line++) {
    const kind = bytes[line * (row + 1)], start = line * row;
    if (kind > 4) damaged("a stream's predictor");
    for (let at = 0; at < row; at++) {
      const left = at < pixel ? 0 : out[start + at - pixel], up = line ? out[start + at - row] : 0;
      const corner = line && at >= pixel ? out[start + at - row - pixel] : 0;
      const added = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind];
      out[start + at] = bytes[line * (row + 1) + 1 + at] + added;
    }
  }
  return out;
}

/** @param {Uint8Array} bytes */
function adler32(bytes) {
  let low = 1, high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

/**
 * RFC 1950: the two bytes before, the data, its checksum, and nothing but white space after.
 * @param {Bytes} raw
 */
function unzipped(raw) {
  if ((raw[0] & 15) !== 8 || ((raw[0] << 8) | raw[1]) % 31 || raw[1] & 32) damaged("a compressed stream");
  let found;
  try {
    found = inflate(raw.subarray(2), new Uint8Array(0), MAX_STREAM);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    damaged(`a compressed stream: ${error.message}`);
  }
  const end = raw.subarray(2 + found.used);
  const sum = end.length < 4 ? -1 : new DataView(end.buffer, end.byteOffset).getUint32(0);
  const isAlone = /^[\0\t\n\f\r ]*$/.test(latin1(end.subarray(4)));
  if (sum !== adler32(found.bytes) || !isAlone) damaged("a compressed stream");
  return found.bytes;
}

export class PdfFile {
  /** @type {Entries} */
  #entries = new Map();
  /** @type {Map<number, PdfValue | undefined>} undefined while an object is being read */
  #objects = new Map();
  /** @type {Map<number, Packed>} */
  #packed = new Map();
  #unpacked = 0;
  #parsed = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    if (bytes.length > MAX_PDF)
      unreadable(`the file is larger than ${MAX_PDF >> 20} MiB, the limit of this page: use pithtex check`);
    const whole = latin1(bytes), header = whole.slice(0, 1024).indexOf("%PDF-");
    if (header < 0) unreadable("not a PDF file");
    this.data = whole.slice(header);
    const start = START.exec(this.data.slice(-2048)) ?? rebuilt();
    this.trailer = this.#readSections(Number(start[1]));
    if (header) this.#checkFront(whole, header, Number(start[1]));
    const root = this.entry(this.trailer, "Root");
    this.root = isDictionary(root) ? root : damaged("it has no catalog");
    this.pages = [...this.#leaves(this.root, "Pages", 0, new Set())];
  }

  /**
   * Newest first, and so of several entries for one object the first counts (7.5.6). The newest trailer is the file's.
   * @param {number} at
   */
  #readSections(at) {
    const seen = new Set();
    /** @type {Dictionary | null} */
    let newest = null;
    /** @type {PdfValue | undefined} */
    let next = at;
    do {
      if (!isCount(next, this.data.length) || seen.has(next) || seen.size === MAX_SECTIONS) rebuilt();
      seen.add(next);
      /** @type {Section} */
      const section = this.data.startsWith("xref", next) ? this.#readTable(next) : this.#readStream(next);
      const { trailer, entries } = section;
      if (trailer.has("Encrypt"))
        unreadable("the file is encrypted, which this page cannot read: use pithtex check");
      if (trailer.has("XRefStm"))
        notPlain("it is a hybrid-reference file, in which /XRefStm can define an object again");
      if (trailer.twice.size) damaged("a trailer gives an entry twice");
      for (const [number, entry] of entries) {
        if (entry && !entry.isPacked) this.#find(entry, number);
        if (!this.#entries.has(number)) this.#entries.set(number, entry);
      }
      newest ??= trailer;
      next = trailer.get("Prev");
    } while (next !== undefined);
    return newest;
  }

  /**
   * Of bytes before the header: to whoever counts from the first one, or looks for objects himself, there must be no
   * other object or table (docs/reference/page-grammar.md).
   * @param {string} whole
   * @param {number} header
   * @param {number} place
   */
  #checkFront(whole, header, place) {
    const listed = [...this.#entries.values()].filter((entry) => entry && !entry.isPacked);
    const used = new Set(listed.map((entry) => entry?.place));
    const found = [...whole.matchAll(ANY_OBJECT)].map(({ index }) => index - header);
    const isAlone = found.length === used.size && found.every((at) => used.has(at));
    const isOnce = ["%PDF-", "startxref"].every((word) => whole.split(word).length === 2);
    if (!isAlone || !isOnce || this.trailer.has("Prev") || /^xref[\t ]*[\r\n]/.test(whole.slice(place)))
      notPlain("something else stands before %PDF-, and readers count from one or the other");
  }

  /**
   * Every entry is held to its place, also those of objects that are not used here: other readers use them. What stands
   * in object streams is looked at where it is used.
   * @param {Entry} entry
   * @param {number} number
   */
  #find({ place, second }, number) {
    const [, found, generation] = new Reader(this.data, place).match(HEAD) ?? elsewhere();
    if (Number(found) !== number || Number(generation) !== second) elsewhere();
  }

  /**
   * @param {Entries} entries
   * @param {number} number
   * @param {Entry | null} entry
   */
  #list(entries, number, entry) {
    if (entries.size === MAX_ENTRIES) unreadable("more objects than this page can read: use pithtex check");
    if (entries.has(number)) notPlain("a section of its cross-reference table defines an object twice");
    entries.set(number, entry);
  }

  /**
   * 7.5.4: subsections of lines of 20 bytes each; 7.5.5: the trailer.
   * @param {number} at
   * @returns {Section}
   */
  #readTable(at) {
    /** @type {Entries} */
    const entries = new Map();
    const reader = new Reader(this.data, at);
    if (!reader.match(/xref ?(?:\r\n|\n|\r)/y)) rebuilt();
    for (let found; (found = reader.match(SUBSECTION)); ) {
      const [first, count] = [Number(found[1]), Number(found[2])];
      for (let index = 0; index < count; index++, reader.at += 20) {
        const line = ENTRY.exec(this.data.slice(reader.at, reader.at + 20)) ?? rebuilt();
        const entry = { isPacked: false, place: Number(line[1]), second: Number(line[2]) };
        this.#list(entries, first + index, line[3] === "n" ? entry : null);
      }
    }
    if (!reader.match(/[\t\n\f\r ]*trailer(?=[\0\t\n\f\r ]*<<)/y)) rebuilt();
    const trailer = reader.value();
    return isDictionary(trailer) ? { trailer, entries } : rebuilt();
  }

  /**
   * 7.5.8: a stream of entries, whose dictionary is the trailer.
   * @param {number} at
   * @returns {Section}
   */
  #readStream(at) {
    const stream = this.#readObject(at).value;
    if (!(stream instanceof Stream)) rebuilt();
    const trailer = stream.dictionary, size = trailer.get("Size"), widths = trailer.get("W");
    const index = trailer.get("Index") ?? [0, size];
    if (nameOf(trailer.get("Type")) !== "XRef" || !Array.isArray(widths) || widths.length !== 3) rebuilt();
    const bytes = this.bytes(stream), sizes = widths.map((one) => (isCount(one, 6) ? one : NaN));
    const width = sizes.reduce((sum, one) => sum + one, 0);
    /** @type {Entries} */
    const entries = new Map();
    let place = 0;
    const field = (/** @type {number} */ at, /** @type {number} */ otherwise) => {
      if (!sizes[at]) return otherwise;
      let value = 0;
      for (const end = place + sizes[at]; place < end; ) value = value * 256 + bytes[place++];
      return value;
    };
    if (!(width > 0) || !Array.isArray(index) || index.length % 2) rebuilt();
    for (let pair = 0; pair < index.length; pair += 2) {
      const first = index[pair], count = index[pair + 1];
      if (!isCount(first, 1e10) || typeof count !== "number") rebuilt();
      for (let number = first, left = count; left > 0; number++, left--) {
        if (number > 1e10 || place + width > bytes.length) rebuilt();
        const [kind, one, other] = [field(0, 1), field(1, 0), field(2, 0)];
        const isUsed = kind === 1 || kind === 2;
        this.#list(entries, number, isUsed ? { isPacked: kind === 2, place: one, second: other } : null);
      }
    }
    if (place !== bytes.length) rebuilt();
    return { trailer, entries };
  }

  /**
   * 7.3.10: an object where it stands in the file, with its number.
   * @param {number} at
   * @param {(value: PdfValue) => PdfValue} length gives a stream's length
   * @returns {Found}
   */
  #readObject(at, length = (value) => value) {
    const reader = new Reader(this.data, at), [, number, generation] = reader.match(HEAD) ?? elsewhere();
    let value = reader.value();
    if (isDictionary(value) && reader.match(/[\0\t\n\f\r ]*stream(?:\r\n|\n)/y)) {
      const isAmbiguous = value.twice.has("Length") || value.has("F");
      const size = isAmbiguous ? null : length(value.get("Length") ?? null);
      if (!isCount(size, this.data.length - reader.at)) damaged("a stream's length");
      value = new Stream(value, reader.at, (reader.at += size));
      // 7.3.8.1: what stands there tells whether the length is true.
      if (!reader.match(/[\0\t\n\f\r ]*endstream(?![^\0\t\n\f\r ()<>[\]{}/%])/y)) damaged("a stream's length");
      this.#spend(value.start - at);
    } else this.#spend(reader.at - at);
    if (!reader.match(TAIL)) damaged("an object's end");
    if (value instanceof Ref) damaged("an object that is a reference");
    return { value, number: Number(number), generation: Number(generation) };
  }

  /**
   * Objects can be listed at one place many times, so that the file's size bounds nothing.
   * @param {number} characters
   */
  #spend(characters) {
    if ((this.#parsed += characters) > MAX_PARSED)
      unreadable("the file takes longer than this page reads: use pithtex check");
  }

  /**
   * What a reference leads to; an object that is not listed, or free, is null (7.3.10).
   * @param {PdfValue | undefined} value
   * @returns {Exclude<PdfValue, Ref>}
   */
  get(value = null) {
    if (!(value instanceof Ref)) return value;
    const { number, generation } = value, entry = this.#entries.get(number) ?? null;
    if (entry === null) return null;
    const { isPacked, place, second } = entry, size = this.trailer.get("Size");
    if (generation !== (isPacked ? 0 : second) || (typeof size === "number" && number >= size))
      damaged("a reference to another generation, or beyond the file's size");
    if (!this.#objects.has(number)) {
      this.#objects.set(number, undefined); // so that one which needs itself is noticed
      const object = isPacked ? this.#unpack(place, second, number) : this.#listed(place, number, generation);
      this.#objects.set(number, object);
    }
    const found = this.#objects.get(number);
    return found === undefined || found instanceof Ref ? damaged("an object that needs itself") : found;
  }

  /** @type {(offset: number, number: number, generation: number) => PdfValue} */
  #listed(offset, number, generation) {
    const found = this.#readObject(offset, (length) => this.get(length));
    return found.number === number && found.generation === generation ? found.value : elsewhere();
  }

  /**
   * 7.5.7: the object of that index in an object stream, which must have that number.
   * @param {number} container
   * @param {number} index
   * @param {number} number
   */
  #unpack(container, index, number) {
    const packed = this.#packed.get(container) ?? this.#readPacked(container);
    this.#packed.set(container, packed);
    const { data, numbers, places } = packed;
    if (numbers[index] !== number) elsewhere();
    const reader = new Reader(data, places[index]), value = reader.value();
    this.#spend(reader.at - places[index]);
    reader.skip();
    // The places ascend: objects that lie over each other are read differently by readers.
    if (reader.at > places[index + 1] || value instanceof Ref) damaged("an object stream");
    return value;
  }

  /**
   * @param {number} container
   * @returns {Packed}
   */
  #readPacked(container) {
    const listed = this.#entries.get(container);
    if (!listed || listed.isPacked) damaged("an object stream");
    const stream = this.get(new Ref(container, listed.second));
    if (!(stream instanceof Stream) || nameOf(this.entry(stream.dictionary, "Type")) !== "ObjStm")
      damaged("an object stream");
    const data = latin1(this.bytes(stream));
    const count = this.entry(stream.dictionary, "N"), first = this.entry(stream.dictionary, "First");
    if (!isCount(count, data.length) || !isCount(first, data.length)) damaged("an object stream");
    const numbers = [], places = [], reader = new Reader(data, 0);
    for (let index = 0, last = -1; index < count; index++) {
      const number = reader.value(), place = reader.value();
      if (!isCount(number, 1e10) || !isCount(place, data.length) || first + place <= last) damaged("an object stream");
      numbers.push(number);
      places.push((last = first + place));
    }
    if (reader.at > first || new Set(numbers).size !== count) damaged("an object stream");
    return { data, numbers, places: [...places, data.length] };
  }

  /**
   * An entry of a dictionary, or null. Which one of two counts is left open by 7.3.7, and readers differ.
   * @param {Dictionary} dictionary
   * @param {string} key
   */
  entry(dictionary, key) {
    if (dictionary.twice.has(key))
      unreadable(`the file gives /${key} twice in one place, and readers disagree on which one counts`);
    return this.get(dictionary.get(key));
  }

  /**
   * An entry that is one value or a list of them.
   * @param {Dictionary} dictionary
   * @param {string} key
   */
  #items(dictionary, key) {
    const value = this.entry(dictionary, key);
    return Array.isArray(value) ? value.map((item) => this.get(item)) : [value];
  }

  /**
   * The decoded bytes of a stream (7.4); no filter but FlateDecode is read.
   * @param {Stream} stream
   * @returns {Uint8Array}
   */
  bytes(stream) {
    const raw = bytesOf(this.data.slice(stream.start, stream.end));
    const [filter = null, more] = this.#items(stream.dictionary, "Filter");
    if (more !== undefined || (filter !== null && nameOf(filter) !== "FlateDecode"))
      unreadable("a stream with a filter that is not read here");
    this.#unpacked += MAX_STREAM; // until it is known to be less
    if (this.#unpacked > MAX_UNPACKED) unreadable("the file unpacks to more than this page reads: use pithtex check");
    const bytes = filter ? this.#predicted(unzipped(raw), stream.dictionary) : raw;
    this.#unpacked += bytes.length - MAX_STREAM;
    return bytes;
  }

  /**
   * @param {Uint8Array} bytes
   * @param {Dictionary} dictionary
   */
  #predicted(bytes, dictionary) {
    const [parameters = null] = this.#items(dictionary, "DecodeParms");
    if (parameters === null) return bytes;
    if (!isDictionary(parameters)) damaged("a stream's parameters");
    const number = (/** @type {string} */ key, /** @type {number} */ otherwise) => {
      const value = this.entry(parameters, key) ?? otherwise;
      return typeof value === "number" ? value : NaN;
    };
    const predictor = number("Predictor", 1);
    if (predictor === 1) return bytes;
    const bits = number("Colors", 1) * number("BitsPerComponent", 8);
    const row = Math.ceil((number("Columns", 1) * bits) / 8);
    if (!(row > 0 && row < MAX_STREAM) || Number.isNaN(predictor)) damaged("a stream's parameters");
    return unpredicted(bytes, predictor, row, Math.max(1, bits >> 3));
  }

  /**
   * The pages in order (7.7.3); a tree that is not as it says is read differently by readers.
   * @param {Dictionary | PdfValue[]} holder
   * @param {string | number} key
   * @param {number} depth
   * @param {Set<Dictionary>} seen
   * @returns {Generator<Dictionary, number>}
   */
  *#leaves(holder, key, depth, seen) {
    const node = Array.isArray(holder) ? this.get(holder[Number(key)]) : this.entry(holder, String(key));
    if (!isDictionary(node) || seen.has(node) || depth > MAX_NESTED) damaged("its page tree");
    if (seen.size === MAX_NODES) unreadable("more pages than this page reads: use pithtex check");
    seen.add(node);
    const type = nameOf(this.entry(node, "Type")), kids = this.entry(node, "Kids");
    if (type === "Page" && kids === null) {
      yield node;
      return 1;
    }
    if (type !== "Pages" || !Array.isArray(kids)) damaged("its page tree");
    let count = 0;
    for (let index = 0; index < kids.length; index++) count += yield* this.#leaves(kids, index, depth + 1, seen);
    return this.entry(node, "Count") === count ? count : damaged("its page tree has not as many pages as it says");
  }
}
