// A second implementation of the merge and of reports, written from docs/reference/merge.md and format.md, for node's
// test runner: `test_conformance.py` runs it, and names the joined parts of the browser's reader in PITH_SCRIPT and the
// vectors in PITH_VECTORS. Of the reader it takes JSON, canonical text, the parser of bundles and Ed25519.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const { describe, it } = require("node:test");

const web = require(process.env.PITH_SCRIPT);

const vectors = fs.readFileSync(process.env.PITH_VECTORS, "utf8").trim().split("\n");
const [, ...lines] = vectors.map((line) => JSON.parse(line));
const bytesOf = (line) => ("text" in line ? Buffer.from(line.text) : Buffer.from(line.base64, "base64"));
const parsed = (text) => web.parseDocument(new Uint8Array(Buffer.from(text)));
const count = (value) => new web.Num(String(value));
const byText = (textOf) => (one, other) =>
  web.below(textOf(one), textOf(other)) ? -1 : web.below(textOf(other), textOf(one)) ? 1 : 0;
const entry = (object, key) => object.get(key) ?? null;

/** One copy of an event, by its content, signature and key alone ("When an event is valid"). */
async function judged(document, raw, number) {
  const isObject = web.isObject(raw);
  const content = await web.canonicalDigest(isObject ? web.without(raw, web.UNHASHED) : raw);
  const unhashed = isObject ? web.UNHASHED.filter((key) => raw.has(key)) : [];
  const beside = isObject ? new Map(unhashed.map((key) => [key, raw.get(key)])) : null;
  const stated = isObject ? entry(raw, "event_id") : null;
  const copy = { raw, content, beside: web.canonicalText(beside), id: typeof stated === "string" ? stated : null };
  const alone = new Map(document).set("events", [raw]);
  for (const key of ["state", "bundle_signature"]) alone.delete(key);
  const { events, malformed } = web.parseBundle(new web.Fields(alone, ""));
  if (malformed.length) return { ...copy, reasons: [malformed[0].rule], key: null };
  const [event] = events, { signature } = event, key = web.keyOf(signature.keyId);
  const reasons = new Set();
  const expect = (holds, rule) => holds || reasons.add(rule);
  expect(event.digest === content && event.id === `sha256:${content}`, "event-id-mismatch");
  expect(event.subject === number, "foreign-event");
  expect(event.signer === null || event.signer === signature.keyId, "signer-mismatch");
  const says = signature.algorithm === "ed25519" && signature.message === "open_graph_event_sha256_bytes";
  expect(says && signature.status === "signed_v1", "receipt-field");
  if (key === null) reasons.add("unknown-key");
  else {
    const fingerprint = web.hex(await web.sha256(web.fromHex(key))).slice(0, 32);
    copy.fingerprint = fingerprint;
    expect(signature.fingerprint === null || signature.fingerprint === fingerprint, "fingerprint-mismatch");
    expect(await web.isSigned(key, web.fromHex(content), signature.signature), "event-invalid");
  }
  return { ...copy, key, type: event.type, reasons: [...reasons].sort() };
}

/** By time, then id; a fraction is padded. */
const orderOf = ({ raw, id }) => {
  const time = String(raw.get("created_at"));
  return `${time.slice(0, 19)} ${time.slice(20, -1).padEnd(9, "0")} ${id}`;
};

const isDerived = (kind) => ["arxiv", "arxiv_version", "doi"].includes(kind) || kind.startsWith("pith_short_");

function aliasesOf(documents, number) {
  const suffix = number.slice(10), found = new Map();
  for (const document of documents) {
    const { id, version, kind } = Object.fromEntries(document.get("canonical_record").get("source"));
    const own = new Map([8, 12, 16].map((length) => [`pith_short_${length}`, suffix.slice(0, length)]));
    if (kind === "arxiv")
      own.set("arxiv", id).set("arxiv_version", `${id}v${version.text}`).set("doi", `10.48550/arxiv.${id}`);
    for (const alias of entry(document, "source_aliases") ?? []) {
      const [name, value] = [alias.get("alias_kind"), alias.get("alias_value")];
      const wanted = own.get(name), same = wanted === value || (name === "doi" && wanted === value.toLowerCase());
      if (wanted !== undefined && isDerived(name) && !same) continue;
      const key = `${name}\0${value}`, text = web.canonicalText(alias);
      if (!found.has(key) || web.below(text, found.get(key)[0])) found.set(key, [text, alias]);
    }
  }
  return [...found].sort(byText(([key]) => key)).map(([, [, alias]]) => alias);
}

/** The state document, "The state". */
async function merged(texts) {
  const documents = texts.map(parsed), record = documents[0].get("canonical_record");
  const digest = await web.sha256(web.utf8(web.canonicalText(record)));
  const number = web.numberOf(digest, record.get("metadata").get("submitted_at"));
  const copies = [];
  for (const document of documents)
    for (const raw of entry(document, "events") ?? []) copies.push(await judged(document, raw, number));
  const valid = new Map(), refused = new Map();
  for (const copy of copies) {
    if (copy.reasons.length) refused.set(`${copy.content} ${copy.beside}`, copy);
    else if (!valid.has(copy.id) || web.below(copy.beside, valid.get(copy.id).beside)) valid.set(copy.id, copy);
  }
  const applied = [...valid.values()].sort(byText(orderOf)), superseded = new Set();
  for (const { raw, key } of applied)
    for (const target of entry(raw, "supersedes") ?? [])
      if (valid.get(target)?.key === key) superseded.add(target);
  const kept = [...refused].sort(byText(([name]) => name)).map(([, copy]) => copy);
  const invalid = kept.filter(({ content }) => !valid.has(`sha256:${content}`));
  const places = new Map();
  for (const { raw, key, fingerprint, id } of applied) {
    const [type, target, before] = ["event_type", "target", "prev_event"].map((name) => entry(raw, name));
    if (before === null) continue;
    const place = [key, type, target, before].join("\0");
    if (!places.has(place)) places.set(place, { fingerprint, type, target, before, ids: [] });
    places.get(place).ids.push(id);
  }
  const equivocations = [...places].sort(byText(([place]) => place)).filter(([, { ids }]) => ids.length > 1);
  const entryOf = ({ raw }, ...more) =>
    new Map(["event_id", "target", "created_at", "signer", "payload", ...more].map((key) => [key, entry(raw, key)]));
  const standing = applied.filter(({ id }) => !superseded.has(id)), current = new Map();
  for (const [type, list] of Object.entries(web.STATE_LISTS))
    current.set(list, standing.filter((copy) => copy.type === type).map((copy) => entryOf(copy)));
  const isKnown = ({ type }) => type === "record_created" || Object.hasOwn(web.STATE_LISTS, type);
  const others = standing.filter((copy) => !isKnown(copy)).map((copy) => entryOf(copy, "event_type"));
  if (others.length) current.set("other_events", others);
  const created = standing.find(({ type }) => type === "record_created");
  current.set("canonical_record", record).set("source_aliases", aliasesOf(documents, number));
  current.set("record_created", created ? entryOf(created) : null);
  const state = new Map(Object.entries({
    state_type: "pith_open_graph_state", state_version: "1.0", pith_number: number,
    merge_version: web.MERGE_VERSION, event_count: count(applied.length + invalid.length),
    valid_event_count: count(applied.length), invalid_event_count: count(invalid.length),
    equivocation_count: count(equivocations.length), current,
    equivocations: equivocations.map(([, { fingerprint, type, target, before, ids }]) => new Map(Object.entries({
      public_key_fingerprint: fingerprint, event_type: type, target, prev_event: before,
      event_ids: [...ids].sort(byText((id) => id)),
    }))),
    invalid_events: invalid.map(({ id, content, reasons }) =>
      new Map(Object.entries({ event_id: id, content_sha256: content, reasons }))),
    applied_event_ids: applied.map(({ id }) => id),
  }));
  return state.set("state_sha256", await web.canonicalDigest(state));
}

/** The word on a report, and the rules that it breaks ("Snapshots"). */
async function reported(bytes) {
  const problems = new Set(), missing = new Set();
  try {
    const fields = new web.Fields(web.parseDocument(new Uint8Array(bytes)), "", "malformed-document");
    const paper = fields.text("arxiv_id"), stated = fields.optionalText("pith_number");
    if (stated !== null && stated !== paper) fields.bad("another paper", "pith_number");
    const part = fields.child("integrity"), digest = part.optionalText("snapshot_sha256");
    const [detectors, findings] = ["detectors_run", "findings"].map((key) => entry(part.raw, key));
    const payload = new Map([["detectors", detectors], ["findings", findings]]);
    const own = await web.canonicalDigest(new Map([["payload", payload]]));
    if (digest !== null && digest !== own) problems.add("snapshot-mismatch");
    const events = fields.children(entry(fields.raw, "events") === null ? "_events_visible" : "events").map((item) => ({
      type: item.text("event_type"), digest: item.text("payload_sha256", web.SHA256),
      signature: item.bytes("signature_b64", 64), key: item.text("signing_key_id", /^[A-Za-z0-9-]{1,40}$/),
    }));
    for (const { type, digest: signed, signature, key: id } of events) {
      if (type !== "pith.integrity.v1") continue;
      const key = web.keyOf(id);
      if (key === null) missing.add("unknown-key");
      else if (!(await web.isSigned(key, web.fromHex(signed), signature))) problems.add("event-invalid");
    }
  } catch (error) {
    if (!(error instanceof web.Refused)) throw error;
    return { word: "fails", rules: [error.rule] };
  }
  const word = problems.size ? "fails" : missing.size ? "undecided" : "verified";
  return { word, rules: [...problems, ...missing].sort() };
}

describe("merges", () => {
  for (const { name, bundles, state } of lines.filter(({ kind }) => kind === "merge"))
    it(name, async () => {
      const own = web.canonicalText(await merged(bundles));
      assert.equal(own, web.canonicalText(parsed(JSON.stringify(state))));
      assert.equal(web.canonicalText(await merged([...bundles].reverse())), own);
    });
});

describe("reports", () => {
  for (const line of lines.filter(({ kind, name }) => kind === "document" && name.startsWith("report")))
    it(line.name, async () => assert.deepEqual(await reported(bytesOf(line)), { word: line.word, rules: line.rules }));
});
