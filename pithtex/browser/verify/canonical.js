// The canonical record (docs/reference/format.md, "The canonical record"): what of a record is hashed and signed.

import { ARXIV_ID, METADATA_KEYS } from "../constants.js";
import { refuse } from "./verdict.js";
import { below, matches } from "./text.js";

/**
 * @typedef {object} Canonical
 * @property {string} text the canonical text, of which the digest is
 * @property {string} kind of the source, as `arxiv`
 * @property {string} id
 * @property {string} version
 * @property {string} license
 * @property {string} submitted RFC 3339
 * @property {string} category
 * @property {string[]} cross
 * @property {string} titleDigest
 */

export const SHA256 = /^[0-9a-f]{64}$/;
const TIME = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?Z$/;
const PLAIN = /^[\x21-\x7e]{1,200}$/;
const IS_ARXIV_ID = new RegExp(`^(?:${ARXIV_ID})$`);
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * Whether a text is a date and time in UTC.
 * @param {string} text
 */
export function isTime(text) {
  const [year, month, day, hour, minute, second] = (TIME.exec(text) ?? []).slice(1).map(Number);
  if (!year || month < 1 || month > 12) return false;
  const days = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return day > 0 && day <= days && hour < 24 && minute < 60 && second < 60;
}

/**
 * A canonical record of version 1.0 from its canonical text: exactly these keys and types, and this one spelling. The
 * shape is what tells a record from an event of the same key.
 * @param {string} text
 * @returns {Canonical}
 */
export function parseCanonical(text) {
  let metadata, source;
  try {
    ({ metadata, source } = JSON.parse(text));
  } catch {
    refuse("the payload is not JSON");
  }
  const version = /"version":([1-9][0-9]{0,4299})\}\}$/.exec(text)?.[1];
  const shape = (/** @type {unknown} */ holds) =>
    holds || refuse("not the keys and types of a canonical record 1.0", "record-shape");
  shape(metadata && source && version);
  const pairs = (/** @type {Record<string, unknown>} */ object, /** @type {readonly string[]} */ keys) =>
    keys.map((key) => `"${key}":${JSON.stringify(object[key])}`).join();
  const signed = `{"metadata":{${pairs(metadata, METADATA_KEYS)}},"schema_version":"1.0"`;
  shape(text === `${signed},"source":{${pairs(source, ["id", "kind"])},"version":${version}}}`);
  const { cross_cats_sorted: cross, license, submitted_at: submitted } = metadata;
  shape(Array.isArray(cross) && matches(/^[^]*$/, license, ...cross) && !/\p{Cs}/u.test(`${license},${cross}`));
  shape(cross.every((/** @type {string} */ item, /** @type {number} */ at) => !at || below(cross[at - 1], item)));
  shape(matches(SHA256, metadata.title_canon_sha256, metadata.abstract_canon_sha256));
  shape(matches(PLAIN, source.kind, source.id, metadata.primary_cat));
  shape(source.kind !== "arxiv" || IS_ARXIV_ID.test(source.id));
  shape(matches(TIME, submitted) && isTime(submitted));
  return {
    text, version: /** @type {string} */ (version), license, submitted, cross, kind: source.kind, id: source.id,
    category: metadata.primary_cat, titleDigest: metadata.title_canon_sha256,
  };
}

/**
 * The full number: 130 bits of the digest in base32, after the year of submission.
 * @param {Uint8Array} digest
 * @param {string} submitted
 */
export function numberOf(digest, submitted) {
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, "0")).join("").slice(0, 130);
  return `pith:${submitted.slice(0, 4)}:${bits.replace(/.{5}/g, (five) => BASE32[parseInt(five, 2)])}`;
}

/**
 * The paper's name at its source, as pithtex writes it everywhere: `arXiv:2606.01751v1`.
 * @param {Canonical} record
 */
export const paperName = ({ kind, id, version }) => `${kind === "arxiv" ? "arXiv" : kind}:${id}v${version}`;
