// The objects of a PDF (ISO 32000-1, 7.2 and 7.3), from bytes that stand as the characters U+0000 to U+00FF. What is
// not spelled as the standard has it is not guessed at: readers guess differently.

import { MAX_VALUE } from "../constants.js";

/** @import { PdfValue } from "../types.js" */
/** @import { Bytes } from "../verify/bytes.js" */

export const MAX_NESTED = 100;
const MAX_STRING = 8388608;

export const UNREADABLE = "unreadable";
/** The file does not have the plain form of ISO 32000-1, 7.5: then nothing is said about it. */
export const NOT_PLAIN = "not-plain";

/** Why a file cannot be checked here. It is not a contradiction. */
export class Unreadable extends Error {
  /**
   * @param {string} message
   * @param {string} rule
   */
  constructor(message, rule = UNREADABLE) {
    super(message);
    this.rule = rule;
  }
}

/** @type {(why: string) => never} */
export const unreadable = (why) => {
  throw new Unreadable(why);
};
/** @type {(what: string) => never} */
export const damaged = (what) => unreadable(`the file is damaged, or hard to read: ${what}`);
/** @type {(sentence: string) => never} */
export const notPlain = (sentence) => {
  throw new Unreadable(`the file is not of the plain form: ${sentence}`, NOT_PLAIN);
};

export class Name {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }
}
export class PdfText {
  /** @param {string} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    /** @type {string | null} */
    this.decoded = null;
  }
}
export class Ref {
  /**
   * @param {number} number
   * @param {number} generation
   */
  constructor(number, generation) {
    this.number = number;
    this.generation = generation;
  }
}
/**
 * 7.3.7: an entry that is null is as none, and no key may stand twice; `twice` keeps all values of one that does.
 * @extends {Map<string, PdfValue>}
 */
export class Dictionary extends Map {
  /** @type {Map<string, PdfValue[]>} */
  twice = new Map();
}
/** A stream's dictionary, and where its bytes stand. */
export class Stream {
  /**
   * @param {Dictionary} dictionary
   * @param {number} start
   * @param {number} end
   */
  constructor(dictionary, start, end) {
    this.dictionary = dictionary;
    this.start = start;
    this.end = end;
  }
}

/** @type {(value: unknown) => value is Dictionary} */
export const isDictionary = (value) => value instanceof Dictionary;
/**
 * The text of a name, or null.
 * @param {PdfValue | undefined} value
 */
export const nameOf = (value) => (value instanceof Name ? value.text : null);

const WHITE = /[\0\t\n\f\r ]+|%[^\r\n]*/y;
const TOKEN = /<<|>>|[[\](<]|\/[^\0\t\n\f\r ()<>[\]{}/%]*|[^\0\t\n\f\r ()<>[\]{}/%]+/y;
const REFERENCE = /[\0\t\n\f\r ]+([0-9]{1,5})[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/y;
const INTEGER = /^[0-9]{1,10}$/;
const REAL = /^[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/;
/** @type {Record<string, null | boolean>} */
const WORDS_OF_VALUES = { true: true, false: false, null: null };
/** @type {Record<string, string>} */
const STRING_ESCAPES = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

export class Reader {
  /**
   * @param {string} data
   * @param {number} at
   */
  constructor(data, at) {
    this.data = data;
    this.at = at;
  }
  /** @param {RegExp} pattern */
  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.data);
    if (found) this.at += found[0].length;
    return found;
  }
  /**
   * White space and comments (7.2.2, 7.2.3): one after another, since a pattern for all of them takes a stack of its
   * own.
   */
  skip() {
    while (this.match(WHITE));
  }
  /**
   * A whole object.
   * @returns {PdfValue}
   */
  value() {
    const value = this.#item(0);
    return typeof value === "string" ? damaged("an object is missing") : value;
  }
  /**
   * An object, or as text the "]" or ">>" that ends what it stands in.
   * @param {number} depth
   * @returns {PdfValue | "]" | ">>"}
   */
  #item(depth) {
    this.skip();
    const token = this.match(TOKEN)?.[0];
    if (token === undefined || depth > MAX_NESTED) damaged("an object without end, or nested too deep");
    if (token === "<<") return this.#dictionary(depth);
    if (token === "[") return this.#list(depth);
    if (token === "(") return new PdfText(this.#literal());
    if (token === "<") return new PdfText(this.#hexadecimal());
    if (token[0] === "/") return new Name(token.slice(1).replace(/#([0-9a-fA-F]{2})/g, (_, code) => fromCode(code)));
    if (INTEGER.test(token)) {
      const generation = this.match(REFERENCE)?.[1];
      return generation === undefined ? Number(token) : new Ref(Number(token), Number(generation));
    }
    if (REAL.test(token)) return Number(token);
    if (Object.hasOwn(WORDS_OF_VALUES, token)) return WORDS_OF_VALUES[token];
    return token === "]" || token === ">>" ? token : damaged("an unknown word");
  }
  /** @param {number} depth */
  #list(depth) {
    /** @type {PdfValue[]} */
    const items = [];
    for (let item; (item = this.#item(depth + 1)) !== "]"; ) items.push(item === ">>" ? damaged("a list") : item);
    return items;
  }
  /** @param {number} depth */
  #dictionary(depth) {
    const result = new Dictionary();
    /** @type {Map<string, PdfValue[]>} */
    const all = new Map();
    for (let key; (key = this.#item(depth + 1)) !== ">>"; ) {
      const value = this.#item(depth + 1);
      if (!(key instanceof Name) || typeof value === "string") damaged("a dictionary");
      const values = all.get(key.text);
      if (values) values.push(value);
      else all.set(key.text, [value]);
      if (value !== null) result.set(key.text, value);
    }
    result.twice = new Map([...all].filter(([, values]) => values.length > 1));
    return result;
  }
  #literal() {
    /** @type {string[]} */
    const pieces = [];
    const start = this.at;
    for (let open = 1, from = this.at; ; this.at++) {
      const code = this.data.charCodeAt(this.at);
      if (Number.isNaN(code) || this.at - start > MAX_STRING) damaged("a text without end");
      if (code === 40) open++;
      else if (code === 41 && !--open) return pieces.concat(this.data.slice(from, this.at++)).join("");
      else if (code === 92) {
        pieces.push(this.data.slice(from, this.at++), this.#escape());
        from = this.at--;
      }
    }
  }
  #escape() {
    const octal = this.match(/[0-7]{1,3}/y);
    if (octal) return String.fromCharCode(parseInt(octal[0], 8) & 255);
    if (this.match(/\r\n?|\n/y)) return "";
    const char = this.data[this.at++] ?? "";
    return STRING_ESCAPES[char] ?? char;
  }
  #hexadecimal() {
    const found = this.match(/([0-9a-fA-F\0\t\n\f\r ]*)>/y);
    if (!found || found[1].length > MAX_STRING) damaged("a text in hexadecimal");
    const digits = found[1].replace(/[^0-9a-fA-F]/g, "");
    return (digits + (digits.length % 2 ? "0" : "")).replace(/../g, fromCode);
  }
}

/** @param {string} digits */
const fromCode = (digits) => String.fromCharCode(parseInt(digits, 16));

/**
 * Bytes as characters, one for each.
 * @param {Uint8Array} bytes
 */
export const latin1 = (bytes) => {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 8192) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return pieces.join("");
};
/**
 * @param {string} text
 * @returns {Bytes}
 */
export function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** @type {Record<string, string>} */
const MARKS = { "\xfe\xff": "utf-16be", "\xff\xfe": "utf-16le", "\xef\xbb\xbf": "utf-8" };

/**
 * A text string (7.9.2.2), or null. What is not ASCII in PDFDocEncoding is not a part of a number, however it is read.
 * One that all annotations share is decoded once.
 * @param {PdfValue} value
 */
export function textOf(value) {
  if (value === null) return null;
  if (!(value instanceof PdfText)) damaged("a text is expected");
  if (value.bytes.length > MAX_VALUE) unreadable("a text is longer than this page reads: use pithtex check");
  return (value.decoded ??= decoded(value.bytes));
}

/** @param {string} text */
function decoded(text) {
  const encoding = MARKS[text.slice(0, 2)] ?? MARKS[text.slice(0, 3)];
  if (!encoding) return text;
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytesOf(text));
  } catch {
    return damaged("a text is not of the encoding that it announces");
  }
}
