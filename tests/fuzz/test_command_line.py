"""The law of `tests.fuzz.command_line`: on the first 800 calls here, and on 12 in processes of their own."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fuzz.command_line import broken, call, call_process, words_of, world

_PART = 200


@pytest.mark.parametrize("first", range(0, 800, _PART))
def test_calls(first: int) -> None:
    codes: Counter[int] = Counter()
    with world() as files:
        for seed in range(first, first + _PART):
            words = words_of(seed, files)
            code, out, err = call(words)
            assert not broken(words, code, out, err), (seed, words, code, out[-1000:], err[-1000:])
            codes[code] += 1
    # Calls that are all refused at once would prove nothing.
    assert set(codes) == {0, 1, 2, 3}
    assert codes[2] < 0.8 * _PART


def test_processes() -> None:
    with world() as files:
        for seed in range(12):
            words = words_of(seed, files)
            code, out, err = call_process(words)
            assert not broken(words, code, out, err), (seed, words, code, out[-1000:], err[-1000:])


@pytest.mark.parametrize(
    ("words", "code", "out", "err", "fault"),
    [
        (["keys"], 3, "", "Traceback (most recent call last):", "traceback"),
        (["keys"], 120, "", "", "exit code 120"),
        (["keys", "--json"], 0, "{}{}", "", "no JSON document"),
        (["keys", "-q"], 0, "x", "", "not quiet"),
        (["keys"], 0, "\x1b[2J", "", "raw control characters"),
        (["keys", "-q"], 0, "", "", ""),
    ],
)
def test_the_law_can_be_broken(words: list[str], code: int, out: str, err: str, fault: str) -> None:
    assert broken(words, code, out, err) == fault
