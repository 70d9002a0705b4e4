"""Command lines at random: `python -m tests.fuzz.command_line COUNT [FIRST] [--processes]`.

The law: whatever is given, a command ends with a documented exit code and without a traceback; `--json` prints one
document; `--quiet` prints nothing where all is good; and no control sequence of an input reaches a terminal.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from pithtex.cli.main import main as pithtex
from pithtex.render.formats import BY_NAME
from tests import signing
from tests.conftest import BUNDLE_FILE, DATA, RECORD_FILES, ROOT

_LINES: Final = "\\usepackage{pith}\n\\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}\n"
_HOSTILE: Final = "Evil \x1b]0;x\x07\x1b[2J\u202e\x9b31m\ntitle"
_RAW: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NUMBER: Final = "CNPMIFD42NONUMCBYNP4XLPY53"
_ODD: Final = (
    "",
    " ",
    "-",
    "--",
    "-1",
    "0",
    "1e999",
    "9" * 4000,
    "nan",
    "\x1b[31m",
    "x" * 300,
    "../..",
    ".",
    "/",
    "a,b",
)
_INSIDE: Final = tuple(word for word in _ODD if word not in {"/", "../.."})
"""For what reads all files of a folder: not those of the machine."""
_IDS: Final = ("2606.01751", _NUMBER, f"pith:2026:{_NUMBER}", "CNPMIFD4", "9999.99999", "10.48550/arXiv.2606.01751v7")
_NAMES: Final = ("caf\udce9", "\u65e5\u672c", "-x", "\x1b[2J", "new\nline", "\u202egnp", "a b", "%s{0}")
_OUTPUTS: Final = (
    "out/file",
    "out",
    "missing/x",
    "null",
    "full",
    "loop",
    "-",
    "",
    "x" * 300,
    "/sys/x",
    "record0.json/x",
)
_PLACES: Final = ("null", "loop", "away", "loop/x", "missing", "-", "", "x" * 300)
_COMMON: Final = {"--json": None, "-q": None, "--color": ("auto", "never")}
_FORMAT: Final = {"--format": ("text", "json", "jsonl", "sarif", "github", "odd")}
_NETWORK: Final = {"--offline": None, "--mirror": ("files", "odd"), "--timeout": ("odd",)}


class _Command(NamedTuple):
    words: tuple[str, ...]
    arguments: tuple[str, ...]
    """Kinds of what may follow, each any number of times."""
    options: dict[str, object]


COMMANDS: Final = (
    _Command(
        ("verify",),
        ("files",),
        {"--explain": None, "--merge": None, "-o": "outputs", "--ots": "files", "--failures": None} | _FORMAT,
    ),
    _Command(("verify",), ("files",), {"--header": ("files", "odd"), "--ots": "files"}),
    _Command(("check",), ("files",), {"--record": "files", "--expect": ("ids", "odd"), "--allow": "odd"} | _FORMAT),
    _Command(("check",), ("files",), {"--html": "outputs", "--online": None, "--password-file": "files"} | _FORMAT),
    *(
        _Command(("audit", "--add", "-o", output), ("files", "inside"), {"--manifest": "files"})
        for output in ("out/a", "null", "full")
    ),
    _Command(
        ("audit",),
        ("files", "inside"),
        {"-o": "outputs", "--files-from": "files", "--manifest": "files", "--again": "odd", "--timeout": "odd"},
    ),
    _Command(("show",), ("files", "ids", "odd"), {"--online": None, "--standing": None} | _NETWORK),
    _Command(("generate",), ("files",), {"-o": "outputs", "--status": None, "--claimed": None}),
    _Command(("badge",), ("files",), {"--format": (*BY_NAME, "odd"), "-o": "outputs"}),
    _Command(("decode",), ("files", "ids", "odd"), {"--mirror": "odd"}),
    _Command(("resolve",), ("ids", "odd"), {"-o": "outputs", "--bundle": None, "--jobs": "odd"} | _NETWORK),
    _Command(("add",), ("ids", "files"), {"--yes": None, "--dry-run": None, "--allow-anonymous": None} | _NETWORK),
    _Command(("remove",), ("files",), {"--yes": None, "--dry-run": None}),
    _Command(
        ("presubmit",),
        ("files",),
        {"--record": "files", "--fix": None, "--files": None, "--summary": "outputs"} | _FORMAT,
    ),
    _Command(("presubmit",), ("files",), {"--select": "odd", "--ignore": "odd", "--expect": "ids", "--pack": "odd"}),
    *(_Command(("store", action), (), {"-o": "outputs"}) for action in ("list", "path", "verify", "prune", "export")),
    _Command(("store", "import"), ("files",), {}),
    _Command(("mirror", "export"), ("outputs",), {"--base-url": "odd", "--name": "odd"}),
    _Command(("keys",), (), {"--key": "files", "--color": "odd"}),
    _Command(("explain",), ("odd", "files"), {}),
    _Command(("completion",), ("bash", "zsh", "fish", "odd"), {}),
    _Command(("verify-page",), (), {"-o": "outputs"}),
    _Command((), ("odd", "ids"), {"--version": None, "--help": None}),
)


FUZZED: Final = frozenset(command.words for command in COMMANDS)
"""The commands that are tried; tests/cli/test_docs.py says which is missing."""


def make_world(folder: Path) -> list[str]:
    """Fills a folder with what may be given to commands; their names."""
    bundle = BUNDLE_FILE.read_bytes()
    texts = {"main.tex": (ROOT / "examples" / "sparsex" / "main.tex").read_bytes(), "junk.bin": bytes(range(256)) * 9}
    texts |= {"cut.json": bundle[:900], "nul.json": b'{"a": "\\u0000\0"}', "deep.json": b"[" * 100_000, "empty": b""}
    texts |= {"hostile.json": json.dumps(signing.record_document(_HOSTILE)).encode(), "list.json": b"[1, {}, null]"}
    texts |= {f"record{index}.json": path.read_bytes() for index, path in enumerate(RECORD_FILES)}
    texts |= {"bundle.json": bundle, "paper.pdf": (ROOT / "examples" / "sparsex" / "main.pdf").read_bytes()}
    texts |= {"cut.pdf": texts["paper.pdf"][:5000], "number.json": b"1" * 5000, "vector.json": _vector()}
    texts |= {f"{name}.json": bundle for name in _NAMES} | {f"{name}.tex": texts["main.tex"] for name in _NAMES}
    for name, data in texts.items():
        (folder / name).write_bytes(data)
    plain = texts["main.tex"].decode().replace(_LINES, "")
    odd = f"\\documentclass{{article}}\\title{{{_HOSTILE}}}\n\\begin{{document}}\\input{{\x1b[2J}}\\end{{document}}"
    settings = {"paper": "", "odd paper": 'ignore = "PITH6"', "nul paper": 'main = "a\\u0000b"'}
    settings |= {"nul record": 'record = ["a\\u0000b"]', "raw paper": 'main = "\\u001b[2J"', "no paper": "\x1b[2J"}
    for name, setting in settings.items():
        (folder / name).mkdir()
        (folder / name / "main.tex").write_text(odd if name == "odd paper" else plain)
        (folder / name / ".pithtex.toml").write_text(setting)
    (folder / "out").mkdir()
    for name, target in {"null": "/dev/null", "full": "/dev/full", "loop": "loop", "away": "nowhere"}.items():
        (folder / name).symlink_to(target)
    return [*texts, *settings, *["record0.json", "bundle.json", "paper", "odd paper", "paper.pdf"] * 3, *_PLACES]


def _vector() -> bytes:
    return (DATA / "vectors" / "integrity-2604.20237.json").read_bytes()


def words_of(seed: int, files: list[str]) -> list[str]:
    """The arguments of one call."""
    chance = random.Random(seed)
    pools = {"files": files, "odd": _ODD, "inside": _INSIDE, "ids": _IDS, "outputs": _OUTPUTS}
    command = chance.choice(COMMANDS)

    def pick(kinds: object) -> str:
        kind = chance.choice(kinds) if isinstance(kinds, tuple) else kinds
        return chance.choice(pools[kind]) if kind in pools else str(kind)

    parts = [[pick(command.arguments)] for _ in range(chance.choice((0, *[1] * 9, 2))) if command.arguments]
    options = command.options | _COMMON
    chosen = chance.sample(sorted(options), min(chance.choice((0, 1, 1, 2, 3)), len(options)))
    parts += [[name] if options[name] is None else [name, pick(options[name])] for name in chosen]
    if "badge" in command.words and chance.random() < 0.8:
        parts.append(["--format", "md"])
    chance.shuffle(parts)
    return [*command.words, *(word for part in parts for word in part)]


def broken(words: list[str], code: int, out: str, err: str) -> str:
    """Which part of the law a call breaks; empty where none."""
    plain = not {"--help", "--version"} & set(words)
    options = words[: words.index("--")] if "--" in words else words
    if "Traceback" in err or "error of pithtex itself" in err:
        return "traceback"
    if code not in {0, 1, 2, 3}:
        return f"exit code {code}"
    if plain and ("--json" in options) and not _is_document(out):
        return "no JSON document"
    asked = bool({"badge", "completion", "verify-page", "export", "-"} & set(options))
    if plain and "-q" in options and code == 0 and (err or (out and not asked)):
        return "not quiet"
    if _RAW.search(out + err) and not {"qr", "png", "svg", "export"} & set(words):
        return "raw control characters"
    return ""


def _is_document(out: str) -> bool:
    try:
        return json.loads(out)["schema"] == "pithtex/1"
    except (ValueError, KeyError, TypeError):
        return False


def call(words: list[str]) -> tuple[int, str, str]:
    """Runs the command line here, with the bundle on standard input."""
    before = sys.stdin, sys.stdout, sys.stderr
    given = io.TextIOWrapper(io.BytesIO(BUNDLE_FILE.read_bytes()))
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", newline="") for _ in range(2))
    sys.stdin, sys.stdout, sys.stderr = given, out, err
    try:
        code = int(pithtex(words))
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    return code, _text(out), _text(err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.buffer.read().decode("utf-8", "replace")


def call_process(words: list[str]) -> tuple[int, str, str]:
    """Runs the command line in a process of its own."""
    command = [sys.executable, "-m", "pithtex", *words]
    done = subprocess.run(command, input=BUNDLE_FILE.read_bytes(), capture_output=True, check=False, timeout=120)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


@contextmanager
def world() -> Iterator[list[str]]:
    """A folder with all of that, which is the current one meanwhile; with a store, and without a network."""
    before, environment = Path.cwd(), dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="pithtex-fuzz-") as name:
        files = make_world(Path(name))
        os.environ |= {"PITHTEX_OFFLINE": "1", "PITHTEX_HOME": f"{name}/store", "PITHTEX_CONFIG_DIR": f"{name}/none"}
        os.chdir(name)
        call(["store", "import", "bundle.json"])
        try:
            yield files
        finally:
            os.chdir(before)
            os.environ.clear()
            os.environ |= environment


def main(count: int, first: int, *, processes: bool) -> int:
    """Runs that many calls; prints what breaks the law, and counts."""
    codes: Counter[int] = Counter()
    faults = 0
    with world() as files:
        for seed in range(first, first + count):
            words = words_of(seed, files)
            code, out, err = (call_process if processes else call)(words)
            codes[code] += 1
            fault = broken(words, code, out, err)
            if fault:
                faults += 1
                print(f"{seed}: {fault}: {words!r}\n{out[-300:]!r}\n{err[-600:]!r}", flush=True)
    print(f"{dict(sorted(codes.items()))}; faults {faults}")
    return 1 if faults else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    sys.exit(main(numbers[0], numbers[1] if len(numbers) > 1 else 0, processes="--processes" in sys.argv))
