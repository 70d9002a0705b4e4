// Records and bundles, verified by the steps of record.py and bundle.py in pithtex/verification; the numbers are
// theirs. What only warns there is not looked at here.

import { LINK_PREFIX, RECEIPT_VERSIONS, SNAPSHOTS, UNHASHED } from "../constants.js";
import { fromHex, fromUtf8, hex, sha256, toBase64, utf8 } from "./bytes.js";
import { numberOf } from "./canonical.js";
import { Fields } from "./fields.js";
import { canonicalDigest, canonicalText, isObject, Num, parseDocument, without } from "./json.js";
import { Log } from "./log.js";
import { parseBundle, parseRecord } from "./parse.js";
import { BEYOND, isSigned, keyOf, titleMatches } from "./receipt.js";
import { standingOf } from "./standing.js";
import { stateSteps } from "./state.js";
import { collapse, isBeyond, SPACE } from "./text.js";
import { FAILS, Refused, refuse, UNDECIDED, VERIFIED } from "./verdict.js";

/** @import { Canonical } from "./canonical.js" */
/** @import { Json, JsonObject } from "../types.js" */
/** @import { Bundle, Document, Signed } from "./parse.js" */
/** @import { Verified } from "./receipt.js" */
/** @import { Standing } from "./standing.js" */
/** @import { Word } from "./verdict.js" */

/** @typedef {{ canonical: Canonical, digest: string, number: string }} Derived */
/**
 * @typedef {object} DocumentVerdict
 * @property {Word} word
 * @property {string[]} rules
 * @property {string[]} reasons
 * @property {Verified | null} record
 * @property {Standing | null} standing of a document that verifies
 */

const NAMED = /\/(?:pith|paper|pith-number)\/([A-Z2-7]{26}|[A-Z2-7]{8})(?![^./?#\n])/g;
/** What else names a number, as a mirror's index does, leads to its record. */
const NAMED_NUMBER = /pith:[0-9]{4}:([A-Z2-7]{26})(?![A-Z0-9])/;
const ARXIV_QUERY = new RegExp(`[?&]arxiv=([^&#${SPACE}]+)`, "g");

/**
 * @param {Log} log
 * @param {Signed} signed
 * @param {string} digest
 * @param {string} signs what the signature must say that it signs
 * @param {string} rule
 */
async function signatureSteps(log, signed, digest, signs, rule) {
  const { where } = signed;
  log.equal("ed25519", signed.algorithm, "receipt-field", `${where}.algorithm`);
  log.equal(signs, signed.message, "receipt-field", `${where}.signed_message`);
  log.equal("signed_v1", signed.status, "receipt-field", `${where}.signature_status`);
  const key = keyOf(signed.keyId);
  if (!key) {
    log.lack("unknown-key", `${where}: signed by a key that is not pinned here`);
    return;
  }
  const fingerprint = hex(await sha256(fromHex(key))).slice(0, 32);
  log.equal(fingerprint, signed.fingerprint, "fingerprint-mismatch", `${where}.public_key_fingerprint`);
  try {
    if (!(await isSigned(key, fromHex(digest), signed.signature)))
      log.fail(rule, `${where}: the signature is not the registry's`);
  } catch {
    log.lack("no-ed25519", "this browser has no Ed25519 signatures");
  }
}

/**
 * The entry of an object that the shape of the canonical record has already been held to.
 * @param {JsonObject} object
 * @param {string} key
 */
const objectIn = (object, key) => /** @type {JsonObject} */ (object.get(key));

/**
 * @param {Log} log
 * @param {Document} record
 * @param {Derived} derived
 */
function copySteps(log, record, { digest }) {
  const raw = objectIn(record.document, "canonical_record");
  const source = objectIn(raw, "source"), metadata = objectIn(raw, "metadata");
  const copyOf = (/** @type {JsonObject} */ object, /** @type {string} */ key) => object.get(key) ?? null;
  const paper = new Map(["license", "primary_cat", "submitted_at"].map((key) => [key, copyOf(metadata, key)]));
  paper.set("cross_cats", copyOf(metadata, "cross_cats_sorted"));
  /** @type {JsonObject} */
  const restated = new Map();
  restated.set("schema_version", "1.0").set("canonical_record", raw).set("canonical_sha256", digest);
  for (const key of ["kind", "id", "version"]) restated.set(`source_${key}`, copyOf(source, key));
  const compare = (/** @type {JsonObject} */ signed, /** @type {JsonObject} */ part, where = "") => {
    for (const [key, value] of signed) {
      const copy = copyOf(part, key);
      if (copy !== null && canonicalText(copy) !== canonicalText(value))
        log.fail("copy-mismatch", `${where && `${where}.`}${key} is not what is signed`);
    }
  };
  for (const part of record.sources) compare(source, part.raw, part.where);
  for (const part of record.papers) compare(paper, part.raw, part.where);
  for (const part of record.restatements) compare(restated, part);
  for (const part of record.papers) {
    const title = copyOf(part.raw, "title");
    if (title !== null && title !== record.title)
      log.fail("copy-mismatch", `${part.where}.title is another than the first title`);
  }
}

/** @type {(value: Json | undefined) => boolean} */
const isEmpty = (value) =>
  !value ||
  (value instanceof Num ? Number(value.text) === 0
  : isObject(value) ? !value.size
  : Array.isArray(value) && !value.length);

/**
 * @param {Log} log
 * @param {Fields | null} snapshot
 */
async function snapshotSteps(log, snapshot) {
  for (const name of SNAPSHOTS) {
    const part = snapshot?.raw.get(name);
    if (!snapshot || !isObject(part) || typeof part.get("snapshot_sha256") !== "string") continue;
    /** @type {Json} */
    let payload = [];
    if (name === "integrity") {
      const [detectors = null, findings = null] = [part.get("detectors_run"), part.get("findings")];
      payload = new Map([["detectors", detectors], ["findings", findings]]);
    } else if (!["count", "evidence_count", "items", "sample"].every((key) => isEmpty(part.get(key)))) continue;
    const digest = await canonicalDigest(new Map([["payload", payload]]));
    const where = `${snapshot.where}.${name}.snapshot_sha256`;
    log.equal(digest, part.get("snapshot_sha256"), "snapshot-mismatch", where);
  }
}

/**
 * @param {Log} log
 * @param {Document} record
 * @param {Set<string>} own what the record's addresses may name
 */
function linkSteps(log, record, own) {
  for (const [name, text] of record.addresses) {
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

/**
 * The other names that a record may have, by their kind.
 * @param {Canonical} canonical
 * @param {string} suffix
 */
function derivedAliases({ kind, id, version }, suffix) {
  const aliases = new Map([8, 12, 16].map((length) => [`pith_short_${length}`, suffix.slice(0, length)]));
  if (kind === "arxiv")
    aliases.set("arxiv", id).set("arxiv_version", `${id}v${version}`).set("doi", `10.48550/arxiv.${id}`);
  return aliases;
}

/**
 * The numbers are those of pithtex.verification.record.record_steps.
 * @param {Log} log
 * @param {Document} record
 * @returns {Promise<Derived>}
 */
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
  const aliases = derivedAliases(canonical, suffix);
  for (const { kind, value, where } of record.aliases) {
    const own = aliases.get(kind);
    if (own !== undefined && !(kind === "doi" && own === value.toLowerCase()))
      log.equal(own, value, kind.startsWith("pith_short_") ? "short-form-mismatch" : "alias-mismatch", where);
  }
  // 5
  copySteps(log, record, derived);
  // 6, 7
  if (!record.receipt) log.lack("no-receipt", "the document carries no receipt");
  else {
    log.equal("pith_receipt", record.receipt.kind, "receipt-field", "receipt.kind");
    if (!RECEIPT_VERSIONS.includes(record.receipt.version))
      log.fail("receipt-field", "receipt.receipt_version is not known");
    log.equal(derived.digest, record.receipt.digest, "digest-mismatch", "receipt.canonical_sha256");
    await signatureSteps(log, record.receipt, derived.digest, "canonical_sha256_bytes", "signature-invalid");
  }
  // 8
  if (isBeyond(record.title)) log.lack("old-unicode", BEYOND);
  else if (record.title !== null && !(await titleMatches(record.title, canonical.titleDigest)))
    log.fail("title-mismatch", "the title is not the one that was signed");
  // 9
  await snapshotSteps(log, record.snapshot);
  // 10
  linkSteps(log, record, new Set([suffix, suffix.slice(0, 8), canonical.id, `${canonical.id}v${canonical.version}`]));
  return derived;
}

/**
 * The numbers are those of pithtex.verification.bundle._bundle_steps.
 * @param {Log} log
 * @param {Bundle} bundle
 * @param {string} number
 */
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
    const key = keyOf(id);
    if (!key) continue;
    log.equal(key, stated, "embedded-key-mismatch", `${where}.public_key_hex`);
    log.equal(toBase64(fromHex(key)), base64, "embedded-key-mismatch", `${where}.public_key_b64`);
  }
  await stateSteps(log, bundle, number);
}

/**
 * A record that holds, as a receipt can be made of it.
 * @param {Derived} derived
 * @param {Document} parsed
 * @returns {Verified}
 */
function proven({ canonical, number, digest }, { title, receipt, document }) {
  if (!receipt) throw new Error("a record without a receipt is not proven");
  const paper = document.get("paper"), stated = isObject(paper) ? paper.get("abstract_excerpt") : null;
  const excerpt = typeof stated === "string" ? stated : null; // a claim until it is hashed
  const { keyId, signature } = receipt, shown = title === null ? null : collapse(title);
  return { ...canonical, number, suffix: number.slice(10), digest, title: shown, excerpt, keyId, signature };
}

/**
 * What steps a document takes, from its bytes on; what it derives, if it is of a known kind.
 * @param {Log} log
 * @param {Uint8Array} bytes
 * @returns {Promise<{ parsed: Document, derived: Derived } | null>}
 */
async function documentSteps(log, bytes) {
  const fields = new Fields(parseDocument(bytes), "");
  const isBundle = fields.raw.get("bundle_type") === "pith_open_graph_bundle";
  const isRecord = fields.raw.get("record_type") === "pith_number_record";
  if (!isRecord && !isBundle) {
    if (["record_type", "bundle_type", "canonical_record"].some((key) => fields.raw.has(key)))
      refuse("neither a record nor a bundle of a kind known here", "unknown-document");
    const [number, suffix] = NAMED_NUMBER.exec(fromUtf8(bytes)) ?? [];
    const where = number ? `; the record of ${number} is at ${LINK_PREFIX}${suffix}.json` : "";
    const other = `neither a record nor a bundle of the Pith registry: pithtex verify reads more kinds${where}`;
    log.lack("unknown-document", other);
  }
  const bundle = isBundle && !isRecord ? parseBundle(fields) : null, parsed = isRecord ? parseRecord(fields) : bundle;
  if (!globalThis.crypto?.subtle) log.lack("no-webcrypto", "this browser offers no cryptography to this page");
  else if (parsed) {
    const derived = await recordSteps(log, parsed);
    if (bundle) await bundleSteps(log, bundle, derived.number);
    return { parsed, derived };
  }
  return null;
}

/**
 * A record or a bundle. The record can be made into a receipt.
 * @param {Uint8Array} bytes
 * @returns {Promise<DocumentVerdict>}
 */
export async function verifyDocument(bytes) {
  const log = new Log();
  let found = null;
  try {
    found = await documentSteps(log, bytes);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    log.fail(error.rule, error.message);
  }
  const said = log.problems.length ? log.problems : log.missing;
  const word = log.problems.length ? FAILS : log.missing.length || !found ? UNDECIDED : VERIFIED;
  const record = word === VERIFIED && found ? proven(found.derived, found.parsed) : null;
  const standing = record && found ? standingOf(found.parsed) : null;
  return { word, rules: said.map((item) => item.rule), reasons: said.map((item) => item.message), record, standing };
}
