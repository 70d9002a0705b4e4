"""Every text of the program side by side: `python -m tests.golden.messages` writes tests/golden/messages.txt.

A literal of the code is a text if it reads as prose: it has two words with a space between them, and is neither a
docstring nor a pattern nor program text. What is put in at run time is in braces. The texts of templates, of the
browser's scripts and of pith.sty follow.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

GOLDEN = ROOT / "tests" / "golden" / "messages.txt"
_PROSE = re.compile(r"[a-z,;:.)'}] [a-z'({]|^[A-Z][a-z]+ [a-z]")
_CODE = re.compile(
    r"\\[sdwbAZ]\b|\(\?|\[\^|</|/>|^\s*[{<]|\\(?:def|csname|relax|begin|ifx|noexpand)\b|=\"|\bobj\b|;$|"
    r"function ?\(|^\$ |^(?:select|update|pragma|insert|create|delete) |"
    r"^/\* <|^[a-z]+ 'none'; |'none'; |^application/|"
    r"^import |\bimport \w+ from\b|^(?:font|color|fill)-?\w*:"
)
_JOINING = re.compile(r"\b(?:an?|the|of|in|to|for|and|or|not|no|it|is|by|with|from|as|at|on|than|more|its|be)\b")
_SKIPPED = ("unicode_table.py", "snippets/machine.py", "pictures/metrics.py", "pdf/appearance/glyph_names.py")
_HEAD = """\
All texts that the program shows, by the file that has them; {...} is put in at run time. Written by
`python -m tests.golden.messages`, compared by tests/golden/test_messages.py. The pages of findings are in
pithtex/report/explanations.txt and docs/reference/presubmit.md.
"""


def page() -> str:
    """The whole file."""
    parts = [_HEAD]
    for path, found in sources():
        lines = list(dict.fromkeys(found))
        if lines:
            parts.append(f"\n## {path}\n\n" + "".join(f"{_shown(text)}\n" for text in lines))
    return "".join(parts)


def sources() -> Iterator[tuple[str, list[str]]]:
    """Each file that has texts, with these in their order."""
    for path in sorted((ROOT / "pithtex").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.endswith(_SKIPPED):
            yield name, list(_python(path))
    for path in sorted((ROOT / "pithtex").rglob("*.j2")):
        yield path.relative_to(ROOT).as_posix(), list(_template(path))
    for path in sorted((ROOT / "pithtex" / "browser").rglob("*.js")):
        if not path.name.endswith(".min.js") and "badge" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), list(_script(path))
    yield "latex/pith.dtx", list(_package(ROOT / "latex" / "pith.dtx"))


def _python(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    skipped = {id(node) for node in ast.walk(tree) for node in _unread(node)}
    for node in _in_order(tree, skipped):
        text = _text_of(node)
        if text is not None and _PROSE.search(text) and not _CODE.search(text) and not _is_list(text):
            yield text


def _is_list(text: str) -> bool:
    """Whether it is a list of names, as of commands: several words, and none that joins them."""
    return len(text.split()) > 3 and not _JOINING.search(text) and not re.search(r"[.,;:!?{(]", text)


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """What is no text below a node: docstrings, and what patterns are made of."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
        yield from ast.walk(node)
    if isinstance(node, ast.Attribute) and node.attr == "split":
        yield node.value


def _in_order(tree: ast.AST, skipped: set[int]) -> Iterator[ast.AST]:
    """The literals, the outermost alone, by their place."""
    for node in ast.iter_child_nodes(tree):
        if id(node) in skipped:
            continue
        if _text_of(node) is not None:
            yield node
            if isinstance(node, ast.JoinedStr):  # what stands within its braces may have literals too
                for part in node.values:
                    if isinstance(part, ast.FormattedValue):
                        yield from _in_order(part.value, skipped)
        else:
            yield from _in_order(node, skipped)


def _text_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else _put_in(part) for part in node.values)
    return None


def _put_in(part: ast.expr) -> str:
    """What is put in: in braces, and in quotation marks where it gets these."""
    assert isinstance(part, ast.FormattedValue)
    quote = "'" if part.conversion == ord("r") else ""
    return f"{quote}{{{ast.unparse(part.value)}}}{quote}"


def _template(path: Path) -> Iterator[str]:
    text = re.sub(r"(?s)<style.*?</style>|\{%.*?%\}|\{#.*?#\}", "", path.read_text("utf-8"))
    for part in re.split(r"<[^>]*>", re.sub(r"\{\{\s*(.*?)\s*\}\}", r"{\1}", text)):
        line = " ".join(part.split())
        if _PROSE.search(line) and path.name.endswith(".html.j2"):
            yield line


def _script(path: Path) -> Iterator[str]:
    text = re.sub(r"(?m)^\s*(?:\*|//|/\*\*).*$", "", path.read_text("utf-8"))
    for found in re.finditer(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\\n]|\\.)*)`', text):
        line = (found[1] or found[2] or "").replace("${", "{").replace("\\u2019", "'").replace("\\u2026", "...")
        if _PROSE.search(line) and not _CODE.search(line):
            yield line


def _package(path: Path) -> Iterator[str]:
    text = path.read_text("utf-8")
    for found in re.finditer(r"\\msg_(?:new|set):n{3,4}\s*\{ pith \} \{ ([\w-]+) \}(.*?)(?=\n\\|\n%)", text, re.DOTALL):
        line = " ".join(found[2].replace("~", " ").replace("\\iow_newline:", " ").split())
        yield f"{found[1]}: {line}"


def _shown(text: str) -> str:
    """On one line, or a paragraph that is indented where the text has lines of its own, as help texts do."""
    lines = text.strip("\n").splitlines()
    return lines[0].strip() if len(lines) == 1 else "\n".join(f"    {line}".rstrip() for line in lines) + "\n"


if __name__ == "__main__":
    GOLDEN.write_text(page(), encoding="utf-8")
