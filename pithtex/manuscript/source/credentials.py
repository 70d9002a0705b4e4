r"""What in a text has the form of a key, a token, a password, or a link that lets anyone in.

By the forms that issuers document, and by names of settings with a long value behind them (`api_key = ...`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pithtex.manuscript.source.files import TexFile

_FORMS: Final = (
    ("an AWS access key", "AKIA", r"\bAKIA[0-9A-Z]{16}\b"),
    ("an AWS access key", "ASIA", r"\bASIA[0-9A-Z]{16}\b"),
    ("a GitHub token", "gh", r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b"),
    ("a GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b"),
    ("a GitLab token", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    ("a Slack token", "xox", r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),
    ("a Slack webhook", "hooks.slack.com", r"hooks\.slack\.com/services/\w+/\w+/\w{10,}"),
    ("a Discord webhook", "/webhooks/", r"discord(?:app)?\.com/api/webhooks/[0-9]+/[\w-]{20,}"),
    ("a Google key", "AIza", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    ("a Hugging Face token", "hf_", r"\bhf_[A-Za-z0-9]{30,}\b"),
    ("an API key", "sk-", r"\bsk-(?:[a-z0-9]{2,12}-){0,3}(?=[A-Za-z_]*[0-9])[A-Za-z0-9_]{16,}"),
    ("a Stripe key", "k_live_", r"\b[rs]k_live_[A-Za-z0-9]{20,}\b"),
    ("an npm token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
    ("a PyPI token", "pypi-", r"\bpypi-Ag[A-Za-z0-9_-]{50,}"),
    ("a SendGrid key", "SG.", r"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{20,64}\b"),
    ("a Telegram bot's token", ":AA", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b"),
    ("a signed token (JWT)", "eyJ", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("an Azure storage key", "AccountKey", r"AccountKey=[A-Za-z0-9+/=]{60,}"),
    ("a private key", "PRIVATE KEY", r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----"),
    (
        "a link with which anyone can edit",
        "overleaf.com/",
        r"overleaf\.com/(?:[0-9]{6,}[a-z]{8,}|project/[0-9a-f]{24}|[0-9a-f]{24}\b)",
    ),
    ("a link with which anyone can read the project", "overleaf.com/read", r"overleaf\.com/read/[a-z]{10,}\b"),
    ("a link with which anyone may be able to edit", "docs.google.com/", r"docs\.google\.com/[a-z]+/d/[\w-]{20,}/edit"),
    (
        "a link with which anyone may be able to read",
        "drive.google.com/",
        r"drive\.google\.com/(?:drive/(?:u/[0-9]+/)?folders/|file/d/|open\?id=)[\w-]{20,}",
    ),
    ("a link with which anyone may be able to read", "dropbox.com/", r"dropbox\.com/(?:s|sh|scl)/\w[^\s{}]{10,}"),
    ("a link with which anyone may be able to read", "1drv.ms/", r"1drv\.ms/[a-z]/[^\s{}]{8,}"),
    ("a link with which anyone may be able to read", ".sharepoint.com/", r"\w\.sharepoint\.com/:[a-z]:/[^\s{}]{10,}"),
    ("an address with a password", "://", r"\b[a-z+]{3,12}://[^\s/:@{}]{1,60}:[^\s/:@{}]{3,60}@[\w.-]+"),
    (
        "a password",
        "ass",
        r"(?i)\bpass(?:word|wd|phrase)?[\"']?\s*(?:[:=]|\bis\b)\s*[\"'`]?(?!sha|md5|bcrypt|aes)"
        r"(?=[^\s{}\\]*[a-z])(?=[^\s{}\\]*[0-9!@#$^*])[^\s{}\\]{4,}",
    ),
    ("a password", "ass", r"(?im)\bpass(?:word|wd|phrase)[\"']?\s*[:=]\s*[\"'`]?[^\s{}\\\"'`,.;:&]{6,}[\"'`]?\s*$"),
    (
        "a key or a token",
        ("key", "KEY", "oken", "OKEN", "ecret", "ECRET"),
        r"(?i)(?:api[_-]?key|secret(?:[_-]?access)?[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret)"
        r"[\"']?\s*[:=]\s*[\"']?(?=[A-Za-z/+_.-]*[0-9])[A-Za-z0-9/+_.-]{16,}",
    ),
)
"""What each is, what must stand in a text for it to be looked for, and its form."""
_COMPILED: Final = tuple(
    (what, (marks,) if isinstance(marks, str) else marks, re.compile(pattern)) for what, marks, pattern in _FORMS
)
_SHOWN: Final = 6
_MOST: Final = 200
"""Of one form in one file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Something that should not be published."""

    what: str
    file: TexFile
    start: int
    shown: str
    """Its beginning."""


def secrets(files: Iterable[TexFile]) -> Iterator[Secret]:
    """Keys, tokens, passwords and links that let anyone in, comments included; each place once."""
    for file in files:
        found: list[tuple[int, int, str]] = []
        for what, marks, pattern in _COMPILED:
            if any(mark in file.text for mark in marks):
                places = (match.span() for _, match in zip(range(_MOST), pattern.finditer(file.text), strict=False))
                found += [
                    (start, end, what)
                    for start, end in places
                    if not any(first < end and start < last for first, last, _ in found)
                ]
        for start, _, what in sorted(found):
            yield Secret(what=what, file=file, start=start, shown=file.text[start : start + _SHOWN])
