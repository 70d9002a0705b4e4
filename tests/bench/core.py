"""`make bench`: the core as a ratio to a floor of the same run; writes docs/how-we-know/performance.md and its plot.

Each pair is run in turn, A B A B, and the median of the pairs' ratios is stated: this holds when the machine's speed
drifts, which single times do not.
"""

from __future__ import annotations

import base64
import copy
import gc
import hashlib
import json
import math
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from nacl.signing import VerifyKey

import pithtex
from pithtex.format.bundle import UNHASHED, load_bundle
from pithtex.format.keys import PINNED_KEY
from pithtex.limits import MAX_DOCUMENT_BYTES, MAX_JSON_DEPTH
from pithtex.verification.merge import merge
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES, ROOT

ROUNDS = 15
PER_ROUND = 300
SIZES = (1_000, 10_000, 100_000)
PAGE = ROOT / "docs" / "how-we-know" / "performance.md"
PLOT = ROOT / "docs" / "how-we-know" / "merge.svg"


def floor(data: bytes) -> None:
    """What no verifier can do without: parse strictly enough, hash one canonical dump, check one signature."""
    # More brackets than levels may be too deep; no document here has so many.
    brackets = len(data) - len(data.replace(b"{", b"").replace(b"[", b""))
    if len(data) > MAX_DOCUMENT_BYTES or brackets > MAX_JSON_DEPTH:
        raise ValueError("too large or too deep")
    document = json.loads(data.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_refuse, parse_float=_finite)
    dumped = json.dumps(
        document["canonical_record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    signature = base64.b64decode(document["receipt"]["signature_b64"], validate=True)
    VerifyKey(PINNED_KEY.public_key).verify(hashlib.sha256(dumped.encode()).digest(), signature)


def ours(data: bytes) -> None:
    """Every check of a record."""
    pithtex.verify_record(pithtex.load_record(data))


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(items)
    if len(result) != len(items):
        raise ValueError("twice")
    return result


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(text)
    return value


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def cpu(run: Callable[[bytes], None], documents: list[bytes]) -> float:
    """Seconds of CPU a document."""
    start = time.process_time()
    for index in range(PER_ROUND):
        run(documents[index % len(documents)])
    return (time.process_time() - start) / PER_ROUND


def records() -> tuple[float, float, float]:
    """Seconds a document at the floor and here, and the median ratio floor / here."""
    documents = [path.read_bytes() for path in RECORD_FILES]
    pairs = [(cpu(floor, documents), cpu(ours, documents)) for _ in range(ROUNDS + 1)]
    lows, highs = zip(*pairs[1:], strict=True)  # the first is to warm up
    ratio = statistics.median(low / high for low, high in zip(lows, highs, strict=True))
    return statistics.median(lows), statistics.median(highs), ratio


def bundle_of(events: int) -> dict[str, Any]:
    """The seed bundle with as many more events, each signed by the tests' key and followed by the next."""
    document: dict[str, Any] = json.loads(BUNDLE_FILE.read_bytes())
    document.pop("state")
    document.pop("bundle_signature")
    template = document["events"][0]
    previous = None
    for index in range(events):
        event = {key: copy.deepcopy(value) for key, value in template.items() if key not in UNHASHED}
        event.update(
            event_type="citation_signature",
            target=f"paper:{index}",
            payload={"relation": "cites", "cited": f"2606.{index:05}"},
            prev_event=previous,
            signer={**event["signer"], "signer_id": "bench", "key_id": signing.TEST_KEY_ID},
        )
        event["signer"].pop("public_key_fingerprint", None)
        digest = pithtex.digest(event)
        signature = signing.signature_fields(digest, "open_graph_event_sha256_bytes")
        event.update(content_sha256=digest, event_id=f"sha256:{digest}", signature=signature)
        previous = event["event_id"]
        document["events"].append(event)
    return document


def merges() -> list[tuple[int, float]]:
    """Number of events, and seconds to merge a loaded bundle of them."""
    keyring = pithtex.Keyring([PINNED_KEY, *signing.keyring()])
    results = []
    for size in SIZES:
        bundle = load_bundle(bundle_of(size))
        gc.collect()
        start = time.process_time()
        state = merge([bundle], keyring)
        results.append((size, time.process_time() - start))
        assert state.to_dict()["valid_event_count"] == size + 2
    return results


def plot(results: list[tuple[int, float]]) -> None:
    """Time against events, both logarithmic, with the line of exact proportion."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "pithtex"
    from matplotlib import pyplot

    sizes, seconds = zip(*results, strict=True)
    figure, axes = pyplot.subplots(figsize=(6, 3.6), layout="constrained")
    axes.loglog(sizes, seconds, "o-", color="#1f5fa8", label="merge")
    exact = [seconds[0] * size / sizes[0] for size in sizes]
    axes.loglog(sizes, exact, "--", color="#777777", label="exactly proportional")
    axes.set(xlabel="events", ylabel="seconds of CPU")
    axes.grid(visible=True, which="both", alpha=0.25)
    axes.legend(frameon=False)
    figure.savefig(PLOT, metadata={"Date": None})


def page(low: float, high: float, ratio: float, results: list[tuple[int, float]]) -> str:
    """docs/how-we-know/performance.md."""
    rows = "\n".join(f"| {size:,} | {seconds:.2f} | {seconds / size * 1e6:.0f} |" for size, seconds in results)
    return f"""\
# Performance

Written by `make bench` (Python {sys.version.split()[0]}, one core). Times differ from machine to machine; compare the
ratios.

## Records verified a second

Every check that can refute a record (parse, shape, digest, number, names, copies, receipt, signature, title, snapshots,
addresses) beside the floor, which is what no verifier can do without, in the plainest form that Python has:

- the size and the number of brackets bounded, UTF-8 decoded strictly, and `json.loads` with hooks that refuse a key
  that comes twice, NaN, Infinity and numbers that overflow;
- `json.dumps` of the canonical record with the format's options, and SHA-256 of that;
- the signature out of base64, and PyNaCl's `VerifyKey(...).verify`.

The floor does not look for lone surrogates or long numbers, and believes all that the document says. Medians of
{ROUNDS} pairs of {PER_ROUND} real documents of 7 KB, run in turn, in seconds of CPU.

| | microseconds a record | records a second | floor to this |
|---|---|---|---|
| floor | {low * 1e6:.0f} | {1 / low:,.0f} | |
| `verify_record(load_record(...))` | {high * 1e6:.0f} | {1 / high:,.0f} | **{ratio:.2f}** |

The goal is 0.6. Both parse with the standard library.

## Merging

One bundle with so many signed events, each the successor of the one before. They are given as objects, and loading is
not counted: as JSON the larger two would need `max_bytes`, since by default documents are read up to 8 MiB, some
9,000 such events ([merge.md](../reference/merge.md)).

| events | seconds of CPU | microseconds an event |
|---|---|---|
{rows}

![Merge time against the number of events](merge.svg)
"""


def main() -> None:
    """Measures and writes."""
    low, high, ratio = records()
    print(f"records: floor {low * 1e6:.0f} us, ours {high * 1e6:.0f} us, ratio {ratio:.2f}")
    results = merges()
    for size, seconds in results:
        print(f"merge: {size:>7,} events {seconds:7.2f} s, {seconds / size * 1e6:.0f} us an event")
    plot(results)
    PAGE.write_text(page(low, high, ratio, results))


if __name__ == "__main__":
    main()
