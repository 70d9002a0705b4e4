"""Small papers, and what the tests of builds and packs share."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pithtex.manuscript.build.compile import BuiltPaper, built_paper
from tests.conftest import ROOT

EXAMPLE = ROOT / "examples" / "sparsex"
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 20 20\n0 0 20 20 rectfill\n%%EOF\n"


def png() -> bytes:
    """A picture of one grey dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")
    )


def document(body: str, preamble: str = "", options: str = "") -> str:
    return f"\\documentclass{options}{{article}}\n{preamble}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


Builder = Callable[..., BuiltPaper]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Builder]:
    """Builds a paper of these files, or one of a folder; its copy lasts as long as the test."""
    with ExitStack() as stack:

        def make(files: dict[str, str | bytes] | Path, **options: object) -> BuiltPaper:
            folder = files
            if not isinstance(files, Path):
                folder = tmp_path / "paper"
                folder.mkdir(exist_ok=True)
                write(folder, files)
            return stack.enter_context(built_paper(folder, **options))  # type: ignore[arg-type]

        yield make
