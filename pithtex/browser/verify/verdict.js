// The words on what is checked, and what contradicts.

export const VERIFIED = "verified";
export const FAILS = "fails";
export const UNDECIDED = "undecided";

/** @typedef {"verified" | "fails" | "undecided"} Word */

/** What contradicts, or is not of its form: `rule` is the name of the finding in docs/reference/findings.md. */
export class Refused extends Error {
  /**
   * @param {string} rule
   * @param {string} message
   */
  constructor(rule, message) {
    super(message);
    this.rule = rule;
  }
}

/** @type {(message: string, rule?: string) => never} */
export const refuse = (message, rule = "receipt-malformed") => {
  throw new Refused(rule, message);
};
