"""What authors can get wrong with \\pithnumber, and what they read in the log then."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kit.latex import DIGEST, SUFFIX

OTHER = "EL6A4QOTPLYS3LFEIZGOL5QVTM"


def paper(*, preamble: str = "", body: str = "", options: str = "", first: str = "") -> str:
    return (
        f"\\documentclass{{article}}\n{first}\\usepackage[{options}]{{pith}}\n{preamble}\n"
        f"\\title{{T}}\\author{{A}}\n\\begin{{document}}\n\\maketitle\n{body}\nWords.\n\\end{{document}}\n"
    )


def number(text: str) -> str:
    return f"\\pithnumber{{{text}}}"


def test_no_record(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble=number(SUFFIX)), runs=1)
    assert result.returncode == 0
    assert result.of_pith() == ""
    found = read_paper(result.pdf)
    assert [link["uri"] for link in found.links] == [f"https://pith.science/pith/{SUFFIX}"]
    assert found.links[0]["contents"] == f"Pith Number {SUFFIX}, link to its record"
    assert found.info["/PithNumber"] == SUFFIX
    assert "/PithReceipt" not in found.info
    assert f"<pith:number>{SUFFIX}</pith:number>".encode() in found.xmp
    assert b"<pith:receipt>" not in found.xmp
    assert b"<pith:canonicalSHA256>" not in found.xmp
    assert not found.xmp_filtered


def test_no_number(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    """The package alone, even with a record, writes nothing."""
    result = compile_tex(tmp_path, paper(), runs=1, sty=with_record())
    assert (result.returncode, result.of_pith()) == (0, "")
    found = read_paper(result.pdf)
    assert (found.links, found.xmp) == ([], None)
    assert not [key for key in found.info if "Pith" in key]


@pytest.mark.parametrize(
    "text",
    [f" {SUFFIX} ", f"\n  {SUFFIX}\n", f"%\n{SUFFIX}%\n"],
    ids=["spaces", "newlines", "comments"],
)
def test_space_around(text: str, tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble=number(text)), runs=1)
    assert (result.returncode, result.of_pith()) == (0, "")
    assert read_paper(result.pdf).info["/PithNumber"] == SUFFIX


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (SUFFIX.lower(), f"Did you mean \\pithnumber{{{SUFFIX}}}?"),
        ("CNPM1FD42N0NUMC8YNP4XLPY53", "Did you mean \\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}?"),
        (f"pith:2026:{SUFFIX}", f"Did you mean \\pithnumber{{{SUFFIX}}}?"),
        (f"https://pith.science/pith/{SUFFIX}", f"Did you mean \\pithnumber{{{SUFFIX}}}?"),
        (SUFFIX[:25], "It has 25 characters; 26 from A-Z and 2-7 are needed."),
        (SUFFIX + "A", "It has 27 characters; 26 from A-Z and 2-7 are needed."),
        ("", "It has 0 characters; 26 from A-Z and 2-7 are needed."),
        (SUFFIX[:25] + "9", "It has 26 characters; 26 from A-Z and 2-7 are needed."),
        (SUFFIX[:13] + " " + SUFFIX[13:], "It has 27 characters; 26 from A-Z and 2-7 are needed."),
        (SUFFIX[:13] + " " + SUFFIX[14:], "It has 26 characters; 26 from A-Z and 2-7 are needed."),
        ("\\mynumber", "It has 9 characters; 26 from A-Z and 2-7 are needed."),
        ("CNPMIFD4\u2014#&_^$", "It has 17 characters; 26 from A-Z and 2-7 are needed."),
    ],
)
def test_malformed(text: str, hint: str, tmp_path: Any, compile_tex: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble=number(text)), runs=1)
    assert result.returncode == 1
    log = " ".join(result.log.split()).replace(" (pith)", "")
    assert "! Package pith Error:" in log
    assert f"is not a Pith Number. {hint}" in log


def test_malformed_writes_nothing(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble=number(SUFFIX.lower())), runs=1, sty=with_record(), halt=False)
    assert result.returncode == 1
    assert result.log.count("! ") == 1
    assert "takes exactly 26 characters from A-Z and 2-7" in result.log
    found = read_paper(result.pdf)
    assert (found.links, found.xmp) == ([], None)
    assert "/PithNumber" not in found.info


def test_twice(tmp_path: Any, compile_tex: Any, read_paper: Any) -> None:
    same = compile_tex(tmp_path / "same", paper(preamble=number(SUFFIX), body=number(SUFFIX)), runs=1)
    assert (same.returncode, same.of_pith()) == (0, "")
    assert len(read_paper(same.pdf).links) == 1
    two = compile_tex(tmp_path / "two", paper(preamble=number(SUFFIX), body=number(OTHER)), runs=1)
    assert two.returncode == 0
    assert f"Warning: The paper already has a Pith Number, {SUFFIX}. '{OTHER}'" in two.of_pith()
    assert read_paper(two.pdf).info["/PithNumber"] == SUFFIX


def test_record_of_another_paper(tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    result = compile_tex(tmp_path, paper(preamble=number(OTHER)), runs=1, sty=with_record())
    assert result.returncode == 0
    assert "Warning: The record embedded in this pith.sty is for another number" in result.of_pith()
    found = read_paper(result.pdf)
    assert found.info["/PithNumber"] == OTHER
    assert "/PithReceipt" not in found.info
    assert [link["uri"] for link in found.links] == [f"https://pith.science/pith/{OTHER}"]
    assert b"p1." not in found.xmp
    assert SUFFIX.encode() not in found.xmp


@pytest.mark.parametrize(
    "damage",
    [
        {"number": SUFFIX},
        {"number": f"pith:20x6:{SUFFIX}"},
        {"number": f"pith:2026.{SUFFIX}"},
        {"number": f"Pith:2026:{SUFFIX}"},
        {"number": f"pith:2026:{SUFFIX}A"},
        {"number": f"pith:2026:{SUFFIX[:-1]}1"},
        {"number": f"pith:2026:{SUFFIX.lower()}"},
        {"number": f"pith:\\x 6:{SUFFIX}"},
        {"number": f"pith:2026:{SUFFIX[:13]}\\x {SUFFIX[16:]}"},
        {"digest": "00"},
        {"digest": DIGEST.upper()},
        {"digest": DIGEST[:-1] + "g"},
        {"digest": DIGEST + "0"},
        {"digest": f"{DIGEST[:31]}\\x {DIGEST[34:]}"},
        {"receipt": ""},
        {"receipt": "p1.a/b.c.d"},
        {"receipt": "p1.a)b.c.d"},
        {"receipt": "p1.a@b.c.d"},
        {"receipt": "p1.a[b.c.d"},
        {"receipt": "p1.a`b.c.d"},
        {"receipt": "p1.a|b.c.d"},
        {"receipt": "p1.a,b.c.d"},
        {"receipt": "p1.\\csname a\\endcsname"},
    ],
    ids=lambda damage: " ".join(damage.values())[:30] or "no receipt",
)
def test_damaged_record(
    damage: dict[str, str], tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any
) -> None:
    result = compile_tex(tmp_path, paper(preamble=number(SUFFIX)), runs=1, sty=with_record(**damage))
    assert result.returncode == 0
    assert "damaged and not used" in result.of_pith()
    assert "/PithReceipt" not in read_paper(result.pdf).info


ACTIVE = {
    # What the two languages do to characters, without their files, which are not in every installation.
    "colon": "\\AtBeginDocument{\\catcode`\\:=13 \\catcode`\\;=13 \\lccode`\\~=`\\: "
    "\\lowercase{\\protected\\def~{\\kern1pt\\string:}}}",
    "quote": '\\AtBeginDocument{\\catcode`\\"=13 \\lccode`\\~=`\\" \\lowercase{\\def~#1{\\"{#1}}}}',
    "french": "\\usepackage[french]{babel}",
    "german": "\\usepackage[german]{babel}",
}


@pytest.mark.parametrize("language", ACTIVE)
def test_active_characters(language: str, tmp_path: Any, compile_tex: Any, with_record: Any, read_paper: Any) -> None:
    source = paper(first=f"{ACTIVE[language]}\n", body=number(SUFFIX))
    result = compile_tex(tmp_path, source, sty=with_record())
    assert (result.returncode, result.of_pith()) == (0, "")
    found = read_paper(result.pdf)
    assert found.info["/PithNumber"] == f"pith:2026:{SUFFIX}"
    assert "pith:CNPMIFD4" in found.text()
    assert found.links[0]["uri"].startswith(f"https://pith.science/pith/{SUFFIX}#r=p1.")


def test_active_characters_in_a_malformed_number(tmp_path: Any, compile_tex: Any) -> None:
    source = paper(first=f"{ACTIVE['colon']}\n", body=number(f"pith:2026:{SUFFIX}"))
    result = compile_tex(tmp_path, source, runs=1)
    assert f"'pith:2026:{SUFFIX}' is not a Pith Number." in " ".join(result.log.split()).replace("(pith) ", "")
