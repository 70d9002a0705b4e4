"""The part of the scanner that reads references: to files, labels and entries."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from pithtex.manuscript.arguments import Arguments
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.model import Reached, Use
from pithtex.manuscript.source.referring import ANIMATION, CITATIONS, LABELS, REFERENCES, REFERRING
from pithtex.manuscript.source.scanned import Paper
from pithtex.manuscript.tokens import uncommented

_KEY: Final = re.compile(r"\*?\{([^{}\\%#]{1,1000})\}")
"""A list of keys as nearly all are written."""
_TABLE: Final = re.compile(
    r"[3+]{0,2}\s{0,20}(?:\[[^\]]{0,2000}\]\s{0,20})?(?P<what>table|file|graphics)\s{0,20}"
    r"(?:\[[^\]]{0,2000}\]\s{0,20})?(?=\{)"
)
r"""What stands between pgfplots' `\\addplot` and the file of its table or of its picture."""
DRAWN_IN_PLOT: Final = "addplot graphics"
"""Under this name stand the pictures of plots."""
_OF_ANIMATIONS: Final = 3
"""Arguments of an animation up to its first number: the rate, the beginning of the names, and that."""
_VALUE: Final = r"(?:^|,)\s*(?:%s)\s*=\s*\{?([^,{}]{1,300})"
_COMMAND: Final = re.compile(r"\s*\\[A-Za-z@]+")
_MOST_OPTIONS: Final = 3


class Referring(Arguments, ABC):
    """Handlers by the name of the command: each takes a command in, and gives the position to go on from."""

    file: TexFile
    paper: Paper

    @property
    @abstractmethod
    def state(self) -> Reached:
        """Of the place where the scanner is."""

    @property
    def referring(self) -> dict[str, Callable[[str, int, int], int]]:
        """Returns the handlers of this part."""
        return {
            **dict.fromkeys(REFERRING, self._refer),
            **dict.fromkeys(LABELS, self._label),
            **dict.fromkeys(REFERENCES, self._ask),
            **dict.fromkeys(CITATIONS, self._ask),
            ANIMATION: self._animate,
            **dict.fromkeys(("setmainfont", "setsansfont", "setmonofont", "setmathfont", "fontspec"), self._font),
            "addplot": self._table,
            **dict.fromkeys(("pgfplotstableread", "pgfplotstabletypeset"), self._data),
        }

    def add(self, name: str, argument: str, options: str, span: tuple[int, int], state: Reached) -> Use:
        """Keeps a use of a command."""
        use = Use(
            name=name, argument=argument, options=options, state=state, file=self.file, start=span[0], end=span[1]
        )
        self.paper.add(use)
        return use

    def _refer(self, name: str, start: int, end: int) -> int:
        """Keeps the reference of a command that names a file; returns the position behind it, as all handlers do."""
        takes = REFERRING[name]
        position = end + self.text.startswith("*", end)
        for _ in range(takes.argument - 1):
            position, _more = self._behind_options(position)
            before = self.group(position)
            alone = _COMMAND.match(self.text, position)  # \newfontfamily\name{font}
            position = before[1] + 1 if before is not None else position if alone is None else alone.end()
        position, options = self._behind_options(position)
        if takes.optional:
            self.add(name, options.strip(), "", (start, position), self.state)
            return position
        for _ in range(1 + takes.more):
            group = self.group(position)
            if group is None:
                return end
            argument = uncommented(self.text[group[0] : group[1]]).strip()
            if takes.keys is not None:
                found = re.search(_VALUE % "|".join(takes.keys), argument)
                argument = found[1].strip() if found is not None else ""
            self.add(name, argument, options, (start, group[1] + 1), self.state)
            position = group[1] + 1
        return position

    def _animate(self, name: str, start: int, end: int) -> int:
        """Keeps the first file of an animation, named by the beginning of the names and the first number."""
        position, parts = end, []
        for _ in range(_OF_ANIMATIONS):
            position, _options = self._behind_options(position)
            group = self.group(position)
            if group is None:
                return end
            parts.append(self.text[group[0] : group[1]].strip())
            position = group[1] + 1
        self.add(name, parts[1] + parts[2], "", (start, position), self.state)
        return position

    def _font(self, name: str, start: int, end: int) -> int:
        """Keeps a font of fontspec, with folder and ending from the options before or behind it."""
        position, before = self._behind_options(end + self.text.startswith("*", end))
        group = self.group(position)
        if group is None:
            return end
        argument = uncommented(self.text[group[0] : group[1]]).strip()
        position, behind = self._behind_options(group[1] + 1)
        options = f"{before},{behind}"
        path, ending = (re.search(_VALUE % key, options) for key in ("Path|ExternalLocation", "Extension"))
        if path is not None:
            argument = f"{path[1].strip().rstrip('/')}/{argument}{'' if ending is None else ending[1].strip()}"
        self.add(name, argument, options, (start, position), self.state)
        return position

    def _behind_options(self, position: int) -> tuple[int, str]:
        """Behind arguments in brackets, and the last of them."""
        options = ""
        for _ in range(_MOST_OPTIONS):
            position, more = self.optional(position)
            if more is None:
                break
            options = more
        return position, options

    def overpic(self, name: str, start: int, end: int) -> int:
        """Keeps the figure that an environment draws over."""
        position, options = self.optional(end)
        group = self.group(position)
        if group is None:
            return end
        self.add("overpic", self.text[group[0] : group[1]].strip(), options or "", (start, group[1] + 1), self.state)
        return group[1] + 1

    def _label(self, name: str, start: int, end: int) -> int:
        key = _KEY.match(self.text, end)
        if key is None:
            position, _ = self.optional(end)
            group = self.group(position)
            if group is None:
                return end
            text, after = uncommented(self.text[group[0] : group[1]]).strip(), group[1] + 1
        else:
            text, after = key[1], key.end()
        if "\\" in text or "#" in text:
            self.paper.computed.add(name)
        else:
            key_text = " ".join(text.split())
            self.paper.keep(self.paper.named[name], key_text, self._use_of(name, key_text, start, after))
        return after

    def _ask(self, name: str, start: int, end: int) -> int:
        key = _KEY.match(self.text, end)
        if key is None:
            position = end + self.text.startswith("*", end)
            for _ in range(2):
                position, _found = self.optional(position)
            key = _KEY.match(self.text, position)
            if key is None:
                return end
        asked = self.paper.cited if name in CITATIONS else self.paper.asked
        if key[1] not in asked and self.state is Reached.ACTIVE:
            for text in (" ".join(part.split()) for part in key[1].split(",")):
                if text and text not in asked:
                    self.paper.keep_first(asked, text, self._use_of(name, text, start, key.end()))
        return key.end()

    def _use_of(self, name: str, text: str, start: int, end: int) -> Use:
        return Use(name=name, argument=text, state=self.state, file=self.file, start=start, end=end)

    def _table(self, name: str, start: int, end: int) -> int:
        table = _TABLE.match(self.text, end)
        if table is None:
            return end
        return self._data(DRAWN_IN_PLOT if table["what"] == "graphics" else name, start, table.end())

    def _data(self, name: str, start: int, end: int) -> int:
        """Keeps a file of data; data that stand in the source itself are passed over."""
        position, options = self.optional(end)
        group = self.group(position)
        if group is None:
            return end
        argument = self.text[group[0] : group[1]].strip()
        if "\n" not in argument:
            self.add(name, argument, options or "", (start, group[1] + 1), self.state)
        return group[1] + 1
