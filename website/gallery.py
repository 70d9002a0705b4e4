"""The gallery: every badge that is a picture, made now from the example's record, and first pages in real classes."""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pithtex
from release.files import ROOT

_BADGES: Final = {
    "svg": "For web pages and READMEs",
    "svg-card": "The record at length",
    "qr": "For posters and slides: the code holds the signed record",
}
_PAGES: Final = ROOT / "docs" / "how-we-know" / "matrix"


def write(folder: Path, filled: Callable[..., str]) -> None:
    """Writes gallery.html, and the pictures beside it."""
    (folder / "gallery").mkdir()
    bundle = pithtex.load_bundle((ROOT / "examples" / "sparsex" / "bundle.json").read_bytes())
    badges = []
    for name, said in _BADGES.items():
        made = pithtex.badge(pithtex.verify_bundle(bundle), name)
        (folder / "gallery" / f"{name}.svg").write_bytes(made.content)
        caption = f"{said}: <code>pithtex badge RECORD --format {name}</code>"
        badges.append(_figure(f"gallery/{name}.svg", said, caption, "badge"))
    pages = []
    for path in sorted(_PAGES.glob("*.png")):
        shutil.copy(path, folder / "gallery" / path.name)
        pages.append(_figure(f"gallery/{path.name}", f"A paper of {path.stem}", f"<code>{path.stem}</code>", "page"))
    content = filled("gallery.html", BADGES="\n".join(badges), PAGES="\n".join(pages))
    (folder / "gallery.html").write_text(content, "utf-8")


def _figure(source: str, said: str, caption: str, kind: str) -> str:
    """A picture, with a caption that is markup already."""
    image = f'<img src="{source}" alt="{html.escape(said)}" loading="lazy">'
    return f'<figure class="{kind}">{image}<figcaption>{caption}</figcaption></figure>'
