"""The commands: the module of each, and the line about it. The list of commands needs no more than this."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = {
    "add": "add",
    "remove": "add",
    "presubmit": "presubmit",
    "check": "check",
    "audit": "audit",
    "verify": "verify",
    "show": "show",
    "generate": "generate",
    "badge": "badge",
    "verify-page": "verify_page",
    "decode": "decode",
    "resolve": "resolve",
    "store": "store",
    "mirror": "mirror",
    "keys": "keys",
    "explain": "explain",
    "completion": "completion",
}
"""Each command, and the module that has it: what README, docs, changelog and the fuzzer are held to."""

SUMMARIES: Final = {
    "add": "add a paper's number to its sources",
    "remove": "remove a paper's number from its sources",
    "presubmit": "check a paper before uploading it",
    "check": "check a PDF's Pith Number against its signed record",
    "audit": "check many PDFs in folders, archives or object stores",
    "verify": "check a record or bundle against the trusted keys",
    "show": "show what the registry says about a paper",
    "generate": "write pith.sty, the two lines for a paper, and its badges",
    "badge": "write a badge or snippet for a web page, README, slides, citation or paper",
    "verify-page": "write a web page that verifies papers in the browser, offline",
    "decode": "verify a badge's link, receipt or scanned QR code",
    "resolve": "find a paper's record in the store or on a mirror",
    "store": "manage the records kept for offline use",
    "mirror": "publish the records of your store for others",
    "keys": "list the trusted keys",
    "explain": "explain a finding: what it means, and how to fix it",
    "completion": "print the completion script for your shell",
}
"""What each does, in the list of commands, in its manual page, and in what shells show."""
