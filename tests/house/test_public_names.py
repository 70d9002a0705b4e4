"""The public names of the package."""

from __future__ import annotations

import pytest

import pithtex


def test_the_public_names_are_all_there() -> None:
    assert all(getattr(pithtex, name) is not None for name in pithtex.__all__)
    with pytest.raises(AttributeError):
        pithtex.nonsense  # noqa: B018
