"""Implements `pithtex explain`, which says what a finding means, why it matters and how to fix it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from pithtex.cli.shared.common import Exit, add_output_options, command, report_failure
from pithtex.cli.shared.machine import print_json
from pithtex.cli.shared.streams import print_lines
from pithtex.errors import PithError, UsageError

if TYPE_CHECKING:
    from pithtex.catalogue import Rule

_EPILOG = """\
example:
  pithtex explain PITH612              by its code
  pithtex explain package-stale        by its name
  pithtex explain PITH61               list all findings whose codes begin like this

exit codes: 0 explained, 2 there is no such finding
"""
_WIDTH = 100


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = command(
        subparsers,
        "explain",
        description="Prints the page of a finding: what it says, why it matters, an example, and how to fix it.",
        epilog=_EPILOG,
    )
    parser.add_argument("findings", nargs="+", metavar="CODE|NAME", help="as messages show it: PITH612, package-stale")
    add_output_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    try:
        asked = [(text, rules_of(text)) for text in args.findings]
    except PithError as error:
        return report_failure(args, "explain", "", error)
    if args.json:
        print_json(args, "explain", [_to_dict(rule) for _, rules in asked for rule in rules])
    elif not args.quiet:
        lines: list[str] = []
        for text, rules in asked:
            exact = (len(rules) == 1 and text.upper() == rules[0].code) or text.lower() == rules[0].name
            said = _page(rules[0]) if exact else [f"{rule.code}  {rule.name}  {rule.sentence}" for rule in rules]
            lines += [*([""] if lines else []), *said]
        print_lines(lines)
    return Exit.GOOD


def rules_of(text: str) -> list[Rule]:
    """Returns the rules with a code, a beginning of codes, or a name.

    Raises:
        UsageError: there is none.
    """
    from pithtex.catalogue import CATALOGUE
    from pithtex.text import did_you_mean, shortened

    rules = list(CATALOGUE.values())
    found = [rule for rule in rules if rule.name == text.lower()]
    if not found and len(text) > len("PITH"):
        found = [rule for rule in rules if rule.code.startswith(text.upper())]
    if not found:
        meant = did_you_mean(text, [word for rule in rules for word in (rule.name, rule.code)])
        hint = "give a code (PITH612), the beginning of codes (PITH61) or a name (package-stale)"
        raise UsageError(f"unknown finding {shortened(text)!r}{meant}", hint=hint)
    return found


def _page(rule: Rule) -> list[str]:
    """Wraps the page to the terminal's width, except for examples."""
    import textwrap

    from pithtex.findings import docs_url
    from pithtex.report.pages import page_of

    lines: list[str] = []
    for line in page_of(rule):
        lines += [line] if not line or line.startswith("  ") else textwrap.wrap(line, _WIDTH, break_long_words=False)
    return [*lines, "", docs_url(rule.name)]


def _to_dict(rule: Rule) -> dict[str, object]:
    from pithtex.findings import docs_url
    from pithtex.report.pages import page_of

    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "sentence": rule.sentence,
        "page": "\n".join(page_of(rule)),
        "url": docs_url(rule.name),
        "findings": [],
    }
