"""`pithtex generate`: from a verified record, pith.sty and the two lines."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pithtex.cli.common import Exit, add_key_option, add_output_options, print_lines, report_failure

_EPILOG = """\
example:
  pithtex generate CNPMIFD4.json -o paper/
  then in the paper's preamble, before \\begin{document}:
    \\usepackage{pith}
    \\pithnumber{CNPMIFD42NONUMCBYNP4XLPY53}

exit codes: 0 written, 1 the record does not verify (nothing is written), 2 no such file or folder, or bad keys,
3 the record has no receipt or one by an unknown key (nothing is written)
"""


def add_parser(subparsers: Any) -> None:
    """Adds the subcommand."""
    parser = subparsers.add_parser(
        "generate",
        help="write pith.sty and the two lines for a paper",
        description="Verifies a record or bundle and writes pith.sty, self-contained, and pith-snippet.tex.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("record", metavar="RECORD", help="a record or a bundle; - is standard input")
    parser.add_argument(
        "-o", "--output", metavar="DIR", required=True, help="the folder to write into; made if it is not there"
    )
    add_key_option(parser)
    add_output_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> Exit:
    """Runs the subcommand."""
    from pithtex._files import read_document, write_files
    from pithtex.documents import verify
    from pithtex.errors import PithError
    from pithtex.generate import render_package, render_snippet
    from pithtex.resolve.keyfiles import load_keyring

    folder = Path(args.output)
    try:
        record = verify(read_document(args.record), load_keyring(args.key))
        contents = {"pith.sty": render_package(record), "pith-snippet.tex": render_snippet(record)}
        folder.mkdir(parents=True, exist_ok=True)
        files = {folder / name: content for name, content in contents.items()}
        write_files(files)
    except (PithError, OSError) as error:
        return report_failure(args, "generate", args.record, error)
    if args.json:
        from pithtex.report.jsondoc import json_document

        written = [str(path) for path in files]
        result = {"number": record.number.full, "title": record.title, "files": written, "findings": []}
        print_lines([json_document("generate", [result])])
    elif not args.quiet:
        from pithtex.report.style import printable

        print_lines(
            [
                f"{record.number.full}  {printable(record.title or '(the document does not state the title)')}",
                *(f"  wrote {printable(str(path))}" for path in files),
                "In the paper's preamble:",
                "  \\usepackage{pith}",
                f"  \\pithnumber{{{record.number.suffix}}}",
            ]
        )
    return Exit.GOOD
