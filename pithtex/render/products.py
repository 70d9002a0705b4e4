"""What is made of a verified record: one badge, or all the files for a paper. Nothing is written here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pithtex.errors import UsageError
from pithtex.findings import Finding
from pithtex.notebook import html_table, short_repr
from pithtex.render.formats import FOLDER, FORMATS, Format
from pithtex.render.statement import Statement
from pithtex.structs import field, struct

if TYPE_CHECKING:
    from pithtex.format.abstract import ProvenAbstract
    from pithtex.verification.record import VerifiedRecord

_PICTURES: Final = {".svg": "image/svg+xml", ".png": "image/png"}
"""What a notebook shows as a picture, by the end of the file's name."""


@struct(repr=False)
class Rendered:
    """One format of a badge: what `pithtex.badge` gives and `pithtex badge` writes."""

    statement: Statement = field(repr=False)
    """What it says."""
    format: str
    """Its name, as of `pithtex badge --format`."""
    file_name: str
    """How its file is called, where other formats refer to it."""
    content: bytes

    @property
    def binary(self) -> bool:
        """Tells whether it is not text."""
        return self.file_name.endswith(".png")

    @property
    def text(self) -> str:
        """Returns the content as text.

        Raises:
            UsageError: it is a picture of bytes.
        """
        if self.binary:
            raise UsageError(f"the format {self.format} is not text", hint="use .content, which is its bytes")
        return self.content.decode("utf-8")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns what is said against the paper."""
        return self.statement.standing.findings

    def to_dict(self, *, files: Sequence[str] = ()) -> dict[str, object]:
        """Returns the result of `pithtex badge --json`.

        Args:
            files: where it was written, if it was; the content is left out then.
        """
        stated: dict[str, object] = {
            "number": self.statement.number,
            "title": self.statement.title,
            "format": self.format,
            "standing": self.statement.standing.to_dict(),
        }
        if files:
            stated["files"] = list(files)
        elif self.binary:
            stated["content_base64"] = b64encode(self.content).decode("ascii")
        else:
            stated["content"] = self.text
        return {**stated, "findings": [item.to_dict() for item in self.findings]}

    def __bytes__(self) -> bytes:
        return self.content

    def __str__(self) -> str:
        return repr(self) if self.binary else self.text

    def __hash__(self) -> int:
        return hash((self.format, self.content))

    def __repr__(self) -> str:
        return short_repr(self, self.format, self.statement.number, f"{len(self.content)} bytes")

    def _repr_html_(self) -> str:
        kind = next((kind for end, kind in _PICTURES.items() if self.file_name.endswith(end)), None)
        if kind is None:
            return html_table(f"Badge, {self.format}", [(self.file_name, self.text)])
        # As a picture, and not as a part of the page: nothing in it can act there.
        data = b64encode(self.content).decode("ascii")
        return f'<img src="data:{kind};base64,{data}" alt="{escape(self.statement.alt)}">'


class Package(Mapping[str, bytes]):
    """All files for a paper, by name: what `pithtex.generate` gives and `pithtex generate` writes. Immutable.

    A name is relative to the paper's folder: `pith.sty`, `pith-snippet.tex`, `pith-badges/pith-badge.svg`.
    """

    __slots__ = ("_files", "left_out", "statement")

    def __init__(self, statement: Statement, files: Mapping[str, bytes], left_out: Sequence[Finding] = ()) -> None:
        self.statement = statement
        """What the badges say."""
        self._files = dict(files)
        self.left_out = tuple(left_out)
        """Formats that could not be made: an extra is missing, or the format cannot hold so much."""

    def __getitem__(self, name: str) -> bytes:
        return self._files[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __hash__(self) -> int:
        return hash(tuple(self._files.items()))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns what is said against the paper, and what was left out."""
        return (*self.statement.standing.findings, *self.left_out)

    def to_dict(self, *, folder: str | None = None) -> dict[str, object]:
        """Returns the result of `pithtex generate --json`.

        Args:
            folder: where the files were written; None leaves their names as they are.
        """
        names = list(self) if folder is None else [str(Path(folder, name)) for name in self]
        return {
            "number": self.statement.number,
            "title": self.statement.record.title,
            "files": names,
            "standing": self.statement.standing.to_dict(),
            "findings": [item.to_dict() for item in self.findings],
        }

    def __repr__(self) -> str:
        return short_repr(self, self.statement.number, self.statement.title or "", f"{len(self)} files")

    def _repr_html_(self) -> str:
        rows = ((name, f"{len(content)} bytes") for name, content in self.items())
        return html_table(f"Files for {self.statement.label}", rows)


def rendered(statement: Statement, form: Format) -> Rendered:
    """One format of a badge.

    Raises:
        UsageError: the format needs an extra that is not installed, or cannot hold so much.
    """
    content = form.render(statement)
    return Rendered(statement=statement, format=form.name, file_name=form.file_name, content=content)


def package(statement: Statement, abstract: ProvenAbstract | None = None) -> Package:
    """`pith.sty`, the two lines, and a badge in every format that can be made.

    Args:
        statement: what may be said.
        abstract: the record's abstract, for pith.sty to carry.
    """
    from pithtex.render.package.pith_sty import render_package, render_snippet, said_of

    files = {
        "pith.sty": render_package(statement.record, abstract, said_of(statement.standing)),
        "pith-snippet.tex": render_snippet(statement.record),
    }
    left_out: dict[str, Finding] = {}
    for form in FORMATS:
        try:
            made = {form.file_name: form.render(statement)} | form.companions(statement)
        except UsageError as error:
            left_out.setdefault(form.extra or form.name, error.finding)
        else:
            files |= {f"{FOLDER}/{name}": content for name, content in made.items()}
    return Package(statement, files, tuple(left_out.values()))


def carried_abstract(record: VerifiedRecord, given: str | None = None) -> ProvenAbstract | None:
    """Returns the record's abstract for pith.sty: the given text, or the document's excerpt if that is complete.

    Raises:
        MalformedError: the text given is not the record's abstract.
    """
    from pithtex.format.abstract import ProvenAbstract, first_proven

    if given is not None:
        return ProvenAbstract(given, record.canonical)
    return first_proven((record.excerpt,), record.canonical)
