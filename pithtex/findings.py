"""What is ever reported: one type, one catalogue of codes (docs/findings.md explains each)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Status(StrEnum):
    """The state of one fact. Failed, not looked at and not to be had are three values (DESIGN: Verdict)."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_CHECKED = "not-checked"
    UNAVAILABLE = "unavailable"


class Severity(StrEnum):
    """How much a finding matters; the three levels of SARIF 2.1.0 §3.27.10."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Rule(NamedTuple):
    """One entry of the catalogue: a stable code, a stable name, the usual severity, one sentence."""

    code: str
    name: str
    severity: Severity
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to report.

    `message` and `where` may quote untrusted text: every renderer escapes them for its medium.
    """

    code: str
    name: str
    severity: Severity
    message: str
    where: str = ""
    hint: str | None = None

    def to_dict(self) -> dict[str, str | None]:
        """The JSON form, one of the contracts of `--json`."""
        return {
            "code": self.code,
            "name": self.name,
            "severity": self.severity.value,
            "message": self.message,
            "where": self.where,
            "hint": self.hint,
        }


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

# 0xx documents, 1xx records and receipts, 2xx bundles and events, 3xx channels of a PDF, 4xx the PDF's verdict,
# 5xx mirrors, the store and papers' sources, 6xx the pre-submission check: 60x the number, 61x pith.sty, 62x the
# record, 63x class and venue, 64x the sources, 65x log and PDF, 68x the check itself; 7xx badges.
_RULES: Final = (
    ("PITH001", "malformed-document", _E, "The input is not a document of the expected form."),
    ("PITH002", "unknown-document", _E, "The input is JSON, but no kind of document that is known."),
    ("PITH003", "malformed-number", _E, "A text given as a Pith Number is not one."),
    ("PITH004", "no-input", _E, "An input is not there or cannot be read."),
    ("PITH005", "no-output", _E, "An output cannot be written."),
    ("PITH006", "wrong-usage", _E, "The command was not called as it can be."),
    (
        "PITH101",
        "record-shape",
        _E,
        "The canonical record does not have exactly the keys and types of version 1.0.",
    ),
    ("PITH102", "digest-mismatch", _E, "The canonical record does not hash to the digest stated."),
    ("PITH103", "number-mismatch", _E, "The number is not the base32 form of the digest."),
    ("PITH104", "year-mismatch", _E, "The number's year is not the year of submission."),
    ("PITH105", "short-form-mismatch", _E, "A short form is not the beginning of the number."),
    ("PITH106", "alias-mismatch", _E, "An alias names another paper than the signed record."),
    ("PITH107", "copy-mismatch", _E, "An unsigned copy of a signed value differs from it."),
    ("PITH108", "receipt-field", _E, "A field of the receipt has a value that version 1 does not allow."),
    ("PITH109", "signature-invalid", _E, "A trusted key is named, but its signature does not hold."),
    ("PITH110", "fingerprint-mismatch", _E, "The fingerprint stated is not that of the trusted key."),
    ("PITH111", "unknown-key", _W, "The signing key is not in the keyring, so nothing is proven."),
    ("PITH112", "no-receipt", _W, "The document carries no receipt, so nothing is proven."),
    ("PITH113", "title-mismatch", _E, "The title text does not hash to the signed title digest."),
    ("PITH114", "snapshot-mismatch", _E, "A snapshot does not hash to the digest stated for it."),
    ("PITH115", "snapshot-not-checkable", _N, "How a snapshot with entries is hashed is not publicly known."),
    (
        "PITH116",
        "embedded-key-mismatch",
        _E,
        "A key inside the document differs from the trusted key of that id.",
    ),
    (
        "PITH117",
        "no-title",
        _W,
        "The document does not carry the title text, so it cannot be shown or compared.",
    ),
    ("PITH120", "key-revoked", _E, "The signing key is revoked, and nothing proves the signature older than that."),
    ("PITH121", "timestamp-of-another-digest", _E, "The timestamp proof is not of this record's digest."),
    ("PITH122", "timestamp-header-mismatch", _E, "No attestation of the timestamp proof is of the block header given."),
    (
        "PITH123",
        "timestamp-not-anchored",
        _W,
        "The timestamp proof has no Bitcoin attestation that the block header given could be compared with.",
    ),
    ("PITH130", "unknown-field", _N, "The document has a field that no version known here has; it is kept."),
    ("PITH131", "fragile-json", _W, "A value that other JSON implementations write or read differently."),
    ("PITH132", "link-mismatch", _E, "An address in the document is that of another number or paper."),
    ("PITH133", "link-host", _W, "An address in the document leads elsewhere than to the registry."),
    ("PITH134", "status-unsupported", _W, "A word of the verification status is not borne out by the document."),
    ("PITH135", "attestation-unsupported", _W, "The attestation state is not borne out by a verified event."),
    ("PITH136", "count-mismatch", _W, "A count does not fit what it counts."),
    ("PITH137", "integrity-summary", _W, "The summary of an integrity report does not fit its findings."),
    ("PITH138", "claimed-copy-differs", _W, "Two copies of an unsigned text in one document differ."),
    ("PITH139", "time-order", _W, "Times in the document are malformed or in an impossible order."),
    ("PITH201", "event-id-mismatch", _E, "An event does not hash to its id."),
    ("PITH202", "event-invalid", _E, "An event's signature does not hold."),
    ("PITH203", "bundle-digest-mismatch", _E, "The bundle does not hash to the digest stated."),
    ("PITH204", "bundle-signature-invalid", _E, "The bundle's signature does not hold."),
    ("PITH205", "foreign-event", _E, "An event is about another number than the bundle."),
    ("PITH206", "event-malformed", _E, "An entry among a bundle's events does not have the form of an event."),
    ("PITH207", "signer-mismatch", _E, "An event's content names another key than its signature does."),
    ("PITH208", "different-subjects", _E, "Bundles of different records cannot be merged."),
    ("PITH209", "state-mismatch", _E, "The state in a bundle is not the one that its record and events give."),
    ("PITH210", "unsigned-bundle", _N, "A bundle without signature of its own: its record and events have theirs."),
    (
        "PITH211",
        "state-not-comparable",
        _N,
        "The state in a bundle rests on merge rules that are not publicly known.",
    ),
    ("PITH212", "equivocation", _W, "One key signed two different events in the same place of its chain."),
    ("PITH213", "unknown-event-type", _N, "A valid event is of a type whose meaning is not known here."),
    ("PITH214", "event-link", _N, "A valid event follows or supersedes one that is not here, or not valid."),
    ("PITH215", "supersedes-ignored", _W, "An event claims to supersede one that another key signed."),
    ("PITH301", "channel-conflict", _E, "Two channels of the PDF name different numbers or receipts."),
    ("PITH302", "channel-malformed", _E, "A channel of the PDF holds something that is not a Pith Number."),
    ("PITH303", "look-alike-host", _E, "The badge links to a host that is not the registry."),
    ("PITH304", "receipt-malformed", _E, "A compact receipt cannot be decoded."),
    ("PITH305", "receipt-of-another-record", _E, "A compact receipt is of another number than the one it stands with."),
    ("PITH306", "hidden-badge", _W, "The badge's link is hidden, of no size or off the page."),
    (
        "PITH307",
        "citation-link",
        _N,
        "A link to another Pith page: a citation, which does not speak for the paper.",
    ),
    ("PITH308", "channel-limit", _W, "A channel of the PDF was cut at a limit and not read to its end."),
    ("PITH309", "channel-damaged", _W, "A channel of the PDF could not be read."),
    (
        "PITH310",
        "channel-duplicate",
        _E,
        "One channel of the PDF gives the same key twice with different values.",
    ),
    ("PITH401", "unreadable-pdf", _W, "The PDF could not be opened."),
    ("PITH402", "no-metadata", _N, "The PDF holds no Pith metadata."),
    ("PITH403", "record-unavailable", _W, "No signed record of the number could be had."),
    (
        "PITH404",
        "record-of-another-number",
        _E,
        "The record given is of another number than the PDF carries.",
    ),
    ("PITH405", "title-not-shown", _W, "The PDF does not show the record's title where a title stands."),
    ("PITH406", "stamp-mismatch", _E, "The arXiv stamp names another paper than the record."),
    ("PITH407", "version-note", _N, "The PDF is another version than the one the record is of."),
    ("PITH408", "record-invalid", _E, "The record that the number leads to does not verify."),
    ("PITH409", "expected-mismatch", _E, "The PDF's record is not of the paper that was expected."),
    ("PITH410", "metadata-title-differs", _N, "The title in the PDF's metadata is not the record's title."),
    ("PITH420", "number-changed", _W, "An earlier revision of the PDF named another number than it names now."),
    ("PITH421", "number-removed", _N, "An earlier revision of the PDF named a number, and it names none now."),
    ("PITH422", "other-packet", _W, "An XMP packet that is not the document's names another number."),
    (
        "PITH440",
        "changing-document",
        _W,
        "What a reader sees may not be the PDF's pages: a script, a form or attached files can take their place.",
    ),
    ("PITH441", "badge-covered", _E, "Something lies over the badge: another link, or a picture over its text."),
    (
        "PITH443",
        "check-stopped",
        _W,
        "Checking the PDF took more time or memory than it may, or ended the process that did it.",
    ),
    ("PITH442", "page-count-differs", _W, "Readers disagree on how many pages the PDF has."),
    ("PITH501", "record-not-found", _W, "Neither the store nor any mirror asked has a record of that name."),
    ("PITH502", "ambiguous-short-form", _W, "A short form is the beginning of several numbers."),
    ("PITH503", "unknown-identifier", _E, "A text is no identifier of a record that is known."),
    ("PITH504", "mirror-unreachable", _W, "No connection to a mirror could be made, or it broke."),
    ("PITH505", "mirror-timeout", _W, "A mirror did not answer in full in the time given."),
    ("PITH506", "mirror-error", _W, "A mirror answered with an HTTP status that is no reply."),
    ("PITH507", "mirror-busy", _W, "A mirror asks for more patience than there is."),
    ("PITH508", "mirror-certificate", _W, "A mirror has no certificate that is valid for its name."),
    ("PITH509", "redirect-loop", _W, "A mirror redirects in a circle, or too often."),
    ("PITH510", "redirect-refused", _W, "A mirror redirects to an address that is not https, or is none."),
    ("PITH511", "private-address", _W, "An address is in a private network, and the user did not name that mirror."),
    ("PITH512", "reply-too-large", _W, "A reply is larger than what is read of one."),
    ("PITH513", "reply-inflated", _W, "A small compressed reply inflates to more than what is read of one."),
    ("PITH514", "reply-truncated", _W, "A reply ends before its document does."),
    ("PITH515", "reply-length", _W, "A reply does not have the length that it states."),
    ("PITH516", "reply-html", _W, "A reply is a page for people where a JSON document was asked for."),
    ("PITH517", "reply-malformed", _W, "A reply is not a document of the kind asked for."),
    ("PITH518", "reply-unverified", _E, "A document that a mirror sent contradicts itself or its signature."),
    ("PITH519", "reply-of-another", _E, "A mirror sent another record than the one asked for."),
    ("PITH520", "reply-not-modified", _W, "A mirror says that a document has not changed which nobody here has."),
    ("PITH521", "bundle-lacks-events", _N, "A mirror's bundle lacks events that another copy has."),
    ("PITH522", "malformed-manifest", _E, "A manifest of mirrors is not of the form that is known."),
    ("PITH523", "mirror-skipped", _N, "A mirror failed several times in this run and is not asked any more."),
    (
        "PITH524",
        "newest-not-asked",
        _N,
        "No mirror could be asked for newer records: the newest in the store is given.",
    ),
    ("PITH525", "offline", _W, "It would take the network, and offline was asked for."),
    ("PITH526", "not-https", _E, "An address of a mirror is not https."),
    ("PITH530", "store-damaged", _W, "An entry of the store does not verify; it is not used."),
    ("PITH531", "store-not-written", _W, "The store could not be written; the result is not affected."),
    ("PITH532", "store-unreadable", _W, "The store, or an entry of it, could not be read."),
    ("PITH533", "store-leftover", _N, "The store has something that is no entry, as an interrupted run leaves it."),
    ("PITH540", "no-main-file", _E, "No file with a documentclass and a document was found."),
    ("PITH541", "several-main-files", _E, "Several files could be the paper's main file."),
    ("PITH542", "no-place", _E, "The paper's source has no place where the lines can stand for sure."),
    ("PITH543", "paper-changed", _E, "The paper's source was changed by another program in the meantime."),
    ("PITH544", "foreign-package", _E, "The paper has a pith.sty that pithtex did not make."),
    ("PITH545", "paper-title-differs", _N, "The title in the paper's source is not the record's title."),
    ("PITH546", "not-confirmed", _E, "Nothing was written, since nobody agreed to it."),
    ("PITH601", "number-missing", _N, "The paper has no Pith Number; a first submission cannot have one."),
    ("PITH602", "number-malformed", _E, "What the paper gives as its number is not one, and LaTeX stops there."),
    ("PITH603", "several-numbers", _W, "The paper gives several numbers; the first is taken."),
    ("PITH604", "number-commented-out", _W, "The paper's only number stands in a comment."),
    ("PITH605", "number-conditional", _W, "The paper's only number stands where TeX may not come by."),
    ("PITH606", "package-not-loaded", _E, "The paper gives a number, and does not load pith.sty."),
    ("PITH607", "paper-not-expected", _E, "The record is not of the paper that was expected."),
    ("PITH611", "package-missing", _E, "The paper loads pith.sty, and the file is not beside it."),
    ("PITH612", "package-stale", _W, "The paper's pith.sty was made by another version of pithtex."),
    ("PITH613", "package-edited", _E, "The paper's pith.sty is not what pithtex writes for the record inside."),
    ("PITH614", "package-of-another-number", _E, "The record inside pith.sty is not that of the paper's number."),
    (
        "PITH615",
        "package-without-record",
        _N,
        "The paper's pith.sty carries no record: the PDF can't be verified offline.",
    ),
    ("PITH616", "package-not-uploaded", _W, "The upload will lack pith.sty: it is ignored, or lies elsewhere."),
    ("PITH621", "record-not-genuine", _E, "The record of the paper's number does not verify."),
    ("PITH622", "record-not-at-hand", _W, "No signed record of the paper's number is at hand, so nothing is proven."),
    ("PITH623", "record-beside-differs", _W, "A record beside the paper is of another number than the paper's."),
    ("PITH624", "newer-record", _N, "The registry has a record of a later version of the paper."),
    ("PITH625", "source-title-differs", _W, "The title in the paper's source is another than the record's."),
    ("PITH626", "source-title-unconfirmed", _W, "No spelling of the source's title gives the record's title digest."),
    ("PITH627", "abstract-unconfirmed", _N, "No spelling of the source's abstract gives the record's abstract digest."),
    ("PITH628", "arxiv-id-differs", _W, "The paper's source names another arXiv identifier than the record."),
    ("PITH629", "licence-differs", _W, "The paper states another licence than the record."),
    ("PITH631", "links-refused", _N, "Checkers of this venue refuse PDFs with links, which the badge has."),
    ("PITH632", "xmp-withheld", _N, "A package of the paper keeps the number out of the PDF's XMP packet."),
    ("PITH633", "anonymous-in-final", _W, "The badge is switched off for anonymity, and the paper is not anonymous."),
    ("PITH634", "number-in-anonymous", _E, "The paper is anonymous, and the badge is switched on all the same."),
    (
        "PITH635",
        "record-in-anonymous",
        _E,
        "The upload of an anonymous paper holds what names its authors: a number or a record.",
    ),
    ("PITH641", "input-missing", _W, "The paper reads in a file that is not in its folder."),
    ("PITH642", "input-outside", _E, "The paper reads in a file outside of its folder."),
    ("PITH643", "input-cycle", _E, "A file reads itself in."),
    ("PITH644", "source-limit", _W, "The sources are larger, more or deeper than what is read of a paper."),
    ("PITH645", "source-encoding", _W, "A source is not UTF-8, and no other encoding is declared."),
    ("PITH646", "source-unreadable", _E, "A source is no text that TeX reads, or cannot be read."),
    ("PITH647", "file-name", _W, "A file's name has characters that arXiv does not take."),
    ("PITH648", "title-incomplete", _N, "The title uses commands that are not known here, so it may be shown cut."),
    ("PITH651", "log-error", _E, "The last run of TeX had an error."),
    ("PITH652", "unresolved-reference", _W, "A reference is unresolved in the last run of TeX."),
    ("PITH653", "unresolved-citation", _W, "A citation is unresolved in the last run of TeX."),
    ("PITH654", "figure-missing", _E, "A figure was not found in the last run of TeX."),
    ("PITH655", "bibliography-missing", _W, "The bibliography was not there in the last run of TeX."),
    ("PITH656", "rerun-needed", _W, "The last run of TeX asks for another."),
    ("PITH657", "badge-warning", _W, "pith.sty had something to say in the last run of TeX."),
    ("PITH658", "pdf-older", _W, "The PDF is older than its sources."),
    ("PITH659", "pdf-invalid", _E, "The compiled PDF contradicts itself or the record."),
    ("PITH660", "pdf-not-valid", _W, "The compiled PDF is not valid, though nothing in it contradicts."),
    ("PITH661", "build-failed", _E, "The paper does not compile as arXiv compiles it."),
    ("PITH662", "build-stopped", _E, "Compiling the paper took more time than arXiv gives, or wrote without end."),
    ("PITH663", "build-unavailable", _N, "The paper was not compiled: a program for it is not here."),
    ("PITH664", "outside-file", _W, "Compiling read a file that is neither in the paper's folder nor of TeX."),
    ("PITH665", "not-uploadable", _W, "Something in the paper's folder is no file that an upload can hold."),
    ("PITH666", "folder-too-large", _W, "The paper's folder holds more than is copied for a build."),
    ("PITH667", "readme-malformed", _E, "The paper's 00README.json is not of arXiv's form."),
    ("PITH668", "engine-not-offered", _E, "The paper asks for an engine that arXiv does not offer."),
    ("PITH670", "name-refused", _E, "A file's name has characters that arXiv refuses."),
    ("PITH671", "upload-too-large", _W, "The upload is larger than what arXiv takes without asking."),
    ("PITH672", "upload-incomplete", _E, "The upload does not compile by itself."),
    ("PITH673", "upload-differs", _W, "The upload's PDF does not read as the one compiled from the paper's folder."),
    ("PITH674", "comments-matter", _E, "Without its comments the paper does not compile, or reads otherwise."),
    ("PITH675", "bibliography-left", _N, "The upload has .bib files in place of a .bbl that arXiv could not read."),
    ("PITH676", "bbl-format", _W, "A .bbl of biblatex is of a format that arXiv's TeX Live does not read."),
    ("PITH677", "no-cleaner", _E, "Comments cannot be taken out: arxiv-latex-cleaner is not here, or it failed."),
    ("PITH678", "no-archive-name", _E, "The upload cannot be written under the name given."),
    ("PITH679", "comments-kept", _W, "A file was packed with its comments, since taking them out would change it."),
    ("PITH680", "unfit-input", _E, "An input of the GitHub Action is not of its form."),
    ("PITH681", "unused-ignore", _N, "A comment silences a finding that there is none of."),
    ("PITH701", "missing-extra", _E, "What was asked for needs an extra of pithtex that is not installed."),
    ("PITH702", "too-long", _E, "The record has more text than what was asked for can hold."),
    ("PITH703", "no-code", _W, "The file has no QR code, link or receipt that can be read."),
    ("PITH704", "picture-unreadable", _W, "The picture cannot be read, or is larger than what is read of one."),
    ("PITH705", "other-code", _N, "A code or text that says nothing of a Pith Number."),
)

CATALOGUE: Final[dict[str, Rule]] = {
    name: Rule(code=code, name=name, severity=severity, sentence=sentence) for code, name, severity, sentence in _RULES
}


def finding(name: str, message: str, *, where: str = "", hint: str | None = None) -> Finding:
    """Makes a finding of the catalogue's rule `name`.

    Raises:
        KeyError: there is no such rule.
    """
    rule = CATALOGUE[name]
    return Finding(code=rule.code, name=name, severity=rule.severity, message=message, where=where, hint=hint)
