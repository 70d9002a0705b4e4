// For node's test runner: `test_build.py` runs it, and names the joined parts in PITH_SCRIPT.
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { describe, it } = require("node:test");
const zlib = require("node:zlib");

const web = require(process.env.PITH_SCRIPT);
const docs = readFileSync(join(__dirname, "..", "..", "..", "docs", "reference", "compact-receipt.md"), "utf8");
const VECTOR = docs.split("```text vector\n")[1].split("\n```")[0].replaceAll("\n", "");
const SEED = readFileSync(join(__dirname, "..", "..", "data", "seeds", "record-EL6A4QOT.json"));

describe("the documented receipt", () => {
  it("is verified", async () => {
    const { word, record } = await web.verifyReceipt(VECTOR);
    assert.equal(word, "verified");
    assert.equal(record.number, "pith:2026:CNPMIFD42NONUMCBYNP4XLPY53");
    assert.equal(record.title, "SparseX: Efficient Segment-Level KV Cache Sharing for Interleaved LLM Serving");
    assert.equal(record.link, `https://pith.science/pith/CNPMIFD42NONUMCBYNP4XLPY53#r=${VECTOR}`);
  });

  it("is not verified with any other character in any place", async () => {
    for (let at = 0; at < VECTOR.length; at++) {
      const changed = VECTOR.slice(0, at) + (VECTOR[at] === "A" ? "B" : "A") + VECTOR.slice(at + 1);
      const { word, record } = await web.verifyReceipt(changed);
      assert.notEqual(word, "verified", `character ${at}`);
      assert.equal(record, null);
    }
  });

  it("is not verified with S + L in its signature, which a lax engine takes", async () => {
    const [, , , text] = VECTOR.split(".");
    const signature = web.fromBase64url(text);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    let s = BigInt(`0x${web.hex(signature.slice(32).reverse())}`) + order;
    for (let at = 32; at < 64; at++, s >>= 8n) signature[at] = Number(s & 255n);
    const { subtle } = crypto;
    const [digest, importKey] = [subtle.digest.bind(subtle), subtle.importKey.bind(subtle)];
    const lax = { digest, importKey, verify: async () => true };
    const forged = VECTOR.replace(text, web.toBase64url(signature));
    assert.equal((await withCrypto(lax, () => web.verifyReceipt(VECTOR))).word, "verified");
    assert.equal((await withCrypto(lax, () => web.verifyReceipt(forged))).word, "fails");
    assert.equal((await web.verifyReceipt(forged)).word, "fails");
  });
});

async function withCrypto(subtle, run) {
  const before = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { value: { subtle }, configurable: true });
  try {
    return await run();
  } finally {
    Object.defineProperty(globalThis, "crypto", before);
  }
}

describe("what the browser lacks", () => {
  const { subtle } = crypto;
  const noEd25519 = {
    digest: subtle.digest.bind(subtle),
    importKey: async () => {
      throw new DOMException("unrecognized name", "NotSupportedError");
    },
  };

  it("is not a contradiction", async () => {
    assert.deepEqual(await wordOf(undefined, VECTOR), ["undecided", "no-webcrypto"]);
    assert.deepEqual(await wordOf(noEd25519, VECTOR), ["undecided", "no-ed25519"]);
    const { word, rules, record } = await withCrypto(noEd25519, () => web.verifyDocument(SEED));
    assert.deepEqual([word, rules, record], ["undecided", ["no-ed25519"], null]);
  });

  it("hides none", async () => {
    assert.deepEqual(await wordOf(undefined, `${VECTOR}=`), ["fails", "receipt-malformed"]);
    const changed = Buffer.from(SEED.toString().replace('"pith:2026:', '"pith:2025:'));
    assert.equal((await withCrypto(noEd25519, () => web.verifyDocument(changed))).word, "fails");
  });

  async function wordOf(subtleThere, receipt) {
    const { word, rule } = await withCrypto(subtleThere, () => web.verifyReceipt(receipt));
    return [word, rule];
  }
});

describe("the inflater", () => {
  it("stops at its bound, whatever a stream would unpack to", () => {
    const bomb = zlib.deflateRawSync(Buffer.alloc(200_000_000), { level: 9 });
    const start = process.cpuUsage().user;
    assert.throws(() => web.inflate(bomb, new Uint8Array(0), 16384), /too large/);
    assert.ok(process.cpuUsage().user - start < 2_000_000);
  });

  it("knows how much of its input it took", () => {
    const data = zlib.deflateRawSync(Buffer.from("some text, some text"));
    const { bytes, used } = web.inflate(Buffer.concat([data, Buffer.from("junk")]), new Uint8Array(0), 1000);
    assert.equal(Buffer.from(bytes).toString(), "some text, some text");
    assert.equal(used, data.length);
  });
});
