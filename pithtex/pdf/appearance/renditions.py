"""The ways in which readers may show one file: what the paper shows in all of them is what it shows.

Layers (optional content, ISO 32000-1, 8.11): a layer is shown or not by its state, which the file sets in several ways
that readers heed or not: configurations, base states, intents, usage for viewing or printing, expressions. A person
turns it on and off. So none of that is looked at: a page that has layers is read again without all of them, and with
each of them alone.

A colorant that has the name of an ink, or of all of them (8.6.6.4): some readers print that ink, others what its
function gives.

Crop boxes (14.11.2): some readers show and print all of the media box. A page that has more in it is read again so.

Soft masks of a graphics state (11.6.5.2): beyond a mask's drawing, or where it has a backdrop, some readers mask
nothing. A page that has some is read again without. So is one with pictures that have colour keys (8.9.6.4), which some
round.

States that a form is drawn in, and that it changes: some readers heed the change, others draw all of it in the first
one. A page that has some is read again without the first.

Groups that are not isolated (11.4.5): what is blended in them some readers blend with nothing. A page that has some is
read again with isolated ones.

Content streams that meet within a word (7.8.2): some readers put white space between them, others do not.
"""

from __future__ import annotations

import io
import operator
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pithtex.limits import MAX_REVISION_BYTES
from pithtex.pdf.appearance.colours import family
from pithtex.pdf.appearance.glyph_names import name_characters
from pithtex.pdf.appearance.grammar import Drawn, inherited
from pithtex.pdf.untrusted import READ_ERRORS, box_of, entry

_MAX_LAYERS: Final = 12
"""Of the pages that are read. A figure in some states has as many."""
_PLAIN: Final = {"/BM": Name.Normal, "/CA": 1, "/ca": 1, "/SMask": Name("/None")}
_RIM: Final = 10.0
"""Points: a narrower strip outside a crop box has no room for a title."""
_INKS: Final = {
    "/All": (1, 1, 1, 1),
    "/Cyan": (1, 0, 0, 0),
    "/Magenta": (0, 1, 0, 0),
    "/Yellow": (0, 0, 1, 0),
    "/Black": (0, 0, 0, 1),
}
_Change = tuple[pikepdf.Object, "str | int", object]
"""What holds a value, under which key, and the other value, or None for nothing."""


def renditions(pdf: pikepdf.Pdf, drawn: Sequence[Drawn], size: int) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Returns the file as other readers, or readers of another mind, show it.

    Args:
        pdf: the open file, which is of no use afterwards.
        drawn: what the pages whose text is read are drawn from.
        size: the file's, in bytes.

    Returns:
        The files, none if all show the same; and why the pages may show anything, a phrase or nothing.
    """
    try:
        parts = [part for each in drawn for part in each.parts]
        ways = (_glued(pdf, drawn), _inked(pdf, parts), _unmasked(parts), _isolated(drawn), _overruled(drawn))
        files = [_changed(pdf, changes) for changes in map(list, (*ways, _uncropped(drawn))) if changes]
        if entry(pdf.Root, "/OCProperties") is None:  # without them all is shown (8.11.4.2)
            return tuple(files), ()
        places = [place for part in parts for place in _places(part)]
        layers: list[object] = list(dict.fromkeys(layer for _, _, layer in places))
        if len(layers) > _MAX_LAYERS or size * len(layers) > MAX_REVISION_BYTES:
            return (), ("the pages have more layers than are examined",)
        on, off = (pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(name))) for name in ("on", "off"))
        states = Dictionary(OCGs=Array([on, off]), D=Dictionary(ON=Array([on]), OFF=Array([off])))
        for shown in [None, *layers] if layers else []:  # one of them, and no other
            changes = [(holder, key, on if layer == shown else off) for holder, key, layer in places]
            files.append(_changed(pdf, [*changes, (pdf.Root, "/OCProperties", states)]))
        return tuple(files), ()
    except READ_ERRORS:
        return (), ("it could not be determined what readers show of the pages",)


def readable(pdf: pikepdf.Pdf, drawn: Sequence[Drawn]) -> bytes | None:
    """Returns the file with a character map for each font whose glyphs are named by numbers; None without such."""
    fonts = [each for one in drawn for each in one.numbered]
    for font, numbers in fonts:
        name_characters(pdf, font, numbers)
    return _saved(pdf) if fonts else None


def _changed(pdf: pikepdf.Pdf, changes: Sequence[_Change]) -> bytes:
    """Returns the file with other values, and puts back those that it had."""
    kept = [(holder, key, holder[key]) for holder, key, _ in changes]
    for holder, key, value in changes:
        if value is None:
            del holder[key]
        else:
            holder[key] = value
    file = _saved(pdf)
    for holder, key, value in kept:
        holder[key] = value
    return file


def _glued(pdf: pikepdf.Pdf, drawn: Iterable[Drawn]) -> Iterator[_Change]:
    for each in drawn:
        if each.glued is not None:
            yield each.page, "/Contents", pdf.make_stream(each.glued)


def _inked(pdf: pikepdf.Pdf, parts: Iterable[pikepdf.Object]) -> Iterator[_Change]:
    for holder, key in (place for part in parts for place in _named_inks(part)):
        yield holder, key, _ink(pdf, holder[key])


def _unmasked(parts: Iterable[pikepdf.Object]) -> Iterator[_Change]:
    for part in parts:
        if isinstance(entry(part, "/SMask"), Dictionary):
            yield part, "/SMask", Name("/None")
        if isinstance(entry(part, "/Mask"), Array):
            yield part, "/Mask", None


def _overruled(drawn: Iterable[Drawn]) -> Iterator[_Change]:
    for state in (state for each in drawn for state in each.overruled):
        yield from ((state, key, value) for key, value in _PLAIN.items() if key in state)


def _isolated(drawn: Iterable[Drawn]) -> Iterator[_Change]:
    for part in (part for each in drawn if each.blends for part in each.parts):
        if entry(part, "/Subtype") == Name.Form and "/Group" in part and not entry(part.Group, "/I"):
            part.Group.I = False  # to be put back
            yield part.Group, "/I", True


def _uncropped(drawn: Iterable[Drawn]) -> Iterator[_Change]:
    for page in (each.page for each in drawn):
        media, crop = box_of(inherited(page, "/MediaBox")), box_of(inherited(page, "/CropBox"))
        if media and crop and max(map(operator.sub, (*crop[:2], *media[2:]), (*media[:2], *crop[2:]))) > _RIM:
            page.CropBox = Array(crop)  # its own, to be put back
            yield page, "/CropBox", Array(media)


def _ink(pdf: pikepdf.Pdf, space: pikepdf.Object) -> pikepdf.Object:
    """Returns what some readers take for a space with the name of an ink."""
    none, full = Array([0, 0, 0, 0]), Array(_INKS[str(space[1])])
    tint = pdf.make_indirect(Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=none, C1=full))
    return Array([Name.Separation, Name("/Ink"), Name.DeviceCMYK, tint])


def _named_inks(part: pikepdf.Object) -> Iterator[tuple[pikepdf.Object, str | int]]:
    """Yields where a part names a colour space with the name of an ink: what holds it, and under which key."""
    for holder, key in ((part, "/ColorSpace"), (entry(part, "/Group"), "/CS")):
        value = entry(holder, key) if isinstance(holder, Dictionary | pikepdf.Stream) else None
        if isinstance(value, Dictionary):
            for name in value.keys():  # noqa: SIM118
                yield from _spaces(value, name)
        elif isinstance(value, Array) and holder is not None:
            yield from _spaces(holder, key)


def _spaces(holder: pikepdf.Object, key: str | int) -> Iterator[tuple[pikepdf.Object, str | int]]:
    space = holder[key]
    if isinstance(space, Array) and len(space):
        if family(space) == "/Separation" and str(space[1]) in _INKS:
            yield holder, key
        else:  # the base of a palette or a pattern, or what stands for other colorants
            for index in range(1, min(len(space), 3)):
                yield from _spaces(space, index)


def _places(part: pikepdf.Object) -> Iterator[_Change]:
    """Yields where content is said to be on a layer, and in place of a value what is the same where the layer is."""
    held: list[tuple[pikepdf.Object, str]] = [(part, "/OC")] if "/OC" in part else []
    named = entry(part, "/Properties")  # of resources (8.11.3.2)
    if isinstance(named, Dictionary):
        held += [(named, key) for key in sorted(named.keys()) if _is_layer(named[key])]
    for holder, key in held:
        layer = holder[key]
        direct = layer.objgen == (0, 0)
        yield holder, key, (holder.objgen, key, layer.unparse()) if direct else layer.objgen


def _is_layer(properties: object) -> bool:
    """Tells whether a property list is a layer or a membership in layers; all but plain ones count as such."""
    kinds = (Name.OCG, Name.OCMD)
    return isinstance(properties, Dictionary) and (
        entry(properties, "/Type") in kinds or "/OCGs" in properties or "/VE" in properties
    )


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():  # pikepdf warns of fields that belong to no form, as packages for layers make them
        warnings.simplefilter("ignore")
        pdf.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            fix_metadata_version=False,
            encryption=False,
        )
    return out.getvalue()
