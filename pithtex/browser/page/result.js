// The result: the word, what it is about, and from a verified record pith.sty. All text goes in as text.

import { CAN_SAY, LINK_PREFIX, MAX_STATEMENT } from "../constants.js";
import { isolated, make, shownNumber, terms } from "../elements.js";
import { NOT_PLAIN } from "../pdf/objects.js";
import { paperName } from "../verify/canonical.js";
import { FAILS, UNDECIDED, VERIFIED } from "../verify/verdict.js";
import { makePackage } from "./package.js";

/** @import { Kind, Outcome } from "./given.js" */
/** @import { Standing, Statement } from "../verify/standing.js" */
/** @import { Verified } from "../verify/receipt.js" */

const SAYS = {
  [VERIFIED]: ["\u2713 ", "Verified in your browser"],
  [FAILS]: ["\u2717 ", "Does not verify"],
  [UNDECIDED]: ["? ", "Cannot be checked here"],
};
/** The sign as a drawing, for who sees: strokes in a square of 48. */
const SIGNS_DRAWN = {
  [VERIFIED]: "M14 25l7 7l13-15",
  [FAILS]: "M16 16l16 16M32 16l-16 16",
  [UNDECIDED]: "M18 19a6 6 0 1 1 9 5q-3 2-3 5M24 35v.1",
};
const MAX_REASONS = 12;
const MAX_SHOWN = 300;

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {...(Node | string)} children */
const paragraph = (...children) => make("p", {}, ...children);

/**
 * Text of strangers: cut, and without what is not seen.
 * @param {string} text
 */
function stranger(text, most = MAX_SHOWN) {
  const chars = Array.from(text), more = chars.length - most;
  const cut = more > 0 ? `${chars.slice(0, most).join("")} [and ${more} more characters]` : text;
  return isolated(cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd"));
}

/** @param {Verified} record */
const recordFacts = (record) =>
  terms([
    ["Title", record.title ?? "not stated"],
    ["Paper", paperName(record)],
    ["Number", shownNumber(record)],
  ], stranger);

/** @param {Verified} record */
function moreFacts(record) {
  /** @type {[string, string][]} */
  const rows = [
    ["Submitted", record.submitted],
    ["Category", record.category],
    ["SHA-256", record.digest],
    ["Signed by", record.keyId],
  ];
  const href = record.link ?? `${LINK_PREFIX}${record.suffix}`;
  const link = make("a", { href, rel: "noopener noreferrer" }, "The number\u2019s page at the registry");
  return make("details", {}, make("summary", {}, "More about the record"), terms(rows, stranger), paragraph(link));
}

/** @type {(statement: Statement) => string} */
const markOf = ({ says, signed }) => (signed ? says : `${says}, unsigned`);
/** What is said against the paper: all that stands before "author attested" among what can be said. */
const AGAINST = CAN_SAY.slice(0, 5);

/**
 * The gravest thing that is said against the paper; empty where nothing is.
 * @param {Standing} standing
 */
const markOfAll = ({ statements: [first] }) => (first && AGAINST.includes(first.says) ? markOf(first) : "");

/** @param {Standing} standing */
function standingParts(standing) {
  const { statements, asOf } = standing;
  const words = [...new Set(statements.map(markOf))].join(", ") || "registered, and nothing more is said";
  const unknown =
    "unknown. No signed event was seen, and a record does not tell what happened after it: pithtex show asks.";
  const said = asOf ? `${words} (as of ${asOf}, from this document alone).` : unknown;
  const items = statements.slice(0, MAX_REASONS).map(({ says, text, by }) => {
    const inWords = text ? [": ", stranger(text, MAX_STATEMENT)] : [];
    return make("li", {}, make("strong", {}, says), ...inWords, " (", stranger(by), ")");
  });
  return [paragraph(make("strong", {}, "Standing:"), ` ${said}`), ...(items.length ? [make("ul", {}, ...items)] : [])];
}

// What is proven, and what is not looked at.
const SCOPE = {
  receipt: [
    "the registry\u2019s key signed this record, and its number and title are those shown.",
    "anything about a paper: anybody can copy a genuine record.",
  ],
  document: [
    "the registry\u2019s key signed this record, and the document\u2019s copies of it agree.",
    "what is not signed, such as authors and status words: pithtex verify checks these.",
  ],
  pdf: [
    "the file carries a genuine record, and its link and metadata agree with the record\u2019s number.",
    "that this paper shows that title and its abstract, and that nothing lies over the badge. A genuine badge can " +
      "stand on another paper: compare the title above with the paper\u2019s own, or use pithtex check.",
  ],
};

/** @param {Kind} kind */
const scope = (kind) =>
  ["Proven:", "Not checked here:"].map((heading, at) =>
    paragraph(make("strong", {}, heading), ` ${SCOPE[kind][at]}`));

/** Whether this is the page for authors: what they came for stands first in it. */
const isMaking = () => document.body.dataset.task === "make";

/** @type {string | null} */
let madeUrl = null;

/** @param {Verified} record */
async function packageParts(record) {
  const lines = `\\usepackage{pith}\n\\pithnumber{${record.suffix}}`;
  if (madeUrl) URL.revokeObjectURL(madeUrl);
  madeUrl = URL.createObjectURL(new Blob([await makePackage(record)], { type: "text/x-tex" }));
  const copied = make("span", { role: "status" });
  const copy = make("button", { type: "button" }, "Copy the two lines");
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(lines);
      copied.textContent = " Copied.";
    } catch {
      copied.textContent = " Not copied: this browser does not allow it. Select the lines above.";
    }
  });
  const how = "Upload this file beside the paper, for example to Overleaf, and add two lines to its preamble, after " +
    "the last \\usepackage:";
  const download = make("a", { href: madeUrl, download: "pith.sty", className: "download" }, "Download pith.sty");
  return make("details", { className: "made", open: isMaking() },
    make("summary", {}, "Put it into your paper"),
    paragraph(how),
    make("pre", { tabIndex: 0 }, lines),
    paragraph(download, " ", copy, copied),
  );
}

/**
 * @param {Kind} kind
 * @param {Outcome} outcome
 * @returns {Promise<Node[]>}
 */
async function details(kind, { word, rules, reasons, record, count = 1, standing }) {
  if (word === VERIFIED && record) {
    const known = standing ?? { statements: [], asOf: null };
    const others = count > 1 ? [paragraph(`The file carries ${count} badges; the first is shown.`)] : [];
    // Of a paper that something is said against pithtex generate makes a badge that says so.
    const isAgainst = markOfAll(known) !== "";
    const made = isAgainst ? [] : [await packageParts(record)];
    const facts = recordFacts(record), said = standingParts(known);
    const about = [...(isAgainst ? [...said, facts] : [facts, ...said]), ...others];
    const more = [...scope(kind), moreFacts(record)];
    return isMaking() ? [...made, ...about, ...more] : [...about, ...more, ...made];
  }
  const items = reasons.slice(0, MAX_REASONS).map((reason) => make("li", {}, stranger(reason)));
  const rest =
    word === FAILS ? "Do not rely on it. Something was changed, damaged, or made up."
    : rules.includes(NOT_PLAIN) ? "This page says nothing about such a file. Use pithtex check."
    : "Nothing is proven, and nothing wrong was found.";
  return [make("ul", {}, ...items), paragraph(rest)];
}

/**
 * Of a PDF the word is about the record in it. What was not compared stands beside the word, as large as that.
 * @param {Kind} kind
 * @param {Outcome} outcome
 */
export async function show(kind, outcome) {
  const { word, standing } = outcome, result = byId("result"), said = await details(kind, outcome);
  const mark = standing ? markOfAll(standing) : "";
  const isOfFile = kind === "pdf" && word === VERIFIED;
  const limit = make(
    "span", { className: "limit" }, "The paper\u2019s title and abstract were not compared with the record\u2019s.");
  result.className = mark ? "against" : word;
  result.hidden = false;
  const first = mark ? [make("span", { className: "mark" }, mark), ". Genuine record: "] : [];
  const [sign, says] = SAYS[word];
  const spoken = [make("span", { className: "unseen" }, sign), says];
  byId("word").replaceChildren(...first, ...spoken, ...(isOfFile ? [": the record in this file. ", limit] : []));
  byId("sign").setAttribute("d", SIGNS_DRAWN[word]);
  byId("said").replaceChildren(...said);
  result.dataset.word = word;
  result.focus();
}
