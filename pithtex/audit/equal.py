"""Files with equal bytes, which are judged once: one of them for all."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from pithtex.audit.ledger import Ledger
from pithtex.audit.lines import line
from pithtex.audit.names import is_remote
from pithtex.audit.unit import Unit
from pithtex.limits import MAX_PDF_BYTES
from pithtex.system.files import open_file

_CHUNK: Final = 1024 * 1024


def find_equal(ledger: Ledger) -> None:
    """Finds the equal ones among the files on this machine that are to be judged; only those of equal size are read."""
    for unit in ledger.equal_sizes():
        if is_remote(unit.name) or unit.size > MAX_PDF_BYTES:
            continue
        try:
            ledger.add_digest(unit, _digest(unit.name))
        except OSError:
            continue  # which its own verdict will say
    ledger.choose_leaders()


def follower_line(unit: Unit, fingerprint: bytes, judged: bytes) -> bytes:
    """The line of a file, from that of another one with equal bytes."""
    body = json.loads(judged)
    word = body.pop("verdict")
    if int(body.pop("key")[16:], 16) == 0:  # that one could not be read today
        unit = unit._replace(state="")
    del body["file"]
    return line(unit, fingerprint, word, body)


def _digest(name: str) -> bytes:
    found = hashlib.sha256()
    with open_file(name) as stream:
        while data := stream.read(_CHUNK):
            found.update(data)
    return found.digest()
