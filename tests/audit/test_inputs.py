"""What an audit takes, and what it says of inputs that are damaged, lie, or are not there: the rest goes on."""

from __future__ import annotations

import gzip
import importlib
import io
import json
import os
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from pithtex.limits import MAX_PDF_BYTES
from tests.audit.papers import EXAMPLES, PLAIN, audit, lines, names_of, totals, words

GOOD = EXAMPLES[0].read_bytes()
OTHER = EXAMPLES[1].read_bytes()


def verdicts(output: Path) -> dict[str, str]:
    return {line["file"].rpartition("/")[2]: line["verdict"] for line in lines(output)}


def findings(output: Path) -> dict[str, list[str]]:
    return {line["file"].rpartition("/")[2]: names_of(line) for line in lines(output)}


def tar_of(members: dict[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def zstd_of(data: bytes) -> bytes:
    name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    packed: bytes = importlib.import_module(name).compress(data)
    return packed


def test_a_folder_of_everything(tmp_path: Path) -> None:
    """Each input of one run has its verdict, whatever the others are."""
    place = tmp_path / "in"
    place.mkdir()
    (place / "good.pdf").write_bytes(GOOD)
    (place / "broken.pdf").symlink_to("nowhere")
    (place / "loop.pdf").symlink_to("loop.pdf")
    (place / "up").symlink_to("..")
    os.mkfifo(place / "pipe.pdf")
    Path(os.fsdecode(os.fsencode(place) + b"/caf\xe9.pdf")).write_bytes(GOOD)
    (place / "\x1b[31mred\u202e.pdf").write_bytes(GOOD)
    with (place / "huge.pdf").open("wb") as stream:
        stream.write(b"%PDF-1.7\n")
        stream.truncate(20 * 1024**3)
    (place / "empty.pdf").write_bytes(b"")
    (place / "cut.tar").write_bytes(tar_of({"a.pdf": GOOD, "b.pdf": GOOD})[: len(GOOD) + 2000])
    (place / "junk.tar").write_bytes(b"no archive at all" * 100)
    (place / "none.tar").write_bytes(tar_of({"readme.txt": b"x"}))
    (place / "junk.zip").write_bytes(b"PK\x03\x04 and no more")
    (place / "notes.txt").write_bytes(b"x")
    done = audit(place, tmp_path / "missing", "-o", tmp_path / "out")
    assert done.returncode == 2
    found = verdicts(tmp_path / "out")
    assert {name for name, word in found.items() if word == "valid"} == {
        "good.pdf", "caf\udce9.pdf", "\x1b[31mred\u202e.pdf", "cut.tar!a.pdf"
    }  # fmt: skip
    assert {name for name, word in found.items() if word == "unreadable"} == {
        "broken.pdf", "loop.pdf", "pipe.pdf", "huge.pdf", "empty.pdf", "missing",
        "cut.tar", "junk.tar", "none.tar", "junk.zip",
    }  # fmt: skip
    assert findings(tmp_path / "out")["huge.pdf"] == ["unreadable-pdf"]
    assert findings(tmp_path / "out")["missing"] == ["no-input"]
    assert "\x1b" not in done.stdout + done.stderr
    assert "not named as wanted" in done.stdout


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    """20 GB are told by the size, not by reading them; a pipe or an address has none and is cut."""
    with (tmp_path / "huge.pdf").open("wb") as stream:
        stream.truncate(20 * 1024**3)
    audit(tmp_path / "huge.pdf", "-o", tmp_path / "out")
    (line,) = lines(tmp_path / "out")
    assert str(MAX_PDF_BYTES) in line["findings"][0]["message"]


@pytest.mark.parametrize("form", ["tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst", "zip"])
def test_archives_are_judged_without_unpacking(tmp_path: Path, form: str) -> None:
    members = {
        "2606/a.pdf": GOOD,
        "../../evil.pdf": OTHER,
        "/abs.pdf": PLAIN.read_bytes(),
        "deep/b.PDF": GOOD,
        "c.txt": b"x",
    }
    path = tmp_path / "in" / f"papers.{form}"
    path.parent.mkdir()
    if form == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
    elif form == "tar.zst":
        path.write_bytes(zstd_of(tar_of(members)))
    else:
        path.write_bytes(tar_of(members, f"w:{form.partition('.')[2]}"))
    assert audit(path, "-o", tmp_path / "out").returncode == 3
    found = {line["file"].partition("!")[2]: line["verdict"] for line in lines(tmp_path / "out")}
    assert found == {"2606/a.pdf": "valid", "../../evil.pdf": "valid", "/abs.pdf": "absent", "deep/b.PDF": "valid"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
    assert [path.name for path in (tmp_path / "in").iterdir()] == [f"papers.{form}"]
    assert json.loads(audit(path, "-o", tmp_path / "out", "--json").stdout)["results"][0]["judged"] == 0


def test_headers_that_lie(tmp_path: Path) -> None:
    """A size of exabytes, a header longer than memory, links, devices, a sparse file: nothing hangs or is followed."""
    place = tmp_path / "in"
    place.mkdir()
    begun = tar_of({"a.pdf": GOOD})[: 512 + len(GOOD) + -len(GOOD) % 512]
    info = tarfile.TarInfo("b.pdf")
    info.size = 2**62
    (place / "size.tar").write_bytes(begun + info.tobuf(tarfile.GNU_FORMAT) + GOOD)
    pax = tarfile.TarInfo("x")
    pax.type, pax.size = tarfile.XHDTYPE, 2**40
    (place / "pax.tar").write_bytes(pax.tobuf() + b"30 path=x.pdf\n" + b"\0" * 4096)
    links = io.BytesIO()
    with tarfile.open(fileobj=links, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            link = tarfile.TarInfo(f"{kind.decode()}.pdf")
            link.type, link.linkname = kind, "/etc/passwd"
            archive.addfile(link)
        good = tarfile.TarInfo("good.pdf")
        good.size = len(GOOD)
        archive.addfile(good, io.BytesIO(GOOD))
    (place / "links.tar").write_bytes(links.getvalue())
    audit(place, "-o", tmp_path / "out")
    found = verdicts(tmp_path / "out")
    assert found["links.tar!good.pdf"] == "valid"
    assert found["pax.tar"] == "unreadable"
    assert [name for name in found if name.startswith("links.tar!") and name != "links.tar!good.pdf"] == []
    assert {found[f"size.tar{name}"] for name in ("!b.pdf", "")} == {"unreadable"}
    assert found["size.tar!a.pdf"] == "valid"


def test_bombs(tmp_path: Path) -> None:
    """Gigabytes of zeros in a few megabytes: cut at the size of a PDF, and the next file is judged."""
    place = tmp_path / "in"
    place.mkdir()
    with zipfile.ZipFile(place / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("bomb.pdf", "w", force_zip64=True) as stream:
            for _ in range(300):
                stream.write(bytes(1024 * 1024))
        archive.writestr("good.pdf", GOOD)
    info = tarfile.TarInfo("bomb.pdf")
    info.size = 300 * 1024 * 1024
    with gzip.open(place / "bomb.tar.gz", "wb", compresslevel=1) as packed:
        packed.write(info.tobuf())
        for _ in range(300):
            packed.write(bytes(1024 * 1024))
        packed.write(tar_of({"good.pdf": GOOD}))
    audit(place, "-o", tmp_path / "out", "--jobs", "1")
    found = verdicts(tmp_path / "out")
    assert found == {
        "bomb.zip!bomb.pdf": "unreadable", "bomb.zip!good.pdf": "valid",
        "bomb.tar.gz!bomb.pdf": "unreadable", "bomb.tar.gz!good.pdf": "valid",
    }  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\0"])
def test_names_from_a_list(tmp_path: Path, end: str) -> None:
    names = [tmp_path / name for name in ("a b.pdf", "caf\udce9.pdf", "x.bin")]
    for path in names:
        path.write_bytes(GOOD)
    text = end.join([*map(str, names), str(names[0])]) + end
    done = audit(
        "--files-from",
        "-",
        "-o",
        tmp_path / "out",
        input=text.encode("utf-8", "surrogateescape").decode("latin-1"),
        encoding="latin-1",
    )
    assert done.returncode == 0, done.stderr
    assert sorted(words(tmp_path / "out")) == ["a b.pdf", "caf\udce9.pdf", "x.bin"]


MANIFESTS = {
    "heading.csv": "id,file\n2606.01751,good.pdf\n2606.01751,other.pdf\n",
    "plain.csv": '"good.pdf",2606.01751\nother.pdf,2606.01751\n',
    "lines.jsonl": '{"file": "good.pdf", "id": "2606.01751"}\n\n{"file": "other.pdf", "expect": "2606.01751"}\n',
}


@pytest.fixture
def two(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    place.mkdir()
    (place / "good.pdf").write_bytes(GOOD)
    (place / "other.pdf").write_bytes(OTHER)
    return place


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_manifest_says_what_each_file_must_be(two: Path, name: str) -> None:
    (two / name).write_text(MANIFESTS[name])
    for given in ([], [two]):
        out = two.parent / f"out{len(given)}"
        assert audit(*given, "--manifest", two / name, "-o", out).returncode == 1
        assert verdicts(out) == {"good.pdf": "valid", "other.pdf": "invalid"}
        assert "expected-mismatch" in findings(out)["other.pdf"]


def test_a_manifest_reaches_into_archives(two: Path) -> None:
    (two / "all.tar").write_bytes(tar_of({"x/a.pdf": GOOD, "x/b.pdf": OTHER}))
    (two / "m.csv").write_text("all.tar!x/a.pdf,2606.01751\nall.tar!x/b.pdf,2606.01751\n")
    audit("--manifest", two / "m.csv", "-o", two / ".." / "out")
    assert verdicts(two / ".." / "out") == {"a.pdf": "valid", "b.pdf": "invalid"}


def test_a_manifest_that_contradicts_itself(two: Path) -> None:
    """Two papers for one file, and a text that names none: neither is believed, and the word is that of the PDF."""
    (two / "m.csv").write_text(
        "good.pdf,2606.01751\nother.pdf,what is this\ngood.pdf,2606.26666\nlost.pdf,2606.26666\n"
    )
    done = audit(two, "--manifest", two / "m.csv", "-o", two.parent / "out")
    assert verdicts(two.parent / "out") == {"good.pdf": "valid", "other.pdf": "valid"}
    for name in ("good.pdf", "other.pdf"):
        assert findings(two.parent / "out")[name][0] == "manifest-conflict"
    assert "1 file of the manifest not among the inputs" in done.stdout


@pytest.mark.parametrize(
    "text", ["good.pdf\n", '{"file": 3}\n', "[1]\n", '{"file": "a", \n', "a,b\nc\n", '"' + "x" * 200_000]
)
def test_a_manifest_of_no_known_form(two: Path, text: str) -> None:
    (two / "m").write_text(text)
    done = audit(two, "--manifest", two / "m", "-o", two.parent / "out")
    assert done.returncode == 2
    assert "line " in done.stderr


def test_another_expectation_is_another_verdict(two: Path) -> None:
    (two / "m.csv").write_text("good.pdf,2606.01751\n")
    audit(two, "--manifest", two / "m.csv", "-o", two.parent / "out")
    (two / "m.csv").write_text("good.pdf,2606.26666\n")
    done = audit(two, "--manifest", two / "m.csv", "-o", two.parent / "out", "--json")
    result = json.loads(done.stdout)["results"][0]
    assert (result["judged"], result["by"]["verdict"]) == (1, {"valid": 1, "invalid": 1})


def test_records_of_a_folder(tmp_path: Path) -> None:
    """A PDF with a number and no receipt is unverified without them, whether they are named by the number or not."""
    import pikepdf

    from tests.conftest import BUNDLE_FILE

    with pikepdf.open(EXAMPLES[0]) as pdf:
        for page in pdf.pages:
            for annotation in page.get("/Annots", []):
                uri = str(annotation.get("/A", {}).get("/URI", ""))
                if "#r=" in uri:
                    annotation.A.URI = pikepdf.String(uri.partition("#")[0])
        del pdf.docinfo["/PithReceipt"]
        del pdf.Root.Metadata
        pdf.save(tmp_path / "bare.pdf")
    audit(tmp_path / "bare.pdf", "-o", tmp_path / "without")
    assert verdicts(tmp_path / "without") == {"bare.pdf": "unverified"}
    for index, name in enumerate(("CNPMIFD4.json", "anything.json")):
        folder = tmp_path / f"records{index}"
        folder.mkdir()
        (folder / name).write_bytes(BUNDLE_FILE.read_bytes())
        (folder / "junk.json").write_text("{")
        out = tmp_path / f"out{index}"
        audit(tmp_path / "bare.pdf", "-o", out, "--records", folder)
        (line,) = lines(out)
        assert line["verdict"] == "valid"
        assert line["standing"] != ["unknown"]
    assert totals(out)["by"]["standing"]


def test_what_is_no_input(tmp_path: Path) -> None:
    for args in (
        (),
        ("--files-from", "-", "--files-from", "-"),
        (tmp_path, "--allow", "fine"),
        (tmp_path, "--records", "x"),
    ):
        assert audit(*args, "-o", tmp_path / "out").returncode == 2
    assert audit(tmp_path, check=False).returncode == 2
    assert audit("--files-from", tmp_path / "missing", "-o", tmp_path / "out").returncode == 2
