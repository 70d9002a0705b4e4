"""Implements `pithtex verify --merge`, which merges several bundles of one record and says what each lacked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pithtex.cli.shared.standing import now
from pithtex.cli.shared.streams import print_bytes
from pithtex.errors import UsageError
from pithtex.findings import Finding
from pithtex.format.bundle import Bundle
from pithtex.format.keys import Keyring
from pithtex.format.state import State
from pithtex.report.standing import painted, standing_lines
from pithtex.report.terminal import Style, finding_lines
from pithtex.structs import struct
from pithtex.system.files import write_files
from pithtex.text import printable
from pithtex.verification.document import Document
from pithtex.verification.merge import merge, merged_bundle, missing
from pithtex.verification.standing import Standing, from_state


@struct
class Merged:
    """The outcome of a merge."""

    state: State
    lacked: tuple[tuple[str, tuple[str, ...]], ...]
    """For each file the ids of the valid events that it has no valid copy of."""
    standing: Standing
    """What all of them together say of the paper."""
    output: str | None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Returns what is said against the paper and what the merge noticed."""
        return (*self.standing.findings, *self.state.findings)

    def to_dict(self) -> dict[str, object]:
        """Returns the JSON form: one more result after those of the files."""
        document = self.state.to_dict()
        return {
            "file": self.output,
            "kind": "merge",
            "status": "holds",
            "number": self.state.number.full,
            "standing": self.standing.to_dict(),
            "checks": [],
            "findings": [item.to_dict() for item in self.findings],
            "state_sha256": document["state_sha256"],
            "event_count": document["event_count"],
            "valid_event_count": document["valid_event_count"],
            "invalid_event_count": document["invalid_event_count"],
            "equivocation_count": document["equivocation_count"],
            "lacked": {file: list(ids) for file, ids in self.lacked},
        }

    def lines(self, style: Style) -> list[str]:
        """Returns the lines for people."""
        document = self.to_dict()
        lines = [
            f"{style.paint('merged', 'green')}  {self.state.number.full}: {painted(self.standing, style)}",
            *standing_lines(self.standing, style),
            f"  events: {document['valid_event_count']} valid, {document['invalid_event_count']} invalid, "
            f"{document['equivocation_count']} equivocations",
            f"  state_sha256 {document['state_sha256']}",
        ]
        for file, ids in self.lacked:
            what = "nothing" if not ids else f"{len(ids)} events" if len(ids) > 1 else "1 event"
            lines.append(f"  {printable(file)} lacked {what}")
            lines += [f"    {printable(event_id)}" for event_id in ids]
        if self.output is not None and self.output != "-":
            lines.append(f"  wrote {printable(self.output)}")
        for item in (*self.standing.odd_times, *self.state.findings):
            lines += finding_lines(item, style, "  ")
        return lines


def merge_files(files: Sequence[tuple[str, Document]], keyring: Keyring, output: str | None) -> Merged:
    """Merges the bundles of these files and, where `output` is given, writes the merged bundle; `-` is stdout.

    Raises:
        UsageError: a file is not a bundle.
        VerificationError: the bundles are of different records.
        OutputError: the output cannot be written.
    """
    bundles: list[Bundle] = []
    for file, document in files:
        if not isinstance(document.parsed, Bundle):
            raise UsageError(f"{file} is not a bundle", hint="--merge takes bundles of a single record", where=file)
        bundles.append(document.parsed)
    state = merge(bundles, keyring)
    lacked = tuple(zip((file for file, _ in files), missing(bundles, keyring), strict=True))
    if output is not None:
        text = json.dumps(merged_bundle(bundles, keyring), ensure_ascii=False, separators=(",", ":")) + "\n"
        data = text.encode("utf-8")
        if output == "-":
            print_bytes(data)
        else:
            write_files({Path(output): data})
    standing = from_state(state, sources=len(bundles), now=now())
    return Merged(state=state, lacked=lacked, standing=standing, output=output)
