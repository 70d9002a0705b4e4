"""What an upload's sources give away beside the paper: keys, links for editing, remarks in comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pithtex.limits import MAX_REMARKS
from pithtex.manuscript.source.comments import comments_of
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Manuscript

_SECRETS: Final = (
    ("an access key of AWS", "AKIA", r"\bAKIA[0-9A-Z]{16}\b"),
    ("a token of GitHub", "ghp_", r"\bghp_[A-Za-z0-9]{36,255}\b"),
    ("a token of GitHub", "gho_", r"\bgho_[A-Za-z0-9]{36,255}\b"),
    ("a token of GitHub", "ghs_", r"\bghs_[A-Za-z0-9]{36,255}\b"),
    ("a token of GitHub", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{22,255}\b"),
    ("a token of GitLab", "glpat-", r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    ("a token of Slack", "xox", r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),
    ("a key of Google", "AIza", r"\bAIza[0-9A-Za-z_-]{35}\b"),
    ("a token of Hugging Face", "hf_", r"\bhf_[A-Za-z0-9]{30,}\b"),
    ("a key of an API", "sk-", r"\bsk-[A-Za-z0-9_-]{20,}\b"),
    ("a private key", "PRIVATE KEY", r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    (
        "a link that lets anyone edit",
        "overleaf.com/",
        r"overleaf\.com/(?:[0-9]{6,}[a-z]{8,}|read/[a-z]{10,}\b|project/[0-9a-f]{24})",
    ),
    ("a link that may let anyone edit", "docs.google.com/", r"docs\.google\.com/[a-z]+/d/[\w-]{20,}/edit"),
    ("a link that may let anyone read", "dropbox.com/", r"dropbox\.com/(?:s|sh|scl)/\w[^\s{}]{10,}"),
    ("a password", "assw", r"(?i)\bpass(?:word|wd)\s*(?:[:=]|is)\s*[^\s{}\\]{4,}"),
    ("an address with a password", "://", r"\b[a-z+]{3,12}://[^\s/:@{}]{1,60}:[^\s/:@{}]{3,60}@[\w.-]+"),
)
"""What each is, what must stand in a text for it to be looked for, and its form: allowlists of known prefixes."""
_COMPILED: Final = tuple((what, mark, re.compile(pattern)) for what, mark, pattern in _SECRETS)
_PROSE: Final = re.compile(r"%+\s*(?![\\&{}$%])[^\s\\&{}$%]+ [^\s\\&{}$%]+ [^\s\\&{}$%]+")
"""A comment that says something: three words on end, none of them TeX."""
_NOT_PROSE: Final = re.compile(r"%+\s*(?:!|pithtex:|-\*-|arara:|vim?:|Local Variables|\W*\Z)|%%", re.I)
_MAIL: Final = re.compile(r"[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{2,60}")
_UNFINISHED: Final = re.compile(r"\b(?:TODO|FIXME|XXX|TBD)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Something that should not be published."""

    what: str
    file: TexFile
    start: int
    shown: str
    """Its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """The comments of a paper that say something."""

    file: TexFile
    """The first that has one."""
    start: int
    count: int
    """Lines."""
    files: int
    mails: int
    unfinished: int


def secrets(manuscript: Manuscript) -> Iterator[Secret]:
    """Keys, tokens, passwords and links for editing in all that is read, comments included."""
    for file in (*manuscript.files, *manuscript.names.styles.values()):
        for what, mark, pattern in _COMPILED:
            if mark in file.text:
                for found in pattern.finditer(file.text):
                    yield Secret(what=what, file=file, start=found.start(), shown=found[0][:6])


def comment_texts(file: TexFile) -> list[tuple[int, str]]:
    """The comments of a file with their places; none where they cannot be told."""
    comments = comments_of(file.text) if "%" in file.text else []
    return [(start, file.text[start:end]) for start, end in comments or ()]


def remarks(manuscript: Manuscript) -> Remarks | None:
    """What the comments say; None where they say nothing."""
    first: tuple[TexFile, int] | None = None
    count = mails = unfinished = 0
    files = set()
    for file in manuscript.files:
        for start, text in comment_texts(file) if count < MAX_REMARKS else ():
            if _NOT_PROSE.match(text) or not _PROSE.match(text):
                continue
            first = first or (file, start)
            files.add(file.name)
            count += 1
            mails += _MAIL.search(text) is not None
            unfinished += _UNFINISHED.search(text) is not None
    if first is None:
        return None
    return Remarks(file=first[0], start=first[1], count=count, files=len(files), mails=mails, unfinished=unfinished)
