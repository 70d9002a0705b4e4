"""After "no record": what is known of the paper, whom to ask, when to come again."""

from __future__ import annotations

from datetime import date

import pytest

from pithtex.errors import UsageError
from pithtex.format.identifiers import parse_identifier
from pithtex.resolution.prospect import Prospect, check_given, outlook_of
from tests.kit.command_line import run, run_json
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.server import Server

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("name", "prospect", "again"),
    [
        ("2611.00001", Prospect.TOO_NEW, date(2026, 12, 6)),
        ("2610.99999", Prospect.TOO_NEW, date(2026, 12, 6)),
        ("2609.00001", Prospect.ANNOUNCED, None),
        ("2101.00001", Prospect.ANNOUNCED, None),
        ("hep-th/9901001", Prospect.ANNOUNCED, None),
        ("CNPMIFD4", Prospect.UNHEARD_OF, None),
        ("CNPMIFD42NONUMCBYNP4XLPY53", Prospect.UNHEARD_OF, None),
    ],
)
def test_what_is_known(name: str, prospect: Prospect, again: date | None) -> None:
    outlook = outlook_of(parse_identifier(name), TODAY)
    assert (outlook.prospect, outlook.again) == (prospect, again)
    assert again is None or str(again) in outlook.hint
    assert ("https://pith.science/" in outlook.hint) is (prospect is Prospect.ANNOUNCED)


@pytest.mark.parametrize("name", ["2612.00001", "2703.00001", "9012.00001"])
def test_a_month_that_is_still_to_come(name: str) -> None:
    with pytest.raises(UsageError, match="still to come"):
        check_given(parse_identifier(name), TODAY)


@pytest.mark.parametrize("name", ["2611.00001", "math/9509208", "CNPMIFD4"])
def test_what_arxiv_can_have_given(name: str) -> None:
    check_given(parse_identifier(name), TODAY)


def test_the_next_month_has_begun_elsewhere() -> None:
    check_given(parse_identifier("2612.00001"), date(2026, 11, 30))


def test_another_version_has_a_number(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    code, document = run_json(capsys, "resolve", f"{ARXIV}v7", "--mirror", mirror.url)
    (result,) = document["results"]
    assert (code, result["findings"][0]["name"]) == (3, "record-not-found")
    assert result["outlook"]["prospect"] == "other-version"
    assert result["outlook"]["other"] == {"number": f"pith:2026:{NUMBER}", "version": 1}


def test_of_a_month_to_come_every_command_says_so(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    for command in ("resolve", "show"):
        code, _, err = run(capsys, command, "9012.00001", "--mirror", mirror.url)
        assert (code, "December 2090 is still to come" in err) == (2, True)
