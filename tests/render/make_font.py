"""Writes render/pictures/font: a part of DejaVu Sans, its widths, its licence. `python -m tests.render.make_font`.

Source: Debian's fonts-dejavu-core 2.37 (https://dejavu-fonts.github.io/). The pictures' text is measured with the
table; the font is for PNGs, so that they are the same on every machine. Run it again to take in more characters.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from tests.conftest import ROOT

SOURCE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
LICENCE = Path("/usr/share/doc/fonts-dejavu-core/copyright")
FOLDER = ROOT / "pithtex" / "render" / "pictures" / "font"
RANGES = (
    (0x0020, 0x007E),
    (0x00A0, 0x017F),
    (0x0218, 0x021B),
    (0x0370, 0x03FF),
    (0x0400, 0x045F),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2122, 0x2122),
    (0x2190, 0x2194),
    (0x2202, 0x2265),
)
"""Latin, Greek, Cyrillic, punctuation, and the signs that titles have."""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True, name_IDs=["*"])
    options.drop_tables += ["GPOS", "GSUB", "GDEF", "kern", "FFTM"]  # each letter at its advance, nothing else
    font = TTFont(SOURCE, recalcTimestamp=False)
    part = subset.Subsetter(options)
    part.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    part.subset(font)
    font.save(FOLDER / "DejaVuSans-part.ttf")
    names = font.getBestCmap()
    advances = {code: font["hmtx"][names[code]][0] for code in sorted(names)}
    rows = []
    for first, last in RANGES:
        codes = [code for code in range(first, last + 1) if code in advances]
        runs: list[list[int]] = []
        for code in codes:
            if runs and code == runs[-1][0] + len(runs[-1]) - 1:
                runs[-1].append(advances[code])
            else:
                runs.append([code, advances[code]])
        rows.extend(runs)
    head = {
        "source": "DejaVu Sans 2.37 (https://dejavu-fonts.github.io/), by tests/render/make_font.py",
        "licence": "LICENSE-DejaVu.txt",
        "units_per_em": font["head"].unitsPerEm,
    }
    text = json.dumps(head, indent=1)[:-2]
    lines = ",\n".join("  " + json.dumps(row, separators=(",", ":")) for row in rows)
    (FOLDER / "widths.json").write_text(f'{text},\n "rows": [\n{lines}\n ]\n}}\n')
    licence = LICENCE.read_text().partition("Files: *\n")[2].partition("\nFiles: debian")[0]
    plain = re.sub(r"^ \.$", "", licence, flags=re.MULTILINE)
    note = "Of DejaVuSans-part.ttf, a part of DejaVu Sans 2.37, and widths.json, its advance widths:\n\n"
    (FOLDER / "LICENSE-DejaVu.txt").write_text(note + plain.strip() + "\n")


if __name__ == "__main__":
    main()
