from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pithtex.pdf.appearance.syntax import Content
from pithtex.pdf.untrusted import OddError


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  % a comment\n",
        b"q 1 0 0 1 72.5 -.5 cm/F1 12 Tf Q",
        b"BT /F1 12 Tf 1 0 0 1 72 720 Tm [(W)83(e \\(or\\) \\053 I)-250<4142>]TJ T* (a (b (c) d) e)' 1 2 (x)\" ET",
        b"0 0 m 1 1 l 2 2 3 3 4 4 c 5 5 6 6 v h W* n 0 0 5 5 re f* n",
        b"W 0 0 m 1 1 l n",
        b"0 0 m 5 0 l .3 G 1 0 0 rg 0 0 1 rg S 0 0 5 5 re W /Cs CS n",
        b"BT /F1 12 Tf [<00 010\n002><\t>] TJ ET",
        b"/Span <</Lang (en)/MCID 0/E [1 (a)]>> BDC /P /Name BDC EMC EMC /A MP /B <<>> DP",
        b"/Cs1 cs 0.5 0.5 scn /Pattern CS /P1 SCN 1 0 0 rg .5 G [3 2] 0 d",
        b"BI /W 8 /H 2 /BPC 1 /IM true /D [1 0] ID \0\0\nEI Q"[:-2],
        b"q BI /W 1/H 1/F/CCF/DP<</K -1/Columns 1>> ID abc\nEI Q",
        b"q BI /W 1 /H 1 /BPC 8 /CS /G ID \x80\nEI Q BT /F1 9 Tf 9 9 Td (\xe9) Tj ET",
        b"/Lab cs 90 -20 20 sc 0 1.001 -.0001 rg",
        b"q .1 0 0 .1 0 0 cm 1234567 0 m n Q",
        b"0 0 999999 999999 re n q 10 0 0 10 0 0 cm 0 0 m 9999 0 l S Q 999999 0 m n",
        b"q BT 7 Tr (a) Tj (b) Tj ET /S1 sh Q BT (c) Tj ET",
        b"7 Tr 0 Tr q BT 3 Tr (a) Tj ET Q BT ET",
        b"BX /S1 sh EX",
        b"[] 0 d 1 J 2 j 0 w 7 Tr [0 3] 0 d",
    ],
)
def test_content_of_the_grammar(content):
    Content.read(content)


@pytest.mark.parametrize(
    "content",
    [
        b"q",
        b"Q",
        b"q Q Q q",
        b"BT",
        b"BT q Q ET",
        b"BT 0 0 5 5 re f ET",
        b"EMC",
        b"/A BMC",
        b"0 0 5 5 re",
        b"0 0 5 5 re 1 w f",
        b"0 0 5 5 re /G gs f",
        b"1 1 l S",
        b"0 0 5 re f",
        b"0 0 0 0 5 5 re f",
        b"3 0 Tr",
        b"BT 7 Tr ET BT ET",
        b"7 Tr BT 0 Tr ET q BT ET Q",
        b"BI /W 1 /H 1 /BPC 8 /CS /G ID \x80\nEI\tQ q",
        b"q BI /W 1 /H 1 /BPC 8 /CS /G ID \x80\0EI Q",
        b"q BI /W 1 /H 1 /BPC 8 /CS /G ID \x80\nEI\nQ BT (\xe9) Tj ET",
        b"q BI /W 9 /H 1 /BPC 8 /CS /G ID \x80\x80EI Q q \nEI Q",
        b"q BI /W 2 /H 1 /BPC 8 /CS /G ID\r\n\x80\nEI Q",
        b"9 Tr",
        b"3 J",
        b"-1 w",
        b"[0 0] 0 d",
        b"[-1 2] 0 d",
        b"6-90 0 m n",
        b"--1 g",
        b"1.2.3 g",
        b"1e2 g",
        b"2 2 2 -9 k",
        b"-0.5 g",
        b"/DeviceRGB CS 0 0 1.5 SC",
        b"12345678 0 m n",
        b"1234567 0 m n",
        b"10 0 0 10 0 0 cm 0 0 m 999999 0 l S",
        b"q 2000 0 0 1 0 0 cm q 1 0 0 1 0 0 cm 0 0 600 1 re n Q Q",
        b"1 zz g",
        b"1 g zz",
        b"/F1 Tf",
        b"(a) (b) Tj",
        b"BT (a\rb) Tj ET",
        b"BT (\\8) Tj ET",
        b"BT <414> Tj ET",
        b"BT (a Tj ET",
        b"/F#31 12 Tf",
        b"/OC <</Type /OCG>> BDC EMC",
        b"/P << /A (x) BDC 1 g 0 0 5 5 re f >> BDC EMC",
        b"BI /W 8 /H 2 /BPC 1 /IM true ID \0\0\0\nEI",
        b"BI /W 8 /H 2 ID \0\0\nEI",
        b"BI /W 8 /H 2 /BPC 1 /IM true ID \0\0",
        b"1 0 0 0 5 5 d1",
        b"{ }",
        b"1 g\x80",
    ],
)
def test_what_readers_repair_is_not(content):
    with pytest.raises(OddError):
        Content.read(content)


def test_what_content_names():
    content = Content.read(b"q /Cs1 cs .5 sc /G1 gs Q /F1 9 Tf /P1 /M1 DP /X1 Do .1 .2 .3 scn")
    assert content.names == {
        ("/ColorSpace", b"Cs1"),
        ("/ExtGState", b"G1"),
        ("/Font", b"F1"),
        ("/Properties", b"M1"),
        ("/XObject", b"X1"),
    }
    assert content.colours == {(b"Cs1", 1, False), (b"", 3, False)}


def test_a_glyph_begins_with_its_width():
    assert Content.read(b"600 0 0 0 500 700 d1 0 0 5 5 re f", glyph=True).glyph == [600, 0, 0, 0, 500, 700]
    for odd in (b"", b"0 0 5 5 re f", b"600 0 d0 600 0 d0"):
        with pytest.raises(OddError):
            Content.read(odd, glyph=True)


@pytest.mark.parametrize("content", [b"0 0 0 0 5 5 cm", b"1 0 0 0 0 0 cm", b"2 2 1 1 0 0 cm"])
def test_nothing_is_flattened(content):
    with pytest.raises(OddError):
        Content.read(content)


@pytest.mark.parametrize(
    ("content", "unset"),
    [
        (b"/P cs f", {b"P"}),
        (b"/P CS /P SCN /P cs S", {b"P"}),
        (b"q /P cs Q f", set()),
        (b"/P cs /P1 scn f", set()),
        (b"/P cs 0 g f", set()),
        (b"/P cs /Form Do", {b"P"}),
    ],
)
def test_colours_that_are_not_set(content, unset):
    assert Content.read(content).unset == unset


@pytest.mark.parametrize(
    ("content", "altered"),
    [
        (b"BT 0 Tz ET /F Do", {b"F": {b"Tz"}}),
        (b"BT 0 Tz 100 Tz ET /F Do", {}),
        (b"q BT 3 Ts ET Q /F Do", {}),
        (b"BT 0 -12 TD ET /F Do BT 1 Ts 0 0 TD ET /F Do", {b"F": {b"TL", b"Ts"}}),
    ],
)
def test_what_is_drawn_in_another_text_state(content, altered):
    assert Content.read(content).altered == altered


@pytest.mark.parametrize(
    ("content", "taken", "drawn"),
    [
        (b"BT (a) Tj ET", {b"Tz", b"Ts"}, set()),
        (b"BT 90 Tz 0 Ts (a) Tj T* ET", {b"TL"}, set()),
        (b"q BT 90 Tz 0 Ts 1 TL ET Q BT (a) Tj ET", {b"Tz", b"Ts"}, set()),
        (b"BT 90 Tz 0 Ts 0 -9 TD (a) ' ET /F Do", set(), set()),
        (b"0 0 5 5 re f /F Do", set(), {b"F"}),
        (b"BI /W 1 /H 1 /BPC 8 /CS /G ID ( EI BT 0 TL [] TJ ET", {b"Tz", b"Ts"}, set()),
    ],
)
def test_what_a_form_takes_over(content, taken, drawn):
    read = Content.read(content, form=True)
    assert (read.taken, read.drawn) == (taken, drawn)


_TOKENS = st.sampled_from(
    b"q Q BT ET 1 -.5 12. 1.2.3 /F1 /Cs Tf rg g cs scn Do (a(b)\\)) <41> <4 [ ] << >> Tj TJ d BDC EMC cm m re f".split()
)


@given(st.lists(st.tuples(_TOKENS, st.sampled_from([b" ", b"\n", b"\r\n", b"", b"\0"])), max_size=12))
def test_content_with_a_comment_is_read_as_without(tokens):
    """Each has a pattern of its own, since nearly no content has one."""
    content = b"".join(token + space for token, space in tokens)
    assert _outcome(content) == _outcome(b"% 1 0 q\n" + content)


@pytest.mark.parametrize("content", [b"1\0g ", b"1\0 0 0 rg", b"q\0Q", b"[1\0 2] 0 d", b"0 0 5 5 re\0f", b"q Q\0"])
def test_nul_is_no_white_space_here(content):
    with pytest.raises(OddError):
        Content.read(content)


def _outcome(content: bytes) -> object:
    try:
        read = Content.read(content)
    except OddError as error:
        return str(error)
    return read.names, read.colours


@pytest.mark.parametrize(
    ("content", "odd"),
    [
        (b"1 J 0 0 m 0 0 l S", False),
        (b"2 J 0 0 m 0.0 0 l S", True),
        (b"2 J 0 0 m 0 0 l f", False),
        (b"2 J 0 0 m 0 0 l 5 5 l S", False),
        (b"2 J 5 5 m 0 0 m 0 0 l 9 9 m 9 8 l S", True),
        (b"1 J 0 0 m 0 0 0 0 0 0 c S", True),
        (b"1 J 0 0 m 1 0 1 0 0 0 c S", False),
        (b"0 0 m h f", False),
        (b"0 0 m h S", True),
        (b"0 0 m h 1 1 m 2 2 l S", True),
        (b"0 0 5 .0 re f", True),
        (b"0 0 0 5 re f", True),
        (b"0 0 10 05 re f", False),
        (b"BT /F1 .009 Tf ET", True),
        (b"BT /F1 0 Tf ET", False),
        (b"[.009 1] 0 d", True),
        (b"q .01 0 0 9 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x80\nEI Q", True),
        (b"1 0 0 1 9999999 0 cm " * 2, False),
        (b"1 0 0 1 9999999 0 cm " * 9, True),
        (b"BT /F1 9 Tf 9999999 0 Td ET", False),
        (b"BT " + b"0 9999 Td " * 900 + b"ET", True),
        (b"BT 0 9999 TD " + b"T* " * 900 + b"ET", True),
        (b"BT 9999 TL " + b"() ' " * 900 + b"ET", True),
        (b"BT " + b"0 9999 Td 0 -9999 Td " * 900 + b"ET", False),
        (b"BT 1000 0 0 1000 0 0 Tm " + b"0 9999 Td " * 9 + b"ET", True),
        (b"BT " + b"0 9999 Td ET BT " * 900 + b"ET", False),
        (b"BT /F1 9 Tf [" + b"99999 " * 9999 + b"] TJ ET", True),
        (b"BT /F1 9 Tf [" + b"99999 (a (b) \\) 1)" * 9 + b"] TJ ET", False),
    ],
)
def test_what_readers_draw_by_numbers_of_their_own(content: bytes, odd: bool):
    if odd:
        with pytest.raises(OddError):
            Content.read(content, cap=b"0")
    else:
        Content.read(content, cap=b"0")


def test_a_form_leaves_open_with_which_caps_its_dots_are_drawn():
    assert Content.read(b"0 0 m 0 0 l S").dots == {b"2"}
    assert Content.read(b"0 0 m 0 0 0 0 y S").dots == {b"1", b"2"}
    assert Content.read(b"2 J /A Do").caps == {b"2"}
