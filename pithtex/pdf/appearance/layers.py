"""Layers (optional content, ISO 32000-1, 8.11): what one reader sees and another does not.

A layer is shown or not by its state, which the file sets in several ways that readers heed or not: configurations,
base states, intents, usage for viewing or printing, expressions. A person turns it on and off. So none of that is
looked at here: a page that has layers is read again without all of them, and with each of them alone, and what the
paper shows in all of these readings is what it shows.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pithtex.limits import MAX_REVISION_BYTES
from pithtex.pdf.appearance.resources import MAX_PARTS, Sheet, parts
from pithtex.pdf.untrusted import READ_ERRORS, entry

_MAX_LAYERS: Final = 12
"""Of the pages that are read. A figure in some states has as many."""
_INLINE: Final = re.compile(rb"/(?:O|#4[fF])(?:C|#43)\s*<<")
"""A layer written into the content, which must be a named resource (8.11.3.2)."""
_TOO_MANY: Final = "the pages have more layers than are looked at"


class _Place(NamedTuple):
    """Where content is said to be on a layer."""

    holder: pikepdf.Object
    key: str
    layer: object
    """What is the same where the layer is."""


def renditions(pdf: pikepdf.Pdf, sheets: Sequence[Sheet], size: int) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """The file without its layers, and with each of them alone.

    Args:
        pdf: the open file, which is of no use afterwards where it has layers.
        sheets: the pages whose text is read.
        size: the file's, in bytes.

    Returns:
        The files, none where the pages have no layers; and why the pages may show anything, a phrase or nothing.
    """
    if entry(pdf.Root, "/OCProperties") is None:  # without them all is shown (8.11.4.2)
        return (), ()
    try:
        places = [place for sheet in sheets for place in _places(sheet)]
        layers: list[object] = list(dict.fromkeys(place.layer for place in places))
        if len(layers) > _MAX_LAYERS or size * len(layers) > MAX_REVISION_BYTES:
            return (), (_TOO_MANY,)
        return tuple(_with(pdf, places, layer) for layer in ([None, *layers] if layers else [])), ()
    except _UnboundedError as error:
        return (), (str(error),)
    except READ_ERRORS:
        return (), ("the layers of the pages could not be read",)


class _UnboundedError(Exception):
    """What is on layers could not be told."""


def _places(sheet: Sheet) -> Iterator[_Place]:
    for count, part in enumerate(parts(sheet)):
        if count >= MAX_PARTS - 1:
            raise _UnboundedError(_TOO_MANY)
        if isinstance(part, pikepdf.Stream) and _INLINE.search(_content(part)):
            raise _UnboundedError("a layer is written into the content, where readers heed it or not")
        if "/OC" in part:
            yield _place(part, "/OC")
        named = entry(part, "/Properties")  # of resources (8.11.3.2)
        if isinstance(named, Dictionary):
            yield from (_place(named, key) for key in sorted(named.keys()) if _is_layer(named[key]))


def _content(part: pikepdf.Object) -> bytes:
    """The decoded content of a stream that may be drawn, as a page or a form; of a picture nothing."""
    return b"" if entry(part, "/Subtype") == Name.Image else part.read_bytes()


def _is_layer(properties: object) -> bool:
    """Whether a property list is a layer or a membership in layers: all but plain ones, to be on the safe side."""
    kinds = (Name.OCG, Name.OCMD)
    return isinstance(properties, Dictionary) and (
        entry(properties, "/Type") in kinds or "/OCGs" in properties or "/VE" in properties
    )


def _place(holder: pikepdf.Object, key: str) -> _Place:
    layer = holder[key]
    direct = layer.objgen == (0, 0)
    return _Place(holder, key, (holder.objgen, key, layer.unparse()) if direct else layer.objgen)


def _with(pdf: pikepdf.Pdf, places: Sequence[_Place], shown: object) -> bytes:
    """The file with one layer shown and all others not."""
    on, off = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("on", "off"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([on, off]), D=Dictionary(ON=Array([on]), OFF=Array([off])))
    for place in places:
        place.holder[place.key] = on if place.layer == shown else off
    out = io.BytesIO()
    pdf.save(
        out,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        fix_metadata_version=False,
        encryption=False,
    )
    return out.getvalue()
