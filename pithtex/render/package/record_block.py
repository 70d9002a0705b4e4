"""The record block of `pith.sty`: what a generated copy has in the place of the marker line.

Written here and not from a template, since `presubmit` makes it again in each run to compare, and jinja2 takes longer
to load than all else that this needs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pithtex.render.tex import TexSafe
from pithtex.structs import struct


@struct
class RecordBlock:
    """What stands in it: text that is fit for TeX, and no other. Long texts are in pieces, a line each."""

    version: TexSafe
    title: TexSafe
    source: TexSafe
    number: TexSafe
    digest: TexSafe
    receipt: Sequence[TexSafe]
    matrix: Sequence[TexSafe]
    words: Sequence[TexSafe]
    said: Sequence[TexSafe] | None
    """What is said against the paper, and as of when."""
    abstract: Sequence[TexSafe]

    def text(self) -> str:
        """Returns the lines.

        Raises:
            TypeError: something in it did not go through an escaper.
        """
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"% The record that this copy of pith.sty carries, verified by pithtex {_safe(self.version)}:"
        yield f"%   {_safe(self.title)}"
        yield f"%   {_safe(self.source)}, {_safe(self.number)}"
        yield "\\__pith_record:nnnn"
        yield from (f"  {{ {_safe(text)} }}" for text in (self.number, self.digest))
        yield from (*_pieces(self.receipt), *_pieces(self.matrix))
        if self.words:
            yield from ("\\__pith_title:n", *_pieces(self.words))
        if self.said is not None:
            yield from ("\\__pith_standing:nn", *(f"  {{ {_safe(text)} }}" for text in self.said))
        if self.abstract:
            yield from ("\\__pith_abstract:n", *_pieces(self.abstract))


def _pieces(pieces: Sequence[TexSafe]) -> Iterator[str]:
    """Yields an argument of several lines."""
    yield "  {"
    yield from (f"    {_safe(piece)}" for piece in pieces)
    yield "  }"


def _safe(text: TexSafe) -> TexSafe:
    if not isinstance(text, TexSafe):
        raise TypeError("the record block has text that did not go through an escaper")
    return text
