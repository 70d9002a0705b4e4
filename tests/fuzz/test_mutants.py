"""The law of `tests.fuzz.run` on the first 500 mutants."""

from __future__ import annotations

import pytest

from pithtex.pdf.judgement.verdict import Word
from pithtex.pdf.worker import Worker
from tests.fuzz.mutate import mutant
from tests.fuzz.run import SECONDS, check

_PART = 125


@pytest.mark.parametrize("first", range(0, 500, _PART))
def test_mutants(first: int) -> None:
    words = set()
    with Worker(seconds=SECONDS) as worker:
        for seed in range(first, first + _PART):
            word, fault = check(worker, seed, small=True)
            assert not fault, f"mutant {seed}: {fault}"
            words.add(word)
    # Mutants that all die at once would prove nothing.
    assert {Word.VALID, Word.INVALID, Word.UNREADABLE} <= words


def test_a_seed_gives_the_same_mutant() -> None:
    assert [mutant(seed, small=True) for seed in range(5)] == [mutant(seed, small=True) for seed in range(5)]
