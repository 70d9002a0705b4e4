"""Links, receipts and what is pasted beside them: the page says *verified* only where `pithtex decode` does."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from pithtex.browser import scripts
from pithtex.decoding.decode import decode_pasted
from pithtex.decoding.pasted import read_pasted
from pithtex.format.keys import default_keyring
from tests.browser.kit import shown, written
from tests.decoding.test_pasted import CUT, FALSE, GENUINE, NOTHING, mixed
from tests.forgeries.kit import OTHER_RECEIPT, OTHER_SUFFIX, RECEIPT, SUFFIX, link_to

WORDS: Final = {"verified": "verified", "not verified": "fails", "could not be decided": "undecided"}

_PIECES: Final = (
    *(
        "http://",
        "https://",
        "HTTPS://",
        "javascript:",
        "data:,",
        "//",
        "/",
        "\\",
        "pith.science",
        "www.",
        "WWW.",
        "evil.example",
    ),
    *(
        "pith.science.",
        "@",
        "user@",
        "user:word@",
        ":443",
        ":",
        "?",
        "?a=b",
        "#",
        "#r=",
        "#R=",
        "%23r=",
        "&r=",
        "%2e",
        "%70",
        "%00",
    ),
    *(
        "/pith/",
        "/PITH/",
        "/paper/",
        "..",
        "/../",
        ";x",
        SUFFIX,
        OTHER_SUFFIX,
        SUFFIX.lower(),
        RECEIPT,
        OTHER_RECEIPT,
        "p1.",
        "p2.",
    ),
    *(
        " ",
        "\t",
        "\n",
        "\r\n",
        "\x0b",
        "\x1c",
        "\x85",
        "\xa0",
        "\ufeff",
        "\u200b",
        "\u2028",
        "\u202e",
        "\0",
        "\ud7ff",
        "=",
        "A",
        "-",
    ),
    *("\u0456", "\uff0e", "\u3002", "\uff50", "xn--pth-lmd", "[", "{", '{"a":1}', "<", ">", '"', "'", "(", ")"),
)


def spelling(seed: int) -> str:
    """The link or receipt of a seed, with pieces put in, left out or put in the place of others."""
    chance = random.Random(seed)
    text = chance.choice(
        (link_to(SUFFIX, RECEIPT), link_to(SUFFIX, RECEIPT), link_to(SUFFIX, None), RECEIPT, f"#r={RECEIPT}")
    )
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        cuts = [match.start() for match in re.finditer(r"[:/#.=?@]|$", text)] + [0, 0]
        at = chance.choice([*cuts, chance.randrange(len(text) + 1)])
        upto = chance.choice([at, at, at + 1, at + 3, chance.choice(cuts)])
        text = text[:at] + chance.choice(_PIECES) + text[max(at, upto) :]
    return text


@pytest.fixture(scope="module")
def parts(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page's reader of texts without its form."""
    blank = written(tmp_path_factory.mktemp("parts") / "parts.html", "<!DOCTYPE html><title>parts</title>")
    with shown(browser, blank.as_uri()) as opened:
        opened.page.add_script_tag(content=scripts.body("page/given.js"))
        yield opened.page


def python_word(text: str) -> str:
    """The gravest word on what the text says, as a command's exit code is."""
    found = {item.word for item in decode_pasted(text, default_keyring())}
    return next(
        (WORDS[word] for word in ("not verified", "could not be decided", "verified") if word in found), "undecided"
    )


def said_of(parts: Page, texts: list[str]) -> list[str]:
    words: list[str] = parts.evaluate(
        "async texts => { const said = [];"
        " for (const text of texts) said.push((await checkText(text))[1].word); return said; }",
        texts,
    )
    return words


def test_spellings_of_links(parts: Page) -> None:
    texts = [spelling(seed) for seed in range(2_000)]
    said = said_of(parts, texts)
    words = Counter(said)
    for text, word in zip(texts, said, strict=True):
        if not text.lstrip().startswith("{"):  # JSON is another matter
            assert word in {python_word(text), "undecided"}, (text, word)
    assert words["verified"] >= 200
    assert words["fails"] >= 500


def test_texts_with_a_genuine_link(parts: Page) -> None:
    """Whatever stands around it: verified by both."""
    assert dict(zip(GENUINE, said_of(parts, list(GENUINE.values())), strict=True)) == dict.fromkeys(GENUINE, "verified")


def test_texts_without_one(parts: Page) -> None:
    texts = [*CUT.values(), *FALSE.values(), *NOTHING]
    assert said_of(parts, texts) == [python_word(text) for text in texts]


def test_both_find_the_same_in_any_text(parts: Page) -> None:
    texts = [mixed(seed) for seed in range(3_000)]
    found = parts.evaluate("texts => texts.map(readPasted)", texts)
    for text, theirs in zip(texts, found, strict=True):
        mine = read_pasted(text)
        assert theirs == {"sayings": [each._asdict() for each in mine.sayings], "cut": mine.cut}, text
    assert 300 < sum(bool(theirs["sayings"]) for theirs in found) < 3_000


def test_what_is_dropped_as_a_file(parts: Page) -> None:
    """UTF-16 and UTF-8 with a mark are texts; a document with a link in it stays a document."""
    link = GENUINE["the link"]
    texts = [
        link.encode("utf-16"),
        f"\ufeff{link}".encode(),
        link.encode(),
        b'{"record_type": "' + link.encode() + b'"}',
    ]
    words = parts.evaluate(
        "async files => { const said = []; for (const bytes of files)"
        " said.push((await checkFile(new File([new Uint8Array(bytes)], 'x')))[1].word); return said; }",
        [list(text) for text in texts],
    )
    assert words == ["verified", "verified", "verified", "fails"]
