"""A coverage-guided run, as long as one likes: `make fuzz-atheris` (the extra `fuzz` installs atheris).

The arguments are libFuzzer's: `-max_total_time=600 CORPUS` among them. What it finds it writes beside the corpus.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pithtex"]):
    from pithtex.format.keys import default_keyring
    from pithtex.pdf.check import check_pdf

from tests.fuzz.mutate import sources
from tests.fuzz.run import broken


def one_input(data: bytes) -> None:
    """Checks one input against the law of `tests.fuzz.run`."""
    fault = broken(check_pdf(data, None, default_keyring()))
    if fault:
        raise AssertionError(fault)


def main() -> None:
    folder = Path(sys.argv[-1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(sources(small=True)):
        (folder / f"source-{number}.pdf").write_bytes(data)
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
