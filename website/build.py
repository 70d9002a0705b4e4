"""`make site`: writes site/, whole or not at all. It is for any web server, and works from the file system."""

from __future__ import annotations

import html
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import pithtex
from pithtex import palette
from pithtex.browser.scripts import make_page, verify_page
from release.addresses import addresses
from release.files import ROOT
from website import documentation, gallery
from website.policy import with_policy

SITE: Final = ROOT / "site"
_HERE: Final = Path(__file__).parent


def mark(ground: str, ink: str) -> str:
    """The mark on a round-cornered square, as an SVG document."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4.4 -4.6 23.6 23.6"><title>pithtex</title>'
        f'<rect x="-4.4" y="-4.6" width="23.6" height="23.6" rx="5.4" fill="{ground}"/>'
        f'<g fill="none" stroke="{ink}" stroke-width="1.9"><path d="{palette.MARK}"/></g>'
        f'<circle cx="7.8" cy="5.8" r="1.6" fill="{ink}"/></svg>\n'
    )


def filled(name: str, **values: str) -> str:
    """One of the templates beside this file: @@NAME@@ stands for a value, which is markup already."""
    known = {
        "STYLE": palette.variables() + (_HERE / "site.css").read_text("utf-8"),
        "VERSION": html.escape(pithtex.__version__),
        "REPOSITORY": f"https://github.com/{html.escape(addresses()['slug'])}",
        "LOGO": f'<svg class="logo" viewBox="0 0 14.8 14.4" aria-hidden="true"><path d="{palette.MARK}"/>'
        '<circle cx="7.8" cy="5.8" r="1.5"/></svg>',
        **values,
    }
    return re.sub("@@([A-Z]+)@@", lambda found: known[found[1]], (_HERE / name).read_text("utf-8"))


def docs_style() -> str:
    """The palette, for the theme's own names."""
    names = {
        "ink": "--md-default-fg-color",
        "muted": "--md-default-fg-color--light",
        "ground": "--md-default-bg-color",
        "accent": "--md-typeset-a-color",
        "box": "--md-code-bg-color",
    }
    rules = []
    for scheme, colours in (("default", palette.LIGHT), ("slate", palette.DARK)):
        said = ";".join(f"{theirs}:{colours[ours]}" for ours, theirs in names.items())
        rules.append(f'[data-md-color-scheme="{scheme}"]{{{said};--md-accent-fg-color:{colours["accent"]}}}')
    return "\n".join(rules) + "\n" + (_HERE / "docs.css").read_text("utf-8")


def write(folder: Path) -> None:
    """Writes the site into an empty folder."""
    (folder / "index.html").write_text(filled("index.html"), "utf-8")
    (folder / "verify.html").write_bytes(verify_page())
    (folder / "make-pith-sty.html").write_bytes(make_page())
    (folder / "mark.svg").write_text(mark(palette.LIGHT["accent"], palette.LIGHT["ground"]), "utf-8")
    (folder / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
    shutil.copytree(ROOT / "docs" / "start" / "pictures", folder / "pictures")
    gallery.write(folder, filled)
    shutil.copytree(ROOT / "docs" / "schemas", folder / "schemas")
    with tempfile.TemporaryDirectory() as work:
        assets = {
            "pithtex.css": docs_style(),
            "mark.svg": (folder / "mark.svg").read_text("utf-8"),
            "iframe-worker.js": (_HERE / "iframe-worker.js").read_text("utf-8"),
        }
        shutil.copytree(documentation.build(Path(work) / "work", assets), folder / "docs")
    (worker,) = (folder / "docs" / "assets" / "javascripts" / "workers").glob("search.*.min.js")
    (folder / "docs" / "assets" / "search.html").write_text(filled("search.html", WORKER=worker.name), "utf-8")
    for page in (folder / "docs").rglob("*.html"):
        up = "../" * len(page.relative_to(folder).parent.parts)
        # Links to the site's own pages have its address in Markdown; here they hold without a server, too.
        text = page.read_text("utf-8").replace(f'href="{addresses()["site"]}/', f'href="{up}')
        text = re.sub(r'href="((?:\.{1,2}/?)+)"', lambda link: f'href="{link[1].rstrip("/")}/index.html"', text)
        page.write_text(with_policy(text), "utf-8")


def main() -> int:
    """Builds beside the old one, and takes its place."""
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".site-") as folder:
        made = Path(folder) / "site"
        made.mkdir()
        try:
            write(made)
        except (RuntimeError, ValueError) as error:
            print(error, file=sys.stderr)
            return 1
        shutil.rmtree(SITE, ignore_errors=True)
        made.rename(SITE)
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file())
    print(f"wrote {SITE.relative_to(ROOT)}/: open site/index.html ({size / 1e6:.1f} MB)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
