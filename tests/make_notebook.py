"""Writes docs/reference/python.ipynb: its cells stand here, its outputs come from a kernel that runs them.

python -m tests.make_notebook
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, Final

import nbformat
from nbclient import NotebookClient

ROOT: Final = Path(__file__).parents[1]
NOTEBOOK: Final = ROOT / "docs" / "reference" / "python.ipynb"

CELLS: Final = (
    "# pithtex in a notebook\n\nRun it in the folder of an example that comes with pithtex, `examples/sparsex`. "
    "[python.md](python.md) has the rest.",
    "import pithtex\n\nbundle = pithtex.verify('bundle.json')\nbundle",
    "What is verified says only what the signature covers. A badge is shown as a picture:",
    "pithtex.badge(bundle, 'svg-card')",
    "Every check of a document, and every warning:",
    "pithtex.examine('bundle.json')",
    "What the registry says of the paper:",
    "pithtex.standing(bundle)",
    "The compiled paper:",
    "pithtex.check_pdf('main.pdf')",
    "Its sources, before the upload:",
    "pithtex.presubmit('.').word.value",
    "What a stranger's document says is text here, and never markup:",
    "claimed = pithtex.load('bundle.json').record._replace(title='<script>alert(1)</script>')\nclaimed",
    "An error says what is wrong, where, and what to do:",
    "try:\n    pithtex.badge(bundle, 'bibtx')\nexcept pithtex.PithError as error:\n"
    "    print(error.code, error.message, error.where, error.hint, sep='\\n')",
)
"""Text and code by turns, as they are told apart by their first words."""


def main() -> None:
    NOTEBOOK.write_text(nbformat.writes(run(written())) + "\n", "utf-8")


def written() -> Any:
    """The notebook, not yet run."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for index, text in enumerate(CELLS):
        made = nbformat.v4.new_code_cell(text) if _is_code(text) else nbformat.v4.new_markdown_cell(text)
        notebook.cells.append({**made, "id": f"cell-{index}"})
    return nbformat.from_dict(notebook)


def _is_code(text: str) -> bool:
    return text.startswith(("import ", "pithtex.", "claimed = ", "try:"))


def run(notebook: Any) -> Any:
    """The notebook with what its cells give, in the example's folder, with an empty store."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PITHTEX_HOME": folder, "PITHTEX_CONFIG_DIR": folder, "IPYTHONDIR": folder}
        folders = {"metadata": {"path": str(ROOT / "examples" / "sparsex")}}
        client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources=folders)
        client.execute(env=environment)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran
    notebook.metadata.pop("language_info", None)  # by which Python
    return notebook


if __name__ == "__main__":
    main()
