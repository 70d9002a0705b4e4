// Texts, as Python reads them: white space, case, order, and what a title may not hold.

/** Python's white space, as the inside of a class of characters. */
export const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const SPACES = new RegExp(`[${SPACE}]+`, "g");
const ENDS = /* @__PURE__ */ new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");

/** @param {string} text */
export const collapse = (text) => text.replace(SPACES, " ").replace(/^ | $/g, "");
/**
 * As Python's strip.
 * @param {string} text
 */
export const strip = (text) => text.replace(ENDS, "");

/**
 * Whether a title has what a compact receipt may not hold: docs/reference/compact-receipt.md, "Characters of a title".
 * @param {string} title
 */
export const deceives = (title) =>
  title !== collapse(title) ||
  /(?!\p{Cn})[\p{C}\p{Zl}\p{Zp}]|\p{NChar}/u.test(title) ||
  Array.from(title).some((char) => char.normalize("NFD") === char && char.normalize("NFKD") !== char);

/**
 * Whether a title has a character that this browser's Unicode does not assign: of it nothing can be said here.
 * @param {string | null} title
 */
export const isBeyond = (title) => /\p{Cn}/u.test(title ?? "");

/**
 * Whether the one comes before the other, by code point.
 * @param {string} one
 * @param {string} other
 */
export const below = (one, other) => {
  const a = Array.from(one), b = Array.from(other);
  const at = a.findIndex((char, index) => char !== b[index]);
  return at < 0 ? a.length < b.length : at < b.length && codeOf(a[at]) < codeOf(b[at]);
};

/** @type {(char: string) => number} */
export const codeOf = (char) => /** @type {number} */ (char.codePointAt(0));

/**
 * Full case folding by what every engine has. The exceptions are all there are (Unicode, CaseFolding.txt).
 * @param {string} text
 */
export const fold = (text) =>
  Array.from(text, (char) =>
    char === "\u0131" ? char
    : /[\u13a0-\u13fd\uab70-\uabbf]/.test(char) ? char.toUpperCase()
    : char.toLowerCase().toUpperCase().toLowerCase(),
  ).join("");

/**
 * Whether all are texts of a form.
 * @param {RegExp} pattern
 * @param {...unknown} values
 */
export const matches = (pattern, ...values) =>
  values.every((value) => typeof value === "string" && pattern.test(value));
