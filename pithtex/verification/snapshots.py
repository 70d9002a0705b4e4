"""The digests of snapshots, as far as what was hashed is publicly known."""

from __future__ import annotations

from typing import Final, Self

from pithtex.catalogue import finding
from pithtex.findings import Status
from pithtex.format.canonical import canonical_bytes, sha256_hex
from pithtex.format.fields import Json
from pithtex.structs import NamedTuple
from pithtex.verification.checks import Check, Diary, Redo, Values


class Payload(NamedTuple):
    """What was hashed for a snapshot, as `--explain` shows it, and its digest in hex."""

    inputs: Values
    digest: str

    @classmethod
    def of(cls, value: object) -> Self:
        """Returns what is hashed where a snapshot holds this value (docs/reference/format.md, "Snapshots")."""
        data = canonical_bytes({"payload": value})
        return cls((("canonical bytes", data.decode("utf-8")),), sha256_hex(data))


_EMPTY: Final = Payload.of([])
_EMPTY_INTEGRITY: Final = Payload.of({"detectors": [], "findings": []})
"""Most snapshots are empty, and hashed here once."""

_COUNTS: Final = ("count", "evidence_count", "items", "sample")


def snapshot_check(name: str, part: Json, where: str, diary: Diary) -> None:
    """Recomputes one snapshot digest where its preimage is publicly known (docs/reference/format.md, "Snapshots").

    Args:
        name: one of `SNAPSHOTS`; of all but `integrity` what was hashed is known only where they are empty.
        part: the object that holds `snapshot_sha256`.
        where: its JSON path.
        diary: where the check goes.
    """
    stated = part.get("snapshot_sha256")
    if not isinstance(stated, str):  # which the reader lets be null alone
        diary.add(Check(f"snapshot {name}", Status.NOT_CHECKED, "none stated", f"{where}.snapshot_sha256"))
        return
    payload = snapshot_payload(name, part)
    if payload is None:
        message = "not checkable: the registry has not published how its entries are hashed"
        problem = finding("snapshot-not-checkable", f"{name}: {message}", where=where)
        diary.add(Check(f"snapshot {name}", Status.NOT_CHECKED, message, where, finding=problem))
        return
    diary.equal(
        f"snapshot {name}",
        "SHA-256 of its canonical payload",
        payload.digest,
        stated,
        rule="snapshot-mismatch",
        where=f"{where}.snapshot_sha256",
        inputs=payload.inputs,
        redo=Redo.SNAPSHOT,
    )


def snapshot_payload(name: str, part: Json) -> Payload | None:
    """Returns what was hashed for one snapshot, recomputed; None if that is not publicly known."""
    if name == "integrity":
        detectors, findings = part.get("detectors_run"), part.get("findings")
        if detectors == findings == []:
            return _EMPTY_INTEGRITY
        return Payload.of({"detectors": detectors, "findings": findings})
    return None if any(map(part.get, _COUNTS)) else _EMPTY
