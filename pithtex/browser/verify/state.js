// The state that a bundle states, against the one that its record and events give (docs/merge.md), in the plain case: all
// events valid, each once, none that supersedes another or stands beside one of the same place. The rest is left to Python.

const MERGE_VERSION = "pith-open-graph-merge-v1"; // as pithtex/format/state.py has it, and these lists
const LISTS = {
  graph_snapshot: "graph_snapshots", author_attestation: "author_attestations", timestamp_anchor: "timestamp_anchors",
  storage_attestation: "storage_attestations", citation_signature: "citation_signatures",
  replication_record: "replication_records", correction: "corrections", mirror_hint: "mirror_hints",
};

// By time, then id: a fraction is padded, since "...55.5Z" as text stands before "...55Z".
const orderOf = ({ raw, id }) => raw.get("created_at").slice(0, 19) + raw.get("created_at").slice(20, -1).padEnd(9, "0") + id;
const byText = (textOfIt) => (one, other) => (below(textOfIt(one), textOfIt(other)) ? -1 : 1);

const isPlain = (events) => {
  const places = events.filter(({ raw }) => (raw.get("prev_event") ?? null) !== null);
  const different = (items, keyOf) => new Set(items.map(keyOf)).size === items.length;
  return (
    events.every(({ raw, type }) => !raw.get("supersedes")?.length && (type === "record_created" || Object.hasOwn(LISTS, type))) &&
    different(events, ({ id }) => id) && different(places, ({ raw }) => raw.get("prev_event"))
  );
};

const entryOf = ({ raw }) => new Map(["event_id", "target", "created_at", "signer", "payload"].map((key) => [key, raw.get(key)]));

// The state without its digest, or null where it takes more rules than these.
function recomputed(bundle, number) {
  const events = [...bundle.events].sort(byText(orderOf)), aliases = bundle.document.get("source_aliases") ?? [];
  const nameOf = (alias) => `${alias.get("alias_kind")}\0${alias.get("alias_value")}`;
  if (!isPlain(events) || new Set(aliases.map(nameOf)).size < aliases.length) return null;
  const current = new Map(Object.entries(LISTS).map(([type, list]) => [list, events.filter((event) => event.type === type).map(entryOf)]));
  const created = events.find(({ type }) => type === "record_created");
  current.set("canonical_record", bundle.document.get("canonical_record"));
  current.set("source_aliases", [...aliases].sort(byText(nameOf)));
  current.set("record_created", created ? entryOf(created) : null);
  const state = { state_type: "pith_open_graph_state", state_version: "1.0", pith_number: number, merge_version: MERGE_VERSION, current };
  const counts = { event_count: events.length, valid_event_count: events.length, invalid_event_count: 0, equivocation_count: 0 };
  const lists = { equivocations: [], invalid_events: [], applied_event_ids: events.map(({ id }) => id) };
  return new Map(Object.entries({ ...state, ...counts, ...lists }));
}

// 14. A difference may be by rules that are not publicly known: it is no contradiction here, and no proof.
async function stateSteps(log, bundle, number) {
  if (!bundle.document.has("state")) return;
  const state = bundle.document.get("state"), bare = isObject(state) && without(state, ["state_sha256"]);
  if (!bare || state.get("state_sha256") !== (await canonicalDigest(bare))) log.fail("state-mismatch", "state.state_sha256 is not the digest of the state");
  else if (state.get("merge_version") === MERGE_VERSION && !log.problems.length && !log.missing.length) {
    const own = recomputed(bundle, number);
    if (own === null || canonicalText(own) !== canonicalText(bare))
      log.missing.push({ rule: "state-not-comparable", message: "state: not what this page makes of the events; pithtex verify knows more rules" });
  }
}
