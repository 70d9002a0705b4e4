"""The reader on manuscripts of many classes: the samples of their authors, as Debian's packages carry them."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from pithtex.manuscript.source.plain_text import plain_text
from pithtex.manuscript.source.read import read_from
from tests.conftest import DATA
from tests.kit import needs
from tests.kit.latex import latex_release

SAMPLES = Path("/usr/share/doc/texlive-doc")
LISTED_BY = "2022-11-01"
"""The LaTeX beside the samples that were read; another year's have other titles."""
LINES = (DATA / "presubmit" / "titles.tsv").read_text(encoding="utf-8").splitlines()
TITLES = dict(line.split("\t") for line in LINES if not line.startswith("#"))


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of the samples, unpacked: Debian compresses all but the smallest files of documentation."""
    if not SAMPLES.is_dir():
        needs.missing(f"{SAMPLES} is missing: .ci/install-system test installs it")
    if latex_release() != LISTED_BY:
        pytest.skip(f"the list is of the samples of LaTeX {LISTED_BY}, and this is another")
    root = tmp_path_factory.mktemp("samples")
    for folder in sorted({path.rpartition("/")[0] for path in TITLES}):
        target = root / folder
        target.mkdir(parents=True)
        for path in (SAMPLES / folder).iterdir():
            if path.name.endswith((".tex.gz", ".sty.gz")):
                with gzip.open(path) as packed:
                    (target / path.name.removesuffix(".gz")).write_bytes(packed.read())
            elif path.suffix in {".tex", ".sty"}:
                shutil.copy(path, target)
    return root


def test_there_are_titles_enough() -> None:
    assert len(TITLES) >= 60
    assert len({path.split("/")[1] for path in TITLES}) >= 40


@pytest.mark.parametrize("path", TITLES)
def test_the_title(samples: Path, path: str) -> None:
    file = samples / path
    manuscript = read_from(file.parent, file.name)
    assert manuscript.document_class is not None
    assert manuscript.title is not None
    assert plain_text(manuscript.title.expanded).text == TITLES[path]
