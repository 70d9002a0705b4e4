// The compact receipt that a record is given, and its abstract, compressed by the fixed codes of DEFLATE
// (RFC 1951, 3.2.6).

import { DICTIONARY, MAX_ABSTRACT, MAX_CARRIED } from "../constants.js";
import { hex, sha256, toBase64url, utf8 } from "../verify/bytes.js";
import { DISTANCES, distanceBits, lengthBits, LENGTHS } from "../verify/inflate.js";
import { decodeReceipt, titleMatches } from "../verify/receipt.js";
import { collapse, deceives } from "../verify/text.js";

/** @import { Verified } from "../verify/receipt.js" */

/**
 * Raw DEFLATE after the dictionary, as one block of fixed codes: at each place the longest match, the nearest of its
 * length.
 * @param {Uint8Array} data
 * @param {Uint8Array} dictionary
 */
export function deflate(data, dictionary) {
  const all = new Uint8Array(dictionary.length + data.length);
  /** @type {number[]} */
  const bytes = [];
  /** @type {Map<number, number[]>} by three bytes, where they stand */
  const seen = new Map();
  all.set(dictionary);
  all.set(data, dictionary.length);
  let held = 0, count = 0;
  const put = (/** @type {number} */ value, /** @type {number} */ bits) => {
    held |= value << count;
    for (count += bits; count > 7; count -= 8, held >>>= 8) bytes.push(held & 255);
  };
  const code = (/** @type {number} */ value, /** @type {number} */ bits) => {
    for (let bit = bits; bit--; ) put((value >> bit) & 1, 1); // Huffman codes stand with their first bit first
  };
  const literal = (/** @type {number} */ symbol) => {
    if (symbol < 144) code(48 + symbol, 8);
    else if (symbol < 256) code(256 + symbol, 9);
    else if (symbol < 280) code(symbol - 256, 7);
    else code(symbol - 88, 8);
  };
  const codeFor = (/** @type {number[]} */ bases, /** @type {number} */ value) =>
    bases.findLastIndex((base) => base <= value);
  const key = (/** @type {number} */ at) => (all[at] << 16) | (all[at + 1] << 8) | all[at + 2];
  const remember = (/** @type {number} */ at) => {
    if (at + 2 < all.length) seen.set(key(at), [at, ...(seen.get(key(at)) ?? []).slice(0, 255)]);
  };
  for (let at = 0; at < dictionary.length; at++) remember(at);
  put(1, 1);
  put(1, 2);
  for (let at = dictionary.length; at < all.length; ) {
    let length = 0, back = 0;
    for (const from of at + 2 < all.length ? (seen.get(key(at)) ?? []) : []) {
      if (at - from > 32768) break;
      let same = 0;
      while (same < 258 && at + same < all.length && all[from + same] === all[at + same]) same++;
      if (same > length) [length, back] = [same, at - from];
    }
    if (length < 3) {
      length = 1;
      literal(all[at]);
    } else {
      const symbol = codeFor(LENGTHS, length), far = codeFor(DISTANCES, back);
      literal(257 + symbol);
      put(length - LENGTHS[symbol], lengthBits(symbol));
      code(far, 5);
      put(back - DISTANCES[far], distanceBits(far));
    }
    for (; length--; at++) remember(at);
  }
  literal(256);
  put(0, 7);
  return Uint8Array.from(bytes);
}

/**
 * The compact receipt of a verified record; a title that would not survive is left out.
 * @param {Pick<Verified, "text" | "title" | "titleDigest" | "keyId" | "signature">} record
 */
export async function encodeReceipt(record) {
  let title = record.title === null ? "" : collapse(record.title);
  if (deceives(title) || hex(await sha256(utf8(title.toLowerCase()))) !== record.titleDigest) title = "";
  const body = deflate(utf8(`${record.text}\n${title}`), utf8(DICTIONARY));
  const receipt = `p1.${record.keyId}.${toBase64url(body)}.${toBase64url(record.signature)}`;
  decodeReceipt(receipt);
  return receipt;
}

/**
 * The record's abstract as a PDF carries it (docs/reference/pdf-profile.md), where its document has all of it: a text
 * counts only if it hashes to the signed digest. Empty where none does.
 * @param {Pick<Verified, "text" | "excerpt">} record
 */
export async function encodeAbstract(record) {
  const text = collapse(record.excerpt ?? ""), data = utf8(text);
  const isWhole = text && data.length <= MAX_ABSTRACT;
  if (!isWhole || !(await titleMatches(text, JSON.parse(record.text).metadata.abstract_canon_sha256))) return "";
  const carried = `a1.${toBase64url(deflate(data, new Uint8Array(0)))}`;
  return carried.length > MAX_CARRIED ? "" : carried;
}
