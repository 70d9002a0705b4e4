// The compact receipt, version p1, decoded and verified as strictly as pithtex/format/compact_receipt.py does it
// (docs/reference/compact-receipt.md).

import { DICTIONARY, KEYS, LINK_PREFIX, MAX_RECEIPT } from "../constants.js";
import { fromBase64url, fromHex, fromUtf8, hex, sha256, utf8 } from "./bytes.js";
import { numberOf, parseCanonical } from "./canonical.js";
import { inflate } from "./inflate.js";
import { collapse, deceives, fold, isBeyond } from "./text.js";
import { FAILS, Refused, refuse, UNDECIDED, VERIFIED } from "./verdict.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { Canonical } from "./canonical.js" */
/** @import { Word } from "./verdict.js" */

/** @typedef {Canonical & { keyId: string, signature: Bytes, title: string | null }} Claim */
/**
 * @typedef {Claim & {
 *   digest: string, number: string, suffix: string, receipt?: string, link?: string, excerpt?: string | null,
 * }} Verified
 */
/** @typedef {{ word: Word, rule: string, reason: string, record: Verified | null }} ReceiptVerdict */

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n; // of Ed25519's base point (RFC 8032, 5.1)

export const BEYOND = "the title has a character that this browser does not know";

/** @param {string} id */
export const keyOf = (id) => (Object.hasOwn(KEYS, id) ? KEYS[id] : null);

/**
 * The receipt's claim, or Refused. Nothing is proven.
 * @param {string} text
 * @returns {Claim}
 */
export function decodeReceipt(text) {
  if (text.length > MAX_RECEIPT) refuse("too long");
  const parts = /^p1\.([A-Za-z0-9-]{1,40})\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(text);
  if (!parts) refuse("not of the form p1.KEY.PAYLOAD.SIGNATURE");
  const signature = fromBase64url(parts[3]);
  if (signature.length !== 64) refuse("the signature has not 64 bytes");
  const body = fromBase64url(parts[2]), dictionary = utf8(DICTIONARY);
  // The payload stays under the number of characters that a receipt may have.
  const { bytes, used } = inflate(body, dictionary, dictionary.length + MAX_RECEIPT - 1);
  if (used !== body.length) refuse("something follows the payload");
  const end = bytes.indexOf(10);
  if (end < 0) refuse("the payload has no newline");
  let canonical, title;
  try {
    canonical = fromUtf8(bytes.subarray(0, end));
    title = fromUtf8(bytes.subarray(end + 1));
  } catch {
    refuse("the payload is not UTF-8");
  }
  if (deceives(title)) refuse("the title holds characters that deceive");
  return { ...parseCanonical(canonical), keyId: parts[1], signature, title: title || null };
}

/**
 * Whether a text is the preimage of a signed title digest: as it is, or where it is not ASCII in each normal form.
 * @param {string} title
 * @param {string} digest
 */
export async function titleMatches(title, digest) {
  const texts = [collapse(title).toLowerCase()];
  if (/[^\0-\x7f]/.test(title)) {
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) {
      const text = collapse(title.normalize(form));
      texts.push(text.toLowerCase(), fold(text));
    }
  }
  for (const text of new Set(texts)) if (hex(await sha256(utf8(text))) === digest) return true;
  return false;
}

/**
 * Ed25519 by a pinned key. With a known good key only R and S can be odd, and of these S alone: engines differ on
 * S >= L. Throws where the browser has no Ed25519.
 * @param {string} key
 * @param {Bytes} message
 * @param {Bytes} signature
 */
export async function isSigned(key, message, signature) {
  const imported = await crypto.subtle.importKey("raw", fromHex(key), "Ed25519", false, ["verify"]);
  const s = BigInt(`0x${hex(signature.slice(32).reverse())}`);
  return (await crypto.subtle.verify("Ed25519", imported, signature, message)) && s < ORDER;
}

/**
 * The word is VERIFIED, FAILS, or UNDECIDED where the browser or the keyring lacks something.
 * @param {string} text
 * @returns {Promise<ReceiptVerdict>}
 */
export async function verifyReceipt(text) {
  /** @type {(word: Word, rule: string, reason: string) => ReceiptVerdict} */
  const said = (word, rule, reason) => ({ word, rule, reason, record: null });
  try {
    const claim = decodeReceipt(text);
    if (!globalThis.crypto?.subtle)
      return said(UNDECIDED, "no-webcrypto", "this browser offers no cryptography to this page");
    const digest = await sha256(utf8(claim.text)), key = keyOf(claim.keyId);
    let missing = key ? null : said(UNDECIDED, "unknown-key", "signed by a key that is not pinned here");
    try {
      if (key && !(await isSigned(key, digest, claim.signature)))
        return said(FAILS, "signature-invalid", "the signature is not the registry's");
    } catch {
      missing = said(UNDECIDED, "no-ed25519", "this browser has no Ed25519 signatures");
    }
    if (isBeyond(claim.title)) missing ??= said(UNDECIDED, "old-unicode", BEYOND);
    else if (claim.title !== null && !(await titleMatches(claim.title, claim.titleDigest)))
      refuse("the title is not the one that was signed", "title-mismatch");
    if (missing) return missing;
    const number = numberOf(digest, claim.submitted), suffix = number.slice(10);
    const link = `${LINK_PREFIX}${suffix}#r=${text}`;
    const record = { ...claim, digest: hex(digest), number, suffix, receipt: text, link };
    return { ...said(VERIFIED, "", ""), record };
  } catch (error) {
    if (error instanceof Refused) return said(FAILS, error.rule, error.message);
    throw error;
  }
}
