// The page: takes a file or a text, says the word, and from a verified record makes pith.sty. All text goes in as text.

const SAYS = {
  [VERIFIED]: "\u2713 Verified in your browser",
  [FAILS]: "\u2717 Does not verify",
  [UNDECIDED]: "? Cannot be checked here",
};
const MAX_REASONS = 12, MAX_SHOWN = 300;

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Text of strangers: cut, without what is not seen, and isolated, so that its direction turns nothing around it.
function isolated(text) {
  const chars = Array.from(text);
  const cut = chars.length > MAX_SHOWN ? `${chars.slice(0, MAX_SHOWN).join("")} [and ${chars.length - MAX_SHOWN} more characters]` : text;
  return make("bdi", {}, cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\ufffd"));
}

const byId = (id) => document.getElementById(id);
const paragraph = (...children) => make("p", {}, ...children);

function recordFacts(record) {
  const list = make("dl");
  for (const [term, value] of [
    ["Number", record.number],
    ["Title", record.title ?? "not stated"],
    ["Source", `${record.kind === "arxiv" ? "arXiv" : record.kind}:${record.id}v${record.version}`],
    ["Submitted", record.submitted],
    ["Category", record.category],
    ["SHA-256", record.digest],
    ["Signed by", record.keyId],
  ])
    list.append(make("dt", {}, term), make("dd", {}, isolated(value)));
  const link = make("a", { href: record.link ?? `${LINK_PREFIX}${record.suffix}`, rel: "noopener noreferrer" }, "The number\u2019s page at the registry");
  return [list, paragraph(link)];
}

// What is proven, and what is not looked at.
const SCOPE = {
  receipt: [
    "the registry\u2019s key signed this record, and its number and title are those shown.",
    "any paper. Who carries a record need not be who it is of.",
  ],
  document: [
    "the registry\u2019s key signed this record, and what the document repeats of it agrees.",
    "what nothing signs, as authors and status words: pithtex verify looks at these.",
  ],
  pdf: [
    "the file carries a genuine record, and its link and metadata agree with the record\u2019s number.",
    "that this paper shows that title, and that nothing lies over the badge. A genuine badge can stand on another paper: " +
      "compare the title above with the paper\u2019s own, or use pithtex check.",
  ],
};

const scope = (kind) =>
  ["Proven:", "Not checked here:"].map((heading, at) => paragraph(make("strong", {}, heading), ` ${SCOPE[kind][at]}`));

let madeUrl = null;

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
      copied.textContent = " Not copied: this browser does not let the page. Select the lines above.";
    }
  });
  return [
    make("h3", {}, "Put it into a paper"),
    paragraph("Upload this file beside the paper, for example to Overleaf, and add two lines to its preamble, after the last \\usepackage:"),
    make("pre", { tabIndex: 0 }, lines),
    paragraph(make("a", { href: madeUrl, download: "pith.sty", className: "download" }, "Download pith.sty"), " ", copy, copied),
  ];
}

async function show(kind, { word, reason, reasons = [reason], record, count = 1 }) {
  const result = byId("result");
  const said = [];
  if (word === VERIFIED) said.push(...recordFacts(record), ...scope(kind));
  else said.push(make("ul", {}, ...reasons.slice(0, MAX_REASONS).map((item) => make("li", {}, isolated(item)))));
  if (word === VERIFIED && count > 1) said.push(paragraph(`The file carries ${count} badges; the first is shown.`));
  if (word === FAILS) said.push(paragraph("Do not rely on it. Something was changed, damaged, or made up."));
  if (word === UNDECIDED) said.push(paragraph("Nothing is proven, and nothing wrong was found."));
  if (word === VERIFIED) said.push(...(await packageParts(record)));
  result.className = word;
  result.hidden = false;
  byId("word").textContent = SAYS[word] + (kind === "pdf" && word === VERIFIED ? ": the record in this file" : "");
  byId("said").replaceChildren(...said);
  result.dataset.word = word;
  result.focus();
}

// A link, as pithtex decode reads it: to a number's page at the registry, in its one spelling, of the number that it carries.
async function checkLink(link) {
  const [, number, receipt] = PITH_LINK.exec(link) ?? [];
  if (!number) return { word: link.includes("#r=") ? FAILS : UNDECIDED, reason: "the link leads elsewhere than to a number\u2019s page at the registry, https://pith.science", record: null };
  if (!receipt) return { word: UNDECIDED, reason: "a link without a receipt: it names a page, and carries no record", record: null };
  const verdict = await verifyReceipt(receipt);
  if (!verdict.record || number === verdict.record.suffix) return verdict;
  return { word: FAILS, reason: "the link names another number than its record", record: null };
}

// What a text is: a link, a receipt, or else JSON.
async function checkText(text) {
  if (/^\s*[{[]/.test(text)) return ["document", await verifyDocument(utf8(text))];
  // What was copied over several lines is put together again.
  const joined = text.replace(ENDS, "").replace(/[ \t]*[\r\n]+[ \t]*/g, "");
  const receipt = joined.replace(/^#r=/, "");
  if (receipt.startsWith("p1.")) return ["receipt", await verifyReceipt(receipt)];
  if (namesPith(receipt)) return ["receipt", await checkLink(receipt)];
  const reason = /^https?:\/\//.test(joined)
    ? "a link without a receipt: it names a page, and carries no record"
    : "neither a link with #r=p1\u2026, nor a receipt that begins with p1., nor a record in JSON";
  return ["receipt", { word: UNDECIDED, reason, record: null }];
}

async function checkFile(file) {
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer());
  const isPdf = latin1(head).includes("%PDF-");
  if (file.size > (isPdf ? MAX_PDF : MAX_DOCUMENT)) {
    const limit = (isPdf ? MAX_PDF : MAX_DOCUMENT) >> 20;
    return [isPdf ? "pdf" : "document", { word: UNDECIDED, reason: `the file is larger than ${limit} MiB, and this page reads no larger ones: use pithtex`, record: null }];
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isPdf) return ["pdf", await verifyPdf(bytes)];
  if (/^[\s\ufeff]*[{[]/.test(latin1(head))) return ["document", await verifyDocument(bytes)];
  return checkText(latin1(bytes.subarray(0, 4 * MAX_RECEIPT)));
}

let latest = 0; // which check may say its word

// The receipt in the page's own address. Where it is gone, so is the word on it.
function checkHash() {
  if (location.hash.startsWith("#r=")) return check(() => checkText(location.hash));
  latest++;
  byId("result").hidden = true;
}

async function check(work) {
  const run = ++latest;
  const result = byId("result");
  delete result.dataset.word;
  result.className = "";
  result.hidden = false;
  byId("word").textContent = "\u2026 Checking";
  byId("said").replaceChildren();
  await new Promise((drawn) => setTimeout(drawn, 20)); // a large file takes some seconds
  let outcome;
  try {
    outcome = await work();
  } catch (error) {
    outcome = ["document", { word: UNDECIDED, reason: `something went wrong in this browser: ${error.message}`, record: null }];
  }
  if (run === latest) await show(...outcome);
}

function start() {
  const file = byId("file"), paste = byId("paste");
  // So that the same file, changed, can be chosen again.
  file.addEventListener("click", () => (file.value = ""));
  file.addEventListener("change", () => file.files[0] && check(() => checkFile(file.files[0])));
  document.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (paste.value.trim()) check(() => checkText(paste.value));
    else if (file.files[0]) check(() => checkFile(file.files[0]));
    else paste.focus();
  });
  for (const kind of ["dragover", "dragleave", "drop"])
    document.addEventListener(kind, (event) => {
      event.preventDefault();
      document.body.classList.toggle("over", kind === "dragover");
      const dropped = kind === "drop" && event.dataTransfer?.files[0];
      if (dropped) check(() => checkFile(dropped));
    });
  addEventListener("hashchange", checkHash);
  checkHash();
}

start();
