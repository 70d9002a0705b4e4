"""`make bench`: what the badge costs a reader, in Chromium; writes docs/how-we-know/performance-page.md.

The unit is the browser's own work: one SHA-256 and one Ed25519 by WebCrypto, which no verifier can do without, timed in
turn with a whole verification on the same receipts.
"""

from __future__ import annotations

import gzip
import re
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from pithtex.browser import scripts
from tests.browser.verify.test_same_receipts import seed_receipts
from tests.conftest import FLAGS, ROOT
from tests.kit import needs

DOC = ROOT / "docs" / "how-we-know" / "performance-page.md"
ROUNDS = 15
PER_ROUND = 200
TARGET = 5.0
"""Milliseconds a receipt."""

MEASURE = """
globalThis.measure = async (receipts, rounds, times) => {
  const [key] = Object.values(KEYS);
  const floor = async ({ text, signature }) => isSigned(key, await sha256(utf8(text)), signature);
  const time = async (run, values) => {
    const start = performance.now();
    for (let index = 0; index < times; index++) await run(values[index % values.length]);
    return (performance.now() - start) / times;
  };
  const decoded = receipts.map(decodeReceipt);
  const first = performance.now();
  await verifyReceipt(receipts[0]);
  const cold = performance.now() - first;
  await time(verifyReceipt, receipts);
  await time(floor, decoded);
  const pairs = [];
  while (pairs.length < rounds) pairs.push([await time(verifyReceipt, receipts), await time(floor, decoded)]);
  return { cold, pairs };
};
"""


def measure(folder: Path) -> tuple[float, list[tuple[float, float]]]:
    """Milliseconds of the first receipt, and in each round of a receipt and of the cryptography alone."""
    script = scripts.body("verify/receipt.js") + MEASURE
    page = folder / "bench.html"
    page.write_text(f"<!DOCTYPE html><meta charset=utf-8><title>bench</title><script>{{{script}}}</script>", "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs.program("chromium"), args=FLAGS)
        opened = browser.new_page()
        opened.goto(page.as_uri())
        result = opened.evaluate("([r, n, t]) => measure(r, n, t)", [seed_receipts(), ROUNDS, PER_ROUND])
        browser.close()
    return result["cold"], [(whole, floor) for whole, floor in result["pairs"]]


def figures() -> str:
    """The lines for the documentation."""
    with tempfile.TemporaryDirectory() as name:
        cold, pairs = measure(Path(name))
    whole = statistics.median(one for one, _ in pairs)
    ratio = statistics.median(one / other for one, other in pairs)
    badge = (ROOT / "pithtex" / "browser" / "badge" / "pith-badge.min.js").read_bytes()
    page = scripts.verify_page()
    if whole > TARGET:
        print(f"slower than {TARGET} ms a receipt: {whole:.2f} ms", file=sys.stderr)
    sizes = " | ".join(
        f"{len(data) / 1000:.1f} kB | {len(gzip.compress(data, 9)) / 1000:.1f} kB" for data in (badge, page)
    )
    badge_sizes, page_sizes = sizes.split(" | ")[:2], sizes.split(" | ")[2:]
    return "\n".join(
        [
            "| what | as it is | by gzip |",
            "|---|---|---|",
            f"| `pith-badge.min.js` | {badge_sizes[0]} | {badge_sizes[1]} |",
            f"| `verify.html`, `pith.sty` in it | {page_sizes[0]} | {page_sizes[1]} |",
            "",
            "| what | in Chromium |",
            "|---|---|",
            f"| one receipt, of many | {whole:.2f} ms: {ratio:.1f} × its SHA-256 and Ed25519 alone |",
            f"| the first on a page | {cold:.1f} ms |",
        ]
    )


def main() -> int:
    text = DOC.read_text("utf-8")
    lines = figures()
    print(lines)
    begin, end = "<!-- figures -->\n", "<!-- end of figures -->"
    if begin not in text:
        print(f"{DOC} has no place for the figures", file=sys.stderr)
        return 1
    DOC.write_text(re.sub(f"{begin}.*?{end}", lambda _: f"{begin}{lines}\n{end}", text, flags=re.DOTALL), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
