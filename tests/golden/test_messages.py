"""All texts side by side, in tests/golden/messages.txt: a reviewer reads them in one go, and each change shows."""

from __future__ import annotations

from tests.golden.messages import GOLDEN, page, sources


def test_the_file_is_that_of_the_sources() -> None:
    assert GOLDEN.read_text("utf-8") == page(), "python -m tests.golden.messages writes it again"


def test_what_is_shown_is_found() -> None:
    """A text of each way in which one reaches a user."""
    found = {path: " ".join(texts) for path, texts in sources()}
    for path, text in {
        "pithtex/cli/main.py": "add the paper's number to its sources, then compile",
        "pithtex/cli/table.py": "check a PDF's Pith Number against its signed record",
        "pithtex/format/identifiers.py": "did you mean {likely}?",
        "pithtex/review/rules/number.py": "'{text}'",
        "pithtex/report/templates/check.html.j2": "No verdict proves",
        "pithtex/browser/page/given.js": "a link without a receipt",
        "latex/pith.dtx": "is not a Pith Number",
    }.items():
        assert text in found[path], path
    assert len(found["pithtex/catalogue.py"]) > 10_000
