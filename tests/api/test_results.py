"""What every result has in common: hashable, short in an interpreter, escaped in a notebook, the command's JSON."""

from __future__ import annotations

import html.parser
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pithtex
from tests import signing
from tests.api.kit import PAPER, REPORT, RESULTS
from tests.conftest import BUNDLE_FILE
from tests.kit.command_line import EXAMPLE, RECORD, run_json

HOSTILE = 'A <script>alert("x")</script> title & \x1b[31m more'


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("make", RESULTS.values(), ids=RESULTS)
def test_results_are_hashable_and_equal_to_themselves_made_again(make: Callable[[], Any]) -> None:
    one, other = make(), make()
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other}) == 1


@pytest.mark.usefixtures("stored")
def test_the_parts_of_a_resolved_name_are_hashable() -> None:
    one, other = (pithtex.resolve("2606.01751", offline=True, bundle=True) for _ in range(2))
    assert one.resolution.inquiry is not None
    assert hash(one.resolution) == hash(other.resolution)
    assert len({one.collected, other.collected}) == 1


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("make", RESULTS.values(), ids=RESULTS)
def test_a_repr_is_one_short_line(make: Callable[[], Any]) -> None:
    shown = repr(make())
    assert len(shown) < 700
    assert shown.isprintable()


class _Reader(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)


NAMED = [name for name in RESULTS if name not in {"default_keyring", "PithNumber"}]


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("name", NAMED)
def test_a_notebook_shows_a_table_or_a_picture(name: str) -> None:
    reader = _Reader()
    reader.feed(RESULTS[name]()._repr_html_())
    assert reader.tags in ({"table", "caption", "tr", "th", "td"}, {"table", "caption"}, {"img"})


def test_what_a_title_holds_is_text_in_a_notebook() -> None:
    document = signing.record_document(HOSTILE)
    verified = pithtex.verify(pithtex.load_record(document), signing.keyring())
    results = [verified, verified.record, pithtex.badge(verified, "svg"), pithtex.badge(verified, "html")]
    results += [pithtex.examine(document, signing.keyring()), pithtex.generate(verified)]
    for result in results:
        reader = _Reader()
        shown = result._repr_html_()
        reader.feed(shown)
        assert "script" not in reader.tags
        assert "\x1b" not in shown
        assert "\x1b" not in repr(result)


# --- to_dict is the command's JSON -----------------------------------------------------------------------------------


def command(capsys: pytest.CaptureFixture[str], *args: str | Path, without: str = "file") -> dict[str, Any]:
    """The one result of a command, but for the key that names its input."""
    _, document = run_json(capsys, *args)
    (result,) = document["results"]
    result.pop(without, None)
    return result  # type: ignore[no-any-return]


def as_json(document: dict[str, object]) -> Any:
    return json.loads(json.dumps(document))


@pytest.mark.parametrize("file", [Path(RECORD), BUNDLE_FILE, REPORT], ids=lambda path: path.stem)
def test_examine_and_verify(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert as_json(pithtex.examine(file).to_dict()) == command(capsys, "verify", file)


def test_examine_and_verify_of_a_record_that_is_wrong(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    document = json.loads(Path(RECORD).read_bytes())
    document["paper"]["title"] += " changed"
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(document))
    assert as_json(pithtex.examine(path).to_dict()) == command(capsys, "verify", path)


def test_check_pdf_and_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(pithtex.check_pdf(EXAMPLE).to_dict()) == command(capsys, "check", EXAMPLE)


@pytest.mark.parametrize("name", ["md", "svg", "qr-png"])
def test_badge(capsys: pytest.CaptureFixture[str], name: str) -> None:
    made = pithtex.badge(pithtex.verify(pithtex.load_bundle(BUNDLE_FILE.read_bytes())), name)
    assert as_json(made.to_dict()) == command(capsys, "badge", BUNDLE_FILE, "--format", name)
    assert bytes(made) == made.content


def test_generate(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made = pithtex.generate(pithtex.verify(pithtex.load_bundle(BUNDLE_FILE.read_bytes())))
    assert as_json(made.to_dict(folder=str(tmp_path))) == command(capsys, "generate", BUNDLE_FILE, "-o", tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in made} == dict(made)


def test_decode(capsys: pytest.CaptureFixture[str]) -> None:
    link = pithtex.badge(pithtex.verify(pithtex.load_bundle(BUNDLE_FILE.read_bytes())), "svg").statement.link
    (found,) = pithtex.decode(link)
    assert as_json(found.to_dict()) == command(capsys, "decode", link, without="input")


@pytest.mark.usefixtures("stored")
def test_decode_with_the_standing_by_the_store(capsys: pytest.CaptureFixture[str]) -> None:
    """The command asks the store; from Python, `resolve` does."""
    verified = pithtex.verify(pithtex.load_bundle(BUNDLE_FILE.read_bytes()))
    (found,) = pithtex.decode(pithtex.badge(verified, "svg").statement.link)
    assert found.record is not None
    standing = pithtex.resolve(found.record.number.full, offline=True).standing
    assert standing.known
    assert as_json(found.to_dict(standing)) == command(capsys, "decode", found.text, without="input")


def test_presubmit(capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(pithtex.presubmit(PAPER).to_dict()) == command(capsys, "presubmit", PAPER, without="")


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize("options", [(), ("--bundle",)])
def test_resolve(capsys: pytest.CaptureFixture[str], options: tuple[str, ...]) -> None:
    found = as_json(pithtex.resolve("2606.01751", offline=True, bundle=bool(options)).to_dict())
    expected = command(capsys, "resolve", "2606.01751", "--offline", *options, without="")
    for document in (found, expected):  # when the store was asked
        (document["asked"] or {}).pop("at", None)
    assert found == expected


def test_standing(capsys: pytest.CaptureFixture[str]) -> None:
    said = pithtex.standing(pithtex.load_bundle(BUNDLE_FILE.read_bytes()))
    assert as_json(said.to_dict()) == command(capsys, "verify", BUNDLE_FILE)["standing"]


def test_merge(capsys: pytest.CaptureFixture[str]) -> None:
    state = pithtex.merge([pithtex.load_bundle(BUNDLE_FILE.read_bytes())]).to_dict()
    _, document = run_json(capsys, "verify", BUNDLE_FILE, BUNDLE_FILE, "--merge")
    told = {name: value for name, value in document["results"][-1].items() if name.endswith(("_count", "_sha256"))}
    assert told == {name: state[name] for name in told}
    assert len(told) == 5
