"""Mutants of real PDFs: the same for the same seed, damaged in their bytes or in their objects."""

from __future__ import annotations

import functools
import io
import random
import warnings
from collections.abc import Callable
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from tests.forgeries import kit

_TOKENS: Final = (
    *(b"99999999999", b"-1 0 R", b"<<" * 50, b"[" * 50, b"null"),
    *(b"\0" * 16, b"endobj", b"stream\n", b"1e999", b"()"),
)
_KEYS: Final = (
    "/Kids",
    "/Count",
    "/Annots",
    "/A",
    "/URI",
    "/Rect",
    "/NM",
    "/Contents",
    "/Resources",
    "/MediaBox",
    "/Metadata",
    "/PithNumber",
    "/PithReceipt",
    "/Parent",
    "/Length",
    "/Font",
    "/Rotate",
    "/CropBox",
)


@functools.cache
def sources(*, small: bool) -> tuple[bytes, ...]:
    """Genuine papers, as TeX wrote them and unpacked; the small one has one page, and is quickly checked."""
    papers = [kit.other_paper()] if small else [kit.other_paper(), kit.paper()]
    return tuple(data for paper in papers for data in (paper, _unpacked(paper)))


def _unpacked(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
            fix_metadata_version=False,
        )
        return out.getvalue()


def mutant(seed: int, *, small: bool) -> bytes:
    """The mutant of a seed."""
    chance = random.Random(seed)
    pool = sources(small=small)
    data = chance.choice(pool)
    if chance.random() < 0.3:
        try:
            return _objects(data, chance)
        except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, NotImplementedError):
            pass  # qpdf does not write every nonsense; the bytes are mutated then
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 10, 100))):
        if out:
            chance.choice(_BYTES)(out, chance, pool)
    return bytes(out)


Mutator = Callable[[bytearray, random.Random, tuple[bytes, ...]], None]


def _flip(out: bytearray, chance: random.Random, _: tuple[bytes, ...]) -> None:
    out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)


def _zero(out: bytearray, chance: random.Random, _: tuple[bytes, ...]) -> None:
    at, size = chance.randrange(len(out)), chance.choice((1, 16, 512, 4096))
    out[at : at + size] = bytes(len(out[at : at + size]))


def _splice(out: bytearray, chance: random.Random, pool: tuple[bytes, ...]) -> None:
    other = chance.choice(pool)
    start, size, at = chance.randrange(len(other)), chance.choice((8, 100, 5000)), chance.randrange(len(out))
    out[at : at + chance.choice((0, size))] = other[start : start + size]


def _truncate(out: bytearray, chance: random.Random, _: tuple[bytes, ...]) -> None:
    if chance.random() < 0.1:
        del out[chance.randrange(len(out)) :]


def _delete(out: bytearray, chance: random.Random, _: tuple[bytes, ...]) -> None:
    at = chance.randrange(len(out))
    del out[at : at + chance.choice((1, 10, 1000))]


def _token(out: bytearray, chance: random.Random, _: tuple[bytes, ...]) -> None:
    token, at = chance.choice(_TOKENS), chance.randrange(len(out))
    out[at : at + chance.choice((0, len(token)))] = token


def _digit(out: bytearray, chance: random.Random, _: tuple[bytes, ...]) -> None:
    """Changes a digit, as of an offset, a length or a reference."""
    start = chance.randrange(len(out))
    for at in range(start, min(start + 200, len(out))):
        if 0x30 <= out[at] <= 0x39:
            out[at] = chance.randrange(0x30, 0x3A)
            return


def _letter(out: bytearray, chance: random.Random, _: tuple[bytes, ...]) -> None:
    """Changes a letter of a number, where one stands in the clear."""
    at = out.find(chance.choice((kit.SUFFIX, kit.OTHER_SUFFIX)).encode(), chance.randrange(len(out)))
    if at >= 0:
        out[at + chance.randrange(26)] = chance.choice(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


_BYTES: Final[tuple[Mutator, ...]] = (_flip, _zero, _splice, _truncate, _delete, _token, _digit, _letter)


def _objects(data: bytes, chance: random.Random) -> bytes:
    """Changes entries of dictionaries and arrays: other types, loops, huge numbers, other objects."""
    with pikepdf.open(io.BytesIO(data)) as pdf, warnings.catch_warnings(action="ignore"):
        objects = [
            item for item in pdf.objects if isinstance(item, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream)
        ]
        for _ in range(chance.choice((1, 2, 5, 20))):
            item = chance.choice(objects)
            value = _value(pdf, item, objects, chance)
            if isinstance(item, pikepdf.Array):
                if len(item):
                    item[chance.randrange(len(item))] = value
                continue
            key = chance.choice([*item.keys(), *chance.sample(_KEYS, 2)])
            if chance.random() < 0.2 and key in item and key != "/Length":
                del item[key]
            elif key != "/Length":
                item[key] = value
        out = io.BytesIO()
        pdf.save(out, fix_metadata_version=False)
        return out.getvalue()


def _value(
    pdf: pikepdf.Pdf, item: pikepdf.Object, objects: list[pikepdf.Object], chance: random.Random
) -> pikepdf.Object | int | float | bool:
    choices: tuple[Callable[[], pikepdf.Object | int | float | bool], ...] = (
        lambda: item,
        lambda: chance.choice(objects),
        lambda: pdf.Root,
        lambda: chance.choice((0, -1, 1 << 31, 1 << 62, -(1 << 62))),
        lambda: chance.random() < 0.5,
        lambda: Name("/" + chance.choice(("Page", "Pages", "Link", "X"))),
        lambda: String(chance.choice((kit.OTHER_FULL, kit.SUFFIX, "pith-badge-1", "\0\x1b[2J"))),
        lambda: Array([item] * 3),
        lambda: Dictionary(Kids=Array([item]), Type=Name.Pages, Count=1),
    )
    return chance.choice(choices)()
