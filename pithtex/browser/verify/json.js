// JSON, strictly, as pithtex/format/canonical.py reads it: an object is a Map, a number keeps the text that Python
// would print.

import { MAX_DEPTH, MAX_DIGITS, MAX_DOCUMENT } from "../constants.js";
import { fromUtf8, hex, sha256, utf8 } from "./bytes.js";
import { below } from "./text.js";
import { refuse } from "./verdict.js";

/** @import { Json, JsonObject } from "../types.js" */

export class Num {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}

/** @type {(value: unknown) => value is JsonObject} */
export const isObject = (value) => value instanceof Map;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const PLAIN_TEXT = /[^"\\\0-\x1f]*/y;
/** @type {Record<string, string>} */
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
/** @type {Record<string, null | boolean>} */
const JSON_WORDS = { true: true, false: false, null: null };

/**
 * As Python's repr prints a float: the shortest digits that are read back as the same number.
 * @param {number} value
 */
function printFloat(value) {
  const [digits, power] = Math.abs(value).toExponential().split("e");
  const figures = digits.replace(".", ""), exponent = Number(power);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (exponent < -4 || exponent >= 16) {
    const places = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits}e${exponent < 0 ? "-" : "+"}${places}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${figures}`;
  const whole = figures.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${figures.slice(exponent + 1) || "0"}`;
}

/**
 * @param {string} text
 * @returns {Json}
 */
export function parseJson(text) {
  let at = 0;
  /** @type {(message: string) => never} */
  const bad = (message) => refuse(`not JSON: ${message}, at character ${at + 1}`, "malformed-document");
  const skip = () => {
    while (" \t\n\r".includes(text[at]) && at < text.length) at++;
  };
  const take = (/** @type {RegExp} */ pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found;
  };
  const string = () => {
    let value = "";
    for (at++; ; ) {
      value += take(PLAIN_TEXT)?.[0];
      const char = text[at++];
      if (char === '"') break;
      if (char !== "\\") bad("a text without end, or a control character in it");
      const escape = text[at++];
      if (escape === "u") {
        const digits = text.slice(at, at + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) bad("an unknown escape");
        value += String.fromCharCode(parseInt(digits, 16));
        at += 4;
      } else value += Object.hasOwn(ESCAPES, escape) ? ESCAPES[escape] : bad("an unknown escape");
    }
    if (/\p{Cs}/u.test(value)) bad("a lone surrogate");
    return value;
  };
  const number = () => {
    const found = take(NUMBER);
    if (!found) bad("no value");
    const [all, fraction, power] = found;
    const isInteger = !fraction && !power;
    if ((isInteger ? all.replace("-", "") : all).length > MAX_DIGITS) bad("a number of too many digits");
    if (isInteger) return new Num(all === "-0" ? "0" : all);
    const value = Number(all);
    if (!Number.isFinite(value)) bad("a number that overflows");
    return new Num(printFloat(value));
  };
  const object = (/** @type {number} */ depth) => {
    /** @type {JsonObject} */
    const result = new Map();
    at++;
    skip();
    for (let first = true; text[at] !== "}" || !first; first = false) {
      if (!first && text[at++] !== ",") bad("a comma is missing");
      skip();
      if (text[at] !== '"') bad("a key is missing");
      const key = string();
      if (result.has(key)) bad(`the key ${JSON.stringify(key.slice(0, 80))} occurs twice in one object`);
      skip();
      if (text[at++] !== ":") bad("a colon is missing");
      result.set(key, value(depth));
      skip();
      if (text[at] === "}") break;
    }
    at++;
    return result;
  };
  const list = (/** @type {number} */ depth) => {
    /** @type {Json[]} */
    const result = [];
    at++;
    skip();
    while (text[at] !== "]" || result.length) {
      if (result.length && text[at++] !== ",") bad("a comma is missing");
      result.push(value(depth));
      skip();
      if (text[at] === "]") break;
    }
    at++;
    return result;
  };
  /** @type {(depth: number) => Json} */
  const value = (depth) => {
    skip();
    const char = text[at];
    if (char === '"') return string();
    if (char === "{" || char === "[") {
      if (depth === MAX_DEPTH) bad(`nested deeper than ${MAX_DEPTH}`);
      return char === "{" ? object(depth + 1) : list(depth + 1);
    }
    const word = take(/true|false|null/y);
    return word ? JSON_WORDS[word[0]] : number();
  };
  const result = value(0);
  skip();
  if (at < text.length) bad("something follows the value");
  return result;
}

/**
 * Bytes, held to UTF-8 without a mark and to a size, as an object.
 * @param {Uint8Array} bytes
 */
export function parseDocument(bytes) {
  if (bytes.length > MAX_DOCUMENT) refuse("more than 8 MiB", "malformed-document");
  let text;
  try {
    text = fromUtf8(bytes);
  } catch {
    refuse("not UTF-8", "malformed-document");
  }
  const document = parseJson(text);
  if (!isObject(document)) refuse("not a JSON object", "malformed-document");
  return document;
}

/**
 * The canonical text (docs/reference/format.md, "Canonical bytes"): keys by code point, no white space.
 * @param {Json | undefined} value
 * @returns {string}
 */
export function canonicalText(value) {
  if (value instanceof Num) return value.text;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const keys = [...value.keys()].sort((one, other) => (below(one, other) ? -1 : 1));
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalText(value.get(key))}`).join()}}`;
}

/** @param {Json} value */
export const canonicalDigest = async (value) => hex(await sha256(utf8(canonicalText(value))));

/**
 * An object without some of its entries.
 * @param {JsonObject} object
 * @param {readonly string[]} keys
 * @returns {JsonObject}
 */
export const without = (object, keys) => new Map([...object].filter(([key]) => !keys.includes(key)));
