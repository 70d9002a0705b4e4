from __future__ import annotations

import pikepdf
import pytest


@pytest.fixture
def pdf():
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(100, 200))
        yield made
