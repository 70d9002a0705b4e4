"""The address of a badge: what it says, by its exact form alone."""

from __future__ import annotations

import pytest

from pithtex.format.badge_link import read_address
from pithtex.format.profile import LINK_PREFIX, REGISTRY_HOSTS

SUFFIX = "CNPMIFD42NONUMCBYNP4XLPY53"
URI = LINK_PREFIX + SUFFIX


@pytest.mark.parametrize(("uri", "receipt"), [(URI, None), (f"{URI}#r=p1.key.AAAA.BBBB", "p1.key.AAAA.BBBB")])
def test_a_badge_says_its_number_and_its_receipt(uri: str, receipt: str | None) -> None:
    assert read_address(uri, REGISTRY_HOSTS, "here") == (SUFFIX, receipt, ())


@pytest.mark.parametrize(
    ("uri", "number", "rule"),
    [
        (URI.replace("https", "http"), SUFFIX, "look-alike-host"),
        (URI.replace("pith.science", "pith.science.example"), SUFFIX, "look-alike-host"),
        (f"{URI}?a=1", SUFFIX, "channel-malformed"),
        (f"{URI}#top", SUFFIX, "channel-malformed"),
        (f"{LINK_PREFIX}{SUFFIX}/more", None, "channel-malformed"),
        (URI.replace("https", "HTTPS"), SUFFIX, "channel-malformed"),
        (URI.replace("/", "\\"), None, "channel-malformed"),
        ("https://[pith.science/pith/" + SUFFIX, None, "channel-malformed"),
        (f"{URI} ", None, "channel-malformed"),
    ],
)
def test_any_other_form_is_a_finding_with_its_place(uri: str, number: str | None, rule: str) -> None:
    address = read_address(uri, REGISTRY_HOSTS, "here")
    assert address.number == number
    assert [(item.name, item.where) for item in address.findings] == [(rule, "here")]


def test_a_long_address_is_cut_where_it_is_shown() -> None:
    (found,) = read_address(f"{URI} {'x' * 10_000}", REGISTRY_HOSTS, "here").findings
    assert len(found.message) < 1_000
