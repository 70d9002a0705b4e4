// <pith-badge receipt="p1....">a plain link</pith-badge>: shows in words what this browser makes of the receipt. The
// content of the element, a plain link, is what stays where no script runs. standing="withdrawn, as of 2026-03-07" is
// the word of whoever made the badge: nothing signs it here, so that it can only speak against the paper.

import { make, terms } from "../elements.js";
import { paperName } from "../verify/canonical.js";
import { verifyReceipt } from "../verify/receipt.js";
import { FAILS, UNDECIDED, VERIFIED } from "../verify/verdict.js";

/** @import { ReceiptVerdict, Verified } from "../verify/receipt.js" */
/** @import { Word } from "../verify/verdict.js" */

const ADVERSE = /^(withdrawn|critical finding|contradictory|superseded|corrected)[ -~]{0,40}$/;

/** @type {Record<Word | "waiting", [string, string]>} */
const WORDS = {
  [VERIFIED]: ["\u2713", "verified in your browser"],
  [FAILS]: ["\u2717", "does not verify"],
  [UNDECIDED]: ["?", "cannot check here"],
  waiting: ["\u2026", "checking"],
};

// Ground, ink, edge, good, bad, link. Every colour on its ground has a contrast of 4.5:1 or more. A sheet made by
// script passes any style-src.
const SHEET = `\
:host{--p:#fff;--i:#1f2328;--e:#59636e;--g:#116329;--b:#a40e26;--l:#0550ae;display:inline-block;max-width:100%;\
font:.875em/1.5 system-ui,sans-serif;vertical-align:top}\
@media(prefers-color-scheme:dark){:host{--p:#0d1117;--i:#f0f6fc;--e:#9198a1;--g:#56d364;--b:#ff9492;--l:#79b8ff}}\
.box{--w:var(--e);border:1px solid var(--w);border-radius:.4em;padding:.2em .6em;overflow-wrap:anywhere;\
background:var(--p);color:var(--i)}\
.verified{--w:var(--g)}\
.fails,.against{--w:var(--b)}\
.head{display:flex;flex-wrap:wrap;gap:0 .6em}\
.word,b{font-weight:600;color:var(--w)}\
a,::slotted(a){color:var(--l)}\
summary{cursor:pointer}\
:focus-visible{outline:2px solid var(--l);outline-offset:2px}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em .8em}\
dl,p{margin:.3em 0}\
dd{margin:0;min-width:0}`;

class PithBadge extends HTMLElement {
  static observedAttributes = ["receipt", "standing"];
  #root = this.attachShadow({ mode: "open" });
  #word = make("span", { className: "word" });
  #link = make("span");
  #more = make("div");
  #box = make("div", {}, make("div", { className: "head" }, this.#link, this.#word), this.#more);
  #run = 0;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    this.#root.adoptedStyleSheets = [sheet];
    this.#word.setAttribute("role", "status");
    this.#root.append(this.#box);
  }

  connectedCallback() {
    this.attributeChangedCallback();
  }

  async attributeChangedCallback() {
    if (!this.isConnected) return;
    const run = ++this.#run;
    this.#show("waiting", "", null);
    /** @type {ReceiptVerdict} */
    let result;
    try {
      result = await verifyReceipt((this.getAttribute("receipt") ?? "").trim());
    } catch {
      result = { word: UNDECIDED, rule: "", reason: "something went wrong in this browser", record: null };
    }
    if (run !== this.#run) return;
    this.#show(result.word, result.reason, result.record);
    // For tests and for pages that want to know; it proves nothing to the page.
    this.dispatchEvent(new CustomEvent("pith-checked", { detail: { word: result.word, rule: result.rule } }));
  }

  /** @type {(word: Word | "waiting", reason: string, record: Verified | null) => void} */
  #show(word, reason, record) {
    const [sign, text] = WORDS[word];
    const said = this.getAttribute("standing") ?? "", mark = ADVERSE.test(said) ? said : "";
    this.#box.className = `box ${word} ${mark && "against"}`;
    // The element with the role stays, so that screen readers notice what changes in it.
    this.#word.replaceChildren(make("span", { ariaHidden: "true" }, `${sign} `), text);
    const link = record && make("a", { href: record.link, rel: "noopener" }, `pith:${record.suffix.slice(0, 8)}`);
    this.#link.replaceChildren(make("b", {}, mark), mark && " ", link ?? make("slot"));
    this.#more.replaceChildren(...this.#details(word, reason, record, mark));
  }

  /** @type {(word: Word | "waiting", reason: string, record: Verified | null, mark: string) => HTMLElement[]} */
  #details(word, reason, record, mark) {
    if (word === "waiting") return [];
    const said = record ? [
      terms([
        ["Standing", mark || "not known here"],
        ["Number", record.number],
        ["Title", record.title ?? "not stated"],
        ["Source", paperName(record)],
        ["Signed by", record.keyId],
      ]),
      "The registry signed this record, and nothing of the page around this badge.",
    ] : [`Why: ${reason}.`];
    return [make("details", {}, make("summary", {}, "Details"), ...said)];
  }
}

if (!customElements.get("pith-badge")) customElements.define("pith-badge", PithBadge);
