"""`make bench`: the badges' formats beside plain jinja2; writes docs/how-we-know/performance-badges.md.

A file is compared with a file: a format of ours, with its escaping, layout and encoding, with one template of jinja2
with autoescape that prints the same fields of the same record. Both write as many files, of the same records, in one
process; the records are verified before. Each pair is run in turn, A B A B, and the median of the pairs' ratios is
stated, by CPU time.
"""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

import segno
from jinja2 import Environment

from pithtex.format.record import load_record
from pithtex.render.formats import FORMATS, Format
from pithtex.render.statement import statement
from pithtex.verification.record import VerifiedRecord, verify_record
from tests import signing
from tests.conftest import ROOT, VECTORS

RECORDS = 1_000
ROUNDS = 7
PAGE = ROOT / "docs" / "how-we-know" / "performance-badges.md"
PLAIN = Environment(autoescape=True).from_string(
    """\
<div class="badge">
  <a href="{{ link }}" rel="noopener" title="{{ title }}">{{ short }}</a>
  <p>{{ title }}</p>
  <p>{{ number }}, {{ source }}, version 1 of {{ date }}</p>
{% for word in words %}
  <span>{{ word }}</span>
{% endfor %}
{% if checked %}
  <p>{{ checked }}</p>
{% endif %}
</div>
"""
)
"""One template of the usual kind, with the fields that the formats print."""

TEXTS = [form for form in FORMATS if not form.binary and not form.name.startswith("qr") and form.name != "latex-poster"]
CODES = [form for form in FORMATS if form.name.startswith("qr") or form.name == "latex-poster"]
PICTURES = [form for form in FORMATS if form.binary and form not in CODES]


def records(count: int) -> list[VerifiedRecord]:
    """So many records with the titles of real ones, each made its own by a number at the end."""
    lines = (VECTORS / "records.jsonl").read_text().splitlines()
    titles = [title for title in (json.loads(line).get("title") for line in lines) if title]
    ring = signing.keyring()
    made = []
    for index in range(count):
        title = f"{titles[index % len(titles)]} {index}"
        made.append(verify_record(load_record(signing.record_document(title)), ring))
    return made


def plain(some: Sequence[VerifiedRecord], files: int) -> None:
    """The one template, so many times for each record."""
    for record in some:
        fields = {
            "link": f"https://pith.science/pith/{record.number.suffix}",
            "title": record.title,
            "short": record.number.short,
            "number": record.number.full,
            "source": f"arXiv:{record.canonical.source_id}",
            "date": record.canonical.submitted_at[:10],
            "words": (),
            "checked": None,
        }
        for _ in range(files):
            PLAIN.render(fields).encode("utf-8")


def ours(some: Sequence[VerifiedRecord], forms: Sequence[Format]) -> None:
    """Every format for each record, from the verified record to the bytes of the file."""
    for record in some:
        badge = statement(record)
        for form in forms:
            form.render(badge)


def cpu(run: Callable[[], None]) -> float:
    """Seconds of CPU."""
    gc.collect()
    start = time.process_time()
    run()
    return time.process_time() - start


def paired(base: Callable[[], None], measured: Callable[[], None], rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Seconds of each, and the median of the pairs' ratios."""
    base()
    measured()
    pairs = [(cpu(base), cpu(measured)) for _ in range(rounds)]
    low, high = (statistics.median(side) for side in zip(*pairs, strict=True))
    return low, high, statistics.median(two / one for one, two in pairs)


def each(some: Sequence[VerifiedRecord], forms: Sequence[Format]) -> list[tuple[str, float]]:
    """Microseconds a file of each format."""
    badges = [statement(record) for record in some]

    def all_of(form: Format) -> None:
        for badge in badges:
            form.render(badge)

    return [(form.name, cpu(partial(all_of, form)) / len(some) * 1e6) for form in forms]


def common(some: Sequence[VerifiedRecord]) -> float:
    """Microseconds a record for what its formats have in common."""

    def all_of() -> None:
        for record in some:
            statement(record)

    return cpu(all_of) / len(some) * 1e6


def codes_alone(links: Sequence[str]) -> None:
    """The codes, and no file."""
    for link in links:
        segno.make_qr(link, error="m", mode="byte")


def main() -> None:
    """Measures and writes."""
    some = records(RECORDS)
    gc.freeze()  # the records are the benchmark's own: they are not to be looked through again and again
    files = len(TEXTS)
    low, high, ratio = paired(lambda: plain(some, files), lambda: ours(some, TEXTS))
    print(f"{files} text formats of {RECORDS} records: plain {low:.2f} s, ours {high:.2f} s, ratio {ratio:.2f}")
    once, _, whole = paired(lambda: plain(some, 1), lambda: ours(some, TEXTS), 3)
    few = some[:40]
    links = [statement(record).link for record in few]
    codes = [form for form in CODES if form.name == "qr"]
    bare, _, code_ratio = paired(lambda: codes_alone(links), lambda: ours(few, codes), 3)
    print(f"qr: segno alone {bare / len(few) * 1e3:.1f} ms, ratio {code_ratio:.2f}")
    rows = [
        ("(what all of a record have in common: receipt, printable text)", common(some)),
        *each(some, TEXTS),
        *each(few, [*CODES, *PICTURES]),
    ]
    PAGE.write_text(page(files, (low, high, ratio), (once, whole), (bare / len(few), code_ratio), rows))


def page(
    files: int,
    texts: tuple[float, float, float],
    literal: tuple[float, float],
    codes: tuple[float, float],
    rows: list[tuple[str, float]],
) -> str:
    """docs/how-we-know/performance-badges.md."""
    low, high, ratio = texts
    table = "\n".join(f"| {name} | {value:,.0f} |" for name, value in rows)
    total = RECORDS * files
    return f"""\
# Performance of the badges

Written by `make bench` (Python {sys.version.split()[0]}, one core). Times differ from machine to machine; compare the
ratios. Medians of {ROUNDS} pairs, run in turn, in CPU time.

## All text formats of {RECORDS:,} records

A file is compared with a file. On one side all {files} text formats of {RECORDS:,} verified records, with real titles,
from the record to the bytes: compact receipt, escaping, layout of the drawings. On the other one plain jinja2 template
with autoescape, that prints the same fields (link, title, number, source, date), rendered as often: {total:,} times.
One process, templates compiled before.

| | seconds | microseconds a file |
|---|---|---|
| one plain template, {total:,} times | {low:.2f} | {low / total * 1e6:.0f} |
| `pithtex`, {files} formats of {RECORDS:,} records | {high:.2f} | {high / total * 1e6:.0f} |

Ratio: **{ratio:.2f}**. The goal is 3 at the most. Beside that template rendered but once a record ({literal[0]:.3f} s),
all {files} formats together take {literal[1]:.0f} times as long.

## Codes and pictures

These are not made by templates. A QR code alone takes segno {codes[0] * 1e3:.1f} ms; `--format qr` takes {codes[1]:.2f}
times as long. PNGs are drawn by resvg.

## Each format

| format | microseconds a file |
|---|---|
{table}
"""


if __name__ == "__main__":
    main()
