"""A badge of a paper that something is said against looks like no other, in every format."""

from __future__ import annotations

import json

import pytest

from pithtex.decoding.decode import decode_file
from pithtex.render.formats import BY_NAME, FORMATS, Format
from pithtex.verification.said import Says, Statement
from pithtex.verification.standing import UNKNOWN, Standing
from tests import signing
from tests.render.samples import said, stated

HOSTILE = "withdrawn \\u{202e}</script></svg><img src=x onerror=alert(1)> #1 & % \\input{x} *a* [b](c) | " + "y" * 800
STATES = ("withdrawn", "critical finding", "contradictory", "superseded", "corrected")
formats = pytest.mark.parametrize("form", FORMATS, ids=[form.name for form in FORMATS])


@formats
@pytest.mark.parametrize("state", STATES)
def test_the_state_is_said(form: Format, state: str) -> None:
    plain, content = form.render(stated("A Title")), form.render(stated("A Title", standing=said(state)))
    assert content != plain
    if not form.binary:
        assert state.encode() in content.replace(b"%20", b" ")
        assert state.encode() not in plain


@formats
def test_no_two_states_look_alike(form: Format) -> None:
    assert len({form.render(stated("A Title", standing=said(state))) for state in STATES}) == len(STATES)


@formats
def test_words_of_strangers_act_nowhere(form: Format) -> None:
    content = form.render(stated("A Title", standing=said("withdrawn", text=HOSTILE)))
    assert b"<img" not in content
    assert content.count(b"</script>") == (form.name in {"json-ld", "html-verified"})
    assert form.file_name.endswith((".svg", ".html")) or b"\\input{x}" not in content


def test_what_speaks_for_a_paper_does_not_change_its_badge() -> None:
    for name in ("svg", "md", "html", "shields", "bibtex"):
        plain, attested = (stated("A Title", standing=standing) for standing in (UNKNOWN, said("author attested")))
        assert BY_NAME[name].render(plain) == BY_NAME[name].render(attested)


def test_a_finding_under_no_signature_is_said_to_be_so() -> None:
    claim = Statement(says=Says.CRITICAL, text="No data.", signer="", when=None, event_id=None, signed=False)
    badge = stated("A Title", standing=Standing(statements=(claim,)))
    for form in FORMATS:
        assert form.binary or b"critical finding, unsigned" in form.render(badge).replace(b"%20", b" ").replace(
            b"%2C", b","
        )


def test_shields_gets_a_colour_that_no_parameter_changes() -> None:
    badges = [json.loads(BY_NAME["shields"].render(stated("T", standing=said(state)))) for state in STATES]
    assert [badge["color"] for badge in badges] == ["red"] * 3 + ["orange"] * 2
    assert [badge.get("isError", False) for badge in badges] == [True] * 3 + [False] * 2
    assert badges[0]["message"].startswith("withdrawn, ")


@pytest.mark.parametrize("name", ["qr", "qr-png"])
def test_a_code_with_a_word_below_it_is_read(name: str) -> None:
    content = BY_NAME[name].render(stated("A Title", standing=said("withdrawn")))
    (decoded,) = decode_file(content, signing.keyring(), where="code")
    assert decoded.word == "verified"


def test_the_card_says_as_of_when() -> None:
    assert b"as of 2026-03-07T00:00:00Z, from 1 source" in BY_NAME["svg-card"].render(
        stated("A Title", standing=said("stored"))
    )
    assert b"standing unknown" in BY_NAME["svg-card"].render(stated("A Title"))
