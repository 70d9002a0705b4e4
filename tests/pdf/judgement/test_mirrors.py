"""Where a badge may lead: the registry, and hosts that the user names, to the letter."""

from __future__ import annotations

import io
import json

import pikepdf
import pytest

from pithtex.cli.main import main
from pithtex.errors import UsageError
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Verdict, Word
from tests.conftest import ROOT

PAPER = ROOT / "examples" / "sparsex" / "main.pdf"
MIRROR = "mirror.example.org"


def moved(address: str) -> bytes:
    """The example, its badge led to another address."""
    with pikepdf.open(PAPER) as pdf:
        (badge,) = (a for a in pdf.pages[0].Annots if str(a.get("/NM", "")) == "pith-badge-1")
        old = str(badge.A.URI)
        assert old.startswith("https://pith.science/pith/")
        badge.A.URI = pikepdf.String(old.replace("https://pith.science", address))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def names(verdict: Verdict) -> set[str]:
    return {item.name for item in verdict.all_findings}


@pytest.mark.parametrize("address", ["https://pith.science", "https://www.pith.science", f"https://{MIRROR}"])
def test_a_mirror_beside_the_registry(address):
    assert check_pdf(moved(address), mirrors=["MIRROR.example.org", "other.example"]).word is Word.VALID


def test_no_mirror_is_known_that_was_not_named():
    verdict = check_pdf(moved(f"https://{MIRROR}"))
    assert (verdict.word, "look-alike-host" in names(verdict)) == (Word.INVALID, True)


@pytest.mark.parametrize(
    "address",
    [
        f"http://{MIRROR}",
        f"https://www.{MIRROR}",
        f"https://{MIRROR}.evil.example",
        f"https://evil-{MIRROR}",
        f"https://{MIRROR}@evil.example",
        f"https://{MIRROR}:8443",
        f"https://{MIRROR}.",
        f"https://{MIRROR.upper()}",
        "https://xn--mrror-7va.example.org",
        "https://pith.science:443",
    ],
)
def test_what_only_looks_like_the_mirror(address):
    verdict = check_pdf(moved(address), mirrors=[MIRROR])
    assert (verdict.word, "look-alike-host" in names(verdict)) == (Word.INVALID, True)


@pytest.mark.parametrize(
    "host",
    ["", "a.example:80", "a.example/", "a..b", "-a", "b\u00fccher.example", "u@a", "a" * 300],
)
def test_what_is_no_host_name(host, capsys):
    with pytest.raises(UsageError, match="is not a host name"):
        check_pdf(PAPER, mirrors=[host])
    assert main(["check", str(PAPER), f"--mirror={host}"]) == 2
    assert "is not a host name" in capsys.readouterr().err


def test_an_address_is_no_host_name_but_names_a_mirror_to_ask():
    address = "https://a.example"
    with pytest.raises(UsageError, match="is not a host name"):
        check_pdf(PAPER, mirrors=[address])
    assert main(["check", "--quiet", str(PAPER), f"--mirror={address}"]) == 0


def test_the_option(tmp_path, capsys):
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(moved(f"https://{MIRROR}"))
    assert main(["check", "--json", str(paper), "--mirror", "a.example", "--mirror", MIRROR]) == 0
    assert json.loads(capsys.readouterr().out)["results"][0]["verdict"] == "valid"
