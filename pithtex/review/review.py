"""All rules on one submission: what is to be said, what was silenced, and the word that it comes down to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import islice

from pithtex.catalogue import CATALOGUE
from pithtex.errors import UsageError
from pithtex.findings import Finding, Located, Severity
from pithtex.limits import MAX_RULE_FINDINGS
from pithtex.manuscript.source.model import Manuscript
from pithtex.notebook import html_table, short_repr
from pithtex.review.facts import FactLine, facts_of
from pithtex.review.ignore_comments import Comments, names_rule, unused_ignore
from pithtex.review.rules import RULES
from pithtex.review.submission.model import Submission
from pithtex.structs import replace, struct
from pithtex.text import did_you_mean, shortened


class Readiness(StrEnum):
    """What the check comes down to."""

    READY = "ready"
    """A build of exactly these files was seen."""
    NOT_BUILT = "ready, not built"
    NOT_READY = "not ready"
    UNDECIDED = "undecided"


@struct(repr=False)
class Review:
    """What the rules say of one submission."""

    submission: Submission
    items: tuple[Located, ...]
    """By file and place, those of a file as a whole first."""
    silenced: tuple[Located, ...]
    """Findings that a comment or an option silences."""
    facts: tuple[FactLine, ...]
    built: bool
    """Whether a build of exactly these files was seen."""

    @property
    def word(self) -> Readiness:
        """Not ready where an error is, undecided where a proof is missing, and ready only of what was built."""
        if any(item.finding.severity is Severity.ERROR for item in self.items):
            return Readiness.NOT_READY
        if any(item.undecided for item in self.items):
            return Readiness.UNDECIDED
        return Readiness.READY if self.built else Readiness.NOT_BUILT

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns what was found, without its places."""
        return tuple(item.finding for item in self.items)

    def to_dict(self, *, diff: Sequence[str] = (), written: bool = False) -> dict[str, object]:
        """Returns the result of `pithtex presubmit --json`, but for a build.

        Args:
            diff: what was fixed, or would be.
            written: whether it was.
        """
        from pithtex.review.upload_files import upload_files

        submission = self.submission
        return {
            "file": submission.path(submission.manuscript.main.name),
            "word": self.word.value,
            "built": self.built,
            **_stated(submission.manuscript),
            "files": [submission.path(file.name) for file in submission.manuscript.files],
            "standing": submission.standing.to_dict(),
            "facts": {fact.name: {"status": fact.status.value, "message": fact.message} for fact in self.facts},
            "citations": [item.to_dict(submission.path(item.work.file.name)) for item in submission.citations],
            "findings": [finding_dict(item) for item in self.items],
            "silenced": [finding_dict(item) for item in self.silenced],
            "uploads": [
                {"name": file.name, "fate": file.fate.value, "why": file.why} for file in upload_files(submission)
            ],
            "diff": list(diff),
            "written": written,
        }

    def __hash__(self) -> int:
        return hash((self.items, self.silenced, self.built))

    def __repr__(self) -> str:
        main = self.submission.path(self.submission.manuscript.main.name)
        return short_repr(self, self.word.value, main, f"{len(self.items)} findings")

    def _repr_html_(self) -> str:
        rows = ((f"{item.file}:{item.line or ''} {item.finding.code}", item.finding.message) for item in self.items)
        return html_table(f"presubmit: {self.word.value}", rows)


def _stated(manuscript: Manuscript) -> dict[str, object]:
    """Returns what the sources say of the paper."""
    from pithtex.manuscript.source.plain_text import plain_text

    number, title, abstract = manuscript.number, manuscript.title, manuscript.abstract
    return {
        "number": None if number is None else number.argument.strip(),
        "title": None if title is None else plain_text(title.expanded).text,
        "authors": [plain_text(author.expanded).text for author in manuscript.authors],
        "abstract": None if abstract is None else plain_text(abstract.expanded).text,
    }


def review(
    submission: Submission,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    more: Iterable[Located] = (),
    built: bool = False,
) -> Review:
    """Runs the rules.

    Args:
        submission: what was gathered.
        select: codes, beginnings of codes, or names; all others are left out. None selects all.
        ignore: the same, to be left out.
        more: findings of other steps (a build), to be treated like those of the rules.
        built: whether these files were built just now.

    Raises:
        UsageError: `select` or `ignore` names no rule.
    """
    _check_names((*select, *ignore))
    found = [item for rule in RULES for item in islice(rule(submission), MAX_RULE_FINDINGS)]
    found += more
    comments = Comments(submission)
    said: list[Located] = []
    silenced: list[Located] = []
    for item in found:
        stated = item.finding
        chosen = not select or any(names_rule(name, stated.code, stated.name) for name in select)
        left_out = any(names_rule(name, stated.code, stated.name) for name in ignore)
        by_comment = comments.silence(item)
        (said if chosen and not left_out and not by_comment else silenced).append(item)
    if not select and not any(names_rule(name, "PITH681", "unused-ignore") for name in ignore):
        said += unused_ignore(submission, comments)  # with a selection, what was not looked for can't be missed
    order = {submission.path(file.name): index for index, file in enumerate(submission.manuscript.files)}
    return Review(
        submission=submission,
        items=tuple(sorted(said, key=lambda item: _order(order, item))),
        silenced=tuple(silenced),
        facts=facts_of(submission),
        built=built or submission.outcome.same_files,
    )


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if not any(names_rule(name, rule.code, rule.name) for rule in CATALOGUE.values()):
            rules = CATALOGUE.values()
            meant = did_you_mean(name, [word for rule in rules for word in (rule.name, rule.code)])
            hint = "give a code (PITH612), the beginning of codes (PITH61) or a name (package-stale)"
            raise UsageError(f"unknown finding {shortened(name)!r}{meant}", hint=hint)


def _order(order: Mapping[str, int], item: Located) -> tuple[int, str, int, int, str]:
    place = order.get(item.file, len(order))
    return place, item.file, item.line or 0, item.column or 0, item.finding.code


def finding_dict(item: Located) -> dict[str, object]:
    """Returns a finding as `--json` has it: with its place."""
    stated: Finding = replace(item.finding, where=item.finding.where or item.file)
    return {**stated.to_dict(), "file": item.file, "line": item.line, "column": item.column}
