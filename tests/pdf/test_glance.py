"""What `check` does of a file without a trace of a number."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pithtex.pdf.check import check_pdf
from pithtex.pdf.glance import glance
from pithtex.pdf.lane.no_trace import no_trace
from pithtex.pdf.text.naming import Naming, decode_naming
from tests.pdf.lane.maker import Pdf, stream

NOTHING = [("no-metadata", "")]


def plain_pdf(shown: str = "", padding: int = 0) -> bytes:
    """A page that shows a text, in the upper half; with so many bytes that nothing refers to."""
    content = f"BT /F 10 Tf 20 700 Td {shown} ET".encode()
    body = stream(0, b"", content).removeprefix(b"0 0 obj\n").removesuffix(b"\nendobj\n")
    return Pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 5 0 R>>>>/Contents 4 0 R>>",
            4: body,
            5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            6: b"(" + b" " * padding + b")",
        }
    ).write()


def test_no_parser_is_loaded() -> None:
    program = (
        "import sys; from pithtex.pdf.check import check_pdf; "
        "print(check_pdf(sys.stdin.buffer.read()).word, 'pikepdf' in sys.modules, 'nacl' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], input=plain_pdf(), capture_output=True, check=True)
    assert run.stdout.decode().split() == ["absent", "False", "False"]


def test_a_number_that_is_left_in_the_text_is_found() -> None:
    data = plain_pdf("(pith:ABCDEFGH) Tj")
    assert no_trace(data)
    assert glance(data) == (None, (1, 2))
    assert check_pdf(data).number == "pith:ABCDEFGH"


def test_text_that_cannot_be_read_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pithtex.pdf.glance.apart", lambda *_: None)  # as of a process that was ended
    data = plain_pdf(padding=70_000)
    verdict = check_pdf(data)
    assert verdict.word == "absent"
    assert [(item.name, item.where) for item in verdict.findings] == [("channel-damaged", "page 1, 2"), *NOTHING]


@pytest.mark.parametrize("data", [b"", b"1", b"1;2;1", b"x;", b"3;", b"-1;"])
def test_what_is_no_answer_of_another_process(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"asked for|invalid literal|unpack"):
        decode_naming(data, [1, 2])


def test_the_answer_of_another_process() -> None:
    for naming in (Naming(), Naming((1,), (2,)), Naming((1, 2))):
        assert decode_naming(naming.encode(), [1, 2]) == naming
