// Elements of a page, with text in them and never markup.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * Whatever stands in a record is isolated, so that its direction turns nothing around it.
 * @param {string} text
 */
export const isolated = (text) => make("bdi", {}, text);

/**
 * A number: where a line is too short for it, it is broken before its suffix.
 * @param {{number: string, suffix: string}} record
 */
export const shownNumber = ({ number, suffix }) =>
  make("bdi", {}, number.slice(0, -suffix.length), make("wbr"), suffix);

/**
 * A list of terms and what a record says of them.
 * @param {[string, string | Node][]} rows
 * @param {(text: string) => Node} show
 */
export const terms = (rows, show = isolated) =>
  make("dl", {}, ...rows.flatMap(([term, value]) =>
    [make("dt", {}, term), make("dd", {}, typeof value === "string" ? show(value) : value)]));
