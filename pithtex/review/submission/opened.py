"""From a folder or main file to the submission that the rules see: which paper, its sources, what lies beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pithtex.errors import MalformedError
from pithtex.format.identifiers import parse_identifier
from pithtex.format.keys import Keyring
from pithtex.manuscript.build.arxiv_rules import README, read_readme
from pithtex.manuscript.edit.which_paper import the_paper
from pithtex.manuscript.source.read import read_from
from pithtex.review.config import Config
from pithtex.review.submission.folder import shown_folder
from pithtex.review.submission.gather import gather
from pithtex.review.submission.model import Options, RecordFile, Submission


def opened(
    paper: str,
    config: Config,
    keyring: Keyring,
    records: tuple[RecordFile, ...] = (),
    cited: tuple[RecordFile, ...] = (),
    *,
    expect: str | None = None,
    require: bool = False,
    engine: str | None = None,
    store: bool = True,
    left: Callable[[str], tuple[Path, Path]] | None = None,
) -> Submission:
    """Returns what there is of a paper.

    Args:
        paper: its folder or main file.
        config: the configuration that holds for it; the arguments below go before it.
        keyring: the keys to trust.
        records: what was given, as of `read_records`.
        cited: records of papers that the paper cites, as of `read_cited_records`.
        expect: the paper this must be: arXiv id, DOI or number.
        require: whether a paper without a number is an error.
        engine: the engine to build with, in place of the one that arXiv would run.
        store: whether to look into the store of records.
        left: of a build elsewhere, the log and the PDF of the main file of that name.

    Raises:
        UsageError: no main file, or several that could be it; `expect` names no paper.
        MalformedError: `00README.json` is not of arXiv's form, or has a file compiled that is not there.
        OSError: a file cannot be read.
    """
    expect = expect or config.expect
    if expect is not None:
        parse_identifier(expect)
    if config.main is not None and Path(paper).is_dir():
        paper = config.path(config.main)
    elif Path(paper).is_dir():
        _check_readme(Path(paper))
    chosen = the_paper(Path(paper), "presubmit")
    manuscript = read_from(chosen.source.path.parent, chosen.source.path.name)
    log, pdf = (None, None) if left is None else left(manuscript.main.name)
    return gather(
        manuscript,
        keyring,
        log=log,
        pdf=pdf,
        shown=shown_folder(paper),
        options=Options(require=require or config.require, expect=expect, engine=engine),
        records=records,
        cited=cited,
        store=store,
        chosen=chosen,
    )


def _check_readme(folder: Path) -> None:
    for name in read_readme(folder).toplevel:
        if not (folder / name).is_file():
            message = f"{README} names {name!r}, which is not in the paper's folder"
            raise MalformedError(message, hint="correct the name there, or add the file", rule="readme-malformed")
