"""Laws of the verifier over documents that somebody has been at."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import pithtex
from pithtex.errors import MalformedError
from pithtex.findings import Status
from pithtex.format.canonical import canonical_bytes
from pithtex.verification.document import examine_document, load_document
from tests.conftest import BUNDLE_FILE, RECORD_FILES

DOCUMENTS = [json.loads(path.read_bytes()) for path in (*RECORD_FILES, BUNDLE_FILE)]
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.just("0" * 64)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=8), v, max_size=3))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


PLACES = [places(document) for document in DOCUMENTS]


def change(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return changed


@given(VALUES)
def test_any_json_is_examined_or_malformed(value: Any) -> None:
    """Nothing but `MalformedError` comes out of a loader, whatever goes in."""
    try:
        data = canonical_bytes(value)
    except MalformedError:
        return
    for loader in (pithtex.load_record, pithtex.load_bundle):
        try:
            loader(data)
        except MalformedError:
            continue


UNSTATED = (("bundle_signature", "public_key_fingerprint"), None)
"""Under no signature, and optional (docs/reference/format.md): null is as good as leaving it out. The key is looked up
by its id, so that nothing hangs on it."""


def test_a_fingerprint_that_is_not_stated_contradicts_nothing() -> None:
    for document in DOCUMENTS:
        if "bundle_type" in document:
            changed = change(document, *UNSTATED)
            assert examine_document(load_document(canonical_bytes(changed))).status is Status.HOLDS
            changed = change(document, UNSTATED[0], "00" * 16)
            assert examine_document(load_document(canonical_bytes(changed))).status is Status.FAILS


@settings(max_examples=400)
@given(st.data())
def test_a_changed_document_is_never_better_than_before(data: st.DataObject) -> None:
    """Any change to what is signed makes the document fail; no change makes the examination raise."""
    index = data.draw(st.integers(0, len(DOCUMENTS) - 1))
    document = DOCUMENTS[index]
    path = data.draw(st.sampled_from(PLACES[index]))
    value = data.draw(VALUES)
    changed = change(document, path, value)
    try:
        examination = examine_document(load_document(canonical_bytes(changed)))
    except MalformedError:
        return
    same = canonical_bytes(changed) == canonical_bytes(document)
    signed = "bundle_type" in document or path[0] == "canonical_record"
    if (path, value) == UNSTATED:
        assert examination.status is Status.HOLDS
    elif signed and not same:
        # A signature by a key that is not known any more is undecided; every other change is a contradiction.
        assert examination.status is not Status.HOLDS
    if same:
        assert examination.status is Status.HOLDS
