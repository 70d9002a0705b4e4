"""A Content Security Policy for each page of the documentation: its own scripts by their digests, and nobody else's."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

_SCRIPT: Final = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_ABROAD: Final = re.compile(
    r"<(?:script|link|img|iframe|source|object|embed)\b[^>]*?\s(?:src|href)=[\"']?(https?:|//)[^>]*>"
)
_META: Final = '<meta charset="utf-8">'


def with_policy(page: str) -> str:
    """The page with its policy in it.

    Raises:
        ValueError: it loads something from elsewhere, or has no place for a policy.
    """
    if _META not in page:
        raise ValueError(f"the page has no {_META}")
    loaded = [found[0] for found in _ABROAD.finditer(page) if 'rel="canonical"' not in found[0]]
    if loaded:
        raise ValueError(f"the page loads something from elsewhere: {loaded[0][:200]}")
    digests = {
        base64.b64encode(hashlib.sha256(script["code"].encode("utf-8")).digest()).decode("ascii")
        for script in _SCRIPT.finditer(page)
        if "src=" not in script["attributes"] and "json" not in script["attributes"]
    }
    scripts = " ".join(["'self'", *sorted(f"'sha256-{digest}'" for digest in digests)])
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'"
    )
    return page.replace(_META, f'{_META}<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)
