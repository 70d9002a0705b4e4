"""Machines as tests need them: without a network, with one of their own, with a full disk; and a terminal.

`unshare`, `setsid` and `mount` are in Debian's util-linux and mount, `ip` in iproute2.
"""

from __future__ import annotations

import os
import pty
import ssl
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.kit import needs

TMPFS_BYTES = 64 * 1024


def _unshare(*flags: str) -> list[str]:
    needs.each("user namespaces")
    return [needs.program("unshare"), "--user", "--map-root-user", *flags, "--"]


def without_network(command: Sequence[str | Path], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs a command where there is no network at all, not even loopback."""
    return _run([*_unshare("--net"), *map(str, command)], env)


def with_own_network(
    command: Sequence[str | Path], env: Mapping[str, str], hosts: Path, addresses: Sequence[str]
) -> subprocess.CompletedProcess[str]:
    """Runs a command where these addresses are the machine's own, and names are those of the file `hosts`."""
    needs.each("ip")
    script = "ip link set lo up"
    script += "".join(f" && ip address add {address}/32 dev lo" for address in addresses)
    script += f' && mount --bind {hosts} /etc/hosts && exec "$@"'
    return _run([*_unshare("--net", "--mount"), "sh", "-c", script, "sh", *map(str, command)], env)


def with_full_disk(
    command: Sequence[str | Path], env: Mapping[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Runs a command while `folder` is a disk of its own on which not a byte is left."""
    script = f"mount -t tmpfs -o size={TMPFS_BYTES} none {folder}"
    script += f' && (cat /dev/zero > {folder}/filler 2>/dev/null || true) && exec "$@"'
    return _mounted(script, command, env)


def read_only(command: Sequence[str | Path], env: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command while `folder` cannot be written, by root neither."""
    script = f'mount --bind {folder} {folder} && mount -o remount,bind,ro {folder} && exec "$@"'
    return _mounted(script, command, env)


def with_system_certificates(
    command: Sequence[str | Path], env: Mapping[str, str], ca_file: Path
) -> subprocess.CompletedProcess[str]:
    """Runs a command where the system trusts this CA: its certificates' file and folder are replaced."""
    paths = ssl.get_default_verify_paths()
    assert paths.cafile is not None, "this machine trusts nobody"
    file = os.path.realpath(paths.cafile)
    script = "" if paths.capath is None else f"mount -t tmpfs none {os.path.realpath(paths.capath)} && "
    script += f'mkdir -p "$(dirname {file})" && touch {file} && mount --bind {ca_file} {file}'
    script += ' && exec "$@"'
    return _mounted(script, command, env)


def _mounted(script: str, command: Sequence[str | Path], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return _run([*_unshare("--mount"), "sh", "-c", script, "sh", *map(str, command)], env)


def _run(command: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=dict(env), capture_output=True, text=True, check=False, timeout=120)


def on_a_terminal(command: list[str], env: dict[str, str], answers: list[tuple[str, bytes]]) -> tuple[int, str]:
    """Runs a command on a terminal of its own and types each answer when its question stands there."""
    leader, follower = pty.openpty()
    termios.tcsetwinsize(follower, (24, 100))
    # setsid makes the terminal the command's own, so that Ctrl-C reaches it.
    on_it = ["setsid", "--ctty", "--wait", *command]
    process = subprocess.Popen(on_it, env=env, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    shown = ""
    end = time.monotonic() + 60
    pending = list(answers)
    while time.monotonic() < end:
        try:
            data = os.read(leader, 65536)
        except OSError:  # the other side is closed
            break
        if not data:
            break
        shown += data.decode()
        if pending and pending[0][0] in shown:
            os.write(leader, pending.pop(0)[1])
    os.close(leader)
    return process.wait(timeout=30), shown
