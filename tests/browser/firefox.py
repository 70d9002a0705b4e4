"""Firefox, driven by the protocol that it speaks itself (Marionette): a page, scripts in it, keys.

Source: Firefox's `remote/marionette` (`transport.sys.mjs`, `driver.sys.mjs`): `LENGTH:JSON`, each command
`[0, id, name, parameters]`, each answer `[1, id, error, result]`.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_SECONDS: Final = 60
_PREFERENCES: Final = """\
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("marionette.port", %d);
"""


class Firefox:
    """One window. Scripts are bodies of functions, which may return promises."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._stream = connection.makefile("rb")
        self._sent = 0
        self._read()  # the greeting

    def _read(self) -> Any:
        digits = b""
        while (digit := self._stream.read(1)) not in {b":", b""}:
            digits += digit
        return json.loads(self._stream.read(int(digits)))

    def command(self, name: str, **parameters: object) -> Any:
        """Sends one command.

        Raises:
            RuntimeError: Firefox answers with an error.
        """
        self._sent += 1
        data = json.dumps([0, self._sent, name, parameters]).encode()
        self._connection.sendall(b"%d:%s" % (len(data), data))
        _, _, error, result = self._read()
        if error is not None:
            raise RuntimeError(f"{name}: {error['error']}: {error['message']}")
        return result

    def goto(self, address: str) -> None:
        self.command("WebDriver:Navigate", url=address)

    def evaluate(self, script: str, *arguments: object) -> Any:
        """What a script returns, after its promise is kept; an element of the page is one of its references."""
        return self.command("WebDriver:ExecuteScript", script=script, args=list(arguments))["value"]

    def wait_for(self, script: str) -> Any:
        """The first true value that a script returns.

        Raises:
            TimeoutError: it never does.
        """
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until:
            value = self.evaluate(script)
            if value:
                return value
            time.sleep(0.05)
        raise TimeoutError(script)

    def press(self, key: str) -> None:
        """Presses a key and lets it go, wherever the focus is."""
        keys = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.command("WebDriver:PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": keys}])


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """A Firefox without a window, with a profile of its own in that folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    profile = folder / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(_PREFERENCES % port)
    command = [
        shutil.which("firefox-esr") or "firefox-esr",
        "--headless",
        "--marionette",
        "--no-remote",
        "--profile",
        str(profile),
    ]
    process = subprocess.Popen(
        command,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "MOZ_HEADLESS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with _connected(port, process) as connection:
            browser = Firefox(connection)
            browser.command("WebDriver:NewSession", capabilities={})
            yield browser
    finally:
        process.terminate()
        process.wait(timeout=_SECONDS)


def _connected(port: int, process: subprocess.Popen[bytes]) -> socket.socket:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("Firefox does not come up")
