"""Every fault of a host: its own code, one message, the right exit code, and nothing of it in the store."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from pithtex.resolution.export import manifest
from pithtex.resolution.store.store import Store
from tests import signing
from tests.conftest import BUNDLE_FILE, RECORD_FILES
from tests.kit.command_line import run, run_json
from tests.resolution import server as faults
from tests.resolution.conftest import ARXIV, NUMBER
from tests.resolution.server import Answer, Server, as_bytes, serving

RECORD_PATH = f"/pith/{NUMBER}.json"
OTHER = RECORD_FILES[0].read_bytes()
GENUINE = json.loads(RECORD_FILES[1].read_bytes())
BUNDLE = BUNDLE_FILE.read_bytes()


def forged() -> bytes:
    """A record whose title was exchanged, under the old signature."""
    document = json.loads(RECORD_FILES[0].read_bytes())
    document["canonical_record"]["metadata"]["license"] = "http://example.org/mine"
    return as_bytes(document)


def bad_signature() -> bytes:
    document = json.loads(RECORD_FILES[0].read_bytes())
    signature = bytearray(base64.b64decode(document["receipt"]["signature_b64"]))
    signature[5] ^= 1
    document["receipt"]["signature_b64"] = base64.b64encode(signature).decode()
    return as_bytes(document)


FAULTS: dict[str, tuple[Answer, str, int]] = {
    "slow loris": (faults.slow_loris(BUNDLE), "mirror-timeout", 3),
    "headers without end": (faults.slow_head, "mirror-timeout", 3),
    "silence": (faults.silent, "mirror-timeout", 3),
    "hangs up": (faults.hang_up, "mirror-unreachable", 3),
    "breaks off": (faults.truncated(BUNDLE), "reply-truncated", 3),
    "half a document": (faults.cut(BUNDLE), "reply-truncated", 3),
    "nothing": (faults.body(b""), "reply-truncated", 3),
    "states more than it sends": (faults.states_more(BUNDLE), "reply-length", 3),
    "states less than it sends": (faults.states_less(BUNDLE), "reply-truncated", 3),
    "two lengths": (faults.nonsense_length(BUNDLE), "reply-length", 3),
    "oversized": (faults.oversized, "reply-too-large", 3),
    "gzip bomb": (faults.gzip_bomb, "reply-inflated", 3),
    "not gzip": (faults.not_gzip, "reply-malformed", 3),
    "redirect loop": (faults.redirect(RECORD_PATH), "redirect-loop", 3),
    "redirect downgrade": (faults.redirect("http://localhost/x"), "redirect-refused", 3),
    "redirect to a file": (faults.redirect("file:///etc/passwd"), "redirect-refused", 3),
    "redirect with a user": (faults.redirect("https://me:secret@localhost/x"), "redirect-refused", 3),
    "redirect to loopback": (faults.redirect("https://127.0.0.1:1/x"), "private-address", 3),
    "redirect to localhost": (faults.redirect("https://localhost:1/x"), "private-address", 3),
    "redirect to metadata": (faults.redirect("https://169.254.169.254/x"), "private-address", 3),
    "304 of nothing": (faults.status(304), "reply-not-modified", 3),
    "103 and nothing": (faults.raw(b"HTTP/1.1 103 Early Hints\r\n\r\n"), "mirror-unreachable", 3),
    "103 without end": (faults.hints_for_ever, "mirror-timeout", 3),
    "101": (faults.raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), "mirror-error", 3),
    "no status": (faults.raw(b"HTTP/1.1 \r\n\r\n"), "reply-head", 3),
    "a status that is not a number": (faults.raw(b"HTTP/1.1 abc OK\r\n\r\n"), "reply-head", 3),
    "a status of five digits": (faults.raw(b"HTTP/1.1 20000 OK\r\n\r\n"), "reply-head", 3),
    "another protocol": (faults.raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "reply-head", 3),
    "HTTP/9": (faults.raw(b"HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"), "reply-head", 3),
    "a status line without end": (faults.raw(b"HTTP/1.1 200 " + b"O" * 70000), "reply-head", 3),
    "a header without end": (faults.raw(b"HTTP/1.1 200 OK\r\nX: " + b"O" * 70000), "reply-head", 3),
    "a thousand headers": (faults.raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n"), "reply-head", 3),
    "chunks that are none": (
        faults.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"),
        "reply-truncated",
        3,
    ),
    "429 until soon": (faults.status(429, Retry_After="soon"), "retry-after-malformed", 3),
    "503 until a day that is none": (
        faults.status(503, Retry_After="Mon, 99 Foo 2026 00:00:00 GMT"),
        "retry-after-malformed",
        3,
    ),
    "503 until before": (faults.status(503, Retry_After="-5"), "retry-after-malformed", 3),
    "429 for an hour": (faults.busy(3600, 99, b""), "mirror-busy", 3),
    "503 for an hour": (faults.busy_until(b""), "mirror-busy", 3),
    "429 for ever": (faults.busy(0, 99, b""), "mirror-busy", 3),
    "500": (faults.status(500), "mirror-error", 3),
    "403": (faults.status(403), "mirror-error", 3),
    "204": (faults.status(204), "mirror-error", 3),
    "HTML": (faults.html, "reply-html", 3),
    "other JSON": (faults.body(b'{"hello": "world"}'), "reply-malformed", 3),
    "no JSON": (faults.body(b"hello"), "reply-malformed", 3),
    "deep JSON": (faults.body(b"[" * 100000), "reply-malformed", 3),
    "another record": (faults.body(OTHER), "reply-of-another", 1),
    "forged": (faults.body(forged()), "reply-unverified", 1),
    "bad signature": (faults.body(bad_signature()), "reply-unverified", 1),
    "odd shape": (faults.body(as_bytes({**GENUINE, "canonical_record": {}})), "reply-unverified", 1),
    "unknown key": (faults.body(as_bytes(signing.record_document())), "unknown-key", 3),
    "no receipt": (faults.body(as_bytes({**GENUINE, "receipt": None})), "no-receipt", 3),
}


def nothing_stored(home: Path) -> bool:
    return not list(Store().suffixes()) and not (home / "bundles").exists() and not (home / "records").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_one_code(capsys: pytest.CaptureFixture[str], mirror: Server, own_home: Path, fault: str) -> None:
    answer, name, code = FAULTS[fault]
    mirror.faults[RECORD_PATH] = answer
    patience = "1.5" if name == "mirror-timeout" else "60"
    got, document = run_json(capsys, "resolve", NUMBER, "--mirror", mirror.url, "--timeout", patience)
    (result,) = document["results"]
    assert ([item["name"] for item in result["findings"]], got) == ([name], code)
    assert result["number"] is None
    assert nothing_stored(own_home)


def test_every_fault_has_a_code_of_its_own() -> None:
    transport = {name for _, name, code in FAULTS.values() if code == 3}
    assert len(transport) >= 15


def test_one_message_for_people(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    mirror.faults[RECORD_PATH] = faults.html
    code, out, err = run(capsys, "resolve", NUMBER, "--mirror", mirror.url)
    assert (code, out) == (3, "")
    assert err.splitlines() == [
        f"{NUMBER}: warning[PITH516 reply-html] https://localhost:{mirror.port}{RECORD_PATH}: "
        "Seeds sends a web page instead of JSON",
        "  hint: it may be the sign-in page of your network, or the address may not be a mirror",
    ]


def test_a_hostile_reply_does_not_reach_the_terminal(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    mirror.faults[RECORD_PATH] = faults.redirect("https://x\u009b2J.example/\x1b[2J")
    mirror.faults["/pith-mirrors.json"] = faults.body(b'{"manifest_type": "\\u001b[2J", "manifest_version": "1.0"}')
    _, out, err = run(capsys, "resolve", NUMBER, "--mirror", mirror.url)
    assert "\x1b" not in out + err
    assert "\x9b" not in out + err


def test_a_mirror_of_another_name(
    capsys: pytest.CaptureFixture[str], start: Callable[..., Server], own_home: Path
) -> None:
    other = start(name="mirror.example")
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", other.url)
    assert code == 3
    assert [item["name"] for item in document["results"][0]["findings"]] == ["mirror-certificate"]
    assert nothing_stored(own_home)


def test_a_certificate_of_nobody(capsys: pytest.CaptureFixture[str], tree: Path, own_home: Path) -> None:
    with serving(Server(tree, trustme.CA())) as server:
        code, document = run_json(capsys, "resolve", NUMBER, "--mirror", server.url)
    assert code == 3
    assert [item["name"] for item in document["results"][0]["findings"]] == ["mirror-certificate"]
    assert server.paths() == []


def test_a_host_that_is_down(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    url = f"https://localhost:{free_port()}/"
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", url)
    assert code == 3
    assert [item["name"] for item in document["results"][0]["findings"]] == ["mirror-unreachable"]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.mark.parametrize(
    "place",
    [
        *(
            "http://mirror.example/",
            "http://10.0.0.1/",
            "http://127.1/",
            "http://localhost.example/",
            "ftp://localhost/",
        ),
        *("https://", "nowhere.json", "https://localhost:99999/", "https://[::1/", "https://local host/"),
    ],
)
def test_a_mirror_has_to_be_https_or_a_file(capsys: pytest.CaptureFixture[str], place: str) -> None:
    assert run(capsys, "resolve", NUMBER, "--mirror", place)[0] == 2


@pytest.mark.parametrize(
    "place",
    [
        "https://me:secret@mirror.example/",
        "https://secret@mirror.example/",
        "http://me:secret@localhost/",
        "https://me:se@cret@mirror.example:99999/",
        "me:secret@mirror.example",
        "https:/me:secret@mirror.example/",
    ],
)
def test_a_password_in_an_address_is_refused_and_never_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    document = manifest("Mine", "https://localhost/")
    document["mirrors"][0]["base_url"] = place
    (tmp_path / "mine.json").write_bytes(as_bytes(document))
    for option, variable in ((place, ""), (str(tmp_path / "mine.json"), ""), (None, place)):
        monkeypatch.setenv("PITHTEX_MIRRORS", variable)
        args = [] if option is None else ["--mirror", option]
        for form in ([], ["--json"]):
            code, out, err = run(capsys, "resolve", NUMBER, *args, *form)
            assert code == 2
            assert "secret" not in out + err
            assert "cret" not in out + err
    code, out, err = run(capsys, "mirror", "export", tmp_path / "tree", "--base-url", place)
    assert code == 2
    assert "cret" not in out + err


def test_a_redirect_with_a_password_does_not_show_it(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    mirror.faults[RECORD_PATH] = faults.redirect("https://me:secret@localhost/x")
    code, out, err = run(capsys, "resolve", NUMBER, "--mirror", mirror.url)
    assert (code, "secret" in out + err) == (3, False)


def test_early_hints_are_read_past(capsys: pytest.CaptureFixture[str], mirror: Server, tree: Path) -> None:
    body = (tree / RECORD_PATH[1:]).read_bytes()
    for times in (1, 3):
        mirror.faults[RECORD_PATH] = faults.hints_first(body, times)
        code, document = run_json(capsys, "resolve", NUMBER, "--mirror", mirror.url)
        assert (code, document["results"][0]["findings"]) == (0, [])


def test_how_long_a_mirror_asks_for_is_told_as_it_says(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    mirror.faults[RECORD_PATH] = faults.status(429, Retry_After="999999")
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", mirror.url)
    assert (code, "in 999999 seconds" in document["results"][0]["findings"][0]["message"]) == (3, True)


def test_a_port_without_tls(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    with serving(Server(tree, None)) as server:
        code, document = run_json(capsys, "resolve", NUMBER, "--mirror", server.url.replace("http:", "https:"))
        assert (code, document["results"][0]["findings"][0]["name"]) == (3, "mirror-tls")


def test_this_machine_may_be_asked_without_tls(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    """So that any web server lets one try what `mirror export` wrote."""
    with serving(Server(tree, None)) as plain:
        for place in (plain.url, plain.url.replace("localhost", "127.0.0.1"), f"{plain.url}pith-mirrors.json"):
            code, document = run_json(capsys, "resolve", ARXIV, "--mirror", place)
            assert (code, document["results"][0]["findings"]) == (0, [])


def test_this_machine_by_its_other_address(capsys: pytest.CaptureFixture[str], tree: Path) -> None:
    with serving(SixServer(tree, None, host="::1")) as plain:
        code, document = run_json(capsys, "resolve", NUMBER, "--mirror", f"http://[::1]:{plain.port}/")
        assert (code, document["results"][0]["findings"]) == (0, [])


class SixServer(Server):
    address_family = socket.AF_INET6


def test_nobody_else_names_this_machine(capsys: pytest.CaptureFixture[str], mirror: Server, tree: Path) -> None:
    with serving(Server(tree, None)) as plain:
        mirror.faults[RECORD_PATH] = faults.redirect(f"{plain.url}pith/{NUMBER}.json")
        code, document = run_json(capsys, "resolve", NUMBER, "--mirror", mirror.url)
        assert (code, document["results"][0]["findings"][0]["name"]) == (3, "redirect-refused")
        mirror.faults["/pith-mirrors.json"] = faults.body(as_bytes(manifest("Trap", plain.url)))
        code, document = run_json(capsys, "resolve", NUMBER, "--mirror", mirror.url)
        assert (code, document["results"][0]["findings"][0]["name"]) == (3, "private-address")
        assert plain.paths() == []


def test_retry_after_is_waited_for(capsys: pytest.CaptureFixture[str], mirror: Server, tree: Path) -> None:
    mirror.faults[RECORD_PATH] = faults.busy(1, 1, (tree / RECORD_PATH[1:]).read_bytes())
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", mirror.url)
    assert (code, document["results"][0]["findings"]) == (0, [])
    assert mirror.paths().count(RECORD_PATH) == 2


# --- failover --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["forged", "HTML", "500", "another record", "unknown key", "redirect to loopback"])
def test_the_next_mirror_is_asked(capsys: pytest.CaptureFixture[str], start: Callable[..., Server], fault: str) -> None:
    bad, good = start(), start()
    answer, name, _ = FAULTS[fault]
    bad.faults[RECORD_PATH] = answer
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", bad.url, "--mirror", good.url)
    (result,) = document["results"]
    assert code == 0
    assert str(good.port) in result["origin"]
    assert [(item["name"], item["severity"]) for item in result["findings"]] == [(name, "warning")]


def test_a_mirror_without_manifest_or_record(
    capsys: pytest.CaptureFixture[str], start: Callable[..., Server], tmp_path: Path
) -> None:
    """One that has bundles alone, at the well-known place."""
    folder = tmp_path / "other" / ".well-known" / "pith" / NUMBER
    folder.mkdir(parents=True)
    (folder / "bundle.json").write_bytes(BUNDLE)
    server = start(tmp_path / "other")
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", server.url)
    assert (code, document["results"][0]["findings"]) == (0, [])
    assert server.paths()[1:] == [RECORD_PATH, f"/pith/{NUMBER}/bundle.json", f"/.well-known/pith/{NUMBER}/bundle.json"]


def test_all_that_failed_and_the_worst_speaks(capsys: pytest.CaptureFixture[str], start: Callable[..., Server]) -> None:
    """A forgery is said even where another host is down, and an outage is not said to be one."""
    one, two = start(), start()
    one.faults[RECORD_PATH] = faults.status(500)
    two.faults[RECORD_PATH] = faults.body(forged())
    both = ["--mirror", one.url, "--mirror", two.url]
    code, document = run_json(capsys, "resolve", NUMBER, *both)
    assert (code, document["results"][0]["findings"][0]["name"]) == (1, "reply-unverified")
    two.faults[RECORD_PATH] = faults.status(404)
    two.faults[f"/pith/{NUMBER}/bundle.json"] = two.faults[f"/.well-known/pith/{NUMBER}/bundle.json"] = faults.status(
        404
    )
    code, document = run_json(capsys, "resolve", NUMBER, *both)
    assert (code, document["results"][0]["findings"][0]["name"]) == (3, "mirror-error")
    assert "no other mirror has" in document["results"][0]["findings"][0]["message"]


def test_a_mirror_that_keeps_failing_is_left_alone(
    capsys: pytest.CaptureFixture[str], start: Callable[..., Server]
) -> None:
    bad, good = start(), start()
    numbers = [json.loads(path.read_bytes())["pith_number"] for path in RECORD_FILES] + [NUMBER]
    for number in numbers:
        bad.faults[f"/pith/{number[-26:]}.json"] = faults.status(403)
    args = ["--mirror", bad.url, "--mirror", good.url, "--jobs", "1"]
    code, document = run_json(capsys, "resolve", *numbers, *args)
    assert code == 0
    names = [[item["name"] for item in result["findings"]] for result in document["results"]]
    assert names == [["mirror-error"]] * 3 + [["mirror-skipped"]]
    assert len(bad.paths()) == 1 + 3


# --- lookups ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("index", "name", "code"),
    [
        ({"index_type": "pith_mirror_index", "records": [{"pith_number": "x", "version": 1}]}, "reply-malformed", 3),
        ({"index_type": "pith_mirror_index", "records": [{"pith_number": NUMBER}]}, "reply-malformed", 3),
        ({"pith_number": "x"}, "reply-malformed", 3),
        (json.loads(OTHER), "reply-of-another", 1),
        ({"index_type": "pith_mirror_index", "records": []}, "record-not-found", 3),
    ],
)
def test_an_index_that_is_wrong(
    capsys: pytest.CaptureFixture[str], mirror: Server, own_home: Path, index: dict[str, Any], name: str, code: int
) -> None:
    mirror.faults[f"/arxiv/{ARXIV}.json"] = faults.body(as_bytes(index))
    got, document = run_json(capsys, "resolve", ARXIV, "--mirror", mirror.url)
    assert (got, [item["name"] for item in document["results"][0]["findings"]]) == (code, [name])
    assert nothing_stored(own_home)


def test_an_index_that_names_another_paper(capsys: pytest.CaptureFixture[str], mirror: Server) -> None:
    """The record is genuine, and of another paper: it is not given for this one."""
    other = json.loads(OTHER)["pith_number"]
    index = {"index_type": "pith_mirror_index", "records": [{"pith_number": other, "version": 1}]}
    mirror.faults[f"/arxiv/{ARXIV}.json"] = faults.body(as_bytes(index))
    code, document = run_json(capsys, "resolve", ARXIV, "--mirror", mirror.url)
    assert (code, document["results"][0]["findings"][0]["name"]) == (1, "reply-of-another")
    assert document["results"][0]["number"] is None
