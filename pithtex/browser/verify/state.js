// The state that a bundle states, against what its record and events give (docs/reference/merge.md), in the plain case:
// all events valid, each once, none that supersedes another or stands beside one of the same place. The rest is left
// to Python.

import { MERGE_VERSION, STATE_LISTS } from "../constants.js";
import { canonicalDigest, canonicalText, isObject, Num, without } from "./json.js";
import { below } from "./text.js";

/** @import { Json, JsonObject } from "../types.js" */
/** @import { Log } from "./log.js" */
/** @import { Bundle, Event } from "./parse.js" */

/** @type {(object: JsonObject, key: string) => Json} */
const entry = (object, key) => object.get(key) ?? null;

/**
 * By time, then id: a fraction is padded, since "...55.5Z" as text stands before "...55Z".
 * @param {Event} event
 */
function orderOf({ raw, id }) {
  const time = String(entry(raw, "created_at"));
  return time.slice(0, 19) + time.slice(20, -1).padEnd(9, "0") + id;
}

/**
 * @template T
 * @param {(item: T) => string} textOfIt
 * @returns {(one: T, other: T) => number}
 */
const byText = (textOfIt) => (one, other) => (below(textOfIt(one), textOfIt(other)) ? -1 : 1);

/** @param {Event[]} events */
function isPlain(events) {
  const isKnown = (/** @type {string} */ type) => type === "record_created" || Object.hasOwn(STATE_LISTS, type);
  const supersedes = (/** @type {Event} */ { raw }) => {
    const others = entry(raw, "supersedes");
    return Array.isArray(others) && others.length > 0;
  };
  const places = events.map(({ raw }) => entry(raw, "prev_event")).filter((place) => place !== null);
  const areDifferent = (/** @type {Json[]} */ items) => new Set(items).size === items.length;
  return (
    events.every((event) => !supersedes(event) && isKnown(event.type)) &&
    areDifferent(events.map(({ id }) => id)) && areDifferent(places)
  );
}

/**
 * @param {Event} event
 * @returns {JsonObject}
 */
const entryOf = ({ raw }) =>
  new Map(["event_id", "target", "created_at", "signer", "payload"].map((key) => [key, entry(raw, key)]));

/** @type {(value: number) => Num} */
const count = (value) => new Num(String(value));

/**
 * The state without its digest, or null where it takes more rules than these.
 * @param {Bundle} bundle
 * @param {string} number
 * @returns {JsonObject | null}
 */
function recomputed(bundle, number) {
  const events = [...bundle.events].sort(byText(orderOf));
  const listed = entry(bundle.document, "source_aliases") ?? [];
  const aliases = Array.isArray(listed) ? listed.filter(isObject) : [];
  const nameOf = (/** @type {JsonObject} */ alias) => `${alias.get("alias_kind")}\0${alias.get("alias_value")}`;
  if (!isPlain(events) || new Set(aliases.map(nameOf)).size < aliases.length) return null;
  /** @type {JsonObject} */
  const current = new Map();
  for (const [type, list] of Object.entries(STATE_LISTS))
    current.set(list, events.filter((event) => event.type === type).map(entryOf));
  const created = events.find(({ type }) => type === "record_created");
  current.set("canonical_record", entry(bundle.document, "canonical_record"));
  current.set("source_aliases", [...aliases].sort(byText(nameOf)));
  current.set("record_created", created ? entryOf(created) : null);
  /** @type {Record<string, Json>} */
  const state = {
    state_type: "pith_open_graph_state", state_version: "1.0", pith_number: number, merge_version: MERGE_VERSION,
    current, event_count: count(events.length), valid_event_count: count(events.length),
    invalid_event_count: count(0), equivocation_count: count(0), equivocations: [], invalid_events: [],
    applied_event_ids: events.map(({ id }) => id),
  };
  return new Map(Object.entries(state));
}

/**
 * 14. A difference may be by rules that are not publicly known: it is not a contradiction here, and no proof.
 * @param {Log} log
 * @param {Bundle} bundle
 * @param {string} number
 */
export async function stateSteps(log, bundle, number) {
  const state = bundle.document.get("state");
  if (!isObject(state)) return; // which the reader lets be null alone
  const bare = without(state, ["state_sha256"]);
  if (state.get("state_sha256") !== (await canonicalDigest(bare)))
    log.fail("state-mismatch", "state.state_sha256 is not the digest of the state");
  else if (state.get("merge_version") === MERGE_VERSION && !log.problems.length && !log.missing.length) {
    const own = recomputed(bundle, number);
    if (own === null || canonicalText(own) !== canonicalText(bare)) {
      const message = "state: not what this page makes of the events; pithtex verify knows more rules";
      log.lack("state-not-comparable", message);
    }
  }
}
