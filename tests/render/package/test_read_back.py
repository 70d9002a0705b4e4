"""What a `pith.sty` is taken for is what was written."""

from __future__ import annotations

from pathlib import Path

import pytest

import pithtex
from pithtex.format.compact_receipt import decode_receipt
from pithtex.render.package.pith_sty import package_source, render_package
from pithtex.render.package.read_back import is_ours, read_back
from pithtex.verification.document import load_document
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES


@pytest.mark.parametrize("file", [BUNDLE_FILE, *RECORD_FILES], ids=lambda file: file.name)
def test_what_was_written_is_read(file: Path) -> None:
    record = pithtex.verify_record(load_document(file.read_bytes()).record)
    found = read_back(render_package(record))
    assert (found.ours, found.version, found.number) == (True, pithtex.__version__, record.number.full)
    assert found.receipt is not None
    assert decode_receipt(found.receipt).canonical == record.canonical


def test_a_record_with_an_odd_title_is_read() -> None:
    document = signing.record_document("\\__pith_record:nnnn {a} {b} {c} % }{ \u202e")
    record = pithtex.verify_record(pithtex.load_record(document), signing.keyring())
    assert read_back(render_package(record)).number == record.number.full


def test_the_plain_file_carries_nothing() -> None:
    found = read_back(package_source().encode())
    assert (found.ours, found.version, found.number, found.receipt) == (True, None, None, None)


@pytest.mark.parametrize(
    "data", [b"", b"\\ProvidesPackage{pith}", b"\\ProvidesExplPackage{pith}", b"the pithtex project"]
)
def test_another_file_is_not_ours(data: bytes) -> None:
    assert not is_ours(data)
    assert read_back(data).number is None


def test_what_is_said_against_the_paper_is_read() -> None:
    record = pithtex.verify_record(load_document(BUNDLE_FILE.read_bytes()).record)
    assert read_back(render_package(record)).said is None
    said = ("critical-finding-unsigned", "unknown")
    assert read_back(render_package(record, said=said)).said == said
