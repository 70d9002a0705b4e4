from __future__ import annotations

import time

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from pithtex.format.badge_link import names_pith
from pithtex.limits import MAX_ANNOTATIONS
from pithtex.pdf.read import read_evidence
from tests.pdf.conftest import SUFFIX, URI, build, link


def read(annots, **more):
    return read_evidence(build(annots=annots, **more), text=False)


def test_every_field():
    annotation = link(
        NM="pith-badge-1",
        Contents="Pith Number",
        F=4,
        QuadPoints=Array([2, 3, 5, 3, 2, 7, 5, 7]),
        Rect=Array([9, 8, 1, 2]),
    )
    annotation.A.Next = Dictionary(S=Name.JavaScript)
    evidence = read([Dictionary(Subtype=Name.Text), annotation])
    (found,) = evidence.links
    assert (found.page, found.index, found.uri, found.name) == (1, 1, URI, "pith-badge-1")
    assert (found.contents, found.flags, found.rect) == ("Pith Number", 4, (1, 2, 9, 8))
    assert (found.action, found.more) == ("URI", ("JavaScript",))
    assert found.quads == found.regions == ((2, 3, 5, 7),)
    assert evidence.findings == ()


@pytest.mark.parametrize(
    ("annotation", "action", "uri"),
    [
        (link(None, NM="pith-badge-1"), "", ""),
        (link(None, NM="pith-badge-1", AA=Dictionary()), "AA", ""),
        (link(None, NM="pith-badge-1", Dest="x"), "Dest", ""),
        (link(None, PA=Dictionary(S=Name.URI, URI=URI)), "PA", URI),
        (link(None, NM="pith-badge-1", A=Dictionary(S=Name.JavaScript, JS="1")), "JavaScript", ""),
        (link(None, NM="pith-badge-1", A=Dictionary(S=Name.Launch, URI=URI)), "Launch", URI),
        (link(None, NM="pith-badge-1", A=5), "", ""),
        (link(NM="pith-badge-1", Subtype=Name.Widget), "URI", URI),
    ],
)
def test_actions(annotation, action, uri):
    (found,) = read([annotation]).links
    assert (found.action, found.uri) == (action, uri)


def test_everything_a_click_does_is_named():
    launch = Dictionary(S=Name.Launch, Next=Dictionary(S=Name.URI, URI=URI))
    annotation = link(AA=Dictionary(E=Dictionary(S=Name.JavaScript)), PA=Dictionary(S=Name.URI, URI="x"))
    annotation.A.Next = Array([Dictionary(S=Name.JavaScript, JS="1"), launch, 5, Dictionary()])
    (found,) = read([annotation]).links
    untyped = "an action without type"
    assert found.more == ("JavaScript", "Launch", "URI", untyped, untyped, "AA", "PA")


def test_a_chain_of_actions_may_be_a_loop():
    def change(pdf):
        action = pdf.make_indirect(Dictionary(S=Name.URI, URI=URI))
        action.Next = Array([action, action])
        pdf.pages[0].obj.Annots = Array([link(None, A=action)])

    (found,) = read_evidence(build(change=change), text=False).links
    assert found.more == ("URI",) * 16


@pytest.mark.parametrize(
    "quads",
    [
        Array([]),
        Array([10, 20, 110, 20, 10, 30, 110]),
        Array([10, 20, 500, 20, 10, 30, 500, 30]),  # outside the rectangle: to be ignored
        Array([10, 20, Name.A, 20, 10, 30, 50, 30]),
        Array([10, 20, 50, 20, 10, 30, 50, 30] * 101),
        Name.A,
    ],
)
def test_quad_points_that_do_not_count(quads):
    (found,) = read([link(QuadPoints=quads)]).links
    assert (found.quads, found.regions) == ((), ((10, 20, 110, 30),))


@pytest.mark.parametrize("rect", [Array([1, 2, 3]), Array([1, 2, 3, Name.A]), Name.A, Array([1, 2, 3, Array([])])])
def test_a_malformed_rectangle(rect):
    (found,) = read([link(Rect=rect)]).links
    assert found.rect == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"https://pith.science/\xc3\xa9", "https://pith.science/é"),
        (b"https://pith.science/\xe9", "https://pith.science/é"),
        (b"\xfe\xff" + "https://pith.science/é".encode("utf-16-be"), "https://pith.science/é"),
        (b"https://pith.science/\0\x1b", "https://pith.science/\0\x1b"),
    ],
)
def test_the_bytes_of_a_uri(raw, text):
    (found,) = read([link(None, A=Dictionary(S=Name.URI, URI=pikepdf.String(raw)))]).links
    assert found.uri == text


def test_what_is_no_dictionary_takes_nothing_with_it():
    evidence = read(Array([1, Name.A, None, Array([]), link(), link(F=Name.A, NM=5, Contents=Name.B)]))
    assert [found.index for found in evidence.links] == [4, 5]
    assert (evidence.links[1].flags, evidence.links[1].name, evidence.links[1].contents) == (0, None, None)
    assert [f.name for f in evidence.findings] == ["channel-damaged"]


def test_annots_that_is_no_array():
    assert [f.name for f in read(Name.A).findings] == ["channel-damaged"]


def test_many_annotations_are_read_in_no_time():
    started = time.process_time()
    evidence = read([link("https://example.org/")] * 5000 + [link()])
    assert [found.index for found in evidence.links] == [5000]
    assert time.process_time() - started < 5


def test_the_number_of_annotations_is_bounded():
    evidence = read([0] * (MAX_ANNOTATIONS // 100), pages=1)
    assert [f.name for f in evidence.findings] == ["channel-damaged"]

    def change(pdf):  # qpdf's own limit on one array is as high: the sum of two pages is over ours
        for page in pdf.pages:
            page.obj.Annots = Array([None] * (MAX_ANNOTATIONS // 2 + 1))

    evidence = read_evidence(build(pages=2, change=change), text=False)
    assert [f.name for f in evidence.findings] == ["channel-limit"]


def test_a_shared_annotation_is_read_once():
    def change(pdf):
        shared = pdf.make_indirect(link())
        for page in pdf.pages:
            page.obj.Annots = Array([shared])

    evidence = read_evidence(build(pages=3, change=change), text=False)
    assert [found.page for found in evidence.links] == [1]


@pytest.mark.parametrize(
    "uri",
    [
        URI,
        f"https://www.pith.science/pith/{SUFFIX}",
        "HTTPS://PITH.SCIENCE/",
        f"https://evil.example/pith/{SUFFIX}",
        "https://pith.science@evil.example/",
        "https://pith.science.evil.example/",
        "https://pith-science.org/",
        "https://p1th.science/x",
        "https://рith.science/",
        "https://" + "рith".encode("idna").decode() + ".science/",
        "https://ｐｉｔｈ.science/",
        "https://p%69th.science/",
        "https:\\\\pith.science\\pith\\x",
        "//pith.science/pith/x",
        "https://evil.example/#r=p1.k.a.b",
        "https://web.archive.org/web/2026/https://pith.science/pith/x",
        "javascript:location='https://pith.science/'",
    ],
)
def test_names_pith(uri):
    assert names_pith(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "https://example.org/",
        "https://doi.org/10.1000/pithy",
        "https://arxiv.org/abs/2302.07302",
        "https://[::1",
        "#x",
    ],
)
def test_names_something_else(uri):
    assert not names_pith(uri)


@given(st.text())
def test_any_uri(text):
    assert names_pith(text) in {True, False}
    assert names_pith("https://" + text) in {True, False}
    assert names_pith("https://xn--" + text) in {True, False}


@settings(deadline=None)  # a busy machine is no slower algorithm
@given(st.text(alphabet=st.sampled_from("pithPITH1l!|+.x-n%@:\\/#r=AZ 9"), max_size=24))
def test_the_quick_answer_is_that_of_the_full_look(text):
    """A letter that is not ASCII, behind all that matters, keeps the quick answer from being given."""
    for uri in (f"https://{text}/a", f"https://example.org/{text}/a#{text}"):
        assert names_pith(uri) == names_pith(uri + "é")
