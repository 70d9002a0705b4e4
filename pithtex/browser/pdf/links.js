// The badge's link among the annotations of a PDF (docs/reference/pdf-profile.md). The rules are those of
// pithtex/pdf/channels/links.py and covered_links.py.

import { BADGE_ANNOTATION, HARMLESS, MAX_LINKS, NAME_LIKE, REGISTRY_HOSTS } from "../constants.js";
import { fromHex } from "../verify/bytes.js";
import { strip } from "../verify/text.js";
import { damaged, isDictionary, nameOf, PdfText, Ref, textOf, unreadable } from "./objects.js";

/** @import { PdfFile } from "./file.js" */
/** @import { PdfValue } from "../types.js" */
/** @import { Dictionary } from "./objects.js" */
/** @import { Claim, Fault } from "./xmp.js" */

/** @typedef {Claim & { uri: string, fault?: Fault }} Link where a link leads, and what is wrong with it */
/** @typedef {{ item: Dictionary, active: boolean, isBadge: boolean, isLink: boolean, link: Link }} Annotation */
/** @typedef {[left: number, bottom: number, right: number, top: number]} Rect */

const MAX_BADGES = 200;
const MAX_ADDRESSES = 16777216;
export const SUFFIX = "[A-Z2-7]{26}";
const HOSTS = REGISTRY_HOSTS.map((host) => host.replaceAll(".", "\\.")).join("|");
/** By https and without port or user, and the one spelling of a number's page. */
export const PITH_LINK = new RegExp(`^https://(?:${HOSTS})/pith/(${SUFFIX})(?:#r=([A-Za-z0-9._-]+))?$`);
const URL_PARTS = /^(?:[^:/?#]*:)?\/*([^/?#]*)([^?#]*)/s; // RFC 3986, Appendix B
const IMITATION = new RegExp(`${NAME_LIKE}|[^\\0-\\x7f]`, "i");
const UNSEEN = 0x02 | 0x20; // Hidden and NoView (ISO 32000-1, table 165): such an annotation takes no click
/** @type {Rect} */
const NOWHERE = [0, 0, 0, 0];

/**
 * An address without what hides letters: escapes, other forms of letters, backslashes.
 * @param {string} uri
 */
function plainAddress(uri) {
  const unescaped = (/** @type {string} */ all) => new TextDecoder().decode(fromHex(all.replaceAll("%", "")));
  const unquoted = uri.replace(/(?:%[0-9a-fA-F]{2})+/g, unescaped);
  return strip(unquoted.normalize("NFKC").replaceAll("\\", "/"));
}

/**
 * Whether an address certainly speaks of Pith.
 * @param {string} uri
 */
export const namesPith = (uri) => /pith\.science|#.*r=p1\./is.test(plainAddress(uri));

/**
 * Whether an address may speak of Pith: at least where pithtex/format/badge_link.py says so.
 * @param {string} uri
 */
function mayNamePith(uri) {
  const [, host, path] = URL_PARTS.exec(plainAddress(uri).replace(/[\0-\x1f\x7f]/g, "")) ?? ["", "pith", ""];
  return namesPith(uri) || IMITATION.test(host) || /^\/+pith\/+[^/]/i.test(path);
}

/**
 * A rectangle (7.9.5) with its corners in order; one that is not a rectangle lies nowhere.
 * @param {PdfFile} pdf
 * @param {Dictionary} annotation
 * @returns {Rect}
 */
function rectangle(pdf, annotation) {
  const listed = pdf.entry(annotation, "Rect");
  const numbers = Array.isArray(listed) ? listed.map((item) => pdf.get(item)) : [];
  if (numbers.length !== 4) return NOWHERE;
  const [a, b, c, d] = numbers.map((item) => (typeof item === "number" ? item : NaN));
  if (![a, b, c, d].every(Number.isFinite)) return NOWHERE;
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/**
 * What an object gives twice (7.3.7), and what is written in it; not what neither says what a link is nor what it does.
 * @param {PdfValue} value
 * @returns {string[]}
 */
function doubled(value) {
  if (Array.isArray(value)) return value.flatMap(doubled);
  if (!isDictionary(value)) return [];
  return [...[...value.twice.keys()].filter((key) => !HARMLESS.includes(key)), ...[...value.values()].flatMap(doubled)];
}

/**
 * The annotations of a page (12.5) that are links, or do something when clicked: two that are one object count once.
 * @param {PdfFile} pdf
 * @param {Dictionary} page
 * @param {Set<PdfValue>} seen
 * @returns {Annotation[]}
 */
function clickable(pdf, page, seen) {
  const listed = pdf.entry(page, "Annots") ?? [], found = [];
  if (!Array.isArray(listed)) damaged("a page's annotations");
  for (const place of listed) {
    const item = pdf.get(place);
    if (item === null || seen.has(item)) continue;
    if (!isDictionary(item)) damaged("a page's annotations");
    if (seen.size === MAX_LINKS) unreadable("more links than this page reads: use pithtex check");
    seen.add(item);
    const name = pdf.get(item.get("NM")), isBadge = name instanceof PdfText && textOf(name) === BADGE_ANNOTATION;
    const twice = isBadge ? [...doubled(item), ...doubled(pdf.get(item.get("A")))] : [];
    // One that is not an object of its own is written in the page, or in the list.
    if (isBadge && !(place instanceof Ref) && doubled([page, listed]).length)
      unreadable("a page gives an entry twice, and readers disagree on which one counts");
    if (twice.length) found.push({ item, active: false, isBadge, isLink: true, link: doubledLink(twice[0]) });
    else found.push(...readAnnotation(pdf, item, isBadge));
  }
  return found;
}

/**
 * @param {string} key
 * @returns {Link}
 */
function doubledLink(key) {
  const message = `gives /${key} more than once, and readers disagree on which one counts`;
  return { where: "link", uri: "", number: null, receipt: null, fault: ["channel-duplicate", message] };
}

/**
 * @param {PdfFile} pdf
 * @param {Dictionary} item
 * @param {boolean} isBadge
 * @returns {Annotation[]}
 */
function readAnnotation(pdf, item, isBadge) {
  const [A, AA, Dest, PA, , Subtype] =
    ["A", "AA", "Dest", "PA", "NM", "Subtype"].map((key) => pdf.entry(item, key));
  const active = [A, AA, Dest, PA].some((value) => value !== null), isLink = nameOf(Subtype) === "Link";
  return active || isBadge || isLink ? [{ item, active, isBadge, isLink, link: readLink(pdf, item, A ?? PA) }] : [];
}

/**
 * Where a link leads (12.6.4.7), and what is wrong with it.
 * @param {PdfFile} pdf
 * @param {Dictionary} item
 * @param {PdfValue} action
 * @returns {Link}
 */
function readLink(pdf, item, action) {
  const address = isDictionary(action) ? pdf.entry(action, "URI") : null;
  const uri = (address instanceof PdfText && textOf(address)) || "";
  const found = PITH_LINK.exec(uri);
  /** @type {Link} */
  const link = { where: "link", uri, number: found?.[1] ?? null, receipt: found?.[2] ?? null };
  const opensPage = isDictionary(action) && nameOf(pdf.entry(action, "S")) === "URI";
  const isPlain = opensPage && pdf.entry(action, "Next") === null && item.has("A");
  if (!found) link.fault = ["look-alike-host", "does not lead to a number's page at the registry"];
  else if (!isPlain || ["AA", "PA", "Dest"].some((key) => item.has(key)))
    link.fault = ["channel-malformed", "does more than open a page"];
  return link;
}

/**
 * Whether something else lies over the middle of a link and takes the click: readers differ on which of two does
 * (12.5).
 * @param {PdfFile} pdf
 * @param {Annotation} badge
 * @param {{ item: Dictionary, link: Link, place: Rect }[]} others
 */
function isCovered(pdf, { link, item }, others) {
  const place = rectangle(pdf, item);
  const x = (place[0] + place[2]) / 2, y = (place[1] + place[3]) / 2;
  return others.some((other) => {
    const [left, bottom, right, top] = other.place;
    const isOver = other.item !== item && left <= x && x <= right && bottom <= y && y <= top;
    return isOver && !(other.link.uri === link.uri && !other.link.fault);
  });
}

/**
 * The badges of a page's annotations; a badge that is covered gets that as its fault.
 * @param {PdfFile} pdf
 * @param {Annotation[]} all
 * @param {number} room how many more this page reads
 */
function badgesOf(pdf, all, room) {
  const badges = all.filter(({ isBadge }) => isBadge);
  if (badges.some(({ isLink, item }) => !isLink || item.has("QuadPoints")))
    unreadable("a badge of a kind that this page does not read: use pithtex check");
  if (badges.length > room) unreadable("more badges than this page reads: use pithtex check");
  const isUnseen = (/** @type {Dictionary} */ item) => {
    const flags = pdf.entry(item, "F");
    return typeof flags === "number" && (flags & UNSEEN) !== 0;
  };
  const isSound = badges.some(({ link }) => !link.fault);
  const others = (isSound ? all : []).filter(({ active, item }) => active && !isUnseen(item));
  const placed = others.map(({ item, link }) => ({ item, link, place: rectangle(pdf, item) }));
  for (const badge of badges)
    if (!badge.link.fault && isCovered(pdf, badge, placed))
      badge.link.fault = ["badge-covered", "lies under something else that takes the click"];
  return badges.map(({ link }) => link);
}

/**
 * The badges of a file: its links by the badge's name. Where there is none, text would tell which link is one, and no
 * text is read here: then the links that may name Pith are `loose`.
 * @param {PdfFile} pdf
 * @returns {{ badges: Link[], loose: Link[] }}
 */
export function findBadges(pdf) {
  /** @type {Link[]} */
  const badges = [];
  /** @type {Link[]} */
  const loose = [];
  const seen = new Set();
  let left = MAX_ADDRESSES; // one can be shared by every annotation
  for (const page of pdf.pages) {
    const all = clickable(pdf, page, seen);
    left -= all.reduce((sum, { link }) => sum + link.uri.length, 0);
    if (left < 0) unreadable("longer links than this page reads: use pithtex check");
    badges.push(...badgesOf(pdf, all, MAX_BADGES - badges.length));
    const mayBeOne = all.filter(({ isLink, link }) => isLink && link.uri && mayNamePith(link.uri));
    loose.push(...mayBeOne.map(({ link }) => link));
  }
  return { badges, loose: badges.length ? [] : loose };
}
