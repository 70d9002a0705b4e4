"""A proxy of the environment: used, and its faults told as its own."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.kit.command_line import run, run_json
from tests.resolution.conftest import NUMBER
from tests.resolution.mirrors.test_faults import free_port
from tests.resolution.proxy import Answer, Proxy, proxying, says
from tests.resolution.server import Server

MIRROR = "https://mirror.example/"


def failure(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    code, document = run_json(capsys, "resolve", NUMBER, "--mirror", MIRROR, *args)
    assert code == 3
    (found,) = document["results"][0]["findings"]
    return dict(found)


def test_a_mirror_behind_a_proxy(
    capsys: pytest.CaptureFixture[str], start: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names are the proxy's to resolve; the certificate is still the mirror's; no credentials are made up."""
    mirror = start(name="mirror.example")
    with proxying(Proxy({"mirror.example:443": mirror.port})) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        code, document = run_json(capsys, "resolve", NUMBER, "--mirror", MIRROR)
    assert (code, document["results"][0]["findings"]) == (0, [])
    assert proxy.asked[0].startswith("CONNECT mirror.example:443 ")
    assert "Authorization" not in "".join(proxy.asked)


def test_this_machine_is_never_asked_for_through_a_proxy(
    capsys: pytest.CaptureFixture[str], mirror: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxying(Proxy({})) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert run(capsys, "resolve", NUMBER, "--mirror", mirror.url)[0] == 0
    assert proxy.asked == []


def test_a_certificate_seen_through_a_proxy_is_the_mirrors(
    capsys: pytest.CaptureFixture[str], start: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = start(name="other.example")
    with proxying(Proxy({"mirror.example:443": other.port})) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert failure(capsys)["name"] == "mirror-certificate"


def silence(sock: socket.socket, _: bytes) -> None:
    time.sleep(5)


FAULTS: dict[str, tuple[Answer | None, str]] = {
    "cannot connect": (None, "refuses or fails to connect to the mirror (502)"),
    "refuses": (says(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"), "to connect to the mirror (403)"),
    "wants a password": (
        says(b'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n'),
        "asks for a user name and a password (407)",
    ),
    "is not a proxy": (says(b"220 mail.example ESMTP\r\n"), "does not answer as an HTTP proxy does"),
    "hangs up": (says(b""), "does not answer as an HTTP proxy does"),
    "is silent": (silence, "took too long to answer"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_proxy_does_is_told_as_its_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    answer, words = FAULTS[fault]
    with proxying(Proxy({}, answer)) as proxy:
        address = proxy.url.removeprefix("http://")
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@{address}")
        found = failure(capsys, "--timeout", "1.5")
    assert found["name"] == "proxy-failed"
    assert found["message"].startswith(f"the proxy {address} ")
    assert words in found["message"]
    assert "secret" not in str(found)
    assert "HTTPS_PROXY" in found["hint"]


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://me:secret@127.0.0.1:PORT", "cannot be reached: Connection refused"),
        ("http://me:secret@proxy.invalid:3128", "the name does not resolve"),
        ("socks5h://me:secret@127.0.0.1:PORT", "is a SOCKS proxy"),
        ("ftp://me:secret@127.0.0.1:PORT", "not have the address of an HTTP proxy"),
        ("http://me:secret@127.0.0.1:99999", "not have the address of an HTTP proxy"),
        ("http://", "not have the address of an HTTP proxy"),
    ],
)
def test_a_proxy_that_is_not_there(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, proxy: str, words: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.replace("PORT", str(free_port())))
    found = failure(capsys)
    assert (found["name"], words in found["message"]) == ("proxy-failed", True), found
    assert "secret" not in str(found)
