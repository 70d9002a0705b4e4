// The way from a paper to its record: a link to where the registry has it. The page itself asks nobody.

import { ARXIV_ID, ARXIV_LOOKUP, LINK_PREFIX } from "../constants.js";
import { make } from "../elements.js";
import { SUFFIX } from "../pdf/links.js";
import { byId } from "./result.js";

const NUMBER_IN = new RegExp(`(?:^|[:/])(${SUFFIX})(?:$|[./#?])`, "i");
const PAPER_IN = new RegExp(`(?:^|[:/])((?:${ARXIV_ID})(?:v[1-9][0-9]{0,5})?)(?:\\.pdf)?$`);

/**
 * Where the record of a paper is; null where the text names none.
 * @param {string} text
 */
export function recordAddress(text) {
  const named = text.trim();
  const number = NUMBER_IN.exec(named)?.[1];
  if (number) return `${LINK_PREFIX}${number.toUpperCase()}.json`;
  const paper = PAPER_IN.exec(named)?.[1];
  return paper ? ARXIV_LOOKUP.replace("{arxiv}", encodeURIComponent(paper)) : null;
}

export function startFinding() {
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (byId("paper"));
    const href = recordAddress(field.value);
    byId("found").replaceChildren(
      href ? make("a", { href, rel: "noopener noreferrer", target: "_blank" }, "Open the record at the registry")
      : "Neither an arXiv identifier nor a Pith Number. For example: 2606.01751",
    );
    if (!href) field.focus();
  });
}
