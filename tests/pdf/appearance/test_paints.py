from __future__ import annotations

import pytest
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.appearance.paints import check_shading
from pithtex.pdf.untrusted import READ_ERRORS, OddError


def exponential(begin: float = 1, end: float = 1, power: float = 1, **entries: object):
    plain = {"FunctionType": 2, "Domain": Array([0, 1]), "C0": Array([begin]), "C1": Array([end]), "N": power}
    return Dictionary(**{**plain, **entries})


def stitched(bounds: list[float], *parts: object, **entries: object):
    plain = {"FunctionType": 3, "Domain": Array([0, 1]), "Bounds": Array(bounds), "Encode": Array([0, 1] * len(parts))}
    return Dictionary(**{**plain, "Functions": Array(list(parts)), **entries})


def sampled(pdf, samples: bytes, **entries: object):
    plain = {"FunctionType": 0, "Domain": Array([0, 1]), "Range": Array([0, 1]), "BitsPerSample": 8}
    return pdf.make_stream(samples, **{**plain, "Size": Array([len(samples)]), **entries})


def shading(function: object, **entries: object):
    plain = {"ShadingType": 2, "ColorSpace": Name.DeviceGray, "Coords": Array([0, 0, 0, 9]), "Function": function}
    return Dictionary(**{**plain, **entries})


@pytest.mark.parametrize(
    "made",
    [
        lambda _: shading(exponential(0, 1)),
        lambda _: shading(exponential(), Extend=Array([True, False]), Domain=Array([0, 1])),
        lambda _: shading(stitched([0.5], exponential(0, 1, 2), exponential(1, 0))),
        lambda _: shading(stitched([0.5], exponential(0, 1), exponential(0, 1), Encode=Array([0, 1, 1, 0]))),
        lambda _: shading(
            stitched(
                [25],
                exponential(0, 1, Domain=Array([0, 100.001])),
                exponential(1, 0.5, Domain=Array([0, 100.001])),
                Domain=Array([0, 100.001]),
            ),
            Domain=Array([0, 100.001]),
        ),  # as pgf has it
        lambda _: shading(stitched([0.01], exponential(0, 0.1), exponential(0.1, 0))),
        lambda pdf: shading(sampled(pdf, bytes(range(0, 256, 16)))),
        lambda pdf: shading(sampled(pdf, b"\0\xff", Encode=Array([0, 1]), Decode=Array([0, 1]))),
        lambda _: shading(exponential(), ShadingType=3, Coords=Array([0, 0, 0, 0, 0, 9])),
    ],
)
def test_shadings_that_all_readers_paint_alike(pdf, made):
    check_shading(made(pdf))


@pytest.mark.parametrize(
    "made",
    [
        lambda _: shading(exponential(), Extend=Array([True, True, True])),
        lambda _: shading(exponential(), Extend=Array([1, 1])),
        lambda _: shading(exponential(Domain=Array([0, 0.5]))),
        lambda _: shading(exponential(), Domain=Array([5, 6])),
        lambda _: shading(exponential(), Coords=Array([0, 0, 0, 0.0001])),
        lambda _: shading(exponential(), Coords=Array([0, 0, 0, 99_999])),
        lambda _: shading(exponential(), ShadingType=3, Coords=Array([0, 0, -1, 0, 0, 9])),
        lambda _: shading(exponential(2, 0)),
        lambda _: shading(exponential(0, 1, 17)),
        lambda _: shading(exponential(0, 1, 0.4)),
        lambda _: shading(stitched([0.5], exponential(0, 0), exponential(1, 1))),
        lambda _: shading(stitched([0.5], exponential(0, 1, 9), exponential(1, 0))),
        lambda _: shading(stitched([0.001], exponential(0, 1), exponential(1, 0))),
        lambda _: shading(stitched([0.5], exponential(), exponential(), Encode=Array([0, 1, 0, 0.5]))),
        lambda _: shading(stitched([0.5], exponential(), exponential(), Encode=Array([0, 1]))),
        lambda _: shading(stitched([0.5], exponential(0, 1), exponential(0, 1))),
        lambda _: shading(stitched([0.5], exponential(0, 1), exponential(1, 0), Encode=Array([0, 1, 1, 0]))),
        lambda _: shading(stitched([0.01], exponential(0, 0.2), exponential(0.2, 0))),
        lambda _: shading(exponential(0, 1, Domain=Array([0, 9])), Domain=Array([0, 9])),
        lambda _: shading(stitched([1.5], exponential(), exponential())),
        lambda _: shading(stitched([0.5], exponential())),
        lambda _: shading(stitched([], stitched([], exponential()))),
        lambda _: shading(stitched([])),
        lambda pdf: shading(sampled(pdf, b"\0\xff" * 40)),
        lambda pdf: shading(sampled(pdf, b"\0\xff", Order=3)),
        lambda pdf: shading(sampled(pdf, b"\0\xff", Decode=Array([1, 0]))),
        lambda pdf: shading(sampled(pdf, b"\0\xff\0\xff", BitsPerSample=16, Size=Array([2]))),
        lambda pdf: shading(pdf.make_stream(b"{}", FunctionType=4, Domain=Array([0, 1]), Range=Array([0, 1]))),
        lambda _: shading(exponential(), ColorSpace=Array([Name.Lab, Dictionary(WhitePoint=Array([1, 1, 1]))])),
    ],
)
def test_shadings_that_readers_paint_differently(pdf, made):
    with pytest.raises((OddError, *READ_ERRORS)):
        check_shading(made(pdf))
