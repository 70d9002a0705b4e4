// pith.sty with a record in it, as pithtex/render/package/pith_sty.py writes it to the byte where the receipt was
// given; one that is made here, as the abstract is, is spelled otherwise, by fixed codes.

import { CHUNK, LINK_PREFIX, MARKER, MAX_COMMENT, PITH_STY, VERSION } from "../constants.js";
import { paperName } from "../verify/canonical.js";
import { codeOf } from "../verify/text.js";
import { encodeAbstract, encodeReceipt } from "./deflate.js";
import { qrRows } from "./qr.js";

/** @import { Verified } from "../verify/receipt.js" */

/**
 * Text for the inside of one TeX comment line: printable ASCII without the caret, all else by its code point.
 * @param {string} text
 */
export function texComment(text) {
  const chars = Array.from(text);
  const cut = chars.length > MAX_COMMENT ? [...chars.slice(0, MAX_COMMENT - 3), ..."..."] : chars;
  const code = (/** @type {string} */ char) => codeOf(char).toString(16).toUpperCase().padStart(4, "0");
  return cut.map((char) => (/[ -~]/.test(char) && char !== "^" ? char : `<U+${code(char)}>`)).join("");
}

/**
 * The words of a title, for the warning of pith.sty; empty where TeX could not compare them.
 * @param {string | null} title
 */
const titleWords = (title) =>
  title === null || /[^\0-\x7f]|[\\$^_{}]/.test(title) ? "" : (title.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("-");

/** @param {string} text */
const lines = (text) =>
  (text.match(new RegExp(`.{1,${CHUNK}}`, "g")) ?? []).map((piece) => `    ${piece}\n`).join("");

/** @param {Verified} record */
export async function makePackage(record) {
  const receipt = record.receipt ?? (await encodeReceipt(record));
  const [before, after] = PITH_STY.split(MARKER);
  const source = texComment(paperName(record)), words = lines(titleWords(record.title));
  const abstract = lines(await encodeAbstract(record));
  return `${before}% The record that this copy of pith.sty carries, verified by pithtex ${VERSION}:
%   ${texComment(record.title || "(not stated by the document)")}
%   ${source}, ${record.number}
\\__pith_record:nnnn
  { ${record.number} }
  { ${record.digest} }
  {
${lines(receipt)}  }
  {
${lines(qrRows(`${LINK_PREFIX}${record.suffix}#r=${receipt}`).join("."))}  }
${words && `\\__pith_title:n\n  {\n${words}  }\n`}${abstract && `\\__pith_abstract:n\n  {\n${abstract}  }\n`}${after}`;
}
