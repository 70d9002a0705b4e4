// What a person gives the page: a file, or a text that is a link, a receipt, or else JSON.

import { MAX_DOCUMENT, MAX_RECEIPT } from "../constants.js";
import { MAX_PDF } from "../pdf/file.js";
import { verifyPdf } from "../pdf/judge.js";
import { namesPith, PITH_LINK } from "../pdf/links.js";
import { latin1 } from "../pdf/objects.js";
import { utf8 } from "../verify/bytes.js";
import { verifyDocument } from "../verify/document.js";
import { verifyReceipt } from "../verify/receipt.js";
import { strip } from "../verify/text.js";
import { FAILS, UNDECIDED } from "../verify/verdict.js";

/** @import { Verified } from "../verify/receipt.js" */
/** @import { Word } from "../verify/verdict.js" */

/** @typedef {"receipt" | "document" | "pdf"} Kind */
/** @typedef {{ word: Word, rules: string[], reasons: string[], record: Verified | null, count?: number }} Outcome */

const NO_RECEIPT = "a link without a receipt: it names a page, and carries no record";

/** @type {(word: Word, reason: string, rule?: string) => Outcome} */
export const unproven = (word, reason, rule = "") => ({ word, rules: [rule], reasons: [reason], record: null });

/**
 * @param {string} text
 * @returns {Promise<Outcome>}
 */
async function checkReceipt(text) {
  const { word, rule, reason, record } = await verifyReceipt(text);
  return { word, rules: [rule], reasons: [reason], record };
}

/**
 * A link, as pithtex decode reads it: to a number's page at the registry, in its one spelling, of the number that it
 * carries.
 * @param {string} link
 */
async function checkLink(link) {
  const [, number, receipt] = PITH_LINK.exec(link) ?? [];
  const elsewhere = "the link leads elsewhere than to a number\u2019s page at the registry, https://pith.science";
  if (!number) return unproven(link.includes("#r=") ? FAILS : UNDECIDED, elsewhere);
  if (!receipt) return unproven(UNDECIDED, NO_RECEIPT);
  const verdict = await checkReceipt(receipt);
  if (!verdict.record || number === verdict.record.suffix) return verdict;
  return unproven(FAILS, "the link names another number than its record");
}

/**
 * @param {string} text
 * @returns {Promise<[Kind, Outcome]>}
 */
export async function checkText(text) {
  if (/^\s*[{[]/.test(text)) return ["document", await verifyDocument(utf8(text))];
  // What was copied over several lines is put together again.
  const joined = strip(text).replace(/[ \t]*[\r\n]+[ \t]*/g, "");
  const receipt = joined.replace(/^#r=/, "");
  if (receipt.startsWith("p1.")) return ["receipt", await checkReceipt(receipt)];
  if (namesPith(receipt)) return ["receipt", await checkLink(receipt)];
  const neither = "neither a link with #r=p1\u2026, nor a receipt that begins with p1., nor a record in JSON";
  return ["receipt", unproven(UNDECIDED, /^https?:\/\//.test(joined) ? NO_RECEIPT : neither)];
}

/**
 * @param {File} file
 * @returns {Promise<[Kind, Outcome]>}
 */
export async function checkFile(file) {
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const isPdf = latin1(head).includes("%PDF-"), limit = isPdf ? MAX_PDF : MAX_DOCUMENT;
  if (file.size > limit) {
    const reason = `the file is larger than ${limit >> 20} MiB, and this page reads no larger ones: use pithtex`;
    return [isPdf ? "pdf" : "document", unproven(UNDECIDED, reason)];
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isPdf) return ["pdf", await verifyPdf(bytes)];
  if (/^[\s\ufeff]*[{[]/.test(latin1(head))) return ["document", await verifyDocument(bytes)];
  return checkText(latin1(bytes.subarray(0, 4 * MAX_RECEIPT)));
}
