// The fields of an object, each of its type or Refused with its path.

import { fromBase64 } from "./bytes.js";
import { isObject } from "./json.js";
import { matches } from "./text.js";
import { refuse } from "./verdict.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { Json, JsonObject } from "../types.js" */

export class Fields {
  /**
   * @param {Json | undefined} value
   * @param {string} where its path
   * @param {string} rule what it is called when a field is not as expected
   */
  constructor(value, where, rule = "malformed-document") {
    this.where = where;
    this.rule = rule;
    /** @type {JsonObject} */
    this.raw = isObject(value) ? value : this.bad("an object is expected", where || "(document)");
  }
  /**
   * @param {string} message
   * @param {string} where
   * @returns {never}
   */
  bad(message, where) {
    return refuse(`${where}: ${message}`, this.rule);
  }
  /** @param {string} key */
  path(key) {
    return this.where ? `${this.where}.${key}` : key;
  }
  /**
   * @param {string} key
   * @param {RegExp} pattern
   */
  text(key, pattern = /^[^]*$/) {
    const value = this.raw.get(key);
    if (typeof value !== "string" || !matches(pattern, value))
      this.bad("missing, or not of the form expected", this.path(key));
    return value;
  }
  /**
   * Absent and null state nothing.
   * @template T
   * @param {string} key
   * @param {(key: string) => T} read
   */
  optional(key, read) {
    return (this.raw.get(key) ?? null) === null ? null : read(key);
  }
  /** @param {string} key */
  optionalText(key) {
    return this.optional(key, () => this.text(key));
  }
  /** @param {string} key */
  list(key) {
    const value = this.raw.get(key);
    return Array.isArray(value) ? value : this.bad("a list is expected", this.path(key));
  }
  /** @param {string} key */
  child(key) {
    return new Fields(this.raw.get(key), this.path(key), this.rule);
  }
  /** @param {string} key */
  children(key) {
    const items = this.optional(key, () => this.list(key)) ?? [];
    return items.map((item, at) => new Fields(item, `${this.path(key)}[${at}]`, this.rule));
  }
  /**
   * @param {string} key
   * @param {number} length
   * @returns {Bytes}
   */
  bytes(key, length) {
    const bytes = fromBase64(this.text(key, /^[A-Za-z0-9+/]*={0,2}$/));
    return bytes?.length === length ? bytes : this.bad(`not the base64 of ${length} bytes`, this.path(key));
  }
}
