"""`pith.sty` with a record in it, and the snippet: deterministic, nothing else loaded."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pithtex
from pithtex.format.abstract import ProvenAbstract, encode_abstract
from pithtex.format.compact_receipt import encode_receipt
from pithtex.format.profile import LINK_PREFIX
from pithtex.render.package.qr_rows import qr_rows
from pithtex.render.package.record_block import RecordBlock
from pithtex.render.tex import TexSafe, tex_comment, tex_token
from pithtex.verification.record import VerifiedRecord
from pithtex.verification.standing import Standing

if TYPE_CHECKING:
    from jinja2 import Environment

MARKER: Final = "%%<pith-record>\n"
"""The line of `latex/pith.sty` where the record goes."""

CHUNK: Final = 88
"""Characters of the receipt or the QR code in one line, so that no tool on the way folds it."""


def said_of(standing: Standing) -> tuple[str, str] | None:
    """Returns what is said against the paper, hyphenated, and as of which day; None if nothing is."""
    if not standing.mark:
        return None
    return "-".join(re.findall("[a-z]+", standing.mark)), (standing.as_of or "unknown")[:10]


def render_package(
    record: VerifiedRecord, abstract: ProvenAbstract | None = None, said: tuple[str, str] | None = None
) -> bytes:
    """`pith.sty` that carries this record: the number, the digest, the compact receipt, its link as a QR code.

    Args:
        record: what `verify_record` returned; nothing else will do.
        abstract: the record's abstract, to be carried in the PDF's metadata; one of another record is left out.
        said: what is said against the paper, as of `said_of`: the badge says it.

    Raises:
        MalformedError: the record cannot be put into a compact receipt (its signed part is over the limit).
    """
    package = package_source()
    before, marker, after = package.partition(MARKER)
    if not marker:
        raise AssertionError("latex/pith.sty has lost its marker line")
    return (before + _record_block(record, abstract, said).text() + after).encode("utf-8")


def render_snippet(record: VerifiedRecord) -> bytes:
    """Returns the two lines for the paper's preamble, and what they are."""
    text = (
        tex_environment()
        .get_template("pith-snippet.tex.j2")
        .render(
            number=tex_token(record.number.full),
            suffix=tex_token(record.number.suffix),
            title=_title(record),
            source=tex_comment(record.canonical.paper),
        )
    )
    return text.encode("utf-8")


@cache
def tex_environment() -> Environment:
    """Returns the environment of the templates, which print text made fit for TeX and refuse any other."""
    from pithtex.render.templating import typed_environment

    return typed_environment("pithtex.render.package", TexSafe, {"comment": tex_comment})


def _record_block(record: VerifiedRecord, abstract: ProvenAbstract | None, said: tuple[str, str] | None) -> RecordBlock:
    if abstract is not None and abstract.sha256 != record.canonical.abstract_sha256:
        abstract = None
    receipt = encode_receipt(record.canonical, record.key.key_id, record.signature, record.title)
    matrix = ".".join(qr_rows(f"{LINK_PREFIX}{record.number.suffix}#r={receipt}"))
    return RecordBlock(
        version=tex_token(pithtex.__version__),
        number=tex_token(record.number.full),
        digest=tex_token(record.digest),
        receipt=_lines(receipt),
        matrix=_lines(matrix),
        words=_lines(title_words(record.title)),
        abstract=[] if abstract is None else _lines(encode_abstract(abstract)),
        said=None if said is None else [tex_token(part) for part in said],
        title=_title(record),
        source=tex_comment(record.canonical.paper),
    )


def _title(record: VerifiedRecord) -> TexSafe:
    return tex_comment(record.title or "(not stated by the document)")


def title_words(title: str | None) -> str:
    """Returns the words of a title in lower-case ASCII with hyphens between them, for the warning of `pith.sty`.

    Empty if TeX could not compare them: the title is not known, has formulas or commands, or letters beyond ASCII.
    """
    if title is None or not title.isascii() or re.search(r"[\\$^_{}]", title):
        return ""
    return "-".join(re.findall("[a-z0-9]+", title.lower()))


def _lines(text: str) -> list[TexSafe]:
    return [tex_token(text[start : start + CHUNK]) for start in range(0, len(text), CHUNK)]


def package_source() -> str:
    """`pith.sty` without a record: beside the templates in an installed copy, in `latex/` in a checkout."""
    installed = Path(__file__).with_name("templates") / "pith.sty"
    if installed.is_file():
        return installed.read_text("utf-8")
    return (Path(pithtex.__file__).parents[1] / "latex" / "pith.sty").read_text("utf-8")
