"""Records with titles that attack one language or another, signed by the tests' key."""

from __future__ import annotations

from typing import Any

from pithtex.format.record import load_record
from pithtex.render.statement import Statement, statement
from pithtex.verification.record import VerifiedRecord, verify_record
from pithtex.verification.said import Says
from pithtex.verification.said import Statement as Said
from pithtex.verification.standing import Standing
from tests import signing

HOSTILE = {
    "markup": "</script></style></title></svg></a>--><script>document.title='forged'</script>",
    "svg": "\"><svg onload=\"document.title='forged'\"> '><img src=https://evil.example/x.png onerror=alert(1)>",
    "entities": "{{ 7 * 7 }} {% raw %} << 7 >> &lt;b&gt; &#x3c;b&#x3e; ]]> <!-- <?x",
    "address": "javascript:alert(1) https://evil.example/ www.evil.example <javascript:alert(1)> me@evil.example",
    "controls": "\u202egpj.live\u2069 \u200f\x00\x1b[31m \u2028 end",
    "long": "x" * 10_000,
    "scripts": "Emoji 🙂 中文 Łódź naïve café Ştefan — “quoted” שלום العنوان θ",
    "markdown": "*em* __b__ `c` ~~d~~ $x^2$ | a | b | # h [x](javascript:alert(1)) ![i](http://evil.example/x) <b>\\",
    "rst": ".. image:: x |sub| :ref:`x` `l <http://evil.example>`_ \\ **t** text_ [1]_ ::",
    "adoc": "{docname} *b* _i_ +++<b>+++ pass:[<b>x</b>] image:http://e.example/x[] <<x>> ((t)) (C) -- ... ] link:x[y]",
    "org": "[[http://evil.example][x]] =v= ~c~ /i/ src_sh{touch pwned} call_x() {{{m}}} @@html:<b>@@ \\alpha $x$ +s+",
    "tex": r"\write18{touch pwned} \input{/etc/passwd} ^^5cinput{x} %c $a_b$ #1 & ~ {{ \immediate\openout15=pwned",
    "tex-case": r"\LaTeX \A AND B and \Bo, {C} and D",
    "tex-space": "-- --- '' `` ,, ?` !` \" | < > @ [x] \\",
    "bibtex": '}, note={evil} } @misc{evil, title={x}} " # x',
    "typst": '#read("/etc/passwd") #eval("1") \\u{41} " + read("x") + " $x$ <label> @ref // c /* c',
    "yaml": "key: value # c - item &a *b !t 'single' \"double\" {a: b} %x \\x41 \\",
}
"""Titles, white space collapsed, as records hold them."""


def verified(title: str, **paper: Any) -> VerifiedRecord:
    """A genuine record of that title."""
    document = signing.record_document(title)
    document["paper"] |= paper
    return verify_record(load_record(document), signing.keyring())


def said(*words: str, text: str = "") -> Standing:
    """A standing of such words, the gravest first, from verified events."""
    statements = tuple(
        Said(says=Says(word), text=text, signer="the registry, key k", when="2026-03-07T00:00:00Z", event_id="e")
        for word in words
    )
    return Standing(statements=statements, as_of="2026-03-07T00:00:00Z", events=len(words), sources=1)


def stated(title: str, **options: Any) -> Statement:
    """What may be said of it."""
    return statement(verified(title), **options)
