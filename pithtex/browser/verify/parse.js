// Records and bundles of the registry, as JSON has them: what is there, each field of its type.

import { KEY_ID, OWN_ADDRESSES, SNAPSHOTS } from "../constants.js";
import { isTime, parseCanonical, SHA256 } from "./canonical.js";
import { Fields } from "./fields.js";
import { canonicalText, isObject } from "./json.js";
import { Refused, refuse } from "./verdict.js";

/** @import { Bytes } from "./bytes.js" */
/** @import { Canonical } from "./canonical.js" */
/** @import { Json, JsonObject } from "../types.js" */

/**
 * @typedef {object} Signed a signature, and what it says of itself
 * @property {string} keyId
 * @property {Bytes} signature
 * @property {string} algorithm
 * @property {string} message
 * @property {string} status
 * @property {string | null} fingerprint
 * @property {string | null} signedAt
 * @property {string} where
 */
/** @typedef {Signed & { kind: string, version: string, digest: string }} Receipt */
/** @typedef {{ kind: string, value: string, where: string }} Alias */
/**
 * @typedef {object} Part
 * @property {Canonical} canonical
 * @property {JsonObject} document
 * @property {string} number
 * @property {string} digest
 * @property {string | null} short
 */
/**
 * @typedef {object} Event
 * @property {string} id
 * @property {string} digest
 * @property {string} type
 * @property {string} subject
 * @property {string | null} signer
 * @property {Fields} payload
 * @property {Signed} signature
 * @property {JsonObject} raw
 * @property {string} where
 */
/**
 * @typedef {object} Carried what records and bundles both have
 * @property {Receipt | null} receipt
 * @property {Fields | null} snapshot
 * @property {Alias[]} aliases
 * @property {Fields[]} papers
 * @property {Fields[]} sources
 * @property {JsonObject[]} restatements
 * @property {[name: string, address: string][]} addresses those that lead to the record
 */
/** @typedef {Part & Carried & { title: string | null }} Document */
/**
 * @typedef {object} Events what a bundle has besides
 * @property {Event[]} events
 * @property {Refused[]} malformed
 * @property {string | undefined} bundleDigest
 * @property {Signed | null} bundleSignature
 * @property {{ id: string, where: string, hex: string | null, base64: string | null }[]} keys
 */
/** @typedef {Document & Events} Bundle */

const IS_KEY_ID = new RegExp(`^${KEY_ID}$`);

/**
 * @param {Fields} fields
 * @returns {Signed}
 */
function parseSignature(fields) {
  return {
    keyId: fields.text("key_id", IS_KEY_ID), signature: fields.bytes("signature_b64", 64),
    algorithm: fields.text("algorithm"), message: fields.text("signed_message"),
    status: fields.text("signature_status"), fingerprint: fields.optionalText("public_key_fingerprint"),
    signedAt: fields.optionalText("signed_at"), where: fields.where,
  };
}

/**
 * @param {Fields} fields
 * @returns {Receipt}
 */
function parseReceipt(fields) {
  return {
    kind: fields.text("kind"), version: fields.text("receipt_version"), digest: fields.text("canonical_sha256"),
    ...parseSignature(fields),
  };
}

/**
 * @param {Fields} fields
 * @param {string} key
 * @returns {Alias[]}
 */
function parseAliases(fields, key) {
  const aliasOf = (/** @type {Fields} */ item) =>
    ({ kind: item.text("alias_kind"), value: item.text("alias_value"), where: item.where });
  return fields.children(key).map(aliasOf);
}

/** @type {(fields: Fields | null, name: string) => Fields[]} */
const copiesIn = (fields, name) => fields?.optional(name, () => [fields.child(name)]) ?? [];

/**
 * @param {Fields} fields
 * @returns {Part}
 */
function parsePart(fields) {
  const canonical = fields.raw.get("canonical_record");
  if (!isObject(canonical)) refuse("canonical_record: an object is expected", "record-shape");
  return {
    canonical: parseCanonical(canonicalText(canonical)), document: fields.raw, number: fields.text("pith_number"),
    digest: fields.text("canonical_sha256"), short: fields.optionalText("short_pith_number"),
  };
}

/**
 * The first that is stated.
 * @type {(papers: Fields[]) => string | null}
 */
const titleOf = (papers) => papers.map((paper) => paper.optionalText("title")).find((title) => title !== null) ?? null;

/**
 * A snapshot, each of its parts of its type.
 * @param {Fields} fields
 */
function snapshotIn(fields) {
  const snapshot = fields.child("graph_snapshot");
  for (const part of SNAPSHOTS)
    snapshot.optional(part, () => snapshot.child(part).optionalText("snapshot_sha256"));
  return snapshot;
}

/**
 * @param {Fields} fields
 * @returns {[name: string, address: string][]}
 */
function addressesIn(fields) {
  const outer = ["links", "agent_actions"].flatMap((key) => copiesIn(fields, key));
  const inner = outer.flatMap((part) =>
    [...part.raw.keys()]
      .filter((name) => !OWN_ADDRESSES.includes(name) && isObject(part.raw.get(name)))
      .map((name) => part.child(name)),
  );
  /** @type {[string, string][]} */
  const found = [];
  for (const part of [...outer, ...inner])
    for (const name of OWN_ADDRESSES) {
      const address = part.optionalText(name);
      if (address !== null) found.push([name, address]);
    }
  return found;
}

/**
 * @param {Fields} fields
 * @returns {Document}
 */
export function parseRecord(fields) {
  const part = parsePart(fields);
  const receipt = fields.optional("receipt", () => parseReceipt(fields.child("receipt")));
  const snapshot = fields.optional("graph_snapshot", () => snapshotIn(fields));
  const aliases = parseAliases(fields, "aliases");
  const papers = [...copiesIn(fields, "paper"), ...copiesIn(snapshot, "paper")];
  const sources = [...copiesIn(fields, "source"), ...copiesIn(snapshot, "source")];
  const restatements = [new Map([["schema_version", fields.raw.get("schema_version") ?? null]])];
  const title = titleOf(papers), addresses = addressesIn(fields);
  return { ...part, receipt, snapshot, aliases, papers, sources, restatements, title, addresses };
}

/** @type {(event: Event) => Receipt | null} */
const receiptOf = ({ type, payload }) =>
  type === "record_created" ? payload.optional("receipt", () => parseReceipt(payload.child("receipt"))) : null;

/** @param {Event} event */
function snapshotOf(event) {
  if (event.type !== "graph_snapshot") return null;
  const snapshot = snapshotIn(event.payload);
  copiesIn(snapshot, "source");
  titleOf(copiesIn(snapshot, "paper"));
  return snapshot;
}

/**
 * @param {Json} raw
 * @param {string} where
 * @returns {Event}
 */
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
    payload: fields.child("payload"), signature: parseSignature(fields.child("signature")), raw: fields.raw, where,
  };
  receiptOf(event);
  snapshotOf(event);
  return event;
}

/**
 * @param {Fields} fields
 * @returns {Bundle}
 */
export function parseBundle(fields) {
  const events = [], malformed = [];
  for (const [at, raw] of (fields.optional("events", () => fields.list("events")) ?? []).entries()) {
    try {
      events.push(parseEvent(raw, `events[${at}]`));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      malformed.push(error);
    }
  }
  const signature = fields.optional("bundle_signature", (key) => fields.child(key));
  fields.optional("state", (key) => fields.child(key));
  const created = events.find(receiptOf), snapshot = events.map(snapshotOf).find(Boolean) ?? null;
  const part = parsePart(fields), receipt = created ? receiptOf(created) : null;
  const aliases = parseAliases(fields, "source_aliases"), papers = copiesIn(snapshot, "paper");
  const sources = [...copiesIn(fields, "source"), ...copiesIn(snapshot, "source")];
  const keys = fields.children("public_keys").map((item) => ({
    id: item.text("key_id"), where: item.where, hex: item.optionalText("public_key_hex"),
    base64: item.optionalText("public_key_b64"),
  }));
  return {
    ...part, receipt, snapshot, aliases, papers, sources, restatements: created ? [created.payload.raw] : [],
    events, malformed, bundleDigest: signature?.text("bundle_sha256", SHA256),
    bundleSignature: signature && parseSignature(signature), keys, title: titleOf(papers),
    addresses: addressesIn(fields),
  };
}
