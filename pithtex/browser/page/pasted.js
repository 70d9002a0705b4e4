// Links and receipts in what people paste, as pithtex/decoding/pasted.py finds them; its expressions are used here.

import { MAX_CODES, MAX_RECEIPT, PASTED } from "../constants.js";
import { SPACE, strip } from "../verify/text.js";

/** @typedef {{ text: string, whole: boolean }} Saying */
/** @typedef {{ sayings: Saying[], cut: boolean }} Pasted */

const MAX_MATCHES = 10000;
/** @type {(name: string, flags?: string) => RegExp} */
const expression = (name, flags = "") => new RegExp(PASTED.expressions[name], flags);
const IS_BLANK = new RegExp(`[${SPACE}]`);
const AROUND = [
  new RegExp(`^${PASTED.expressions.OPENING}`), new RegExp(`${PASTED.expressions.CLOSING}$`),
];

/**
 * @param {string} all
 * @param {string | undefined} decimal
 * @param {string | undefined} hexadecimal
 * @param {string | undefined} name
 */
function referred(all, decimal, hexadecimal, name) {
  if (name) return Object.hasOwn(PASTED.references, name) ? PASTED.references[name] : all;
  const code = decimal ? Number(decimal) : parseInt(hexadecimal ?? "", 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : all;
}

/** @param {string} text */
function unquoted(text) {
  const bytes = (/** @type {string} */ all) =>
    new TextDecoder().decode(Uint8Array.from(all.slice(1).split("%"), (pair) => parseInt(pair, 16)));
  return ` ${text.replace(/(?:%[0-9a-fA-F]{2})+/g, bytes)} `;
}

/**
 * As it was before programs wrote it into something.
 * @param {string} text
 */
const plain = (text) =>
  text
    .replace(expression("REFERENCE", "g"), referred)
    .replace(expression("UNSEEN", "g"), "")
    .replace(expression("ESCAPED", "g"), "$1")
    .replaceAll("#r=3D", "#r=")
    .replace(expression("ENCODED", "gi"), unquoted);

/**
 * With scheme and host in small letters, in which they are the same.
 * @param {string} address
 */
const smallHost = (address) => address.replace(/https?:\/\/[!-~]*?(?=[/?#]|$)/i, (found) => found.toLowerCase());

/** @type {(text: string, pattern: RegExp) => RegExpExecArray[]} */
function matchesIn(text, pattern) {
  const found = [];
  for (const match of text.matchAll(pattern)) if (found.push(match) === MAX_MATCHES) break;
  return found;
}

/**
 * What a text says of Pith, in its order.
 * @param {string} given
 * @returns {Pasted}
 */
export function readPasted(given) {
  const text = plain(given), stripped = strip(text).replace(AROUND[0], "").replace(AROUND[1], "");
  const isAlone = new RegExp(`^(?:${PASTED.expressions.ALONE})$`).test(stripped) && !IS_BLANK.test(stripped);
  if (isAlone && stripped.length <= MAX_RECEIPT + PASTED.reach)
    return { sayings: [{ text: smallHost(stripped), whole: true }], cut: false };
  const lines = text.replace(expression("BREAK", "g"), "\n");
  /** @type {Map<string, Saying>} */
  const found = new Map();
  for (const match of matchesIn(lines, expression("RECEIPT", "g"))) {
    const before = lines.slice(Math.max(match.index - PASTED.reach, 0), match.index).replaceAll("\n", "");
    const start = before.toLowerCase().lastIndexOf("http");
    const address = start < 0 ? null : expression("ADDRESS", "i").exec(before.slice(start));
    const saying = (address ? smallHost(address[0]) : "") + match[0].replaceAll("\n", "");
    if (!found.has(saying)) found.set(saying, { text: saying, whole: !match[0].includes("\n") });
    if (found.size === MAX_CODES) break;
  }
  const all = [...found.keys()];
  const linked = all.filter((each) => each.includes("#r=")).map((each) => each.split("#r=").pop());
  const cut = !all.length && expression("CUT").test(lines);
  return { sayings: [...found.values()].filter((each) => !linked.includes(each.text)), cut };
}
