"""`pithtex resolve` where all goes well: every kind of name, versions, mirrors, bundles, hints."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pithtex
from pithtex.resolution.export import export_tree, manifest
from pithtex.resolution.store.store import Store, document_bytes
from pithtex.resolution.store.upkeep import import_document
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES
from tests.kit.command_line import run, run_json
from tests.resolution import server as faults
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.machines import on_a_terminal
from tests.resolution.server import Server, as_bytes, environment

FULL = f"pith:2026:{NUMBER}"
Start = Callable[..., Server]


@pytest.fixture
def own_key(tmp_path: Path) -> Path:
    path = tmp_path / "own.keys"
    path.write_text(f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n")
    return path


def mirror_of(folder: Path, *documents: dict[str, Any]) -> Path:
    """A mirror's tree of records by the tests' key."""
    keyring = signing.keyring()
    store = Store(folder / "store")
    for document in documents:
        assert import_document(store, as_bytes(document), keyring) == (True, ())
    export_tree(folder / "tree", store, keyring, name="Own")
    return folder / "tree"


def versions(*numbers: int) -> list[dict[str, Any]]:
    return [signing.record_document(canonical=signing.canonical_record(version=number)) for number in numbers]


@pytest.mark.parametrize(
    "name",
    [
        FULL,
        NUMBER.lower(),
        "pith:CNPMIFD4",
        "CNPMIFD42NONUMCB",
        ARXIV,
        f"arXiv:{ARXIV}v1",
        f"10.48550/ARXIV.{ARXIV}",
        f"https://arxiv.org/abs/{ARXIV}",
        f"https://www.pith.science/pith/{NUMBER}/bundle.json",
    ],
)
def test_every_kind_of_name(capsys: pytest.CaptureFixture[str], mirror: Server, name: str) -> None:
    code, document = run_json(capsys, "resolve", name, "--mirror", mirror.url)
    (result,) = document["results"]
    assert (code, result["findings"]) == (0, [])
    assert (result["number"], result["source"], result["others"]) == (FULL, f"arXiv:{ARXIV}v1", [])
    assert result["origin"] == f"Seeds ({mirror.url})"
    code, document = run_json(capsys, "resolve", name, "--mirror", mirror.url)
    assert (code, document["results"][0]["origin"]) == (0, "the store")


def test_a_number_in_the_store_asks_nobody(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    assert run(capsys, "resolve", NUMBER, "--mirror", mirror.url)[0] == 0
    asked = len(mirror.paths())
    assert run(capsys, "resolve", FULL, f"{ARXIV}v1", "--mirror", mirror.url)[0] == 0
    assert len(mirror.paths()) == asked


def test_the_file_it_writes(capsys: pytest.CaptureFixture[str], mirror: Server, tmp_path: Path) -> None:
    """Proven things alone, the same bytes from a mirror and from the store, and `verify` finds nothing amiss."""
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    for path in (one, two):
        code, out, err = run(capsys, "resolve", ARXIV, "-o", path, "--mirror", mirror.url)
        assert (code, err) == (0, "")
        assert f"wrote {path}" in out
    assert one.read_bytes() == two.read_bytes()
    assert "authors_text" not in one.read_text()
    assert run_json(capsys, "verify", one)[1]["results"][0]["findings"] == []
    code, out, _ = run(capsys, "resolve", "--color", "never", ARXIV, "--offline")
    assert out.splitlines()[0].startswith(f"{FULL}  SparseX: ")


def test_to_standard_output(capfdbinary: pytest.CaptureFixture[bytes], mirror: Server) -> None:
    from pithtex.cli.main import main

    assert main(["resolve", NUMBER, "-o", "-", "--mirror", mirror.url]) == 0
    assert json.loads(capfdbinary.readouterr().out)["pith_number"] == FULL


def test_many_at_once_from_a_list(
    capsys: pytest.CaptureFixture[str], mirror: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [json.loads(path.read_bytes())["pith_number"] for path in RECORD_FILES]
    names = "\n".join([*numbers, "", "9999.99999", "no name"]).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(names)))
    code, document = run_json(
        capsys, "resolve", "-", ARXIV, "-o", tmp_path / "out", "--jobs", "8", "--mirror", mirror.url
    )
    assert code == 2
    assert [result["number"] for result in document["results"]] == [*numbers, None, None, FULL]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        f"{number[-26:]}.json" for number in [*numbers, FULL]
    )


@pytest.mark.parametrize(
    "args",
    [
        ["--jobs", "0", NUMBER],
        ["--follow-hints", NUMBER],
        ["-o", "-", NUMBER, ARXIV],
        ["--timeout", "0", NUMBER],
        ["--timeout", "soon", NUMBER],
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    assert run(capsys, "resolve", *args)[0] == 2


def test_a_number_of_another_year(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    for _ in range(2):
        code, document = run_json(capsys, "resolve", f"pith:2025:{NUMBER}", "--mirror", mirror.url)
        assert (code, [item["name"] for item in document["results"][0]["findings"]]) == (1, ["year-mismatch"])


# --- versions and short forms ----------------------------------------------------------------------------------------


def test_the_newest_version_and_the_others(
    capsys: pytest.CaptureFixture[str], start: Start, tmp_path: Path, own_key: Path
) -> None:
    documents = versions(1, 2, 10)
    server = start(mirror_of(tmp_path / "m", *documents))
    one, two, ten = (document["pith_number"] for document in documents)
    args = ["--mirror", server.url, "--key", own_key]
    code, document = run_json(capsys, "resolve", "2603.01234", *args)
    (result,) = document["results"]
    assert (code, result["number"]) == (0, ten)
    assert {(other["version"], other["suffix"]) for other in result["others"]} == {(1, one[-26:]), (2, two[-26:])}
    code, document = run_json(capsys, "resolve", "2603.01234v2", *args)
    assert (document["results"][0]["number"], document["results"][0]["others"]) == (two, [])
    code, document = run_json(capsys, "resolve", "2603.01234v3", *args)
    assert (code, document["results"][0]["findings"][0]["name"]) == (3, "record-not-found")
    assert "also version 2" in run(capsys, "resolve", "2603.01234", *args)[1]


def test_a_newer_version_is_asked_for_and_the_store_stands_in(
    capsys: pytest.CaptureFixture[str], start: Start, tmp_path: Path, own_key: Path
) -> None:
    old, new = versions(1, 2)
    before = start(mirror_of(tmp_path / "before", old))
    after = start(mirror_of(tmp_path / "after", old, new))
    assert run(capsys, "resolve", "2603.01234", "--mirror", before.url, "--key", own_key)[0] == 0
    before.faults["/arxiv/2603.01234.json"] = faults.status(500)
    code, document = run_json(capsys, "resolve", "2603.01234", "--mirror", before.url, "--key", own_key)
    assert (code, document["results"][0]["number"]) == (0, old["pith_number"])
    assert [item["name"] for item in document["results"][0]["findings"]] == ["newest-not-asked", "mirror-error"]
    code, document = run_json(capsys, "resolve", "2603.01234", "--mirror", after.url, "--key", own_key)
    assert (code, document["results"][0]["number"]) == (0, new["pith_number"])
    code, document = run_json(capsys, "resolve", "2603.01234", "--offline", "--key", own_key)
    assert (document["results"][0]["number"], document["results"][0]["findings"]) == (new["pith_number"], [])
    assert [other["suffix"] for other in document["results"][0]["others"]] == [old["pith_number"][-26:]]


def test_an_unknown_key_is_no_forgery(
    capsys: pytest.CaptureFixture[str], start: Start, tmp_path: Path, own_key: Path
) -> None:
    """What is in the store by a key that is no longer trusted is not given; nor is it damaged."""
    (document,) = versions(1)
    server = start(mirror_of(tmp_path / "m", document))
    number = document["pith_number"]
    assert run(capsys, "resolve", number, "--mirror", server.url, "--key", own_key)[0] == 0
    code, report = run_json(capsys, "resolve", number, "--offline")
    assert (code, report["results"][0]["findings"][0]["name"]) == (3, "unknown-key")
    assert run(capsys, "store", "verify")[0] == 3
    assert run(capsys, "store", "prune")[0] == 0
    assert run(capsys, "resolve", number, "--offline", "--key", own_key)[0] == 0


# --- mirrors ---------------------------------------------------------------------------------------------------------


def test_where_mirrors_are_named(
    capsys: pytest.CaptureFixture[str], start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--mirror, then PITHTEX_MIRRORS, then mirrors.json; a manifest by address or as a file."""
    option, variable, configured = start(), start(), start()
    folder = tmp_path / "configuration"
    folder.mkdir()
    (folder / "mirrors.json").write_bytes(document_bytes(manifest("Mine", configured.url)))
    assert run(capsys, "resolve", ARXIV)[0] == 0
    assert configured.paths()
    assert run(capsys, "store", "prune")[0] == 0
    monkeypatch.setenv("PITHTEX_MIRRORS", f"{variable.url}pith-mirrors.json {configured.url}")
    assert run(capsys, "resolve", ARXIV)[0] == 0
    assert "/pith-mirrors.json" in variable.paths()
    before = len(variable.paths())
    assert run(capsys, "resolve", ARXIV, "--mirror", option.url)[0] == 0
    assert option.paths()
    assert len(variable.paths()) == before


def test_the_manifest_of_the_registry() -> None:
    """The real one, as it was published."""
    from pithtex.resolution.mirrors.manifest import REGISTRY, parse_manifest

    published = json.loads((Path(__file__).parents[1] / "data" / "vectors" / "pith-mirrors.json").read_bytes())
    (mirror,) = parse_manifest(as_bytes(published), "https://pith.science/pith-mirrors.json")
    assert mirror.bundle_urls(NUMBER) == REGISTRY.bundle_urls(NUMBER)
    assert (mirror.name, mirror.named) == ("Pith Resolver", {"https://pith.science:443"})


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"manifest_type": "x"}, "manifest_type"),
        ({"manifest_version": "2.0"}, "manifest_type"),
        ({"mirrors": {}}, "mirrors"),
        ({"mirrors": [{}]}, "mirrors[0]"),
        ({"mirrors": [{}] * 33}, "mirrors"),
    ],
)
def test_a_manifest_that_is_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, change: dict[str, Any], where: str
) -> None:
    path = tmp_path / "mine.json"
    path.write_bytes(as_bytes({**manifest("Mine", "https://localhost:1/"), **change}))
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", path)
    (finding,) = document["results"][0]["findings"]
    assert (code, finding["name"]) == (2, "malformed-manifest")
    assert where in finding["where"]


@pytest.mark.parametrize(
    "pattern",
    [
        "http://mirror.example/{suffix}",
        "https://localhost/none",
        "https://localhost/{suffix}/{other}",
        "file:///{suffix}",
    ],
)
def test_a_pattern_that_is_none(capsys: pytest.CaptureFixture[str], tmp_path: Path, pattern: str) -> None:
    document = manifest("Mine", "https://localhost:1/")
    document["mirrors"][0]["bundle_pattern"] = pattern
    (tmp_path / "mine.json").write_bytes(as_bytes(document))
    assert run(capsys, "resolve", NUMBER, "--mirror", tmp_path / "mine.json")[0] == 2


def test_a_manifest_from_afar_names_no_private_mirror(
    capsys: pytest.CaptureFixture[str], start: Start, own_home: Path
) -> None:
    """The user named one host. What its manifest says of others is its word, not the user's."""
    named, other = start(), start()
    named.faults["/pith-mirrors.json"] = faults.body(document_bytes(manifest("Trap", other.url)))
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", named.url)
    assert (code, document["results"][0]["findings"][0]["name"]) == (3, "private-address")
    assert other.paths() == []
    assert not (own_home / "records").exists()


def test_what_has_not_changed_is_not_sent_again(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    for _ in range(3):
        assert run(capsys, "resolve", ARXIV, "--mirror", mirror.url)[0] == 0
    asked = [headers.get("If-None-Match") for path, headers in mirror.requests if path == f"/arxiv/{ARXIV}.json"]
    assert asked[0] is None
    assert asked[1] == asked[2] != None  # noqa: E711 - a chain on purpose


def test_a_lie_does_not_stay_in_the_cache(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    """A host that says its rubbish is good for a year is asked again all the same."""
    year = {"Cache_Control": "max-age=31536000", "ETag": '"x"'}
    mirror.faults[f"/arxiv/{ARXIV}.json"] = faults.body(b"<html>", **year)
    assert run(capsys, "resolve", ARXIV, "--mirror", mirror.url)[0] == 3
    mirror.faults.clear()
    assert run(capsys, "resolve", ARXIV, "--mirror", mirror.url)[0] == 0


def test_redirects_that_are_fine(capsys: pytest.CaptureFixture[str], mirror: Server, tree: Path) -> None:
    mirror.faults[f"/pith/{NUMBER}.json"] = faults.redirect("/elsewhere/1", 308)
    mirror.faults["/elsewhere/1"] = faults.redirect(f"{mirror.url}elsewhere/2", 302)
    mirror.faults["/elsewhere/2"] = faults.body((tree / "pith" / f"{NUMBER}.json").read_bytes())
    assert run(capsys, "resolve", NUMBER, "--mirror", mirror.url)[0] == 0


def test_what_is_sent_of_the_user(
    capsys: pytest.CaptureFixture[str], mirror: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name and a version; no credentials, though .netrc has some for this very host; no cookies."""
    (tmp_path / ".netrc").write_text("machine localhost login me password secret\ndefault login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    record = f"/pith/{NUMBER}.json"
    mirror.faults["/pith-mirrors.json"] = faults.status(404, Set_Cookie="a=b")
    assert run(capsys, "resolve", NUMBER, "--mirror", mirror.url)[0] == 0
    assert [path for path, _ in mirror.requests] == ["/pith-mirrors.json", record]
    for _, headers in mirror.requests:
        assert headers["User-Agent"] == f"pithtex/{pithtex.__version__}"
        assert not {"Authorization", "Cookie", "Referer"} & set(headers)


@pytest.mark.parametrize(("count", "shown"), [(1, "asking mirrors ..."), (3, " records")])
def test_a_wait_is_seen_on_a_terminal_alone(
    mirror: Server, tree: Path, tmp_path: Path, ca_file: Path, count: int, shown: str
) -> None:
    names = [json.loads(path.read_bytes())["pith_number"] for path in RECORD_FILES[:count]]
    for index, name in enumerate(names):
        path = f"pith/{name[-26:]}.json"
        mirror.faults[f"/{path}"] = faults.pause(2.0 + index, (tree / path).read_bytes())
    command = [sys.executable, "-m", "pithtex", "resolve", *names, "--mirror", mirror.url]
    quiet = subprocess.run(command, env=environment(tmp_path / "a", ca_file), capture_output=True, check=False)
    assert (quiet.returncode, quiet.stderr) == (0, b"")
    code, out = on_a_terminal(command, environment(tmp_path / "b", ca_file), [])
    assert code == 0
    assert shown in out


# --- bundles ---------------------------------------------------------------------------------------------------------


def old_bundle() -> dict[str, Any]:
    """The real bundle as it was before its second event: unsigned, as a mirror that merges would send it."""
    document = json.loads(BUNDLE_FILE.read_bytes())
    for key in ("bundle_signature", "state"):
        del document[key]
    document["events"] = [event for event in document["events"] if event["event_type"] == "record_created"]
    return document


def test_a_valid_record_with_an_old_bundle(capsys: pytest.CaptureFixture[str], start: Start, tmp_path: Path) -> None:
    """Two mirrors, of which one has less: said, and made up for by the other."""
    old, new = start(), start()
    old.faults[f"/pith/{NUMBER}/bundle.json"] = faults.body(as_bytes(old_bundle()))
    args = ["--mirror", old.url, "--mirror", new.url, "-o", tmp_path / "b.json"]
    code, document = run_json(capsys, "resolve", "--bundle", ARXIV, *args)
    (result,) = document["results"]
    assert code == 0
    assert [(item["name"], item["severity"]) for item in result["findings"]] == [("bundle-lacks-events", "note")]
    event = next(e for e in json.loads(BUNDLE_FILE.read_bytes())["events"] if e["event_type"] == "graph_snapshot")
    assert result["lacked"] == {f"Seeds ({old.url})": [event["event_id"]], f"Seeds ({new.url})": []}
    assert json.loads((tmp_path / "b.json").read_bytes()) == json.loads(BUNDLE_FILE.read_bytes())
    assert run(capsys, "verify", tmp_path / "b.json")[0] == 0


def test_a_bundle_is_there_offline(capsys: pytest.CaptureFixture[str], mirror: Server, tmp_path: Path) -> None:
    assert run(capsys, "resolve", "--bundle", ARXIV, "--mirror", mirror.url)[0] == 0
    code, document = run_json(capsys, "resolve", "--bundle", ARXIV, "--offline")
    (result,) = document["results"]
    assert (code, result["bundle"]) == (0, json.loads(BUNDLE_FILE.read_bytes()))
    assert "unsigned" not in str(result["findings"])


def test_no_bundle_anywhere(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    number = json.loads(RECORD_FILES[0].read_bytes())["pith_number"]
    code, document = run_json(capsys, "resolve", "--bundle", number, "--mirror", mirror.url)
    assert (code, document["results"][0]["findings"][0]["name"]) == (3, "record-not-found")


def test_hints_are_shown_and_followed_only_when_asked(
    capsys: pytest.CaptureFixture[str], start: Start, own_home: Path
) -> None:
    """An unsigned bundle hints at a private host: shown, and refused by the same rules as everything."""
    first, other = start(), start()
    document = old_bundle()
    document["mirror_hints"] = [{"bundle_url": f"{other.url}pith/{NUMBER}/bundle.json"}, {"bundle_url": 7}, 8]
    first.faults[f"/pith/{NUMBER}/bundle.json"] = faults.body(as_bytes(document))
    code, report = run_json(capsys, "resolve", "--bundle", ARXIV, "--mirror", first.url)
    assert (code, report["results"][0]["hints"]) == (0, [f"{other.url}pith/{NUMBER}/bundle.json"])
    assert other.paths() == []
    code, report = run_json(capsys, "resolve", "--bundle", "--follow-hints", ARXIV, "--mirror", first.url)
    assert (code, [item["name"] for item in report["results"][0]["findings"]]) == (0, ["private-address"])
    assert other.paths() == []


# --- mirror export ---------------------------------------------------------------------------------------------------


def test_export_by_the_command(
    capsys: pytest.CaptureFixture[str], mirror: Server, start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mirror of a mirror gives the same records, at an address of its own."""
    numbers = [json.loads(path.read_bytes())["pith_number"] for path in RECORD_FILES]
    assert run(capsys, "resolve", *numbers, "--mirror", mirror.url)[0] == 0
    assert run(capsys, "resolve", "--bundle", NUMBER, "--mirror", mirror.url)[0] == 0
    folder = tmp_path / "public"
    server = start(folder)
    code, out, _ = run(capsys, "mirror", "export", folder, "--base-url", server.url, "--name", "Second")
    assert (code, out) == (0, f"wrote 4 records and 1 bundles to {folder}\n")
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "another"))
    code, document = run_json(capsys, "resolve", *numbers, ARXIV, "pith:CNPMIFD4", "--mirror", server.url)
    assert code == 0
    assert {result["origin"] for result in document["results"]} <= {f"Second ({server.url})", "the store"}
    state = json.loads((folder / "pith" / NUMBER / "state.json").read_bytes())
    assert state == json.loads(BUNDLE_FILE.read_bytes())["state"]


def test_an_export_is_tried_with_what_python_has(
    capsys: pytest.CaptureFixture[str], mirror: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the help of `mirror export` says, with the address that it says."""
    assert run(capsys, "resolve", "--bundle", ARXIV, "--mirror", mirror.url)[0] == 0
    assert run(capsys, "mirror", "export", tmp_path / "public")[0] == 0
    monkeypatch.setenv("PITHTEX_HOME", str(tmp_path / "another"))
    command = [sys.executable, "-u", "-m", "http.server", "-d", tmp_path / "public", "--bind", "127.0.0.1", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        found = re.search(r"port ([0-9]+)", server.stdout.readline())
        assert found is not None
        for name in (ARXIV, "pith:CNPMIFD4", NUMBER):
            code, document = run_json(capsys, "resolve", name, "--mirror", f"http://127.0.0.1:{found[1]}/")
            assert (code, document["results"][0]["findings"]) == (0, [])
        assert document["results"][0]["origin"] == "the store"
        server.terminate()


def test_export_of_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, "mirror", "export", tmp_path / "public")
    assert (code, "the store is empty" in err) == (0, True)
    assert run(capsys, "mirror", "export", tmp_path / "public", "--base-url", "http://x/")[0] == 2
    shutil.rmtree(tmp_path / "public")
    (tmp_path / "public").touch()
    assert run(capsys, "mirror", "export", tmp_path / "public")[0] == 2


# --- check --online --------------------------------------------------------------------------------------------------


def test_check_online(capsys: pytest.CaptureFixture[str], mirror: Server, tmp_path: Path) -> None:
    """A PDF whose receipts were lost: unverified by itself, valid with its record looked up."""
    import pikepdf

    path = tmp_path / "bare.pdf"
    with pikepdf.open(Path(__file__).parents[2] / "examples" / "sparsex" / "main.pdf") as pdf:
        del pdf.Root["/Metadata"]
        del pdf.docinfo["/PithReceipt"]
        for annotation in pdf.pages[0]["/Annots"]:
            if annotation.get("/NM") == "pith-badge-1":
                annotation.A.URI = pikepdf.String(f"https://pith.science/pith/{NUMBER}")
        pdf.save(path)
    assert run_json(capsys, "check", path)[1]["results"][0]["verdict"] == "unverified"
    assert run_json(capsys, "check", path, "--mirror", mirror.url)[1]["results"][0]["verdict"] == "unverified"
    assert mirror.paths() == []
    code, document = run_json(capsys, "check", path, "--online", "--mirror", mirror.url)
    assert (code, document["results"][0]["verdict"]) == (0, "valid")
    assert run(capsys, "check", path, "--online", "--offline")[0] == 0
    mirror.faults[f"/pith/{NUMBER}.json"] = faults.status(500)
    shutil.rmtree(tmp_path / "home")
    code, document = run_json(capsys, "check", path, "--online", "--mirror", mirror.url)
    assert (code, document["results"][0]["verdict"]) == (3, "unverified")
    assert "mirror-error" in [item["name"] for item in document["results"][0]["findings"]]
