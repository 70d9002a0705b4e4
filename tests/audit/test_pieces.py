"""A large archive is judged in pieces: all workers take part, and a run that was ended goes on with what is missing."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pithtex.audit.pieces import split
from pithtex.audit.unit import Kind, Piece, Unit
from tests.audit.papers import EXAMPLES, audit, environment, lines, megabyte, totals
from tests.audit.test_inputs import tar_of
from tests.audit.traps import trapped
from tests.conftest import ROOT

FILES = 80
FORMS = ("tar", "zip", "tar.gz")


@pytest.fixture(scope="module")
def large() -> bytes:
    return megabyte()


def archive(path: Path, members: dict[str, bytes]) -> Path:
    """An archive of the form that its name says."""
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name, data in members.items():
                packed.writestr(name, data)
    else:
        path.write_bytes(tar_of(members, f"w:{path.suffix[1:].replace('tar', '')}"))
    return path


@pytest.fixture(scope="module", params=FORMS)
def papers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, large: bytes) -> Path:
    """Eighty megabytes, with two real papers, two files of other kinds, and one that ends what judges it."""
    members = {f"2606/{index:03}.pdf": large for index in range(FILES)}
    members["2606/010.pdf"] = EXAMPLES[0].read_bytes()
    members["2606/070.pdf"] = EXAMPLES[1].read_bytes()
    members["2606/050.pdf"] = trapped(large, "segfault")
    members["2606/readme.txt"] = b"x"
    members["2606/more.tar.gz"] = tar_of({"inside.pdf": EXAMPLES[0].read_bytes()}, "w:gz")
    folder = tmp_path_factory.mktemp("papers")
    return archive(folder / "in" / f"papers.{request.param}", members)


@pytest.fixture(scope="module")
def whole(papers: Path) -> Path:
    """The audit of it that nobody disturbed."""
    out = papers.parent.parent / "whole"
    assert audit(papers.parent, "-o", out, "--jobs", "1").returncode == 2
    return out


def result(*args: str | Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(audit(*args, "--json").stdout)["results"][0]
    return found


def digest(output: Path) -> str:
    """Of all lines, whatever their order."""
    return str(totals(output)["digest"])


def pieces(output: Path) -> Counter[str]:
    """How many lines each piece has."""
    return Counter(line["key"].partition(":")[2] for line in lines(output))


def test_each_member_has_one_verdict(papers: Path, whole: Path) -> None:
    found = {line["file"].rpartition("!")[2]: line["verdict"] for line in lines(whole)}
    assert Counter(found.values()) == {"absent": FILES - 3, "valid": 2, "unreadable": 2}
    assert found["2606/050.pdf"] == found["2606/more.tar.gz"] == "unreadable"
    assert len(list(lines(whole))) == FILES + 1
    assert len(pieces(whole)) > 1
    assert len(list((whole / "parts").iterdir())) == len(pieces(whole))


def test_the_pieces_join(whole: Path) -> None:
    bounds = sorted(tuple(map(int, f"{piece}0".split("-"))) for piece in pieces(whole))
    assert bounds[0][0] == 0
    ends = [end // 10 for _, end in bounds]
    assert ends[:-1] == [begin for begin, _ in bounds[1:]]
    assert ends[-1] == 0


def test_again_there_is_nothing_to_do(papers: Path, whole: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in (whole / "parts").iterdir()}
    found = result(papers.parent, "-o", whole)
    assert (found["judged"], found["kept"], found["dropped"]) == (0, 1, 0)
    assert {path.name: path.stat().st_mtime_ns for path in (whole / "parts").iterdir()} == before


def test_only_the_pieces_that_are_missing_are_judged(papers: Path, whole: Path, tmp_path: Path) -> None:
    """Whichever they are, and however many work on them."""
    for index, part in enumerate(sorted((whole / "parts").iterdir())):
        out = tmp_path / str(index)
        shutil.copytree(whole, out)
        (out / "parts" / part.name).unlink()
        found = result(papers.parent, "-o", out, "--jobs", str(1 + index % 3))
        assert found["judged"] == part.read_bytes().count(b"\n") < FILES
        assert found["digest"] == digest(whole)


def test_killed_it_goes_on(papers: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "tests.audit.driver", "audit", str(papers.parent), "-o", str(out), "-q"]
    with subprocess.Popen(command, cwd=ROOT, env=environment()) as process:
        until = time.monotonic() + 120
        while not list(out.glob("parts/part-*")) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
    kept = {path.name for path in out.glob("parts/part-*")}
    found = result(papers.parent, "-o", out)
    assert found["digest"] == digest(whole)
    assert kept <= {path.name for path in out.glob("parts/part-*")}
    assert found["judged"] < FILES + 1


def test_an_archive_is_judged_again_for_one_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "some.tar").write_bytes(tar_of({"a.pdf": EXAMPLES[0].read_bytes(), "b.pdf": b"junk"}))
    assert result(tmp_path / "some.tar", "-o", tmp_path / "out")["judged"] == 2
    assert result(tmp_path / "some.tar", "-o", tmp_path / "out", "--again", "invalid")["judged"] == 0
    found = result(tmp_path / "some.tar", "-o", tmp_path / "out", "--again", "unreadable")
    assert (found["judged"], found["files"]) == (2, 2)


def listed(path: Path) -> list[Piece]:
    with path.open("rb") as stream:
        return list(split(Unit(str(path), Kind.ARCHIVE, path.stat().st_size), stream))


def test_a_tar_that_breaks_off_has_its_last_piece_to_say_so(large: bytes, tmp_path: Path) -> None:
    data = tar_of({f"{index}.pdf": large for index in range(80)})
    (tmp_path / "cut.tar").write_bytes(data[: 70 * 1024 * 1024])
    audit(tmp_path / "cut.tar", "-o", tmp_path / "out")
    found = {line["file"].rpartition("/")[2]: line["verdict"] for line in lines(tmp_path / "out")}
    assert found.pop("cut.tar") == "unreadable"
    assert set(found.values()) == {"absent"}
    assert 65 <= len(found) < 70


def rewritten(data: bytes, change: Callable[[tarfile.TarInfo], None]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as old, tarfile.open(fileobj=stream, mode="w") as new:
        for info in old:
            content = old.extractfile(info)
            change(info)
            new.addfile(info, content)
    return stream.getvalue()


def test_what_stands_before_a_member_belongs_to_it(large: bytes, tmp_path: Path) -> None:
    """Long names and the headers of pax stand in blocks of their own, at the beginning of a piece too."""

    def renamed(info: tarfile.TarInfo) -> None:
        info.name = f"{'long/' * 60}{info.name}"
        info.pax_headers = {"comment": "x" * 2000}

    data = rewritten(tar_of({f"{index:03}.pdf": large for index in range(80)}), renamed)
    (tmp_path / "long.tar").write_bytes(data)
    assert len(listed(tmp_path / "long.tar")) == 3
    audit(tmp_path / "long.tar", "-o", tmp_path / "out")
    names = {line["file"].partition("!")[2] for line in lines(tmp_path / "out")}
    assert names == {f"{'long/' * 60}{index:03}.pdf" for index in range(80)}


def test_a_zip_that_expands_without_end_is_not_split(tmp_path: Path) -> None:
    """Each piece alone could expand to what is allowed of all."""
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("pad.bin", random.Random(1).randbytes(40 * 1024 * 1024), zipfile.ZIP_STORED)
        for index in range(300):
            packed.writestr(f"{index}.pdf", b"x")
        for info in packed.filelist:
            if info.filename.endswith(".pdf"):
                info.file_size = 2**32
    assert listed(tmp_path / "bomb.zip") == []


@pytest.mark.parametrize(
    "piece",
    [[0, None, 0, 0, False], [5, None, 0, 9, True], [-1, 4, 0, 0, True], ["5", None, 0, 0, True], [5], {}, None],
)
def test_a_cell_that_was_taken_over_cannot_name_any_piece(piece: Any) -> None:
    """Else the same could be judged for ever."""
    from pithtex.audit.supervisor import _piece_of

    with pytest.raises(ValueError, match="piece"):
        _piece_of(Unit("x.tar", Kind.ARCHIVE), piece)
    with pytest.raises(ValueError, match="piece"):
        _piece_of(Unit("x.tar", Kind.ARCHIVE, piece=Piece(0, 5, bounded=True)), [5, None, 0, 0, True])
