"""Resolution that no single mirror can bend: its word is a claim, held to what verifies, charged to it by name."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pithtex.limits import MAX_UNPROVEN
from pithtex.resolution.inquiry import Inquiry
from pithtex.resolution.store.memory import last_inquiry, note_inquiry, seen_events
from pithtex.resolution.store.store import Store
from tests import signing
from tests.conftest import BUNDLE_FILE
from tests.kit.command_line import run, run_json
from tests.resolution import server as faults
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.server import Server, as_bytes
from tests.resolution.test_resolve import mirror_of, old_bundle, versions
from tests.verification import bundles

PAPER = "2603.01234"
INDEX = f"/arxiv/{PAPER}.json"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
Start = Callable[..., Server]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "own.keys"
    path.write_text(f"{signing.TEST_KEY_ID} {bytes(signing.TEST_KEY.verify_key).hex()}\n")
    return path


@pytest.fixture
def of(start: Start, tmp_path: Path) -> Callable[..., Server]:
    """A mirror that honestly has these records."""

    def make(*documents: dict[str, Any]) -> Server:
        return start(mirror_of(tmp_path / f"m{len(list(tmp_path.iterdir()))}", *documents))

    return make


def index(*entries: tuple[str, int], **more: Any) -> faults.Answer:
    records = [{"pith_number": number, "version": version} for number, version in entries]
    document = {"index_type": "pith_mirror_index", "index_version": "1.0", "records": records, **more}
    return faults.body(as_bytes(document))


def made_up(count: int, start: str = "") -> list[str]:
    dice = random.Random(count)
    return [start + "".join(dice.choice(ALPHABET) for _ in range(26 - len(start))) for _ in range(count)]


def resolved(
    capsys: pytest.CaptureFixture[str], key: Path, *mirrors: Server, name: str = PAPER
) -> tuple[int, dict[str, Any], list[str]]:
    options = [part for mirror in mirrors for part in ("--mirror", mirror.url)]
    code, document = run_json(capsys, "resolve", name, *options, "--key", str(key))
    (result,) = document["results"]
    return code, result, [item["name"] for item in result["findings"]]


def charged(result: dict[str, Any], mirror: Server) -> list[str]:
    """The names of what is charged to a mirror."""
    (answer,) = (item for item in result["asked"]["mirrors"] if str(mirror.port) in item["mirror"])
    return [item["name"] for item in answer["findings"]]


# --- made up ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["lying", "honest"])
def test_made_up_numbers_hide_nothing(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path, first: str
) -> None:
    (document,) = versions(1)
    honest, lying = of(document), of()
    names = made_up(50)
    lying.faults[INDEX] = index(*((f"pith:2026:{name}", 3 + place) for place, name in enumerate(names)))
    mirrors = [lying, honest] if first == "lying" else [honest, lying]
    code, result, found = resolved(capsys, key, *mirrors)
    assert (code, result["number"], result["others"]) == (0, document["pith_number"], [])
    assert set(found) == {"claim-unproven"}
    assert (charged(result, honest), len(charged(result, lying))) == ([], MAX_UNPROVEN + 1)
    assert all(item["severity"] == "warning" for item in result["findings"])
    assert len([path for path in lying.paths() if path.startswith("/pith/")]) <= 3 * MAX_UNPROVEN
    assert len([path for path in honest.paths() if document["pith_number"][-26:] not in path]) <= 4 * MAX_UNPROVEN
    out = run(capsys, "resolve", PAPER, "--mirror", lying.url, "--mirror", honest.url, "--key", key)
    assert "Own names" in out[2]
    assert "2 mirrors asked, 2 answered" in out[1]


def test_made_up_numbers_alone(capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path) -> None:
    """Nobody asked for the number that was made up, so it is the paper that is not found."""
    lying = of()
    lying.faults[INDEX] = index((f"pith:2026:{made_up(1)[0]}", 1))
    code, result, found = resolved(capsys, key, lying)
    assert (code, result["number"], found) == (3, None, ["record-not-found", "claim-unproven"])
    assert PAPER in result["findings"][0]["message"]
    assert "1 mirror asked, 1 answered" in result["findings"][0]["message"]


def test_a_made_up_number_makes_no_short_form_ambiguous(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    (document,) = versions(1)
    suffix = document["pith_number"][-26:]
    honest, lying = of(document), of()
    path = f"/short/{suffix[:8]}.json"
    lying.faults[path] = index(*((f"pith:2026:{name}", 1) for name in made_up(3, suffix[:8])))
    for _ in range(2):
        code, result, found = resolved(capsys, key, lying, honest, name=suffix[:8])
        assert (code, result["number"], set(found)) == (0, document["pith_number"], {"claim-unproven"})


COLLISION = (("2603.13176", 36), ("2603.07703", 78))
"""Two papers and versions whose numbers begin alike, found by trying."""


def twins() -> list[dict[str, Any]]:
    return [signing.record_document(canonical=signing.canonical_record(id=i, version=v)) for i, v in COLLISION]


def test_a_short_form_of_two_records_is_ambiguous(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    one, two = twins()
    suffixes = {item["pith_number"][-26:] for item in (one, two)}
    (short,) = {suffix[:8] for suffix in suffixes}
    first, second = of(one), of(two)
    code, result, found = resolved(capsys, key, first, second, name=short)
    assert (code, found) == (3, ["ambiguous-short-form"])
    assert all(suffix in result["findings"][0]["message"] for suffix in suffixes)
    code, document = run_json(capsys, "resolve", short, "--offline", "--key", str(key))
    assert (code, document["results"][0]["findings"][0]["name"]) == (3, "ambiguous-short-form")
    code, result, _ = resolved(capsys, key, first, name=one["pith_number"][-26:][:12])
    assert (code, result["number"]) == (0, one["pith_number"])


def test_a_record_that_is_forged(capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path) -> None:
    """A mirror names a version 2 and sends what its own key signed: version 1 is given, and the forger is named."""
    old, new = versions(1, 2)
    forged = {**new, "receipt": signing.record_document(key=signing.OTHER_KEY)["receipt"]}
    honest, lying = of(old), of()
    suffix = new["pith_number"][-26:]
    lying.faults[INDEX] = index((new["pith_number"], 2))
    lying.faults[f"/pith/{suffix}.json"] = faults.body(as_bytes(forged))
    code, result, _ = resolved(capsys, key, lying, honest)
    assert (code, result["number"]) == (0, old["pith_number"])
    assert (charged(result, lying), charged(result, honest)) == (["reply-unverified"], [])
    code, result, found = resolved(capsys, key, lying, name="2603.01234v2")
    assert (code, found) == (1, ["reply-unverified"])


def test_what_a_key_not_trusted_signed(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    (old,) = versions(1)
    canonical = signing.canonical_record(version=2)
    new = signing.record_document(canonical=canonical, key=signing.OTHER_KEY, key_id="other-key")
    honest, other = of(old), of()
    suffix = new["pith_number"][-26:]
    other.faults[INDEX] = index((new["pith_number"], 2))
    other.faults[f"/pith/{suffix}.json"] = faults.body(as_bytes(new))
    code, result, _ = resolved(capsys, key, honest, other)
    assert (code, result["number"]) == (0, old["pith_number"])
    assert charged(result, other) == ["unknown-key"]


# --- old, and of another ---------------------------------------------------------------------------------------------


def test_a_stale_mirror_hides_no_version(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    old, new = versions(1, 2)
    stale, fresh = of(old), of(old, new)
    for mirrors in ((stale, fresh), (fresh, stale)):
        code, result, found = resolved(capsys, key, *mirrors)
        assert (code, result["number"], found) == (0, new["pith_number"], ["mirror-behind"])
        assert charged(result, stale) == ["mirror-behind"]
        assert [other["version"] for other in result["others"]] == [1]


def test_a_mirror_behind_what_is_known_here(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    old, new = versions(1, 2)
    stale, fresh = of(old), of(old, new)
    assert resolved(capsys, key, fresh)[0] == 0
    code, result, found = resolved(capsys, key, stale)
    assert (code, result["number"], found) == (0, new["pith_number"], ["mirror-behind"])


def test_an_old_record_under_a_new_version(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    """Version 1 is genuine, and no version 99: what counts is what was signed."""
    old, new = versions(1, 2)
    lying, honest = of(old), of(new)
    lying.faults[INDEX] = index((old["pith_number"], 99))
    code, result, _ = resolved(capsys, key, lying, honest)
    assert (code, result["number"], result["others"][0]["version"]) == (0, new["pith_number"], 1)
    assert "claim-unproven" in charged(result, lying)


def test_a_genuine_record_of_another_paper(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    (document,) = versions(1)
    other = signing.record_document(canonical=signing.canonical_record(id="2603.09999", version=7))
    lying, honest = of(other), of(document)
    for entry in (index((other["pith_number"], 7)), faults.body(as_bytes(other))):
        lying.faults[INDEX] = entry
        code, result, _ = resolved(capsys, key, lying, honest)
        assert (code, result["number"], result["others"]) == (0, document["pith_number"], [])
        assert charged(result, lying) == ["reply-of-another"]
    code, result, found = resolved(capsys, key, lying, name="2603.01234v3")
    assert (code, result["number"], found) == (1, None, ["reply-of-another"])


def test_two_records_of_one_version(capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path) -> None:
    """Mirrors that disagree on what a paper's record is, both genuine: the order of the mirrors decides nothing."""
    canonicals = (signing.canonical_record(), signing.canonical_record(submitted_at="2026-03-05T00:00:00Z"))
    one, two = (signing.record_document(canonical=canonical) for canonical in canonicals)
    first, second = of(one), of(two)
    for mirrors in ((first, second), (second, first)):
        code, result, _ = resolved(capsys, key, *mirrors)
        assert (code, result["number"]) == (0, two["pith_number"])
        assert [other["suffix"] for other in result["others"]] == [one["pith_number"][-26:]]


def test_what_one_mirror_names_and_another_has(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    """Half a copy is charged for what it lacks, and its word still leads to the record."""
    old, new = versions(1, 2)
    half, stale = of(old, new), of(old, new)
    suffix = new["pith_number"][-26:]
    half.faults[f"/pith/{suffix}.json"] = faults.status(404)
    stale.faults[INDEX] = index((old["pith_number"], 1))
    code, result, _ = resolved(capsys, key, half, stale)
    assert (code, result["number"]) == (0, new["pith_number"])
    assert str(stale.port) in result["origin"]
    assert "claim-unproven" in charged(result, half)


# --- too much, too slow, not at all ----------------------------------------------------------------------------------


HARMS = {
    "a million entries": faults.body(
        b'{"index_type":"pith_mirror_index","records":['
        + b",".join(b'{"pith_number":"pith:2026:%s","version":%d}' % (b"A" * 26, n) for n in range(1, 1_000_001))
        + b"]}"
    ),
    "gzip bomb": faults.gzip_bomb,
    "without end": faults.oversized,
    "deep": faults.body(b"[" * 100_000),
    "no version": faults.body(as_bytes({"index_type": "pith_mirror_index", "records": [{"pith_number": NUMBER}]})),
    "a page": faults.html,
    "a redirect inside": faults.redirect("https://169.254.169.254/x"),
    "a circle": faults.redirect(INDEX),
    "no status": faults.raw(b"HTTP/1.1 \r\n\r\n"),
    "down": faults.status(500),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_mirror_that_does_harm(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path, harm: str
) -> None:
    (document,) = versions(1)
    bad, honest = of(), of(document)
    bad.faults[INDEX] = HARMS[harm]
    code, result, found = resolved(capsys, key, bad, honest)
    assert (code, result["number"]) == (0, document["pith_number"])
    assert (result["asked"]["asked"], result["asked"]["answered"]) == (2, 1)
    assert (charged(result, bad), charged(result, honest)) == (found, [])
    assert len(found) == 1


def test_many_entries_that_can_be_read(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    """An index of 50,000 numbers that exist nowhere, beside the one that does: bounded, and the true one is found."""
    (document,) = versions(1)
    bad = of(document)
    entries = [(f"pith:2026:{name}", 2) for name in made_up(50_000)]
    bad.faults[INDEX] = index(*entries, (document["pith_number"], 1))
    honest = of(document)
    began = time.process_time()
    code, result, _ = resolved(capsys, key, bad, honest)
    assert (code, result["number"]) == (0, document["pith_number"])
    assert time.process_time() - began < 15
    assert len(bad.paths()) < 6 * MAX_UNPROVEN


def test_slow_mirrors_are_waited_for_together(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path
) -> None:
    old, new = versions(1, 2)
    slow = [of(old), of(old), of(old, new)]
    for path in ("/pith-mirrors.json", INDEX):
        answer = faults.together(len(slow))
        for mirror in slow:
            mirror.faults[path] = answer((mirror.tree / path[1:]).read_bytes())
    code, result, _ = resolved(capsys, key, *slow)
    assert (code, result["number"], result["asked"]["answered"]) == (0, new["pith_number"], len(slow))


def test_who_did_not_answer_is_told(capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path) -> None:
    (document,) = versions(1)
    down, up = of(), of(document)
    down.faults[INDEX] = faults.status(500)
    code, out, err = run(capsys, "resolve", PAPER, "--mirror", down.url, "--mirror", up.url, "--key", key)
    assert (code, "2 mirrors asked, 1 answered" in out, "answers 500" in err) == (0, True, True)
    code, result, found = resolved(capsys, key, down, up, name="2603.05555")
    assert (code, found) == (3, ["record-not-found"])
    assert "2 mirrors asked, 2 answered" in result["findings"][0]["message"]
    down.faults["/arxiv/2603.05555.json"] = faults.status(500)
    code, result, found = resolved(capsys, key, down, up, name="2603.05555")
    assert (code, found) == (3, ["mirror-error"])
    assert "2 mirrors asked, 1 answered" in result["findings"][0]["message"]


# --- how old ---------------------------------------------------------------------------------------------------------


def test_how_old_an_answer_is(capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path) -> None:
    """By the mirror's own word, now; by the store's, where no mirror is asked."""
    (document,) = versions(1)
    mirror = of(document)
    body = (mirror.tree / INDEX[1:]).read_bytes()
    mirror.faults[INDEX] = faults.body(body, Last_Modified="Sun, 01 Nov 2026 10:00:00 GMT")
    code, result, _ = resolved(capsys, key, mirror)
    assert (code, result["asked"]["mirrors"][0]["dated"]) == (0, "2026-11-01T10:00:00Z")
    assert result["asked"]["before"] is None
    args = ["resolve", PAPER, "--key", str(key)]
    assert (
        "1 mirror asked, 1 answered, last changed 2026-11-01 by its own word"
        in run(capsys, *args, "--mirror", mirror.url)[1]
    )
    code, out, err = run(capsys, *args, "--offline")
    assert (code, err) == (0, "")
    assert "no mirror asked; on 20" in out
    assert "1 mirror asked, 1 answered" in out
    _, document = run_json(capsys, *args, "--offline")
    assert document["results"][0]["asked"]["before"]["answered"] == 1
    mirror.faults[INDEX] = faults.body(body, Last_Modified="yesterday")
    code, result, _ = resolved(capsys, key, mirror)
    assert (code, result["asked"]["mirrors"][0]["dated"]) == (0, None)


@pytest.mark.parametrize("note", [b"", b"[]", b'{"at": "soon"}', b"\xff", b'{"at": "2026-01-01T00:00:00", "asked": 1}'])
def test_a_note_that_is_none(tmp_path: Path, note: bytes) -> None:
    store = Store(tmp_path)
    for path in (tmp_path / "asked" / "2603" / "01234.json", tmp_path / "states" / "C" / f"{NUMBER}.json"):
        path.parent.mkdir(parents=True)
        path.write_bytes(note)
    assert last_inquiry(store, PAPER) is None
    assert seen_events(store, NUMBER) is None
    note_inquiry(store, PAPER, Inquiry())
    assert last_inquiry(store, PAPER) is None


# --- bundles ---------------------------------------------------------------------------------------------------------


def test_events_that_were_seen_before_and_are_gone(
    capsys: pytest.CaptureFixture[str], start: Start, own_home: Path
) -> None:
    """The mirror takes an event back; once the store still has it, once nobody has."""
    mirror = start()
    args = ["resolve", "--bundle", ARXIV, "--mirror", mirror.url]
    assert run(capsys, *args)[0] == 0
    whole = seen_events(Store(own_home), NUMBER)
    assert whole is not None
    assert whole.state_sha256 == json.loads(BUNDLE_FILE.read_bytes())["state"]["state_sha256"]
    mirror.faults[f"/pith/{NUMBER}/bundle.json"] = faults.body(as_bytes(old_bundle()))
    code, document = run_json(capsys, *args)
    (result,) = document["results"]
    assert (code, [item["name"] for item in result["findings"]]) == (0, ["bundle-rollback"])
    assert str(mirror.port) in result["findings"][0]["message"]
    assert result["lacked"]["the store"] == []
    for path in (own_home / "bundles").rglob("*.json"):
        path.unlink()
    code, document = run_json(capsys, *args)
    (result,) = document["results"]
    assert (code, [item["name"] for item in result["findings"]]) == (0, ["bundle-rollback"])
    assert whole.state_sha256 in result["findings"][0]["message"]
    assert seen_events(Store(own_home), NUMBER) == whole


@pytest.mark.parametrize("first", [0, 1])
def test_mirrors_that_contradict_each_other(
    capsys: pytest.CaptureFixture[str], of: Callable[..., Server], key: Path, first: int
) -> None:
    """One key, two events in one place of its chain, a mirror for each: said, whichever is asked first."""
    correction = bundles.event("correction", "2026-03-07T00:00:00Z", {"text": "An erratum."})
    sides = []
    for text in ("withdrawn", "not withdrawn"):
        last = bundles.event("correction", "2026-03-09T00:00:00Z", {"text": text}, prev_event=correction["event_id"])
        mirror = of(signing.record_document())
        number = signing.record_document()["pith_number"]
        mirror.faults[f"/pith/{number[-26:]}/bundle.json"] = faults.body(bundles.bundle(correction, last))
        sides.append(mirror)
    options = [part for mirror in (sides[first], sides[1 - first]) for part in ("--mirror", mirror.url)]
    code, document = run_json(capsys, "resolve", "--bundle", PAPER, *options, "--key", str(key))
    found = [item["name"] for item in document["results"][0]["findings"]]
    assert (code, found.count("bundle-lacks-events"), found.count("equivocation")) == (0, 2, 1)
    assert {"paper-withdrawn", "standing-contradictory"} <= set(found)


def test_an_older_bundle_from_a_file(capsys: pytest.CaptureFixture[str], own_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(as_bytes(old_bundle()))
    assert run_json(capsys, "store", "import", path)[1]["results"][0]["findings"] == []
    assert run(capsys, "store", "import", BUNDLE_FILE)[0] == 0
    code, document = run_json(capsys, "store", "import", path)
    assert (code, [item["name"] for item in document["results"][0]["findings"]]) == (0, ["bundle-rollback"])


def test_several_bundles_that_come_together(capsys: pytest.CaptureFixture[str], own_home: Path, tmp_path: Path) -> None:
    """A backup holds older bundles beside newer ones, in no order."""
    path = tmp_path / "backup.jsonl"
    path.write_bytes(b"\n".join([json.dumps(json.loads(BUNDLE_FILE.read_bytes())).encode(), as_bytes(old_bundle())]))
    code, document = run_json(capsys, "store", "import", path)
    assert (code, [result["findings"] for result in document["results"]]) == (0, [[], []])


def test_an_offline_bundle_says_nothing_of_offline(
    capsys: pytest.CaptureFixture[str], mirror: Server, own_home: Path
) -> None:
    assert run(capsys, "resolve", "--bundle", ARXIV, "--mirror", mirror.url)[0] == 0
    code, document = run_json(capsys, "resolve", "--bundle", ARXIV, "--offline")
    assert (code, document["results"][0]["findings"]) == (0, [])
    for path in (own_home / "bundles").rglob("*.json"):
        path.unlink()
    code, document = run_json(capsys, "resolve", "--bundle", ARXIV, "--offline")
    assert (code, document["results"][0]["findings"][0]["name"]) == (3, "offline")


def test_slow_bundles_are_waited_for_together(capsys: pytest.CaptureFixture[str], start: Start, tree: Path) -> None:
    mirrors = [start() for _ in range(3)]
    answer = faults.together(len(mirrors))
    for mirror in mirrors:
        mirror.faults[f"/pith/{NUMBER}/bundle.json"] = answer(BUNDLE_FILE.read_bytes())
    options = [part for mirror in mirrors for part in ("--mirror", mirror.url)]
    code, document = run_json(capsys, "resolve", "--bundle", NUMBER, *options)
    assert (code, document["results"][0]["findings"]) == (0, [])
