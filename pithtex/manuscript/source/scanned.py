"""What the scanner gathers from all files of one paper, before it becomes a `Manuscript`."""

from __future__ import annotations

from pithtex.limits import MAX_KEYS, MAX_MACRO_CHARS, MAX_MACROS, MAX_USES
from pithtex.manuscript.source.model import Ignore, Macro, Problem, Use
from pithtex.manuscript.source.referring import LABELS
from pithtex.manuscript.tokens import uncommented


class Paper:
    """What is gathered from all files of one paper."""

    def __init__(self) -> None:
        self.uses: dict[str, list[Use]] = {}
        self.macros: dict[str, Macro] = {}
        self.swallowing: dict[str, int] = {}
        """The paper's own commands that drop what they are given, and how many arguments that is."""
        self.switches: dict[str, bool] = {}
        self.ignores: list[Ignore] = []
        self.problems: list[Problem] = []
        self.named: dict[str, dict[str, list[Use]]] = {name: {} for name in LABELS}
        """By the command that names: the keys, and where each is given."""
        self.asked: dict[str, Use] = {}
        """The labels that are asked for, each where it is first."""
        self.cited: dict[str, Use] = {}
        """The entries that are asked for, each where it is first."""
        self.computed: set[str] = set()
        """What is named by keys that only TeX knows: names of commands."""
        self.environments: dict[str, Use] = {}
        """The environments, each where it is first."""
        self.excluded: set[str] = set()
        """Environments that the paper has print nothing (`\\excludecomment`)."""
        self.written: dict[str, str] = {}
        """Files that the paper writes by itself (`filecontents`), and what is in them."""
        self.unprinted: dict[str, list[tuple[int, int]]] = {}
        """By file: stretches that are not printed where they stand, or may not be; comments are not among them."""
        self.kept = 0
        self.begins_at: int | None = None
        self.ended = False

    def add(self, use: Use) -> None:
        """Keeps a use, up to so many of one name."""
        uses = self.uses.setdefault(use.name, [])
        if len(uses) < MAX_USES:
            uses.append(use)

    def keep(self, known: dict[str, list[Use]], key: str, use: Use) -> None:
        """Keeps where a key is given, up to so many of all."""
        self.kept += 1
        if self.kept <= MAX_KEYS:
            known.setdefault(key, []).append(use)
        else:
            self.computed.add(use.name)

    def keep_first(self, known: dict[str, Use], key: str, use: Use) -> None:
        """Keeps where a key is first asked for, up to so many of all."""
        if len(known) < MAX_KEYS:
            known[key] = use

    def define(self, name: str, macro: Macro, *, keep: bool = False) -> None:
        """Keeps a macro; with `keep` an older one of that name stays."""
        if len(macro.body) > MAX_MACRO_CHARS or len(self.macros) >= MAX_MACROS or (keep and name in self.macros):
            return
        self.macros[name] = Macro(parameters=macro.parameters, default=macro.default, body=uncommented(macro.body))
        mandatory = macro.parameters - (macro.default is not None)
        if mandatory > 0 and "#" not in macro.body:
            self.swallowing[name] = mandatory
        else:
            self.swallowing.pop(name, None)
