"""PITH841 to PITH848: what the upload gives away, to everyone and to reviewers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pithtex.manuscript.source.credentials import secrets
from pithtex.manuscript.source.files import TexFile
from pithtex.manuscript.source.giveaway import comment_texts, remarks
from pithtex.manuscript.source.people import is_name, name_words, people
from pithtex.review.submission.model import Findings, Submission

_THANKS: Final = (
    r"(?i)\\(?:part|chapter|section|subsection|subsubsection|paragraph|heading)\*?\s*(?:\[[^\]]*\]\s*)?"
    r"\{\s*(?:Acknowled?ge?ments?|Funding|Acknowled?gements? and [^{}]*|Author contributions?)\.?\s*\}"
    r"|\\acknowled?ge?ments?(?![A-Za-z@])|\\begin\{acknowled?ge?ments?\}"
    r"|\\(?:textbf|textit|emph|textsc)\s*\{\s*(?:Acknowled?ge?ments?|Funding)\s*[.:]?\s*\}|\{\\(?:bf|it)\s+Acknowled?ge?ments?"
    r"|\b(?:This|The|Our)\s+(?:work|research|project|study)\s+(?:(?:is|was|has\s+been)\s+)?(?:\w+\s+)?(?:supported|funded|"
    r"financed|sponsored)\s+(?:\w+\s+){0,3}by\b|\\thanks\s*\{[^{}]{0,200}(?:supported|funded|grants?\b)"
)
_REPOSITORY: Final = (
    r"(?:github|gitlab|bitbucket|codeberg|huggingface)\.(?:com|org|co)/(?:datasets/|spaces/)?([A-Za-z0-9_.-]{2,60})"
    r"|https?://([A-Za-z0-9-]{2,60})\.(?:github|gitlab)\.io|/~([A-Za-z0-9_.-]{2,40})"
    r"|sites\.google\.com/(?:view|site)/([A-Za-z0-9_.-]{2,60})|\b([A-Za-z0-9_.+-]{2,60})@[\w-]{1,60}\.[\w.-]{2,60}"
)
_ORCID: Final = r"orcid\.org/[0-9X-]{19}|\\orcidlink\s*\{[0-9X-]{19}\}"
_OF_AUTHORS: Final = (
    r"(?i)\\(?:e?mail|ead|orcid|icml[a-z]+|affil[a-z]*|address|institut[a-z]*|author[a-z]*|correspond[a-z]*)\b"
    r"[^}]{0,200}\Z"
)
"""What stands before a part of the authors' box, which anonymous modes hide."""
_OURS: Final = (
    r"(?i)\b(?:our|my)\s+(?:own\s+)?(?:code|implementation|repository|data|dataset|models?|software|project|sources?)\b"
)
_OWN_WORK: Final = (
    r"(?i)\b(?:our|my)\s+(?:own\s+)?(?:previous|prior|earlier|recent|past|preceding)\s+"
    r"(?:works?|papers?|stud(?:y|ies)|results?|articles?|publications?|approach|method|system)\b"
    r"|\bwe\s+(?:have\s+)?(?:previously|earlier)\s+(?:shown?|showed|proposed?|introduced?|presented?|published)\b"
    r"|\bin\s+(?:our|my)\s+(?:previous|prior|earlier)\b"
    r"|\bas\s+we\s+(?:showed|have\s+shown|proposed|argued|described|demonstrated)\s+in\b"
)
_AUTHOR_KEY: Final = r"(?:pdfauthor|pdfcreator\s*author)\s*=\s*\{?([^{},]{0,200})|/Author\s*\(([^()]{1,200})\)"
_MANY_COMMENTS: Final = 10
_SHORTEST: Final = 4
"""Letters of a name that says something in the name of an account."""
_NOBODY: Final = re.compile(r"anonym|withheld|blind|redacted|\\|^\W*\Z", re.I)


def secret_in_source(submission: Submission) -> Findings:
    """PITH841.

    What it does:
        Reports what has the form of a key, a token, a password, or a link that lets anyone edit or read: in text and in
        comments alike, in the sources, the bibliography, the listings, and in `anc/`.

    Why it matters:
        arXiv publishes the sources; machines look through them on the first day.

    How to fix it:
        Take it out, and have it revoked: it was in a file that others have.
    """
    manuscript = submission.manuscript
    for secret in secrets((*manuscript.files, *manuscript.names.styles.values(), *submission.other_texts)):
        if secret.readable and secret.file in manuscript.files and manuscript.is_printed(secret.file, secret.start):
            continue  # the paper shows it to its readers
        message = f"this looks like {secret.what} ({secret.shown}...), and arXiv publishes the sources"
        hint = "remove it, and revoke it where it was issued"
        yield submission.at_offset(secret.file, secret.start, "secret-in-source", message, hint)


def comments_published(submission: Submission) -> Findings:
    r"""PITH842.

    What it does:
        Reports comments that say something (three words on end that are not TeX), where they have an e-mail address or
        TODO in them, or where they are ten or more; and text that is never printed: after `\iffalse`, in `comment`
        environments, behind `\end{document}`.

    Why it matters:
        arXiv publishes the sources with them, for everyone to read.

    How to fix it:
        `--pack --strip-comments` leaves them out, and proves that the pages stay as they are.
    """
    said = remarks(submission.manuscript)
    if said is None:
        return
    few = said.comments < _MANY_COMMENTS and not said.mails and not said.unfinished
    if few and not said.unprinted:
        return
    parts = [_lines(said.comments, "of comments")] if said.comments else []
    parts += [_lines(said.unprinted, "of text that is never printed")] if said.unprinted else []
    told = " and ".join(parts) + (f" in {said.files} files" if said.files > 1 else "")
    more = [f"{said.mails} with an e-mail address"] if said.mails else []
    more += [f"{said.unfinished} with TODO or the like"] if said.unfinished else []
    message = told + (f" ({', '.join(more)})" if more else "") + " would be published with the sources"
    hint = "--pack FILE --strip-comments removes them"
    yield submission.at_offset(said.file, said.start, "comments-published", message, hint)


def _lines(count: int, what: str) -> str:
    return f"{count} line{'s' if count != 1 else ''} {what}"


def figure_metadata(submission: Submission) -> Findings:
    """PITH843.

    What it does:
        Reports figures whose metadata name a person, a folder of somebody's machine, or a place on Earth.

    Why it matters:
        They are published as they are.

    How to fix it:
        Export the figure without metadata, or take them out: `exiftool -all= FILE`.
    """
    told = [(figure, figure.metadata) for figure in submission.map.figures.values() if figure.metadata]
    if not told or submission.anonymity is not None:
        return  # PITH847 is said of an anonymous paper
    figure, what = told[0]
    more = f" (and {len(told) - 1} more figures)" if len(told) > 1 else ""
    yield submission.of(
        figure.name,
        "figure-metadata",
        f"the figure's metadata reveal {', '.join(what)}{more}",
        "exiftool -all= FILE",
    )


def thanks_in_anonymous(submission: Submission) -> Findings:
    r"""PITH844.

    What it does:
        Reports acknowledgements and funding, with a heading or in a sentence ("This work was supported by"), in a paper
        that is in its anonymous mode. The environments `ack` and `acks` are passed over: the styles that have them hide
        them.

    Why it matters:
        Reviewers can tell from them who wrote the paper.

    How to fix it:
        Leave them out until the paper is accepted.
    """
    for file, start, _ in _printed(submission, _THANKS):
        message = "the paper is anonymous but has acknowledgements"
        yield submission.at_offset(
            file, start, "thanks-in-anonymous", message, "leave them out until the paper is accepted"
        )
        return


def link_in_anonymous(submission: Submission) -> Findings:
    """PITH845.

    What it does:
        Reports a link to a repository or a page, or a mail address, in an anonymous paper whose owner has an author's
        name, or which the paper calls its own; and ORCID iDs.

    Why it matters:
        It leads to the authors.

    How to fix it:
        Anonymise the repository for the review, or leave the link out.
    """
    names = _author_names(submission)
    for file, start, found in _printed(submission, _ORCID):
        message = f"the paper is anonymous, but {found[0]} names a person"
        yield submission.at_offset(
            file, start, "link-in-anonymous", message, "leave it out until the paper is accepted"
        )
    for file, start, found in _printed(submission, _REPOSITORY):
        owner = re.sub(r"[^a-z]", "", next(group for group in found.groups() if group).lower())
        theirs = "anonym" not in owner and any(name in owner for name in names)
        sentence = file.text[max(0, start - 200) : start].rpartition(". ")[2]
        if theirs or ("anonym" not in found[0].lower() and re.search(_OURS, sentence)):
            message = f"the paper is anonymous, but {found[0]} leads to its authors"
            yield submission.at_offset(file, start, "link-in-anonymous", message, "anonymise the link for the review")


def own_work_in_anonymous(submission: Submission) -> Findings:
    """PITH846.

    What it does:
        Reports "our previous work" and the like in an anonymous paper, where a citation follows.

    Why it matters:
        The citation names the authors.

    How to fix it:
        Write of it as of anybody's work.
    """
    for file, start, found in _printed(submission, _OWN_WORK):
        if "\\cite" in file.text[found.end() : found.end() + 160] or "cite" in file.text[max(0, start - 60) : start]:
            message = f"the paper is anonymous, but {' '.join(found[0].split())!r} with a citation names its authors"
            yield submission.at_offset(
                file, start, "own-work-in-anonymous", message, "cite it as you would cite anybody's work"
            )


def metadata_in_anonymous(submission: Submission) -> Findings:
    r"""PITH847.

    What it does:
        Reports an author's name in the metadata of an anonymous paper: `pdfauthor`, `/Author` of `\pdfinfo`, the PDF
        itself, and its figures.

    Why it matters:
        Readers of PDF show it.

    How to fix it:
        Leave it out until the paper is accepted; export the figures without metadata.
    """
    if submission.anonymity is None:
        return
    for file in submission.manuscript.files:
        for found in re.finditer(_AUTHOR_KEY, file.text) if "uthor" in file.text else ():
            name = (found[1] or found[2] or "").strip()
            if not _NOBODY.search(name) and not _in_comment(file, found.start()):
                message = f"the paper is anonymous, but its PDF metadata name {name!r}"
                yield submission.at_offset(
                    file, found.start(), "metadata-in-anonymous", message, "leave this field empty"
                )
    for figure in submission.map.figures.values():
        if figure.metadata:
            message = f"the paper is anonymous, but the figure's metadata reveal {', '.join(figure.metadata)}"
            yield submission.of(figure.name, "metadata-in-anonymous", message, "export it without metadata")


def author_in_comment(submission: Submission) -> Findings:
    """PITH848.

    What it does:
        Reports a comment in an anonymous paper that has an author's whole name or an e-mail address.

    Why it matters:
        Venues that take the sources show them to reviewers.

    How to fix it:
        Delete it, or pack with `--strip-comments`.
    """
    if submission.anonymity is None:
        return
    authors = people(submission.manuscript)
    for file in submission.manuscript.files:
        for start, text in comment_texts(file):
            words = set(name_words(text))
            if "@" in text and re.search(r"[\w.+-]+@[\w-]+\.[\w.]+", text):
                what = "an e-mail address"
            elif any(words.issuperset((names[0], names[-1])) for names in authors):
                what = "an author's name"
            else:
                continue
            message = f"the paper is anonymous, but this comment contains {what}"
            yield submission.at_offset(
                file, start, "author-in-comment", message, "delete it, or pack with --strip-comments"
            )
            return


def _printed(submission: Submission, pattern: str) -> Iterator[tuple[TexFile, int, re.Match[str]]]:
    """Yields where a pattern is found in the printed text of an anonymous paper."""
    if submission.anonymity is None:
        return
    for file in submission.manuscript.files:
        for found in re.finditer(pattern, file.text):
            start = found.start()
            if submission.manuscript.is_printed(file, start) and not _is_of_authors(submission, file, start):
                yield file, start, found


def _is_of_authors(submission: Submission, file: TexFile, start: int) -> bool:
    """Tells whether a place is in what names the authors, which the anonymous mode hides."""
    uses = (author.use for author in submission.manuscript.authors)
    if any(use.file is file and use.start <= start < use.end for use in uses):
        return True
    return re.search(_OF_AUTHORS, file.text[max(0, start - 200) : start]) is not None


def _in_comment(file: TexFile, offset: int) -> bool:
    line = file.text.rfind("\n", 0, offset) + 1
    return re.search(r"(?<!\\)%", file.text[line:offset]) is not None


def _author_names(submission: Submission) -> set[str]:
    """Returns how an account may be called by an author's name: the last name, or both, in letters alone."""
    names = set()
    for words in people(submission.manuscript):
        first, last = words[0], words[-1]
        names |= {first + last, last + first, first[0] + last} | ({last} if is_name(last) else set())
    return {name for name in names if len(name) > _SHORTEST}


RULES: Final = (
    secret_in_source,
    comments_published,
    figure_metadata,
    thanks_in_anonymous,
    link_in_anonymous,
    own_work_in_anonymous,
    metadata_in_anonymous,
    author_in_comment,
)
