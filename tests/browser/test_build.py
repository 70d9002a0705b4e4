"""The files that the build step writes are those it would write, and are small; node's own tests pass."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
from pathlib import Path

import pytest

from pithtex.browser import scripts
from pithtex.cli.main import main
from tests.browser.node import source
from tests.conftest import BUNDLE_FILE, ROOT

MINIFIED = ROOT / "pithtex" / "browser" / "badge" / "pith-badge.min.js"


@pytest.mark.needs("node", "npm")
def test_the_minified_script_is_what_the_sources_give() -> None:
    """`make web` writes it; terser is of one version, known by its digest (.ci/install-npm)."""
    done = subprocess.run(
        [ROOT / ".ci" / "minify"], input=scripts.badge_script().encode(), capture_output=True, check=True
    )
    assert MINIFIED.read_bytes() == done.stdout, "run make web"


def test_the_script_is_small_and_needs_nothing() -> None:
    text = MINIFIED.read_text("ascii")
    assert len(text) <= 15_000
    assert text.startswith("/* <pith-badge> of pithtex, Apache-2.0")
    for forbidden in ("eval(", "new Function", "innerHTML", "import(", "fetch(", "XMLHttpRequest", ".style", "</"):
        assert forbidden not in text, forbidden


def test_nodes_own_tests(tmp_path: Path) -> None:
    environment = os.environ | {"PITH_SCRIPT": str(source(tmp_path / "web.js"))}
    files = sorted(str(path) for path in (ROOT / "tests" / "browser").rglob("*.test.js"))
    command = ["node", "--test", "--test-reporter=spec", *files]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "fail 0" in done.stdout
    assert int(re.findall(r"pass (\d+)", done.stdout)[0]) >= 9


def test_the_page_lets_its_own_script_and_style_through_and_nothing_else() -> None:
    page = scripts.verify_page().decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    for kind, tag in (("script", "script"), ("style", "style")):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "connect-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\son\w+=|style=|src=", page.partition("<script>")[0])


def test_the_page_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "verify.html"
    assert main(["verify-page", "-o", str(path)]) == 0
    assert path.read_bytes() == scripts.verify_page()
    assert str(path) in capsys.readouterr().out
    assert main(["verify-page", "-o", str(tmp_path / "no" / "verify.html")]) == 2


def test_the_snippet_and_its_script(tmp_path: Path) -> None:
    """The digest that the snippet gives is that of the script beside it (W3C Subresource Integrity)."""
    path = tmp_path / "badge.html"
    assert main(["badge", str(BUNDLE_FILE), "--format", "html-verified", "-o", str(path), "-q"]) == 0
    written = (tmp_path / "pith-badge.min.js").read_bytes()
    digest = base64.b64encode(hashlib.sha384(written).digest()).decode()
    assert f'integrity="sha384-{digest}"' in path.read_text()
    assert written == MINIFIED.read_bytes()
