"""The names that follow from a record."""

from __future__ import annotations

import pithtex
from pithtex.format.aliases import derived_aliases, same_alias
from tests import signing


def test_a_doi_is_compared_without_case_and_nothing_else_is() -> None:
    assert same_alias("doi", "10.48550/arxiv.2603.01234", "10.48550/arXiv.2603.01234")
    assert not same_alias("doi", "10.48550/arxiv.2603.01234", "10.48550/arxiv.2603.01235")
    assert same_alias("pith_short_8", "ABCDEFGH", "ABCDEFGH")
    assert not same_alias("pith_short_8", "ABCDEFGH", "abcdefgh")


def test_the_aliases_that_follow_from_a_record() -> None:
    canonical = pithtex.load_record(signing.record_document()).canonical
    suffix = canonical.number.suffix
    short = {f"pith_short_{length}": suffix[:length] for length in (8, 12, 16)}
    assert derived_aliases(canonical, canonical.number) == short | {
        "arxiv": "2603.01234",
        "arxiv_version": "2603.01234v1",
        "doi": "10.48550/arxiv.2603.01234",
    }
    other = pithtex.load_record(signing.record_document(canonical=signing.canonical_record(kind="zenodo"))).canonical
    assert derived_aliases(other, canonical.number) == short
