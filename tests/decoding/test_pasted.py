"""Texts as people paste them: what programs do to a genuine link on its way, and what is not a genuine link."""

from __future__ import annotations

import html
import quopri
import random
import re
import textwrap
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

import pytest

from pithtex.decoding.decode import decode_file, decode_pasted
from pithtex.decoding.pasted import read_pasted
from pithtex.format.keys import default_keyring
from pithtex.render.formats import BY_NAME
from pithtex.render.statement import statement_of
from pithtex.verification.document import load_document
from tests.conftest import BUNDLE_FILE
from tests.forgeries.kit import OTHER_RECEIPT, RECEIPT, SUFFIX, link_to

LINK: Final = link_to(SUFFIX, RECEIPT)
OTHER: Final = link_to(SUFFIX, OTHER_RECEIPT)
BADGE: Final = statement_of(load_document(BUNDLE_FILE.read_bytes()), default_keyring())


def broken(width: int, mark: str = "", end: str = "\n") -> str:
    """The link in lines of a width, after a mark each."""
    return end.join(f"{mark}{LINK[at : at + width]}" for at in range(0, len(LINK), width))


GENUINE: Final[dict[str, str]] = {
    "the link": LINK,
    "the receipt": RECEIPT,
    "its end": f"#r={RECEIPT}",
    "angle brackets": f"<{LINK}>",
    "angle brackets, URL": f"<URL:{LINK}>",
    "quotes": f'"{LINK}"',
    "curly quotes": f"\u201c{LINK}\u201d",
    "guillemets": f"\u00ab\u00a0{LINK}\u00a0\u00bb",
    "backquotes": f"`{LINK}`",
    "brackets": f"({LINK}).",
    "an attribute": f'href="{LINK}"',
    "a full stop": f"The record is {LINK}.",
    "a comma": f"See {LINK}, which says more",
    "an exclamation mark": f"{LINK}!",
    "two links": f"{LINK} and {LINK}",
    "a link and its receipt": f"{LINK}\n{RECEIPT}",
    "the scheme in capitals": LINK.replace("https", "HTTPS"),
    "the host in capitals": LINK.replace("pith.science", "PITH.SCIENCE"),
    "the host's first letter": LINK.replace("https://pith", "Https://Pith"),
    "www": LINK.replace("pith.science", "www.pith.science"),
    "Markdown": BY_NAME["md"].render(BADGE).decode(),
    "HTML": BY_NAME["html"].render(BADGE).decode(),
    "SVG": BY_NAME["svg"].render(BADGE).decode(),
    "reStructuredText": BY_NAME["rst"].render(BADGE).decode(),
    "LaTeX": BY_NAME["latex"].render(BADGE).decode(),
    "a README": f"# A paper\n\nSome text, [a link](https://example.org/).\n\n[![pith]({LINK.partition('#')[0]})]({LINK})\n\nMore.\n",
    "a Markdown reference": f"[pith]: <{LINK}> 'A title'\n",
    "escaped Markdown": LINK.replace("_", r"\_").replace("#", r"\#"),
    "wiki": f"[[{LINK}|pith]]",
    "chat": f"<{LINK}|pith:CNPMIFD4>",
    "escaped HTML": html.escape(f'<a href="{LINK}">'),
    "character references": LINK.replace("#", "&#35;")
    .replace("=", "&#x3d;")
    .replace("_", "&lowbar;")
    .replace(":", "&colon;"),
    "JSON": f'{{"url": "{LINK.replace("/", chr(92) + "/")}"}}',
    "TeX": f"\\href{{{LINK.replace('#', chr(92) + '#')}}}{{pith}}",
    "quoted in a mail": f"> {LINK}",
    "quoted twice": f"On Monday Ann wrote:\n>> see\n>> {LINK}\n> and so on\n",
    "lines": f"Ann wrote:\n\n{broken(72)}\n\nBest, Ann",
    "lines, quoted": broken(72, "> "),
    "lines, quoted twice": broken(70, "> > "),
    "lines, quoted tightly": broken(72, ">"),
    "lines, CRLF": broken(76, "", "\r\n"),
    "lines with blanks at their ends": broken(60, "    ", "  \n"),
    "lines as comments": broken(60, "% "),
    "lines as comments of a script": broken(60, "# "),
    "lines of a shell": broken(60, "", "\\\n"),
    "lines before and after": f"The record:\n{broken(40)}\nThis is the next line",
    "short lines": broken(7),
    "quoted-printable": quopri.encodestring(LINK.encode()).decode(),
    "quoted-printable, quoted": quopri.encodestring(f'<a href="{LINK}">pith</a>'.encode()).decode(),
    "soft hyphens": "\u00ad".join(textwrap.wrap(LINK, 20)),
    "spaces of no width": "\u200b".join(textwrap.wrap(LINK, 20)),
    "a mark at the beginning": f"\ufeff{LINK}",
    "breaks for browsers": "<wbr>".join(textwrap.wrap(LINK, 20)),
    "redirected": f"https://links.example/?url={quote(LINK, safe='')}&data=05",
    "redirected, in a sentence": f"See https://links.example/r?u={quote(LINK, safe='')} there.",
    "archived": f"See https://web.archive.org/web/2026/{LINK} there",
    "another link before it": f"https://example.org/#r=1 {LINK}",
    "a placeholder before it": f"The form is p1.KEY.PAYLOAD.SIGNATURE, as in {LINK}.",
    "a cut one before it": f"{LINK[:200]} ... {LINK}",
    "between brackets of a list": f"[1] {LINK}\n[2] https://example.org/\n",
    "a table": f"| paper | record |\n|---|---|\n| x | {LINK} |\n",
}


def words(text: str) -> set[str]:
    return {item.word for item in decode_pasted(text, default_keyring())}


@pytest.mark.parametrize("name", GENUINE)
def test_a_genuine_link_in_its_surroundings(name: str) -> None:
    assert words(GENUINE[name]) == {"verified"}
    assert {item.word for item in decode_file(GENUINE[name].encode(), default_keyring(), where="x")} == {"verified"}


def test_a_text_of_another_encoding() -> None:
    for encoding in ("utf-16", "utf-8-sig"):
        (item,) = decode_file(f"See {LINK}.".encode(encoding), default_keyring(), where="x")
        assert item.word == "verified"


CUT: Final = {
    "half of it": LINK[:200],
    "in a sentence": f"See {LINK[:200]}... there",
    "without its last letter": f"See {LINK[:-1]} there",
    "two lines apart": f"See {LINK[:200]}\n\n{LINK[200:]}",
    "another word between": f"{LINK[:200]}\n-- \nAnn\n{LINK[200:]}",
    "a letter changed in lines": broken(72).replace("G7oOpf0A", "G7oOpf0B"),
}
NOTHING: Final = (
    "",
    "Nothing here",
    "See https://example.org/#r=1.",
    "The form is p1.KEY.PAYLOAD.SIGNATURE",
    f"See {LINK.partition('#')[0]} there",
    "#r=p1",
)


@pytest.mark.parametrize("name", list(CUT)[1:])
def test_what_is_not_there_whole_is_not_false(name: str) -> None:
    (item,) = decode_pasted(CUT[name], default_keyring())
    assert (item.word, [found.name for found in item.findings]) == ("could not be decided", ["no-receipt"])


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_not_there_is_not_false(text: str) -> None:
    assert words(text) <= {"could not be decided"}


def swapped(text: str, at: int) -> str:
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]


FALSE: Final[dict[str, str]] = {
    "a letter changed": swapped(LINK, 250),
    "a letter of the signature changed": f"See {swapped(LINK, len(LINK) - 5)}.",
    "a letter more": f"See {LINK}A.",
    "another number": f"See {LINK.replace(SUFFIX, 'A' * 26)}.",
    "another's receipt": f"See {OTHER}.",
    "another host": f"See {LINK.replace('pith.science', 'pith.science.example')}.",
    "a look-alike host": f"See {LINK.replace('pith.science', 'p1th.science')}.",
    "a user": f"<{LINK.replace('https://', 'https://user@')}>",
    "another scheme": LINK.replace("https", "http"),
    "a genuine one and a false one": f"{LINK} and {swapped(LINK, 250)}",
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_one_is_said_to_be_false(name: str) -> None:
    assert "not verified" in words(FALSE[name])


def test_several_are_told_apart() -> None:
    items = decode_pasted(f"{LINK} and {swapped(LINK, 250)}", default_keyring())
    assert [(item.word, item.where) for item in items] == [("verified", "text 1"), ("not verified", "text 2")]


_FILLERS: Final = (
    "",
    " ",
    "\n",
    "\n\n",
    "> ",
    "\n> ",
    "<",
    ">",
    ".",
    "&#35;",
    "\\",
    "=\n",
    "word",
    "(",
    ")",
    "\u200b",
    "p1.",
    "%23r%3D",
    "#r=",
    "https://",
    "\u00a0",
    '"',
)


def mixed(seed: int) -> str:
    """Pieces of links and of what stands around them, put together at random."""
    chance = random.Random(seed)
    change: list[Callable[[str], str]] = [
        str,
        lambda text: text[: chance.randrange(len(text))],
        lambda text: textwrap.fill(text, chance.randrange(20, 90), break_on_hyphens=False),
        lambda text: quote(text, safe=""),
        lambda text: html.escape(text).replace("#", "&num;"),
        lambda text: swapped(text, chance.randrange(len(text))),
        lambda text: quopri.encodestring(text.encode()).decode(),
        lambda text: text.upper(),
    ]
    pieces = [chance.choice(change)(chance.choice((LINK, LINK, RECEIPT, OTHER))) for _ in range(chance.randrange(1, 4))]
    return "".join(part for piece in pieces for part in (chance.choice(_FILLERS), piece, chance.choice(_FILLERS)))


def test_a_saying_is_of_the_text() -> None:
    """Whatever stands around it, nothing is put together that is not there: its letters stand there so."""
    for seed in range(400):
        text = mixed(seed)
        for saying, _ in read_pasted(text).sayings:
            receipt = saying.rpartition("#r=")[2]
            assert (
                re.sub(r"[^A-Za-z0-9]", "", receipt[:60]).lower() in re.sub(r"(3D)|[^A-Za-z0-9]", "", text).lower()
            ), text
