"""Debian's Node.js, which runs the scripts' modules without a page."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pithtex.browser import scripts
from pithtex.format.keys import PINNED_KEY, Key

PURE = ("verify/document.js", "page/given.js", "page/package.js")
"""Modules that with all that they import touch no page."""

NAMES = (
    *("verifyReceipt", "verifyDocument", "decodeReceipt", "encodeReceipt", "inflate", "deflate", "parseJson"),
    *("canonicalText", "fromBase64url", "toBase64url", "deceives", "collapse", "fold", "texComment"),
    *("utf8", "hex", "DICTIONARY", "qrRows", "makePackage"),
    *("parseBundle", "parseDocument", "Fields", "Refused", "Num", "isObject", "without", "canonicalDigest", "numberOf"),
    *("below", "keyOf", "isSigned", "fromHex", "sha256", "SHA256", "UNHASHED", "STATE_LISTS", "MERGE_VERSION"),
)
"""What the tests ask for."""

WEBCRYPTO = "globalThis.crypto ??= require('node:crypto').webcrypto;\n"
"""Debian 12's Node.js has it under another name."""


def source(path: Path, keys: Iterable[Key] = (PINNED_KEY,)) -> Path:
    """Writes the modules as one script that gives its names to whoever requires it."""
    text = scripts.body(*PURE, keys=keys)
    path.write_text(f"{WEBCRYPTO}{text}\nmodule.exports = {{ {', '.join(NAMES)} }};\n", "utf-8")
    return path


def call(expression: str, values: Sequence[Any], keys: Iterable[Key] = (PINNED_KEY,)) -> list[Any]:
    """The results of an asynchronous expression in `value` and `web`, for each value, in one process."""
    with tempfile.TemporaryDirectory() as folder:
        script = source(Path(folder) / "web.js", keys)
        program = (
            f"const web = require({json.dumps(str(script))});"
            "const all = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
            f"(async () => {{ const out = []; for (const value of all) out.push(await ({expression}));"
            " process.stdout.write(JSON.stringify(out)); })();"
        )
        done = subprocess.run(
            ["node", "-e", program],
            input=json.dumps(list(values)).encode(),
            capture_output=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr.decode()
    results: list[Any] = json.loads(done.stdout)
    return results
