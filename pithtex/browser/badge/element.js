// <pith-badge receipt="p1....">a plain link</pith-badge>: shows in words what this browser makes of the receipt. The
// content of the element, a plain link, is what stays where no script runs. standing="withdrawn, as of 2026-03-07" is
// the word of whoever made the badge: nothing signs it here, so that it can only speak against the paper.

import { make, shownNumber, terms } from "../elements.js";
import { paperName } from "../verify/canonical.js";
import { verifyReceipt } from "../verify/receipt.js";
import { FAILS, UNDECIDED, VERIFIED } from "../verify/verdict.js";

/** @import { ReceiptVerdict, Verified } from "../verify/receipt.js" */
/** @import { Word } from "../verify/verdict.js" */

const ADVERSE = /^(withdrawn|critical finding|contradictory|superseded|corrected)[ -~]{0,40}$/;

/** @typedef {"details" | "standing" | "number" | "title" | "source" | "key"} Term */
/** @typedef {Record<Word | Term | "waiting" | "unknown" | "unstated" | "why" | "scope", string>} Texts */

/** What it says, by language. A row has the texts in the order of `NAMES`. */
const NAMES = [
  VERIFIED, FAILS, UNDECIDED, "waiting", "details", "standing", "number", "title", "source", "key",
  "unknown", "unstated", "why", "scope",
];
/** @type {Record<string, string>} */
const LANGUAGES = {
  en: "verified in your browser|does not verify|cannot check here|checking|Details|Standing|Number|Title|Source|\
Signed by|not known here|not stated|Why|The registry signed this record, and nothing of the page around this badge.",
  de: "in Ihrem Browser gepr\u00fcft|h\u00e4lt der Pr\u00fcfung nicht stand|hier nicht pr\u00fcfbar|wird gepr\u00fcft|\
N\u00e4heres|Stand|Nummer|Titel|Quelle|Unterschrieben von|hier nicht bekannt|nicht angegeben|Grund|\
Das Register hat diesen Eintrag unterschrieben, und nichts von der Seite um dieses Abzeichen.",
  es: "verificado en su navegador|no se verifica|no se puede comprobar aqu\u00ed|comprobando|Detalles|Estado|\
N\u00famero|T\u00edtulo|Fuente|Firmado por|desconocido aqu\u00ed|no indicado|Motivo|\
El registro firm\u00f3 esta ficha, y nada de la p\u00e1gina alrededor de esta insignia.",
  fr: "v\u00e9rifi\u00e9 dans votre navigateur|ne se v\u00e9rifie pas|inv\u00e9rifiable ici|v\u00e9rification|\
D\u00e9tails|Statut|Num\u00e9ro|Titre|Source|Sign\u00e9 par|inconnu ici|non indiqu\u00e9|Raison|\
Le registre a sign\u00e9 cette notice, et rien de la page autour de ce badge.",
};
const SIGNS = { [VERIFIED]: "\u2713", [FAILS]: "\u2717", [UNDECIDED]: "?", waiting: "\u2026" };

// Ground, ink, edge, good, bad, link. Every colour on its ground has a contrast of 4.5:1 or more. A sheet made by
// script passes any style-src. Pages set --pith-ground, --pith-ink, --pith-edge, --pith-link, --pith-font, or style the
// parts. The details lie over what follows, so that nothing moves when they open; they have two columns where there is
// room for a number's suffix beside its label, since a number is broken before its suffix alone.
const SHEET = `\
:host{--g1:#fff;--i1:#1b2128;--e1:#57606a;--l1:#1f5f99;--g:#116329;--b:#a40e26;--p:var(--pith-ground,var(--g1));\
--i:var(--pith-ink,var(--i1));--e:var(--pith-edge,var(--e1));--l:var(--pith-link,var(--l1));display:inline-block;\
max-width:100%;font:.875em/1.5 var(--pith-font,system-ui,sans-serif);vertical-align:top}\
@media(prefers-color-scheme:dark){:host{--g1:#0d1117;--i1:#e6edf3;--e1:#9da7b1;--l1:#79b8ff;--g:#56d364;--b:#ff9492}}\
.box{--w:var(--e);position:relative;border:1px solid var(--w);border-radius:.4em;padding:.2em .6em;\
overflow-wrap:anywhere;background:var(--p);color:var(--i)}\
.panel{position:absolute;z-index:9;left:-1px;right:-1px;top:100%;min-width:min(19em,85vw);padding:.2em .6em;\
border:1px solid var(--w);border-radius:.4em;background:var(--p);color:var(--i);container-type:inline-size}\
@media print{:host{--g1:#fff;--i1:#000;--e1:#000;--l1:#000;--g:#000}summary,.verified .word{display:none}}\
.verified{--w:var(--g)}\
.fails,.against{--w:var(--b)}\
.head{display:flex;flex-wrap:wrap;gap:0 .6em}\
.word,b{font-weight:600;color:var(--w)}\
a,::slotted(a){color:var(--l)}\
summary{cursor:pointer}\
:focus-visible{outline:2px solid var(--l);outline-offset:2px}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1em .8em}\
dl,p{margin:.3em 0}\
dd{margin:0;min-width:0}\
@container(width<27em){dl{display:block}dt{font-size:.86em}dd{margin-bottom:.3em}}`;

class PithBadge extends HTMLElement {
  static observedAttributes = ["receipt", "standing"];
  #root = this.attachShadow({ mode: "open" });
  #word = make("span", { className: "word" });
  #link = make("span");
  #more = make("div");
  #box = make("div", {}, make("div", { className: "head" }, this.#link, this.#word, this.#more));
  #run = 0;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    this.#root.adoptedStyleSheets = [sheet];
    this.#word.setAttribute("role", "status");
    for (const [part, element] of Object.entries({ box: this.#box, link: this.#link, word: this.#word }))
      element.setAttribute("part", part);
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
    const texts = this.#texts();
    const said = this.getAttribute("standing") ?? "", mark = ADVERSE.test(said) ? said : "";
    this.#box.className = `box ${word} ${mark && "against"}`;
    // The element with the role stays, so that screen readers notice what changes in it.
    this.#word.replaceChildren(make("span", { ariaHidden: "true" }, `${SIGNS[word]} `), texts[word]);
    const link = record && make("a", { href: record.link, rel: "noopener" }, `pith:${record.suffix.slice(0, 8)}`);
    this.#link.replaceChildren(make("b", {}, mark), mark && " ", link ?? make("slot"));
    this.#more.replaceChildren(...this.#details(word, reason, record, mark, texts));
  }

  /**
   * In the language of the page around it, where that is one of these.
   * @returns {Texts}
   */
  #texts() {
    const stated = /** @type {HTMLElement | null} */ (this.closest("[lang]"))?.lang.slice(0, 2).toLowerCase() ?? "";
    const language = Object.hasOwn(LANGUAGES, stated) ? stated : "en";
    this.#box.lang = language;
    const row = LANGUAGES[language].split("|");
    return /** @type {Texts} */ (Object.fromEntries(NAMES.map((name, at) => [name, row[at]])));
  }

  /**
   * @param {Word | "waiting"} word
   * @param {string} reason
   * @param {Verified | null} record
   * @param {string} mark
   * @param {Texts} texts
   */
  #details(word, reason, record, mark, texts) {
    if (word === "waiting") return [];
    const said = record ? [
      terms([
        [texts.standing, mark || texts.unknown],
        [texts.number, shownNumber(record)],
        [texts.title, record.title ?? texts.unstated],
        [texts.source, paperName(record)],
        [texts.key, record.keyId],
      ]),
      texts.scope,
    ] : [`${texts.why}: `, make("span", { lang: "en" }, `${reason}.`)];
    const panel = make("div", { className: "panel" }, ...said);
    panel.setAttribute("part", "details");
    return [onlyOne(make("details", {}, make("summary", {}, texts.details), panel))];
  }
}

/** The panel that is open: two would lie over each other. @type {HTMLDetailsElement | null} */
let opened = null;

/** @type {(details: HTMLDetailsElement) => HTMLDetailsElement} */
function onlyOne(details) {
  details.addEventListener("toggle", () => {
    if (details.open && opened && opened !== details) opened.open = false;
    if (details.open) opened = details;
  });
  return details;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !opened?.open) return;
  const within = opened.matches(":focus-within");
  opened.open = false;
  if (within) opened.querySelector("summary")?.focus();
});

if (!customElements.get("pith-badge")) customElements.define("pith-badge", PithBadge);
