"""Forged PDFs, made from real compiled papers: each must get the word and the findings that it deserves."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

import pithtex
from pithtex.findings import Status
from pithtex.format.bundle import load_bundle
from pithtex.pdf.check import check_pdf
from pithtex.pdf.judgement.verdict import Verdict, Word
from pithtex.report.jsondoc import json_document
from pithtex.report.terminal import Style
from pithtex.report.verdict import verdict_lines
from pithtex.verification.bundle import verify_bundle
from tests import signing
from tests.conftest import BUNDLE_FILE, ROOT
from tests.forgeries import kit, make
from tests.forgeries.kit import FULL, PAPER, RECEIPT, SUFFIX, Forge, all_of, no_info, no_links, no_xmp

BY_NAME = {forgery.name: forgery for forgery in make.FORGERIES}


def names(verdict: Verdict) -> set[str]:
    return {item.name for item in verdict.all_findings}


def forged(forge: Forge) -> bytes:
    return kit.change(kit.paper(), forge)


@pytest.mark.tex
@pytest.mark.parametrize("name", BY_NAME)
def test_forgery(name: str) -> None:
    forgery = BY_NAME[name]
    verdict = check_pdf(forgery.make(), keyring=forgery.keyring)
    assert verdict.word is forgery.word
    assert set(forgery.findings) <= names(verdict)


def test_a_forgery_can_be_made_again() -> None:
    """Several tests make them, in one process: an object of one file cannot go into another."""
    for forgery in make.FORGERIES:
        forgery.make()
        assert forgery.make().startswith(forgery.make()[:5])


def test_a_damaged_file_changes_nothing_for_the_next(tmp_path: Path) -> None:
    """One of these six left something in PDFium that changed how the forgery's font was drawn."""
    paper, chance = kit.paper(), random.Random(5)
    forgery = tmp_path / "forgery.pdf"
    forgery.write_bytes(BY_NAME["title by an unknown map"].make())
    files = []
    for number in range(6):
        damaged = bytearray(paper)
        for _ in range(chance.choice((1, 3, 30))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / f"{number}.pdf").write_bytes(damaged)
        files += [tmp_path / f"{number}.pdf", forgery]
    code = (  # in a process of its own, since the tests' one has `pypdfium2`
        "import sys; from pithtex.pdf.check import check_pdf\n"
        "for path in sys.argv[1:]: print(*(item.name for item in check_pdf(open(path, 'rb').read()).all_findings))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, *map(str, files)], capture_output=True, text=True, check=True, timeout=120
    )
    assert said.stdout.splitlines()[1::2] == ["changing-document"] * 6


def test_a_callers_own_documents_live_on() -> None:
    """Who has `pypdfium2` open beside this library keeps his documents."""
    code = (
        "import sys, pypdfium2; from pithtex.pdf.check import check_pdf\n"
        "data = sys.stdin.buffer.read(); document = pypdfium2.PdfDocument(data); check_pdf(data)\n"
        "print(document[0].get_textpage().get_text_range())"
    )
    said = subprocess.run([sys.executable, "-c", code], input=kit.paper(), capture_output=True, check=True, timeout=60)
    assert b"CNPMIFD4" in said.stdout


def test_names_are_distinct_and_findings_known() -> None:
    assert len(BY_NAME) == len(make.FORGERIES) >= 40
    assert len({forgery.attack for forgery in make.FORGERIES}) == len(make.FORGERIES)


def test_the_page_of_forgeries_is_that_of_the_registry() -> None:
    assert (ROOT / "docs" / "how-we-know" / "forgeries.md").read_text() == make.page()


@pytest.mark.tex
def test_forgeries_are_written_as_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "FORGERIES", make.FORGERIES[:2])
    assert make.main([str(tmp_path / "forged")]) == 0
    written = sorted(path.name for path in (tmp_path / "forged").iterdir())
    assert written == ["number-changed-in-info.pdf", "number-changed-in-xmp.pdf"]
    assert check_pdf(tmp_path / "forged" / written[0]).word is Word.INVALID


@pytest.mark.tex
def test_what_was_expected_outranks_what_the_page_shows() -> None:
    """A script could change the page; the caller knows what paper it is."""
    data = BY_NAME["title on a page that a script changes"].make()
    assert check_pdf(data, expect="2606.01751").word is Word.VALID
    assert check_pdf(data, expect="2606.26666").word is Word.INVALID


def test_a_self_signed_receipt_proves_nothing() -> None:
    """The attacker's key is named by the receipt and beside it: no key is ever taken from the document."""
    verdict = check_pdf(forged(kit.every_channel(FULL, kit.self_signed())))
    assert verdict.word is Word.UNVERIFIED
    assert verdict.facts.key.status is Status.UNAVAILABLE
    keys = signing.keyring(signing.OTHER_KEY, "attacker-1")
    assert check_pdf(forged(kit.every_channel(FULL, kit.self_signed())), keyring=keys).word is Word.VALID


def test_a_badge_from_another_paper_is_unbound() -> None:
    """Everything is genuine and agrees; only the page is another paper's. Both titles are named."""

    def transplant(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(PAPER) as genuine:
            badge = pdf.copy_foreign(kit.badge_link(genuine))
            pdf.pages[0].Annots = pdf.make_indirect([badge])
            pdf.trailer.Info["/PithNumber"] = pikepdf.String(FULL)
            pdf.trailer.Info["/PithReceipt"] = pikepdf.String(RECEIPT)
            pdf.Root.Metadata = pdf.copy_foreign(genuine.Root.Metadata)
            # The text of the old badge is painted over, and not where the stolen link stands.
            badge.Rect = pikepdf.Array([10, 10, 60, 20])
            kit.draw(kit.white(kit.OTHER_BADGE))(pdf)

    verdict = check_pdf(kit.change(kit.other_paper(), transplant))
    assert verdict.word is Word.UNBOUND
    binding = verdict.facts.binding
    assert (binding.status, binding.by) == (Status.FAILS, "title")
    assert "SparseX" in binding.message
    assert "PERSISTENTKV" in binding.message
    assert verdict.facts.abstract.status is Status.NOT_CHECKED  # an abstract of a paper that is not bound says nothing
    assert {fact.status for name, fact in verdict.facts.items() if name not in {"binding", "abstract"}} == {
        Status.HOLDS
    }


@pytest.mark.parametrize(
    ("forge", "channels"),
    [
        (no_xmp, {"link", "info", "text"}),
        (no_info, {"link", "xmp", "text"}),
        (all_of(no_xmp, no_info), {"link", "text"}),
        (no_links, {"info", "xmp", "text"}),
    ],
)
def test_an_absent_channel_is_no_disagreement(forge: Forge, channels: set[str]) -> None:
    verdict = check_pdf(forged(forge))
    assert verdict.word is Word.VALID
    assert {channel.channel for channel in verdict.channels} == channels


def test_text_alone_names_and_does_not_prove() -> None:
    data = forged(all_of(no_links, no_xmp, no_info))
    verdict = check_pdf(data)
    assert (verdict.word, verdict.number) == (Word.UNVERIFIED, "pith:CNPMIFD4")
    with_record = check_pdf(data, load_bundle(BUNDLE_FILE.read_bytes()).record)
    assert (with_record.word, with_record.number) == (Word.VALID, FULL)


def test_a_plain_badge_without_receipt_is_unverified_until_a_record_is_given() -> None:
    """What the registry's own package writes: a link and a text, under no name of ours."""

    def plain(pdf: pikepdf.Pdf) -> None:
        all_of(no_xmp, no_info, kit.set_uri(kit.link_to(SUFFIX, None)))(pdf)
        del kit.badge_link(pdf)["/NM"]

    verdict = check_pdf(forged(plain))
    assert (verdict.word, verdict.number) == (Word.UNVERIFIED, SUFFIX)
    record = load_bundle(BUNDLE_FILE.read_bytes()).record
    assert check_pdf(forged(plain), record).word is Word.VALID


def test_a_record_of_another_number_is_wrong() -> None:
    verdict = check_pdf(PAPER, pithtex.load_record((kit.OTHER_RECORD_FILE).read_bytes()))
    assert verdict.word is Word.INVALID
    assert "record-of-another-number" in names(verdict)


def test_no_metadata_is_absent(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(tmp_path / "blank.pdf")
    assert check_pdf(tmp_path / "blank.pdf").word is Word.ABSENT


def test_one_character_changed_in_the_bytes() -> None:
    """As in the README's demonstration: the file is not rewritten, one character of it is another."""
    data = PAPER.read_bytes()
    assert data.count(SUFFIX.encode()) >= 1
    assert check_pdf(data.replace(SUFFIX.encode(), SUFFIX[:-1].encode() + b"2", 1)).word is Word.INVALID


def test_a_record_may_be_given_in_any_form() -> None:
    data = forged(all_of(no_links, no_xmp, no_info))
    bundle = load_bundle(BUNDLE_FILE.read_bytes())
    verified = verify_bundle(bundle)
    for given in (bundle, bundle.record, verified, verified.record):
        assert check_pdf(data, given).word is Word.VALID
        # What one keyring verified, another need not trust.
        assert check_pdf(data, given, signing.keyring()).word is Word.UNVERIFIED


def test_a_number_with_terminal_controls_is_shown_escaped() -> None:
    evil = "pith:2026:\x1b[2J\u202e\nvalid  paper.pdf"
    verdict = check_pdf(forged(kit.set_info("/PithNumber", evil)))
    lines = verdict_lines("x\x1b.pdf", verdict, Style(enabled=False))
    assert verdict.word is Word.INVALID
    assert not set("\x1b\u202e\n") & set("".join(lines))
    assert json_document("check", {}, [verdict.to_dict()]).isascii()
