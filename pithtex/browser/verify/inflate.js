// DEFLATE (RFC 1951). A browser's own inflater knows no dictionary, and some let bytes after the stream's end pass, so
// this is one: it takes what zlib takes.

import { refuse } from "./verdict.js";

/** @import { Bytes } from "./bytes.js" */

/** @typedef {[counts: Uint16Array, symbols: number[]]} Huffman */

const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** @param {number} code */
export const lengthBits = (code) => (code < 8 || code > 27 ? 0 : (code >> 2) - 1);
/** @param {number} code */
export const distanceBits = (code) => (code < 4 ? 0 : (code >> 1) - 1);
/**
 * What the codes of lengths and distances begin at: each where the one before it ends.
 * @param {number} least
 * @param {number} codes
 * @param {(code: number) => number} bitsOf
 */
const bases = (least, codes, bitsOf) =>
  Array.from({ length: codes }, (_, code) => {
    const base = least;
    least += 1 << bitsOf(code);
    return base;
  });
export const LENGTHS = [...bases(3, 28, lengthBits), 258];
export const DISTANCES = bases(1, 30, distanceBits);

/** @type {() => never} */
const corrupt = () => refuse("the payload is not DEFLATE data");

/**
 * A canonical Huffman code: how many codes of each length, and the symbols in their order. One single code of one bit
 * may be alone, or none be there at all (`partial`); every other incomplete code is refused.
 * @param {number[]} lengths
 * @param {boolean} partial
 * @returns {Huffman}
 */
function huffman(lengths, partial) {
  const counts = new Uint16Array(16), starts = new Uint16Array(17);
  /** @type {number[]} */
  const symbols = [];
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
  return [counts, symbols];
}

/** RFC 1951, 3.2.6. */
function fixedCodes() {
  const lengths = Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8));
  return [huffman(lengths, false), huffman(new Array(32).fill(5), false)];
}

/**
 * @param {Uint8Array} data
 * @param {Uint8Array} output the dictionary: it grows to at most `limit`, and the rest is refused
 * @param {number} limit
 * @returns {{ bytes: Bytes, used: number }} what follows the dictionary, and how many bytes of `data` it took
 */
export function inflate(data, output, limit) {
  let at = 0, held = 0, count = 0, size = output.length;
  let out = new Uint8Array(Math.min(limit, size + 65536));
  out.set(output);
  /** @type {(wanted: number) => number} */
  const bits = (wanted) => {
    while (count < wanted) {
      if (at === data.length) corrupt();
      held |= data[at++] << count;
      count += 8;
    }
    const value = held & ((1 << wanted) - 1);
    held >>>= wanted;
    count -= wanted;
    return value;
  };
  const put = (/** @type {number} */ byte) => {
    if (size === out.length) {
      if (size >= limit) refuse("the payload is too large");
      const larger = new Uint8Array(Math.min(limit, 2 * size));
      larger.set(out);
      out = larger;
    }
    out[size++] = byte;
  };
  const decode = (/** @type {Huffman} */ [counts, symbols]) => {
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
    const lengthCode = huffman(first, false);
    /** @type {number[]} */
    const lengths = [];
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
    return [huffman(lengths.slice(0, literals), true), huffman(lengths.slice(literals), true)];
  };
  const compressed = (/** @type {Huffman[]} */ [literal, distance]) => {
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
    else if (kind === 1) compressed(fixedCodes());
    else if (kind === 2) compressed(dynamic());
    else corrupt();
  }
  return { bytes: out.subarray(output.length, size), used: at };
}
