"""Remembers when mirrors were last asked for a paper, and which events were seen, beside the store's records.

    asked/2606/01751.json        the last time that mirrors were asked for a paper, and how many answered
    states/C/<suffix>.json       the newest state's digest, and the ids of all events ever seen of a record

The user's own notes, under no signature. They decide nothing: they tell how old an answer is, and that less is shown
now than was shown before. One that cannot be read does not count.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from pithtex.format.state import State
from pithtex.resolution.inquiry import Inquiry, Remembered
from pithtex.resolution.store.store import Store, read_entry, write_file
from pithtex.structs import struct

_EVENT: Final = re.compile(r"sha256:[0-9a-f]{64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@struct
class Seen:
    """The events of a record that were seen before."""

    state_sha256: str
    """Of the newest state that had all of them."""
    event_ids: frozenset[str]


def note_inquiry(store: Store, arxiv_id: str, inquiry: Inquiry) -> None:
    """Remembers that mirrors were asked for a paper, where one of them answered."""
    if inquiry.at is not None and inquiry.answered:
        at = inquiry.at.isoformat(timespec="seconds")
        _write(_asked(store, arxiv_id), {"at": at, "asked": len(inquiry.answers), "answered": inquiry.answered})


def last_inquiry(store: Store, arxiv_id: str) -> Remembered | None:
    """Returns when mirrors were last asked for a paper."""
    noted = _read(_asked(store, arxiv_id))
    at, asked, answered = _moment(noted.get("at")), noted.get("asked"), noted.get("answered")
    if at is None or type(asked) is not int or type(answered) is not int:
        return None
    return Remembered(at=at, asked=asked, answered=answered)


def note_state(store: Store, state: State) -> None:
    """Remembers the events of a state; its digest, where it has all that were seen before."""
    suffix = state.number.suffix
    ids = valid_ids(state)
    before = seen_events(store, suffix)
    if before is not None and ids <= before.event_ids:
        return
    known = frozenset() if before is None else before.event_ids
    digest = str(state.to_dict()["state_sha256"]) if before is None or known <= ids else before.state_sha256
    _write(_state(store, suffix), {"state_sha256": digest, "event_ids": sorted(ids | known)})


def seen_events(store: Store, suffix: str) -> Seen | None:
    """Returns the events of a record that were seen before."""
    noted = _read(_state(store, suffix))
    digest, ids = noted.get("state_sha256"), noted.get("event_ids")
    if not _matches(_DIGEST, [digest]) or not isinstance(ids, list) or not _matches(_EVENT, ids):
        return None
    return Seen(state_sha256=str(digest), event_ids=frozenset(map(str, ids)))


def valid_ids(state: State) -> frozenset[str]:
    """Returns the ids of a state's valid events."""
    return frozenset(str(item.event_id) for item in state.valid)


def _asked(store: Store, arxiv_id: str) -> Path:
    group, paper = re.split("[./]", arxiv_id)
    return store.folder / "asked" / group / f"{paper}.json"


def _state(store: Store, suffix: str) -> Path:
    return store.folder / "states" / suffix[0] / f"{suffix}.json"


def _write(path: Path, note: dict[str, object]) -> None:
    with contextlib.suppress(OSError):  # that the store cannot be written is said of the record itself
        write_file(path, json.dumps(note).encode() + b"\n")


def _read(path: Path) -> dict[str, object]:
    try:
        note = json.loads(read_entry(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return note if isinstance(note, dict) else {}


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.utcoffset() is not None else None


def _matches(form: re.Pattern[str], values: Iterable[object]) -> bool:
    return all(isinstance(value, str) and form.fullmatch(value) for value in values)
