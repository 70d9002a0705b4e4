"""Colour profiles that show colours as devices do, and others."""

from __future__ import annotations

import struct

import pytest

from pithtex.pdf.appearance.profiles import is_like_device
from tests.forgeries.colours import curve, profile, table

_PRIMARIES = {
    name: b"XYZ \0\0\0\0" + struct.pack(">3i", 0, round(65536 * light), 0)
    for name, light in ((b"rXYZ", 0.222), (b"gXYZ", 0.717), (b"bXYZ", 0.061))
}


def formula(kind: int, *numbers: float) -> bytes:
    values = (round(65536 * number) for number in numbers)
    return struct.pack(f">4sIHH{len(numbers)}i", b"para", 0, kind, 0, *values)


SRGB = formula(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


@pytest.mark.parametrize(
    "shown",
    [curve(), curve(563), curve(0, 65535), curve(0, 14000, 65535), formula(0, 2.2), formula(1, 2.2, 1, 0), SRGB],
)
def test_a_curve_that_rises_is_a_devices(shown: bytes) -> None:
    assert is_like_device(profile(b"GRAY", {b"kTRC": shown}), 1)
    three = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), shown)
    assert is_like_device(profile(b"RGB ", {**_PRIMARIES, **three}), 3)
    assert not is_like_device(profile(b"RGB ", three), 3)
    assert not is_like_device(profile(b"GRAY", {b"kTRC": shown}), 3)


@pytest.mark.parametrize(
    "shown",
    [
        curve(65535, 0), curve(0, 0), curve(0, 65535, 0), curve(60000, 65535), curve(0, 65000, 65535), curve(5120),
        formula(0, -1), formula(3, 2.4, -1, 1, 0, 0), formula(1, 2.2, 0, 0), formula(9, 1), b"curv", b"",
    ],
)  # fmt: skip
def test_another_curve_is_none(shown: bytes) -> None:
    assert not is_like_device(profile(b"GRAY", {b"kTRC": shown}), 1)


def test_each_table_counts() -> None:
    plain, odd = table(0, 1), table(1, 0)
    names = (b"A2B0", b"A2B1", b"A2B2")
    assert is_like_device(profile(b"GRAY", dict.fromkeys(names, plain), b"Lab "), 1)
    for name in names:
        assert not is_like_device(profile(b"GRAY", {**dict.fromkeys(names, plain), name: odd}, b"Lab "), 1)
        assert not is_like_device(profile(b"GRAY", {name: plain[:-1]}, b"Lab "), 1)
    assert not is_like_device(profile(b"GRAY", {b"A2B0": plain, b"kTRC": curve(65535, 0)}, b"Lab "), 1)
    assert not is_like_device(profile(b"GRAY", {b"A2B0": plain, b"D2B0": b"mpet"}, b"Lab "), 1)
    assert not is_like_device(profile(b"GRAY", {}), 1)
