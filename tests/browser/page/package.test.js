// For node's test runner: `test_build.py` runs it, and names the joined parts in PITH_SCRIPT.
const assert = require("node:assert/strict");
const { describe, it } = require("node:test");
const zlib = require("node:zlib");

const web = require(process.env.PITH_SCRIPT);
describe("the encoder", () => {
  it("writes what zlib reads", () => {
    const dictionary = Buffer.from(web.DICTIONARY);
    const long = ["a".repeat(22), web.DICTIONARY, "\u00ff\u{1f600}".repeat(99), "x".repeat(16000)];
    for (const text of ["", "a", ...long]) {
      const packed = web.deflate(Buffer.from(text), dictionary);
      assert.equal(zlib.inflateRawSync(packed, { dictionary }).toString(), text);
    }
  });
});

describe("pith.sty", () => {
  it("has a title as a comment of one line, whatever it holds", () => {
    const shown = "a<U+005E><U+005E>M<U+000A>b\\end{document}<U+2028>%<U+1F600>";
    assert.equal(web.texComment("a^^M\nb\\end{document}\u2028%\u{1f600}"), shown);
    assert.equal(web.texComment("x".repeat(10_000)).length, 300);
  });
});
