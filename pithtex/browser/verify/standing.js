// What verified events say of a paper, as pithtex/verification/statements.py reads them (docs/reference/merge.md).

import {
  DENIED, DENIED_CHARS, KIND_FIELDS, MAX_STATEMENT, REPLACED, CAN_SAY, STATEMENT_TYPES, SUPERSEDED_BY, WITHDRAWN,
  WORD_FIELDS,
} from "../constants.js";
import { canonicalText, isObject, Num } from "./json.js";
import { collapse } from "./text.js";

/** @import { Json, JsonObject } from "../types.js" */
/** @import { Bundle, Document, Event } from "./parse.js" */

/** @typedef {{ says: string, text: string, by: string, signed: boolean, time: number }} Statement */
/** @typedef {{ statements: Statement[], asOf: string | null }} Standing the gravest first, then the newest */

const AHEAD = 600_000; // how far a signer's clock may be ahead, in milliseconds
const IS_REPLACED = new RegExp(`^(?:${REPLACED})`);
const IS_DENIED = new RegExp(DENIED, "i");

/**
 * Whether a text says so, and does not deny it each time.
 * @param {string} text
 */
const isWithdrawn = (text) =>
  Array.from(text.matchAll(new RegExp(WITHDRAWN, "gi")), ({ index }) => text.slice(0, index).slice(-DENIED_CHARS))
    .some((before) => !IS_DENIED.test(before));

/** @type {(value: Json | undefined) => boolean} */
const isTrue = (value) =>
  value instanceof Num ? Number(value.text) !== 0
  : isObject(value) ? value.size > 0
  : Array.isArray(value) ? value.length > 0
  : Boolean(value);

/**
 * Every text in a payload, however deep, and the name of whatever is not false or empty.
 * @param {JsonObject} payload
 */
function allWords(payload) {
  const words = [];
  /** @type {Json[]} */
  const waiting = [payload];
  while (waiting.length) {
    const value = /** @type {Json} */ (waiting.pop());
    if (typeof value === "string") words.push(value.replaceAll("_", " "));
    else if (isObject(value)) {
      for (const [name, item] of value) if (isTrue(item)) words.push(name.replaceAll("_", " "));
      waiting.push(...value.values());
    } else if (Array.isArray(value)) waiting.push(...value);
  }
  return words;
}

/** @param {JsonObject} payload */
function correction(payload) {
  if (allWords(payload).some(isWithdrawn)) return CAN_SAY[0];
  const isReplaced = KIND_FIELDS.some((name) => {
    const kind = payload.get(name);
    return typeof kind === "string" && IS_REPLACED.test(kind.toLowerCase());
  });
  return isReplaced || SUPERSEDED_BY.some((name) => isTrue(payload.get(name))) ? CAN_SAY[3] : CAN_SAY[4];
}

/** @param {Json | undefined} value */
const line = (value) => (typeof value === "string" ? collapse(value.slice(0, 2 * MAX_STATEMENT)) : "");

/** @param {JsonObject} payload */
function wordsOf(payload) {
  const texts = WORD_FIELDS.map((name) => line(payload.get(name))).filter(Boolean);
  if (!texts.length && payload.size) texts.push(line(canonicalText(payload)));
  else {
    for (const name of SUPERSEDED_BY) {
      const other = line(payload.get(name));
      if (other) texts.push(`(${name}: ${other})`);
    }
  }
  return texts.join(" ").slice(0, MAX_STATEMENT);
}

/** @param {Json | undefined} snapshot */
function criticalFindings(snapshot) {
  const integrity = isObject(snapshot) ? snapshot.get("integrity") : null;
  const found = isObject(integrity) ? integrity.get("findings") : null;
  const critical = (Array.isArray(found) ? found : []).filter(isObject).filter((item) => {
    const severity = item.get("severity");
    return typeof severity === "string" && severity.toLowerCase() === "critical";
  });
  return critical.map((item) => {
    const name = line(item.get("finding_type")) || line(item.get("detector"));
    return [name, wordsOf(item)].filter(Boolean).join(": ").slice(0, MAX_STATEMENT);
  });
}

/** @param {Event} event */
const created = ({ raw }) => String(raw.get("created_at"));

/**
 * @param {Event} event
 * @param {string} says
 * @param {string} [text]
 * @returns {Statement}
 */
function signed(event, says, text = wordsOf(event.payload.raw)) {
  const signer = event.raw.get("signer");
  const named = isObject(signer) ? line(signer.get("signer_id")) : "";
  const by = [named, `key ${event.signature.keyId}`, created(event)].filter(Boolean).join(", ");
  return { says, text, by, signed: true, time: Date.parse(created(event)) };
}

/**
 * @param {Event} event
 * @returns {Statement[]}
 */
function statementsOf(event) {
  if (event.type === "graph_snapshot")
    return criticalFindings(event.payload.raw.get("graph_snapshot")).map((text) => signed(event, CAN_SAY[1], text));
  if (event.type === "correction") return [signed(event, correction(event.payload.raw))];
  if (Object.hasOwn(STATEMENT_TYPES, event.type)) return [signed(event, STATEMENT_TYPES[event.type])];
  const isKnown = ["record_created", "mirror_hint"].includes(event.type);
  return !isKnown && isWithdrawn(event.type.replaceAll("_", " ")) ? [signed(event, CAN_SAY[0])] : [];
}

/**
 * Events of one key in the place of one.
 * @param {Event[]} events
 * @returns {Statement[]}
 */
function contradictory(events) {
  /** @type {Map<string, Set<string>>} */
  const places = new Map();
  for (const { raw, id, type, signature } of events) {
    const before = raw.get("prev_event");
    if (typeof before !== "string") continue;
    const place = JSON.stringify([signature.keyId, type, raw.get("target"), before]);
    places.set(place, (places.get(place) ?? new Set()).add(id));
  }
  return [...places].filter(([, ids]) => ids.size > 1).map(([place, ids]) => {
    const text = `one key signed ${ids.size} events where there can be only one: ${[...ids].sort().join(", ")}`;
    const by = `key ${JSON.parse(place)[0]}`;
    return { says: CAN_SAY[2], text: text.slice(0, MAX_STATEMENT), by, signed: true, time: 0 };
  });
}

/**
 * What a bundle says whose events are all verified.
 * @param {Bundle} bundle
 * @returns {Standing}
 */
function bundleStanding({ events }) {
  const keyOf = new Map(events.map(({ id, signature }) => [id, signature.keyId]));
  const replaced = new Set(events.flatMap(({ raw, signature }) => {
    const others = raw.get("supersedes");
    return Array.isArray(others) ? others.filter((id) => keyOf.get(String(id)) === signature.keyId) : [];
  }));
  const inForce = new Map(events.filter(({ id }) => !replaced.has(id)).map((event) => [event.id, event]));
  const statements = [...[...inForce.values()].flatMap(statementsOf), ...contradictory(events)];
  statements.sort((one, other) => CAN_SAY.indexOf(one.says) - CAN_SAY.indexOf(other.says) || other.time - one.time);
  // An event of the future tells nothing about today.
  const times = events.map(created), past = times.filter((time) => Date.parse(time) <= Date.now() + AHEAD);
  const newest = (past.length ? past : times).sort((one, other) => Date.parse(other) - Date.parse(one));
  return { statements, asOf: newest[0] ?? null };
}

/**
 * What a document says that verifies: of a record alone nothing is known but what it claims.
 * @param {Document | Bundle} document
 * @returns {Standing}
 */
export function standingOf(document) {
  if ("events" in document) return bundleStanding(document);
  const claims = criticalFindings(document.snapshot?.raw);
  const by = "stated in the document, under no signature";
  return { statements: claims.map((text) => ({ says: CAN_SAY[1], text, by, signed: false, time: 0 })), asOf: null };
}
