"""What the tests of the component and of the page share: a page in Chromium, and what it does besides."""

from __future__ import annotations

import hashlib
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

from pithtex.format.canonical import canonical_bytes
from tests import signing
from tests.conftest import ROOT
from tests.format.test_compact_receipt import compact

AXE = ROOT / "build" / "npm" / "axe.min.js"

NO_ED25519 = """
const importKey = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (format, data, algorithm, ...rest) {
  if ((algorithm.name ?? algorithm) === "Ed25519") throw new DOMException("Unrecognized name.", "NotSupportedError");
  return importKey.call(this, format, data, algorithm, ...rest);
};
"""
"""As in a browser that does not know the algorithm (Web Cryptography, 18.4.4)."""

NO_WEBCRYPTO = "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });"
"""As on a page that came over plain http (Web Cryptography, 10)."""

LACKS = ((NO_ED25519, "no Ed25519"), (NO_WEBCRYPTO, "no cryptography"))
"""Each lack, and what must be said of it."""

HOSTILE = [
    "</script></style></title></svg><script>document.title='forged'</script>",
    '"><svg onload="document.title=\'forged\'">',
    "javascript:document.title='forged'//",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; &#x3c;b&#x3e;",
    "# Markdown *and* `code` .. rst:: [x](javascript:alert(1))",
    "x" * 10_000,
    "\u05e9\u05dc\u05d5\u05dd \u05d4\u05e2\u05d5\u05dc\u05dd \u4e2d\u6587 \U0001f642",
]
"""Titles that a receipt may hold, and that a page must show as text."""


@dataclass
class Shown:
    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def violations(self) -> list[str]:
        """What axe-core finds. It is evaluated as source: the page's policy allows no other script."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run()")
        assert len(found["passes"]) > 10
        return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found["violations"]]


@contextmanager
def shown(
    browser: Browser,
    address: str,
    *,
    width: int = 1100,
    dark: bool = False,
    init: str = "",
    script: bool = True,
    offline: bool = True,
) -> Iterator[Shown]:
    """A page in a context of its own, without a network unless it is asked for."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        offline=offline,
        java_script_enabled=script,
    )
    if init:
        context.add_init_script(init)
    result = Shown(context.new_page())
    result.page.on("console", lambda message: result.console.append(message.text))
    result.page.on("pageerror", lambda error: result.console.append(str(error)))
    result.page.on("request", lambda request: result.requests.append(request.url))
    result.page.goto(address)
    yield result
    context.close()


def signed_receipt(title: str, **changes: object) -> str:
    """A receipt by the tests' own key, title included."""
    data = canonical_bytes(signing.canonical_record(title, **changes))
    signature = signing.TEST_KEY.sign(hashlib.sha256(data).digest()).signature
    return compact(data + b"\n" + title.encode(), key_id=signing.TEST_KEY_ID, signature=signature)


def signed_record(title: str) -> str:
    """A record document by the tests' own key."""
    return json.dumps(signing.record_document(title))


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


@contextmanager
def serving(answers: dict[str, tuple[bytes, dict[str, str]]], asked: list[str] | None = None) -> Iterator[str]:
    """The address of a server on the loopback: path to body and headers. What it was asked for goes into `asked`."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if asked is not None:
                asked.append(self.path)
            body, headers = answers.get(self.path, (b"", {}))
            self.send_response(200 if self.path in answers else 404)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
