"""What the scanner gathers from all files of one paper, before it becomes a `Manuscript`."""

from __future__ import annotations

from pithtex.limits import MAX_MACRO_CHARS, MAX_MACROS, MAX_USES
from pithtex.manuscript.source.model import Ignore, Macro, Problem, Use
from pithtex.manuscript.tokens import uncommented


class Paper:
    """What is gathered from all files of one paper."""

    def __init__(self) -> None:
        self.uses: dict[str, list[Use]] = {}
        self.macros: dict[str, Macro] = {}
        self.switches: dict[str, bool] = {}
        self.ignores: list[Ignore] = []
        self.problems: list[Problem] = []
        self.begins_at: int | None = None
        self.ended = False

    def add(self, use: Use) -> None:
        """Keeps a use, up to so many of one name."""
        uses = self.uses.setdefault(use.name, [])
        if len(uses) < MAX_USES:
            uses.append(use)

    def define(self, name: str, macro: Macro, *, keep: bool = False) -> None:
        """Keeps a macro; with `keep` an older one of that name stays."""
        if len(macro.body) > MAX_MACRO_CHARS or len(self.macros) >= MAX_MACROS or (keep and name in self.macros):
            return
        self.macros[name] = Macro(parameters=macro.parameters, default=macro.default, body=uncommented(macro.body))
