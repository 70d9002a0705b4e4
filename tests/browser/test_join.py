"""Modules joined into one script: in order, each once; and what the joiner does not understand is refused."""

from __future__ import annotations

import re
import subprocess

import pytest

from pithtex.browser import scripts
from pithtex.browser.constants import MODULE, constants
from pithtex.browser.join import Joined, join
from pithtex.format.keys import PINNED_KEY
from tests.conftest import ROOT

SOURCES = {
    "main.js": 'import { twice } from "./a/twice.js";\nimport { ONE } from "./one.js";\n\nconsole.log(twice(ONE));\n',
    "a/twice.js": (
        'import { FACTOR } from "../constants.js";\nimport {\n  ONE,\n} from "../one.js";\n'
        '/** @import { Number } from "../types.js" */\n\n'
        "export const twice = (value) => FACTOR * value * ONE;\n"
    ),
    "one.js": "export const ONE = 21;\nasync function unused() {}\n",
}


def joined(**changes: str) -> Joined:
    """The sources with other texts in place of some: `main`, `twice`, `one`."""
    names = {"main": "main.js", "twice": "a/twice.js", "one": "one.js"}
    texts = SOURCES | {names[key]: text for key, text in changes.items()}
    return join(["main.js"], texts.__getitem__, given="constants.js")


def test_what_a_module_needs_stands_before_it() -> None:
    result = joined()
    assert result.modules == ("one.js", "a/twice.js", "main.js")
    assert result.given == {"FACTOR"}
    assert "import" not in result.code
    assert "export" not in result.code
    code = f"const FACTOR = 2;\n{result.code}"
    assert subprocess.run(["node", "-e", code], capture_output=True, check=True).stdout == b"882\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("export const ONE = 1;\nconst twice = 2;\n", "twice is declared in one.js and in a/twice.js"),
        ("export const ONE = 1;\nfunction ONE() {}\n", "ONE is declared in one.js and in one.js"),
        ("export const ONE = 1;\nlet FACTOR = 2;\n", "given, and declared in a module: FACTOR"),
        ("const ONE = 1;\n", "one.js does not export ONE"),
        (
            'import { twice } from "./a/twice.js";\nexport const ONE = 1;\n',
            "in a circle: main.js -> a/twice.js -> one.js",
        ),
        *(
            (f"export const ONE = 1;\n{line}\n", "one.js: not understood")
            for line in (
                'import * as all from "./other.js";',
                'import other from "./other.js";',
                'import { a as b } from "./other.js";',
                'import { a } from "other";',
                'import "./other.js";',
                'const other = await import("./other.js");',
                "const here = import.meta.url;",
                "export default 1;",
                "export { ONE };",
                'export * from "./other.js";',
                "const { a, b } = {};",
                "let [a] = [1];",
                "var a = 1;",
                "  export const a = 1;",
            )
        ),
    ],
)
def test_what_is_not_understood_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        joined(one=text)


def test_every_module_is_of_the_page_or_of_the_badge() -> None:
    """No module is left that nothing imports."""
    folder = ROOT / "pithtex" / "browser"
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.js") if not path.name.endswith(".min.js")}
    used = join([scripts.BADGE, scripts.PAGE], scripts.part, given=MODULE)
    assert set(used.modules) == there


def test_every_constant_is_declared_and_used() -> None:
    """Python's table, its types and what the modules import are one list."""
    types = re.findall(r"^export const (\w+)", scripts.part("constants.d.ts"), re.MULTILINE)
    used = join([scripts.BADGE, scripts.PAGE], scripts.part, given=MODULE)
    assert set(types) == set(constants([PINNED_KEY])) == used.given
