"""The programs of docs/how-to/cluster.md for Ray and Spark, run: `python -m tests.audit.recipes PYTHON`.

PYTHON is an interpreter that has this package, ray and pyspark (with Java): too large to install for every test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.audit.papers import EXAMPLES, words
from tests.audit.papers import audit as audited
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "how-to" / "cluster.md").read_text("utf-8")


def main() -> None:
    """Runs them on a few papers, and compares with what `pithtex audit` says."""
    python = Path(sys.argv[1]).absolute()
    ray, spark = re.findall(r"```py\n(.*?)```", PAGE, re.S)
    (rename,) = re.findall(r"^    (for part in .*)$", PAGE, re.M)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        (work / "repository").mkdir()
        for paper in EXAMPLES:
            shutil.copy(paper, work / "repository" / f"{paper.parent.name}.pdf")
        (work / "repository" / "junk.pdf").write_bytes(b"junk")
        audited(work / "repository", "-o", work / "audit")
        env = {**os.environ, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
        for engine, program in (("ray", ray), ("spark", spark)):
            (work / f"{engine}_audit.py").write_text(program)
            subprocess.run([python, f"{engine}_audit.py"], cwd=work, env=env, check=True)
            subprocess.run(["sh", "-c", rename], cwd=work, check=engine == "spark")
            found = words(work / f"audit-{engine}")
            assert found == words(work / "audit"), found
            print(f"{engine}: {found}")


if __name__ == "__main__":
    main()
