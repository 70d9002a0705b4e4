r"""What in a text has the form of a key, a token, a password, or a link that lets anyone in.

By the forms that issuers document, and by names of settings with a long value behind them (`api_key = ...`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pithtex.manuscript.source.files import TexFile
from pithtex.patterns import pattern
from pithtex.structs import struct

_READABLE: Final = "a link with which anyone may be able to read"
_TOKENS: Final = tuple(
    (what, pattern(form))
    for what, form in (
        ("an AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
        ("a GitHub token", r"\bgh[pousr]_[A-Za-z0-9]{36,255}\b|\bgithub_pat_[A-Za-z0-9_]{22,255}\b"),
        ("a GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
        ("a Slack token", r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),
        ("a Google key", r"\bAIza[0-9A-Za-z_-]{35}\b"),
        ("a Hugging Face token", r"\bhf_[A-Za-z0-9]{30,}\b"),
        ("an API key", r"\bsk-(?:[a-z0-9]{2,12}-){0,3}(?=[A-Za-z_]*[0-9])[A-Za-z0-9_]{16,}"),
        ("a Stripe key", r"\b[rs]k_live_[A-Za-z0-9]{20,}\b"),
        ("an npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
        ("a PyPI token", r"\bpypi-Ag[A-Za-z0-9_-]{50,}"),
        ("a SendGrid key", r"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{20,64}\b"),
        ("a Telegram bot's token", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}\b"),
        ("a signed token (JWT)", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
        ("an Azure storage key", r"AccountKey=[A-Za-z0-9+/=]{60,}"),
        (
            "a key or a token",
            r"(?i)(?:api[_-]?key|secret(?:[_-]?access)?[_-]?key|access[_-]?token|auth[_-]?token|client[_-]?secret)"
            r"[\"']?\s*[:=]\s*[\"']?(?=[A-Za-z/+_.-]*[0-9])[A-Za-z0-9/+_.-]{16,}",
        ),
    )
)
"""What each is, and its form; each has a long run of letters and digits, and stands on one line."""
_LONG: Final = b"w" * 16
_WORDS: Final = bytes(
    ord("w") if chr(code).isalnum() or chr(code) in "_/+-" else ord(" ") for code in range(128)
) + bytes(128)
"""Turns the letters of tokens into `w`, and all else into blanks: so a long word is found as fast as bytes are."""
_HAS_DIGIT: Final = pattern("[0-9]")
_OTHERS: Final = tuple(
    (what, mark, pattern(form))
    for what, mark, form in (
        ("a private key", "PRIVATE KEY", r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----"),
        ("a Slack webhook", "slack.com/", r"hooks\.slack\.com/services/\w+/\w+/\w{10,}"),
        ("a Discord webhook", ".com/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/[0-9]+/[\w-]{20,}"),
        (
            "a link with which anyone can edit",
            "overleaf.com/",
            r"overleaf\.com/(?:[0-9]{6,}[a-z]{8,}|project/[0-9a-f]{24}|[0-9a-f]{24}\b)",
        ),
        ("a link with which anyone can read the project", "overleaf.com/read", r"overleaf\.com/read/[a-z]{10,}\b"),
        (
            "a link with which anyone may be able to edit",
            "docs.google.com/",
            r"docs\.google\.com/[a-z]+/d/[\w-]{20,}/edit",
        ),
        (
            _READABLE,
            "drive.google.com/",
            r"drive\.google\.com/(?:drive/(?:u/[0-9]+/)?folders/|file/d/|open\?id=)[\w-]{20,}",
        ),
        (_READABLE, "dropbox.com/", r"dropbox\.com/(?:s|sh|scl)/\w[^\s{}]{10,}"),
        (_READABLE, "1drv.ms/", r"1drv\.ms/[a-z]/[^\s{}]{8,}"),
        (_READABLE, ".sharepoint.com/", r"\w\.sharepoint\.com/:[a-z]:/[^\s{}]{10,}"),
        ("an address with a password", "://", r"\b[a-z+]{3,12}://[^\s/:@{}]{1,60}:[^\s/:@{}]{3,60}@[\w.-]+"),
        (
            "a password",
            "assw",
            r"(?i:\bpass)(?:word|wd)[\"']?\s*(?:[:=]|\bis\b)\s*[\"'`]?(?!(?i:sha|md5|bcrypt|aes))"
            r"(?=[^\s{}\\]*[A-Za-z])(?=[^\s{}\\]*[0-9!@#$^*])[^\s{}\\]{4,}",
        ),
        ("a password", "assw", r"(?m)\b[Pp]ass(?:word|wd)[\"']?\s*[:=]\s*[\"'`]?[^\s{}\\\"'`,.;:&]{6,}[\"'`]?\s*$"),
        ("a password", "PASSW", r"\bPASSW(?:OR)?D[\"']?\s*[:=]\s*[\"'`]?[^\s{}\\\"'`]{4,}"),
    )
)
"""What each is, what must stand in a text for it to be looked for, and its form."""
_SHOWN: Final = 6
_MOST: Final = 200
"""Of one form in one file."""
_MOST_LINES: Final = 20_000
"""Lines of one file that are looked at for tokens."""


@struct
class Secret:
    """Something that should not be published."""

    what: str
    file: TexFile
    start: int
    shown: str
    """Its beginning."""
    readable: bool = False
    """It is a link that lets others read and no more, which a paper may give on purpose."""


def secrets(files: Iterable[TexFile]) -> Iterator[Secret]:
    """Yields keys, tokens, passwords and links that let anyone in, comments included; each place once."""
    for file in files:
        found: list[tuple[int, int, str]] = []
        for start, end, what in (*_tokens(file.text), *_marked(file.text)):
            if not any(first < end and start < last for first, last, _ in found):
                found.append((start, end, what))
        for start, _, what in sorted(found):
            shown = file.text[start : start + _SHOWN]
            yield Secret(what=what, file=file, start=start, shown=shown, readable=what == _READABLE)


def _tokens(text: str) -> Iterator[tuple[int, int, str]]:
    """Yields what is a token by its form, on the lines that have a long word with a digit in it."""
    words = text.encode("ascii", "replace").translate(_WORDS)
    count, start = 0, words.find(_LONG)
    while start >= 0 and count < _MOST_LINES:
        after = words.find(b" ", start)
        after = len(text) if after < 0 else after
        if _HAS_DIGIT.search(text, start, after):
            first = text.rfind("\n", 0, start) + 1
            after = text.find("\n", after)
            after = len(text) if after < 0 else after
            count += 1
            for what, form in _TOKENS:
                yield from _places(what, form, text, first, after)
        start = words.find(_LONG, after)


def _marked(text: str) -> Iterator[tuple[int, int, str]]:
    """Yields what is looked for where its mark stands."""
    has_link = ".com/" in text
    for what, mark, form in _OTHERS:
        if (has_link or ".com/" not in mark) and mark in text:
            yield from _places(what, form, text, 0, len(text))


def _places(what: str, form: re.Pattern[str], text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for _, found in zip(range(_MOST), form.finditer(text, start, end), strict=False):
        yield (*found.span(), what)
