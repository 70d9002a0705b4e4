"""Audits of a real object store and a real web server, both on loopback, one that fails, and one in memory."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from pithtex.audit.engine import local
from pithtex.audit.ledger import Ledger
from pithtex.audit.listing import Inputs, Listing
from pithtex.audit.supervisor import judge_units
from pithtex.audit.unit import Setup
from pithtex.errors import UsageError
from pithtex.format.keys import default_keyring
from tests.audit.papers import EXAMPLES, PLAIN, audit, lines, megabyte, names_of, totals
from tests.audit.test_inputs import tar_of

GOOD = EXAMPLES[0].read_bytes()


def verdicts(output: Path) -> dict[str, str]:
    return {line["file"].rpartition("/")[2]: line["verdict"] for line in lines(output)}


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an object store, empty."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A bucket with five objects, and an environment in which it is found."""
    import boto3

    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": store,
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=store)
    client.create_bucket(Bucket="papers")
    for name, data in {
        "pdf/a.pdf": GOOD,
        "pdf/deep/b.pdf": PLAIN.read_bytes(),
        "pdf/readme.txt": b"x",
        "pdf/arXiv_pdf_2606_001.tar": tar_of({"2606/c.pdf": GOOD, "2606/d.pdf": b"junk"}),
        "other/e.pdf": GOOD,
    }.items():
        client.put_object(Bucket="papers", Key=name, Body=data)
    return client


def test_an_object_store(bucket: Any, tmp_path: Path) -> None:
    done = audit("s3://papers/pdf", "-o", tmp_path / "out", "--json", "--jobs", "1")
    assert verdicts(tmp_path / "out") == {"a.pdf": "valid", "b.pdf": "absent", "c.pdf": "valid", "d.pdf": "unreadable"}
    assert {line["file"] for line in lines(tmp_path / "out")} >= {"s3://papers/pdf/arXiv_pdf_2606_001.tar!2606/c.pdf"}
    assert json.loads(done.stdout)["results"][0]["passed"] == {"not named as wanted": 1}
    bucket.put_object(Bucket="papers", Key="pdf/a.pdf", Body=b"changed")
    bucket.put_object(Bucket="papers", Key="pdf/new.pdf", Body=GOOD)
    again = json.loads(audit("s3://papers/pdf", "-o", tmp_path / "out", "--json", "--jobs", "1").stdout)["results"][0]
    assert (again["judged"], again["kept"]) == (2, 2)
    assert verdicts(tmp_path / "out")["a.pdf"] == "unreadable"


def test_a_large_tar_is_read_on_where_it_was_left(bucket: Any, web: str, tmp_path: Path) -> None:
    """Piece by piece, of a store that reads from anywhere, and of a server that does not."""
    data = tar_of({f"{index:03}.pdf": megabyte() for index in range(70)})
    bucket.put_object(Bucket="papers", Key="large.tar", Body=data)
    _Web.served["/large.tar"] = data
    for index, name in enumerate(("s3://papers/large.tar", f"{web}/large.tar")):
        out = tmp_path / str(index)
        assert audit(name, "-o", out, "--jobs", "2").returncode == 3
        found = list(lines(out))
        assert Counter(line["verdict"] for line in found) == {"absent": 70}
        assert len({line["file"] for line in found}) == 70
        assert len({line["key"] for line in found}) == 3
        parts = sorted((out / "parts").iterdir())
        assert len(parts) == 3
        digest = totals(out)["digest"]
        parts[1].unlink()
        audit(name, "-o", out, "--jobs", "2")
        assert totals(out)["digest"] == digest


def test_patterns_and_objects_that_are_not_there(bucket: Any, tmp_path: Path) -> None:
    done = audit("s3://papers/*/e.pdf", "s3://papers/lost.pdf", "s3://nobody/", "-o", tmp_path / "out", "--jobs", "1")
    assert done.returncode == 2
    found = {line["file"]: (line["verdict"], names_of(line)) for line in lines(tmp_path / "out")}
    assert found["s3://papers/other/e.pdf"][0] == "valid"
    assert found["s3://papers/lost.pdf"] == found["s3://nobody/"] == ("unreadable", ["no-input"])


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a server of Google Cloud Storage's API with one bucket, and an environment that leads to it."""
    from gcp_storage_emulator.server import create_server

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = create_server("127.0.0.1", port, in_memory=True, default_bucket="papers")
    server.start()
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield f"http://127.0.0.1:{port}/upload/storage/v1/b/papers/o?uploadType=media&name="
    server.stop()


def test_googles_object_store(google: str, tmp_path: Path) -> None:
    def put(name: str, data: bytes) -> None:
        headers = {"Content-Type": "application/octet-stream"}
        with urllib.request.urlopen(urllib.request.Request(google + name, data, headers)) as reply:
            assert reply.status == 200

    put("pdf/a.pdf", GOOD)
    put("pdf/deep/b.PDF", PLAIN.read_bytes())
    put("pdf/readme.txt", b"x")
    put("pdf/all.tar", tar_of({"c.pdf": GOOD, "d.pdf": b"junk"}))
    names = ("gs://papers/pdf/", "gs://papers/*/a.pdf", "gs://papers/lost.pdf", "gs://nobody/")
    done = audit(*names, "-o", tmp_path / "out", "--jobs", "1")
    assert done.returncode == 2
    assert done.stderr == ""
    found = {line["file"].rpartition("/")[2]: line["verdict"] for line in lines(tmp_path / "out")}
    assert found == {
        "a.pdf": "valid", "b.PDF": "absent", "all.tar!c.pdf": "valid", "all.tar!d.pdf": "unreadable",
        "lost.pdf": "unreadable", "": "unreadable",
    }  # fmt: skip
    put("pdf/a.pdf", b"changed")
    again = json.loads(audit(*names, "-o", tmp_path / "out", "--jobs", "1", "--json").stdout)["results"][0]
    assert (again["judged"], again["kept"]) == (3, 2)
    assert verdicts(tmp_path / "out")["a.pdf"] == "unreadable"


class _Web(BaseHTTPRequestHandler):
    """Serves one good paper; one path says 503 for ever, one twice, one breaks off."""

    asked: ClassVar[Counter[str]] = Counter()
    served: ClassVar[dict[str, bytes]] = {}

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self.command == "GET":
            self.asked[self.path] += 1
        down = self.path == "/down.pdf" or (
            self.path == "/twice.pdf" and self.command == "GET" and self.asked[self.path] < 3
        )
        self.send_response(503 if down else 404 if self.path == "/lost.pdf" else 200)
        data = self.served.get(self.path, GOOD)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data[: 1000 if self.path == "/cut.pdf" else None])
            self.close_connection = self.path == "/cut.pdf"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Web.asked.clear()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_a_server_that_fails(web: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stays down is unreadable and tried again the next time; the others get their verdicts."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    names = ("good", "down", "twice", "lost", "cut")
    done = audit(*(f"{web}/{name}.pdf" for name in names), "-o", tmp_path / "out", "--jobs", "1")
    assert done.returncode == 2
    found = {line["file"].rpartition("/")[2]: (line["verdict"], names_of(line)) for line in lines(tmp_path / "out")}
    assert found["good.pdf"][0] == found["twice.pdf"][0] == "valid"
    assert found["down.pdf"] == found["lost.pdf"] == found["cut.pdf"] == ("unreadable", ["no-input"])


@pytest.mark.parametrize("given", ["path", "list", "manifest"])
def test_offline_nobody_is_asked(web: str, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PITHTEX_OFFLINE", "1")
    (tmp_path / "list").write_text(f"{web}/good.pdf\n")
    (tmp_path / "manifest").write_text(f"{web}/good.pdf,2606.01751\n")
    ways = {"list": ["--files-from", tmp_path / "list"], "manifest": ["--manifest", tmp_path / "manifest"]}
    done = audit(*ways.get(given, [f"{web}/good.pdf"]), "-o", tmp_path / "out", "--jobs", "1")
    assert (done.returncode, _Web.asked) == (2, Counter())
    assert "PITHTEX_OFFLINE" in done.stderr


def test_in_memory(tmp_path: Path) -> None:
    """Of this process alone: the bytes go to the cell with the name."""
    import fsspec

    system = fsspec.filesystem("memory")
    system.pipe({"/box/a.pdf": GOOD, "/box/b.tar": tar_of({"c.pdf": GOOD}), "/box/d.txt": b"x"})
    setup = Setup(keyring=default_keyring())
    with Ledger(tmp_path, setup.fingerprint) as ledger, local(1):
        units = list(Listing(inputs=Inputs(paths=("memory://box",))).units(ledger))
        found = [json.loads(text) for text in judge_units(units, setup).lines]
    assert {line["file"]: line["verdict"] for line in found} == {
        "memory:///box/a.pdf": "valid", "memory:///box/b.tar!c.pdf": "valid"
    }  # fmt: skip


def test_a_scheme_that_nobody_knows(tmp_path: Path) -> None:
    done = audit("gopher2://x/y.pdf", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "gopher2" in done.stderr


def test_without_fsspec_it_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    setup = Setup(keyring=default_keyring())
    with Ledger(tmp_path, setup.fingerprint) as ledger, pytest.raises(UsageError) as error:
        list(Listing(inputs=Inputs(paths=("s3://x/y",))).units(ledger))
    assert "pip install 'pithtex[remote]'" in str(error.value.hint)
    assert replace(setup, text=True).fingerprint != setup.fingerprint
