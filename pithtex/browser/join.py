"""Joins ES modules into the text of one classic script: modules do not load from the file system, and pages do.

What is understood is what the scripts here use: named imports of relative modules at the beginning of a line, `export`
before a declaration, one declaration a name. Anything else of ECMAScript's module syntax (ECMA-262, 16.2) is refused,
and so are circles and two declarations of one name, which would be one name in the joined script. Lines of a text that
begin as a declaration does are taken for one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

_IMPORT: Final = re.compile(r'^import \{([\w$,\s]+)\} from "(\.{1,2}/[\w./-]+\.js)";\n', re.MULTILINE)
_TYPES: Final = re.compile(r"^/\*\* @import \{[^}]*\} from \"[^\"]*\" \*/\n", re.MULTILINE)
_DECLARED: Final = re.compile(
    r"^(export )?(?:(?:async )?function\*? |class |(?:const|let) (?=[\w$]+(?: =|;)))([\w$]+)", re.MULTILINE
)
_BEGINS: Final = re.compile(r"^(?:export |import |(?:async )?function\b|class |const |let |var )", re.MULTILINE)
_NOT_UNDERSTOOD: Final = re.compile(r"\bimport\s*[.(]|^\s*export\b", re.MULTILINE)


@dataclass(frozen=True)
class _Module:
    """A module without its imports and exports, and what it takes and gives."""

    code: str
    imports: dict[str, tuple[str, ...]]
    """By the name of a module: what is taken from it."""
    names: tuple[str, ...]
    """What it declares at its top level."""
    exports: frozenset[str]


@dataclass(frozen=True)
class Joined:
    """Modules in an order in which each stands after what it needs."""

    code: str
    given: frozenset[str]
    """What is imported from the module that is given."""
    modules: tuple[str, ...]


def join(entries: Iterable[str], read: Callable[[str], str], *, given: str) -> Joined:
    """The modules of some entries and of all that these import, each once.

    Args:
        entries: names of modules, as paths below one folder.
        read: the text of a module, by its name.
        given: the module that is not a file; what is imported from it is named in the result.

    Raises:
        ValueError: something that is not understood, a circle, a name that is declared twice or not exported.
    """
    modules: dict[str, _Module] = {}
    for entry in entries:
        _add(entry, (), modules, read, given)
    declared: dict[str, str] = {}
    for name, module in modules.items():
        for each in module.names:
            if each in declared:
                raise ValueError(f"{each} is declared in {declared[each]} and in {name}")
            declared[each] = name
    wanted = frozenset(each for module in modules.values() for each in module.imports.get(given, ()))
    if twice := wanted & declared.keys():
        raise ValueError(f"given, and declared in a module: {', '.join(sorted(twice))}")
    code = "".join(f"// ---- {name}\n\n{module.code.strip()}\n\n" for name, module in modules.items())
    return Joined(code, wanted, tuple(modules))


def _add(name: str, path: tuple[str, ...], modules: dict[str, _Module], read: Callable[[str], str], given: str) -> None:
    """Adds a module after those that it imports. `path`: the modules that wait for it."""
    if name in path:
        raise ValueError(f"modules in a circle: {' -> '.join((*path, name))}")
    if name in modules:
        return
    module = _parse(name, read(name))
    for source, names in module.imports.items():
        if source == given:
            continue
        _add(source, (*path, name), modules, read, given)
        if missing := set(names) - modules[source].exports:
            raise ValueError(f"{name}: {source} does not export {', '.join(sorted(missing))}")
    modules[name] = module


def _parse(name: str, text: str) -> _Module:
    imports: dict[str, tuple[str, ...]] = {}
    for match in _IMPORT.finditer(text):
        source = posixpath.normpath(posixpath.join(posixpath.dirname(name), match[2]))
        names = tuple(each.strip() for each in match[1].split(",") if each.strip())
        if source in imports or not all(each.isidentifier() for each in names):
            raise ValueError(f"{name}: not understood: {match[0].strip()}")
        imports[source] = names
    code = _TYPES.sub("", _IMPORT.sub("", text))
    found = {match.start(): match for match in _DECLARED.finditer(code)}
    for begin in _BEGINS.finditer(code):
        if begin.start() not in found:
            raise ValueError(f"{name}: not understood: {code[begin.start() :].partition(chr(10))[0]}")
    names = tuple(match[2] for match in found.values())
    exports = frozenset(match[2] for match in found.values() if match[1])
    code = re.sub(r"^export ", "", code, flags=re.MULTILINE)
    if left := _NOT_UNDERSTOOD.search(code):
        raise ValueError(f"{name}: not understood: {left[0].strip()}")
    return _Module(code, imports, names, exports)
