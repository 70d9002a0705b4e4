// Bytes, and the ways to write them as text.

import { refuse } from "./verdict.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {Uint8Array} bytes */
export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** @param {string} text an even number of digits, one at least */
export const fromHex = (text) =>
  Uint8Array.from(/** @type {string[]} */ (text.match(/../g)), (pair) => parseInt(pair, 16));
/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);
/**
 * Throws where it is not UTF-8.
 * @param {Uint8Array} bytes
 */
export const fromUtf8 = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
/** @param {Bytes} bytes */
export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
/** @param {Uint8Array} bytes */
export const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
/** @param {Uint8Array} bytes */
export const toBase64url = (bytes) => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/**
 * Bytes of base64 (RFC 4648, 4) in its one spelling, with no bits left over, or null.
 * @param {string} text
 */
export function fromBase64(text) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    return null;
  }
  return btoa(binary) === text ? new Uint8Array(binary.length).map((_, at) => binary.charCodeAt(at)) : null;
}

/**
 * RFC 4648, 5, without padding.
 * @param {string} text
 */
export function fromBase64url(text) {
  const other = text.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(other.padEnd(Math.ceil(text.length / 4) * 4, "=")) ?? refuse("not canonical base64url");
}
