"""The character maps that readers have without a file's help (ISO 32000-1, 9.7.5.2)."""

from __future__ import annotations

from typing import Final

from pithtex.patterns import pattern

_MAPS: Final = pattern(
    r"/(?:(?:Identity|(?:GBpc|GB|GBKp?)-EUC|GBK2K|B5pc|HKscs-B5|ETen(?:ms)?-B5|CNS-EUC|(?:83pv|90msp?|90pv|Add|Ext)-RKSJ|EUC"
    r"|Uni(?:GB|CNS|JIS|KS)-(?:UCS2|UTF16)|UniJIS-UCS2-HW|KSC-EUC|KSCms-UHC(?:-HW)?|KSCpc-EUC)-)?[HV]"
)
"""Table 118."""


def is_predefined(name: str) -> bool:
    """Tells whether a composite font's encoding is the name of a map that every reader has."""
    return _MAPS.fullmatch(name) is not None
