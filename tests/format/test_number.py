"""Numbers as people write them, and as documents do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pithtex
from pithtex import PithNumber
from pithtex.errors import MalformedError
from pithtex.format.number import LOOK_ALIKES, ShortForm, likely_number
from tests.conftest import ROOT

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"


@pytest.mark.parametrize(
    "text",
    [
        f"pith:2026:{SUFFIX}",
        SUFFIX,
        SUFFIX.lower(),
        f"  Pith:2026:{SUFFIX.lower()}\n",
        f"pith:{SUFFIX}",
        f"https://pith.science/pith/{SUFFIX}",
        f"https://www.pith.science/pith/{SUFFIX}.json",
        f"https://pith.science/pith/{SUFFIX}/bundle.json",
        f"https://pith.science/.well-known/pith/{SUFFIX}/bundle.json",
        f"https://pith.science/pith/{SUFFIX}#r=p1.x.y.z",
    ],
)
def test_spellings(text: str) -> None:
    assert PithNumber.parse(text).suffix == SUFFIX


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("CNPMIFD42NONUMCBYNP4XLPY5", "26 characters"),
        ("CNPMIFD42NONUMCBYNP4XLPY533", "26 characters"),
        ("CNPMIFD4", "give all 26"),
        ("pith:CNPMIFD42NONUMCB", "give all 26"),
        ("0NPMIFD42NONUMCBYNP4XLPY53", "ONPMIFD42NONUMCBYNP4XLPY53"),
        ("CNPM1FD42NONUMCBYNP4XLPY53", SUFFIX),
        ("\u0421NPMIFD42NONUMCBYNP4XLPY53", SUFFIX),  # Cyrillic Es
        ("\uff23NPMIFD42NONUMCBYNP4XLPY53", SUFFIX),  # full-width C
        (f"https://pith.science.example/pith/{SUFFIX}", "26 characters"),
        ("", "26 characters"),
    ],
)
def test_what_is_refused_comes_with_a_hint(text: str, hint: str) -> None:
    with pytest.raises(MalformedError) as caught:
        PithNumber.parse(text)
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize("text", [SUFFIX.lower(), f"pith:{SUFFIX}", f" {SUFFIX}", f"{SUFFIX}\n", f"Pith:2026:{SUFFIX}"])
def test_documents_are_held_to_the_letter(text: str) -> None:
    with pytest.raises(MalformedError):
        PithNumber.parse_exact(text)


def test_from_digest() -> None:
    number = PithNumber.from_digest("135ec4147cd35cda3041c35fcbadf8eec5d308d34d835d0bcc50c7d37f50b12c", 2026)
    assert (number.full, number.suffix, number.short) == (f"pith:2026:{SUFFIX}", SUFFIX, "pith:CNPMIFD4")


def test_a_year_disagrees_only_with_another_year() -> None:
    assert PithNumber(SUFFIX).agrees_with(PithNumber(SUFFIX, 2026))
    assert not PithNumber(SUFFIX, 2025).agrees_with(PithNumber(SUFFIX, 2026))


@given(st.text())
def test_any_text_is_a_number_or_malformed(text: str) -> None:
    """What parses is a number that reads back as itself; nothing but `MalformedError` is raised."""
    try:
        number = PithNumber.parse(text)
    except MalformedError:
        return
    assert PithNumber.parse_exact(number.full) == number


@pytest.mark.parametrize("text", ["pith:CNPMIFD4", "cnpmifd4", " CNPMIFD42NON ", "PITH:CNPMIFD42NONUMCB"])
def test_a_short_form_names_and_is_no_number(text: str) -> None:
    assert ShortForm.parse(text).names(PithNumber(SUFFIX))
    assert not ShortForm.parse(text).names(PithNumber("D" + SUFFIX[1:]))
    with pytest.raises(MalformedError):
        PithNumber.parse(text)


@pytest.mark.parametrize("text", ["", "pith:", "CNPMIFD", "CNPMIFD42", "CNPMIFD0", "\u0421NPMIFD4", SUFFIX])
def test_what_is_no_short_form(text: str) -> None:
    with pytest.raises(MalformedError):
        ShortForm.parse(text)


def test_pith_sty_guesses_by_the_same_look_alikes() -> None:
    r"""`\__pith_reject:` names the most probable reading of each."""
    source = (ROOT / "latex" / "pith.sty").read_text()
    body = source.partition(r"\cs_gset_protected:Npn \__pith_reject:")[2].partition(r"\msg_error")[0]
    replaced = re.findall(r"\\regex_replace_all:nnN \{ (\S+) \} \{ (\S+) \} \\l__pith_guess_str", body)
    assert dict(replaced) == {char: letters[0] for char, letters in LOOK_ALIKES.items()}


@pytest.mark.parametrize("make", [lambda: pithtex.PithNumber("x"), lambda: pithtex.PithNumber(SUFFIX, 12345)])
def test_a_number_cannot_be_made_wrong(make: Any) -> None:
    with pytest.raises(MalformedError):
        make()


def test_a_number_is_of_a_digest() -> None:
    with pytest.raises(MalformedError, match="SHA-256"):
        pithtex.PithNumber.from_digest("ABC", 2026)
    assert str(ShortForm("CNPMIFD4")) == "pith:CNPMIFD4"


KNOWN = PithNumber(SUFFIX, 2026)


@pytest.mark.parametrize(
    "text",
    [
        SUFFIX[:-1] + "9",  # a digit that no number has
        SUFFIX[:-1] + "4",  # or one that makes another number
        SUFFIX[1:],
        SUFFIX[:4] + SUFFIX[5] + SUFFIX[4] + SUFFIX[6:],
        "ABC" + SUFFIX[3:],
        f"pith:2025:{SUFFIX.lower()}",
        f"https://pith.science/pith/{SUFFIX[:-1]}9",
        " ".join(SUFFIX),
        "CNPMIFD4",
        "pith:CNPMIFD42NON",
        "\u0421NPMIFD4",  # Cyrillic Es
    ],
)
def test_a_known_number_settles_what_was_meant(text: str) -> None:
    assert likely_number(text, [KNOWN]) == KNOWN
    assert likely_number(text, [KNOWN, PithNumber("EL6A4QOTPLYS3LFEIZGOL5QVTM", 2026)]) == KNOWN


def test_of_two_known_numbers_the_nearer_one_was_meant() -> None:
    other = PithNumber(SUFFIX[:-1] + "2", 2026)
    assert likely_number(SUFFIX, [KNOWN, other]) == KNOWN
    for text in (SUFFIX[:-1] + "9", f"pith:2026:{SUFFIX[:-1]}4", "CNPMIFD4"):
        assert likely_number(text, [KNOWN, other]) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ABCD" + SUFFIX[4:], "ABCD" + SUFFIX[4:]),  # four edits away from the known one: a number of its own
        ("EL6A4Q0TPLYS3LFEIZGOL5QVTM", "EL6A4QOTPLYS3LFEIZGOL5QVTM"),
        ("EL6A4QOTPLYS3LFEIZGO15QVTM", None),  # I or L
        ("EL6A4QOTPLYS3LFEIZGOL5QVT9", None),
        ("EL6A4QOT", None),
        ("", None),
    ],
)
def test_of_another_number_only_one_reading_settles_it(text: str, meant: str | None) -> None:
    expected = None if meant is None else PithNumber(meant)
    assert likely_number(text) == likely_number(text, [KNOWN]) == expected


@pytest.mark.parametrize("text", ["pith:2026:", f"pith:2026:{SUFFIX} x", "a b", f"2026/{SUFFIX}"])
def test_what_has_no_suffix_is_told_the_form(text: str) -> None:
    with pytest.raises(MalformedError) as caught:
        PithNumber.parse(text)
    assert caught.value.hint == "a Pith Number is 26 characters from A-Z and 2-7, with or without pith:YYYY: in front"
    assert not caught.value.likely


@pytest.mark.parametrize("text", [f"pith:2026:{SUFFIX}", SUFFIX])
def test_documents_write_a_number_in_two_ways(text: str) -> None:
    number = PithNumber.parse_exact(text)
    assert (number.suffix, number.full) == (SUFFIX, text)


@pytest.mark.parametrize("text", ["", "1" * 26, "1" * 100_000, "A" * 100_000, "\u0416" * 26, ":" * 1000, "8" * 25])
def test_of_hostile_texts_none_was_meant(text: str) -> None:
    assert likely_number(text, [KNOWN]) is None
