// Records and bundles, verified by the steps of pithtex/verify/record.py and pithtex/verify/bundle.py; the numbers are theirs. What only
// warns there is not looked at here.

const OWN_LINKS = new Set(
  ("html json graph_json events_json paper resolver bundle state well_known_bundle view_html download_json view_paper " +
    "resolve_alias fetch_graph fetch_events anchor_timestamp attest_storage attest_author sign_citation submit_replication").split(" "),
);
const NAMED = /\/(?:pith|paper|pith-number)\/([A-Z2-7]{26}|[A-Z2-7]{8})(?![^./?#\n])/g;
const ARXIV_QUERY = new RegExp(`[?&]arxiv=([^&#${SPACE}]+)`, "g");
const UNHASHED = ["signature", "content_sha256", "event_id"];
const KEY_ID = /^[A-Za-z0-9-]{1,40}$/;

const isObject = (value) => value instanceof Map;

// The fields of an object, each of its type or Refused with its path.
class Fields {
  constructor(value, where, rule = "malformed-document") {
    this.where = where;
    this.rule = rule;
    if (!isObject(value)) this.bad("an object is expected", where || "(document)");
    this.raw = value;
  }
  bad(message, where) {
    refuse(`${where}: ${message}`, this.rule);
  }
  path(key) {
    return this.where ? `${this.where}.${key}` : key;
  }
  text(key, pattern = /^[^]*$/) {
    const value = this.raw.get(key);
    return matches(pattern, value) ? value : this.bad("missing, or not of the form expected", this.path(key));
  }
  // Absent and null state nothing.
  optional(key, read) {
    return (this.raw.get(key) ?? null) === null ? null : read(key);
  }
  optionalText(key) {
    return this.optional(key, () => this.text(key));
  }
  list(key) {
    const value = this.raw.get(key);
    return Array.isArray(value) ? value : this.bad("a list is expected", this.path(key));
  }
  child(key) {
    return new Fields(this.raw.get(key), this.path(key), this.rule);
  }
  children(key) {
    return (this.optional(key, () => this.list(key)) ?? []).map((item, at) => new Fields(item, `${this.path(key)}[${at}]`, this.rule));
  }
  bytes(key, length) {
    const text = this.text(key, /^[A-Za-z0-9+/]*={0,2}$/);
    let binary = null;
    try {
      binary = atob(text);
    } catch {}
    if (binary?.length !== length || btoa(binary) !== text) this.bad(`not the base64 of ${length} bytes`, this.path(key));
    return Uint8Array.from(binary, (char) => char.charCodeAt(0));
  }
}

function parseSignature(fields) {
  return {
    keyId: fields.text("key_id", KEY_ID), signature: fields.bytes("signature_b64", 64), algorithm: fields.text("algorithm"),
    message: fields.text("signed_message"), status: fields.text("signature_status"),
    fingerprint: fields.optionalText("public_key_fingerprint"), signedAt: fields.optionalText("signed_at"), where: fields.where,
  };
}

function parseReceipt(fields) {
  return {
    kind: fields.text("kind"), version: fields.text("receipt_version"), digest: fields.text("canonical_sha256"),
    ...parseSignature(fields),
  };
}

function parseAliases(fields, key) {
  return fields.children(key).map((item) => ({ kind: item.text("alias_kind"), value: item.text("alias_value"), where: item.where }));
}

const copiesIn = (fields, name) => (fields?.optional(name, () => [fields.child(name)]) ?? []);

function parsePart(fields) {
  const canonical = fields.raw.get("canonical_record");
  if (!isObject(canonical)) refuse("canonical_record: an object is expected", "record-shape");
  return {
    canonical: parseCanonical(canonicalText(canonical)), document: fields.raw, number: fields.text("pith_number"),
    digest: fields.text("canonical_sha256"), short: fields.optionalText("short_pith_number"),
  };
}

const withTitle = (record) => ({ ...record, title: record.papers.length ? record.papers[0].optionalText("title") : null });

function parseRecord(fields) {
  const receipt = fields.optional("receipt", () => parseReceipt(fields.child("receipt")));
  const snapshot = fields.optional("graph_snapshot", () => fields.child("graph_snapshot"));
  return withTitle({
    ...parsePart(fields), receipt, snapshot, aliases: parseAliases(fields, "aliases"),
    papers: [...copiesIn(fields, "paper"), ...copiesIn(snapshot, "paper")],
    sources: [...copiesIn(fields, "source"), ...copiesIn(snapshot, "source")],
    restatements: [new Map([["schema_version", fields.raw.get("schema_version")]])],
  });
}

const receiptOf = (event) =>
  event.type === "record_created" ? event.payload.optional("receipt", () => parseReceipt(event.payload.child("receipt"))) : null;

function snapshotOf(event) {
  if (event.type !== "graph_snapshot") return null;
  const snapshot = event.payload.child("graph_snapshot");
  snapshot.optional("source", () => snapshot.child("source"));
  snapshot.optional("paper", () => snapshot.child("paper").optionalText("title"));
  return snapshot;
}

function parseEvent(raw, where) {
  const fields = new Fields(raw, where, "event-malformed");
  if (fields.text("schema_version") !== "1.0") fields.bad("not 1.0, the only one known", fields.path("schema_version"));
  if (!isTime(fields.text("created_at"))) fields.bad("not a date and time", fields.path("created_at"));
  if (fields.optional("supersedes", () => fields.list("supersedes"))?.some((item) => typeof item !== "string"))
    fields.bad("text is expected", fields.path("supersedes"));
  fields.optionalText("prev_event");
  fields.text("target");
  const event = {
    id: fields.text("event_id"), digest: fields.text("content_sha256", SHA256), type: fields.text("event_type"),
    subject: fields.text("subject_pith_number"), signer: fields.child("signer").optionalText("key_id"),
    payload: fields.child("payload"), signature: parseSignature(fields.child("signature")), raw, where,
  };
  receiptOf(event);
  snapshotOf(event);
  return event;
}

function parseBundle(fields) {
  const events = [], malformed = [];
  for (const [at, raw] of (fields.optional("events", () => fields.list("events")) ?? []).entries()) {
    try {
      events.push(parseEvent(raw, `events[${at}]`));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      malformed.push(error);
    }
  }
  const signature = fields.raw.has("bundle_signature") ? fields.child("bundle_signature") : null;
  const created = events.find(receiptOf), snapshot = events.map(snapshotOf).find(Boolean) ?? null;
  return withTitle({
    ...parsePart(fields), receipt: created ? receiptOf(created) : null, snapshot, events, malformed,
    aliases: parseAliases(fields, "source_aliases"), papers: copiesIn(snapshot, "paper"),
    sources: [...copiesIn(fields, "source"), ...copiesIn(snapshot, "source")],
    restatements: created ? [created.payload.raw] : [],
    bundleDigest: signature?.text("bundle_sha256", SHA256), bundleSignature: signature && parseSignature(signature),
    keys: fields.children("public_keys").map((item) => ({
      id: item.text("key_id"), where: item.where, hex: item.optionalText("public_key_hex"), base64: item.optionalText("public_key_b64"),
    })),
  });
}

// Collects what contradicts and what is missing, in the order in which it is found.
class Log {
  problems = [];
  missing = [];
  fail(rule, message) {
    this.problems.push({ rule, message });
  }
  equal(derived, stated, rule, where) {
    if (stated !== null && stated !== undefined && stated !== derived) this.fail(rule, `${where} is not ${derived}`);
  }
}

async function signatureSteps(log, signed, digest, signs, rule) {
  const { where } = signed;
  log.equal("ed25519", signed.algorithm, "receipt-field", `${where}.algorithm`);
  log.equal(signs, signed.message, "receipt-field", `${where}.signed_message`);
  log.equal("signed_v1", signed.status, "receipt-field", `${where}.signature_status`);
  const key = Object.hasOwn(KEYS, signed.keyId) && KEYS[signed.keyId];
  if (!key) {
    log.missing.push({ rule: "unknown-key", message: `${where}: signed by a key that is not pinned here` });
    return;
  }
  const fingerprint = hex(await sha256(fromHex(key))).slice(0, 32);
  log.equal(fingerprint, signed.fingerprint, "fingerprint-mismatch", `${where}.public_key_fingerprint`);
  try {
    if (!(await isSigned(key, fromHex(digest), signed.signature))) log.fail(rule, `${where}: the signature is not the registry's`);
  } catch {
    log.missing.push({ rule: "no-ed25519", message: "this browser has no Ed25519 signatures" });
  }
}

function copySteps(log, record, { canonical, digest }) {
  const raw = record.document.get("canonical_record");
  const source = raw.get("source"), metadata = raw.get("metadata");
  const paper = new Map(["license", "primary_cat", "submitted_at"].map((key) => [key, metadata.get(key)]));
  paper.set("cross_cats", metadata.get("cross_cats_sorted"));
  const restated = new Map([["schema_version", "1.0"], ["canonical_record", raw], ["canonical_sha256", digest]]);
  for (const key of ["kind", "id", "version"]) restated.set(`source_${key}`, source.get(key));
  for (const [signed, parts] of [[source, record.sources], [paper, record.papers], [restated, record.restatements]])
    for (const part of parts)
      for (const [key, value] of signed) {
        const copy = (part.raw ?? part).get(key) ?? null;
        if (copy !== null && canonicalText(copy) !== canonicalText(value))
          log.fail("copy-mismatch", `${part.where ? `${part.where}.` : ""}${key} is not what is signed`);
      }
  for (const part of record.papers) {
    const title = part.raw.get("title") ?? null;
    if (title !== null && title !== record.title) log.fail("copy-mismatch", `${part.where}.title is another than ${record.papers[0].where}.title`);
  }
  return canonical;
}

const isEmpty = (value) =>
  !value || (value instanceof Num ? Number(value.text) === 0 : isObject(value) ? !value.size : Array.isArray(value) && !value.length);

async function snapshotSteps(log, snapshot) {
  for (const name of ["claims", "references", "author_claims", "formal_canon", "integrity"]) {
    const part = snapshot?.raw.get(name);
    if (!isObject(part) || typeof part.get("snapshot_sha256") !== "string") continue;
    let payload = [];
    if (name === "integrity") payload = new Map([["detectors", part.get("detectors_run")], ["findings", part.get("findings")]]);
    else if (!["count", "evidence_count", "items", "sample"].every((key) => isEmpty(part.get(key)))) continue; // not checkable
    const digest = await canonicalDigest(new Map([["payload", payload]]));
    log.equal(digest, part.get("snapshot_sha256"), "snapshot-mismatch", `${snapshot.where}.${name}.snapshot_sha256`);
  }
}

function linkSteps(log, record, own) {
  const outer = ["links", "agent_actions"].map((key) => record.document.get(key)).filter(isObject);
  const inner = outer.flatMap((part) => [...part.values()].filter(isObject));
  for (const part of [...outer, ...inner])
    for (const [name, text] of part) {
      if (typeof text !== "string" || !OWN_LINKS.has(name)) continue;
      const named = Array.from(text.matchAll(NAMED), (found) => found[1]);
      for (const [, id] of text.matchAll(ARXIV_QUERY)) {
        try {
          named.push(decodeURIComponent(id));
        } catch {
          named.push(id);
        }
      }
      if (named.some((other) => !own.has(other))) log.fail("link-mismatch", `the address ${name} names another paper`);
    }
}

// The numbers are those of pithtex.verify.record.record_steps.
async function recordSteps(log, record) {
  const { canonical } = record;
  const digest = await sha256(utf8(canonical.text));
  const derived = { canonical, digest: hex(digest), number: numberOf(digest, canonical.submitted) };
  const suffix = derived.number.slice(10);
  // 2
  log.equal(derived.digest, record.digest, "digest-mismatch", "canonical_sha256");
  // 3
  const last = record.number.lastIndexOf(":") + 1;
  log.equal(suffix, record.number.slice(last), "number-mismatch", "the number in pith_number");
  log.equal(derived.number.slice(0, 10), record.number.slice(0, last), "year-mismatch", "the year in pith_number");
  // 4
  log.equal(`pith:${suffix.slice(0, 8)}`, record.short, "short-form-mismatch", "short_pith_number");
  const aliases = new Map([8, 12, 16].map((length) => [`pith_short_${length}`, suffix.slice(0, length)]));
  if (canonical.kind === "arxiv") {
    aliases.set("arxiv", canonical.id).set("arxiv_version", `${canonical.id}v${canonical.version}`);
    aliases.set("doi", `10.48550/arxiv.${canonical.id}`);
  }
  for (const { kind, value, where } of record.aliases)
    if (aliases.has(kind) && !(kind === "doi" && aliases.get(kind) === value.toLowerCase()))
      log.equal(aliases.get(kind), value, kind.startsWith("pith_short_") ? "short-form-mismatch" : "alias-mismatch", where);
  // 5
  copySteps(log, record, derived);
  // 6, 7
  if (!record.receipt) log.missing.push({ rule: "no-receipt", message: "the document carries no receipt" });
  else {
    log.equal("pith_receipt", record.receipt.kind, "receipt-field", "receipt.kind");
    if (!["0.3", "p1"].includes(record.receipt.version)) log.fail("receipt-field", "receipt.receipt_version is not known");
    log.equal(derived.digest, record.receipt.digest, "digest-mismatch", "receipt.canonical_sha256");
    await signatureSteps(log, record.receipt, derived.digest, "canonical_sha256_bytes", "signature-invalid");
  }
  // 8
  if (record.title !== null && !(await titleMatches(record.title, canonical.titleDigest)))
    log.fail("title-mismatch", "the title is not the one that was signed");
  // 9
  await snapshotSteps(log, record.snapshot);
  // 10
  linkSteps(log, record, new Set([suffix, suffix.slice(0, 8), canonical.id, `${canonical.id}v${canonical.version}`]));
  return derived;
}

const without = (object, keys) => new Map([...object].filter(([key]) => !keys.includes(key)));

// The numbers are those of pithtex.verify.bundle._bundle_steps.
async function bundleSteps(log, bundle, number) {
  // 11
  for (const event of bundle.events) {
    const digest = await canonicalDigest(without(event.raw, UNHASHED));
    log.equal(digest, event.digest, "event-id-mismatch", `${event.where}.content_sha256`);
    log.equal(`sha256:${digest}`, event.id, "event-id-mismatch", `${event.where}.event_id`);
    log.equal(number, event.subject, "foreign-event", `${event.where}.subject_pith_number`);
    log.equal(event.signature.keyId, event.signer, "signer-mismatch", `${event.where}.signer.key_id`);
    await signatureSteps(log, event.signature, digest, "open_graph_event_sha256_bytes", "event-invalid");
  }
  for (const error of bundle.malformed) log.fail(error.rule, error.message);
  // 12
  if (bundle.bundleSignature) {
    const digest = await canonicalDigest(without(bundle.document, ["bundle_signature"]));
    log.equal(digest, bundle.bundleDigest, "bundle-digest-mismatch", "bundle_signature.bundle_sha256");
    await signatureSteps(log, bundle.bundleSignature, digest, "bundle_sha256_bytes", "bundle-signature-invalid");
  }
  // 13
  for (const { id, where, hex: stated, base64 } of bundle.keys) {
    if (!Object.hasOwn(KEYS, id)) continue;
    log.equal(KEYS[id], stated, "embedded-key-mismatch", `${where}.public_key_hex`);
    log.equal(btoa(String.fromCharCode(...fromHex(KEYS[id]))), base64, "embedded-key-mismatch", `${where}.public_key_b64`);
  }
  await stateSteps(log, bundle, number);
}

// A record or a bundle: { word, rules, reasons, record }, as verifyReceipt; the record can be made into a receipt.
async function verifyDocument(bytes) {
  const log = new Log();
  let parsed = null, derived = null;
  try {
    const fields = new Fields(parseDocument(bytes), "");
    const isBundle = fields.raw.get("bundle_type") === "pith_open_graph_bundle";
    if (fields.raw.get("record_type") === "pith_number_record") parsed = parseRecord(fields);
    else if (isBundle) parsed = parseBundle(fields);
    else if (["record_type", "bundle_type", "canonical_record"].some((key) => fields.raw.has(key)))
      refuse("neither a record nor a bundle of a kind known here", "unknown-document");
    else log.missing.push({ rule: "unknown-document", message: "neither a record nor a bundle of the Pith registry: pithtex verify reads more kinds" });
    if (!globalThis.crypto?.subtle) log.missing.push({ rule: "no-webcrypto", message: "this browser offers no cryptography to this page" });
    else if (parsed) {
      derived = await recordSteps(log, parsed);
      if (isBundle) await bundleSteps(log, parsed, derived.number);
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    log.fail(error.rule, error.message);
  }
  const said = log.problems.length ? log.problems : log.missing;
  const word = log.problems.length ? FAILS : log.missing.length ? UNDECIDED : VERIFIED;
  const record = word !== VERIFIED ? null : {
    ...derived.canonical, number: derived.number, suffix: derived.number.slice(10), digest: derived.digest,
    title: parsed.title === null ? null : collapse(parsed.title), keyId: parsed.receipt.keyId, signature: parsed.receipt.signature,
  };
  return { word, rules: said.map((item) => item.rule), reasons: said.map((item) => item.message), record };
}
