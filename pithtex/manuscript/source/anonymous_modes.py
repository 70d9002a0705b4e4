"""The anonymous modes of classes and styles: one table for the sources here, and for what pith.sty sees when it runs.

`sign` is the name that latex/pith.dtx gives the mode (section "Anonymity"), and empty if pith.sty has no rule of the
style and goes by the roots of its options and switches; a test compares both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from pithtex.manuscript.source.model import Manuscript, Reached, Use
from pithtex.structs import NamedTuple, struct


class Row(NamedTuple):
    """A class or style, by its file's name, and what switches its mode on or off."""

    sign: str
    name: re.Pattern[str]
    hides: frozenset[str] = frozenset()
    """Options that make the paper anonymous."""
    shows: frozenset[str] = frozenset()
    """Options that do not; where a row has any, or commands, the paper is anonymous without them."""
    commands: tuple[str, ...] = ()
    """Commands that do not."""
    is_class: bool = False


def _row(
    sign: str,
    name: str,
    hides: Iterable[str] = (),
    shows: Iterable[str] = (),
    commands: tuple[str, ...] = (),
    *,
    is_class: bool = False,
) -> Row:
    return Row(sign, re.compile(name, re.I), frozenset(hides), frozenset(shows), commands, is_class)


_HIDING: Final = ("anonymous", "anon", "blind", "doubleblind", "double-blind")
"""Options that make a paper anonymous whatever the class or style."""
MODES: Final = (
    _row("acmart, anonymous", "acmart", {"anonymous"}, is_class=True),
    _row("lipics, anonymous", "(?:lipics|oasics).*", {"anonymous"}, is_class=True),
    _row("elsarticle, doubleblind", "elsarticle.*", {"doubleblind"}, is_class=True),
    _row("CAS, doubleblind", "cas-.*", {"doubleblind"}, is_class=True),
    _row("apa, mask", "apa[67].*", {"mask"}, is_class=True),
    _row("the class, anonymous", ".*", _HIDING, is_class=True),
    _row("", "(?!pith$).*", _HIDING),
    _row("ACL, review", "(?:acl|emnlp|naacl|eacl|aacl|conll|coling|ijcnlp)(?:20[0-9]{2})?|acl_natbib", {"review"}),
    _row("", "lrec[-a-z]*20[0-9]{2}.*", {"review"}),
    _row("", "tacl20[0-9]{2}v[0-9]+", shows={"acceptedWithA", "acceptedWithB", "accepted"}),
    # The styles of ACL from before the option `review`.
    _row(
        "ACL, review",
        "(?:acl|emnlp|naaclhlt|conll)201[89]|(?:acl|emnlp)2020|eacl2021",
        commands=("aclfinalcopy",),
    ),
    _row("CVPR, review", "(?:cvpr|3dv)(?:20[0-9]{2})?", {"review", "rebuttal"}),
    _row("ICCV, review", "iccv(?:20[0-9]{2})?", {"review", "rebuttal"}),
    _row("WACV, review", "wacv(?:20[0-9]{2})?", {"review", "rebuttal"}),
    _row("ECCV, review", "(?:eccv|accv)(?:20[0-9]{2})?", {"review"}),
    _row("BMVC, review", "bmvc.*", {"review"}),
    _row("AAAI, submission", "aaai[0-9]{2,4}", {"submission"}),
    _row(
        "NeurIPS submission",
        r"(?:neurips|nips)_?20[0-9]{2}(?:_\w+)?",
        shows={"final", "preprint", "nonanonymous", "creativeai", "dandb"},
    ),
    _row("ICML submission", r"icml20[0-9]{2}(?:_\w+)?", shows={"accepted", "preprint"}, commands=("isaccepted",)),
    _row("ICLR submission", r"iclr20[0-9]{2}_\w+", commands=("iclrfinalcopy",)),
    _row("COLM submission", r"colm20[0-9]{2}_\w+", shows={"final", "preprint"}, commands=("colmfinalcopy",)),
    _row("TMLR submission", "tmlr", shows={"accepted", "preprint"}),
    _row("AISTATS submission", "aistats20[0-9]{2}", shows={"accepted", "preprint"}),
    _row("CoRL submission", "corl_?20[0-9]{2}", shows={"final", "preprint"}),
    _row("", "uai20[0-9]{2}", shows={"accepted", "preprint"}, is_class=True),
    _row("", "rl[cj](?:20[0-9]{2})?", shows={"accepted", "preprint"}),
    _row("", "log_20[0-9]{2}", {"review"}),
    _row("Interspeech submission", "interspeech.*", shows={"cameraready", "preprint"}, is_class=True),
)


@struct
class AnonymousMode:
    """The mode that a paper's sources put it into."""

    use: Use
    """The command that does."""
    name: str
    """As in "acl, review"."""


def anonymous_mode(manuscript: Manuscript) -> AnonymousMode | None:
    """Returns the anonymous mode that the sources choose; None if they choose none."""
    main = manuscript.document_class
    loads = [(main, True)] if main is not None else []
    loads += [(use, False) for use in manuscript.packages if use.state is Reached.ACTIVE]
    for use, is_class in loads:
        for name in use.names:
            mode = next((mode for row in MODES if (mode := _mode(row, name, use, manuscript, is_class))), None)
            if mode is not None:
                return AnonymousMode(use=use, name=mode)
    return None


def _mode(row: Row, name: str, use: Use, manuscript: Manuscript, is_class: bool) -> str | None:
    if row.is_class != is_class or not row.name.fullmatch(name):
        return None
    chosen = switched_on(use)
    if row.hides & chosen:
        return f"{name}, {min(row.hides & chosen)}"
    by_default = bool(row.shows or row.commands)
    if by_default and not row.shows & chosen and not set(row.commands) & set(manuscript.commands):
        return f"{name}, submission"
    return None


def switched_on(use: Use) -> set[str]:
    """Options that are switched on."""
    return {option.replace(" ", "").removesuffix("=true") for option in use.option_list}
