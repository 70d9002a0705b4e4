"""Describes mirrors, hosts of bundles and records, in the order in which they are asked (docs/reference/mirrors.md).

A mirror is trusted with nothing but being there: whatever it sends is verified, and the key that a manifest carries is
not read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urljoin, urlsplit

from pithtex.catalogue import finding
from pithtex.errors import MalformedError, UnavailableError, UsageError
from pithtex.format.fields import Fields
from pithtex.format.identifiers import ArxivId
from pithtex.format.number import ShortForm
from pithtex.format.profile import ARXIV_LOOKUP, REGISTRY_HOSTS
from pithtex.format.record import load_object
from pithtex.limits import MAX_DOCUMENT_BYTES, MAX_MIRRORS
from pithtex.resolution.mirrors.addresses import AddressError, host_of, origin_of, without_user
from pithtex.structs import struct
from pithtex.system.files import read_bounded
from pithtex.system.key_files import config_folder
from pithtex.system.threads import at_once

if TYPE_CHECKING:
    from pithtex.resolution.mirrors.client import Client

MIRRORS_VARIABLE: Final = "PITHTEX_MIRRORS"
"""Mirrors in place of the registry, separated by spaces."""

MANIFEST_NAME: Final = "pith-mirrors.json"
MANIFEST_TYPE: Final = "pith_mirror_manifest"
INDEX_TYPE: Final = "pith_mirror_index"

_PLACES: Final = frozenset({"{suffix}", "{short}", "{arxiv_id}", "{arxiv}"})


@struct
class Mirror:
    """One mirror: where it has what. A pattern that a manifest does not state is None."""

    name: str
    base_url: str
    bundle_pattern: str
    well_known_pattern: str | None = None
    record_pattern: str | None = None
    """Our own addition to the format: `{suffix}`."""
    arxiv_pattern: str | None = None
    """Our own addition: `{arxiv_id}`, without version, or `{arxiv}`, as it was asked for."""
    short_pattern: str | None = None
    """Our own addition: `{short}`, the first 8 characters."""
    named: frozenset[str] = frozenset()
    """Origins that the user named: they may be at private addresses."""

    def record_urls(self, suffix: str) -> list[str]:
        """Returns the addresses where the record may be, the smallest document first."""
        patterns = (self.record_pattern, *self._bundle_patterns)
        return [pattern.replace("{suffix}", suffix) for pattern in patterns if pattern is not None]

    def bundle_urls(self, suffix: str) -> list[str]:
        """Returns the addresses where the bundle may be."""
        return [pattern.replace("{suffix}", suffix) for pattern in self._bundle_patterns]

    def lookup_url(self, asked: ArxivId | ShortForm) -> str | None:
        """Returns the address that lists the records of that name; None if there is none."""
        if isinstance(asked, ShortForm):
            return None if self.short_pattern is None else self.short_pattern.replace("{short}", asked.text[:8])
        if self.arxiv_pattern is None:
            return None
        spelled = asked.id if asked.version is None else f"{asked.id}v{asked.version}"
        return self.arxiv_pattern.replace("{arxiv_id}", quote(asked.id)).replace("{arxiv}", quote(spelled))

    @property
    def _bundle_patterns(self) -> list[str]:
        return [pattern for pattern in (self.bundle_pattern, self.well_known_pattern) if pattern is not None]


REGISTRY: Final = Mirror(
    name="Pith Resolver",
    base_url="https://pith.science",
    bundle_pattern="https://pith.science/pith/{suffix}/bundle.json",
    well_known_pattern="https://pith.science/.well-known/pith/{suffix}/bundle.json",
    record_pattern="https://pith.science/pith/{suffix}.json",
    arxiv_pattern=ARXIV_LOOKUP,
    # Whether the registry answers to short forms is not documented. What it sends is verified in any case.
    short_pattern="https://pith.science/pith/{short}.json",
)
"""The registry itself (docs/reference/mirrors.md, "Which are asked")."""


def parse_manifest(data: bytes, url: str, *, trusted: bool = False) -> tuple[Mirror, ...]:
    """Reads a manifest of mirrors (`pith_mirror_manifest` 1.0).

    Args:
        data: the document.
        url: where it is from: relative patterns are taken from there, and a mirror of the same host counts as named
            by the user, who named that host.
        trusted: the user's own file, in which every mirror is named by the user.

    Raises:
        MalformedError: not a manifest; `where` is the JSON path.
    """
    try:
        fields = Fields(load_object(data), "")
        if fields.text("manifest_type") != MANIFEST_TYPE or fields.text("manifest_version") != "1.0":
            raise MalformedError(f"not a {MANIFEST_TYPE} of version 1.0, the only one supported", where="manifest_type")
        entries = fields.optional_children("mirrors")
        if len(entries) > MAX_MIRRORS:
            raise MalformedError(f"{len(entries)} mirrors, and at most {MAX_MIRRORS} are read", where="mirrors")
        home = _origin(url)
        return tuple(_mirror(entry, url, home, trusted=trusted) for entry in entries)
    except MalformedError as error:
        raise MalformedError(error.message, where=error.where, hint=error.hint, rule="malformed-manifest") from error


def _mirror(fields: Fields, url: str, home: str | None, *, trusted: bool) -> Mirror:
    base_url = _address(fields, "base_url", url)
    origin = _origin(base_url)
    named = {origin} if origin is not None and (trusted or origin == home) else set()
    patterns = {
        name: _address(fields, name, url, place=place)
        for name, place in (
            ("well_known_pattern", "{suffix}"),
            ("record_pattern", "{suffix}"),
            ("arxiv_pattern", "{arxiv"),
            ("short_pattern", "{short}"),
        )
        if fields.optional_text(name) is not None
    }
    return Mirror(
        name=(fields.optional_text("name") or base_url)[:80],
        base_url=base_url,
        bundle_pattern=_address(fields, "bundle_pattern", url, place="{suffix}"),
        named=frozenset(named),
        **patterns,
    )


def _address(fields: Fields, name: str, url: str, place: str = "") -> str:
    text = fields.text(name)
    # A name in braces is put aside, since it is not a part of an address.
    address = urljoin(url, text) if url else text
    try:
        origin_of(address)
    except AddressError as error:
        raise MalformedError(f"{without_user(address)[:200]!r} {error}", where=fields.path(name)) from error
    if place not in address or set(re.findall(r"\{[^}]*\}", address)) - _PLACES:
        raise MalformedError(f"has to have {place or 'no'} place to fill in", where=fields.path(name))
    return address


def _origin(url: str) -> str | None:
    """Returns the origin of an address that a mirror can have, else None."""
    try:
        return origin_of(url)
    except AddressError:
        return None


def standard_mirror(base_url: str, name: str) -> Mirror:
    """Returns a mirror without manifest, with the paths that `pithtex mirror export` writes."""
    base = base_url.rstrip("/")
    origin = _origin(base)
    return Mirror(
        name=name,
        base_url=base,
        named=frozenset() if origin is None else frozenset({origin}),
        **{key: f"{base}/{place}" for key, place in TREE.items()},
    )


TREE: Final = {
    "bundle_pattern": "pith/{suffix}/bundle.json",
    "well_known_pattern": ".well-known/pith/{suffix}/bundle.json",
    "record_pattern": "pith/{suffix}.json",
    "arxiv_pattern": "arxiv/{arxiv_id}.json",
    "short_pattern": "short/{short}.json",
}
"""Where a mirror made here has its documents."""


def choose_mirrors(named: Sequence[str], client: Client) -> tuple[tuple[Mirror, UnavailableError | None], ...]:
    """Returns the mirrors to ask, in order, each with the reason if its manifest could not be fetched.

    The first of these that is given: `named` (as of `--mirror`), PITHTEX_MIRRORS, `mirrors.json` in the configuration
    folder; else the registry.

    Args:
        named: base addresses, addresses of manifests, or paths of manifests.
        client: fetches the manifests.

    Raises:
        UsageError: what is named is neither a possible address of a mirror nor a file, or a file that is not a
            manifest.
        OSError: a file cannot be read.
    """
    chosen = list(named) or os.environ.get(MIRRORS_VARIABLE, "").split()
    if not chosen:
        configured = config_folder() / "mirrors.json"
        if not configured.exists():
            return ((REGISTRY, None),)
        chosen = [str(configured)]
    mirrors: dict[Mirror, UnavailableError | None] = {}
    for found in at_once(lambda place: _mirrors_of(place, client), chosen):
        for mirror, why in found:
            mirrors.setdefault(mirror, why)
    return tuple(mirrors.items())


def _mirrors_of(place: str, client: Client) -> list[tuple[Mirror, UnavailableError | None]]:
    """Returns the mirrors that one place names, or one with the reason why its manifest is missing."""
    if "://" not in place:
        return [(mirror, None) for mirror in _mirrors_in(Path(place))]
    try:
        return [(mirror, None) for mirror in _mirrors_at(place, client)]
    except UnavailableError as error:
        return [(standard_mirror(place, place), error)]


def _mirrors_in(path: Path) -> tuple[Mirror, ...]:
    if not path.is_file():
        message = f"{without_user(str(path))!r} is neither an https address nor a file"
        raise UsageError(message, hint="give https://mirror.example/ or a manifest of mirrors", rule="no-input")
    try:
        return parse_manifest(read_bounded(str(path), MAX_DOCUMENT_BYTES), "", trusted=True)
    except MalformedError as error:
        message = f"{path}: {error.message}"
        raise UsageError(message, where=error.where, hint=error.hint, rule="malformed-manifest") from error


def _mirrors_at(place: str, client: Client) -> tuple[Mirror, ...]:
    try:
        origin = origin_of(place)
    except AddressError as error:
        hint = "mirrors must use https; http is allowed only on this machine (http://localhost:8000/)"
        raise UsageError(f"{without_user(place)[:200]!r} {error}", hint=hint, rule="not-https") from error
    if host_of(place) in REGISTRY_HOSTS:
        return (REGISTRY,)
    manifest = place if place.endswith(".json") else f"{place.rstrip('/')}/{MANIFEST_NAME}"
    reply = client.get(manifest, named=frozenset({origin}), mutable=True)
    if reply is None:
        if manifest == place:
            raise UsageError(f"{place}: there is no manifest", rule="no-input")
        return (standard_mirror(place, urlsplit(place).netloc),)
    try:
        return parse_manifest(reply.body, manifest)
    except MalformedError as error:
        client.forget(manifest)
        raise no_document(error, reply.body, urlsplit(place).netloc, manifest, manifest=True) from error


def no_document(
    error: MalformedError, body: bytes, sender: str, url: str, *, manifest: bool = False
) -> UnavailableError:
    """Returns the error for a reply of another kind: an outage, never a forgery."""
    text = body.strip()
    hint = None
    if text[:1] == b"<":
        rule, what = "reply-html", "sends a web page instead of JSON"
        hint = "it may be the sign-in page of your network, or the address may not be a mirror"
    elif not text or (text[:1] == b"{" and text[-1:] != b"}"):
        rule, what = "reply-truncated", "sends an incomplete document"
    elif manifest:
        rule, what = "malformed-manifest", f"does not send a manifest: {error}"
    else:
        rule, what = "reply-malformed", f"does not send such a document: {error}"
    return UnavailableError(finding(rule, f"{sender} {what}", where=url, hint=hint))
