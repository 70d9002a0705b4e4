"""The keys that a command trusts, loaded when a signature is to be verified: most PDFs carry none."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pithtex.format.keys import Keyring


class Trusted:
    """Gives the keyring. It may be sent to another process, with what was loaded so far."""

    def __init__(self, extra: Sequence[str]) -> None:
        """Loads at once what the user names: that it cannot be read is said before any work.

        Args:
            extra: the files of `--key`.

        Raises:
            OSError: one is not there, or cannot be read.
            UsageError: one holds no keys.
        """
        self._extra = tuple(extra)
        self._keyring: Keyring | None = None
        if extra or os.environ.get("PITHTEX_KEYS"):  # `key_files.KEYS_VARIABLE`: that module takes time to load
            self()

    def __call__(self) -> Keyring:
        """Returns the keyring.

        Raises:
            OSError: a file of the configuration folder cannot be read.
            UsageError: one holds no keys.
        """
        if self._keyring is None:
            from pithtex.system.key_files import load_keyring

            self._keyring = load_keyring(self._extra)
        return self._keyring
