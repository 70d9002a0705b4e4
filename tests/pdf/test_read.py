from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import threading
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream

from pithtex.errors import UnreadablePdfError
from pithtex.limits import MAX_PAGES, MAX_PDF_BYTES
from pithtex.pdf import read as reading
from pithtex.pdf.evidence import Evidence, LinkEvidence, Wanted
from pithtex.pdf.read import pages_to_read, read_evidence, with_pages
from pithtex.system.apart import apart
from tests.forgeries.kit import annotate
from tests.pdf.conftest import NUMBER, PITH, SUFFIX, URI, build, link, packet


def names(evidence):
    return [f.name for f in evidence.findings]


@pytest.mark.tex
def test_every_channel_of_a_real_paper(paper):
    evidence = read_evidence(paper)
    assert evidence == read_evidence(str(paper)) == read_evidence(paper.read_bytes())
    assert (evidence.pages, evidence.findings) == (3, ())
    assert (evidence.info.number, evidence.info.receipt) == (NUMBER, "p1.key.AAAA.BBBB")
    assert (evidence.xmp.numbers, evidence.xmp.profiles, evidence.xmp.titles) == ((NUMBER,), ("1",), ("A Title",))
    (found,) = evidence.links
    assert (found.uri, found.name, found.flags, found.contents) == (URI, "pith-badge-1", 4, "Pith Number")
    assert [text.page for text in evidence.texts] == [1, 2]
    assert "pith:ABCDEFGH" in [line.text for line in evidence.texts[0].lines]


@pytest.mark.tex
def test_the_badge_lies_over_its_text(paper):
    evidence = read_evidence(paper)
    left, bottom, right, top = evidence.links[0].rect
    line = next(line for line in evidence.texts[0].lines if line.text == "pith:ABCDEFGH")
    x, y = (line.rect[0] + line.rect[2]) / 2, (line.rect[1] + line.rect[3]) / 2
    assert left < x < right
    assert bottom < y < top


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a PDF"),
        (b"hello\n" * 100, "not a PDF"),
        (os.urandom(5000), "not a PDF"),
        (b"%PDF-1.7\n" + b"junk " * 100, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "not a PDF"),
    ],
)
def test_what_is_no_pdf(data, words):
    with pytest.raises(UnreadablePdfError, match=words):
        read_evidence(data)


def test_truncated():
    data = build(object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pytest.raises(UnreadablePdfError, match="damaged"):
        read_evidence(data[: len(data) // 3])


def test_paths_that_are_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_evidence(tmp_path / "none.pdf")
    with pytest.raises(IsADirectoryError):
        read_evidence(tmp_path)


def test_a_pipe_can_be_read(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    writer = threading.Thread(target=lambda: fifo.write_bytes(build()))
    writer.start()
    assert read_evidence(fifo).pages == 1
    writer.join()


def test_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_PDF_BYTES", 100)
    with pytest.raises(UnreadablePdfError, match="larger"):
        read_evidence(build())
    assert MAX_PDF_BYTES > 100


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_encrypted(revision):
    more = {} if revision > 3 else {"aes": False, "metadata": False}
    lock = pikepdf.Encryption(owner="o", user="geheim", R=revision, **more)
    data = build(info={"PithNumber": NUMBER}, annots=[link()], encryption=lock)
    with pytest.raises(UnreadablePdfError) as caught:
        read_evidence(data)
    assert "--password" in caught.value.hint
    with pytest.raises(UnreadablePdfError):
        read_evidence(data, password="falsch")
    evidence = read_evidence(data, password="geheim")
    assert evidence.info.number == NUMBER
    assert evidence.links[0].uri == URI
    assert evidence.texts[0].lines[0].text == "Hello world"


def test_an_owner_password_alone_is_no_obstacle():
    data = build(info={"PithNumber": NUMBER}, encryption=pikepdf.Encryption(owner="o", user="", R=6))
    evidence = read_evidence(data)
    assert evidence.info.number == NUMBER
    assert read_evidence(data, password="needless") == evidence


def test_no_pages():
    evidence = read_evidence(build(pages=0, info={"PithNumber": NUMBER}))
    assert (evidence.pages, evidence.texts, evidence.info.number) == (0, (), NUMBER)


def raw(*objects: bytes) -> bytes:
    """A PDF of these objects, the first of which is the catalog."""
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        len(out),
    )


def test_a_loop_in_the_page_tree():
    data = raw(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 2 0 R 4 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )
    evidence = read_evidence(data)
    assert evidence.pages == 2
    assert "channel-damaged" in names(evidence)


def test_a_maze_of_a_page_tree_ends():
    nodes = [b"<</Type/Pages/Kids[%s]/Count 1>>" % (b"%d 0 R " % (i + 3) * 1000) for i in range(30)]
    data = raw(b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Page>>")
    assert "channel-damaged" in names(read_evidence(data))


def test_a_deep_page_tree():
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (i + 3) for i in range(20_000)]
    data = raw(b"<</Type/Catalog/Pages 2 0 R>>", *nodes, b"<</Type/Page>>")
    assert read_evidence(data, text=False).pages == 1


def test_a_million_kids():
    data = raw(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count 150000>>" % (b"3 0 R " * 150_000),
        b"<</Type/Page/Annots[<</Subtype/Link/A<</S/URI/URI(https://pith.science/)>>>>]>>",
    )
    evidence = read_evidence(data, text=False)
    assert evidence.pages == MAX_PAGES
    assert len(evidence.links) == 1
    assert names(evidence) == ["channel-limit"]


@pytest.mark.parametrize("pages", [b"null", b"[]", b"5", b"<</Kids 5>>", b"<</Kids[null 1 /A]>>"])
def test_nonsense_for_a_page_tree(pages):
    data = raw(b"<</Type/Catalog/Pages 2 0 R>>", pages)
    with contextlib.suppress(UnreadablePdfError):
        assert read_evidence(data).pages == 0


def test_readers_that_count_differently_are_a_finding():
    data = raw(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 7>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Annots[<</Subtype/Link/Rect[0 0 9 9]/A 4 0 R>>]>>",
        b"<</S/URI/URI(%s)>>" % URI.encode(),
    )
    assert "page-count-differs" in names(read_evidence(data))


def test_a_decompression_bomb_is_refused():
    xmp = packet(f"<rdf:Description {PITH} pith:number='A'/>") + b" " * (100 << 20)
    evidence = read_evidence(build(xmp=xmp, info={"PithNumber": NUMBER}), text=False)
    assert evidence.xmp.numbers == ()
    assert evidence.info.number == NUMBER
    assert names(evidence) in (["channel-damaged"], ["channel-limit"])


def test_the_metadata_is_no_stream():
    def change(pdf):
        pdf.Root.Metadata = Dictionary()

    assert names(read_evidence(build(change=change))) == ["channel-damaged"]


def test_damaged_channels_leave_the_others():
    data = build(
        info={"PithNumber": Array([]), "PithReceipt": "r"}, xmp=packet("<"), annots=[1, link()], page={"Rotate": Name.A}
    )
    evidence = read_evidence(data)
    assert names(evidence) == ["channel-damaged"] * 3
    assert evidence.info.receipt == "r"
    assert len(evidence.links) == 1
    assert evidence.texts[0].lines[0].text == "Hello world"


def place(page, name=None):
    return LinkEvidence(page=page, index=0, uri=URI, name=name, contents=None, rect=(0, 0, 1, 1), flags=0, action="URI")


def test_pages_to_read(monkeypatch):
    assert pages_to_read([], 9) == [1, 2, 3]
    assert pages_to_read([], 9, neighbours=False) == [1, 2]
    assert pages_to_read([], 1) == [1]
    assert pages_to_read([place(5), place(9), place(5)], 9) == [1, 2, 3, 4, 5, 6, 8, 9]
    named = [place(5, "pith-badge-1"), place(7)]
    assert pages_to_read(named, 9, neighbours=False) == [1, 5, 7]
    assert pages_to_read(named, 9) == [1, 2, 4, 5, 6, 7, 8]
    monkeypatch.setattr(reading, "MAX_BADGES", 1)
    assert pages_to_read([place(5), place(9, "pith-badge-1")], 20) == [1, 2, 8, 9, 10]


def layered(pdf: pikepdf.Pdf, number: int = 0) -> None:
    """Puts the text of page 1, or of another, on a layer."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Layer"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(ON=Array([layer])))
    page = pdf.pages[number].obj
    page.Resources = Dictionary({**page.Resources, "/Properties": Dictionary(L=layer)})
    page.Contents = Stream(pdf, b"/OC /L BDC " + page.Contents.read_bytes() + b" EMC")


def heavy(pdf: pikepdf.Pdf) -> None:
    """Gives page 2 so much to draw that it is read in a copy of this process."""
    layered(pdf)
    second = pdf.pages[1].obj
    second.Contents = Stream(pdf, second.Contents.read_bytes() + b" 0 0 1 1 re f" * 30_000)


def noted(pdf: pikepdf.Pdf) -> None:
    """Puts a note on page 2: drawn, it is read in a copy of this process, and otherwise here."""
    layered(pdf)
    annotate(page=2, rect=(20, 20, 40, 40), appearance="0 g 0 0 9 9 re f", Subtype=Name.Stamp)(pdf)


def packed(pdf: pikepdf.Pdf) -> None:
    """Gives page 2 as much in a few bytes."""
    heavy(pdf)
    second = pdf.pages[1].obj
    second.Contents = Stream(pdf, zlib.compress(second.Contents.read_bytes()), Filter=Name.FlateDecode)


def formed(pdf: pikepdf.Pdf) -> None:
    """Gives page 2 as much in a form."""
    second = pdf.pages[1].obj
    form = Stream(pdf, b" 0 0 1 1 re f" * 30_000, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    second.Resources = Dictionary({**second.Resources, "/XObject": Dictionary(Form=form)})
    second.Contents = Stream(pdf, second.Contents.read_bytes() + b" /Form Do")


def numbered(pdf: pikepdf.Pdf) -> None:
    """Gives page 2 a font of drawings whose names say other characters than its codes."""
    glyph = Stream(pdf, b"500 0 0 0 400 700 d1 0 0 400 700 re f")
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type3,
        FontBBox=Array([0, 0, 400, 700]),
        FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
        FirstChar=1,
        LastChar=2,
        Widths=Array([500, 500]),
        CharProcs=Dictionary(a72=glyph, a73=glyph),
        Encoding=Dictionary(Differences=Array([1, Name("/a72"), Name("/a73")])),
    )
    second = pdf.pages[1].obj
    second.Resources.Font.Other = font
    second.Contents = Stream(pdf, second.Contents.read_bytes() + b" BT /Other 12 Tf 72 500 Td (\\001\\002) Tj ET")


@pytest.mark.parametrize("change", [layered, heavy, noted])
def test_a_page_that_is_not_wanted_is_not_drawn(change):
    data = build(pages=2, annots=[link(NM="pith-badge-1")], change=change)
    first = read_evidence(data, neighbours=False)
    assert len(first.renditions) == 2
    lines = [line.text for line in first.texts[0].lines]
    asked = with_pages(first, data, [2], wanted=Wanted(lambda words: "Hello" in words, lambda page: not page.lines))
    assert (asked.texts, asked.renditions) == (first.texts, first.renditions)
    assert [(page.page, [line.text for line in page.lines]) for page in asked.undrawn] == [(2, lines)]
    unread = with_pages(first, data, [2], wanted=Wanted(lambda words: "other" in words, lambda _: True))
    assert (unread.texts, unread.renditions, unread.undrawn) == (first.texts, first.renditions, ())
    drawn = with_pages(first, data, [2], wanted=Wanted(lambda _: True, lambda page: bool(page.lines)))
    assert drawn == with_pages(first, data, [2])
    assert [text.page for texts in (drawn.texts, *drawn.renditions) for text in texts] == [1, 2] * 3


def test_a_page_that_is_not_wanted_is_read_with_its_characters():
    data = build(pages=2, annots=[link(NM="pith-badge-1")], change=numbered)
    first = read_evidence(data, neighbours=False)
    asked = with_pages(first, data, [2], wanted=Wanted(lambda _: True, lambda _: False))
    assert [[line.text for line in page.lines] for page in asked.undrawn] == [["Hello world", "HI"]]


@pytest.mark.parametrize(("change", "to_read"), [(noted, 0), (heavy, 1), (packed, 1), (formed, 1)])
def test_what_may_take_long_is_done_in_a_copy_of_this_process(change, to_read, monkeypatch):
    copies = []
    monkeypatch.setattr(reading, "apart", lambda *args: copies.append(args) or apart(*args))
    data = build(pages=2, annots=[link(NM="pith-badge-1")], change=change)
    first = read_evidence(data, neighbours=False)
    assert not copies
    with_pages(first, data, [2], wanted=Wanted(lambda _: True, lambda _: False))
    assert len(copies) == to_read
    with_pages(first, data, [2], wanted=Wanted(lambda _: True, lambda _: True))
    assert len(copies) == to_read + 1


def test_what_readers_see_of_a_page_is_asked_where_it_counts():
    """Of one that is not drawn it is not: nothing of it is accepted. Of one without the words all else rests on it."""

    def odd(pdf: pikepdf.Pdf) -> None:
        second = pdf.pages[1].obj
        second.Contents = Stream(pdf, second.Contents.read_bytes() + b" 1 unknown")

    data = build(pages=2, annots=[link(NM="pith-badge-1")], change=odd)
    first = read_evidence(data, neighbours=False)
    asked = with_pages(first, data, [2], wanted=Wanted(lambda _: True, lambda _: False))
    assert ([page.page for page in asked.undrawn], asked.changes) == ([2], ())
    unread = with_pages(first, data, [2], wanted=Wanted(lambda _: False, lambda _: True))
    drawn = with_pages(first, data, [2], wanted=Wanted(lambda _: True, lambda _: True))
    assert drawn == with_pages(first, data, [2])
    assert unread.changes == drawn.changes != ()


@pytest.mark.parametrize(("on_layers", "ways"), [((0,), 2), ((1,), 2), ((0, 1), 3)])
def test_each_way_in_which_pages_are_shown_has_all_of_them(on_layers, ways):
    def change(pdf: pikepdf.Pdf) -> None:
        for number in on_layers:
            layered(pdf, number)

    data = build(pages=2, annots=[link(NM="pith-badge-1")], change=change)
    both = with_pages(read_evidence(data, neighbours=False), data, [2])
    shown = [[(text.page, bool(text.lines)) for text in texts] for texts in both.renditions]
    assert shown[0] == [(1, 0 not in on_layers), (2, 1 not in on_layers)]  # without any layer
    assert len(shown) == ways
    assert all([page for page, _ in texts] == [1, 2] for texts in shown)
    assert {texts[number] for texts in shown for number in on_layers} >= {(number + 1, True) for number in on_layers}


def test_pdfium_is_loaded_for_text_only():
    code = (
        "import sys; from pithtex.pdf.read import read_evidence; data = sys.stdin.buffer.read();"
        "read_evidence(data, text=False); assert 'pithtex.pdf.text.library' not in sys.modules;"
        "read_evidence(data); assert 'pithtex.pdf.text.library' in sys.modules; assert 'pypdfium2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], input=build(), check=True, timeout=60)


def mutations(data: bytes, count: int):
    chance = random.Random(20_260_101)
    for _ in range(count):
        out = bytearray(data)
        for _ in range(chance.choice((1, 3, 10, 100))):
            at = chance.randrange(len(out))
            match chance.randrange(5):
                case 0:
                    out[at] = chance.randrange(256)
                case 1:
                    del out[at : at + chance.randrange(1, 50)]
                case 2:
                    out[at:at] = out[chance.randrange(len(out)) :][: chance.randrange(1, 100)]
                case 3:
                    out[at : at + 8] = chance.choice((b"99999999", b"-1 0 R  ", b"<<<<<<<<", b"null    ", b"\0" * 8))
                case _:
                    del out[max(at, 2000) :]
            if not out:
                break
        yield bytes(out)


def survives(data):
    try:
        evidence = read_evidence(data)
    except UnreadablePdfError:
        return
    assert isinstance(evidence, Evidence)


def test_mutations_of_a_built_pdf():
    data = build(
        info={"PithNumber": NUMBER, "Title": "T"},
        xmp=packet(f"<rdf:Description {PITH}><pith:number>{NUMBER}</pith:number></rdf:Description>"),
        annots=[link(NM="pith-badge-1"), link("https://example.org/" + SUFFIX)],
        pages=3,
        compress_streams=False,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )
    for mutant in mutations(data, 300):
        survives(mutant)


@pytest.mark.tex
def test_mutations_of_a_real_paper(paper):
    for mutant in mutations(paper.read_bytes(), 120):
        survives(mutant)
