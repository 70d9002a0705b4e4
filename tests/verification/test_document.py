"""Records, bundles and reports behind one loader and one verifier."""

from __future__ import annotations

from typing import Any

import pytest

import pithtex
from pithtex.errors import MalformedError
from pithtex.verification.document import load_document, verify_document
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"


def test_a_document_of_unknown_kind_says_what_is_known() -> None:
    with pytest.raises(MalformedError) as caught:
        load_document({"a": 1})
    assert "record_type" in (caught.value.hint or "")
    with pytest.raises(MalformedError, match="not a JSON object"):
        load_document(b"[]")


def test_documents_verify_whole() -> None:
    assert verify_document(load_document(BUNDLE_FILE.read_bytes())).number.suffix == SUFFIX
    document = load_document(signing.record_document())
    assert verify_document(document, signing.keyring()).title == "A Title of Some Length for the Tests"
    assert document.name.startswith("pith:2026:")


@pytest.mark.parametrize("loader", [pithtex.load_record, pithtex.load_bundle, load_document])
def test_the_size_that_is_read_is_the_callers_to_choose(loader: Any) -> None:
    data = (BUNDLE_FILE if loader is pithtex.load_bundle else RECORD_FILES[0]).read_bytes()
    with pytest.raises(MalformedError, match=f"{len(data)} bytes, and at most {len(data) - 1} are read"):
        loader(data, max_bytes=len(data) - 1)
    loader(data, max_bytes=len(data))
