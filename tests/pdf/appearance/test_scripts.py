"""On which pages readers open a file."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pithtex.pdf.appearance.scripts import changes, opening_pages

Action = Callable[[pikepdf.Pdf], pikepdf.Object]


def _to(number: int) -> Action:
    return lambda pdf: Array([pdf.pages[number - 1].obj, Name.Fit])


def _go(number: int, **more: Action) -> Action:
    def make(pdf: pikepdf.Pdf) -> pikepdf.Object:
        return Dictionary(S=Name.GoTo, D=_to(number)(pdf), **{key: value(pdf) for key, value in more.items()})

    return make


def _element(pdf: pikepdf.Pdf, **entries: object) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, **entries))


def _structure(*, of: int, whole: bool = False) -> Action:
    """A destination in the structure whose first content is on a page: a part, or the document's element above it."""

    def make(pdf: pikepdf.Pdf) -> pikepdf.Object:
        page = pdf.pages[of - 1].obj
        first = _element(pdf, Pg=page, K=0)
        parts = [_element(pdf), first, _element(pdf, K=Dictionary(Type=Name.MCR, Pg=pdf.pages[2].obj, MCID=0))]
        return Array([_element(pdf, K=Array(parts)) if whole else first, Name.Fit])

    return make


def _circle(pdf: pikepdf.Pdf) -> pikepdf.Object:
    element = _element(pdf)
    element.K = Array([element, element])
    return Array([element, Name.Fit])


@pytest.mark.parametrize(
    ("action", "opens"),
    [
        (_to(1), (1,)),
        (_to(2), (2,)),
        (_go(3), (3,)),
        (_go(1, SD=_structure(of=1)), (1, 1)),
        (_go(1, SD=_structure(of=1, whole=True)), (1, 1)),
        (_go(1, SD=_structure(of=2, whole=True)), (1, 2)),
        (_go(2, SD=_structure(of=1)), (2, 1)),
        (_go(1, SD=lambda pdf: Array([])), (1, 0)),
        (_go(1, SD=lambda pdf: Name.Elsewhere), (1, 0)),
        (_go(1, SD=_circle), (1, 0)),
        (lambda pdf: Name.Elsewhere, (0,)),
    ],
)
def test_the_pages_that_a_file_opens_on(action: Action, opens: tuple[int, ...]) -> None:
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page()
        pdf.Root.OpenAction = action(pdf)
        pages = [page.obj for page in pdf.pages]
        assert opening_pages(pdf, pages) == opens
        assert changes(pdf, pages) == ()


def test_a_file_without_an_action_opens_on_its_first_page() -> None:
    with pikepdf.new() as pdf:
        assert opening_pages(pdf, []) == (1,)
