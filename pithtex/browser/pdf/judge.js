// What a PDF says of its Pith Number (docs/reference/pdf-profile.md): link, Info, XMP. Drawn text is not read.
// The rules are those of pithtex/pdf/channels/info.py and xmp.py, and of pithtex/pdf/judgement.

import { INFO_NUMBER, INFO_RECEIPT } from "../constants.js";
import { SHA256 } from "../verify/canonical.js";
import { verifyReceipt } from "../verify/receipt.js";
import { FAILS, UNDECIDED, VERIFIED } from "../verify/verdict.js";
import { PdfFile } from "./file.js";
import { findBadges, SUFFIX } from "./links.js";
import { damaged, isDictionary, NOT_PLAIN, textOf, Unreadable, UNREADABLE } from "./objects.js";
import { readXmp } from "./xmp.js";

/** @import { ReceiptVerdict, Verified } from "../verify/receipt.js" */
/** @import { Word } from "../verify/verdict.js" */
/** @import { Link } from "./links.js" */
/** @import { Claim, Fault } from "./xmp.js" */

/**
 * @typedef {object} PdfVerdict
 * @property {Word} word
 * @property {string[]} rules
 * @property {string[]} reasons
 * @property {Verified | null} record
 * @property {number} count how many badges the file carries
 */
/** @typedef {Claim & { fault?: Fault }} Stated */

const NUMBER_FORM = new RegExp(`^(?:pith:([0-9]{4}):)?(${SUFFIX})$`);

/** @type {(text: string | null) => string | null} */
const unlessBlank = (text) => (text && !/^[ \t\r\n\0]*$/.test(text) ? text : null);

/**
 * Info (14.3.3) by the newest trailer. Of a key that stands twice with two values readers show one or the other.
 * @param {PdfFile} pdf
 * @param {Fault[]} faults
 * @returns {Claim[]}
 */
function readInfo(pdf, faults) {
  const info = pdf.entry(pdf.trailer, "Info");
  if (info === null) return [];
  if (!isDictionary(info)) damaged("its Info");
  for (const key of [INFO_NUMBER, INFO_RECEIPT]) {
    const texts = (info.twice.get(key) ?? []).map((value) => textOf(pdf.get(value)));
    if (texts.some((text) => text !== texts[0])) faults.push(["channel-duplicate", `Info has ${key} twice`]);
  }
  if (faults.length) return [];
  const [number, receipt] = [INFO_NUMBER, INFO_RECEIPT].map((key) => unlessBlank(textOf(pdf.entry(info, key))));
  return number || receipt ? [{ where: "Info", number, receipt }] : [];
}

/**
 * What contradicts the record in a claim's number and digest.
 * @param {Claim} claim
 * @param {Verified | null} record
 * @returns {Fault[]}
 */
function contradictions({ where, number, digest }, record) {
  /** @type {Fault[]} */
  const faults = [];
  const [, year, suffix] = NUMBER_FORM.exec(number ?? "") ?? [];
  if (record && suffix && suffix !== record.suffix)
    faults.push(["receipt-of-another-record", `${where}: the number is not that of the record`]);
  if (record && year && year !== record.number.slice(5, 9))
    faults.push(["receipt-of-another-record", `${where}: the year is not that of the record`]);
  if (digest && !SHA256.test(digest)) faults.push(["channel-malformed", `${where}: the digest is not a SHA-256`]);
  else if (record && digest && digest !== record.digest)
    faults.push(["channel-conflict", `${where}: the digest is not that of the record`]);
  return faults;
}

/**
 * The verdicts on the receipts that claims carry, and what is wrong with the claims by themselves.
 * @param {Stated[]} claims
 * @param {Fault[]} faults
 * @param {Fault[]} notes
 */
async function judgeReceipts(claims, faults, notes) {
  /** @type {Map<string, ReceiptVerdict>} */
  const verdicts = new Map();
  for (const { where, number, receipt, fault } of claims) {
    if (fault) faults.push([fault[0], `the badge's link ${fault[1]}`]);
    if (number && !NUMBER_FORM.test(number))
      faults.push(["channel-malformed", `${where}: the number is not spelled as a number is`]);
    if (!receipt) continue;
    const verdict = verdicts.get(receipt) ?? (await verifyReceipt(receipt));
    verdicts.set(receipt, verdict);
    if (verdict.word === FAILS) faults.push([verdict.rule, `${where}: ${verdict.reason}`]);
    if (verdict.word === UNDECIDED) notes.push([UNREADABLE, `${where}: ${verdict.reason}`]);
  }
  return [...verdicts.values()];
}

/**
 * One badge with all that speaks for it: every receipt verifies, and every number and digest is that of the record.
 * @param {Stated[]} claims
 * @param {Fault[]} faults
 * @param {Fault[]} notes
 */
async function judgeBadge(claims, faults, notes) {
  const verdicts = await judgeReceipts(claims, faults, notes);
  const records = verdicts.map((verdict) => verdict.record).filter((record) => record !== null);
  const record = records[0] ?? null;
  const spelled = (/** @type {Verified} */ { text, title, keyId, signature }) =>
    [text, title, keyId, signature].join("\n");
  if (records.some((other) => spelled(other) !== spelled(record)))
    faults.push(["channel-conflict", "the channels carry several records"]);
  if (record && verdicts.some((verdict) => !verdict.record))
    faults.push(["channel-conflict", "beside a genuine record stands one that is not proven"]);
  for (const claim of claims) faults.push(...contradictions(claim, record));
  const named = claims.map(({ number }) => NUMBER_FORM.exec(number ?? "") ?? []);
  const different = (/** @type {number} */ part) => new Set(named.map((found) => found[part]).filter(Boolean)).size;
  if (different(1) > 1 || different(2) > 1) faults.push(["channel-conflict", "the channels name several numbers"]);
  return record;
}

/** @type {(claim: Claim) => string | undefined} */
const ownNumber = (claim) => (claim.number ?? "").split(":").pop();

/**
 * What the channels claim. One that cannot be read takes no other with it: what the others contradict is a
 * contradiction.
 * @param {PdfFile} pdf
 * @param {Fault[]} faults
 * @param {Fault[]} notes
 */
function readChannels(pdf, faults, notes) {
  /** @type {<T>(channel: (pdf: PdfFile, faults: Fault[]) => T, otherwise: T) => T} */
  const read = (channel, otherwise) => {
    try {
      return channel(pdf, faults);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      notes.push([error.rule, error.message]);
      return otherwise;
    }
  };
  const { badges, loose } = read(findBadges, { badges: [], loose: [] });
  const document = [...read(readInfo, []), ...read(readXmp, [])];
  const agrees = (/** @type {Link} */ link, /** @type {Claim} */ claim) =>
    ownNumber(claim) === link.number && [null, claim.receipt].includes(link.receipt);
  const isStated = (/** @type {Link} */ link) =>
    !link.fault && document.length > 0 && document.every((claim) => agrees(link, claim));
  if (!loose.every(isStated)) {
    const message = "no link has the badge's name, so that only the text tells which is one, and no text is read here";
    notes.push([UNREADABLE, `${message}: use pithtex check`]);
  }
  return { badges, document };
}

/**
 * What the channels of a PDF prove; never that the paper is the record's.
 * @param {Uint8Array} bytes
 * @returns {Promise<PdfVerdict>}
 */
export async function verifyPdf(bytes) {
  /** @type {Fault[]} */
  const faults = [];
  /** @type {Fault[]} */
  const notes = [];
  /** @type {(Verified | null)[]} */
  const records = [];
  const result = (/** @type {Word} */ word, /** @type {Fault[]} */ said) => ({
    word, rules: said.map(([rule]) => rule), reasons: said.map(([, message]) => message),
    record: word === VERIFIED ? records[0] : null, count: records.length,
  });
  let claims;
  try {
    claims = readChannels(new PdfFile(bytes), faults, notes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return result(UNDECIDED, [[error.rule, error.message]]);
  }
  const { badges, document } = claims;
  const suffixes = new Set(badges.map((badge) => badge.number));
  for (const badge of badges.length ? badges : [null]) {
    const isOwn = (/** @type {string | undefined} */ number) => !suffixes.has(number ?? "") || number === badge?.number;
    const speaking = document.filter((claim) => isOwn(ownNumber(claim)));
    const all = badge ? [badge, ...speaking] : document;
    if (all.length) records.push(await judgeBadge(all, faults, notes));
  }
  // A file that is not of the plain form may be another one to another reader: nothing is said about it.
  if (notes.some(([rule]) => rule === NOT_PLAIN)) return result(UNDECIDED, notes);
  if (faults.length) return result(FAILS, faults);
  if (notes.length) return result(UNDECIDED, notes);
  if (!records.length)
    return result(UNDECIDED, [["no-metadata", "the file carries no Pith Number in its links and metadata"]]);
  if (records.includes(null))
    return result(UNDECIDED, [["record-unavailable", "the file names a number, and carries no record of it"]]);
  return result(VERIFIED, []);
}
