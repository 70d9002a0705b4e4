// What contradicts and what is missing, in the order in which it is found.

/** @typedef {{ rule: string, message: string }} Problem */

export class Log {
  constructor() {
    /** @type {Problem[]} */
    this.problems = [];
    /** @type {Problem[]} */
    this.missing = [];
  }
  /**
   * @param {string} rule
   * @param {string} message
   */
  fail(rule, message) {
    this.problems.push({ rule, message });
  }
  /**
   * @param {string} rule
   * @param {string} message
   */
  lack(rule, message) {
    this.missing.push({ rule, message });
  }
  /**
   * @param {string} derived
   * @param {unknown} stated what is absent or null states nothing
   * @param {string} rule
   * @param {string} where
   */
  equal(derived, stated, rule, where) {
    if (stated !== null && stated !== undefined && stated !== derived) this.fail(rule, `${where} is not ${derived}`);
  }
}
