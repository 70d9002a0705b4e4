// The page's form: takes a file or a text, and has the word said on the latest.

import { UNDECIDED } from "../verify/verdict.js";
import { startFinding } from "./find.js";
import { checkFile, checkText, unproven } from "./given.js";
import { byId, show } from "./result.js";

/** @import { Kind, Outcome } from "./given.js" */

let latest = 0; // which check may say its word

/** @param {() => Promise<[Kind, Outcome]>} work */
async function check(work) {
  const run = ++latest;
  const result = byId("result");
  delete result.dataset.word;
  result.className = "";
  result.hidden = false;
  byId("word").textContent = "\u2026 Checking";
  byId("said").replaceChildren();
  await new Promise((drawn) => setTimeout(drawn, 20)); // a large file takes some seconds
  /** @type {[Kind, Outcome]} */
  let outcome;
  try {
    outcome = await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    outcome = ["document", unproven(UNDECIDED, `something went wrong in this browser: ${message}`)];
  }
  if (run === latest) await show(...outcome);
}

/** The receipt in the page's own address. Where it is gone, so is the word on it. */
function checkHash() {
  if (location.hash.startsWith("#r=")) {
    check(() => checkText(location.hash));
    return;
  }
  latest++;
  byId("result").hidden = true;
}

function start() {
  const file = /** @type {HTMLInputElement} */ (byId("file"));
  const paste = /** @type {HTMLTextAreaElement} */ (byId("paste"));
  const checkChosen = () => {
    const chosen = file.files?.[0];
    if (chosen) check(() => checkFile(chosen));
    return Boolean(chosen);
  };
  // So that the same file, changed, can be chosen again.
  file.addEventListener("click", () => (file.value = ""));
  file.addEventListener("change", checkChosen);
  document.querySelector("form")?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (paste.value.trim()) check(() => checkText(paste.value));
    else if (!checkChosen()) paste.focus();
  });
  for (const kind of ["dragover", "dragleave", "drop"])
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      document.body.classList.toggle("over", kind === "dragover");
      const dropped = event instanceof DragEvent && kind === "drop" && event.dataTransfer?.files[0];
      if (dropped) check(() => checkFile(dropped));
    });
  if (document.body.dataset.task === "make") startFinding();
  addEventListener("hashchange", checkHash);
  checkHash();
}

start();
