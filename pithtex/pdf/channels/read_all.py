"""Reads every channel of one revision of a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pikepdf

from pithtex.catalogue import finding
from pithtex.findings import Finding
from pithtex.limits import MAX_ANNOTATIONS
from pithtex.pdf.channels.info import read_info
from pithtex.pdf.channels.links import read_links
from pithtex.pdf.channels.xmp import read_xmp
from pithtex.pdf.evidence import InfoEvidence, LinkEvidence, XmpEvidence
from pithtex.pdf.untrusted import READ_ERRORS


def read_channels(
    pdf: pikepdf.Pdf,
    data: bytes,
    pages: Sequence[pikepdf.Object],
    *,
    annotations: int = MAX_ANNOTATIONS,
    warnings: Iterable[str] = (),
) -> tuple[InfoEvidence, XmpEvidence, tuple[LinkEvidence, ...], list[Finding]]:
    """Reads each channel under a guard of its own, so that a damaged one takes no other with it."""
    findings: list[Finding] = []
    info = InfoEvidence(number=None, receipt=None, title=None)
    xmp = XmpEvidence()
    links: tuple[LinkEvidence, ...] = ()
    try:
        info, found = read_info(pdf, data, warnings)
        findings += found
    except READ_ERRORS as error:
        findings.append(damaged("info", error))
    try:
        xmp, found = read_xmp(pdf)
        findings += found
    except READ_ERRORS as error:
        findings.append(damaged("xmp", error))
    try:
        links, found = read_links(pdf, pages, annotations)
        findings += found
    except READ_ERRORS as error:
        findings.append(damaged("link", error))
    return info, xmp, links, findings


def damaged(channel: str, error: Exception) -> Finding:
    """What is reported of a channel that could not be read at all."""
    message = f"the channel could not be read ({type(error).__name__})"
    return finding("channel-damaged", message, where=channel)
