"""Where connections may go: the rule on addresses, and that it is kept by what is really connected to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

from pithtex.resolution.mirrors.addresses import is_public
from tests.conftest import ROOT
from tests.resolution.conftest import NUMBER
from tests.resolution.machines import with_own_network
from tests.resolution.server import environment

PUBLIC, OTHER = "8.8.8.8", "9.9.9.9"


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "240.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:db8::1",
    ],
)
def test_not_public(address: str) -> None:
    assert not is_public(address)


PROGRAM = """
import json, socket, sys
from pathlib import Path
import trustme
from pithtex.cli.main import main
from tests.resolution.server import Server, as_bytes, redirect, serving

folder, tree = Path(sys.argv[1]), Path(sys.argv[2])
ca = trustme.CA.from_pem((folder / "ca.pem").read_bytes(), (folder / "ca.key").read_bytes())
number, scenario = sys.argv[3:5]
looked_up = []
real = socket.getaddrinfo
def counting(host, *args, **kwargs):
    looked_up.append(host)
    if scenario == "rebinding" and looked_up.count(host) > 1:
        host = "127.0.0.1"
    return real(host, *args, **kwargs)
socket.getaddrinfo = counting
with serving(Server(tree, ca, name="mirror.example", host="8.8.8.8", port=443)) as public, \\
     serving(Server(tree, ca, name="mirror.example", host="127.0.0.1", port=443)) as private, \\
     serving(Server(tree, ca, name="other.example", host="9.9.9.9", port=443)) as other:
    record = f"/pith/{number}.json"
    if scenario == "redirect":
        public.faults[record] = redirect("https://inside.example" + record)
    if scenario == "elsewhere":
        public.faults[record] = redirect("https://other.example" + record)
    # The mirror is one that nobody named: a manifest from another host names it.
    host = "inside.example" if scenario == "inside" else "mirror.example"
    manifest = {"manifest_type": "pith_mirror_manifest", "manifest_version": "1.0", "mirrors": [
        {"name": "M", "base_url": f"https://{host}/", "bundle_pattern": f"https://{host}/pith/{{suffix}}/bundle.json",
         "record_pattern": f"https://{host}/pith/{{suffix}}.json"}]}
    other.faults["/m.json"] = lambda handler: handler.reply(as_bytes(manifest))
    code = main(["resolve", number, "--mirror", "https://other.example/m.json", "--json"])
    print(json.dumps([code, public.paths(), private.paths(), other.paths(), looked_up]), file=sys.stderr)
"""

HOSTS = f"""
{PUBLIC} mirror.example
{OTHER} other.example
127.0.0.1 inside.example
"""


@pytest.mark.parametrize(
    ("scenario", "code", "names"),
    [
        ("plain", 0, []),
        ("elsewhere", 0, []),
        ("redirect", 3, ["private-address"]),
        ("inside", 3, ["private-address"]),
        ("rebinding", 0, []),
    ],
)
def test_names_and_what_they_resolve_to(tmp_path: Path, tree: Path, scenario: str, code: int, names: list[str]) -> None:
    """A machine of its own with public addresses, so that a public name is one: no name leads inside."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    ca.private_key_pem.write_to_path(str(tmp_path / "ca.key"))
    (tmp_path / "hosts").write_text(HOSTS)
    env = environment(tmp_path, tmp_path / "ca.pem", PYTHONPATH=str(ROOT))
    command = [sys.executable, "-c", PROGRAM, tmp_path, tree, NUMBER, scenario]
    done = with_own_network(command, env, tmp_path / "hosts", [PUBLIC, OTHER])
    assert done.stdout, done.stderr
    (result,) = json.loads(done.stdout)["results"]
    got, public, private, other, looked_up = json.loads(done.stderr.splitlines()[-1])
    assert (got, [item["name"] for item in result["findings"]]) == (code, names)
    assert private == []
    assert looked_up.count("mirror.example") <= 1
    record = f"/pith/{NUMBER}.json"
    assert (public, other) == {
        "plain": ([record], ["/m.json"]),
        "elsewhere": ([record], ["/m.json", record]),
        "redirect": ([record], ["/m.json"]),
        "inside": ([], ["/m.json"]),
        "rebinding": ([record], ["/m.json"]),
    }[scenario]


def test_a_proxy_of_the_environment(tmp_path: Path, ca_file: Path) -> None:
    """It is asked to connect, with no credentials of .netrc; a private address is refused before it is asked."""
    program = """
import socket, threading, sys
from pithtex.cli.main import main
seen = []
server = socket.create_server(("127.0.0.1", 0))
def serve():
    while True:
        connection, _ = server.accept()
        seen.append(connection.recv(65536).decode())
        connection.sendall(b"HTTP/1.1 502 Bad Gateway\\r\\nContent-Length: 0\\r\\n\\r\\n")
        connection.close()
threading.Thread(target=serve, daemon=True).start()
import os
os.environ["HTTPS_PROXY"] = f"http://127.0.0.1:{server.getsockname()[1]}"
code = main(["resolve", sys.argv[1], "--json"])
assert code == 3, code
assert seen and all(text.startswith("CONNECT pith.science:443 ") for text in seen), seen
assert "Authorization" not in "".join(seen)
"""
    (tmp_path / ".netrc").write_text("default login me password secret\n")
    env = environment(tmp_path, ca_file)
    done = subprocess.run([sys.executable, "-c", program, NUMBER], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["results"][0]["findings"][0]["name"] == "proxy-failed"
