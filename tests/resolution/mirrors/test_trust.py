"""Which certificates are believed: the system's, or those that the environment names. Each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.resolution.conftest import NUMBER
from tests.resolution.machines import with_system_certificates
from tests.resolution.server import Server, environment

COMMAND = [sys.executable, "-m", "pithtex", "resolve", NUMBER, "--json", "--mirror"]


def resolved(env: dict[str, str], url: str) -> tuple[int, list[str], dict[str, Any]]:
    done = subprocess.run([*COMMAND, url], env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    document = json.loads(done.stdout)
    return done.returncode, [item["name"] for item in document["results"][0]["findings"]], document["results"][0]


def without_ca(home: Path, ca_file: Path, **more: str) -> dict[str, str]:
    env = environment(home, ca_file)
    del env["REQUESTS_CA_BUNDLE"]
    return env | more


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
def test_a_file_that_the_environment_names(mirror: Server, ca_file: Path, tmp_path: Path, variable: str) -> None:
    assert resolved(without_ca(tmp_path, ca_file, **{variable: str(ca_file)}), mirror.url)[:2] == (0, [])


def test_a_folder_that_the_environment_names(mirror: Server, ca_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    folder.mkdir()
    env = without_ca(tmp_path, ca_file, SSL_CERT_DIR=str(folder))
    assert resolved(env, mirror.url)[:2] == (3, ["mirror-certificate"])
    digest = subprocess.run(
        ["openssl", "x509", "-in", str(ca_file), "-noout", "-hash"], capture_output=True, text=True, check=True
    )
    (folder / f"{digest.stdout.strip()}.0").write_bytes(ca_file.read_bytes())
    assert resolved(env, mirror.url)[:2] == (0, [])


def test_the_systems_own_certificates(mirror: Server, ca_file: Path, tmp_path: Path) -> None:
    """A CA that only the system trusts, as a company's or a university's; certifi's list has never heard of it."""
    env = without_ca(tmp_path, ca_file)
    assert resolved(env, mirror.url)[:2] == (3, ["mirror-certificate"])
    done = with_system_certificates([*COMMAND, mirror.url], env, ca_file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_the_environment_names_takes_the_systems_place(mirror: Server, ca_file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    env = without_ca(tmp_path, ca_file, SSL_CERT_FILE=str(other))
    done = with_system_certificates([*COMMAND, mirror.url], env, ca_file)
    assert done.returncode == 3, done.stdout + done.stderr


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("content", [None, "", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_certificates_that_cannot_be_read(
    mirror: Server, ca_file: Path, tmp_path: Path, variable: str, content: str | None
) -> None:
    path = tmp_path / "mine.pem"
    if content is not None:
        path.write_text(content)
    code, names, result = resolved(without_ca(tmp_path, ca_file, **{variable: str(path)}), mirror.url)
    (found,) = result["findings"]
    assert (code, names) == (2, ["certificates-unreadable"])
    assert variable in found["message"]
    assert found["where"] == str(path)
