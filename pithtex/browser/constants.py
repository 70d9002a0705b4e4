"""What the scripts share with Python: the module `constants.js` that they import; its types: `constants.d.ts`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

import pithtex
from pithtex import limits
from pithtex.decoding import pasted
from pithtex.format.badge_link import NAME_LIKE
from pithtex.format.bundle import UNHASHED
from pithtex.format.compact_receipt import DICTIONARY
from pithtex.format.fields import KEY_ID
from pithtex.format.keys import Key
from pithtex.format.parts import OWN_ADDRESSES, SNAPSHOTS
from pithtex.format.profile import (
    ARXIV_LOOKUP,
    BADGE_NAME,
    HARMLESS_ENTRIES,
    INFO_NUMBER,
    INFO_RECEIPT,
    LINK_PREFIX,
    REGISTRY_HOSTS,
    XMP_NAMESPACE,
)
from pithtex.format.record import ARXIV_ID, METADATA_KEYS
from pithtex.format.state import LISTS, MERGE_VERSION
from pithtex.limits import MAX_ABSTRACT_BYTES, MAX_CARRIED_ABSTRACT_CHARS
from pithtex.render.package.pith_sty import CHUNK, MARKER, package_source
from pithtex.render.tex import MAX_COMMENT_CHARS
from pithtex.verification import statements
from pithtex.verification.record import RECEIPT_VERSIONS
from pithtex.verification.said import Says

MODULE = "constants.js"

_BOUNDS: Final = {
    "MAX_CODES": limits.MAX_CODES,
    "MAX_DOCUMENT": limits.MAX_DOCUMENT_BYTES,
    "MAX_DEPTH": limits.MAX_JSON_DEPTH,
    "MAX_DIGITS": limits.MAX_JSON_DIGITS,
    "MAX_RECEIPT": limits.MAX_RECEIPT_CHARS,
    "MAX_STREAM": limits.MAX_STREAM_BYTES,
    "MAX_XMP": limits.MAX_XMP_BYTES,
    "MAX_LINKS": limits.MAX_ANNOTATIONS,
    "MAX_VALUE": limits.MAX_VALUE_CHARS,
}


def constants(keys: Iterable[Key]) -> dict[str, object]:
    """The values, by name.

    Args:
        keys: the keys that are trusted; none ever comes from what is checked.
    """
    return {
        "DICTIONARY": DICTIONARY.decode("ascii"),
        "KEYS": {key.key_id: key.hex for key in keys},
        "KEY_ID": KEY_ID.pattern,
        "ARXIV_ID": ARXIV_ID.pattern,
        "LINK_PREFIX": LINK_PREFIX,
        "ARXIV_LOOKUP": ARXIV_LOOKUP,
        "REGISTRY_HOSTS": sorted(REGISTRY_HOSTS),
        "NAME_LIKE": NAME_LIKE,
        "METADATA_KEYS": sorted(METADATA_KEYS),
        "OWN_ADDRESSES": sorted(OWN_ADDRESSES),
        "UNHASHED": sorted(UNHASHED),
        "SNAPSHOTS": SNAPSHOTS,
        "RECEIPT_VERSIONS": sorted(RECEIPT_VERSIONS),
        "MERGE_VERSION": MERGE_VERSION,
        "STATE_LISTS": dict(LISTS),
        **_statements(),
        "XMP_NAMESPACE": XMP_NAMESPACE,
        "INFO_NUMBER": INFO_NUMBER[1:],
        "INFO_RECEIPT": INFO_RECEIPT[1:],
        "BADGE_ANNOTATION": BADGE_NAME,
        "HARMLESS": sorted(name[1:] for name in HARMLESS_ENTRIES),
        "PASTED": {
            "expressions": {name: getattr(pasted, name) for name in pasted.EXPRESSIONS},
            "references": dict(pasted.NAMED_REFERENCES),
            "reach": pasted.REACH,
        },
        **_BOUNDS,
        "PITH_STY": package_source(),
        "MARKER": MARKER,
        "CHUNK": CHUNK,
        "MAX_ABSTRACT": MAX_ABSTRACT_BYTES,
        "MAX_CARRIED": MAX_CARRIED_ABSTRACT_CHARS,
        "MAX_COMMENT": MAX_COMMENT_CHARS,
        "VERSION": pithtex.__version__,
    }


def _statements() -> dict[str, object]:
    """How what a paper's events say is read."""
    said = statements.SAID_BY_LISTS
    return {
        "CAN_SAY": [says.value for says in Says],
        "STATEMENT_TYPES": {kind: said[name].value for kind, name in LISTS.items() if name in said},
        "KIND_FIELDS": statements.KIND_FIELDS,
        "WORD_FIELDS": statements.WORD_FIELDS,
        "SUPERSEDED_BY": statements.SUPERSEDED_BY,
        "REPLACED": statements.REPLACED.pattern,
        "WITHDRAWN": statements.WITHDRAWN.pattern,
        "DENIED": statements.DENIED.pattern,
        "DENIED_CHARS": statements.DENIED_CHARS,
        "MAX_STATEMENT": statements.MAX_STATEMENT_CHARS,
    }


def declared(values: Mapping[str, object], names: Iterable[str]) -> str:
    """Some of the constants as declarations.

    Raises:
        KeyError: one that there is not.
    """
    # "<" ends no script element, and the two line separators end no string in older engines.
    texts = {name: json.dumps(values[name], ensure_ascii=True).replace("<", "\\u003c") for name in names}
    return "".join(f"const {name} = {texts[name]};\n" for name in values if name in texts)
