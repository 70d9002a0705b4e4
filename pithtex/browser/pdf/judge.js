// What a PDF says of its Pith Number (docs/pdf-profile.md): the badge's link, Info, XMP. Drawn text is not read. The rules
// are those of pithtex/pdf/channels/links.py, rivals.py, info.py, claims.py and judge.py.

const MAX_LINKS = 200000, MAX_BADGES = 200, MAX_ADDRESSES = 16777216;
const SUFFIX = "[A-Z2-7]{26}";
// The hosts of pithtex/format/profile.py, by https and without port or user, and the one spelling of a number's page.
const PITH_LINK = new RegExp(`^https://(?:www\\.)?pith\\.science/pith/(${SUFFIX})(?:#r=([A-Za-z0-9._-]+))?$`);
const NUMBER_FORM = new RegExp(`^(?:pith:([0-9]{4}):)?(${SUFFIX})$`);
const URL_PARTS = /^(?:[^:/?#]*:)?\/*([^/?#]*)([^?#]*)/s; // RFC 3986, Appendix B
const LINK_KEYS = ["A", "AA", "Dest", "PA", "NM", "Subtype"];
const HARMLESS = new Set(["BS", "Border", "C", "Contents", "H", "M", "P", "StructParent", "Type"]);
const UNSEEN = 0x02 | 0x20; // Hidden and NoView (ISO 32000-1, table 165): such an annotation takes no click

// An address without what hides letters: escapes, other forms of letters, backslashes.
function plainAddress(uri) {
  const unquoted = uri.replace(/(?:%[0-9a-fA-F]{2})+/g, (all) => new TextDecoder().decode(fromHex(all.replaceAll("%", ""))));
  return unquoted.normalize("NFKC").replaceAll("\\", "/").replace(ENDS, "");
}

// Whether an address may speak of Pith: at least where pithtex/format/badge_link.py says so; and where that is for sure.
function mayNamePith(uri) {
  const [, host, path] = URL_PARTS.exec(plainAddress(uri).replace(/[\0-\x1f\x7f]/g, "")) ?? ["", "pith", ""];
  return namesPith(uri) || /[pq][i1l|!][t+]h|xn--|[^\0-\x7f]/i.test(host) || /^\/+pith\/+[^/]/i.test(path);
}

const namesPith = (uri) => /pith\.science|#.*r=p1\./is.test(plainAddress(uri));

// A rectangle (7.9.5) with its corners in order, or null.
function rectangle(pdf, annotation) {
  const numbers = pdf.entry(annotation, "Rect"), [a, b, c, d] = Array.isArray(numbers) ? numbers.map((item) => pdf.get(item)) : [];
  if (numbers?.length !== 4 || ![a, b, c, d].every(Number.isFinite)) return null;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

// What an object gives twice (7.3.7), and what is written in it; not what neither says what a link is nor what it does.
function doubled(value) {
  if (Array.isArray(value)) return value.flatMap(doubled);
  if (!isObject(value)) return [];
  return [...[...value.twice.keys()].filter((key) => !HARMLESS.has(key)), ...[...value.values()].flatMap(doubled)];
}

// The annotations of a page (12.5) that are links, or do something when clicked: two that are one object count once.
function clickable(pdf, page, seen) {
  const listed = pdf.entry(page, "Annots") ?? [], found = [];
  if (!Array.isArray(listed)) damaged("a page's annotations");
  for (const place of listed) {
    const item = pdf.get(place);
    if (item === null || seen.has(item)) continue;
    if (!isObject(item)) damaged("a page's annotations");
    if (seen.size === MAX_LINKS) throw new Unreadable("more links than this page reads: use pithtex check");
    seen.add(item);
    const name = pdf.get(item.get("NM")), isBadge = name instanceof Text && textOf(name) === BADGE_ANNOTATION;
    const twice = isBadge ? [...doubled(item), ...doubled(pdf.get(item.get("A")))] : [];
    // One that is no object of its own is written in the page, or in the list.
    if (isBadge && !(place instanceof Ref) && doubled([page, listed]).length) throw new Unreadable("a page gives an entry twice, and readers differ on which counts");
    if (twice.length) found.push({ item, isBadge, isLink: true, link: doubledLink(twice) });
    else found.push(...readAnnotation(pdf, item, isBadge));
  }
  return found;
}

const doubledLink = ([key]) => ({ where: "link", uri: "", number: null, receipt: null, fault: ["channel-duplicate", `gives /${key} more than once, and readers differ on which counts`] });

function readAnnotation(pdf, item, isBadge) {
  const [A, AA, Dest, PA, , Subtype] = LINK_KEYS.map((key) => pdf.entry(item, key));
  const active = [A, AA, Dest, PA].some((value) => value !== null), isLink = Subtype?.text === "Link";
  return active || isBadge || isLink ? [{ item, active, isBadge, isLink, link: readLink(pdf, item, A ?? PA) }] : [];
}

// Where a link leads (12.6.4.7), and what is wrong with it.
function readLink(pdf, item, action) {
  const isAction = isObject(action), address = isAction ? pdf.entry(action, "URI") : null;
  const uri = address instanceof Text ? textOf(address) : "";
  const found = PITH_LINK.exec(uri);
  const isPlain = isAction && pdf.entry(action, "S")?.text === "URI" && pdf.entry(action, "Next") === null && item.has("A");
  const link = { where: "link", uri, number: found?.[1] ?? null, receipt: found?.[2] ?? null };
  if (!found) link.fault = ["look-alike-host", "leads elsewhere than to a number's page at the registry"];
  else if (!isPlain || ["AA", "PA", "Dest"].some((key) => item.has(key))) link.fault = ["channel-malformed", "does more than open a page"];
  return link;
}

// Whether something else lies over the middle of a link and takes the click: readers differ on which of two does (12.5).
function isCovered(pdf, link, item, others) {
  const place = rectangle(pdf, item) ?? [0, 0, 0, 0];
  const x = (place[0] + place[2]) / 2, y = (place[1] + place[3]) / 2;
  return others.some((other) => {
    const [left, bottom, right, top] = other.place;
    const isOver = other.item !== item && left <= x && x <= right && bottom <= y && y <= top;
    return isOver && !(other.link.uri === link.uri && !other.link.fault);
  });
}

// The badges of a file: its links by the badge's name. Where there is none, text would tell which link is one, and no text
// is read here: then the links that may name Pith are `loose`.
function findBadges(pdf) {
  const named = [], loose = [], seen = new Set();
  let left = MAX_ADDRESSES; // one can be shared by every annotation
  for (const page of pdf.pages) {
    const all = clickable(pdf, page, seen);
    left -= all.reduce((sum, { link }) => sum + link.uri.length, 0);
    if (left < 0) throw new Unreadable("longer links than this page reads: use pithtex check");
    const here = all.filter(({ isBadge }) => isBadge);
    if (here.some(({ isLink, item }) => !isLink || item.has("QuadPoints"))) throw new Unreadable("a badge of a kind that this page does not read: use pithtex check");
    named.push(...here.map(({ link }) => link));
    loose.push(...all.filter(({ isLink, link }) => isLink && link.uri && mayNamePith(link.uri)).map(({ link }) => link));
    if (named.length > MAX_BADGES) throw new Unreadable("more badges than this page reads: use pithtex check");
    const others = here.some(({ link }) => !link.fault) ? all.filter(({ active, item }) => active && !(pdf.entry(item, "F") & UNSEEN)) : [];
    for (const other of others) other.place = rectangle(pdf, other.item) ?? [0, 0, 0, 0];
    for (const { link, item } of here) if (!link.fault && isCovered(pdf, link, item, others)) link.fault = ["badge-covered", "lies under something else that takes the click"];
  }
  return { badges: named, loose: named.length ? [] : loose };
}

const unlessBlank = (text) => (text && !/^[ \t\r\n\0]*$/.test(text) ? text : null);

// Info (14.3.3) by the newest trailer. Of a key that stands twice with two values readers show one or the other.
function readInfo(pdf, faults) {
  const info = pdf.entry(pdf.trailer, "Info");
  if (info === null) return [];
  if (!isObject(info)) damaged("its Info");
  for (const key of [INFO_NUMBER, INFO_RECEIPT]) {
    const texts = (info.twice.get(key) ?? []).map((value) => textOf(pdf.get(value)));
    if (texts.some((text) => text !== texts[0])) faults.push(["channel-duplicate", `Info has ${key} twice`]);
  }
  if (faults.length) return [];
  const [number, receipt] = [INFO_NUMBER, INFO_RECEIPT].map((key) => unlessBlank(textOf(pdf.entry(info, key))));
  return number || receipt ? [{ where: "Info", number, receipt }] : [];
}

// One badge with all that speaks for it: every receipt verifies, and every number and digest is that of the record.
async function judgeBadge(claims, faults, notes) {
  const verdicts = new Map();
  for (const claim of claims) {
    if (claim.fault) faults.push([claim.fault[0], `the badge's link ${claim.fault[1]}`]);
    if (claim.number && !NUMBER_FORM.test(claim.number)) faults.push(["channel-malformed", `${claim.where}: the number is not spelled as a number is`]);
    if (claim.receipt && !verdicts.has(claim.receipt)) verdicts.set(claim.receipt, await verifyReceipt(claim.receipt));
    const verdict = claim.receipt && verdicts.get(claim.receipt);
    if (verdict?.word === FAILS) faults.push([verdict.rule, `${claim.where}: ${verdict.reason}`]);
    if (verdict?.word === UNDECIDED) notes.push(`${claim.where}: ${verdict.reason}`);
  }
  const records = [...verdicts.values()].map((verdict) => verdict.record).filter(Boolean);
  const record = records[0] ?? null;
  const spelled = ({ text, title, keyId, signature }) => [text, title, keyId, signature].join("\n");
  if (records.some((other) => spelled(other) !== spelled(record))) faults.push(["channel-conflict", "the channels carry several records"]);
  if (record && [...verdicts.values()].some((verdict) => !verdict.record)) faults.push(["channel-conflict", "beside a genuine record stands one that is not proven"]);
  const years = new Set(), suffixes = new Set();
  for (const claim of claims) {
    const [, year, suffix] = NUMBER_FORM.exec(claim.number ?? "") ?? [];
    if (suffix) suffixes.add(suffix);
    if (year) years.add(year);
    if (record && suffix && suffix !== record.suffix) faults.push(["receipt-of-another-record", `${claim.where}: the number is not that of the record`]);
    if (record && year && year !== record.number.slice(5, 9)) faults.push(["receipt-of-another-record", `${claim.where}: the year is not that of the record`]);
    if (claim.digest && !SHA256.test(claim.digest)) faults.push(["channel-malformed", `${claim.where}: the digest is none`]);
    else if (record && claim.digest && claim.digest !== record.digest) faults.push(["channel-conflict", `${claim.where}: the digest is not that of the record`]);
  }
  if (suffixes.size > 1 || years.size > 1) faults.push(["channel-conflict", "the channels name several numbers"]);
  return record;
}

// What the channels claim. One that cannot be read takes no other with it: what the others contradict is a contradiction.
function readChannels(pdf, faults, notes) {
  const read = (channel, otherwise) => {
    try {
      return channel(pdf, faults);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      notes.push(error.message);
      return otherwise;
    }
  };
  const { badges, loose } = read(findBadges, { badges: [], loose: [] });
  const document = [...read(readInfo, []), ...read(readXmp, [])];
  const isStated = (link) => !link.fault && document.length > 0 && document.every((claim) => ownNumber(claim) === link.number && [null, claim.receipt].includes(link.receipt));
  if (!loose.every(isStated)) notes.push("no link has the badge's name, so that only the text tells which is one, and no text is read here: use pithtex check");
  return { badges, document };
}

const ownNumber = (claim) => (claim.number ?? "").split(":").pop();

// { word, rules, reasons, record, count }: what the channels of a PDF prove; never that the paper is the record's.
async function verifyPdf(bytes) {
  const faults = [], notes = [], records = [];
  const result = (word, said) => ({
    word, rules: said.map(([rule]) => rule), reasons: said.map(([, message]) => message), record: word === VERIFIED ? records[0] : null,
    count: records.length,
  });
  let claims;
  try {
    claims = readChannels(new PdfFile(bytes), faults, notes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return result(UNDECIDED, [["unreadable", error.message]]);
  }
  const { badges, document } = claims;
  const suffixes = new Set(badges.map((badge) => badge.number));
  for (const badge of badges.length ? badges : [null]) {
    const speaking = document.filter((claim) => !suffixes.has(ownNumber(claim)) || ownNumber(claim) === badge?.number);
    const all = badge ? [badge, ...speaking] : document;
    if (all.length) records.push(await judgeBadge(all, faults, notes));
  }
  if (faults.length) return result(FAILS, faults);
  if (notes.length) return result(UNDECIDED, notes.map((note) => ["unreadable", note]));
  if (!records.length) return result(UNDECIDED, [["no-metadata", "the file carries no Pith Number in its links and metadata"]]);
  if (records.includes(null)) return result(UNDECIDED, [["record-unavailable", "the file names a number, and carries no record of it"]]);
  return result(VERIFIED, []);
}
