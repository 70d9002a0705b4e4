// The QR code of a link (ISO/IEC 18004:2015): byte mode, the smallest version, as much error correction as it has room
// for. What the standard leaves open is as segno has it, which `pithtex generate` uses, so that both draw the same
// squares.

import { utf8 } from "../verify/bytes.js";

/** @typedef {number[][]} Rows of squares, each 1 if it is dark; 2 marks a place for data */

// Table 9, for the levels L, M, Q, H: error correction codewords a block, and blocks, by version.
const QR_EXTRA = [
  [
    7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
    28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
  ],
  [
    10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
    26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  ],
  [
    13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
    28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
  ],
  [
    17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
    30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30,
  ],
];
const QR_BLOCKS = [
  [
    1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
    8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25,
  ],
  [
    1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
    17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49,
  ],
  [
    1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
    23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68,
  ],
  [
    1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
    25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81,
  ],
];
const QR_LEVELS = [1, 0, 3, 2]; // table 12

// 7.8.2, table 10.
/** @type {((i: number, j: number) => number)[]} */
const QR_MASKS = [
  (i, j) => (i + j) % 2,
  (i) => i % 2,
  (_, j) => j % 3,
  (i, j) => (i + j) % 3,
  (i, j) => ((i >> 1) + Math.floor(j / 3)) % 2,
  (i, j) => ((i * j) % 2) + ((i * j) % 3),
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2,
];

/**
 * Where the alignment patterns are (annex E).
 * @param {number} version
 */
function qrAlignment(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2, last = 4 * version + 10;
  const step = version === 32 ? 26 : 2 * Math.floor((4 * version + 2 * count + 1) / (2 * count - 2));
  return [6, ...Array.from({ length: count - 1 }, (_, at) => last - step * (count - 2 - at))];
}

/**
 * Table 1: what is left of the square when the function patterns are taken off, in codewords.
 * @param {number} version
 */
function qrCodewords(version) {
  const count = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const aligned = count && (25 * count - 10) * count - 55;
  return Math.floor(((16 * version + 128) * version + 64 - aligned - (version < 7 ? 0 : 36)) / 8);
}

/** @type {(version: number, level: number) => number} */
const qrCapacity = (version, level) =>
  qrCodewords(version) - QR_EXTRA[level][version - 1] * QR_BLOCKS[level][version - 1];

/**
 * The remainder of a polynomial over two elements, of which the bits are the coefficients (annexes C and D).
 * @param {number} value
 * @param {number} divisor
 * @param {number} bits
 */
function qrRemainder(value, divisor, bits) {
  let left = value << bits;
  for (let at = 31 - Math.clz32(left); at >= bits; at = 31 - Math.clz32(left)) left ^= divisor << (at - bits);
  return (value << bits) | left;
}

/**
 * 7.4: mode, count, text, terminator, and padding; segno fills up to the next codeword even where one has just ended.
 * @param {Uint8Array} bytes
 * @param {number} version
 * @param {number} capacity
 */
function qrData(bytes, version, capacity) {
  let bits = `0100${bytes.length.toString(2).padStart(version < 10 ? 8 : 16, "0")}`;
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  bits += "0".repeat(Math.min(4, 8 * capacity - bits.length));
  bits += "0".repeat(8 - (bits.length % 8));
  const words = (bits.match(/.{8}/g) ?? []).map((word) => parseInt(word, 2));
  for (let at = 0; words.length < capacity; at++) words.push(at % 2 ? 0x11 : 0xec);
  return words.slice(0, capacity);
}

/** @type {number[]} */
const QR_EXP = [];
/** @type {number[]} */
const QR_LOG = [];
for (let power = 0, value = 1; power < 255; power++, value = value & 128 ? (value << 1) ^ 0x11d : value << 1) {
  QR_EXP[power] = QR_EXP[power + 255] = value;
  QR_LOG[value] = power;
}
/** @type {(one: number, other: number) => number} */
const qrTimes = (one, other) => (one && other ? QR_EXP[QR_LOG[one] + QR_LOG[other]] : 0);

/**
 * 7.5.2: Reed and Solomon's code over 256 elements.
 * @param {number[]} block
 * @param {number} count
 */
function qrCorrection(block, count) {
  let generator = [1];
  for (let root = 0; root < count; root++)
    generator = [...generator, 0].map((value, at) => value ^ qrTimes(at ? generator[at - 1] : 0, QR_EXP[root]));
  const left = [...block, ...new Array(count).fill(0)];
  for (let at = 0; at < block.length; at++) {
    const factor = left[at];
    generator.forEach((value, index) => (left[at + index] ^= qrTimes(value, factor)));
  }
  return left.slice(block.length);
}

/**
 * 7.6: the blocks, the longer ones last, a codeword of each in turn; then their correction in the same way.
 * @param {number[]} words
 * @param {number} version
 * @param {number} level
 */
function qrMessage(words, version, level) {
  const extra = QR_EXTRA[level][version - 1], count = QR_BLOCKS[level][version - 1], total = qrCodewords(version);
  const short = Math.floor(total / count) - extra, blocks = [];
  for (let index = 0, at = 0; index < count; index++) {
    const length = short + (index >= count - (total % count) ? 1 : 0);
    blocks.push(words.slice(at, (at += length)));
  }
  const interleaved = (/** @type {number[][]} */ parts, /** @type {number} */ length) =>
    Array.from({ length }, (_, at) => parts.map((part) => part[at]).filter((word) => word !== undefined)).flat();
  const corrections = blocks.map((block) => qrCorrection(block, extra));
  return [...interleaved(blocks, short + 1), ...interleaved(corrections, extra)];
}

/**
 * 6.3: finders, timing, alignment, and the places of format and version, which are light until the mask is chosen.
 * @param {number} version
 * @param {number} side
 */
function qrFunctionPatterns(version, side) {
  /** @type {Rows} */
  const rows = Array.from({ length: side }, () => new Array(side).fill(2));
  /** @type {(top: number, left: number, size: number, value: number) => void} */
  const square = (top, left, size, value) => {
    for (let i = top; i < top + size; i++)
      for (let j = left; j < left + size; j++) if (rows[i]?.[j] !== undefined) rows[i][j] = value;
  };
  square(0, 0, 9, 0);
  square(0, side - 8, 9, 0);
  square(side - 8, 0, 9, 0);
  for (const [i, j] of [[3, 3], [3, side - 4], [side - 4, 3]]) {
    square(i - 3, j - 3, 7, 1);
    square(i - 2, j - 2, 5, 0);
    square(i - 1, j - 1, 3, 1);
  }
  for (let at = 8; at < side - 8; at++) rows[6][at] = rows[at][6] = 1 - (at % 2);
  const places = qrAlignment(version), last = places.at(-1);
  for (const i of places)
    for (const j of places) {
      if ((i === 6 && (j === 6 || j === last)) || (i === last && j === 6)) continue;
      square(i - 2, j - 2, 5, 1);
      square(i - 1, j - 1, 3, 0);
      rows[i][j] = 1;
    }
  if (version > 6) for (let i = 0; i < 6; i++) for (let j = side - 11; j < side - 8; j++) rows[i][j] = rows[j][i] = 0;
  return rows;
}

/**
 * 7.7.3: two columns at a time, from the right, up and down in turn.
 * @param {Rows} patterns
 * @param {number[]} words
 * @param {number} side
 */
function qrPlace(patterns, words, side) {
  const rows = patterns.map((row) => [...row]);
  const bits = words.map((word) => word.toString(2).padStart(8, "0")).join("");
  let at = 0, up = true;
  for (let right = side - 1; right > 0; right -= right === 8 ? 3 : 2, up = !up)
    for (let step = 0; step < side; step++)
      for (const j of [right, right - 1]) {
        const i = up ? side - 1 - step : step;
        if (patterns[i][j] === 2) rows[i][j] = Number(bits[at++] ?? 0);
      }
  return rows;
}

/**
 * 7.8.3: what speaks against a mask.
 * @param {Rows} rows
 */
function qrPenalty(rows) {
  const side = rows.length, columns = rows.map((_, j) => rows.map((row) => row[j]));
  let score = 0, dark = 0;
  for (const line of [...rows, ...columns]) {
    const text = line.join("");
    for (const [run] of text.matchAll(/0{5,}|1{5,}/g)) score += run.length - 2;
    for (let at = text.indexOf("1011101"); at >= 0; ) {
      const before = text.slice(Math.max(0, at - 4), at), after = text.slice(at + 7, at + 11);
      const alone = at === 0 || at === side - 7 || !before.includes("1") || !after.includes("1");
      score += alone ? 40 : 0;
      at = text.indexOf("1011101", at + (alone ? 7 : 4));
    }
  }
  for (let i = 0; i < side; i++)
    for (let j = 0; j < side; j++) {
      dark += rows[i][j];
      const isBlock = i && j && [rows[i][j - 1], rows[i - 1][j], rows[i - 1][j - 1]].every((bit) => bit === rows[i][j]);
      if (isBlock) score += 3;
    }
  return score + 10 * Math.floor(Math.abs((dark / side ** 2) * 100 - 50) / 5);
}

/**
 * 7.9 and 7.10: level and mask beside the finders, and the version in two places.
 * @param {Rows} rows
 * @param {number} version
 * @param {number} level
 * @param {number} mask
 */
function qrInformation(rows, version, level, mask) {
  const side = rows.length, format = qrRemainder((QR_LEVELS[level] << 3) | mask, 0x537, 10) ^ 0x5412;
  for (let at = 0; at < 8; at++) {
    const low = (format >> at) & 1, high = (format >> (14 - at)) & 1, shifted = at < 6 ? at : at + 1;
    rows[shifted][8] = rows[8][side - 1 - at] = low;
    rows[8][shifted] = rows[side - 1 - at][8] = high;
  }
  rows[side - 8][8] = 1;
  const number = version > 6 ? qrRemainder(version, 0x1f25, 12) : null;
  for (let at = 0; number !== null && at < 18; at++) {
    const i = Math.floor(at / 3), j = side - 11 + (at % 3);
    rows[i][j] = rows[j][i] = (number >> at) & 1;
  }
}

/**
 * The rows in hexadecimal digits, as pithtex/render/package/qr_rows.py gives them; none where no code holds so much.
 * @param {string} text
 */
export function qrRows(text) {
  const bytes = utf8(text);
  let version = 1, level = 0;
  const needs = () => 4 + (version < 10 ? 8 : 16) + 8 * bytes.length;
  while (version <= 40 && 8 * qrCapacity(version, 0) < needs()) version++;
  if (version > 40) return [];
  while (level < 3 && 8 * qrCapacity(version, level + 1) >= needs()) level++;
  const side = 4 * version + 17, patterns = qrFunctionPatterns(version, side);
  const placed = qrPlace(patterns, qrMessage(qrData(bytes, version, qrCapacity(version, level)), version, level), side);
  const masked = QR_MASKS.map((mask) =>
    placed.map((row, i) => row.map((bit, j) => bit ^ Number(patterns[i][j] === 2 && mask(i, j) === 0))));
  const scores = masked.map(qrPenalty), best = scores.indexOf(Math.min(...scores));
  qrInformation(masked[best], version, level, best);
  const width = 4 * Math.ceil(side / 4);
  const digit = (/** @type {string} */ four) => parseInt(four, 2).toString(16);
  return masked[best].map((row) => row.join("").padEnd(width, "0").replace(/.{4}/g, digit));
}
