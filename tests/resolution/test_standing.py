"""A withdrawn paper's bundle cannot be turned into anything that does not say so: every command, and every format."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pithtex.cli.main import main
from pithtex.cli.table import COMMANDS
from pithtex.render.formats import FORMATS
from tests import signing
from tests.conftest import BUNDLE_FILE, ROOT
from tests.kit.command_line import EXAMPLE, run, run_json
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.server import Server
from tests.verification.bundles import about_the_example, of_the_example

WORDS = "The main theorem is wrong; withdrawn by the authors."
WITHDRAWAL = about_the_example("correction", "2026-07-01T00:00:00Z", {"text": WORDS})


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "test.key"
    path.write_text(f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n")
    return path


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "withdrawn.json"
    path.write_bytes(of_the_example(WITHDRAWAL))
    return path


@pytest.fixture
def known(bundle: Path, key: Path, own_home: Path) -> None:
    """The bundle is in the store."""
    assert main(["store", "import", "-q", str(bundle), "--key", str(key)]) == 0


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """The example with its number, and without its record."""
    folder = tmp_path / "paper"
    folder.mkdir()
    shutil.copy(ROOT / "examples" / "sparsex" / "main.tex", folder)
    return folder


def _badge_files(folder: Path, bundle: Path, key: Path) -> list[Path]:
    assert main(["generate", str(bundle), "-o", str(folder), "-q", "--key", str(key)]) == 0
    return sorted((folder / "pith-badges").iterdir())


Said = Callable[[Path, Path, Path], list[str]]
COMMAND_LINES: dict[str, Said] = {
    "verify": lambda bundle, paper, out: ["verify", str(bundle)],
    "show": lambda bundle, paper, out: ["show", str(bundle)],
    "generate": lambda bundle, paper, out: ["generate", str(bundle), "-o", str(out)],
    "badge": lambda bundle, paper, out: ["badge", str(bundle), "--format", "png", "-o", str(out / "badge.png")],
    "check": lambda bundle, paper, out: ["check", str(EXAMPLE), "--record", str(bundle)],
    "resolve": lambda bundle, paper, out: ["resolve", "--offline", "--bundle", ARXIV],
    "add": lambda bundle, paper, out: ["add", "--offline", ARXIV, str(paper), "--dry-run"],
    "presubmit": lambda bundle, paper, out: ["presubmit", str(paper), "--record", str(bundle)],
    "decode": lambda bundle, paper, out: ["decode", str(ROOT / "docs" / "reference" / "badges" / "pith-badge.svg")],
    "mirror": lambda bundle, paper, out: ["mirror", "export", str(out)],
    "store": lambda bundle, paper, out: ["store", "export", "-o", str(out / "backup.tar.gz")],
}
SILENT = {"remove", "keys", "verify-page", "explain", "audit", "completion"}
"""They take no record and give none; audit writes the standing into its files, not into its output."""
COPIES = {"mirror", "store"}
"""What they write holds the bundle itself, as it was signed."""


def test_every_command_is_here() -> None:
    assert COMMAND_LINES.keys() | SILENT == set(COMMANDS)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("command", sorted(COMMAND_LINES.keys() - COPIES))
def test_every_command_says_it_before_all_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, bundle: Path, paper: Path, key: Path, command: str
) -> None:
    (tmp_path / "out").mkdir()
    words = COMMAND_LINES[command](bundle, paper, tmp_path / "out")
    _, out, _ = run(capsys, *words, "--key", key)
    assert WORDS in out
    assert "as of 2026-07-01T00:00:00Z" in out
    if command not in {"presubmit", "badge"}:  # one begins with findings by file and line, one with what it wrote
        assert "withdrawn" in "".join(out.splitlines()[:6])
    _, document = run_json(capsys, *words, "--key", key)
    (result,) = document["results"]
    assert result["standing"]["words"] == ["withdrawn"]
    assert WORDS in json.dumps(result)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("form", ["sarif", "github", "jsonl"])
@pytest.mark.parametrize("command", ["verify", "check", "presubmit"])
def test_every_form_of_reports_says_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, bundle: Path, paper: Path, key: Path, command: str, form: str
) -> None:
    _, out, _ = run(capsys, *COMMAND_LINES[command](bundle, paper, tmp_path), "--key", key, "--format", form)
    assert WORDS in out.replace("%3B", ";")
    assert "withdrawn (as of 2026-07-01T00:00:00Z" in out or form == "jsonl"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("form", FORMATS, ids=[form.name for form in FORMATS])
def test_every_format_says_it(
    capsys: pytest.CaptureFixture[str], bundle: Path, key: Path, tmp_path: Path, form: object
) -> None:
    name = form.name  # type: ignore[attr-defined]
    contents = []
    for document in (bundle, BUNDLE_FILE):
        _, made = run_json(capsys, "badge", document, "--format", name, "--key", key)
        (result,) = made["results"]
        contents.append(base64.b64decode(result.get("content_base64", "")) or result["content"].encode())
    assert contents[0] != contents[1]
    assert form.binary or b"withdrawn" in contents[0]  # type: ignore[attr-defined]


@pytest.mark.usefixtures("own_home")
def test_all_that_generate_writes_says_it(tmp_path: Path, bundle: Path, key: Path) -> None:
    files = [*_badge_files(tmp_path / "out", bundle, key), tmp_path / "out" / "pith.sty"]
    assert len(files) > len(FORMATS)
    for path in files:
        if path.suffix not in {".png", ".js"}:
            assert b"withdrawn" in path.read_bytes(), path.name


def test_resolve_to_standard_output_says_it_beside(capsys: pytest.CaptureFixture[str], key: Path, known: None) -> None:
    _, out, err = run(capsys, "resolve", "--offline", NUMBER, "-o", "-", "--key", key)
    assert json.loads(out)["record_type"] == "pith_number_record"
    assert WORDS in err


def test_a_withdrawn_paper_is_not_ready(
    capsys: pytest.CaptureFixture[str], paper: Path, bundle: Path, key: Path
) -> None:
    code, document = run_json(capsys, "presubmit", paper, "--record", bundle, "--key", key)
    found = {item["name"]: item for item in document["results"][0]["findings"]}
    assert (code, document["results"][0]["word"]) == (1, "not ready")
    assert found["grave-standing"]["severity"] == "error"
    assert WORDS in found["grave-standing"]["message"]


def mirror_of(bundle: bytes, folder: Path, tree: Path) -> Path:
    """The mirror's folder with this bundle in it."""
    shutil.copytree(tree, folder)
    for path in folder.rglob(f"{NUMBER}/bundle.json"):
        path.write_bytes(bundle)
    return folder


def test_check_online_asks_every_mirror_for_what_was_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tree: Path, key: Path, start: Callable[..., Server]
) -> None:
    stale, fresh = start(), start(mirror_of(of_the_example(WITHDRAWAL), tmp_path / "fresh", tree))
    given = ["check", EXAMPLE, "--key", key, "--standing", "--online"]
    code, out, _ = run(capsys, *given, "--mirror", stale.url)
    assert (code, "registered, and nothing more is said (as of 2026-06-02" in out) == (0, True)
    code, out, _ = run(capsys, *given, "--mirror", stale.url, "--mirror", fresh.url)
    assert (code, out.split("  ")[0]) == (1, "valid, withdrawn")
    assert "from 3 sources" in out  # the store keeps what the first call saw
    code, out, _ = run(capsys, "show", ARXIV, "--key", key, "--mirror", stale.url)
    assert (code, "WITHDRAWN  as of 2026-07-01" in out) == (0, True)  # what was seen once is not forgotten


def test_two_mirrors_that_contradict_each_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, tree: Path, key: Path, start: Callable[..., Server]
) -> None:
    sides = []
    first = about_the_example("correction", "2026-07-01T00:00:00Z", {"text": "A misprint."})
    for text in ("withdrawn", "not withdrawn"):
        last = about_the_example("correction", "2026-07-02T00:00:00Z", {"text": text}, prev_event=first["event_id"])
        sides.append(start(mirror_of(of_the_example(first, last), tmp_path / text, tree)))
    _, out, _ = run(
        capsys, "resolve", "--bundle", ARXIV, "--key", key, "--mirror", sides[0].url, "--mirror", sides[1].url
    )
    assert "contradictory: one key signed 2 events where there can be only one" in out
    assert run(capsys, "show", "--offline", ARXIV, "--key", key, "--standing")[0] == 1


def test_without_a_bundle_the_standing_is_unknown(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    code, out, _ = run(capsys, "show", "2606.26666", "--mirror", mirror.url)
    assert (code, "\nstanding unknown\n" in out) == (0, True)
    assert run(capsys, "show", "2606.26666", "--mirror", mirror.url, "--standing")[0] == 3


@pytest.mark.parametrize("online", [[], ["--online"]])
def test_show_of_a_pdf(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    tree: Path,
    key: Path,
    start: Callable[..., Server],
    online: list[str],
) -> None:
    fresh = start(mirror_of(of_the_example(WITHDRAWAL), tmp_path / "fresh", tree))
    code, out, _ = run(capsys, "show", EXAMPLE, *online, "--key", key, "--mirror", fresh.url)
    assert code == 0
    assert out.startswith("SparseX: ")
    assert "https://arxiv.org/abs/2606.01751v1" in out
    assert ("WITHDRAWN" in out) is bool(online)
    assert bool(fresh.requests) is bool(online)


def test_show_of_what_it_cannot_show(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>x</title>")
    assert run(capsys, "show", page)[0] == 2
    forged = tmp_path / "forged.json"
    forged.write_text(BUNDLE_FILE.read_text().replace("SparseX", "DenseX"))
    code, out, err = run(capsys, "show", forged)
    assert (code, out) == (1, "")
    assert "error[" in err
    assert run(capsys, "show", "--offline", "2606.01751")[0] == 3
    assert run(capsys, "show", "no paper")[0] == 2
