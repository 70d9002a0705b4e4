// What a person gives the page: a file, or a text that is a link, a receipt, or else JSON.

import { MAX_DOCUMENT } from "../constants.js";
import { MAX_PDF } from "../pdf/file.js";
import { verifyPdf } from "../pdf/judge.js";
import { namesPith, PITH_LINK } from "../pdf/links.js";
import { latin1 } from "../pdf/objects.js";
import { utf8 } from "../verify/bytes.js";
import { verifyDocument } from "../verify/document.js";
import { verifyReceipt } from "../verify/receipt.js";
import { FAILS, UNDECIDED, VERIFIED } from "../verify/verdict.js";
import { readPasted } from "./pasted.js";

/** @import { Verified } from "../verify/receipt.js" */
/** @import { Standing } from "../verify/standing.js" */
/** @import { Word } from "../verify/verdict.js" */

/** @typedef {"receipt" | "document" | "pdf"} Kind */
/**
 * @typedef {object} Outcome
 * @property {Word} word
 * @property {string[]} rules
 * @property {string[]} reasons
 * @property {Verified | null} record
 * @property {number} [count] badges of a PDF
 * @property {Standing | null} [standing] what a document says of the paper beyond its record
 */

const NO_RECEIPT = "a link without a receipt: it names a page but carries no record";

const BROKEN = "the receipt is split into lines that do not fit together: copy the link in one piece";
const NOTHING = "not a link with #r=p1\u2026, a receipt that begins with p1., or a record in JSON";

/** What a document of the registry, or one that would be one, holds. */
const OURS = /"(?:record_type|bundle_type|canonical_record|schema)"/;

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
  if (!namesPith(link)) return unproven(UNDECIDED, NOTHING);
  const [, number, receipt] = PITH_LINK.exec(link) ?? [];
  const elsewhere = "the link does not lead to a number\u2019s page at the registry, https://pith.science";
  if (!number) return unproven(link.includes("#r=") ? FAILS : UNDECIDED, elsewhere);
  if (!receipt) return unproven(UNDECIDED, NO_RECEIPT);
  const verdict = await checkReceipt(receipt);
  if (!verdict.record || number === verdict.record.suffix) return verdict;
  return unproven(FAILS, "the link names a different number than its record");
}

/**
 * Any text that people copy: a link, a mail, a README, a page. Of several receipts the gravest word is said; only one
 * that stands there in one piece can be false.
 * @param {string} text
 * @returns {Promise<Outcome>}
 */
async function checkPasted(text) {
  const { sayings, cut } = readPasted(text);
  if (cut) {
    const message = "the receipt is incomplete: copy the whole link, up to its last character";
    return unproven(UNDECIDED, message, "no-receipt");
  }
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const { text: saying, whole } of sayings) {
    const receipt = saying.replace(/^#r=/, "");
    const outcome = await (receipt.startsWith("p1.") ? checkReceipt(receipt) : checkLink(receipt));
    outcomes.push(whole || outcome.word !== FAILS ? outcome : unproven(UNDECIDED, BROKEN, "no-receipt"));
  }
  const gravest = [FAILS, UNDECIDED, VERIFIED].map((word) => outcomes.find((each) => each.word === word)).find(Boolean);
  return gravest ? { ...gravest, count: outcomes.length } : unproven(UNDECIDED, NOTHING);
}

/**
 * JSON that is not a document of the registry is a text like any other: it may hold links.
 * @param {string} text
 * @returns {Promise<[Kind, Outcome]>}
 */
export async function checkText(text) {
  if (!/^\s*\{/.test(text)) return ["receipt", await checkPasted(text)];
  const document = await verifyDocument(utf8(text));
  const pasted = OURS.test(text) || document.word === VERIFIED ? null : await checkPasted(text);
  return pasted && (pasted.record || pasted.word === FAILS) ? ["receipt", pasted] : ["document", document];
}

/**
 * @param {File} file
 * @returns {Promise<[Kind, Outcome]>}
 */
export async function checkFile(file) {
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const isPdf = latin1(head).includes("%PDF-"), limit = isPdf ? MAX_PDF : MAX_DOCUMENT;
  if (file.size > limit) {
    const reason = `the file is larger than ${limit >> 20} MiB, the limit of this page: use pithtex`;
    return [isPdf ? "pdf" : "document", unproven(UNDECIDED, reason)];
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isPdf) return ["pdf", await verifyPdf(bytes)];
  const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const text = new TextDecoder(isWide ? (head[0] === 0xff ? "utf-16le" : "utf-16be") : "utf-8").decode(bytes);
  // A document is held to its bytes: what is not UTF-8 in it is not a character of it.
  if (/^\s*\{/.test(text) && OURS.test(text))
    return ["document", await verifyDocument(bytes)];
  return checkText(text);
}
