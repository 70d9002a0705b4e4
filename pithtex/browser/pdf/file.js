// A PDF file, read as a reader does: from its end by the cross-reference table or stream (ISO 32000-1, 7.5), and no object
// but those that it lists. What needs guessing (a damaged table, a hybrid file), a key, or more than the bounds below is
// Unreadable: another reader may guess otherwise, and show something else.

const MAX_PDF = 67108864, MAX_STREAM = 16777216, MAX_UNPACKED = 100663296, MAX_PARSED = 134217728;
const MAX_SECTIONS = 100, MAX_ENTRIES = 500000, MAX_NODES = 40000;

const START = /[\r\n]startxref[\t\n\f\r ]+([0-9]{1,10})[\t\n\f\r ]+%%EOF[\0\t\n\f\r ]{0,1024}$/;
const SUBSECTION = /([0-9]{1,10}) ([0-9]{1,10}) ?(?:\r\n|\n|\r)/y;
const ENTRY = /^([0-9]{10}) ([0-9]{5}) ([nf])(?: \r| \n|\r\n)$/;
const HEAD = /[\0\t\n\f\r ]*([0-9]{1,10})[\0\t\n\f\r ]+([0-9]{1,5})[\0\t\n\f\r ]+obj(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const TAIL = /[\0\t\n\f\r ]*endobj(?![^\0\t\n\f\r ()<>[\]{}/%])/y;

const isCount = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;

// PNG's predictors (7.4.4.4), for streams that are written so.
function unpredicted(bytes, number, row, pixel) {
  if (number < 10 || bytes.length % (row + 1)) damaged("a stream's predictor");
  const rows = bytes.length / (row + 1), out = new Uint8Array(rows * row);
  const paeth = (left, up, corner) => {
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

function adler32(bytes) {
  let low = 1, high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  return high * 65536 + low;
}

// RFC 1950: the two bytes before, the data, its checksum, and nothing but white space after.
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
  if (sum !== adler32(found.bytes) || !/^[\0\t\n\f\r ]*$/.test(latin1(end.subarray(4)))) damaged("a compressed stream");
  return found.bytes;
}

class PdfFile {
  #entries = new Map(); // by object number: [offset, generation], [stream, index, true], or null where it is free
  #objects = new Map();
  #packed = new Map(); // object streams, by number
  #unpacked = 0;
  #parsed = 0;

  constructor(bytes) {
    if (bytes.length > MAX_PDF) throw new Unreadable(`the file is larger than ${MAX_PDF >> 20} MiB, and this page reads no larger ones: use pithtex check`);
    this.data = latin1(bytes);
    if (!this.data.slice(0, 1024).includes("%PDF-")) throw new Unreadable("not a PDF file");
    if (!this.data.startsWith("%PDF-")) damaged("something stands before its beginning");
    const start = START.exec(this.data.slice(-2048));
    this.trailer = this.#readSections(start ? Number(start[1]) : damaged("its end does not say where its objects are"));
    this.root = this.entry(this.trailer, "Root");
    if (!isObject(this.root)) damaged("it has no catalog");
    this.pages = [...this.#leaves(this.root, "Pages", 0, new Set())];
  }

  // Newest first, and so of several entries for one object the first counts (7.5.6). The newest trailer is the file's.
  #readSections(at) {
    const seen = new Set();
    let newest = null;
    for (let next = at; next !== undefined; ) {
      if (!isCount(next, this.data.length) || seen.has(next) || seen.size === MAX_SECTIONS) damaged("its cross-reference sections");
      seen.add(next);
      const { trailer, entries } = this.data.startsWith("xref", next) ? this.#readTable(next) : this.#readStream(next);
      if (trailer.has("Encrypt")) throw new Unreadable("the file is encrypted, and this page reads no encrypted files: use pithtex check");
      if (trailer.has("XRefStm")) throw new Unreadable("a hybrid-reference file, of which readers see different objects: use pithtex check");
      if (trailer.twice.size) damaged("a trailer gives an entry twice");
      for (const [number, entry] of entries) if (!this.#entries.has(number)) this.#entries.set(number, entry);
      newest ??= trailer;
      next = trailer.get("Prev");
    }
    return newest;
  }

  #list(entries, number, entry) {
    if (entries.size === MAX_ENTRIES) throw new Unreadable("more objects than this page reads: use pithtex check");
    if (entries.has(number)) damaged("a cross-reference section lists an object twice");
    entries.set(number, entry);
  }

  // 7.5.4: subsections of lines of 20 bytes each; 7.5.5: the trailer.
  #readTable(at) {
    const entries = new Map(), reader = new Reader(this.data, at);
    reader.match(/xref ?(?:\r\n|\n|\r)/y) ?? damaged("its cross-reference table");
    for (let found; (found = reader.match(SUBSECTION)); ) {
      const [first, count] = [Number(found[1]), Number(found[2])];
      for (let index = 0; index < count; index++, reader.at += 20) {
        const line = ENTRY.exec(this.data.slice(reader.at, reader.at + 20)) ?? damaged("its cross-reference table");
        this.#list(entries, first + index, line[3] === "n" ? [Number(line[1]), Number(line[2])] : null);
      }
    }
    reader.match(/[\t\n\f\r ]*trailer(?=[\0\t\n\f\r ]*<<)/y) ?? damaged("its trailer");
    return { trailer: reader.value(), entries };
  }

  // 7.5.8: a stream of entries, whose dictionary is the trailer.
  #readStream(at) {
    const stream = this.#readObject(at).value;
    if (!(stream instanceof Stream)) damaged("its cross-reference stream");
    const trailer = stream.dictionary, size = trailer.get("Size"), widths = trailer.get("W");
    const index = trailer.get("Index") ?? [0, size];
    if (trailer.get("Type")?.text !== "XRef" || !Array.isArray(widths) || widths.length !== 3) damaged("its cross-reference stream");
    const bytes = this.bytes(stream), entries = new Map();
    const width = widths.reduce((sum, one) => sum + (isCount(one, 6) ? one : NaN), 0);
    let place = 0;
    const field = (bytesOfIt, otherwise) => {
      if (!bytesOfIt) return otherwise;
      let value = 0;
      for (const end = place + bytesOfIt; place < end; ) value = value * 256 + bytes[place++];
      return value;
    };
    if (!(width > 0) || !Array.isArray(index) || index.length % 2) damaged("its cross-reference stream");
    for (let pair = 0; pair < index.length; pair += 2)
      for (let number = index[pair], left = index[pair + 1]; left > 0; number++, left--) {
        if (!isCount(number, 1e10) || place + width > bytes.length) damaged("its cross-reference stream");
        const [kind, one, other] = [field(widths[0], 1), field(widths[1], 0), field(widths[2], 0)];
        this.#list(entries, number, kind === 1 ? [one, other] : kind === 2 ? [one, other, true] : null);
      }
    if (place !== bytes.length) damaged("its cross-reference stream");
    return { trailer, entries };
  }

  // 7.3.10: an object where it stands in the file, with its number. `length` gives a stream's length.
  #readObject(at, length = (value) => value) {
    const reader = new Reader(this.data, at), [, number, generation] = reader.match(HEAD) ?? damaged("an object is not where it should be");
    let value = reader.value();
    if (isObject(value) && reader.match(/[\0\t\n\f\r ]*stream(?:\r\n|\n)/y)) {
      const size = value.twice.has("Length") || value.has("F") ? NaN : length(value.get("Length"));
      if (!isCount(size, this.data.length - reader.at)) damaged("a stream's length");
      value = new Stream(value, reader.at, (reader.at += size));
      // 7.3.8.1: what stands there tells whether the length is true.
      reader.match(/[\0\t\n\f\r ]*endstream(?![^\0\t\n\f\r ()<>[\]{}/%])/y) ?? damaged("a stream's length");
      this.#spend(value.start - at);
    } else this.#spend(reader.at - at);
    reader.match(TAIL) ?? damaged("an object's end");
    if (value instanceof Ref) damaged("an object that is a reference");
    return { value, number: Number(number), generation: Number(generation) };
  }

  // Objects can be listed at one place many times, so that the file's size bounds nothing.
  #spend(characters) {
    if ((this.#parsed += characters) > MAX_PARSED) throw new Unreadable("the file takes longer than this page reads: use pithtex check");
  }

  // What a reference leads to; an object that is not listed, or free, is null (7.3.10).
  get(value = null) {
    if (!(value instanceof Ref)) return value;
    const { number, generation } = value, entry = this.#entries.get(number) ?? null;
    if (entry === null) return null;
    const [place, second, isPacked = false] = entry;
    if (generation !== (isPacked ? 0 : second) || number >= this.trailer.get("Size")) damaged("a reference to another generation, or beyond the file's size");
    if (!this.#objects.has(number)) {
      this.#objects.set(number, undefined); // so that one which needs itself is noticed
      this.#objects.set(number, isPacked ? this.#unpack(place, second, number) : this.#listed(place, number, generation));
    }
    const found = this.#objects.get(number);
    return found === undefined ? damaged("an object that needs itself") : found;
  }

  #listed(offset, number, generation) {
    const found = this.#readObject(offset, (length) => this.get(length));
    return found.number === number && found.generation === generation ? found.value : damaged("an object is not where it should be");
  }

  // 7.5.7: the object of that index in an object stream, which must have that number.
  #unpack(container, index, number) {
    if (this.#entries.get(container)?.length !== 2) damaged("an object stream");
    if (!this.#packed.has(container)) this.#packed.set(container, this.#readPacked(container));
    const { data, numbers, places } = this.#packed.get(container);
    if (numbers[index] !== number) damaged("an object stream");
    const reader = new Reader(data, places[index]), value = reader.value();
    this.#spend(reader.at - places[index]);
    reader.skip();
    // The places ascend: objects that lie over each other are read differently by readers.
    if (reader.at > places[index + 1] || value instanceof Ref) damaged("an object stream");
    return value;
  }

  #readPacked(container) {
    const stream = this.get(new Ref(container, this.#entries.get(container)[1]));
    if (!(stream instanceof Stream) || this.entry(stream.dictionary, "Type")?.text !== "ObjStm") damaged("an object stream");
    const data = latin1(this.bytes(stream)), count = this.entry(stream.dictionary, "N"), first = this.entry(stream.dictionary, "First");
    if (!isCount(count, data.length) || !isCount(first, data.length)) damaged("an object stream");
    const numbers = [], places = [], reader = new Reader(data, 0);
    for (let index = 0; index < count; index++) {
      const number = reader.value(), place = reader.value();
      if (!isCount(number, 1e10) || !isCount(place, data.length) || first + place <= places.at(-1)) damaged("an object stream");
      numbers.push(number);
      places.push(first + place);
    }
    if (reader.at > first || new Set(numbers).size !== count) damaged("an object stream");
    return { data, numbers, places: [...places, data.length] };
  }

  // An entry of a dictionary, or null. Which one of two counts is left open by 7.3.7, and readers differ.
  entry(dictionary, key) {
    if (dictionary.twice.has(key)) throw new Unreadable(`the file gives /${key} twice in one place, and readers differ on which counts`);
    return this.get(dictionary.get(key));
  }

  // The decoded bytes of a stream (7.4); no filter but FlateDecode is read.
  bytes(stream) {
    const raw = bytesOf(this.data.slice(stream.start, stream.end));
    const [filter = null, more] = [this.entry(stream.dictionary, "Filter") ?? []].flat().map((item) => this.get(item));
    if (more !== undefined || (filter !== null && filter.text !== "FlateDecode")) throw new Unreadable("a stream with a filter that is not read here");
    this.#unpacked += MAX_STREAM; // until it is known to be less
    if (this.#unpacked > MAX_UNPACKED) throw new Unreadable("the file unpacks to more than this page reads: use pithtex check");
    const bytes = filter ? this.#predicted(unzipped(raw), stream.dictionary) : raw;
    this.#unpacked += bytes.length - MAX_STREAM;
    return bytes;
  }

  #predicted(bytes, dictionary) {
    const [parameters = null] = [this.entry(dictionary, "DecodeParms")].flat().map((item) => this.get(item));
    if (parameters === null) return bytes;
    if (!isObject(parameters)) damaged("a stream's parameters");
    const number = (key, otherwise) => this.entry(parameters, key) ?? otherwise;
    if (number("Predictor", 1) === 1) return bytes;
    const columns = number("Columns", 1), bits = number("Colors", 1) * number("BitsPerComponent", 8), row = Math.ceil((columns * bits) / 8);
    if (!(row > 0 && row < MAX_STREAM)) damaged("a stream's parameters");
    return unpredicted(bytes, number("Predictor", 1), row, Math.max(1, bits >> 3));
  }

  // The pages in order (7.7.3); a tree that is not as it says is read differently by readers.
  *#leaves(holder, key, depth, seen) {
    const node = Array.isArray(holder) ? this.get(holder[key]) : this.entry(holder, key);
    if (!isObject(node) || seen.has(node) || depth > MAX_NESTED) damaged("its page tree");
    if (seen.size === MAX_NODES) throw new Unreadable("more pages than this page reads: use pithtex check");
    seen.add(node);
    const type = this.entry(node, "Type")?.text, kids = this.entry(node, "Kids");
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
