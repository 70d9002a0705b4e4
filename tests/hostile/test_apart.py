"""Calls in a copy of this process: what they return, and what ends them."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name
from PIL import Image

from pithtex.limits import MAX_ANSWER_BYTES, MAX_CHECK_MEMORY
from pithtex.pdf.text.lines import read_texts
from pithtex.system.apart import apart
from tests.forgeries import kit

SECONDS = 60.0


def computes() -> bytes:
    until = time.process_time() + 600
    while time.process_time() < until:
        pass
    return b""


def hoards() -> bytes:
    return bytes(2 * MAX_CHECK_MEMORY)


def killed() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def overlong() -> bytes:
    return bytes(MAX_ANSWER_BYTES + 1)


def children() -> set[str]:
    """The processes that this one has; a browser that other tests keep open may be among them."""
    return {pid for path in Path("/proc/self/task").glob("*/children") for pid in path.read_text().split()}


@pytest.mark.parametrize("size", [0, 1, 10_000_000])
def test_what_a_call_returns(size: int) -> None:
    assert apart(lambda: b"x" * size, SECONDS) == b"x" * size


@pytest.mark.parametrize(
    ("call", "seconds"),
    [(computes, 1.0), (hoards, SECONDS), (killed, SECONDS), (input, SECONDS), (overlong, SECONDS)],
)
def test_what_ends_it(call, seconds: float, capfd: pytest.CaptureFixture[str]) -> None:
    """Its time, its memory, a signal, an error, a long answer: it says nothing, and leaves no process."""
    before = children()
    assert apart(call, seconds) is None
    assert capfd.readouterr() == ("", "")
    assert children() == before


def test_pages_are_read_apart_while_another_thread_reads() -> None:
    def read() -> bytes:
        return repr(read_texts(kit.PAPER, [1])).encode()

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    answers = [apart(read, SECONDS) for _ in range(4)]
    for thread in threads:
        thread.join()
    assert answers == [read()] * 4


def test_files_are_left_alone(tmp_path: Path) -> None:
    """What the copy inherits unwritten, it does not write."""
    with open(tmp_path / "file", "w", encoding="utf-8") as stream:
        stream.write("once")
        assert apart(lambda: b"1", SECONDS) == b"1"
    assert (tmp_path / "file").read_text() == "once"


def test_a_picture_at_which_the_library_ends_the_process(tmp_path: Path) -> None:
    """PDFium stops at a stencil in JPEG 2000: neither the check nor the report's picture of the page does."""
    out = io.BytesIO()
    Image.new("L", (8, 8), 255).save(out, "JPEG2000")

    def forge(pdf: pikepdf.Pdf) -> None:
        stencil = pdf.make_stream(
            out.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8, ImageMask=True,
            Filter=Name.JPXDecode,
        )  # fmt: skip
        pdf.pages[0].add_resource(stencil, Name.XObject, Name.PithR)
        kit.draw("q 9 0 0 9 9 9 cm /PithR Do Q")(pdf)

    path = tmp_path / "stencil.pdf"
    path.write_bytes(kit.change(kit.paper(), forge))
    code = (
        "import sys; from pithtex.pdf.check import check_pdf; from pithtex.pdf.text.page_image import draw_page\n"
        "print(check_pdf(sys.argv[1]).word, draw_page(sys.argv[1], 1))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True, timeout=SECONDS
    )
    assert said.stdout == "unbound None\n"
