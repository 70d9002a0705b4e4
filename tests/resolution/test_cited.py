"""The records of the papers that a paper cites: from a mirror once, then offline."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.command_line import run_json
from tests.resolution.conftest import ARXIV
from tests.resolution.server import Server

TITLE = "SpectrumKV: Per-Token Mixed-Precision KV Cache Transfer for Prefill-Decode Disaggregated LLM Serving"
BIB = (
    f"@misc{{right, title = {{{TITLE}}}, eprint = {{2606.08635}}, archivePrefix = {{arXiv}}}}\n"
    f"@misc{{wrong, title = {{{TITLE}}}, url = {{https://arxiv.org/abs/{ARXIV}}}}}\n"
    "@misc{unknown, title = {A Title}, doi = {10.48550/arXiv.2601.00001}}\n"
    "@misc{other, title = {A Book}}\n"
)


def test_one_command_gets_them_and_the_next_needs_no_network(
    capsys: pytest.CaptureFixture[str], mirror: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = tmp_path / "paper"
    paper.mkdir()
    (paper / "main.tex").write_text(
        "\\documentclass{article}\\begin{document}\\nocite{*}\\bibliographystyle{plain}\\bibliography{refs}\\end{document}"
    )
    (paper / "refs.bib").write_text(BIB)
    code, document = run_json(capsys, "resolve", "--cited", paper, "--mirror", mirror.url)
    assert code == 3  # of one paper nobody has a record
    said = {result["query"]: result["number"] is not None for result in document["results"]}
    assert said == {"2606.08635": True, ARXIV: True, "2601.00001": False}
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")
    code, document = run_json(capsys, "presubmit", paper)
    assert code == 0
    (result,) = document["results"]
    assert {item["key"]: (item["agreement"], item["owner"]) for item in result["citations"]} == {
        "right": ("confirmed", None),
        "wrong": ("other-title", "arXiv:2606.08635v1"),
        "unknown": ("no-record", None),
        "other": ("no-identifier", None),
    }
